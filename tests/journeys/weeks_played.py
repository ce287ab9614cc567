"""A program's window over a real station file, with a line to a real server in memory that may be cut."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from jobdesk.cases.ops import Json
from jobdesk.services.session import session_of
from jobdesk.store.manifest import BackupInfo
from jobdesk.store.renewing import restore_station
from jobdesk.sync.receipts import Receipt
from jobdesk.sync.running import Running
from jobdesk.sync.transport import Transport
from jobdesk.ui.casefile.editors import Veiled
from jobdesk.ui.casefile.panel import CaseFilePanel
from jobdesk.ui.casefile.root_section import RootSection
from jobdesk.ui.hub import AppHub, GoTo, Notice
from jobdesk.ui.shell import Shell
from jobdesk.ui.sync import making
from jobdesk.ui.tasks import Tasks
from jobdesk.ui.window import MainWindow
from tests.journeys.live_server import LiveServer, LiveWire
from tests.sync.ground import PC
from tests.sync.test_carrier import Line

W = TypeVar("W", bound=QWidget)


class DeskWindow:
    """One PC with its window, from ``open`` to ``close``; a restore closes and opens it again."""

    def __init__(self, pc: PC, qtbot: QtBot) -> None:
        self.pc, self.qtbot = pc, qtbot
        self.said: list[Notice] = []
        self.troubles: list[BaseException] = []
        self.receipts: list[Receipt] = []
        self.open()

    def open(self) -> None:
        hub, tasks = AppHub(), Tasks()
        hub.notice.connect(self.said.append)
        hub.trouble.connect(self.troubles.append)
        tasks.failed.connect(self.troubles.append)
        self.hub, self.window = hub, MainWindow(hub)
        self.window.resize(1366, 768)
        self.window.show()
        session = session_of(self.pc.station)
        session.chosen = True
        session.desk = replace(session.desk, actor=self.pc.staff)
        self.shell = Shell(self.window, hub, tasks, session)
        self._running: Running | None = None
        self.shell.sync._make = self._make  # pyright: ignore[reportPrivateUsage]
        self.shell.sync.ended.connect(lambda told: self.receipts.append(told))  # type: ignore[arg-type]
        self.shell.begin()
        self.until(lambda: self._running is not None and self.shell.sync.seen is not None)

    def _make(self, station: object, desk: object, policy: object, done: object) -> Running:
        made = making.make_running(station, desk, policy, done, self.line)  # type: ignore[arg-type]
        self._running = made
        return made

    def line(self, _server: str) -> Transport:
        return self.pc.wire

    def stick_line(self, _server: str) -> Transport:
        return LiveWire(self.pc.server) if isinstance(self.pc.server, LiveServer) else Line(self.pc.server)

    def until(self, held: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(held)

    # ---- what a person does

    def go(self, place: str, kind: type[W], subject: str = "", part: str = "") -> W:
        self.hub.go_to.emit(GoTo(place, subject, part=part))
        page = self.window.page(place)
        assert page is not None
        return page if isinstance(page, kind) else page.findChildren(kind)[-1]

    def cut(self) -> None:
        """Weeks without a line begin."""
        self.pc.wire.fault = lambda _n: "lost"

    def back(self) -> None:
        self.pc.wire.fault = lambda _n: ""

    def exchange(self) -> Receipt:
        """现在同步, until everything that was here went."""
        self.back()

        def through() -> bool:
            before = len(self.receipts)
            self.shell.sync.now()
            self.until(lambda: len(self.receipts) > before)
            return not self.receipts[-1].error and not self.pc.waiting()

        self.until(through)
        return self.receipts[-1]

    def file(self, case: str) -> CaseFilePanel:
        self.hub.go_to.emit(GoTo("ledger", case))
        panel = self.window.findChild(CaseFilePanel)
        assert panel is not None
        self.until(lambda: panel.file is not None and panel.file.case_id == case)
        return panel

    def type(self, case: str, values: Mapping[str, Json]) -> None:
        """Into the open file, then 保存."""
        panel = self.file(case)
        for section in panel.findChildren(RootSection):
            editors = section.form._editors  # pyright: ignore[reportPrivateUsage]
            mine = {k: v for k, v in values.items() if k in editors}
            for name, value in mine.items():
                editor = editors[name]
                if isinstance(editor, Veiled) and editor.is_hidden:
                    editor.reveal()
                    self.until(lambda e=editor: not e.is_hidden)
                editor.set_value(value)
                if isinstance(editor, Veiled):
                    editor.set_typed(value)
                editor.changed.emit()
            if mine:
                section.save()
        self.until(lambda: all(self.pc.case(case).root.get(k) == v for k, v in values.items()))

    def shown(self, case: str, *names: str) -> tuple[Json, ...]:
        root = self.pc.case(case).root
        return tuple(root.get(name) for name in names)

    def pill(self) -> str:
        return self.window.header.pill.accessibleName()

    # ---- what befalls it

    def restore(self, backup: BackupInfo) -> None:
        """An older backup takes the place of the file; of the second copy nothing is left."""
        key = self.pc.station.key
        self.close()
        empty = self.pc.folder / "empty"
        empty.mkdir(exist_ok=True)
        restore_station(self.pc.paths, backup, key, self.pc.clock, journal_folder=empty)
        self.pc.reopen_closed()
        self.open()

    def close(self) -> None:
        self.shell.close()
        self.window.close()
        delete(self.window)
        assert self.troubles == []


def stick(folder: Path) -> Path:
    made = folder / "U盘"
    made.mkdir()
    return made
