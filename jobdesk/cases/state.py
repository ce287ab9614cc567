"""What the operations of one subject fold to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from jobdesk.cases.clock import Stamp
from jobdesk.cases.ops import Json, Subject

RecordKey = tuple[str, str]
"""(record kind, record id)"""


@dataclass(frozen=True, slots=True)
class Head:
    """A version of a field that no later edit knew of and replaced."""

    op_id: str
    value: Json
    stamp: Stamp
    actor: str


@dataclass(frozen=True, slots=True)
class FieldState:
    """One field as it stands.

    Attributes:
        value: what is shown; of a critical field with several versions the last common one, or None. Never
            one of another shape than the field takes (``schema.fits``).
        heads: all versions nobody replaced, greatest stamp first; their op_ids are the *bases* of an
            edit made while looking at this state.
        proposals: status moves that were not allowed from where they started; visible, without effect.
    """

    value: Json
    heads: tuple[Head, ...]
    proposals: tuple[Head, ...] = ()

    @property
    def is_conflict(self) -> bool:
        """Whether versions that say different things stand side by side. Equal values are none."""
        first = self.heads[0].value if self.heads else None
        return any(h.value != first for h in self.heads[1:]) or bool(self.proposals)

    @property
    def is_odd(self) -> bool:
        """Whether the only thing written is nothing that the field takes (``schema.fits``): blank to whoever
        reads the file, and to be told where it is edited.
        """
        return self.value is None and not self.is_conflict and any(h.value is not None for h in self.heads)


@dataclass(frozen=True, slots=True)
class RecordState:
    """A root or child record.

    Attributes:
        sets: for each set field, value → ids of the operations that added it and were not dropped.
        opened: stamp and actor of the opening; None while only later operations have arrived.
        removals: withdrawals that meant to take the record back and could not, since somebody who did not
            know of them had worked on it; newest first. They wait for a person.
    """

    kind: str
    id: str
    fields: Mapping[str, FieldState]
    sets: Mapping[str, Mapping[str, tuple[str, ...]]] = field(
        default_factory=lambda: MappingProxyType[str, Mapping[str, tuple[str, ...]]]({})
    )
    opened: tuple[Stamp, str] | None = None
    removals: tuple[Head, ...] = ()

    def get(self, name: str) -> Json:
        """The shown value; for a set field its values in order; None when nothing is known."""
        if name in self.fields:
            return self.fields[name].value
        if name in self.sets:
            return list[Json](sorted(self.sets[name]))
        return None

    def text(self, name: str) -> str:
        """The shown value as text; empty when nothing is known or it is not text."""
        value = self.get(name)
        return value if isinstance(value, str) else ""

    def values(self) -> dict[str, Json]:
        """All shown values, without blanks."""
        out: dict[str, Json] = {k: f.value for k, f in self.fields.items() if f.value is not None}
        out.update({k: list[Json](sorted(v)) for k, v in self.sets.items() if v})
        return out

    def bases(self, *names: str) -> dict[str, list[str]]:
        """For each field the heads that a form loaded from this state knows."""
        return {n: [h.op_id for h in self.fields[n].heads] if n in self.fields else [] for n in names}

    def drops(self, name: str, values: list[str]) -> list[Json]:
        """The payload that takes these values out of a set, knowing just what is here."""
        tags = self.sets.get(name, {})
        return [[v, list[Json](tags[v])] for v in values if v in tags]

    @property
    def conflicts(self) -> tuple[str, ...]:
        """Names of fields that wait for a person."""
        return tuple(n for n, f in self.fields.items() if (len(f.heads) > 1 or f.proposals) and f.is_conflict)


@dataclass(frozen=True, slots=True)
class SubjectState:
    """Everything known about one subject. Equal states compare equal whatever operations led there."""

    subject: Subject
    records: Mapping[RecordKey, RecordState]
    erased: bool = False

    @property
    def exists(self) -> bool:
        """Whether a root record stands (it was opened and not withdrawn)."""
        return (self.subject.kind, self.subject.id) in self.records

    @property
    def root(self) -> RecordState:
        """The root record; an empty one while it does not stand."""
        key = (self.subject.kind, self.subject.id)
        return self.records.get(key) or RecordState(*key, {})

    def of(self, kind: str) -> list[RecordState]:
        """Child records of a kind, oldest opening first."""
        found = [r for (k, _), r in self.records.items() if k == kind]
        return sorted(found, key=lambda r: (r.opened[0] if r.opened else Stamp(0, 0, ""), r.id))

    def record(self, kind: str, record_id: str) -> RecordState:
        """One record; an empty one when it does not stand."""
        return self.records.get((kind, record_id)) or RecordState(kind, record_id, {})

    def __iter__(self) -> Iterator[RecordState]:
        return iter(self.records.values())
