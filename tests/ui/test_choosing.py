"""今天谁在用: asked at every start of a station with several people; every word of it can be read."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from jobdesk.services.staffing import StaffMember
from jobdesk.ui.choosing import ChoosingPage

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
