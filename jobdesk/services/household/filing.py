"""备案: number and day of a household that the standing duty covers (实名制管理和备案制度)."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future

from jobdesk.cases.errors import Refused
from jobdesk.cases.ops import Json, Subject
from jobdesk.cases.rules.situation import CHECKED_SOURCES
from jobdesk.cases.state import RecordState
from jobdesk.services.desk import Desk
from jobdesk.services.editing import change
from jobdesk.store.station_file import Changes

FIELDS = ("filed_on", "filing_no", "source", "authority", "number")


def file_household(
    desk: Desk, household_id: str, loaded: RecordState, values: Mapping[str, Json]
) -> Future[Changes]:
    """Write down what the paper or the provincial system says; this starts the clock of an allowance family.

    Raises:
        Refused: ``claim_needed`` without a day, ``household_day_future``, ``claim_source`` when neither
            省系统 nor 文书 says so.
    """
    day = str(values.get("filed_on") or "")
    if not day:
        raise Refused("claim_needed", field="filed_on")
    if day > desk.today.isoformat():
        raise Refused("household_day_future", field="filed_on")
    if values.get("source") not in CHECKED_SOURCES:
        raise Refused("claim_source", field="source")
    body: dict[str, Json] = {n: values.get(n) for n in FIELDS if n in values}
    body["checked_on"] = desk.today.isoformat()
    op = change(Subject("household", household_id), loaded, body)
    return desk.act([op] if op else [])
