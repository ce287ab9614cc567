"""The same question of several people, as one line and one page. Pure: no Qt."""

from __future__ import annotations

from dataclasses import dataclass

from jobdesk.cases import schema
from jobdesk.cases.differing import Alike
from jobdesk.services.conflict_board import Same
from jobdesk.ui.case_words import label, record_name
from jobdesk.ui.conflicts.deeds import Deed
from jobdesk.ui.conflicts.saying import Saying, Sentence, sentence, t
from jobdesk.ui.conflicts.state import names_apart


@dataclass(frozen=True, slots=True)
class SameCard:
    """A group that can take one answer, as a line and as a page."""

    key: str
    line: str
    sentence: Sentence
    answers: tuple[Deed, ...]
    people: tuple[tuple[str, str, str], ...]
    """(subject id, name, both values of this person)"""


def same_of(group: Same, saying: Saying) -> SameCard:
    """The group in words."""
    _, first = group.parts[0]
    name = label(group.record, group.field)
    if group.record not in schema.CHILDREN:
        name = f"{record_name(group.record)} · {name}"
    shown = saying.value(first.record, first.field, first.shown)
    other = saying.value(first.record, first.field, first.others[0].value)
    count = str(len({ln.subject for ln, _ in group.parts}))
    if group.how is Alike.LONGER:
        said = sentence("same_longer", count=count, field=name)
        answers = (Deed("take", t("same_take_longer")), Deed("keep", t("same_keep_all")))
        line = t("same_line_longer", count=count, field=name)
    else:
        said = sentence("same_pair", count=count, field=name, shown=shown, other=other)
        answers = (Deed("keep", t("same_keep", value=shown)), Deed("take", t("same_take", value=other)))
        line = t("same_line_pair", count=count, field=name, shown=shown, other=other)
    names = names_apart([(ln.subject, ln.who) for ln, _ in group.parts], saying.today)
    people = tuple(
        (
            ln.subject.id, named,
            t("same_person", shown=saying.value(d.record, d.field, d.shown),
              other=saying.value(d.record, d.field, d.others[0].value)),
        )
        for (ln, d), named in zip(group.parts, names, strict=True)
    )  # fmt: skip
    return SameCard(group.key, line, said, answers, people)
