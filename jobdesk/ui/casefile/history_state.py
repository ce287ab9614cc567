"""变更记录 in sentences: who changed what from what to what. Pure: no Qt.

Masked values stay masked here; everything about a restricted record is told without saying what it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jobdesk.cases import schema
from jobdesk.cases.history import Change, Entry
from jobdesk.cases.ops import Json, Kind
from jobdesk.host.strings import has, text
from jobdesk.services.moves_told import MoveTold
from jobdesk.ui.case_words import Words, is_restricted, label, record_name, t

MOST_DETAILS = 8
_OPENING = frozenset({Kind.OPENED, Kind.SERVICE_RECORDED, Kind.PLAN_AGREED, Kind.ATTACHMENT_ADDED})
_PLACES = frozenset({"station", "moved_from"})
_UNTOLD = frozenset({"digest", "belongs_to", "plan", "media_type", "size", "entered_by", "replaces"})


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One action as it is read.

    Attributes:
        sentence: who did what the action was about.
        details: one sentence a field, then what else the action wrote; ``more`` of them are left out.
        marks: by import, taken back by whom.
        undo: words of the button, empty where nothing can be taken back.
        action_id: what the button takes back.
        origin: said of a change that stands in a merged file or in a household, else empty.
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
    """Every action as one line, in the order given, which is newest first.

    Args:
        origins: id of a merged file or of a household → what is said of its changes.
    """
    hidden = restricted_records(entries)
    undos = {e.op_id for _, e in entries if e.kind in (Kind.UNDONE, Kind.WITHDRAWN)}
    actions: dict[tuple[str, str], list[Entry]] = {}
    for case_id, entry in entries:
        actions.setdefault((case_id, entry.action_id), []).append(entry)
    offered: set[str] = set()
    made: list[HistoryLine] = []
    for (case_id, action_id), listed in actions.items():
        moved = action_id in words.moves or any(e.kind is Kind.TRANSFERRED for e in listed)
        can = not moved and action_id not in offered and any(e.can_undo for e in listed)
        if can:
            offered.add(action_id)
        parts = [_part(e, words, e.record[1] in hidden, undos) for e in _by_weight(listed)]
        if moved and all(e.kind is not Kind.TRANSFERRED for e in listed):
            parts = _left(parts, words)
        made.append(_line(parts, words, can, origins.get(case_id, "")))
    return made


def _by_weight(listed: Sequence[Entry]) -> list[Entry]:
    """As they were written, but what an action was about before the fields it moved along."""
    written = listed[::-1]
    return sorted(written, key=lambda e: e.kind is Kind.FIELDS_SET)


@dataclass(frozen=True, slots=True)
class _Part:
    """One operation of an action: its sentence without who, its details, what it did to which record."""

    entry: Entry
    sentence: str
    details: tuple[str, ...]
    named: str

    @property
    def of_person(self) -> bool:
        """Whether its fields name themselves without the record, as those of the person do."""
        return self.entry.record[0] == "case" or not self.entry.changes

    @property
    def as_detail(self) -> tuple[str, ...]:
        """Below another operation: a change of fields is told by its fields alone."""
        if self.entry.kind is Kind.FIELDS_SET:
            told = self.details or (self.sentence,)
            return told if self.of_person else tuple(t("pair", label=self.named, value=d) for d in told)
        joined = "；".join(_bare(d) for d in self.details)
        return (t("pair", label=self.sentence, value=joined) if joined else self.sentence,)


def _part(entry: Entry, words: Words, hidden: bool, undos: set[str]) -> _Part:
    what = t("restricted_record") if hidden else record_name(entry.record[0])
    sentence = named = text(_key(entry), who="", what=what).strip()
    if entry.kind is Kind.TRANSFERRED and (move := words.moves.get(entry.action_id)):
        sentence = _moved(entry, move, words)
    if entry.kind is Kind.UNDONE and entry.takes_back and set(entry.takes_back) <= undos:
        sentence = text("history.redone", who="").strip()
    details = [] if hidden else _details(entry, words)
    if entry.kind in _OPENING and details:
        details = ["；".join(_bare(d) for d in details)]
    if entry.kind is Kind.FIELDS_SET and len(details) == 1:
        sentence, details = details[0], []
    if entry.reason and entry.kind is not Kind.HELP_ENDED:
        details.append(text("history.reason", reason=entry.reason))
    return _Part(entry, sentence, tuple(details), named)


def _moved(entry: Entry, move: MoveTold, words: Words) -> str:
    """From where to where a file was moved."""
    key = "history.transferred_to_household" if entry.record[0] == "household" else "history.transferred_to"
    unknown = t("another_station")
    return text(key, who="", origin=move.origin or unknown, target=move.target or unknown).strip()


def _left(parts: Sequence[_Part], words: Words) -> list[_Part]:
    """Of a household that stayed, what the move of a member wrote there: who went, and where to."""
    move = words.moves[parts[0].entry.action_id]
    names = "、".join(dict.fromkeys(n for i, n in move.names.items() if n and i in words.cases)) or t(
        "nameless"
    )
    target = move.target or t("another_station")
    sentence = text("history.member_left", who="", names=names, target=target).strip()
    days = [c for p in parts for c in p.entry.changes if (p.entry.record[0], c.field) == ("member", "until")]
    details = dict.fromkeys(change_words("member", c, words) for c in days)
    return [_Part(parts[0].entry, sentence, tuple(details), sentence)]


def _key(entry: Entry) -> str:
    key = f"history.{entry.text}_{entry.record[0]}"
    return key if has(key) else f"history.{entry.text}"


def _bare(sentence: str) -> str:
    """Without the stop at its end, so that it can stand within another one."""
    return sentence.rstrip("。；")


def _line(parts: Sequence[_Part], words: Words, can: bool, origin: str) -> HistoryLine:
    lead = parts[0].entry
    gone = all(p.entry.undone_by is not None for p in parts)
    details: list[str] = list(parts[0].details)
    for part in parts[1:]:
        taken = not gone and part.entry.undone_by is not None
        details += [_taken(d) if taken else d for d in part.as_detail]
    marks: list[str] = []
    if any(p.entry.import_id for p in parts):
        marks.append(text("history.by_import"))
    sentence = f"{words.who(lead.actor)} {parts[0].sentence}"
    if lead.undone_by is not None and gone:
        by = lead.undone_by
        marks.append(text("history.undone_by", who=words.who(by.actor), at=words.moment(by.at)))
    elif lead.undone_by is not None:
        sentence = _taken(sentence)
    if any(p.entry.blank for p in parts):
        hidden_above = all(p.entry.withheld for p in parts if p.entry.blank)
        marks.append(text("history.withheld" if hidden_above else "history.blank"))
    undo = text("history.redo" if lead.kind is Kind.UNDONE else "history.undo") if can else ""
    return HistoryLine(
        lead.op_id, words.moment(lead.at), sentence, tuple(details[:MOST_DETAILS]), tuple(marks),
        undo, lead.action_id, gone, max(0, len(details) - MOST_DETAILS), origin,
    )  # fmt: skip


def _taken(said: str) -> str:
    return said + t("paren", words=text("history.part_undone"))


def _details(entry: Entry, words: Words) -> list[str]:
    kind = entry.record[0]
    opening = entry.kind in _OPENING
    order = {f.name: n for n, f in enumerate(schema.RECORDS.get(kind, ()))}
    found: list[str] = []
    proven = next((str(c.new) for c in entry.changes if (kind, c.field) == ("proof", "field")), "")
    for change in sorted(entry.changes, key=lambda c: order.get(c.field, 99)):
        if opening and change.field in _UNTOLD:
            continue
        if entry.kind is Kind.TRANSFERRED and entry.action_id in words.moves and change.field in _PLACES:
            continue
        said = change_words(kind, change, words, short=opening, proven=proven)
        if said and change.undone and entry.undone_by is None:
            said = _taken(said)
        if said:
            found.append(said)
    return found


def change_words(kind: str, change: Change, words: Words, short: bool = False, proven: str = "") -> str:
    """One field: from what to what, without who.

    Args:
        proven: the field of the file whose value a proof repeats; it is said as that field is.
    """
    name = label(kind, change.field)
    repeats = proven if (kind, change.field) == ("proof", "value") else ""

    def said(value: Json) -> str:
        if schema.field(kind, change.field) is None:
            return t("hidden")
        shown = words.value("case", repeats, value) if repeats else words.value(kind, change.field, value)
        return shown or t("nothing")

    if short and change.added:
        whole = "、".join(words.value_of_set(kind, change.field, v) for v in change.added)
        return t("pair", label=name, value=whole)
    if change.added or change.dropped:
        parts: list[str] = []
        for key, values in (("added", change.added), ("dropped", change.dropped)):
            if values:
                shown = "、".join(words.value_of_set(kind, change.field, v) for v in values)
                parts.append(text(f"history.{key}", field=name, values=shown))
        return "；".join(parts)
    if short:
        return t("pair", label=name, value=said(change.new)) if change.new is not None else ""
    old = [v for v in change.old if v is not None]
    if not old:
        return "" if change.new is None else text("history.first_set", field=name, new=said(change.new))
    before = said(old[0])
    for other in old[1:]:
        before = text("history.several", old=before, other=said(other))
    if change.new is None:
        return text("history.cleared", field=name, old=before)
    return text("history.changed", field=name, old=before, new=said(change.new))
