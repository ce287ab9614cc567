"""A round of visits at 125 %: the way to the door is read whole, before anything else has room."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from jobdesk.ui.households.state import columns
from jobdesk.ui.theme import tokens
from jobdesk.ui.today.phone_grid import PhoneGrid
from jobdesk.ui.today.phone_state import VISIT, Round

ADDRESS = "建设小区28号12单元2103"


@pytest.mark.parametrize("width", [980, 1250])
def test_the_address_of_a_visit_is_not_cut(qtbot: QtBot, dressed: QApplication, width: int) -> None:
    grid = PhoneGrid(lambda _words: None)
    qtbot.addWidget(grid)
    grid.round = Round([], VISIT)
    grid.resize(width, 500)
    grid.show()
    font = grid.font()
    font.setPixelSize(tokens().type.body)
    boxes = grid.columns()
    assert boxes["phone"].width() >= QFontMetrics(font).horizontalAdvance(ADDRESS)
    assert boxes["state"].right() <= grid.viewport().width()


def test_the_next_act_of_a_household_is_read_with_its_day(dressed: QApplication) -> None:
    """Beside an open household at 1366: 786 pixels for the columns that are always there or nearly so."""
    font = QApplication.font()
    font.setPixelSize(tokens().type.body)
    by_key = {c.key: c.width for c in columns()}
    need = QFontMetrics(font).horizontalAdvance("至少1人就业（期限临近）　12月31日前")
    assert by_key["next"] >= need
    assert sum(c.width for c in columns() if c.priority <= 2) <= 786
