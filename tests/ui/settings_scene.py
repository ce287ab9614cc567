"""A station with two clerks and the settings over it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Barrier

from pytestqt.qtbot import QtBot
from shiboken6 import delete

from jobdesk.cases.clock import FixedClock
from jobdesk.services import staffing
from jobdesk.services.registering import register
from jobdesk.ui.context import Context
from jobdesk.ui.hub import AppHub, GoTo, Notice
from jobdesk.ui.settings.screen import SettingsScreen
from jobdesk.ui.settings.section import Section
from jobdesk.ui.tasks import Tasks
from tests.stations import make_station


class SettingsScene:
    """The screen, what it said, where it wanted to go."""

    def __init__(self, folder: Path, qtbot: QtBot) -> None:
        self.folder, self.qtbot = folder, qtbot
        self.clock = FixedClock.at(2026, 11, 16)
        facts = {"name": "南岭街道", "code": "220102001", "region": "长春市南关区南岭街道"}
        made = make_station(folder, self.clock, fields=facts, second=True)
        self.paths, self.station, self.desk = made.paths, made.station, made.desk
        self.code, self.staff = made.code, made.staff
        staffing.add_staff(self.desk, "王强").result()
        self.hub, self.tasks = AppHub(), Tasks()
        self.said: list[Notice] = []
        self.gone: list[GoTo] = []
        self.troubles: list[BaseException] = []
        self.hub.notice.connect(self.said.append)
        self.hub.go_to.connect(self.gone.append)
        self.tasks.failed.connect(self.troubles.append)
        self.ctx = Context(self.hub, self.tasks, self.station, self.desk)
        self.screen = SettingsScreen(self.ctx)
        self.screen.resize(1000, 640)
        self.screen.show()

    def show(self, part: str) -> Section:
        self.screen.arrive(GoTo("settings", part=part))
        return self.screen.section(part)

    def until(self, held: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(held, timeout=8000)

    def settle(self) -> None:
        """Until nothing is being read any more, of what answers asked for neither."""
        for _ in range(4):
            self.desk.write(lambda _w: None).result()
            both = Barrier(2, timeout=20)  # every reader has to be free
            answered: list[int] = []
            for _reader in range(2):
                self.ctx.ask(self.desk.read(lambda _con, b=both: b.wait()), self.screen, answered.append)
            self.until(lambda found=answered: len(found) == 2)

    def person(self, name: str, **values: str) -> str:
        return register(self.desk, {"name": name, **values}).result().case_id

    def close(self) -> None:
        # first the screen: an answer that is still on its way must not ask a closed file for more
        self.screen.close()
        delete(self.screen)
        self.station.close()
        assert self.troubles == []
