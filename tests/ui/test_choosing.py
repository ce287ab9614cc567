"""今天谁在用: asked at every start of a station with several people; every word of it can be read."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from jobdesk.services.staffing import StaffMember
from jobdesk.ui.choosing import ChoosingPage
from jobdesk.ui.hub import AppHub, GoTo
from jobdesk.ui.rail import Place
from jobdesk.ui.window import MainWindow

STAFF = [StaffMember(one, name, "", "", "") for one, name in (("s1", "于晓梅"), ("s2", "尉迟郑立群"))]


@pytest.mark.parametrize("size", [(1366, 749), (1093, 599)])
def test_nothing_is_cut(qtbot: QtBot, dressed: QApplication, size: tuple[int, int]) -> None:
    page = ChoosingPage(STAFF, lambda _one: None)
    qtbot.addWidget(page)
    page.resize(*size)
    page.show()
    qtbot.waitExposed(page)
    for label in page.findChildren(QLabel):
        flags = int(Qt.TextFlag.TextWordWrap) if label.wordWrap() else 0
        room = QRect(0, 0, label.width(), 1000)
        needed = label.fontMetrics().boundingRect(room, flags, label.text())
        assert needed.width() <= label.width() and needed.height() <= label.height() + 1, label.text()


def test_digits_choose_although_somebody_was_searching(qtbot: QtBot, dressed: QApplication) -> None:
    """After a restore the window asks anew; the cursor stood in the search, whose line nobody sees now."""
    hub, chosen = AppHub(), list[str]()
    window = MainWindow(hub)
    qtbot.addWidget(window)
    window.set_places([Place("today", "今日", "today", QWidget)], "today")
    window.show()
    window.header.search.take_focus()
    window.header.search.line.set_value("qcs")
    window.forget_places()
    assert window.header.search.text() == "", "a word that was searched in the station before"
    page = ChoosingPage(STAFF, chosen.append)
    window.show_alone(page)
    qtbot.waitExposed(page)
    at = window.focusWidget()
    assert at is not None and page.isAncestorOf(at)
    hub.go_to.emit(GoTo("ledger", detail="2"))  # a search that was still on its way
    assert window.stack.currentWidget() is page
    window.remove_page(page)


def test_a_place_of_a_station_that_was_closed_is_not_gone_to(qtbot: QtBot, dressed: QApplication) -> None:
    hub, made = AppHub(), list[int]()
    window = MainWindow(hub)
    qtbot.addWidget(window)

    def make() -> QWidget:
        made.append(1)
        return QWidget()

    window.set_places([Place("today", "今日", "today", make)], "today")
    window.forget_places()
    hub.go_to.emit(GoTo("today"))
    assert made == [1] and window.at == ""
