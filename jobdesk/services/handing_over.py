"""转交: one person's file goes to a colleague, with what the one before had promised."""

from __future__ import annotations

from concurrent.futures import Future

from jobdesk.cases.errors import Refused
from jobdesk.services.desk import Desk, case_subject
from jobdesk.services.editing import change
from jobdesk.services.staffing import handed
from jobdesk.store import reads
from jobdesk.store.station_file import Changes, Writing


def hand_over(desk: Desk, case_id: str, staff_id: str) -> Future[Changes]:
    """The file, and open measures and the promise that were the owner's, are this colleague's from now on.

    Raises (in the future):
        Refused: who is to take it has left.
    """

    def job(w: Writing) -> Changes:
        taker = reads.subject_state(w.con, desk.station).record("staff", staff_id)
        if taker.text("until"):
            raise Refused("successor_has_left", staff=staff_id)
        case = w.state(case_subject(case_id))
        owner = case.root.text("owner")
        if owner:
            return w.append(desk.actor, [op for _, op in handed(case, owner, staff_id)])
        op = change(case.subject, case.root, {"owner": staff_id})
        return w.append(desk.actor, [op] if op else [])

    return desk.write(job)
