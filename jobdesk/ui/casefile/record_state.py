"""What a card of one record shows. Pure: no Qt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from jobdesk.cases import schema
from jobdesk.cases.history import Entry
from jobdesk.cases.ops import Json, Kind
from jobdesk.cases.partial_date import PartialDate
from jobdesk.cases.registration_spells import by_promise
from jobdesk.cases.state import RecordState
from jobdesk.services.case_files import CaseFile, Held
from jobdesk.ui.case_words import Words, is_restricted, is_veiled, label, span, t, unbroken

PROVENANCE = ("source", "authority", "number", "checked_on")
_TITLE = {
    "recognition": ("category", "category_text"),
    "group": ("kind",),
    "registration": ("reason",),
    "employment": ("unit", "form"),
    "benefit": (),
    "subsidy": ("kind",),
    "public_post": ("post", "unit"),
    "placement": ("unit", "post"),
    "statement": ("kind",),
    "verification": ("kind",),
    "absence": ("kind",),
    "business": ("name",),
    "review": ("reviewed_on",),
    "measure": ("what",),
}
_SPELLS = frozenset({"registration", "employment", "benefit", "subsidy", "placement", "group", "public_post"})
_DATES = (schema.FieldType.DAY, schema.FieldType.DATE, schema.FieldType.MONTH)
_HEAD = frozenset(
    {"since", "until", "category", "category_text", "main", "state", "kind", "unit", "stated_on"}
)


@dataclass(frozen=True, slots=True)
class Mark:
    """A chip on a card: its words and look (``plain ok warn bad accent outline blank``)."""

    words: str
    look: str = "plain"
    tip: str = ""


@dataclass(frozen=True, slots=True)
class CardState:
    """One record as a card.

    Attributes:
        title: its main value; a dashed blank when there is none.
        span: from–to, or empty.
        facts: (label, value) of what else is known.
        provenance: 来源 … in one line; empty where the kind carries none.
        no_source: the kind carries a source and none is known.
        veiled: something on it stands behind the eye.
    """

    title: str
    span: str
    marks: tuple[Mark, ...]
    facts: tuple[tuple[str, str], ...]
    provenance: str = ""
    no_source: bool = False
    veiled: bool = False


def card_of(
    held: Held, file: CaseFile, words: Words, corrected: Mapping[str, Entry], revealed: bool = False
) -> CardState:
    """The card of a record.

    Args:
        corrected: record id → its latest correction.
        revealed: restricted values may be shown (the look is logged).
    """
    record = held.record
    kind = record.kind

    def said(name: str) -> str:
        return words.value(kind, name, record.get(name), revealed=revealed)

    names = _TITLE.get(kind, ())
    title = " ".join(s for s in (said(n) for n in names) if s)
    has_source = schema.field(kind, "source") is not None
    head = _HEAD | set(names)
    facts = tuple(
        (label(kind, f.name), said(f.name))
        for f in schema.RECORDS.get(kind, ())
        if f.name not in head
        and f.name not in PROVENANCE
        and record.get(f.name) not in (None, "", [])
        and f.type not in (schema.FieldType.REF, schema.FieldType.JSON)
    )
    parts = (
        [
            t("provenance_part", label=unbroken(label(kind, n)), value=said(n))
            for n in PROVENANCE[1:]
            if record.get(n)
        ]
        if has_source
        else []
    )
    if record.get("source"):
        parts.insert(0, t("provenance", source=said("source")))
    return CardState(
        title,
        words.day(record.text("stated_on"))
        if kind == "statement" and record.get("stated_on")
        else span(words, record.values()),
        _marks(held, file, words, corrected, revealed),
        facts,
        t("dot").join(parts),
        has_source and not record.get("source"),
        any(is_veiled(kind, n, v) for n, v in record.values().items()),
    )


def _marks(
    held: Held, file: CaseFile, words: Words, corrected: Mapping[str, Entry], revealed: bool
) -> tuple[Mark, ...]:
    record = held.record
    marks: list[Mark] = []
    state = record.text("state")
    if record.kind == "recognition":
        looks = {"recognised": "ok", "review": "ok", "ledger": "blank", "": "blank", "refused": "bad"}
        looks |= {"exited": "plain", "withdrawn": "plain"}
        words_of = words.value("recognition", "state", state) if state else t("unverified")
        marks.append(Mark(words_of, looks.get(state, "warn")))
        if record.get("main") is True:
            marks.append(Mark(t("main"), "solid"))
    if record.kind == "placement" and not record.get("verified_on"):
        marks.append(Mark(t("unverified_job"), "blank", t("unverified_job_tip")))
    if record.kind in ("registration", "employment") and by_promise(record.values()):
        marks.append(Mark(t("by_promise"), "outline"))
    if record.kind in _SPELLS:
        marks.append(spell_mark(record, words.today))
    elif record.kind == "recognition" and state != "exited" and has_ended(record, words.today):
        marks.append(Mark(t("ended_mark"), "plain"))
    if record.conflicts:
        marks.append(Mark(t("conflict_mark"), "warn"))
    if has_odd_value(record):
        marks.append(Mark(t("odd_value_mark"), "warn", t("odd_value_tip")))
    if record.id in corrected:
        entry = corrected[record.id]
        tip = t("corrected_tip", who=words.who(entry.actor), when=words.moment(entry.at), reason=entry.reason)
        marks.append(Mark(t("corrected"), "plain", tip))
    marks += origin_marks(held, file)
    return tuple(marks)


def has_odd_value(record: RecordState) -> bool:
    """Whether something in it is not counted with: nothing that its field takes, or a date that is none."""
    return any(
        held.is_odd
        or (
            (declared := schema.field(record.kind, name)) is not None
            and declared.type in _DATES
            and record.text(name) != ""
            and PartialDate.parse(record.text(name)) is None
        )
        for name, held in record.fields.items()
    )


def has_ended(record: RecordState, today: date) -> bool:
    """Whether its last day has passed; a month counts to its last day."""
    until = PartialDate.parse(record.text("until"))
    return until is not None and until.last < today


def spell_mark(record: RecordState, today: date) -> Mark:
    """Where the day stands in a spell: 未开始, 在续 or 已结束."""
    if has_ended(record, today):
        return Mark(t("ended_mark"), "plain")
    since = PartialDate.parse(record.text("since"))
    if since is not None and since.first > today:
        return Mark(t("coming_mark"), "outline")
    return Mark(t("running_mark"), "accent")


def origin_marks(held: Held, file: CaseFile) -> list[Mark]:
    """Where a record comes from, in a file that others were merged into."""
    if held.case_id != file.case_id:
        name = file.subject_state(held.case_id).root.text("name")
        return [Mark(t("from_merged", name=name or t("nameless")), "outline")]
    return []


def is_hidden(record: RecordState) -> bool:
    """Whether the whole record gives a restricted fact away (a group that is one)."""
    return record.kind == "group" and is_restricted("group", "kind", record.get("kind"))


def corrections(entries: Sequence[Entry]) -> dict[str, Entry]:
    """Record id → its latest correction that stands; entries come newest first."""
    found: dict[str, Entry] = {}
    for entry in entries:
        if entry.kind is Kind.RECORD_CORRECTED and entry.undone_by is None:
            found.setdefault(entry.record[1], entry)
    return found


def withdrawn_of(entries: Sequence[Entry], kinds: frozenset[str]) -> list[tuple[Entry, Entry | None]]:
    """Openings of these kinds that were taken back, each with the withdrawal that did it."""
    by_id = {e.op_id: e for e in entries}
    return [
        (e, by_id.get(e.undone_by.op_id))
        for e in entries
        if e.undone_by is not None and e.record[0] in kinds and e.kind in _OPENING
    ]


_OPENING = frozenset({Kind.OPENED, Kind.SERVICE_RECORDED, Kind.PLAN_AGREED, Kind.ATTACHMENT_ADDED})


def new_values(entry: Entry) -> dict[str, Json]:
    """What an opening wrote."""
    return {c.field: c.new for c in entry.changes if c.new is not None}


def by_day(held: Sequence[Held], name: str = "since") -> list[Held]:
    """Newest first; those without a day above all, since they want one."""
    return sorted(held, key=lambda h: (h.record.text(name) or "9999", h.record.id), reverse=True)
