"""What the place shows, as values. Pure: no Qt."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from jobdesk.cases import schema
from jobdesk.cases.differing import Difference, Point, Sort, Why
from jobdesk.cases.masking import mask_id
from jobdesk.cases.ops import Json, Subject
from jobdesk.cases.partial_date import PartialDate
from jobdesk.cases.problems import Problem, problems_of
from jobdesk.cases.schema import FieldType
from jobdesk.cases.state import Head
from jobdesk.host import code_lists
from jobdesk.host.template_files import figures
from jobdesk.services.conflict_board import Line, PersonQuestions, Question
from jobdesk.store.conflict_reads import Who
from jobdesk.ui.case_words import is_veiled, record_name
from jobdesk.ui.conflicts.saying import (
    Piece,
    Saying,
    Sentence,
    about,
    fields_line,
    mine_first,
    sentence,
    t,
)

_NO_THIRD = frozenset({FieldType.REF, FieldType.JSON, FieldType.SET})


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the list on the left; ``key`` finds what it stands for."""

    key: str
    name: str
    mark: str
    count: str
    what: str
    note: str

    @property
    def spoken(self) -> str:
        return "，".join(p for p in (self.name, self.mark, self.count, self.what, self.note) if p)


def item_of(line: Line, saying: Saying) -> Item:
    """A person who waits: whose the other version is, and since when."""
    versions = sorted((v for d in line.differences for v in d.versions), key=lambda v: v.stamp, reverse=True)
    other = next((v for v in versions if v.actor != saying.me), versions[0])
    handed = line.differences[0].escalation
    at = saying.names.places.get(other.stamp.replica)
    station = (at.station if at else "") or saying.names.streams.get(line.stream, "") or t("own_station")
    if at is not None and (at.above or at.elsewhere):
        station = t("place_above" if at.above else "place_elsewhere")
    note = t("list_note", station=station, who=saying.name(other.actor, other.stamp.replica),
             day=saying.day(other.stamp.ms))  # fmt: skip
    if handed is not None:
        whose = saying.names.streams.get(line.stream, "")  # known above, where there are many
        note = t("list_handed_above" if whose else "list_handed", station=whose,
                 who=saying.name(handed.by, ""), day=saying.day(handed.at_ms))  # fmt: skip
    return Item(
        line.subject.id, name_of(line.subject, line.who),
        t("critical") if any(d.critical for d in line.differences) else "",
        t("places", count=len(line.differences)), fields_line(saying, line.differences), note,
    )  # fmt: skip


def name_of(subject: Subject, who: Who) -> str:
    """The person, or what else it is."""
    return who.name or record_name(subject.kind)


def identity(who: Who, today: date, *, revealed: bool) -> str:
    """女 · 48岁 · 229901********028X."""
    parts = [code_lists.table("sex").name_of(who.sex) if who.sex else ""]
    born = PartialDate.parse(who.birth) if who.birth else None
    if born is not None:
        parts.append(t("age", years=_age(born, today)))
    if who.id_number:
        parts.append(who.id_number if revealed else mask_id(who.id_number))
    return " · ".join(p for p in parts if p)


def _age(born: PartialDate, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month or 1, born.day or 1))


def third_problem(question: Question, value: Json, today: date, *, read: bool = False) -> Problem | None:
    """What forbids writing this value, as the form of the record would say it; else what is doubtful about
    it, until somebody has ``read`` that.
    """
    one = question.difference
    values = {**question.about.values(), one.field: value}
    known = {k: v for k, v in values.items() if v is not None and v != ""}
    found = problems_of(one.record[0], known, today, figures(), record_id=one.record[1])
    about = [p for p in found if p.field == one.field and not p.odd]
    return next((p for p in about if p.blocks), next(iter(about), None) if not read else None)


# ---------------------------------------------------------------------- one question


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
class Deed:
    """A button: ``keep``, ``take`` (with the operation), ``report``, ``third``, ``call_back``."""

    what: str
    words: str
    op_id: str = ""


@dataclass(frozen=True, slots=True)
class Dot:
    """A point of the time line; ``apart``: the piece before it joins two who did not know each other."""

    when: str
    value: str
    on: bool
    apart: bool


@dataclass(frozen=True, slots=True)
class QuestionCard:
    """One question as a card."""

    title: str
    sentence: Sentence
    versions: tuple[VersionCard, ...]
    deeds: tuple[Deed, ...]
    dots: tuple[Dot, ...]
    handed: str
    note: str
    veiled: bool
    question: Question | None = field(default=None, compare=False)


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
    handed = ""
    if one.escalation is not None:
        handed = t("handed", who=saying.who(one.escalation.by, ""), when=saying.moment(one.escalation.at_ms),
                   reason=one.escalation.reason)  # fmt: skip
    return QuestionCard(
        title, _sentence(question, title, saying), _versions(question, saying),
        _deeds(one, saying, above=above), _dots(question, saying), handed,
        _note(one, saying),
        any(is_veiled(one.record[0], one.field, v) for v in (one.shown, *(v.value for v in one.versions))),
        question,
    )  # fmt: skip


def _note(one: Difference, saying: Saying) -> str:
    """What is easily missed: a clock that runs ahead, numbers that differ where they are masked."""
    notes = [t("clock_ahead")] if any(saying.is_ahead(v.stamp.ms) for v in one.versions) else []
    kind, field_name = one.record[0], one.field
    values: list[Json] = []
    for value in (one.shown, *(v.value for v in one.versions)):
        if value not in values and is_veiled(kind, field_name, value):
            values.append(value)
    if not saying.revealed and len({saying.value(one.record, one.field, v) for v in values}) < len(values):
        notes.append(t("same_masked"))
    return "".join(notes)


