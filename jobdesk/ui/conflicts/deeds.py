"""What somebody may do about a question, as buttons. Pure: no Qt."""

from __future__ import annotations

from dataclasses import dataclass

from jobdesk.cases import schema
from jobdesk.cases.differing import Difference, Sort, Why
from jobdesk.cases.schema import FieldType
from jobdesk.cases.state import Head
from jobdesk.ui.conflicts.saying import Saying, t

_NO_THIRD = frozenset({FieldType.REF, FieldType.JSON, FieldType.SET})


@dataclass(frozen=True, slots=True)
class Deed:
    """A button: ``keep``, ``take`` (with the operation), ``report``, ``third``, ``call_back``."""

    what: str
    words: str
    op_id: str = ""


def is_whole_file(one: Difference) -> bool:
    """Whether it is about the file itself, not one of its records."""
    return one.record[0] in schema.CHILDREN


def deeds_of(one: Difference, saying: Saying, *, above: bool) -> tuple[Deed, ...]:
    """What may be done about it here; ``above``: at a desk it was handed to."""
    if one.escalation is not None and not above:
        return (Deed("call_back", t("call_back")),)
    if one.sort is Sort.REMOVAL:
        deeds = [Deed("keep", t("keep_record"))]
        if not is_whole_file(one):
            deeds.append(Deed("take", t("take_removal"), one.versions[0].op_id))
    else:
        takes = [Deed("take", _taking(one, v, saying), v.op_id) for v in one.others if _can_be(one, v)]
        if one.why is Why.BLANK:  # nobody filled in a blank: it is not the answer that suggests itself
            deeds = [*takes, Deed("keep", t("keep_blank"))]
        else:
            deeds = [Deed("keep", t("keep")), *takes]
    return (*deeds, *typed_deeds(one, above=above))


def typed_deeds(one: Difference, *, above: bool) -> tuple[Deed, ...]:
    """Those that ask for words."""
    deeds = [] if above else [Deed("report", t("report"))]
    declared = schema.field(*_named(one))
    if one.sort is Sort.FIELD and declared is not None and declared.type not in _NO_THIRD:
        deeds.append(Deed("third", t("third")))
    return tuple(deeds)


def _named(one: Difference) -> tuple[str, str]:
    return one.record[0], one.field


def _can_be(one: Difference, version: Head) -> bool:
    """A move that was refused cannot be taken from where the status stands now."""
    moves = schema.MOVES.get(_named(one))
    if moves is None or version.value == one.shown:
        return True
    shown = one.shown if isinstance(one.shown, str) else None
    return version.value in moves.get(shown, ())


def _taking(one: Difference, version: Head, saying: Saying) -> str:
    same = [v for v in one.versions if v.actor == version.actor]
    if len(same) > 1:
        return t("take_of", who=t("take_place", who=saying.who(version.actor, version.stamp.replica),
                                  place=saying.place(version.stamp.replica, short=True)))  # fmt: skip
    if version.actor == saying.me:
        return t("take_yours")
    two = one.shown_by is not None and len(one.versions) == 2
    if two and one.shown_by is not None and one.shown_by.actor == saying.me:
        return t("take_theirs")
    return t("take_of", who=saying.name(version.actor, version.stamp.replica))
