"""今日 as a test opens it, and what stands there."""

from __future__ import annotations

from datetime import date

from day_station import Ground
from pytestqt.qtbot import QtBot

from jobdesk.cases.due_order import DayLine
from jobdesk.services.registering import Child
from jobdesk.services.today import Board, load_board
from jobdesk.ui.hub import GoTo
from jobdesk.ui.today import TodayScreen, state

TODAY = date(2026, 7, 15)
NOTED = {"notice_on": "2026-01-01"}


def open_today(qtbot: QtBot, ground: Ground, where: GoTo | None = None) -> TodayScreen:
    screen = TodayScreen(ground.ctx)
    ground.screens.append(screen)
    qtbot.addWidget(screen)
    screen.resize(1290, 712)
    screen.show()
    screen.arrive(where or GoTo("today"))
    qtbot.waitUntil(lambda: screen.board is not None)
    ground.settle(qtbot)
    return screen


def board_of(ground: Ground) -> Board:
    return load_board(ground.desk).result()


def person_due(ground: Ground, name: str, due: str, *children: Child) -> str:
    return ground.person(name, {**NOTED, "next_contact": due}, *children)


def ready(qtbot: QtBot, ground: Ground, screen: TodayScreen) -> None:
    """The side has caught up with the cursor."""

    def beside() -> bool:
        line = screen.view.list.line
        return line is not None and screen.form.case_id == line.subject and screen.form.view.body.isVisible()

    qtbot.waitUntil(beside)
    ground.settle(qtbot)


def lines_in_sight(screen: TodayScreen) -> tuple[DayLine, ...]:
    """The lines in sight."""
    assert screen.shown is not None
    return screen.shown.lines


def state_subjects(screen: TodayScreen) -> set[str]:
    """Subjects with a line up to the end of the week."""
    assert screen.board is not None
    return {line.subject for line in state.day_of(screen.board).lines}
