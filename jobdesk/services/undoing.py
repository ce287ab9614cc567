"""Taking back: an action, an entry made by mistake; what others built on stays and is named."""

from __future__ import annotations

from collections.abc import Collection
from concurrent.futures import Future
from dataclasses import dataclass

from jobdesk.cases import undoing
from jobdesk.cases.errors import Refused
from jobdesk.cases.ops import MAX_OPS_PER_ACTION, Kind, Op, Subject
from jobdesk.cases.state import RecordKey, SubjectState
from jobdesk.cases.undoing import Kept
from jobdesk.services.conflict_board import refuse_decided_above
from jobdesk.services.desk import Desk
from jobdesk.services.moves_told import refusal
from jobdesk.store import log, reads, sync_moves, sync_scope
from jobdesk.store.station_file import Changes, Writing
from jobdesk.store.writable import not_away


@dataclass(frozen=True, slots=True)
class Undone:
    """What was taken back.

    Attributes:
        kept: what stays because somebody has built on it since.
    """

    changes: Changes
    kept: tuple[Kept, ...]


def undo_action(desk: Desk, action_id: str) -> Future[Undone]:
    """Take an action back as far as nobody has written since; the answer names what stays.

    Undoing an undo is redo.

    Raises (in the future):
        Refused: ``undo_transferred``: a file that left is another station's; it is asked back. Where it came
            from there (``_here``) it is moved on; a desk above stations (``_above``) does neither.
            ``conflict_decided_above``: as ``settling_many.undo_decision``.
    """

    def job(w: Writing) -> Undone:
        action = log.ops_of_action(w.con, action_id)
        if any(op.kind is Kind.TRANSFERRED for op in action):
            raise refusal(w.con, action_id, {op.subject.id for op in action})
        refuse_decided_above(w.con, action)
        subjects = {op.subject for op in action}
        not_away(w.con, [s.id for s in subjects])
        states = {s: w.state(s) for s in subjects}
        ops: list[Op] = [op for s in subjects for op in log.ops_of_subject(w.con, s.id)]
        for other in reads.referring_subjects(w.con, [s.id for s in subjects]):
            states.setdefault(other, reads.subject_state(w.con, other))
        plan = undoing.undo(action, states, ops)
        return _append(w, desk, plan)

    return desk.write(job)


def withdraw_record(
    desk: Desk, subject: Subject, records: Collection[RecordKey], reason: str, *, work_of_others: bool = False
) -> Future[Undone]:
    """Take back records entered by mistake, with a reason; what others wrote refuses and is named."""

    def job(w: Writing) -> Undone:
        not_away(w.con, [subject.id])
        state = w.state(subject)
        ops = log.ops_of_subject(w.con, subject.id)
        plan = undoing.withdraw_records(
            records, state, ops, desk.actor, reason=reason, work_of_others=work_of_others
        )
        return _append(w, desk, plan)

    return desk.write(job)


def withdraw_case(desk: Desk, case_id: str, reason: str, *, work_of_others: bool = False) -> Future[Undone]:
    """Take back a person entered by mistake; households, merges and lines that point here refuse."""

    def job(w: Writing) -> Undone:
        subject = Subject("case", case_id)
        if (stub := sync_scope.is_away(w.con, case_id)) is not None:
            raise Refused("withdraw_transferred", target=sync_moves.station_name(w.con, stub.stream))
        state = w.state(subject)
        # a held row that led to this file is a trace of the import, not somebody's work
        pointing: dict[Subject, SubjectState] = {
            s: reads.subject_state(w.con, s)
            for s in reads.referring_subjects(w.con, [case_id])
            if s.kind != "import"
        }
        plan = undoing.withdraw_subject(
            state, log.ops_of_subject(w.con, case_id), desk.actor, reason=reason, states_now=pointing,
            work_of_others=work_of_others,
        )  # fmt: skip
        return _append(w, desk, plan)

    return desk.write(job)


def _append(w: Writing, desk: Desk, plan: undoing.UndoPlan) -> Undone:
    ops = list(plan.ops)
    changes = Changes("", frozenset())
    for start in range(0, len(ops), MAX_OPS_PER_ACTION):
        part = w.append(desk.actor, ops[start : start + MAX_OPS_PER_ACTION])
        changes = Changes(part.action_id, changes.subjects | part.subjects, (*changes.ops, *part.ops))
    return Undone(changes, plan.kept)
