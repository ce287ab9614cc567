"""When a person stood on the books: spells of help, dated by the facts and never by today's row alone.

A file is on the books from ``opened_on``; 结束帮扶 takes it off on its day, 重新纳入 puts it back. The
days are those of the facts (``opened_on``, ``help_changed_on``), so that a late entry counts where it
belongs; ``recorded`` says when it was written down. A person is on the books *at the end of* a day.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from jobdesk.cases.clock import local_date
from jobdesk.cases.facts import Values
from jobdesk.cases.fold import Folding
from jobdesk.cases.ops import Kind, Op, Subject
from jobdesk.cases.partial_date import exact_day
from jobdesk.cases.standing import Write, Written
from jobdesk.cases.state import SubjectState

MOVED = "moved"
"""Reason of 结束帮扶 that is 转出 on the cover (``end_of_help.toml``)."""
_STATES = ("open", "ended")


class Move(StrEnum):
    """The columns between 期初 and 期末."""

    NEW = "new"
    RESUMED = "resumed"
    MOVED_IN = "moved_in"
    """Back from another station: the spell before had ended with 转出."""
    ENDED = "ended"
    MOVED_OUT = "moved_out"

    @property
    def comes(self) -> bool:
        return self in (Move.NEW, Move.RESUMED, Move.MOVED_IN)


@dataclass(frozen=True, slots=True)
class Spell:
    """One stay on the books.

    Attributes:
        until: first day on which the person is no longer on them; None while the stay lasts.
        reason: why it ended (a code of ``end_of_help``); empty when unknown or not ended.
        since_recorded, until_recorded: when that was written down.
        came: it began by coming from another station.
    """

    since: date
    since_recorded: date
    until: date | None = None
    until_recorded: date | None = None
    reason: str = ""
    came: bool = False

    def covers(self, day: date) -> bool:
        """Whether the person is on the books at the end of that day."""
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Movement:
    """Somebody came or went on a day; ``reason`` is that of an end."""

    move: Move
    day: date
    recorded: date
    reason: str = ""


def spells_of_row(root: Values, opened_ms: int) -> tuple[Spell, ...]:
    """Spells of a file that ended at most once: what today's row can tell without the history.

    Args:
        opened_ms: stamp of the opening, for a file without ``opened_on``.
    """
    recorded = local_date(opened_ms)
    since = _day(root.get("opened_on")) or recorded
    if root.get("help_state") != "ended":
        return (Spell(since, recorded),)
    until = max(since, _day(root.get("help_changed_on")) or since)
    return (Spell(since, recorded, until, until, _text(root.get("help_reason"))),)


def spells_of_ops(ops: Iterable[Op], subject: Subject) -> tuple[Spell, ...]:
    """Spells by the operations that wrote the help state; what was taken back never happened."""
    folding = Folding(subject).extend(ops)
    state = folding.state()
    record = folding.written.get((subject.kind, subject.id))
    if record is None or not state.exists:
        return ()
    opened = state.root.opened
    recorded = local_date(opened[0].ms) if opened else date.min
    since = _day(state.root.get("opened_on")) or recorded
    path = _path(record, state)
    if not path:
        return (Spell(since, recorded),)
    return _spells(_turns(path, record, state, since), since)


@dataclass(frozen=True, slots=True)
class _Turn:
    state: str
    day: date
    recorded: date
    reason: str


def _path(record: Written, state: SubjectState) -> list[Write]:
    """The writes that led to the shown help state, oldest first, one for each change of it."""
    shown = state.root.fields.get("help_state")
    writes = record.writes.get("help_state", {})
    found: list[Write] = []
    at = shown.heads[0].op_id if shown and shown.heads else ""
    while at in writes:
        found.append(writes[at])
        known = [writes[b] for b in writes[at].bases if b in writes]
        best = max(known, key=lambda w: (w.head.stamp, w.head.op_id), default=None)
        at = best.head.op_id if best else ""
    found.reverse()
    kept: list[Write] = []
    for write in found:
        if write.head.value in _STATES and (not kept or kept[-1].head.value != write.head.value):
            kept.append(write)
    return kept


def _turns(path: Sequence[Write], record: Written, state: SubjectState, since: date) -> list[_Turn]:
    days = record.writes.get("help_changed_on", {})
    reasons = record.writes.get("help_reason", {})
    turns: list[_Turn] = []
    for place, write in enumerate(path):
        following = path[place + 1].head.op_id if place + 1 < len(path) else None
        recorded = local_date(write.head.stamp.ms)
        if place == 0 and write.head.value == "open":
            turns.append(_Turn("open", since, recorded, ""))
            continue
        if following is None:
            day, reason = state.root.get("help_changed_on"), state.root.get("help_reason")
        else:
            day = _as_known(days, write.head.op_id, following)
            reason = _as_known(reasons, write.head.op_id, following)
        known = _day(day) or (turns[-1].day if turns and place else None) or recorded
        turns.append(_Turn(str(write.head.value), known, recorded, _text(reason)))
    return turns


def _as_known(writes: dict[str, Write], own: str, following: str) -> object:
    """A field as the next turn knew it (a date put right in between counts), else as this turn wrote it."""
    later = writes.get(following)
    if later is not None:
        bases = [writes[b].head for b in later.bases if b in writes]
        best = max(bases, key=lambda h: (h.stamp, h.op_id), default=None)
        if best is not None:
            return best.value
    return writes[own].head.value if own in writes else None


def _spells(turns: Sequence[_Turn], since: date) -> tuple[Spell, ...]:
    found: list[Spell] = []
    floor = since
    for turn in turns:
        day = max(turn.day, floor)
        floor = day
        if turn.state == "open":
            found.append(Spell(day, turn.recorded))
        elif found:
            found[-1] = replace(found[-1], until=day, until_recorded=turn.recorded, reason=turn.reason)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Moved:
    """A file went from one station to another on a day; ``recorded`` when that was written down."""

    day: date
    origin: str
    target: str
    recorded: date


def moves_of_ops(ops: Iterable[Op]) -> tuple[Moved, ...]:
    """The moves that these operations mean, in order; one from where the file was not any more is none."""
    found: list[Moved] = []
    for op in sorted(ops, key=lambda o: (o.stamp, o.op_id)):
        values = op.payload.get("set") if op.kind is Kind.TRANSFERRED and op.payload is not None else None
        if not isinstance(values, dict):
            continue
        origin, target = _text(values.get("moved_from")), _text(values.get("station"))
        recorded = local_date(op.stamp.ms)
        if origin and target and (not found or found[-1].target == origin):
            found.append(Moved(_day(values.get("moved_on")) or recorded, origin, target, recorded))
    return tuple(found)


def at_station(spells: Iterable[Spell], moves: Sequence[Moved], here: Collection[str]) -> tuple[Spell, ...]:
    """What of these stays was at one of these stations: before a file came and after it left it stood on the
    books of another one.
    """
    if not moves:
        return tuple(spells)
    stays: list[tuple[Moved | None, Moved | None]] = []
    began: Moved | None = None
    is_here = moves[0].origin in here
    for move in moves:
        if is_here and move.target not in here:
            stays.append((began, move))
        if not is_here and move.target in here:
            began = move
        is_here = move.target in here
    if is_here:
        stays.append((began, None))
    cut = (_within(spell, first, last) for spell in spells for first, last in stays)
    return tuple(sorted((s for s in cut if s is not None), key=lambda s: s.since))


def _within(spell: Spell, first: Moved | None, last: Moved | None) -> Spell | None:
    if first is not None and first.day > spell.since:
        spell = replace(spell, since=first.day, since_recorded=first.recorded, came=True)
    if last is not None and (spell.until is None or last.day < spell.until):
        spell = replace(spell, until=last.day, until_recorded=last.recorded, reason=MOVED)
    if spell.until is not None and spell.until <= spell.since:
        return None
    return spell


def together(spells: Iterable[Spell]) -> tuple[Spell, ...]:
    """Spells of one person out of several files (merged ones): overlapping stays are one stay."""
    found: list[Spell] = []
    for spell in sorted(spells, key=lambda s: (s.since, s.until is None, s.until or s.since)):
        last = found[-1] if found else None
        if last is None or (last.until is not None and last.until <= spell.since):
            found.append(spell)
        elif last.until is not None and (spell.until is None or spell.until > last.until):
            found[-1] = replace(
                last, until=spell.until, until_recorded=spell.until_recorded, reason=spell.reason
            )
    return tuple(found)


def movements(spells: Sequence[Spell]) -> list[Movement]:
    """Comings and goings in order; between any two days they carry over exactly."""
    found: list[Movement] = []
    before: Spell | None = None
    for spell in spells:
        moved = spell.came or (before is not None and before.reason == MOVED)
        came = Move.MOVED_IN if moved else Move.NEW if before is None else Move.RESUMED
        found.append(Movement(came, spell.since, spell.since_recorded))
        if spell.until is not None:
            went = Move.MOVED_OUT if spell.reason == MOVED else Move.ENDED
            found.append(Movement(went, spell.until, spell.until_recorded or spell.until, spell.reason))
        before = spell
    return found


def present(spells: Iterable[Spell], day: date) -> bool:
    """Whether the person is on the books at the end of a day."""
    return any(s.covers(day) for s in spells)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _day(value: object) -> date | None:
    """A whole day; a month or year says nothing about the day and gives None."""
    return exact_day(value) if isinstance(value, str) else None