def _sentence(question: Question, title: str, saying: Saying) -> Sentence:
    one = question.difference
    if one.sort is Sort.REMOVAL:
        return _removal_sentence(question, title, saying)
    verb = one.sort.value if one.sort is not Sort.FIELD else "field" if _had_common(question) else "first"
    pieces: list[Piece] = list(sentence("say_title", title=title))
    for n, head in enumerate(mine_first(saying, one.versions)):
        if n:
            pieces.append(Piece("；"))
        refused = one.why is Why.REFUSED and head is not one.shown_by
        pieces += sentence(
            f"say_{verb}_refused" if refused else f"say_{verb}",
            who=saying.who(head.actor, head.stamp.replica), day=saying.day(head.stamp.ms),
            place=saying.place(head.stamp.replica, short=True),
            value=saying.value(one.record, one.field, head.value),
        )  # fmt: skip
    pieces += _because(one, saying)
    return tuple(pieces)


def _had_common(question: Question) -> bool:
    return any(p.common for p in question.points)


def _because(one: Difference, saying: Saying) -> Sentence:
    shown = saying.value(one.record, one.field, one.shown)
    if one.why is Why.LATER and one.shown_by is not None:
        whose, filler = _whose(one, one.shown_by, saying)
        key = "because_later" if one.sort is Sort.FIELD else "because_later_set"
        moments = [saying.moment(v.stamp.ms) for v in one.versions]
        if moments.count(saying.moment(one.shown_by.stamp.ms)) > 1:
            key = f"{key}_same"
        return sentence(key, whose=whose, filler=filler)
    return sentence(f"because_{one.why.value}", value=shown)


def _whose(one: Difference, head: Head, saying: Saying) -> tuple[str, str]:
    """(您的, 您) or (对方的, 对方) or (郑立群的, 郑立群), as it reads best."""
    actors = [v.actor for v in one.versions]
    if len(set(actors)) == 1:
        return t("the_later"), t("the_later_place", place=saying.place(head.stamp.replica, short=True))
    if head.actor == saying.me and actors.count(saying.me) == 1:
        return t("yours"), t("you")
    if saying.me in actors and len(one.versions) == 2:
        return t("theirs"), t("they")
    name = saying.who(head.actor, head.stamp.replica)
    return t("of_whom", who=name), name


def _removal_sentence(question: Question, title: str, saying: Saying) -> Sentence:
    one = question.difference
    head = one.versions[0]
    origin = question.origins.get(head.op_id)
    work = [p.head for p in question.points if not p.common and p.head not in one.versions]
    worker = work[-1] if work else None
    pieces: list[Piece] = list(sentence("say_title", title=title))
    pieces += sentence(
        "say_removal", who=saying.who(head.actor, head.stamp.replica), day=saying.day(head.stamp.ms),
        place=saying.place(head.stamp.replica, short=True),
        reason=t("say_reason", reason=origin.reason) if origin and origin.reason else "",
    )  # fmt: skip
    if worker is not None:
        pieces += sentence(
            "say_worked", who=saying.who(worker.actor, worker.stamp.replica), day=saying.day(worker.stamp.ms),
            place=saying.place(worker.stamp.replica, short=True),
        )  # fmt: skip
    return (*pieces, *sentence("because_worked_on"))


def _versions(question: Question, saying: Saying) -> tuple[VersionCard, ...]:
    one = question.difference
    if one.sort is Sort.REMOVAL:
        return _removal_versions(question, saying)
    common = next((p for p in question.points if p.common), None)
    cards: list[VersionCard] = []
    if one.shown_by is None:
        meta = _meta(common.head, question, saying) if common and one.why is Why.BEFORE else t("none_before")
        cards.append(
            VersionCard(
                t("before" if one.why is Why.BEFORE else "still_blank"),
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
        value = t("kept_file" if _whole_file(one) else "kept_record")
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


def _whole_file(one: Difference) -> bool:
    return one.record[0] in schema.CHILDREN


def _deeds(one: Difference, saying: Saying, *, above: bool) -> tuple[Deed, ...]:
    if one.escalation is not None and not above:
        return (Deed("call_back", t("call_back")),)
    if one.sort is Sort.REMOVAL:
        deeds = [Deed("keep", t("keep_record"))]
        if not _whole_file(one):
            deeds.append(Deed("take", t("take_removal"), one.versions[0].op_id))
    else:
        deeds = [Deed("keep", t("keep_blank" if one.why is Why.BLANK else "keep"))]
        deeds += [Deed("take", _taking(one, v, saying), v.op_id) for v in one.others if _can_be(one, v)]
    if not above:
        deeds.append(Deed("report", t("report")))
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


def _dots(question: Question, saying: Saying) -> tuple[Dot, ...]:
    one = question.difference
    dots: list[Dot] = []
    before: Point | None = None
    for point in question.points:
        head = point.head
        by = saying.who(head.actor, head.stamp.replica)
        on = head is one.shown_by or (point.common and one.why is Why.BEFORE)
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
        if common or on:
            value = t("dot_both" if common and on else "dot_common" if common else "dot_shown", value=value)
        dots.append(Dot(f"{when} {by}", value, on, before is not None and not before.common))
        before = point
    return tuple(dots)
