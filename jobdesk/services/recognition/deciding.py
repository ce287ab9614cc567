"""县级认定 and 不予认定, transcribed from 省系统 or 文书; the verdict and its facts of the day are kept."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future

from jobdesk.cases.claim import Act
from jobdesk.cases.ops import Json
from jobdesk.cases.state import RecordState
from jobdesk.services.desk import Desk
from jobdesk.services.recognition.acting import act
from jobdesk.store.station_file import Changes


def recognise(desk: Desk, case_id: str, loaded: RecordState, values: Mapping[str, Json]) -> Future[Changes]:
    """已认定: authority, day, document number and source as the county gave them."""
    return act(desk, case_id, loaded, Act.RECOGNISE, values)


def refuse(desk: Desk, case_id: str, loaded: RecordState, values: Mapping[str, Json]) -> Future[Changes]:
    """不予认定, with the county's reason and the remedy the person has."""
    return act(desk, case_id, loaded, Act.REFUSE, values)


def notify(desk: Desk, case_id: str, loaded: RecordState, values: Mapping[str, Json]) -> Future[Changes]:
    """告知: the decision was handed to the person."""
    return act(desk, case_id, loaded, Act.NOTIFY, values)
