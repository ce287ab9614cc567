"""初审 of the station, on 核对记录; the verdict of the rules and its facts are kept with it."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future

from jobdesk.cases.claim import Act
from jobdesk.cases.errors import Refused
from jobdesk.cases.ops import Json
from jobdesk.cases.state import RecordState
from jobdesk.services.desk import Desk, case_subject
from jobdesk.services.editing import add_record
from jobdesk.services.recognition.acting import act
from jobdesk.store.station_file import Changes

LOOKED = ("kind", "looked_on", "result")


def check(desk: Desk, case_id: str, loaded: RecordState, values: Mapping[str, Json]) -> Future[Changes]:
    """The station's opinion. Without any 核对记录 it stands and says so (缺核对记录)."""
    usual: dict[str, Json] = {"station_checked_by": desk.actor}
    return act(desk, case_id, loaded, Act.CHECK, {**usual, **{k: v for k, v in values.items() if v}})


def report(desk: Desk, case_id: str, loaded: RecordState, values: Mapping[str, Json]) -> Future[Changes]:
    """报上级核定."""
    return act(desk, case_id, loaded, Act.REPORT, values)


def look_up(desk: Desk, case_id: str, claim_id: str, values: Mapping[str, Json]) -> Future[Changes]:
    """One 核对记录 beneath an application: what was looked up where, when, with what result, by whom.

    Raises:
        Refused: ``verification_needed`` without kind, day or result.
    """
    body: dict[str, Json] = {
        "looked_on": desk.today.isoformat(), "staff": desk.actor, **{k: v for k, v in values.items() if v},
        "claim": claim_id,
    }  # fmt: skip
    lacking = next((n for n in LOOKED if not body.get(n)), "")
    if lacking:
        raise Refused("verification_needed", field=lacking)
    return add_record(desk, case_subject(case_id), "verification", body)
