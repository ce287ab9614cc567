"""A real, encrypted station in a temporary folder, with a Context for screens."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.ids import id_source
from jobdesk.cases.ops import Json
from jobdesk.host.calendar_file import working_days
from jobdesk.host.paths import StationPaths
from jobdesk.services.desk import Desk
from jobdesk.services.registering import Child, register
from jobdesk.store.creating import NewStation, create_station
from jobdesk.store.open_station import OpenStation
from jobdesk.ui.context import Context, Screen
from jobdesk.ui.hub import AppHub, GoTo, Notice
from jobdesk.ui.tasks import Tasks


class Ground(QObject):
    """The station, the desk, and what the screens said."""

    def __init__(self, folder: Path, day: tuple[int, int, int] = (2026, 7, 15)) -> None:
        super().__init__()
        self.clock = FixedClock.at(*day)
        self.station: OpenStation
        self.station, _code, staff = create_station(
            StationPaths(folder / "data"),
            NewStation({"name": "南岭街道综合服务中心", "code": "220102001"}, "于晓梅"),
            self.clock, id_source(self.clock), key_file=folder / "key",
        )  # fmt: skip
        self.desk = Desk(self.station.file, staff, working_days())
        self.hub = AppHub()
        self.tasks = Tasks()
        self.tasks.failed.connect(self.hub.trouble.emit)
        self.ctx = Context(self.hub, self.tasks, self.station, self.desk)
        self.notices: list[Notice] = []
        self.went: list[GoTo] = []
        self.troubles: list[BaseException] = []
        self.screens: list[Screen] = []
        self.hub.notice.connect(self.notices.append)
        self.hub.go_to.connect(self.went.append)
        self.hub.trouble.connect(self.troubles.append)

    def person(self, name: str, values: Mapping[str, Json] | None = None, *children: Child) -> str:
        """Register somebody; the id of the file."""
        self.clock.tick(1)
        body: dict[str, Json] = {"name": name, "sex": "2", "birth": "2002-03-04", "phone": "19900000031"}
        return register(self.desk, {**body, **(values or {})}, children).result().case_id

    def services(self, case_id: str) -> list[Mapping[str, Json]]:
        """Service records of a file as they stand."""
        return [r.values() for r in self.desk.case(case_id).result().of("service")]

    def settle(self, qtbot: QtBot) -> None:
        """Wait until every answer asked for so far was delivered."""
        for _ in range(4):
            self.desk.write(lambda w: None).result()
            self.desk.read(lambda con: None).result()
            self.desk.read(lambda con: None).result()
            done: list[bool] = []
            self.tasks.deliver(self.desk.read(lambda con: True), owner=self, done=done.append)
            qtbot.waitUntil(lambda done=done: bool(done), timeout=5000)

    def close(self) -> None:
        """Screens go first, as the window does; what is still on its way reaches nobody."""
        for screen in self.screens:
            screen.leave()
            screen.hide()
        delete(self.tasks)
        self.station.close()
