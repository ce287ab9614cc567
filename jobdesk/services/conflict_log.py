"""What was decided about 两处填写不一致: who, when, where and how, and what crossed it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace

from jobdesk.cases.differing import Escalation, of_state
from jobdesk.cases.ops import Json, Kind, Op, Subject
from jobdesk.cases.settling import KEPT, THIRD, TOOK, known_versions, settled_place
from jobdesk.cases.state import RecordKey
from jobdesk.services.conflict_board import Names, names_of
from jobdesk.services.desk import Desk
from jobdesk.store import conflict_reads, crossings, reads
from jobdesk.store.conflict_reads import Who
from jobdesk.store.log import Connection, ops_named, ops_of_subject
from jobdesk.store.moved import is_signed

MOST_SETTLED = 500
"""Own figure: more decisions are counted, not listed; the printed log takes as many as its span holds."""


@dataclass(frozen=True, slots=True)
class Version:
    """A version that a decision knew."""

    value: Json
    actor: str
    at_ms: int
    replica: str


@dataclass(frozen=True, slots=True)
class Answered:
    """Who answered a question, when, and in which life of which file."""

    by: str
    at_ms: int
    replica: str


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision.

    Attributes:
        how: ``kept took third``, empty where an older program did not say.
        versions: newest first. value: what holds since; of a whole record whether it stays.
        together: how many questions the same action answered; standing: ids of those of these decisions
            that nobody took back.
        undone: it was taken back.
        crossed: somebody had handed the question upward, and whoever decided did not know of it yet.
        waits: it was taken back, and what was handed upward waits for those above again.
        later: who answered that question since, in force.
        above: a desk over the stations decided, and signed with the name of its office.
    """

    op_id: str
    action_id: str
    subject: Subject
    who: Who
    record: RecordKey
    field: str
    how: str
    value: Json
    versions: tuple[Version, ...]
    by: str
    at_ms: int
    replica: str
    reason: str
    together: int
    undone: bool
    crossed: Escalation | None = None
    standing: frozenset[str] = frozenset()
    waits: bool = False
    later: Answered | None = None
    above: bool = False


@dataclass(frozen=True, slots=True)
class Decisions:
    """Newest first; ``total`` counts those that are not listed too."""

    lines: tuple[Decision, ...]
    total: int
    names: Names


def decisions(desk: Desk, *, limit: int = MOST_SETTLED, since_ms: int = 0) -> Future[Decisions]:
    """What was decided, here or elsewhere, with who, when and how."""
    return desk.read(lambda con: _told(con, conflict_reads.settlings(con, limit, since_ms)))


def decisions_named(desk: Desk, op_ids: Collection[str]) -> Future[Decisions]:
    """The same of these; those that are not here are left out."""
    return desk.read(lambda con: _told(con, list(ops_named(con, op_ids).values())))


def decisions_about(desk: Desk, subject_id: str) -> Future[Decisions]:
    """The same of one subject, newest first."""

    def job(con: Connection) -> Decisions:
        ops = [op for op in ops_of_subject(con, subject_id) if op.kind is Kind.CONFLICT_SETTLED]
        return _told(con, sorted(ops, key=lambda op: (op.stamp, op.op_id), reverse=True))

    return desk.read(job)


def _told(con: Connection, ops: Sequence[Op]) -> Decisions:
    bases = ops_named(con, {b for op in ops for b in known_versions(op.payload)})
    subjects = {op.subject.id for op in ops}
    gone = conflict_reads.taken_back(con, subjects)
    crossed = crossings.crossed(con, ops)
    who = conflict_reads.people(con, subjects)
    together: dict[str, set[str]] = {}
    for op in ops:
        together.setdefault(op.action_id, set()).add(op.op_id)
    lines = [
        _decision(op, bases, who.get(op.subject.id, Who("")), together[op.action_id], gone,
                  crossed.get(op.op_id))
        for op in ops if op.payload is not None
    ]  # fmt: skip
    lines = [_since(con, d, gone) if d.undone and d.crossed is not None else d for d in lines]
    quoted = {
        v for d in lines if d.field in ("merged_into", "case")
        for v in (d.value, *(x.value for x in d.versions)) if isinstance(v, str)
    }  # fmt: skip
    stations = {
        v for d in lines if d.field == "station"
        for v in (d.value, *(x.value for x in d.versions)) if isinstance(v, str)
    }  # fmt: skip
    names = names_of(con, subjects, quoted, stations)
    return Decisions(tuple(lines), conflict_reads.count_settled(con), names)


def _since(con: Connection, one: Decision, gone: Collection[str]) -> Decision:
    """What became of a question handed upward, once the decision that crossed it had been taken back."""
    assert one.crossed is not None
    asked = of_state(reads.subject_state(con, one.subject))
    now = next((d for d in asked if (d.record, d.field) == (one.record, one.field)), None)
    if now is not None and now.escalation is not None and now.escalation.id == one.crossed.id:
        return replace(one, waits=True)
    answers = [
        op for op in ops_of_subject(con, one.subject.id)
        if op.kind is Kind.CONFLICT_SETTLED and op.op_id not in gone and op.stamp > one.crossed.stamp
        and settled_place(op.payload or {}) == (one.record, one.field)
    ]  # fmt: skip
    last = max(answers, key=lambda op: (op.stamp, op.op_id), default=None)
    if last is None:
        return one
    return replace(one, later=Answered(last.actor, last.stamp.ms, last.replica_id))


def _decision(
    op: Op,
    bases: Mapping[str, Op],
    who: Who,
    together: set[str],
    gone: Collection[str],
    crossed: Escalation | None,
) -> Decision:
    body = op.payload or {}
    written = body.get("set")
    values = written if isinstance(written, dict) else {}
    key, name = settled_place(body)
    known = [bases[b] for b in known_versions(body) if b in bases]
    versions: list[Version] = []
    for base in sorted(known, key=lambda b: (b.stamp, b.op_id), reverse=True):
        told = (base.payload or {}).get("set")
        value = told.get(name) if isinstance(told, dict) else None
        if not any(type(v.value) is type(value) and v.value == value for v in versions) or not name:
            versions.append(Version(value, base.actor, base.stamp.ms, base.replica_id))
    how, reason = body.get("how"), body.get("reason")
    return Decision(
        op.op_id, op.action_id, op.subject, who, key, name, how if how in (KEPT, TOOK, THIRD) else "",
        values.get(name), tuple(versions), op.actor, op.stamp.ms, op.replica_id,
        reason if isinstance(reason, str) else "", len(together), op.op_id in gone, crossed,
        frozenset(together.difference(gone)), above=is_signed(body, op.actor),
    )  # fmt: skip
