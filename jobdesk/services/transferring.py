"""转交: a file goes to another person of the station, with the open work that named the one before."""

from __future__ import annotations

from concurrent.futures import Future

from jobdesk.cases.errors import Refused
from jobdesk.cases.ops import NewOp
from jobdesk.cases.state import RecordState, SubjectState
from jobdesk.services.desk import Desk
from jobdesk.services.editing import change
from jobdesk.services.planning import OPEN_STATES, current_plan
from jobdesk.store.station_file import Changes


def hand_over(desk: Desk, loaded: SubjectState, staff_id: str, reason: str = "") -> Future[Changes]:
    """Make somebody else 经办人; open measures and an unkept promise of the one before go along.

    Raises:
        Refused: nobody was chosen.
    """
    if not staff_id:
        raise Refused("successor_needed", count=1)
    before = loaded.root.get("owner")

    def changed(record: RecordState, name: str) -> NewOp | None:
        return change(loaded.subject, record, {name: staff_id}, reason=reason or None)

    ops = [changed(loaded.root, "owner")]
    if before:
        ops += [
            changed(m, "owner")
            for m in loaded.of("measure")
            if m.get("owner") == before and m.text("state") in ("", *OPEN_STATES)
        ]
        plan = current_plan(loaded)
        if plan and plan.get("promise_owner") == before and plan.get("promise_done_on") is None:
            ops.append(changed(plan, "promise_owner"))
    return desk.act([op for op in ops if op])
