"""A question as a card: its versions and its time line, as values. Pure: no Qt."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from jobdesk.cases.differing import Point, Sort, Why
from jobdesk.cases.settling import of_one_event
from jobdesk.cases.state import Head
from jobdesk.services.conflict_board import PersonQuestions, Question
from jobdesk.ui.case_words import alike_words, is_veiled, label, look_alike
from jobdesk.ui.conflicts.deeds import Deed, deeds_of, is_whole_file, typed_deeds
from jobdesk.ui.conflicts.reasons import said_of, sentence_of
from jobdesk.ui.conflicts.saying import Piece, Saying, Sentence, about, t


@dataclass(frozen=True, slots=True)
class VersionCard:
    """One version. ``on``: what is shown now (or was chosen)."""

    who: str
    value: str
    meta: str
    tag: str
    on: bool
    clock: str = ""


@dataclass(frozen=True, slots=True)
class Dot:
    """A point of the time line; ``apart``: the piece before it joins two who did not know each other.
    ``note``: what the value is, on a line of its own; it is what must not be lost where room is short.
    """

    when: str
    value: str
    on: bool
    apart: bool
    note: str = ""

    @property
    def whole(self) -> str:
        """All of it, to be read out."""
        return f"{self.when} {self.value}" + (f"（{self.note}）" if self.note else "")


@dataclass(frozen=True, slots=True)
class QuestionCard:
    """One question as a card; ``said``: its sentence without what holds only while it waits."""

    title: str
    sentence: Sentence
    versions: tuple[VersionCard, ...]
    deeds: tuple[Deed, ...]
    dots: tuple[Dot, ...]
    handed: str
    note: str
    veiled: bool
    question: Question | None = field(default=None, compare=False)
    said: Sentence = field(default=(), compare=False)


def settled_since(card: QuestionCard) -> QuestionCard:
    """The same once somebody else has settled it: nothing of it is shown for its sake any longer."""
    then = {t("shown_now"): t("shown_then")}
    notes = {t("dot_shown"): "", t("dot_both"): t("dot_common")}
    versions = tuple(replace(v, tag=then.get(v.tag, v.tag), on=False) for v in card.versions)
    dots = tuple(replace(d, on=False, note=notes.get(d.note, d.note)) for d in card.dots)
    return replace(card, sentence=card.said or card.sentence, versions=versions, dots=dots)


def key_of(card: QuestionCard) -> tuple[str, str, str]:
    """Which question it is: record and field; blank for a decision."""
    question = card.question
    return (*question.difference.record, question.difference.field) if question else ("", "", "")


def cards_of(told: PersonQuestions, saying: Saying) -> tuple[QuestionCard, ...]:
    """Every open question of the person; critical ones first."""
    ordered = sorted(told.questions, key=lambda q: not q.difference.critical)
    return tuple(card_of(q, saying, above=told.above) for q in ordered)


def card_of(question: Question, saying: Saying, *, above: bool) -> QuestionCard:
    """One question."""
    one = question.difference
    title = about(saying, question.about, one.record, one.field)
    if not one.versions:  # what it was nobody can say any more; what somebody has typed about it stands there
        deeds = typed_deeds(one, above=above)
        return QuestionCard(title, (Piece(title, True),), (), deeds, (), "", "", False, question)
    handed = ""
    if one.escalation is not None:
        handed = t("handed", who=saying.who(one.escalation.by, ""), when=saying.moment(one.escalation.at_ms),
                   reason=one.escalation.reason)  # fmt: skip
    return QuestionCard(
        title, sentence_of(question, title, saying), _versions(question, saying),
        deeds_of(one, saying, above=above), _dots(question, saying), handed,
        _note(question, saying),
        any(is_veiled(one.record[0], one.field, v) for v in (one.shown, *(v.value for v in one.versions))),
        question, said_of(question, title, saying),
    )  # fmt: skip


def _note(question: Question, saying: Saying) -> str:
    """What is easily missed: a clock that runs ahead, numbers that differ where they are masked, what an
    answer takes along.
    """
    one = question.difference
    notes = [t("clock_ahead")] if any(saying.is_ahead(v.stamp.ms) for v in one.versions) else []
    values = (one.shown, *(v.value for v in one.versions))
    if not saying.revealed and look_alike(
        one.record[0], one.field, values, lambda v: saying.value(one.record, one.field, v)
    ):
        notes.append(alike_words(one.record[0], one.field))
    along = of_one_event(question.about, one.field, one.known) if one.sort is Sort.FIELD else ()
    if along:
        names = t("list_dot").join(label(one.record[0], name) for name in along)
        notes.append(t("one_event", fields=names))
    return "".join(notes)


def _versions(question: Question, saying: Saying) -> tuple[VersionCard, ...]:
    one = question.difference
    if one.sort is Sort.REMOVAL:
        return _removal_versions(question, saying)
    common = [p for p in question.points if p.common]
    cards: list[VersionCard] = []
    if one.shown_by is None:
        single = len(common) == 1
        meta = t("several_before" if common else "none_before")
        if single:
            meta = _meta(common[0].head, question, saying)
        cards.append(
            VersionCard(
                t("before" if single else "still_blank"),
                saying.value(one.record, one.field, one.shown),
                meta,
                t("shown_now"),
                True,
            )
        )
    ordered = [h for h in (one.shown_by,) if h is not None] + list(one.others)
    for head in ordered:
        on = head is one.shown_by
        tag = t("shown_now" if on else "not_in_force" if one.why is Why.REFUSED else "other")
        cards.append(_version(head, question, saying, tag, on))
    return tuple(cards)


def _version(head: Head, question: Question, saying: Saying, tag: str, on: bool) -> VersionCard:
    one = question.difference
    return VersionCard(
        saying.who_full(head.actor, head.stamp.replica), saying.value(one.record, one.field, head.value),
        _meta(head, question, saying), tag, on,
        t("clock_that") if saying.is_ahead(head.stamp.ms) else "",
    )  # fmt: skip


def _meta(head: Head, question: Question, saying: Saying) -> str:
    parts = [saying.moment(head.stamp.ms), saying.place(head.stamp.replica),
             saying.origin(question.origins.get(head.op_id))]  # fmt: skip
    return " · ".join(p for p in parts if p)


def _removal_versions(question: Question, saying: Saying) -> tuple[VersionCard, ...]:
    one = question.difference
    cards: list[VersionCard] = []
    for point in reversed(question.points):
        head = point.head
        if point.common or head in one.versions:
            continue
        value = t("kept_file" if is_whole_file(one) else "kept_record")
        cards.append(VersionCard(
            saying.who_full(head.actor, head.stamp.replica), value, _meta(head, question, saying),
            t("shown_now"), True,
        ))  # fmt: skip
    for head in one.versions:
        cards.append(VersionCard(
            saying.who_full(head.actor, head.stamp.replica), t("taken_back"), _meta(head, question, saying),
            t("other"), False,
        ))  # fmt: skip
    return tuple(cards)


def _dots(question: Question, saying: Saying) -> tuple[Dot, ...]:
    one = question.difference
    dots: list[Dot] = []
    before: Point | None = None
    alone = sum(p.common for p in question.points) == 1
    for point in question.points:
        head = point.head
        by = saying.who(head.actor, head.stamp.replica)
        single = point.common and alone
        on = head is one.shown_by or (single and one.shown_by is None)
        origin = question.origins.get(head.op_id)
        if one.sort is Sort.REMOVAL:
            on = not point.common and head not in one.versions
            value = t("dot_opened" if point.common else "dot_worked" if on else "taken_back")
        else:
            value = saying.value(one.record, one.field, head.value)
        if point.common and origin is not None and origin.how == "import":
            by, when = saying.origin(origin), saying.day(head.stamp.ms)
        else:
            when = saying.moment(head.stamp.ms)
        common = point.common and one.sort is not Sort.REMOVAL
        note = ""
        if common:
            note = t("dot_both" if on else "dot_common" if single else "dot_seen")
        elif on:
            note = t("dot_shown")
        apart = before is not None and (not before.common or point.common)
        dots.append(Dot(f"{when} {by}", value, on, apart, note))
        before = point
    return tuple(dots)
