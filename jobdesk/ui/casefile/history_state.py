"""变更记录 in sentences: who changed what from what to what. Pure: no Qt.

Masked values stay masked here; everything about a restricted record is told without saying what it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jobdesk.cases import schema
from jobdesk.cases.history import Change, Entry
from jobdesk.cases.ops import Json, Kind
from jobdesk.host.strings import text
from jobdesk.ui.casefile.words import Words, is_restricted, label, record_name, t

MOST_DETAILS = 8
_OPENING = frozenset({Kind.OPENED, Kind.SERVICE_RECORDED, Kind.PLAN_AGREED, Kind.ATTACHMENT_ADDED})
_UNTOLD = frozenset({"digest", "belongs_to", "plan", "media_type", "size", "entered_by", "replaces"})


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One entry as it is read.

    Attributes:
        details: one sentence a field; ``more`` of them are left out.
        marks: by import, taken back by whom.
        undo: words of the button, empty where nothing can be taken back.
        action_id: what the button takes back.
        origin: name of the merged file it comes from, else empty.
    """

    op_id: str
    when: str
    sentence: str
    details: tuple[str, ...]
    marks: tuple[str, ...]
    undo: str
    action_id: str
    gone: bool
    more: int = 0
    origin: str = ""


def restricted_records(entries: Sequence[tuple[str, Entry]]) -> frozenset[str]:
    """Ids of records that ever held a restricted code in their main field."""
    return frozenset(
        e.record[1]
        for _, e in entries
        if e.record[0] == "group"
        for c in e.changes
        if c.field == "kind" and any(is_restricted("group", "kind", v) for v in (c.new, *c.old))
    )


def lines_of(
    entries: Sequence[tuple[str, Entry]], words: Words, origins: Mapping[str, str]
) -> list[HistoryLine]:
    """Every entry as a line, in the order given.

    Args:
        origins: case id of a merged file → its name.
    """
    hidden = restricted_records(entries)
    undos = {e.op_id for _, e in entries if e.kind in (Kind.UNDONE, Kind.WITHDRAWN)}
    offered: set[str] = set()
    made: list[HistoryLine] = []
    for case_id, entry in entries:
        can = entry.can_undo and entry.action_id not in offered
        if can:
            offered.add(entry.action_id)
        made.append(_line(entry, words, entry.record[1] in hidden, undos, can, origins.get(case_id, "")))
    return made


def _line(entry: Entry, words: Words, hidden: bool, undos: set[str], can: bool, origin: str) -> HistoryLine:
    who = words.who(entry.actor)
    what = t("restricted_record") if hidden else record_name(entry.record[0])
    sentence = text(f"history.{entry.text}", who=who, what=what)
    if entry.kind is Kind.UNDONE and entry.takes_back and set(entry.takes_back) <= undos:
        sentence = text("history.redone", who=who)
    details = [] if hidden else _details(entry, words, who)
    if entry.kind in _OPENING and details:
        details = ["；".join(d.rstrip("。；") for d in details)]
    if entry.kind is Kind.FIELDS_SET and len(details) == 1:
        sentence, details = details[0], []
    if entry.reason and entry.kind is not Kind.HELP_ENDED:
        details.append(text("history.reason", reason=entry.reason))
    marks: list[str] = []
    if entry.import_id:
        marks.append(text("history.by_import"))
    if entry.undone_by is not None:
        by = entry.undone_by
        marks.append(text("history.undone_by", who=words.who(by.actor), at=words.moment(by.at)))
    if entry.blank:
        marks.append(text("history.blank"))
    undo = text("history.redo" if entry.kind is Kind.UNDONE else "history.undo") if can else ""
    return HistoryLine(
        entry.op_id, words.moment(entry.at), sentence, tuple(details[:MOST_DETAILS]), tuple(marks), undo,
        entry.action_id, entry.undone_by is not None, max(0, len(details) - MOST_DETAILS), origin,
    )  # fmt: skip


def _details(entry: Entry, words: Words, who: str) -> list[str]:
    kind = entry.record[0]
    opening = entry.kind in _OPENING
    order = {f.name: n for n, f in enumerate(schema.RECORDS.get(kind, ()))}
    found: list[str] = []
    for change in sorted(entry.changes, key=lambda c: order.get(c.field, 99)):
        if opening and change.field in _UNTOLD:
            continue
        said = change_words(kind, change, words, who, short=opening)
        if said and change.undone and entry.undone_by is None:
            said += t("paren", words=text("history.part_undone"))
        if said:
            found.append(said)
    return found


def change_words(kind: str, change: Change, words: Words, who: str, short: bool = False) -> str:
    """One field: from what to what."""
    name = label(kind, change.field)

    def said(value: Json) -> str:
        if schema.field(kind, change.field) is None:
            return t("hidden")
        return words.value(kind, change.field, value) or t("nothing")

    if short and change.added:
        whole = "、".join(words.value_of_set(kind, change.field, v) for v in change.added)
        return t("pair", label=name, value=whole)
    if change.added or change.dropped:
        parts: list[str] = []
        for key, values in (("added", change.added), ("dropped", change.dropped)):
            if values:
                shown = "、".join(words.value_of_set(kind, change.field, v) for v in values)
                parts.append(text(f"history.{key}", who=who, field=name, values=shown))
        return "；".join(parts)
    if short:
        return t("pair", label=name, value=said(change.new)) if change.new is not None else ""
    old = [v for v in change.old if v is not None]
    if not old:
        return (
            "" if change.new is None else text("history.first_set", who=who, field=name, new=said(change.new))
        )
    before = said(old[0])
    for other in old[1:]:
        before = text("history.several", old=before, other=said(other))
    if change.new is None:
        return text("history.cleared", who=who, field=name, old=before)
    return text("history.changed", who=who, field=name, old=before, new=said(change.new))
