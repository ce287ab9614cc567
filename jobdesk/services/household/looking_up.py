"""One 核对记录 beneath a household's application: what was looked up where, when, by whom."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future

from jobdesk.cases.errors import Refused
from jobdesk.cases.ops import Json, Subject
from jobdesk.services.desk import Desk
from jobdesk.services.editing import add_record
from jobdesk.store.station_file import Changes


def look_up(desk: Desk, household_id: str, values: Mapping[str, Json]) -> Future[Changes]:
    """Write it down.

    Raises:
        Refused: ``verification_needed`` without kind, day or result.
    """
    body: dict[str, Json] = {
        "looked_on": desk.today.isoformat(), "staff": desk.actor, **{k: v for k, v in values.items() if v},
        "claim": household_id,
    }  # fmt: skip
    lacking = next((n for n in ("kind", "looked_on", "result") if not body.get(n)), "")
    if lacking:
        raise Refused("verification_needed", field=lacking)
    return add_record(desk, Subject("household", household_id), "verification", body)
