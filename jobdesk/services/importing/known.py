"""A file as an import compares with it: what is shown now, and everything that ever stood.

What an undone import wrote counts as never written; what a person changed or withdrew counts as having
stood, so that a sheet does not put it back (此后已改).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from jobdesk.cases.fold import Folding
from jobdesk.cases.ops import Json, Kind, Op, Subject
from jobdesk.cases.standing import Written
from jobdesk.cases.state import RecordState
from jobdesk.store.reads import Record

VERIFIED = frozenset({"system", "document"})
"""Sources that a ledger never overrules."""


@dataclass(slots=True)
class KnownRecord:
    """A root or child record.

    Attributes:
        shown: what stands now, sets as lists.
        stood: field → values that stood once; empty while the history was not looked at.
        gone: a person withdrew it, or it stands in a file that was merged into this one.
        waiting: fields with versions that wait for a person.
        state: for the bases of a change; None for rows read without heads and for records to be opened.
        opens: the record is opened by this import.
    """

    kind: str
    id: str
    shown: dict[str, Json]
    stood: dict[str, list[Json]] = field(default_factory=dict[str, list[Json]])
    gone: bool = False
    waiting: frozenset[str] = frozenset()
    state: RecordState | None = None
    opens: bool = False

    @property
    def verified(self) -> bool:
        return self.shown.get("source") in VERIFIED


@dataclass(slots=True)
class Person:
    """One file: its root and its child records by kind.

    Attributes:
        whole: the history was looked at; a difference found before that is only a suspicion.
        fresh: the file is opened by this import.
    """

    subject: Subject
    root: KnownRecord
    children: dict[str, list[KnownRecord]] = field(default_factory=dict[str, list[KnownRecord]])
    whole: bool = False
    fresh: bool = False

    def of(self, kind: str) -> list[KnownRecord]:
        return self.children.get(kind, [])


def fresh_person(subject: Subject) -> Person:
    """A file to be opened."""
    return Person(subject, KnownRecord(subject.kind, subject.id, {}, opens=True), whole=True, fresh=True)


def person_from_rows(subject: Subject, records: Iterable[Record]) -> Person:
    """What is shown, without heads and history: enough to see that nothing differs."""
    person = Person(subject, KnownRecord(subject.kind, subject.id, {}))
    for record in records:
        if record.kind == subject.kind:
            person.root.shown = dict(record.values)
        else:
            known = KnownRecord(record.kind, record.id, dict(record.values))
            person.children.setdefault(record.kind, []).append(known)
    return person


def person_from_ops(subject: Subject, ops: Iterable[Op], also: Iterable[list[Op]] = ()) -> Person:
    """The whole file with its history.

    Args:
        also: operations of files that were merged into this one: what they say counts as having stood.
    """
    person = Person(subject, KnownRecord(subject.kind, subject.id, {}), whole=True)
    _take(person, subject, list(ops), alias=False)
    for merged in also:
        if merged:
            _take(person, merged[0].subject, merged, alias=True)
    return person


def _take(person: Person, subject: Subject, ops: list[Op], *, alias: bool) -> None:
    folding = Folding(subject).extend(ops)
    state, undone = folding.state(), _undone_by_import(folding, ops)
    for (kind, record_id), written in folding.written.items():
        if written.ops <= undone:
            continue
        stands = state.records.get((kind, record_id))
        stood = _stood(written, undone)
        if kind == subject.kind:
            if alias:
                for name, values in stood.items():
                    person.root.stood.setdefault(name, []).extend(values)
            else:
                person.root = _known(kind, record_id, stands, stood)
            continue
        known = _known(kind, record_id, stands, stood)
        known.gone = known.gone or alias
        person.children.setdefault(kind, []).append(known)


def _known(
    kind: str, record_id: str, stands: RecordState | None, stood: dict[str, list[Json]]
) -> KnownRecord:
    shown = stands.values() if stands else {}
    waiting = frozenset(stands.conflicts) if stands else frozenset[str]()
    return KnownRecord(kind, record_id, shown, stood, stands is None, waiting, stands)


def _undone_by_import(folding: Folding, ops: Iterable[Op]) -> set[str]:
    undos = {op.op_id for op in ops if op.kind is Kind.WITHDRAWN and op.payload and op.payload.get("import")}
    if not undos:
        return set()
    back = folding.taken_back()
    return {o for o in back.ops if any(u in undos for u in back.by.get(o, ()))}


def _stood(written: Written, undone: set[str]) -> dict[str, list[Json]]:
    stood: dict[str, list[Json]] = {}
    for name, writes in written.writes.items():
        heads = (w.head.value for o, w in writes.items() if o not in undone)
        stood[name] = [value for value in heads if value is not None]
    for name, adds in written.adds.items():
        stood[name] = [v for o, values in adds.items() if o not in undone for v in values]
    return stood


def numbers_ever(ops: Iterable[Op]) -> tuple[set[str], bool]:
    """Every ID number that stood in a file, and whether the file stands."""
    listed = list(ops)
    if not listed:
        return set(), False
    folding = Folding(listed[0].subject).extend(listed)
    undone = _undone_by_import(folding, listed)
    root = folding.written.get((listed[0].subject.kind, listed[0].subject.id))
    found = _stood(root, undone).get("id_number", []) if root else []
    return {str(v) for v in found}, folding.state().exists
