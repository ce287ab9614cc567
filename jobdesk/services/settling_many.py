"""Deciding 两处填写不一致: one question, the same one of many people, or handing it upward.

Each can be undone. One decision is one action. What a decision knows is what was in sight: a version that
arrived since stays an open question.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass

from jobdesk.cases import settling, undoing
from jobdesk.cases.differing import Difference, Sort, of_state
from jobdesk.cases.errors import Refused
from jobdesk.cases.ops import MAX_OPS_PER_ACTION, Json, Kind, NewOp, Op, Subject, opened
from jobdesk.cases.state import SubjectState
from jobdesk.services.conflict_board import refuse_decided_above
from jobdesk.services.desk import Desk
from jobdesk.services.undoing import Undone
from jobdesk.store import log
from jobdesk.store.signing import is_above
from jobdesk.store.station_file import Changes, Writing
from jobdesk.store.writable import not_away


@dataclass(frozen=True, slots=True)
class Keep:
    """What is shown stays."""


@dataclass(frozen=True, slots=True)
class Take:
    """The version of this operation is taken; of a whole record its removal."""

    op_id: str


@dataclass(frozen=True, slots=True)
class Third:
    """Something else is written."""

    value: Json


Answer = Keep | Take | Third
Asked = tuple[Subject, Difference]


@dataclass(frozen=True, slots=True)
class Settled:
    """What a decision came to. ``missed``: questions that somebody had settled meanwhile."""

    changes: Changes
    missed: int = 0


def settle(desk: Desk, asked: Asked, answer: Answer, *, reason: str = "") -> Future[Changes]:
    """Answer one question.

    Raises (in the future):
        Refused: ``conflict_gone`` (settled meanwhile), ``conflict_reported`` (waits for those above, and this
            desk is not above), ``move_not_allowed``, ``conflict_file_stays``.
    """

    def job(w: Writing) -> Changes:
        ops = _ops(w, asked, answer, reason, above=is_above(w.con))
        return w.append(desk.actor, ops)

    return desk.write(job)


def settle_many(desk: Desk, answered: Sequence[tuple[Asked, Answer]], *, reason: str = "") -> Future[Settled]:
    """Answer the same question of many people in one action, undone as one.

    Raises (in the future):
        Refused: ``conflict_gone`` when none of them is open any more; ``action_too_large`` above 500.
    """

    def job(w: Writing) -> Settled:
        if len(answered) > MAX_OPS_PER_ACTION:
            raise Refused("action_too_large", count=len(answered), limit=MAX_OPS_PER_ACTION)
        above = is_above(w.con)
        ops: list[NewOp] = []
        missed = 0
        for asked, answer in answered:
            try:
                ops += _ops(w, asked, answer, reason, above=above)
            except Refused:
                missed += 1
        if not ops:
            raise Refused("conflict_gone")
        return Settled(w.append(desk.actor, ops), missed)

    return desk.write(job)


def _ops(w: Writing, asked: Asked, answer: Answer, reason: str, *, above: bool) -> list[NewOp]:
    subject, one = asked
    not_away(w.con, [subject.id])
    state = w.state(subject)
    now = _same_question(state, one)
    if now.escalation is not None and not above:
        raise Refused("conflict_reported")
    if one.sort is Sort.REMOVAL:
        if isinstance(answer, Take):
            ops = log.ops_of_subject(w.con, subject.id)
            return settling.remove_record(state, one.record, ops, reason=reason)
        return settling.keep_record(state, one.record, reason=reason)
    chosen = one.shown_by
    match answer:
        case Keep():
            value = one.shown
        case Take(op_id):
            chosen = next((v for v in one.versions if v.op_id == op_id), None)
            value = chosen.value if chosen else one.shown
        case Third(value):
            chosen = None
    ops = settling.settle(state, one.record, one.field, value, known=one.known, reason=reason)
    if chosen is None:
        return ops
    handed = [d.field for d in of_state(state) if d.record == one.record and d.escalation is not None]
    leave = () if above else handed
    if one.sort is Sort.FIELD:
        ops += settling.event_with(
            state, one.record, one.field, chosen, known=one.known, leave=leave, reason=reason,
            before=lambda op_id, name: _before(w, op_id, name),
        )  # fmt: skip
    if one.sort is Sort.STATUS:
        ops += settling.said_with(
            state, one.record, one.field, chosen, known=one.known, leave=leave, reason=reason
        )
    return ops


def _before(w: Writing, op_id: str, name: str) -> Json:
    """What an operation replaced in a field; a blank where that was nothing, or not one value."""
    op = log.ops_named(w.con, [op_id]).get(op_id)
    bases = (op.payload or {}).get("bases") if op else None
    named = bases.get(name) if isinstance(bases, dict) else None
    known = log.ops_named(w.con, [b for b in named if isinstance(b, str)]) if isinstance(named, list) else {}
    values: list[Json] = []
    for base in known.values():
        written = (base.payload or {}).get("set")
        value = written.get(name) if isinstance(written, dict) else None
        if value not in values:
            values.append(value)
    return values[0] if len(values) == 1 else None


def _same_question(state: SubjectState, one: Difference) -> Difference:
    """The question as it stands now: at least one of its versions is still open."""
    for now in of_state(state):
        if (now.record, now.field) == (one.record, one.field) and set(now.known) & set(one.known):
            return now
    raise Refused("conflict_gone")


def report_up(desk: Desk, asked: Sequence[Asked], reason: str) -> Future[Changes]:
    """报上级核定: these questions wait for those above; the desks of the station leave them alone until then.

    Undoing the action takes them back.

    Raises (in the future):
        Refused: ``conflict_reason_needed``, ``conflict_gone``, ``conflict_reported`` (it waits already).
    """

    def job(w: Writing) -> Changes:
        if not reason.strip():
            raise Refused("conflict_reason_needed")
        ops: list[NewOp] = []
        for subject, one in asked:
            now = _same_question(w.state(subject), one)
            if now.escalation is not None:
                raise Refused("conflict_reported")
            values: dict[str, Json] = {
                "record_kind": one.record[0], "record": one.record[1], "field": one.field or None,
                "reason": reason.strip(), "staff": desk.actor, "reported_on": desk.today.isoformat(),
            }  # fmt: skip
            known = list[Json](one.known)
            ops.append(opened(subject, "escalation", w.new_id(), values, add={"versions": known}))
        return w.append(desk.actor, ops)

    return desk.write(job)


def call_back(desk: Desk, asked: Asked) -> Future[Undone]:
    """撤回上报: the question is the station's own again.

    Raises (in the future):
        Refused: ``conflict_gone`` when it does not wait for those above any more.
    """
    subject, one = asked

    def find(w: Writing) -> str:
        now = _same_question(w.state(subject), one)
        if now.escalation is None:
            raise Refused("conflict_gone")
        ops = log.ops_of_subject(w.con, subject.id)
        handed = now.escalation.id
        return next(op.op_id for op in ops if op.payload is not None and op.payload.get("id") == handed)

    return desk.write(lambda w: _undo_op(w, desk, find(w)))


def undo_decision(desk: Desk, op_id: str) -> Future[Undone]:
    """Take one decision back; the question is open again. What somebody wrote since stays and is named.

    A decision about a whole record goes with all that was written together with it.

    Raises (in the future):
        Refused: ``conflict_decided_above`` where a desk above decided and this one is not above.
    """

    def job(w: Writing) -> Undone:
        op = log.ops_named(w.con, [op_id]).get(op_id)
        refuse_decided_above(w.con, [op] if op else [])
        return _undo_op(w, desk, op_id)

    return desk.write(job)


def _said_with(other: Op, op: Op) -> bool:
    """Whether the one was settled only because the other was: a status, or a part of the same event."""
    record, name = settling.settled_place(op.payload or {})
    at, field = settling.settled_place(other.payload or {})
    same = other.kind is Kind.CONFLICT_SETTLED and other.subject == op.subject and at == record
    return same and other.op_id != op.op_id and field in settling.said_together(record[0], name)


def _undo_op(w: Writing, desk: Desk, op_id: str) -> Undone:
    op = log.ops_named(w.con, [op_id]).get(op_id)
    if op is None:
        raise Refused("conflict_gone")
    not_away(w.con, [op.subject.id])
    whole = op.payload is not None and "about" in op.payload
    together = log.ops_of_action(w.con, op.action_id)
    own = together if whole else [op, *(o for o in together if _said_with(o, op))]
    state = w.state(op.subject)
    plan = undoing.undo(own, {op.subject: state}, log.ops_of_subject(w.con, op.subject.id))
    changes = w.append(desk.actor, plan.ops) if plan.ops else Changes("", frozenset())
    return Undone(changes, plan.kept)
