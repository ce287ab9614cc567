"""Keys of 台账 in its window: beside the page stand a rail and a search that take the focus too."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QPushButton, QStackedWidget, QWidget
from pytestqt.qtbot import QtBot

from jobdesk.ui.hub import GoTo
from jobdesk.ui.kit import Button, TextInput
from jobdesk.ui.ledger.screen import LedgerScreen
from tests.ui.day_station import Ground


class File(QWidget):
    """A file of one button and one line to type in."""

    def __init__(self) -> None:
        super().__init__()
        self.more, self.line = Button("⋯"), TextInput()
        layout = QHBoxLayout()
        layout.addWidget(self.more)
        layout.addWidget(self.line)
        self.setLayout(layout)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_case(self, case_id: str, part: str = "", detail: str = "") -> None: ...
    def clear(self) -> None: ...


class Window(QWidget):
    """The page between a rail and a header's search, in front of another page."""

    def __init__(self, ground: Ground) -> None:
        super().__init__()
        self.ground = ground
        self.rail, self.search = QPushButton("台账"), QLineEdit()
        self.page, self.other = LedgerScreen(ground.ctx, File), QPushButton("今日")
        self.stack = QStackedWidget()
        self.stack.addWidget(self.page)
        self.stack.addWidget(self.other)
        layout = QHBoxLayout()
        for part in (self.rail, self.search, self.stack):
            layout.addWidget(part)
        self.setLayout(layout)
        self.resize(1500, 700)

    @property
    def file(self) -> File:
        assert isinstance(self.page.panel, File)
        return self.page.panel


@pytest.fixture
def window(tmp_path: Path, dressed: QApplication, qtbot: QtBot) -> Iterator[Window]:
    ground = Ground(tmp_path)
    ground.person("单秀英")
    made = Window(ground)
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    made.page.arrive(GoTo("ledger"))
    qtbot.waitUntil(lambda: made.page.found is not None)
    yield made
    made.page.leave()
    ground.close()


def press(qtbot: QtBot, window: Window, key: str | Qt.Key, held: Qt.KeyboardModifier | None = None) -> None:
    """Where the focus is, as the system sends it; to the window where it is nowhere."""
    qtbot.keyClick(QApplication.focusWidget() or window, key, held or Qt.KeyboardModifier.NoModifier)


@pytest.mark.parametrize("where", ["table", "rail", "page", "file", "more", "nowhere"])
def test_the_slash_leads_into_the_search_wherever_nothing_is_typed(
    window: Window, qtbot: QtBot, where: str
) -> None:
    """With the focus outside the table the key did nothing, and the name typed after it was lost."""
    places = {
        "table": window.page.table, "rail": window.rail, "page": window.page.view.new, "file": window.file,
        "more": window.file.more,
    }  # fmt: skip
    line = window.page.view.search.line
    for key, held in (("/", None), (Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)):
        if where in places:
            places[where].setFocus()
            assert places[where].hasFocus()
        elif (now := QApplication.focusWidget()) is not None:
            now.clearFocus()
        press(qtbot, window, key, held)
        assert line.hasFocus()
    assert line.text() == ""


def test_the_slash_is_typed_where_somebody_types(window: Window, qtbot: QtBot) -> None:
    for line in (window.search, window.file.line, window.page.view.search.line):
        line.setFocus()
        press(qtbot, window, "2")
        press(qtbot, window, "/")
        assert line.text() == "2/" and line.hasFocus()


def test_somebody_new_is_registered_from_the_rail_too(window: Window, qtbot: QtBot) -> None:
    window.rail.setFocus()
    press(qtbot, window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert [to.place for to in window.ground.went] == ["register"]


def test_the_keys_of_another_page_are_not_taken(window: Window, qtbot: QtBot) -> None:
    window.stack.setCurrentWidget(window.other)
    for one in (window.other, window.rail):
        one.setFocus()
        press(qtbot, window, "/")
        press(qtbot, window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
        assert one.hasFocus() and window.ground.went == []
