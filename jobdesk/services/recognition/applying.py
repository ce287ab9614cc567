"""申请: the person asks for recognition of one category; 台账记载 may become an application."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future

from jobdesk.cases.claim import Act
from jobdesk.cases.errors import Refused
from jobdesk.cases.hardship import ZERO_MEMBER
from jobdesk.cases.ops import Json
from jobdesk.cases.recognition_states import RUNNING, VALID
from jobdesk.cases.state import RecordState, SubjectState
from jobdesk.services.desk import Desk, case_subject
from jobdesk.services.editing import opening
from jobdesk.services.household_facts import around
from jobdesk.services.recognition.acting import act
from jobdesk.store import reads
from jobdesk.store.station_file import Changes, Writing


def apply(desk: Desk, case_id: str, category: str, values: Mapping[str, Json]) -> Future[Changes]:
    """Open an application.

    Args:
        values: ``applied_on`` (today by default), ``category_text``, ``household``, ``note``.

    Raises (in the future):
        Refused: ``claim_needed`` without a category; ``claim_already`` while one of this category runs or is
            valid; ``claim_future``.
    """

    def job(w: Writing) -> Changes:
        body: dict[str, Json] = {
            "applied_on": desk.today.isoformat(),
            **{k: v for k, v in values.items() if v},
        }
        if not category:
            raise Refused("claim_needed", field="category")
        if str(body["applied_on"]) > desk.today.isoformat():
            raise Refused("claim_future", field="applied_on")
        _refuse_second(reads.case_state(w.con, case_id), category)
        body |= {"category": category, "state": "applied", "source": "self"}
        if category == ZERO_MEMBER and not body.get("household"):
            body["household"] = _household(w, case_id)
        op = opening(case_subject(case_id), "recognition", desk.new_id(), body)
        return w.append(desk.actor, [op])

    return desk.write(job)


def apply_for_ledger(
    desk: Desk, case_id: str, loaded: RecordState, values: Mapping[str, Json]
) -> Future[Changes]:
    """The category that a sheet named is applied for: 台账记载 becomes 已申请 in the same record."""
    return act(desk, case_id, loaded, Act.APPLY, values)


def _household(w: Writing, case_id: str) -> str | None:
    """The 零就业家庭 that the person is a member of now; None without one."""
    near = around(w.con, (case_id,)).households.get(case_id, ())
    return next((h.case_id for h in near if h.text("kind") == "zero"), None)


def _refuse_second(state: SubjectState, category: str) -> None:
    for record in state.of("recognition"):
        if record.get("category") == category and record.text("state") in RUNNING | VALID:
            raise Refused("claim_already", field="category")
