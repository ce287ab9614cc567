"""A real, encrypted station in a temporary folder, with a Context for screens."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.ops import Json
from jobdesk.services.registering import Child, register
from jobdesk.ui.context import Context, Screen
from jobdesk.ui.hub import AppHub, GoTo, Notice
from jobdesk.ui.tasks import Tasks
from tests.stations import make_station


class Ground(QObject):
    """The station, the desk, and what the screens said."""

    def __init__(self, folder: Path, day: tuple[int, int, int] = (2026, 7, 15)) -> None:
        super().__init__()
        self.clock = FixedClock.at(*day)
        made = make_station(folder, self.clock)
        self.station, self.desk = made.station, made.desk
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
