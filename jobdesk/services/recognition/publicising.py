"""公示: 张贴, 留证, 撤下. Only where a pack asks for it; for individuals the shipped one does not."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future
from datetime import date

from jobdesk.cases.due import day_of
from jobdesk.cases.ops import Json
from jobdesk.cases.recognising import Act, publicity_until
from jobdesk.cases.state import RecordState
from jobdesk.services.desk import Desk
from jobdesk.services.policies import packs_of
from jobdesk.services.recognition.acting import act
from jobdesk.store.station_file import Changes


def last_day(desk: Desk, first: date) -> date | None:
    """The shortest 公示 that begins on a day; None where no pack asks for one."""

    packs = desk.read(lambda con: packs_of(con, desk)).result()
    asked = packs.figure("clocks.publicity.person", first)
    return publicity_until(desk.working_days, first, asked) if asked else None


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


def first_day(values: Mapping[str, Json]) -> date | None:
    """The day typed for putting up."""
    value = values.get("publicity_from")
    return day_of(value) if isinstance(value, str) and value else None
