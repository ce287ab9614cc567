"""The whole window over a real station: what a clerk has before him, header, page, notices and toast together."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.ops import Json
from jobdesk.services.registering import register
from jobdesk.services.session import session_of
from jobdesk.ui.hub import AppHub, Notice
from jobdesk.ui.shell import Shell
from jobdesk.ui.tasks import Tasks
from jobdesk.ui.today.screen import TodayScreen
from jobdesk.ui.window import MainWindow
from tests.stations import Made

PICTURES = os.environ.get("JOBDESK_PICTURES", "")
"""A folder into which each step is grabbed, to be looked at."""


class WholeWindow:
    """The window with its shell, the clerk signed in; nothing is exchanged.

    Attributes:
        said: every toast so far.
        troubles: what went wrong; ``close`` holds that there was nothing.
    """

    def __init__(self, street: Made, clock: FixedClock, qtbot: QtBot) -> None:
        self.desk, self.clock, self.qtbot = street.desk, clock, qtbot
        self.said: list[Notice] = []
        self.troubles: list[BaseException] = []
        self.hub, tasks = AppHub(), Tasks()
        self.hub.notice.connect(self.said.append)
        tasks.failed.connect(self.troubles.append)
        self.window = MainWindow(self.hub)
        self.window.resize(1366, 768)
        self.window.show()
        session = session_of(street.station)
        session.chosen = True
        session.desk = replace(session.desk, actor=street.staff)
        self.shell = Shell(self.window, self.hub, tasks, session)

    def person(self, name: str, **values: Json) -> str:
        """Registered a moment after the last one; the id of the file."""
        self.clock.tick(1)
        usual: dict[str, Json] = {"sex": "2", "birth": "2002-03-04", "notice_on": "2026-01-01"}
        return register(self.desk, {**usual, "name": name, **values}, []).result().case_id

    def until(self, held: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(held)

    def begin(self) -> TodayScreen:
        """To the start of the day, once it is loaded."""
        self.shell.begin()
        self.until(lambda: isinstance(self.window.page("today"), TodayScreen))
        screen = self.window.page("today")
        assert isinstance(screen, TodayScreen)
        self.until(lambda: screen.board is not None)
        return screen

    def picture(self, name: str) -> None:
        """Grabbed, where somebody wants to look."""
        if PICTURES:
            QApplication.processEvents()
            self.window.grab().save(str(Path(PICTURES) / f"{name}.png"))

    def close(self) -> None:
        self.shell.close()
        self.window.close()
        delete(self.window)
        assert self.troubles == []
