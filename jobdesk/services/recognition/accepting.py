"""受理: the application is taken in and a receipt given."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future

from jobdesk.cases.claim import Act
from jobdesk.cases.ops import Json
from jobdesk.cases.state import RecordState
from jobdesk.services.desk import Desk
from jobdesk.services.recognition.acting import act
from jobdesk.store.station_file import Changes


def accept(desk: Desk, case_id: str, loaded: RecordState, values: Mapping[str, Json]) -> Future[Changes]:
    """Take in.

    Args:
        values: ``accepted_on`` (today), ``accepted_by`` (who acts), ``receipt_no`` (made from the day and the
            record where none is given).
    """
    on = str(values.get("accepted_on") or desk.today.isoformat())
    usual: dict[str, Json] = {"accepted_by": desk.actor, "receipt_no": receipt_no(loaded.id, on)}
    return act(desk, case_id, loaded, Act.ACCEPT, {**usual, **{k: v for k, v in values.items() if v}})


def receipt_no(record_id: str, on: str) -> str:
    """本站编号: the day and the end of the record's id; no number of a register."""
    return f"{on.replace('-', '')}-{record_id[-6:].upper()}"
