"""The lines over the foot of the list by themselves."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from jobdesk.services.staffing import StaffMember
from jobdesk.ui.ledger.bars import BulkKind, ChangeBar

pytestmark = pytest.mark.usefixtures("dressed")


@pytest.mark.parametrize("kind", ["assign", "tier", "take"])
def test_what_is_to_be_chosen_is_said_whole(qtbot: QtBot, kind: BulkKind) -> None:
    """The box was as wide as its widest value: beside short names 选经办人 was cut, with room left in the line."""
    page, bar = QWidget(), ChangeBar()
    layout = QVBoxLayout()
    layout.addWidget(bar)
    page.setLayout(layout)
    qtbot.addWidget(page)
    page.resize(1100, 120)
    page.show()
    bar.open_for(kind, 3, [StaffMember("1", "李四", "", "2026-01-01", "")], ["会"])
    box = {"assign": bar.staff, "tier": bar.tier, "take": bar.list}[kind]
    qtbot.waitUntil(lambda: box.isVisible() and box.width() > 0)
    box.grab()  # drawing tells what had to be cut
    assert box.toolTip() == ""
