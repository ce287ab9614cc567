"""Keys of 两处填写不一致 while what is shown comes anew: after an undo, an exchange, somebody else's save."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QPushButton, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from jobdesk.services.conflict_kept import Kept
from jobdesk.services.settling_many import Keep, settle
from jobdesk.store import conflict_reads
from jobdesk.ui.casefile.editors import Editor
from jobdesk.ui.conflicts.pieces import ITEM
from jobdesk.ui.conflicts.screen import ConflictsScreen
from jobdesk.ui.conflicts.sight import Sight
from jobdesk.ui.hub import Changed, GoTo
from jobdesk.ui.kit import Toast
from tests.ui.conflict_scene import Scene, the_picture, two_pcs
from tests.ui.test_conflicts_screen import card, looked_at

scene = two_pcs


class Window(QWidget):
    """A search line, the place, a button: as in the real one."""

    def __init__(self, scene: Scene) -> None:
        super().__init__()
        self.search, self.screen_, self.more = QLineEdit(), ConflictsScreen(scene.ctx), QPushButton("x")
        layout = QHBoxLayout()
        for part in (self.search, self.screen_, self.more):
            layout.addWidget(part)
        self.setLayout(layout)
        self.resize(1366, 768)


@pytest.fixture
def window(qtbot: QtBot, scene: Scene) -> Window:
    shan = the_picture(scene)
    made = Window(scene)
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    made.screen_.arrive(GoTo("conflicts", shan))
    qtbot.waitUntil(lambda: len(made.screen_.cards) == 2)
    return made


def again(qtbot: QtBot, screen: ConflictsScreen) -> None:
    """Everything is read anew, and has come."""
    told = screen.shown.told
    screen.reload()
    qtbot.waitUntil(lambda: screen.shown.told is not told)


def test_a_key_between_reload_and_its_answer_counts(qtbot: QtBot, scene: Scene, window: Window) -> None:
    screen = window.screen_
    shan = screen.shown.told.subject.id  # type: ignore[union-attr]
    board = screen.shown.board
    assert board is not None
    screen._loaded((board, Kept()))  # pyright: ignore[reportPrivateUsage]
    qtbot.keyClick(card(screen, "电话"), Qt.Key.Key_2)
    qtbot.waitUntil(lambda: len(screen.cards) == 1)
    assert scene.one.case(shan).root.text("phone") == "19938000045"


def test_right_after_undo_the_keys_are_there(qtbot: QtBot, scene: Scene, window: Window) -> None:
    """Clicked in the toast: the cursor stays with the cards, whoever reads anew meanwhile."""
    screen, toast = window.screen_, Toast(window)
    phone = card(screen, "电话")
    phone.setFocus()
    qtbot.keyClick(phone, Qt.Key.Key_2)
    qtbot.waitUntil(lambda: len(screen.cards) == 1)
    toast.say("", scene.said[-1].undo)
    QTest.mouseClick(toast.undo_button, Qt.MouseButton.LeftButton)
    scene.ctx.hub.changed.emit(Changed(whole=True))
    qtbot.waitUntil(lambda: len(screen.cards) == 2)
    scene.ctx.hub.changed.emit(Changed(whole=True))
    at = QApplication.focusWidget()
    assert at is not None and screen.isAncestorOf(at)
    field = looked_at(screen.cards[0]).card.title
    qtbot.keyClick(at, Qt.Key.Key_2)
    qtbot.waitUntil(lambda: len(screen.cards) == 1)
    assert not any(c.card.title == field for c in screen.cards) or at is not screen.cards[0]


def test_what_is_typed_stays_when_others_save(qtbot: QtBot, scene: Scene, window: Window) -> None:
    screen = window.screen_
    phone = card(screen, "电话")
    phone.buttons[3].click()
    assert isinstance(phone.asking.editor, Editor)
    phone.asking.editor.set_value("19937770000")
    again(qtbot, screen)
    assert card(screen, "电话") is phone and phone.asking.editor is not None
    told, saying = screen.shown.told, screen._saying()
    assert told is not None
    cards = [replace(c.card, note="另有一处") for c in screen.cards]
    screen._set_cards(told.subject.id, cards, saying)  # pyright: ignore[reportPrivateUsage]
    now = card(screen, "电话")
    assert now is not phone and now.asking.editor is not None and now.asking.editor.value() == "19937770000"
    assert now.holds_focus


def test_who_types_elsewhere_keeps_the_cursor(qtbot: QtBot, window: Window) -> None:
    window.search.setFocus()
    again(qtbot, window.screen_)
    assert QApplication.focusWidget() is window.search


def test_a_key_does_not_meet_the_cards_of_who_was_left(qtbot: QtBot, scene: Scene, window: Window) -> None:
    screen = window.screen_
    listing = screen.view.list
    told = screen.shown.told
    assert told is not None
    listing.setFocus()
    rows = [n for n in range(listing.count()) if listing.item(n).data(ITEM).key != told.subject.id]
    ops = scene.one.ops()
    listing.setCurrentRow(rows[0])
    qtbot.keyClick(screen, Qt.Key.Key_1)
    qtbot.waitUntil(lambda: screen.shown.told is not told)
    assert scene.one.ops() == ops


def test_digits_in_the_list_choose_in_the_card(qtbot: QtBot, scene: Scene, window: Window) -> None:
    screen = window.screen_
    screen.view.list.setFocus()
    looked_at(screen.cards[0])
    qtbot.keyClick(screen.view.list, Qt.Key.Key_2)
    qtbot.waitUntil(lambda: len(screen.cards) == 1)


def settled_so_far(scene: Scene) -> int:
    return scene.one.desk.read(conflict_reads.count_settled).result()


def test_digits_typed_ahead_settle_nobody_else(qtbot: QtBot, scene: Scene, window: Window) -> None:
    """The rest of a number after an Enter too early, wherever it lands until the next card was read."""
    screen = window.screen_
    phone = card(screen, "电话")
    qtbot.keyClick(phone, Qt.Key.Key_4)
    assert isinstance(phone.asking.editor, Editor)
    phone.asking.editor.set_value("19937770000")
    typing = QApplication.focusWidget()
    assert typing is not None and phone.isAncestorOf(typing)
    qtbot.keyClick(typing, Qt.Key.Key_Return)
    for key in (Qt.Key.Key_1, Qt.Key.Key_2):  # nothing has come yet
        qtbot.keyClick(screen, key)
    qtbot.keyClick(phone, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(screen.cards) == 1)
    after = screen.cards[0]
    assert not after.decides
    for key in (Qt.Key.Key_1, Qt.Key.Key_2):
        qtbot.keyClick(after, key)
        qtbot.keyClick(screen.view.list, key)
    QTest.mouseClick(after.buttons[0], Qt.MouseButton.LeftButton)  # the second half of a double click
    looked_at(after)
    assert settled_so_far(scene) == 1 and screen.cards == [after]
    qtbot.keyClick(after, Qt.Key.Key_1)
    qtbot.waitUntil(lambda: after not in screen.cards)
    assert settled_so_far(scene) == 2


def test_a_key_that_is_held_down_settles_one(qtbot: QtBot, scene: Scene, window: Window) -> None:
    first = looked_at(window.screen_.cards[0])
    held = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_1, Qt.KeyboardModifier.NoModifier, "1", True)
    QApplication.sendEvent(first, held)
    qtbot.keyClick(first, Qt.Key.Key_1)
    qtbot.keyClick(first, Qt.Key.Key_1)
    qtbot.waitUntil(lambda: len(window.screen_.cards) == 1)
    QApplication.sendEvent(looked_at(window.screen_.cards[0]), held)
    assert settled_so_far(scene) == 1


def test_a_card_below_the_page_was_not_seen(qtbot: QtBot, dressed: QApplication) -> None:
    """Time counts from its first paint."""
    inside = QWidget()
    below = QWidget(inside)
    inside.setFixedSize(100, 2000)
    below.setGeometry(0, 1500, 100, 100)
    sight, page = Sight(below), QScrollArea()
    top = Sight(inside)
    page.setWidget(inside)
    qtbot.addWidget(page)
    page.resize(120, 200)
    page.show()
    qtbot.waitUntil(lambda: top.seen)
    assert not sight.seen
    page.ensureWidgetVisible(below)
    qtbot.waitUntil(lambda: sight.seen)


def test_a_refusal_gives_the_card_back(qtbot: QtBot, scene: Scene, window: Window) -> None:
    screen = window.screen_
    phone = card(screen, "电话")
    qtbot.keyClick(phone, Qt.Key.Key_3)
    assert phone.asking.reason is not None
    qtbot.keyClick(phone.asking.reason, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(phone.asking.problem.text()))
    assert phone.decides
    phone.asking.reason.set_value("两个号码都打不通")
    qtbot.keyClick(phone.asking.reason, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(screen.cards) == 1)


def test_after_the_last_one_nothing_is_typed_into_the_search(
    qtbot: QtBot, scene: Scene, window: Window
) -> None:
    screen = window.screen_
    for line in screen.shown.board.here:  # type: ignore[union-attr]
        for one in line.differences:
            if one.field != "phone":
                settle(scene.one.desk, (line.subject, one), Keep()).result()
    again(qtbot, screen)
    qtbot.waitUntil(lambda: screen.view.list.count() == 1 and len(screen.cards) == 1)
    last = looked_at(screen.cards[0])
    last.setFocus()
    qtbot.keyClick(last, Qt.Key.Key_1)
    qtbot.waitUntil(lambda: screen.view.stack.currentWidget() is screen.view.nothing)
    qtbot.waitUntil(lambda: not screen.cards)
    assert QApplication.focusWidget() is screen.view.list
