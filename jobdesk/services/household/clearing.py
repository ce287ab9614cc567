"""已实现1人就业, and 重新核实 once that job is over. Prompted by facts, done by a person, never by itself."""

from __future__ import annotations

from concurrent.futures import Future

from jobdesk.cases.errors import Refused
from jobdesk.cases.household_clock import first_job, rung_of
from jobdesk.cases.ops import Json, NewOp, Subject
from jobdesk.cases.state import RecordState
from jobdesk.services.desk import Desk
from jobdesk.services.editing import change
from jobdesk.services.household_facts import one_household
from jobdesk.services.policies import packs_of
from jobdesk.store import reads
from jobdesk.store.station_file import Changes, Writing
from jobdesk.store.writable import not_away


def clear_household(desk: Desk, household_id: str, loaded: RecordState, on: str = "") -> Future[Changes]:
    """已实现1人就业, by the first verified job of a member that runs; the rung that held it ends.

    Raises (in the future):
        Refused: ``clear_without_job`` when no verified job runs; ``household_day_future``.
    """
    day = on or desk.today.isoformat()
    if day > desk.today.isoformat():
        raise Refused("household_day_future", field="cleared_on")
    subject = Subject("household", household_id)

    def job(w: Writing) -> Changes:
        not_away(w.con, [household_id])
        home, people = one_household(w.con, household_id)
        found = first_job(home, desk.today, people) if home is not None else None
        if home is None or found is None:
            raise Refused("clear_without_job", field="cleared_by")
        op = change(subject, loaded, {"cleared_on": day, "cleared_by": found.id})
        ops: list[NewOp] = [op] if op else []
        rung = rung_of(home, desk.today, packs_of(w.con, desk), desk.working_days)
        if rung is not None:
            record = reads.subject_state(w.con, subject).record("rung", rung.record.id)
            end = change(subject, record, {"until": max(day, rung.since)})
            ops += [end] if end else []
        return w.append(desk.actor, ops)

    return desk.write(job)


def reverify(
    desk: Desk, household_id: str, loaded: RecordState, still_works: bool, on: str = "", note: str = ""
) -> Future[Changes]:
    """重新核实: somebody still works (the new job stands behind the clearing), or nobody does.

    With nobody at work the household is no longer cleared and its clock starts on this day; the clerk says
    so, the program never does.

    Raises (in the future):
        Refused: ``clear_without_job`` when somebody is said to work and no verified job runs;
            ``household_day_future``.
    """
    day = on or desk.today.isoformat()
    if day > desk.today.isoformat():
        raise Refused("household_day_future", field="reverified_on")

    def job(w: Writing) -> Changes:
        not_away(w.con, [household_id])
        home, people = one_household(w.con, household_id)
        body: dict[str, Json] = {"reverified_on": day}
        if note.strip():
            body["note"] = "\n".join(p for p in (loaded.text("note"), note.strip()) if p)
        if still_works:
            found = first_job(home, desk.today, people) if home is not None else None
            if found is None:
                raise Refused("clear_without_job", field="cleared_by")
            body["cleared_by"] = found.id
        else:
            body |= {"cleared_on": None, "cleared_by": None, "first_help_on": None}
        op = change(Subject("household", household_id), loaded, body)
        return w.append(desk.actor, [op] if op else [])

    return desk.write(job)
