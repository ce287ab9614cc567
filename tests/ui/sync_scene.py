"""A window over a real station file and a real server in memory; only wire and clock are made up."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from pytestqt.qtbot import QtBot
from shiboken6 import delete

from jobdesk.cases.clock import FixedClock
from jobdesk.services.session import session_of
from jobdesk.sync.running import Running
from jobdesk.sync.transport import Transport
from jobdesk.ui.hub import AppHub, GoTo, Notice
from jobdesk.ui.shell import Shell
from jobdesk.ui.sync import making
from jobdesk.ui.sync.overview import OverviewPanel
from jobdesk.ui.sync.panel import SyncPanel
from jobdesk.ui.sync.screen import SyncScreen
from jobdesk.ui.tasks import Tasks
from jobdesk.ui.window import MainWindow
from tests.sync.ground import PC, Server


class SyncScene:
    """The window with 同步; ``running`` is there once ``start`` came to its end.

    ``close`` takes down whatever is there, however far ``start`` came: a window that is left behind lives on
    in the tests that follow.
    """

    def __init__(self, folder: Path, qtbot: QtBot, *, enrolled: bool = True) -> None:
        self.folder, self.qtbot = folder, qtbot
        self.clock = FixedClock.at(2026, 11, 21)
        self.server = Server(folder / "server", self.clock)
        self.pc = PC(folder / "one", self.server, self.clock)
        if enrolled:
            self.pc.enrol()
        self.others: list[PC] = []
        self.running: Running | None = None
        self.said: list[Notice] = []
        self.troubles: list[BaseException] = []
        self._begun = ExitStack()

    def line(self, _server: str) -> Transport:
        return self.pc.wire

    def start(self, practice: bool = False) -> SyncScene:
        hub, tasks = AppHub(), Tasks()
        hub.notice.connect(self.said.append)
        hub.trouble.connect(self.troubles.append)
        tasks.failed.connect(self.troubles.append)
        self.hub, self.tasks = hub, tasks
        self.window = MainWindow(hub)
        self._begun.callback(delete, self.window)
        self._begun.callback(self.window.close)
        self.window.resize(1366, 768)
        self.window.show()
        session = session_of(self.pc.station)
        session.chosen = True
        session.desk = replace(session.desk, actor=self.pc.staff, practice=practice)
        self.shell = Shell(self.window, hub, tasks, session)
        self._begun.callback(self.shell.close)
        self.watch = self.shell.sync
        self.watch._make = self._make  # pyright: ignore[reportPrivateUsage]
        self.shell.begin()
        self.until(lambda: self.running is not None and self.watch.seen is not None)
        return self

    def _make(self, station: object, desk: object, policy: object, done: object) -> Running:
        made = making.make_running(station, desk, policy, done, self.line)  # type: ignore[arg-type]
        self.running = made
        return made

    def other(self, org: str = "a") -> PC:
        made = PC(self.folder / f"other{len(self.others)}", self.server, self.clock, "孙立国").enrol(org)
        self.others.append(made)
        return made

    def go(self, part: str = "") -> SyncPanel:
        self.hub.go_to.emit(GoTo("sync", part=part))
        screen = self.window.page("sync")
        assert isinstance(screen, SyncScreen)
        return screen.panel(screen.view.tabs.at())

    @property
    def overview(self) -> OverviewPanel:
        panel = self.go("overview")
        assert isinstance(panel, OverviewPanel)
        panel.form._line = self.line  # pyright: ignore[reportPrivateUsage]
        return panel

    def until(self, held: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(held)

    @property
    def pill(self) -> str:
        return self.window.header.pill.accessibleName()

    def stop(self) -> None:
        """The program ends as it stands; ``start`` begins it anew once the PC is open again."""
        self._begun.close()

    def close(self) -> None:
        try:
            self.stop()
        finally:
            for pc in (self.pc, *self.others):
                pc.close()
            self.server.db.engine.dispose()
        assert self.troubles == []
