"""复核: of a refusal at the person's wish, or of a recognition that stands."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future

from jobdesk.cases.claim import Act
from jobdesk.cases.ops import Json
from jobdesk.cases.state import RecordState
from jobdesk.services.desk import Desk
from jobdesk.services.recognition.acting import act
from jobdesk.store.station_file import Changes


def appeal(desk: Desk, case_id: str, loaded: RecordState, values: Mapping[str, Json]) -> Future[Changes]:
    """申请复核 of a refusal; the county decides again (``deciding``)."""
    return act(desk, case_id, loaded, Act.APPEAL, values)


def review(desk: Desk, case_id: str, loaded: RecordState, values: Mapping[str, Json]) -> Future[Changes]:
    """复核 of a recognition begins; it stays valid meanwhile."""
    return act(desk, case_id, loaded, Act.REVIEW, values)


def keep(desk: Desk, case_id: str, loaded: RecordState, values: Mapping[str, Json]) -> Future[Changes]:
    """复核 ended: it stays recognised."""
    return act(desk, case_id, loaded, Act.KEEP, values)
