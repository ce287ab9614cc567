"""Settling 两处填写不一致: one new version that knows all others. Pure: the log writes it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from jobdesk.cases import schema
from jobdesk.cases.errors import Refused
from jobdesk.cases.ops import Json, Kind, NewOp, fields_set
from jobdesk.cases.state import FieldState, Head, RecordKey, SubjectState


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
    state: SubjectState, record: RecordKey, name: str, value: Json, *, known: Collection[str] | None = None
) -> list[NewOp]:
    """A value is written with every version as its base; empty when there is no conflict.

    Versions that say the same are no conflict. A refused status move is settled alike, and goes.

    Args:
        known: op_ids of the versions that stood beside the field when the person chose; None means
            those of ``state``. One that arrived since stays an open conflict.

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
    return [fields_set(state.subject, *record, {name: value}, {name: bases}, kind=Kind.CONFLICT_SETTLED)]


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
