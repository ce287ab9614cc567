"""首次援助 and the ladder: who holds a household since when, and handing it up a rung."""

from __future__ import annotations

from concurrent.futures import Future

from jobdesk.cases.errors import Refused
from jobdesk.cases.household_clock import levels, rung_of
from jobdesk.cases.ops import Json, NewOp, Subject
from jobdesk.cases.state import RecordState
from jobdesk.services.desk import Desk
from jobdesk.services.editing import change, opening
from jobdesk.services.household_facts import one_household
from jobdesk.services.policies import packs_of
from jobdesk.store import reads
from jobdesk.store.station_file import Changes, Writing
from jobdesk.store.writable import not_away


def first_help(desk: Desk, household_id: str, loaded: RecordState, on: str = "") -> Future[Changes]:
    """The first help was given.

    Raises:
        Refused: ``household_day_future``.
    """
    day = on or desk.today.isoformat()
    if day > desk.today.isoformat():
        raise Refused("household_day_future", field="first_help_on")
    op = change(Subject("household", household_id), loaded, {"first_help_on": day})
    return desk.act([op] if op else [])


def hand_up(
    desk: Desk, household_id: str, level: str, holder: str, since: str = "", note: str = ""
) -> Future[Changes]:
    """The next rung takes it over; the one below ends on the same day. Without a rung the first begins.

    Raises (in the future):
        Refused: ``rung_needs_holder``; ``rung_order`` when the level is not the one above;
            ``household_day_future``; ``rung_before`` when it would begin before the rung that runs.
    """
    day = since or desk.today.isoformat()
    if not holder.strip():
        raise Refused("rung_needs_holder", field="holder")
    if day > desk.today.isoformat():
        raise Refused("household_day_future", field="since")
    subject = Subject("household", household_id)

    def job(w: Writing) -> Changes:
        not_away(w.con, [household_id])
        home, _ = one_household(w.con, household_id)
        if home is None:
            raise Refused("claim_not_now", field="")
        packs = packs_of(w.con, desk)
        now = rung_of(home, desk.today, packs, desk.working_days)
        order = levels(packs, desk.today)
        if level not in order or (now is not None and level != now.up):
            raise Refused("rung_order", field="level")
        ops: list[NewOp] = []
        if now is not None:
            if day < now.since:
                raise Refused("rung_before", field="since")
            record = reads.subject_state(w.con, subject).record("rung", now.record.id)
            end = change(subject, record, {"until": day})
            ops += [end] if end else []
        body: dict[str, Json] = {
            "level": level, "holder": holder.strip(), "since": day, "note": note.strip() or None
        }  # fmt: skip
        ops.append(opening(subject, "rung", desk.new_id(), body))
        return w.append(desk.actor, ops)

    return desk.write(job)
