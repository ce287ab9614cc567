"""Settling 两处填写不一致: one new version that knows all others. Pure: the log writes it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace

from jobdesk.cases import schema
from jobdesk.cases.errors import Refused
from jobdesk.cases.ground import Ground
from jobdesk.cases.ops import Json, Kind, NewOp, Op, fields_set, withdrawn
from jobdesk.cases.state import FieldState, Head, RecordKey, RecordState, SubjectState

KEPT, TOOK, THIRD = "kept", "took", "third"
"""``how`` of a settling operation: what was shown stays, another version is taken, a third is written."""


def versions(held: FieldState) -> tuple[Head, ...]:
    """What a person chooses from: one head per different value, newest first, then refused moves."""
    found: list[Head] = []
    for head in (*held.heads, *held.proposals):
        if not any(_same(head.value, f.value) for f in found):
            found.append(head)
    return tuple(found)


def keep_shown(state: SubjectState, record: RecordKey, name: str) -> list[NewOp]:
    """What is shown stays; the other versions are settled.

    Of a critical field this is the last common value, which may be a blank.
    """
    return settle(state, record, name, _field(state, record, name).value)


def take(state: SubjectState, record: RecordKey, name: str, op_id: str) -> list[NewOp]:
    """The version of this head or refused move becomes the value.

    Raises:
        Refused: ``conflict_gone`` when nobody's standing version has this id any more (settled or
            replaced meanwhile); ``move_not_allowed`` as in ``settle``.
    """
    held = _field(state, record, name)
    for head in (*held.heads, *held.proposals):
        if head.op_id == op_id:
            return settle(state, record, name, head.value)
    raise Refused("conflict_gone")


def settle(
    state: SubjectState, record: RecordKey, name: str, value: Json, *,
    known: Collection[str] | None = None, reason: str = "",
) -> list[NewOp]:  # fmt: skip
    """A value is written with every version as its base; empty when there is no conflict.

    Versions that say the same are no conflict. A refused status move is settled alike, and goes.

    Args:
        known: op_ids of the versions that stood beside the field when the person chose; None means
            those of ``state``. One that arrived since stays an open conflict.
        reason: why, in words of the person; may be empty.

    Raises:
        Refused: ``move_not_allowed`` when a status cannot become ``value`` from any standing version.
    """
    held = _field(state, record, name)
    if not held.is_conflict:
        return []
    bases = [h.op_id for h in (*held.heads, *held.proposals) if known is None or h.op_id in known]
    if not bases:
        raise Refused("conflict_gone")
    _check_move(record[0], name, [h.value for h in held.heads], value)
    op = fields_set(
        state.subject, *record, {name: value}, {name: bases}, kind=Kind.CONFLICT_SETTLED,
        reason=reason or None,
    )  # fmt: skip
    return [replace(op, payload={**op.payload, "how": _how(held, value)})]


def said_with(
    state: SubjectState, record: RecordKey, name: str, chosen: Head, *,
    known: Collection[str], leave: Collection[str] = (), reason: str = "",
) -> list[NewOp]:  # fmt: skip
    """What the chosen version of a status said together with it (why help ended, since when) goes with it.

    Where versions of the same status say different things about it, that stays a question of its own.

    Args:
        known: versions of the status that the person chose from; leave: fields that wait for those above.
    """
    status = _field(state, record, name)
    sides = [h for h in (*status.heads, *status.proposals) if h.op_id in known]
    alike = [h for h in sides if _same(h.value, chosen.value)]
    ops: list[NewOp] = []
    for other in schema.SAID_WITH.get((record[0], name), ()):
        held = _field(state, record, other)
        said = [h.value for h in held.heads if _stood_by(h, alike)]
        if other in leave or not said or any(not _same(v, said[0]) for v in said):
            continue
        seen = [h.op_id for h in (*held.heads, *held.proposals) if _stood_by(h, sides)]
        ops += settle(state, record, other, said[0], known=seen, reason=reason)
    return ops


def _stood_by(head: Head, moves: Iterable[Head]) -> bool:
    """Whether it was there when one of these was written: on the same computer, and not later."""
    return any(m.stamp.replica == head.stamp.replica and head.stamp <= m.stamp for m in moves)


def of_one_event(record: RecordState, name: str, known: Collection[str]) -> tuple[str, ...]:
    """Fields that were said together with this one, by one of the operations of a question about it.

    Where the status itself is in question they go with its answer (``said_with``), and there are none.
    """
    for (kind, status), said in schema.SAID_WITH.items():
        if kind != record.kind or name not in said or status in record.conflicts:
            continue
        return tuple(
            other for other in said if other != name
            and (held := record.fields.get(other)) is not None and any(h.op_id in known for h in held.heads)
        )  # fmt: skip
    return ()


def event_with(
    state: SubjectState, record: RecordKey, name: str, chosen: Head, *, known: Collection[str],
    before: Callable[[str, str], Json], leave: Collection[str] = (), reason: str = "",
) -> list[NewOp]:  # fmt: skip
    """What the operation of the chosen version said besides (the note and the day of the same end of help)
    goes with it: two events of which each gives a part are one that nobody told.

    Args:
        before: the value that an operation (id) replaced in a field.
        leave: fields that wait for those above.
    """
    held = state.record(*record)
    ops: list[NewOp] = []
    for other in of_one_event(held, name, known):
        field = held.fields[other]
        mine = next((h for h in field.heads if h.op_id == chosen.op_id), None)
        if other in leave:
            continue
        if mine is not None:
            seen = [h.op_id for h in field.heads if h.op_id in known]
            ops += settle(state, record, other, mine.value, known=seen, reason=reason)
        elif _both_moved(held, other, known) and all(h.op_id in known for h in field.heads):
            # only the event that was not chosen wrote it: what stood there before stands with the chosen one
            value = before(field.heads[0].op_id, other)
            bases = {other: [h.op_id for h in field.heads]}
            op = fields_set(
                state.subject, *record, {other: value}, bases, kind=Kind.CONFLICT_SETTLED,
                reason=reason or None,
            )  # fmt: skip
            ops.append(replace(op, payload={**op.payload, "how": TOOK}))
    return ops


def _both_moved(held: RecordState, said: str, known: Collection[str]) -> bool:
    """Whether each of these operations moved the status with which a field is said."""
    status = next((s for (k, s), names in schema.SAID_WITH.items() if k == held.kind and said in names), "")
    heads = held.fields[status].heads if status in held.fields else ()
    return set(known) <= {h.op_id for h in heads}


def said_together(record: str, name: str) -> frozenset[str]:
    """A field, with the status it is said with and all that is said with it."""
    groups = [
        {status, *said} for (kind, status), said in schema.SAID_WITH.items()
        if kind == record and name in (status, *said)
    ]  # fmt: skip
    return frozenset({name}.union(*groups))


def keep_record(state: SubjectState, record: RecordKey, *, reason: str = "") -> list[NewOp]:
    """A record that somebody meant to take back while others worked on it stays for good.

    Raises:
        Refused: ``conflict_gone`` when nobody means to take it back any more.
    """
    held = state.record(*record)
    if not held.removals:
        raise Refused("conflict_gone")
    back = withdrawn(state.subject, [h.op_id for h in held.removals], reason=reason or None)
    return [back, _told(state, record, KEPT, [h.op_id for h in held.removals], reason)]


def remove_record(
    state: SubjectState, record: RecordKey, ops: Iterable[Op], *, reason: str = ""
) -> list[NewOp]:
    """The record goes, with everything written to it since; undo brings it back.

    Args:
        ops: all operations of the subject.

    Raises:
        Refused: ``conflict_gone`` as in ``keep_record``; ``conflict_file_stays`` for the root: a file on
            which somebody worked is withdrawn in the file itself, where everything in it is in sight.
    """
    held = state.record(*record)
    if not held.removals:
        raise Refused("conflict_gone")
    if record == (state.subject.kind, state.subject.id):
        raise Refused("conflict_file_stays")
    standing = sorted(Ground(state.subject, ops).standing(record))
    gone = withdrawn(state.subject, standing, kind=Kind.WITHDRAWN, reason=reason or None)
    return [gone, _told(state, record, TOOK, [h.op_id for h in held.removals], reason)]


def _told(state: SubjectState, record: RecordKey, how: str, removals: list[str], reason: str) -> NewOp:
    """Who decided about a whole record, kept with the root so that it outlives the record."""
    about: dict[str, Json] = {"record": record[0], "id": record[1], "removals": list[Json](removals)}
    op = fields_set(
        state.subject, state.subject.kind, state.subject.id, {}, {}, kind=Kind.CONFLICT_SETTLED,
        reason=reason or None,
    )  # fmt: skip
    return replace(op, payload={**op.payload, "how": how, "about": about})


def settled_place(body: Mapping[str, Json]) -> tuple[RecordKey, str]:
    """Where the payload of a settling operation stands; the field is empty for a whole record."""
    about, written = body.get("about"), body.get("set")
    record = about if isinstance(about, dict) else body
    name = next(iter(written), "") if isinstance(written, dict) else ""
    return (str(record.get("record") or ""), str(record.get("id") or "")), name


def known_versions(body: Mapping[str, Json] | None) -> list[str]:
    """Operations that a decision knew, by its payload; none where that was erased."""
    told = body or {}
    about, bases = told.get("about"), told.get("bases")
    if isinstance(about, dict):
        listed: Json = about.get("removals")
    else:
        known = bases.values() if isinstance(bases, dict) else ()
        listed = [b for v in known if isinstance(v, list) for b in v]
    return [b for b in listed if isinstance(b, str)] if isinstance(listed, list) else []


def _how(held: FieldState, value: Json) -> str:
    if _same(value, held.value):
        return KEPT
    return TOOK if any(_same(value, h.value) for h in (*held.heads, *held.proposals)) else THIRD


def _check_move(kind: str, name: str, starts: list[Json], value: Json) -> None:
    moves: Mapping[str | None, frozenset[str]] | None = schema.MOVES.get((kind, name))
    if moves is None:
        return
    known = [s for s in starts if isinstance(s, str)] or [None]
    if not any(isinstance(value, str) and (value == s or value in moves.get(s, ())) for s in known):
        raise Refused("move_not_allowed")


def _same(one: Json, other: Json) -> bool:
    return type(one) is type(other) and one == other


def _field(state: SubjectState, record: RecordKey, name: str) -> FieldState:
    return state.record(*record).fields.get(name) or FieldState(None, ())
