"""补正: what is missing is told in one list, once; then everything has come in."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future

from jobdesk.cases.claim import Act
from jobdesk.cases.ops import Json
from jobdesk.cases.state import RecordState
from jobdesk.services.desk import Desk
from jobdesk.services.recognition.acting import act
from jobdesk.store.station_file import Changes


def ask_supplement(
    desk: Desk, case_id: str, loaded: RecordState, values: Mapping[str, Json]
) -> Future[Changes]:
    """一次性补正告知 with its list; a second one is refused (``claim_not_now``)."""
    return act(desk, case_id, loaded, Act.SUPPLEMENT, values)


def supplemented(
    desk: Desk, case_id: str, loaded: RecordState, values: Mapping[str, Json]
) -> Future[Changes]:
    """Everything asked for came in; the days of the way count from here."""
    return act(desk, case_id, loaded, Act.SUPPLEMENTED, values)
