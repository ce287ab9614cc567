"""Staff of the station: added, renamed, ended; open work handed over in one undoable action."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass

from jobdesk.cases.errors import Refused
from jobdesk.cases.ops import MAX_OPS_PER_ACTION, Json, NewOp
from jobdesk.cases.state import RecordState, SubjectState
from jobdesk.services.desk import Desk
from jobdesk.services.editing import change, opening
from jobdesk.services.planning import OPEN_STATES, current_plan
from jobdesk.services.undoing import Undone, undo_action
from jobdesk.store import conflict_reads, ledger, moved, reads
from jobdesk.store.log import Connection
from jobdesk.store.signing import is_above
from jobdesk.store.station_file import Changes, Writing


@dataclass(frozen=True, slots=True)
class StaffMember:
    """One person of the station.

    Attributes:
        account: the account of this PC the person is bound to, empty when none.
        until: ISO day of the last day, empty while at work here.
    """

    id: str
    name: str
    account: str
    since: str
    until: str

    @property
    def is_active(self) -> bool:
        return not self.until


def staff_of(con: Connection, desk: Desk) -> list[StaffMember]:
    """Everybody who ever worked here, in the order they were added."""
    state = reads.subject_state(con, desk.station)
    return [_member(r) for r in state.of("staff")]


_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def clerks_elsewhere(con: Connection, desk: Desk, subjects: Collection[str] = ()) -> dict[str, str]:
    """Names by id of clerks of other stations: those that came along with these files, those above who
    decided about them, and at a desk above stations everybody of the stations below. For reading only;
    nothing is handed to them from here.
    """
    found = conflict_reads.signers(con, subjects) | moved.clerks_told(con, subjects)
    if is_above(con):
        own = {s.id for s in staff_of(con, desk)}
        found |= {i: name for i, name in conflict_reads.staff_names(con).items() if name and i not in own}
    return found


def clerk_name(names: Mapping[str, str], said: str) -> str | None:
    """The name behind an id; text that is no id (from a ledger) as it is; None for an id unknown here."""
    known = names.get(said)
    if known:
        return known
    return None if _ID.fullmatch(said) else said


def _member(r: RecordState) -> StaffMember:
    return StaffMember(r.id, r.text("name"), r.text("account"), r.text("since"), r.text("until"))


def add_staff(desk: Desk, name: str, account: str = "") -> Future[Changes]:
    """Somebody begins here."""
    values: dict[str, Json] = {"name": name.strip(), "account": account, "since": desk.today.isoformat()}
    return desk.act([opening(desk.station, "staff", desk.new_id(), values)])


def rename_staff(desk: Desk, staff_id: str, name: str) -> Future[Changes]:
    """A name is put right; what the person did stays theirs."""
    return _change_staff(desk, staff_id, {"name": name.strip()})


def bind_account(desk: Desk, staff_id: str, account: str) -> Future[Changes]:
    """This account of the PC is this person, from now on without asking."""
    return _change_staff(desk, staff_id, {"account": account})


def _change_staff(desk: Desk, staff_id: str, values: dict[str, Json]) -> Future[Changes]:
    def job(w: Writing) -> Changes:
        loaded = reads.subject_state(w.con, desk.station).record("staff", staff_id)
        op = change(desk.station, loaded, values)
        return w.append(desk.actor, [op] if op else [])

    return desk.write(job)


@dataclass(frozen=True, slots=True)
class HandOver:
    """What went from one person to another."""

    cases: int
    measures: int
    promises: int
    changes: tuple[Changes, ...]


@dataclass(frozen=True, slots=True)
class WorkLeft:
    """Open work of one person: files, measures, promises."""

    cases: int
    measures: int
    promises: int

    @property
    def total(self) -> int:
        return self.cases + self.measures + self.promises


def work_left(desk: Desk, staff_id: str) -> Future[WorkLeft]:
    """What somebody who leaves would have to hand over."""

    def job(con: Connection) -> WorkLeft:
        counts = [0, 0, 0]
        for case in _open_cases(con):
            for n, _ in handed(case, staff_id, None):
                counts[n] += 1
        return WorkLeft(*counts)

    return desk.read(job)


def take_back_ending(desk: Desk, done: HandOver) -> Future[list[Undone]]:
    """撤销: the person is here again and the work is theirs again, as far as nobody has gone on with it."""
    actions = [c.action_id for c in reversed(done.changes) if c.subjects]
    return desk.file.work.aside(lambda: [undo_action(desk, a).result() for a in actions])


def end_staff(
    desk: Desk, staff_id: str, successor_id: str | None, until: str | None = None
) -> Future[HandOver]:
    """Somebody leaves; open files, measures and promises go to the successor in the same action.

    Raises (in the future):
        Refused: no successor although open work is left, or the successor has left too.
    """

    def job(w: Writing) -> HandOver:
        state = reads.subject_state(w.con, desk.station)
        leaving = state.record("staff", staff_id)
        if successor_id is not None and _member(state.record("staff", successor_id)).until:
            raise Refused("successor_has_left", staff=successor_id)
        values: dict[str, Json] = {"until": until or desk.today.isoformat(), "successor": successor_id}
        ending = change(desk.station, leaving, values)
        ops: list[NewOp] = [ending] if ending else []
        counts = [0, 0, 0]
        for case in _open_cases(w.con):
            found = list(handed(case, staff_id, successor_id))
            for n, op in found:
                counts[n] += 1
                ops.append(op)
        if successor_id is None and sum(counts):
            raise Refused("successor_needed", count=sum(counts))
        action = w.new_id()
        done = [
            w.append(
                desk.actor,
                ops[i : i + MAX_OPS_PER_ACTION],
                action if len(ops) <= MAX_OPS_PER_ACTION else None,
            )
            for i in range(0, len(ops), MAX_OPS_PER_ACTION)
        ]
        return HandOver(counts[0], counts[1], counts[2], tuple(done))

    return desk.write(job)


def _open_cases(con: Connection) -> Iterator[SubjectState]:
    for case_id in ledger.find_ids(con, ledger.LedgerQuery(state="open")).ids:
        yield reads.case_state(con, case_id)


def handed(case: SubjectState, old: str, new: str | None) -> Iterator[tuple[int, NewOp]]:
    """What goes from one to another with a file: the file itself (0), open measures (1), the promise (2)."""
    if case.root.get("owner") == old and (op := change(case.subject, case.root, {"owner": new})):
        yield 0, op
    for measure in case.of("measure"):
        is_open = measure.text("state") in ("", *OPEN_STATES)
        if is_open and measure.get("owner") == old and (op := change(case.subject, measure, {"owner": new})):
            yield 1, op
    plan = current_plan(case)
    if plan and plan.get("promise_owner") == old and plan.get("promise_done_on") is None:
        op = change(case.subject, plan, {"promise_owner": new})
        if op:
            yield 2, op
