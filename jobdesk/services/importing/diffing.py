"""What a row would change in a file: value against value, and which record here is meant.

An empty cell never erases. A value that stood once and was changed since is not put back. What the
provincial system or a document says is never overruled by a ledger. A coarser date says nothing new.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from jobdesk.cases.ids import IdSource
from jobdesk.cases.ops import Json
from jobdesk.cases.schema import FieldType
from jobdesk.cases.schema import field as schema_field
from jobdesk.services.importing.blocks import Block, RowFacts, opening_values
from jobdesk.services.importing.known import KnownRecord, Person
from jobdesk.services.importing.verdicts import CellState, Mark

KEYS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "registration": (("since",), ("reason", "kind", "registered")),
    "recognition": (("category",), ("category_text",)),
    "placement": (("unit",), ("since", "form", "post")),
    "benefit": (("since",), ("until",)),
    "service": (("served_on", "content", "type"),),
    "subsidy": (("kind", "since"),),
    "group": (("kind",),),
    "employment": (("unit",), ("since",)),
}
"""Which record here a sheet means: of the first group of fields that both sides know, all must agree."""

_DATES = frozenset({FieldType.DATE, FieldType.DAY, FieldType.MONTH})
_PHONES = ("phone", "phone_2")


@dataclass(slots=True)
class Edit:
    """Fields of a record here that change; sets only grow."""

    record: KnownRecord
    values: dict[str, Json] = field(default_factory=dict[str, Json])
    adds: dict[str, list[Json]] = field(default_factory=dict[str, list[Json]])


@dataclass(slots=True)
class Delta:
    """What a row writes, and what becomes of each of its values (by target)."""

    marks: dict[str, Mark] = field(default_factory=dict[str, Mark])
    edits: list[Edit] = field(default_factory=list[Edit])
    opens: list[Block] = field(default_factory=list[Block])

    @property
    def writes(self) -> bool:
        return bool(self.edits or self.opens)

    @property
    def quiet(self) -> bool:
        """Nothing differs at all, so that the history needs no look."""
        return not self.opens and all(m.state is CellState.UNCHANGED for m in self.marks.values())


def diff(facts: RowFacts, person: Person, takes: Collection[str] = ()) -> Delta:
    """A row against a file. Nothing is taken in; see :func:`learn`.

    Args:
        takes: targets whose value the clerk wants although it was changed here since.
    """
    delta = Delta()
    _fields(person.root, facts.root, {n: f"{person.subject.kind}.{n}" for n in facts.root}, delta, takes)
    used: set[str] = set()
    for block in facts.blocks:
        record = _meant(block, person.of(block.kind), used)
        if record is None:
            delta.opens.append(block)
            for name, target in block.targets.items():
                delta.marks[target] = Mark(CellState.NEW, None, block.values[name])
        else:
            used.add(record.id)
            _fields(record, block.values, block.targets, delta, takes)
    return delta


def learn(delta: Delta, person: Person, new_id: IdSource) -> list[KnownRecord]:
    """Take in what a row gives, so that a later row of the file is compared with it.

    Returns the records it opens.
    """
    created: list[KnownRecord] = []
    for edit in delta.edits:
        edit.record.shown.update(edit.values)
        for name, values in edit.adds.items():
            present = edit.record.shown.get(name)
            edit.record.shown[name] = [*(present if isinstance(present, list) else []), *values]
    for block in delta.opens:
        record = KnownRecord(block.kind, new_id(), opening_values(block), opens=True)
        person.children.setdefault(block.kind, []).append(record)
        created.append(record)
    return created


def _fields(
    record: KnownRecord,
    values: Mapping[str, Json],
    targets: Mapping[str, str],
    delta: Delta,
    takes: Collection[str],
) -> None:
    edit = Edit(record)
    for name, value in values.items():
        wanted = targets[name] in takes and not record.gone
        mark = (
            _added(record, name, value, edit, wanted)
            if isinstance(value, list)
            else _mark(record, name, value, wanted)
        )
        delta.marks[targets[name]] = mark
        if mark.state in (CellState.NEW, CellState.CHANGED) and not isinstance(value, list):
            edit.values[name] = mark.new
    if edit.values or edit.adds:
        delta.edits.append(edit)


def _mark(record: KnownRecord, name: str, value: Json, wanted: bool) -> Mark:
    here = record.shown.get(name)
    if here is not None and agrees(record.kind, name, value, here):
        return Mark(CellState.UNCHANGED, here, value, record.id)
    if name in _PHONES and any(value == record.shown.get(p) for p in _PHONES):
        return Mark(CellState.UNCHANGED, value, value, record.id)
    if record.gone:
        return Mark(CellState.SINCE, here, value)
    if _stood(record, name, value) and not wanted:
        return Mark(CellState.SINCE, here, value, record.id)
    if name in record.waiting or (record.verified and here is not None):
        return Mark(CellState.CHECK, here, value, record.id)
    if here is None:
        return Mark(CellState.NEW, None, value, record.id)
    if name == "note" and isinstance(here, str) and isinstance(value, str):
        return Mark(CellState.CHANGED, here, f"{here}；{value}", record.id)
    return Mark(CellState.CHANGED, here, value, record.id)


def _stood(record: KnownRecord, name: str, value: Json) -> bool:
    return any(agrees(record.kind, name, value, once) for once in record.stood.get(name, ()))


def _added(record: KnownRecord, name: str, value: list[Json], edit: Edit, wanted: bool) -> Mark:
    """A set: what is missing is added, what was once there and dropped is not."""
    here = record.shown.get(name)
    present = here if isinstance(here, list) else []
    missing = [v for v in value if v not in present]
    since = [v for v in missing if record.gone or (v in record.stood.get(name, ()) and not wanted)]
    fresh = [v for v in missing if v not in since]
    if fresh:
        edit.adds[name] = fresh
        state = CellState.CHANGED if present else CellState.NEW
        return Mark(state, here, [*present, *fresh], record.id)
    where = "" if record.gone else record.id
    return Mark(CellState.SINCE if since else CellState.UNCHANGED, here, value, where)


def agrees(kind: str, name: str, said: Json, here: Json) -> bool:
    """Whether a sheet says nothing but what is here: equal, a coarser date, a text that stands in a note."""
    if said == here:
        return True
    if not isinstance(said, str) or not isinstance(here, str):
        return False
    if name == "note":
        return said in here
    if len(said) < len(here) and here.startswith(said) and here[len(said)] == "-":
        declared = schema_field(kind, name)
        return declared is not None and declared.type in _DATES
    return False


def _meant(block: Block, here: list[KnownRecord], used: set[str]) -> KnownRecord | None:
    """The record here that a block speaks of; one that stands goes before one that was withdrawn."""
    free = [r for r in here if r.id not in used]
    same = [r for r in free if all(_ever(r, n, v) for n, v in block.values.items())]
    found = same or [r for r in free if _same_key(block, r)]
    return min(found, key=lambda r: r.gone, default=None)


def _ever(record: KnownRecord, name: str, value: Json) -> bool:
    here = record.shown.get(name)
    return (here is not None and agrees(record.kind, name, value, here)) or _stood(record, name, value)


def _same_key(block: Block, record: KnownRecord) -> bool:
    for group in KEYS.get(block.kind, ()):
        both = [n for n in group if n in block.values and (n in record.shown or record.stood.get(n))]
        if both:
            return all(_ever(record, n, block.values[n]) or _finer(block, record, n) for n in both)
    return False


def _finer(block: Block, record: KnownRecord, name: str) -> bool:
    """The sheet knows the day where the record has the month: the same, said better."""
    here = record.shown.get(name)
    return here is not None and agrees(record.kind, name, here, block.values[name])
