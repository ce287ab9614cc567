"""The same question of several people, as one line and one page. Pure: no Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from jobdesk.cases import schema
from jobdesk.cases.differing import Alike, Difference, told_apart
from jobdesk.cases.ops import Json, Subject
from jobdesk.services.conflict_board import Line, Same
from jobdesk.services.settling_many import Answer, Keep, Take
from jobdesk.ui.case_words import label, record_name
from jobdesk.ui.conflicts.deeds import Deed
from jobdesk.ui.conflicts.saying import Saying, Sentence, sentence, t
from jobdesk.ui.conflicts.state import names_apart


@dataclass(frozen=True, slots=True)
class SamePerson:
    """One of a group. ``both``: both values; ``becomes``: of each answer, what it does to this one."""

    subject: str
    name: str
    both: str
    becomes: tuple[tuple[str, str], ...] = ()

    def said(self, answer: str) -> str:
        """What stands beside the name while this answer is chosen."""
        return dict(self.becomes).get(answer, self.both)


@dataclass(frozen=True, slots=True)
class SameCard:
    """A group that can take one answer, as a line and as a page.

    Attributes:
        head, line: the line: how many and what; the values.
        answers: ``keep`` and ``take``, or values (``value_of``): what is shown may be the one here and the
            other there.
        suggested: the answer to begin with; none where every answer changes something.
    """

    key: str
    head: str
    line: str
    sentence: Sentence
    answers: tuple[Deed, ...]
    suggested: str
    people: tuple[SamePerson, ...]


def value_of(value: Json) -> str:
    """The answer that takes this value for all."""
    return f"value {told_apart(value)}"


def answer_for(one: Difference, answer: str) -> Answer:
    """What the answer of a group is to one question of it."""
    keeps = answer in ("keep", value_of(one.shown))
    return Keep() if keeps else Take(one.others[0].op_id)


def same_of(group: Same, saying: Saying) -> SameCard:
    """The group in words."""
    name = label(group.record, group.field)
    if group.record not in schema.CHILDREN:
        name = f"{record_name(group.record)} · {name}"
    count = str(len({ln.subject for ln, _ in group.parts}))
    head = t("same_line", count=count, field=name)
    whose = _by_person(group)
    names = names_apart([(ln.subject, ln.who) for ln, _ in whose], saying.today)
    people = tuple(
        SamePerson(ln.subject.id, named, _said([_both(d, saying) for d in own]))
        for (ln, own), named in zip(whose, names, strict=True)
    )  # fmt: skip
    if group.how is Alike.LONGER:
        said = sentence("same_longer", count=count, field=name)
        answers = (Deed("take", t("same_take_longer")), Deed("keep", t("same_keep_all")))
        return SameCard(group.key, head, t("same_line_longer"), said, answers, "take", people)
    return _of_one_pair(group, saying, name, count, head, people)


def _of_one_pair(
    group: Same, saying: Saying, name: str, count: str, head: str, people: tuple[SamePerson, ...]
) -> SameCard:
    """The value that is shown for most comes first; where it is shown for all, to keep it suggests itself."""
    asked = [d for _, d in group.parts]
    first = max(asked, key=lambda d: sum(value_of(x.shown) == value_of(d.shown) for x in asked))
    values = (first.shown, first.others[0].value)
    shown, other = (saying.value(first.record, first.field, v) for v in values)
    line = t("same_values", shown=shown, other=other)
    if all(value_of(d.shown) == value_of(first.shown) for d in asked):
        said = sentence("same_pair", count=count, field=name, shown=shown, other=other)
        answers = (
            Deed(value_of(values[0]), t("same_keep", value=shown)),
            Deed(value_of(values[1]), t("same_take", value=other)),
        )
        return SameCard(group.key, head, line, said, answers, answers[0].what, people)
    said = sentence("same_either", count=count, field=name, shown=shown, other=other)
    answers = tuple(
        Deed(value_of(v), t("same_set", value=w)) for v, w in zip(values, (shown, other), strict=True)
    )
    told = tuple(
        replace(
            p, both=t("same_person_now", values=p.both),
            becomes=tuple((value_of(v), _said([_becomes(d, v, saying) for d in own])) for v in values),
        )
        for p, (_, own) in zip(people, _by_person(group), strict=True)
    )  # fmt: skip
    return SameCard(group.key, head, line, said, answers, "", told)


def _by_person(group: Same) -> list[tuple[Line, list[Difference]]]:
    """Somebody may be asked twice in a group, about two records: one line and one tick stand for all."""
    found: dict[Subject, tuple[Line, list[Difference]]] = {}
    for line, one in group.parts:
        found.setdefault(line.subject, (line, []))[1].append(one)
    return list(found.values())


def _said(of_each: Sequence[str]) -> str:
    """What holds for all questions of one person, said once."""
    said = "；".join(dict.fromkeys(of_each))
    return said if len(of_each) == 1 else t("same_places", said=said, count=len(of_each))


def _both(one: Difference, saying: Saying) -> str:
    shown, other = (saying.value(one.record, one.field, v) for v in (one.shown, one.others[0].value))
    return t("same_person", shown=shown, other=other)


def _becomes(one: Difference, value: Json, saying: Saying) -> str:
    now, then = (saying.value(one.record, one.field, v) for v in (one.shown, value))
    if value_of(value) == value_of(one.shown):
        return t("same_stays", value=now)
    return t("same_changes", shown=now, other=then)
