"""Folded state ⇄ rows: one direction writes, the other reads a person's file without folding.

``heads`` is JSON made small: operations are listed once and named by number; a field with one head
is just that number, since its value stands in ``data`` (unless it is of another shape, ``schema.fits``).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from jobdesk.cases import schema
from jobdesk.cases.clock import Stamp
from jobdesk.cases.ops import Json, Subject
from jobdesk.cases.spelling import speller
from jobdesk.cases.state import FieldState, Head, RecordKey, RecordState, SubjectState

_dump = speller()


@dataclass(frozen=True, slots=True)
class RecordLine:
    """The columns of one record row."""

    kind: str
    record_id: str
    subject_kind: str
    subject_id: str
    day: str | None
    data: str
    heads: str
    conflicts: int

    def as_tuple(self) -> tuple[str, str, str, str, str | None, str, str, int]:
        """In the order of INSERT_RECORD."""
        return (self.kind, self.record_id, self.subject_kind, self.subject_id, self.day, self.data,
                self.heads, self.conflicts)  # fmt: skip


INSERT_RECORD = (
    "INSERT OR REPLACE INTO record_row"
    "(kind, record_id, subject_kind, subject_id, day, data, heads, conflicts) VALUES (?,?,?,?,?,?,?,?)"
)


def _listed(head: Head) -> list[str | int]:
    s = head.stamp
    return [head.op_id, s.ms, s.counter, s.replica, head.actor]


class _Known:
    """Operations named once each, numbered by first use."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self.listed: list[list[str | int]] = []

    def head(self, head: Head) -> int:
        found = self.numbers.get(head.op_id)
        if found is None:
            found = self.numbers[head.op_id] = len(self.listed)
            self.listed.append(_listed(head))
        return found

    def bare(self, op_id: str) -> int:
        found = self.numbers.get(op_id)
        if found is None:
            found = self.numbers[op_id] = len(self.listed)
            self.listed.append([op_id])
        return found


def line_of(subject: Subject, record: RecordState) -> RecordLine:
    """One record as its row: fields by name, so that the order in which they arrived leaves no trace."""
    only = _only_head(record)
    if only is not None:
        heads: dict[str, Any] = {"f": dict.fromkeys(record.fields, 0), "ops": [_listed(only)]}
        return _row(subject, record, _shown(record), heads, 0)
    known = _Known()
    fields: dict[str, Any] = {}
    conflicts = 0
    for name in sorted(record.fields):
        state = record.fields[name]
        if _is_its_head(state):
            fields[name] = known.head(state.heads[0])
            continue
        conflicts += state.is_conflict
        fields[name] = [[[known.head(h), h.value] for h in state.heads],
                        [[known.head(h), h.value] for h in state.proposals]]  # fmt: skip
    heads = {"f": fields}
    if record.sets:
        heads["s"] = {
            n: {v: [known.bare(t) for t in tags] for v, tags in s.items()}
            for n, s in sorted(record.sets.items())
        }
    if record.removals:
        conflicts += 1
        heads["w"] = [known.head(h) for h in record.removals]
    heads["ops"] = known.listed
    data = _shown(record)
    data.update({n: list[Json](sorted(s)) for n, s in record.sets.items()})
    return _row(subject, record, data, heads, conflicts)


def _shown(record: RecordState) -> dict[str, Json]:
    return {n: f.value for n, f in record.fields.items() if f.value is not None}


def _is_its_head(state: FieldState) -> bool:
    """Whether the value is that of the one version there is; one of another shape is not shown."""
    if len(state.heads) != 1 or state.proposals:
        return False
    return state.value is not None or state.heads[0].value is None


def _only_head(record: RecordState) -> Head | None:
    """The operation that wrote every field, of a record that holds nothing else: nearly every record."""
    if record.sets or record.removals:
        return None
    only: Head | None = None
    for state in record.fields.values():
        if not _is_its_head(state):
            return None
        head = state.heads[0]
        if only is None:
            only = head
        elif head.op_id != only.op_id:
            return None
    return only


def _row(
    subject: Subject, record: RecordState, data: dict[str, Json], heads: dict[str, Any], conflicts: int
) -> RecordLine:
    if record.opened:
        stamp, actor = record.opened
        heads["o"] = [stamp.ms, stamp.counter, stamp.replica, actor]
    return RecordLine(
        record.kind, record.id, subject.kind, subject.id, schema.day_of(record.kind, data),
        _dump(data), _dump(heads), conflicts,
    )  # fmt: skip


def record_of(kind: str, record_id: str, data_text: str, heads_text: str) -> RecordState:
    """The record that ``line_of`` wrote."""
    data = cast("dict[str, Json]", json.loads(data_text))
    heads = json.loads(heads_text)
    ops = [
        (o[0], Stamp(o[1], o[2], o[3]) if len(o) > 1 else None, o[4] if len(o) > 1 else "")
        for o in heads["ops"]
    ]

    def head(number: int, value: Json) -> Head:
        op_id, stamp, actor = ops[number]
        return Head(op_id, value, stamp or Stamp(0, 0, ""), actor)

    fields: dict[str, FieldState] = {}
    for name, entry in cast("dict[str, Any]", heads["f"]).items():
        value = data.get(name)
        if isinstance(entry, int):
            fields[name] = FieldState(value, (head(entry, value),))
        else:
            fields[name] = FieldState(
                value, tuple(head(n, v) for n, v in entry[0]), tuple(head(n, v) for n, v in entry[1])
            )
    sets = {
        name: {value: tuple(ops[n][0] for n in tags) for value, tags in values.items()}
        for name, values in cast("dict[str, dict[str, list[int]]]", heads.get("s", {})).items()
    }
    opened = heads.get("o")
    return RecordState(
        kind, record_id, fields, sets,
        (Stamp(opened[0], opened[1], opened[2]), opened[3]) if opened else None,
        tuple(head(n, None) for n in heads.get("w", ())),
    )  # fmt: skip


def state_of(
    subject: Subject, rows: Iterable[tuple[str, str, str, str]], erased: bool = False
) -> SubjectState:
    """A subject from its rows (kind, record_id, data, heads); equal to the fold of its operations."""
    records: Mapping[RecordKey, RecordState] = {(k, r): record_of(k, r, d, h) for k, r, d, h in rows}
    return SubjectState(subject, records, erased)
