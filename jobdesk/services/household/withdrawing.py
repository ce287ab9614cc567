"""Taking back a household that was written down by mistake."""

from __future__ import annotations

from concurrent.futures import Future

from jobdesk.cases import undoing
from jobdesk.cases.errors import Refused
from jobdesk.cases.ops import Subject
from jobdesk.services.desk import Desk
from jobdesk.services.undoing import Undone
from jobdesk.store import log, reads
from jobdesk.store.station_file import Changes, Writing
from jobdesk.store.writable import not_away


def withdraw_household(
    desk: Desk, household_id: str, reason: str, *, work_of_others: bool = False
) -> Future[Undone]:
    """The household and all beneath it; what others wrote refuses and is named.

    Raises:
        Refused: ``withdraw_needs_reason``; in the future ``household_decided`` once the county has decided
            about it (退出认定 is the way then).
    """
    if not reason.strip():
        raise Refused("withdraw_needs_reason")

    def job(w: Writing) -> Undone:
        not_away(w.con, [household_id])
        subject = Subject("household", household_id)
        state = reads.subject_state(w.con, subject)
        if state.root.text("decided_on"):
            raise Refused("household_decided")
        plan = undoing.withdraw_subject(
            state, log.ops_of_subject(w.con, household_id), desk.actor, reason=reason,
            work_of_others=work_of_others,
        )  # fmt: skip
        ops = list(plan.ops)
        changes = w.append(desk.actor, ops) if ops else Changes("", frozenset())
        return Undone(changes, plan.kept)

    return desk.write(job)
