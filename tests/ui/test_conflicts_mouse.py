"""A real press of the mouse in 两处填写不一致: nothing moves away under it, so that the first click counts."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from jobdesk.ui.conflicts.card import QuestionFrame
from jobdesk.ui.conflicts.question import key_of
from jobdesk.ui.conflicts.screen import ConflictsScreen
from jobdesk.ui.hub import GoTo
from tests.ui.conflict_scene import Scene, the_picture, two_pcs
from tests.ui.test_conflicts_screen import looked_at

scene = two_pcs
THIRD = 3
"""另填 among the buttons of a card."""


@pytest.fixture
def screen(qtbot: QtBot, scene: Scene) -> ConflictsScreen:
    shan = the_picture(scene)
    made = ConflictsScreen(scene.ctx)
    qtbot.addWidget(made)
    made.resize(1280, 560)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    made.arrive(GoTo("conflicts", shan))
    qtbot.waitUntil(lambda: len(made.cards) == 2)
    return made


def half_below(qtbot: QtBot, screen: ConflictsScreen) -> QuestionFrame:
    """The last card, of which the buttons are the last that can be seen; the cursor is in the first one."""
    card, page = looked_at(screen.cards[-1]), screen.view.person.page
    screen.cards[0].setFocus()
    bar, button = page.verticalScrollBar(), card.buttons[THIRD]
    bar.setValue(bar.value() - (page.viewport().height() - button.mapTo(page.viewport(), QPoint(0, 40)).y()))
    qtbot.waitUntil(lambda: not button.visibleRegion().isEmpty() and card.visibleRegion() != card.rect())
    assert card.mapTo(page.viewport(), QPoint(0, card.height())).y() > page.viewport().height()
    return card


def press(button: QWidget) -> QPoint:
    """At its middle, as the window gets it; where that was."""
    window = button.window()
    at = button.mapTo(window, button.rect().center())
    QTest.mousePress(window.windowHandle(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    QApplication.processEvents()  # a hand takes its time: what the press led to is laid out and painted
    return at


def let_go(button: QWidget, at: QPoint) -> None:
    QTest.mouseRelease(
        button.window().windowHandle(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at
    )


def test_the_first_click_counts_on_a_card_half_below_the_edge(qtbot: QtBot, screen: ConflictsScreen) -> None:
    card = half_below(qtbot, screen)
    button, bar = card.buttons[THIRD], screen.view.person.page.verticalScrollBar()
    before = bar.value()
    at = press(button)
    assert bar.value() == before and button.mapTo(screen, button.rect().center()) == at
    let_go(button, at)
    assert card.asking.open == "third"


def test_the_keys_are_for_the_card_whose_button_was_pressed(qtbot: QtBot, screen: ConflictsScreen) -> None:
    """Also when the button goes up beside it, and nothing was chosen."""
    card = half_below(qtbot, screen)
    at = press(card.buttons[THIRD])
    let_go(screen, at - QPoint(0, 60))
    assert not card.asking.open and screen.front.field == key_of(card.card)
    qtbot.keyClick(card.buttons[0], Qt.Key.Key_4)
    assert card.asking.open == "third"


def test_the_cursor_by_tab_brings_the_card_into_sight(qtbot: QtBot, screen: ConflictsScreen) -> None:
    card = half_below(qtbot, screen)
    page = screen.view.person.page
    card.buttons[0].setFocus(Qt.FocusReason.TabFocusReason)
    assert card.mapTo(page.viewport(), QPoint(0, card.height())).y() <= page.viewport().height()


def test_coming_back_to_the_window_scrolls_nothing(qtbot: QtBot, screen: ConflictsScreen) -> None:
    """Whoever clicks into it from another program presses what stands under the mouse."""
    card = half_below(qtbot, screen)
    bar = screen.view.person.page.verticalScrollBar()
    before = bar.value()
    card.setFocus(Qt.FocusReason.ActiveWindowFocusReason)
    assert bar.value() == before


def test_a_line_about_held_keys_goes_when_the_button_is_let_go(qtbot: QtBot, screen: ConflictsScreen) -> None:
    """It stands above the buttons: with the press they went up from under the mouse."""
    card = looked_at(screen.cards[0])
    screen.front._hands.hold()  # pyright: ignore[reportPrivateUsage]
    qtbot.waitUntil(lambda: card.held_words.isVisible())
    button = card.buttons[THIRD]
    QApplication.processEvents()
    at = press(button)
    assert card.held_words.isVisible() and button.mapTo(screen, button.rect().center()) == at
    let_go(button, at)
    assert card.asking.open == "third" and not card.held_words.isVisible()
