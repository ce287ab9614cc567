"""A real, encrypted station in a temporary folder, without any window."""

from __future__ import annotations

from pathlib import Path

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.ops import Json
from jobdesk.services.registering import Child, register
from tests.stations import make_station


class DeskHere:
    """The station open, one clerk at it, 15 July 2026."""

    def __init__(self, folder: Path) -> None:
        clock = FixedClock.at(2026, 7, 15)
        made = make_station(folder, clock)
        self.station, self.staff, self.desk = made.station, made.staff, made.desk

    def person(self, name: str, *children: Child, **values: Json) -> str:
        """Register somebody; the id of the file."""
        return register(self.desk, {"name": name, **values}, children).result().case_id
