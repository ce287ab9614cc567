"""Where the keys go on the page of households."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QApplication
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
