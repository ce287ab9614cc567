"""公示: 张贴, 留证, 撤下. Only where a pack asks for it; for individuals the shipped one does not."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future

from jobdesk.cases.claim import Act
from jobdesk.cases.ops import Json
from jobdesk.cases.state import RecordState
from jobdesk.services.desk import Desk
from jobdesk.services.recognition.acting import act
from jobdesk.store.station_file import Changes


def put_up(desk: Desk, case_id: str, loaded: RecordState, values: Mapping[str, Json]) -> Future[Changes]:
    """张贴; ``publicity_until`` no earlier than the pack's working days."""
    return act(desk, case_id, loaded, Act.POST, values)


def keep_evidence(
    desk: Desk, case_id: str, loaded: RecordState, values: Mapping[str, Json]
) -> Future[Changes]:
    """留证: the notice was photographed where it hangs."""
    return act(desk, case_id, loaded, Act.EVIDENCE, values)


def take_down(desk: Desk, case_id: str, loaded: RecordState, values: Mapping[str, Json]) -> Future[Changes]:
    """撤下 after its last day, with what was objected."""
    return act(desk, case_id, loaded, Act.TAKE_DOWN, values)
