"""Where the keys go on the page of households."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QHBoxLayout, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from jobdesk.ui.households.form import FormAsk
from jobdesk.ui.households.screen import HouseholdsScreen
from tests.ui.test_household_place import Scene, arrive


def test_after_a_question_the_keys_stay_beside_the_household(
    dressed: QApplication, tmp_path: Path, qtbot: QtBot
) -> None:
    scene = Scene(tmp_path)
    try:
        screen = HouseholdsScreen(scene.ctx)
        scene.screens.append(screen)
        qtbot.addWidget(screen)
        screen.resize(1300, 700)
        screen.show()
        household, _ = scene.family("钱一")
        arrive(scene, screen, qtbot, household)
        screen.acting.do("edit")
        ask = screen.detail.findChild(FormAsk)
        assert ask is not None
        ask.button.setFocus()
        ask.button.click()
        qtbot.waitUntil(lambda: not screen.acting.is_open)
        scene.settle(qtbot)
        assert screen.detail.hasFocus()
    finally:
        scene.close()


def test_a_new_household_from_the_rail_too(dressed: QApplication, tmp_path: Path, qtbot: QtBot) -> None:
    """The key did nothing while the focus stood beside the page."""
    scene = Scene(tmp_path)
    try:
        window, rail, screen = QWidget(), QPushButton("家庭"), HouseholdsScreen(scene.ctx)
        scene.screens.append(screen)
        layout = QHBoxLayout()
        layout.addWidget(rail)
        layout.addWidget(screen)
        window.setLayout(layout)
        qtbot.addWidget(window)
        window.resize(1300, 700)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        household, _ = scene.family("钱一")
        arrive(scene, screen, qtbot, household)
        rail.setFocus()
        qtbot.keyClick(rail, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
        scene.settle(qtbot)
        assert screen.acting.is_open or screen._new_place.count()  # pyright: ignore[reportPrivateUsage]
    finally:
        scene.close()
