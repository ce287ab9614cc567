"""A real, encrypted station in a temporary folder, without any window."""

from __future__ import annotations

from pathlib import Path

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.ids import id_source
from jobdesk.cases.ops import Json
from jobdesk.host.calendar_file import working_days
from jobdesk.host.paths import StationPaths
from jobdesk.services.desk import Desk
from jobdesk.services.registering import Child, register
from jobdesk.store.creating import NewStation, create_station
from jobdesk.store.open_station import OpenStation


class DeskHere:
    """The station open, one clerk at it, 15 July 2026."""

    def __init__(self, folder: Path) -> None:
        clock = FixedClock.at(2026, 7, 15)
        self.station: OpenStation
        self.station, _code, self.staff = create_station(
            StationPaths(folder / "data"), NewStation({"name": "南岭街道"}, "于晓梅"), clock,
            id_source(clock), key_file=folder / "key",
        )  # fmt: skip
        self.desk = Desk(self.station.file, self.staff, working_days())

    def person(self, name: str, *children: Child, **values: Json) -> str:
        """Register somebody; the id of the file."""
        return register(self.desk, {"name": name, **values}, children).result().case_id
