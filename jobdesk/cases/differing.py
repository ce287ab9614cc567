"""What two people filled in differently, as questions for a person. Pure; what is shown the fold decides.

A question stands at a field of a record, or at a whole record that one took back while another worked on it.
Which questions there are, their versions and why one is shown follow from the folded state, so that every
desk asks the same whatever order things arrived in.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from jobdesk.cases import schema
from jobdesk.cases.clock import Stamp
from jobdesk.cases.ground import Ground
from jobdesk.cases.ops import Json
from jobdesk.cases.schema import FieldType
from jobdesk.cases.settling import versions
from jobdesk.cases.state import FieldState, Head, RecordKey, RecordState, SubjectState


class Sort(StrEnum):
    """What the question is about; each has a sentence of its own."""

    FIELD = "field"
    STATUS = "status"
    MERGE = "merge"
    TRANSFER = "transfer"
    REMOVAL = "removal"


class Why(StrEnum):
    """Why what is shown is shown."""

    LATER = "later"
    """Filled in later."""
    BEFORE = "before"
    """Critical: no clock decides, what both knew stays."""
    BLANK = "blank"
    """Critical, and there is nothing that both knew."""
    REFUSED = "refused"
    """A status move that was not allowed from where it started."""
    WORKED_ON = "worked_on"
    """Taken back by one while another, who did not know, worked on it: it stays."""


@dataclass(frozen=True, slots=True)
class Escalation:
    """报上级核定: who handed the question upward, when, why and in which life of which file.

    ``id`` is that of the record saying so.
    """

    id: str
    by: str
    at_ms: int
    reason: str
    stamp: Stamp

    @property
    def replica(self) -> str:
        """The life of the file in which it was handed upward."""
        return self.stamp.replica


@dataclass(frozen=True, slots=True)
class Difference:
    """One question.

    Attributes:
        field: empty for a whole record.
        versions: one for each different value, newest first; of a removal those who took it back.
        shown: the value in force; None for a blank.
        shown_by: the version that is shown; None where none of them is.
        known: operations that a decision knows: all heads and proposals, or all removals.
        escalation: set while the question waits for those above.
    """

    record: RecordKey
    field: str
    sort: Sort
    why: Why
    versions: tuple[Head, ...]
    shown: Json
    shown_by: Head | None
    known: tuple[str, ...]
    critical: bool = False
    escalation: Escalation | None = None

    @property
    def others(self) -> tuple[Head, ...]:
        """Versions that are not shown, newest first."""
        return tuple(v for v in self.versions if v is not self.shown_by)

    @property
    def newest(self) -> Stamp:
        return self.versions[0].stamp


_TRANSFER = frozenset({("case", "station"), ("household", "station")})


def sort_of(record: str, field: str) -> Sort:
    """Which sentence a question about this field takes."""
    if not field:
        return Sort.REMOVAL
    if (record, field) in schema.MOVES:
        return Sort.STATUS
    if (record, field) == ("case", "merged_into"):
        return Sort.MERGE
    return Sort.TRANSFER if (record, field) in _TRANSFER else Sort.FIELD


def differences(
    records: Iterable[RecordState], escalations: Iterable[RecordState] = ()
) -> tuple[Difference, ...]:
    """Every open question of a subject, its root first, fields in the order of a form.

    Args:
        records: all its records, or those that have a question.
        escalations: its records of that kind; those about something else are passed over.
    """
    handed = list(escalations)
    found: list[Difference] = []
    for record in records:
        if record.removals:
            found.append(_removal(record, handed))
        found += [_field(record, name, record.fields[name], handed) for name in record.conflicts]
    return tuple(sorted(found, key=_place))


def of_state(state: SubjectState) -> tuple[Difference, ...]:
    """``differences`` of a whole subject."""
    return differences(state, state.of("escalation"))


def settled_by_itself(state: SubjectState) -> int:
    """Fields that two wrote without knowing of each other, the same: no question, and nobody was asked."""
    return sum(
        len(f.heads) > 1 and not f.is_conflict and len({h.actor for h in f.heads}) > 1
        for record in state for f in record.fields.values()
    )  # fmt: skip


def _place(one: Difference) -> tuple[bool, str, str, int, str]:
    kind, record_id = one.record
    names = [f.name for f in schema.RECORDS.get(kind, ())]
    at = names.index(one.field) if one.field in names else -1
    return kind not in schema.CHILDREN, kind, record_id, at, one.field


def _field(record: RecordState, name: str, held: FieldState, handed: Sequence[RecordState]) -> Difference:
    key = (record.kind, record.id)
    critical = schema.is_critical(record.kind, name)
    found = versions(held)
    several = any(h.value != held.heads[0].value for h in held.heads[1:])
    if not several:
        why = Why.REFUSED
    elif critical:
        why = Why.BEFORE if held.value is not None else Why.BLANK
    else:
        why = Why.LATER
    shown_by = None
    if why in (Why.LATER, Why.REFUSED):
        shown_by = next((v for v in found if v in held.heads and v.value == held.value), None)
    known = tuple(h.op_id for h in (*held.heads, *held.proposals))
    return Difference(
        key, name, sort_of(record.kind, name), why, found, held.value, shown_by, known, critical,
        escalation_over(key, name, known, handed),
    )  # fmt: skip


def _removal(record: RecordState, handed: Sequence[RecordState]) -> Difference:
    key = (record.kind, record.id)
    known = tuple(h.op_id for h in record.removals)
    return Difference(
        key, "", Sort.REMOVAL, Why.WORKED_ON, record.removals, None, None, known, False,
        escalation_over(key, "", known, handed),
    )  # fmt: skip


def escalation_over(
    key: RecordKey, name: str, known: Sequence[str], handed: Sequence[RecordState]
) -> Escalation | None:
    """The latest that names one of the versions still standing."""
    found: list[Escalation] = []
    for one in handed:
        about = (one.text("record_kind"), one.text("record"), one.text("field"))
        named = one.sets.get("versions", {})
        if about == (*key, name) and any(k in named for k in known):
            stamp, by = one.opened or (Stamp(0, 0, ""), "")
            found.append(Escalation(one.id, one.text("staff") or by, stamp.ms, one.text("reason"), stamp))
    return max(found, key=lambda e: (e.at_ms, e.id), default=None)


# ---------------------------------------------------------------------- how it came about


@dataclass(frozen=True, slots=True)
class Point:
    """One point of the little time line: ``common`` is the nearest that all versions descend from; there may
    be several, of which none is nearer than another.
    """

    head: Head
    common: bool = False


def thread(ground: Ground, one: Difference) -> tuple[Point, ...]:
    """The values that all knew last, if any, each once, then the versions as they were written, oldest first.

    Nearest by knowledge, as the fold has it, not by the clock: two who settle the same question apart from
    each other have both its versions as what they knew, and no single one is the former value.
    """
    if one.sort is Sort.REMOVAL:
        return _thread_of_record(ground, one)
    record = ground.records.get(one.record)
    if record is None:
        return ()
    writes = {
        o: w for o, w in record.writes.get(one.field, {}).items()
        if ground.stands(o) and (o, one.field) not in ground.back.fields
    }  # fmt: skip
    common: set[str] | None = None
    for op_id in one.known:
        above: set[str] = set()
        queue = [op_id]
        while queue:
            at = writes.get(queue.pop())
            for base in at.bases if at else ():
                if base in writes and base not in above:
                    above.add(base)
                    queue.append(base)
        common = above if common is None else common & above
    points = [Point(v) for v in sorted(one.versions, key=lambda v: (v.stamp, v.op_id))]
    if not common:
        return tuple(points)
    passed = {b for c in common for b in writes[c].bases}
    nearest = sorted((writes[c].head for c in common if c not in passed), key=lambda h: (h.stamp, h.op_id))
    known: list[Head] = []
    for head in reversed(nearest):
        if all(head.value != k.value for k in known):
            known.insert(0, head)
    return (*(Point(head, common=True) for head in known), *points)


def _thread_of_record(ground: Ground, one: Difference) -> tuple[Point, ...]:
    """Its opening, the work of those who did not know, and the withdrawals."""
    record = ground.records.get(one.record)
    if record is None:
        return ()
    opens = sorted((op.stamp, o) for o, op in record.opens.items())
    meant = {t for k in one.known for t in ground.undos.get(k, {})}
    last = [
        ground.ops[o] for o in record.ops
        if o not in record.opens and o not in meant and ground.stands(o)
    ] or [
        op for k, r in ground.records.items() if one.record == ground.root and k != ground.root
        for o in r.ops if o not in meant and ground.stands(o) for op in [ground.ops[o]]
    ]  # fmt: skip
    points: list[Point] = []
    if opens:
        op = ground.ops[opens[0][1]]
        points.append(Point(Head(op.op_id, None, op.stamp, op.actor), common=True))
    latest = sorted(last, key=lambda op: (op.stamp, op.op_id))[-1:]
    tail = [Point(Head(op.op_id, "", op.stamp, op.actor)) for op in latest]
    tail += [Point(v) for v in one.versions]
    return (*points, *sorted(tail, key=lambda p: (p.head.stamp, p.head.op_id)))


# ---------------------------------------------------------------------- the same question of several people


class Alike(StrEnum):
    """Why questions of several people can be answered at once."""

    SAME = "same"
    """The very same values stand beside each other (the same 经办人 changed for many), whichever is shown."""
    LONGER = "longer"
    """The other version says what is shown, and more."""


def alike(one: Difference) -> tuple[tuple[str, ...], Alike] | None:
    """Questions with an equal key can take one answer; None when this one stands for itself alone.

    Critical fields, merges, whole records and what waits for those above are never answered in bulk.
    """
    if one.critical or one.escalation or one.sort not in (Sort.FIELD, Sort.STATUS) or one.shown_by is None:
        return None
    if len(one.versions) != 2:
        return None
    declared = schema.field(one.record[0], one.field)
    if declared is None or declared.masked or declared.sensitive:
        return None
    (other,) = one.others
    if is_longer(other.value, one.shown) and declared.type in (FieldType.TEXT, FieldType.LONG_TEXT):
        return (one.record[0], one.field), Alike.LONGER
    if isinstance(other.value, (dict, list)) or isinstance(one.shown, (dict, list)):
        return None
    pair = (told_apart(one.shown), told_apart(other.value))
    if one.why is not Why.LATER:  # a move that was refused: what is shown was not chosen by the clock
        return (one.record[0], one.field, one.why.value, *pair), Alike.SAME
    return (one.record[0], one.field, *sorted(pair)), Alike.SAME


def told_apart(value: Json) -> str:
    """A value as a key: what JSON tells apart is another one."""
    return repr(value)


def is_longer(other: Json, shown: Json) -> bool:
    """Whether one text holds the whole of the other and more; spaces do not count."""
    if not isinstance(other, str) or not isinstance(shown, str):
        return False
    longer, shorter = "".join(other.split()), "".join(shown.split())
    return len(longer) > len(shorter) > 0 and shorter in longer
