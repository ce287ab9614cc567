"""Nobody settles a card they have not seen: a key or a click meant for the one before it decides nothing.

Two rules. A card decides only once it has stood for ``LOOK_MS``. And a card that came under the keys without
a move of whoever sits here (an exchange brought that the one before is settled) answers no key until they
have made one, however long it stands: who goes on typing after a pause looks at the line, not at the card.
Such a move is a key that goes somewhere (arrows, Tab, a page up or down) or a press of the mouse. Enter and
Esc are none: they belong to what was being typed.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from jobdesk.ui.casefile.conflict import LOOK_MS


class Sight(QObject):
    """Of one card. Time counts from its first paint: scrolled out of sight nothing is seen."""

    def __init__(self, card: QWidget) -> None:
        super().__init__(card)
        self._painted = self._seen = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._stood)
        card.installEventFilter(self)

    @property
    def seen(self) -> bool:
        """It has stood long enough."""
        return self._seen

    def begin(self) -> None:
        """The keys have come to it by themselves: it is to be looked at first."""
        self._seen = False
        if self._painted:
            self._timer.start(LOOK_MS)

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        if event.type() == QEvent.Type.Paint and not self._painted:
            self._painted = True
            self._timer.start(LOOK_MS)
            watched.removeEventFilter(self)
        return False

    def _stood(self) -> None:
        self._seen = True


_MOVES = frozenset({
    Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Tab, Qt.Key.Key_Backtab,
    Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Home, Qt.Key.Key_End,
})  # fmt: skip


class Hands(QObject):
    """Holds the keys back until a move. It listens to the program only while it does. A click is one when the
    button goes up: what is told then may move the cards, and nothing moves away under a hand that presses.

    Args:
        told: called when the keys are held back, and when they are free again.
    """

    def __init__(self, place: QWidget, told: Callable[[], object]) -> None:
        super().__init__(place)
        self._place, self._told = place, told
        self.held, self._pressed = False, False

    def hold(self) -> None:
        """What stands under the keys came by itself."""
        app = QApplication.instance()
        if not self.held and app is not None:
            app.installEventFilter(self)
            self.held, self._pressed = True, False
        self._told()

    def free(self) -> None:
        """Whoever sits here has moved."""
        app = QApplication.instance()
        if self.held and app is not None:
            app.removeEventFilter(self)
            self.held = False
        self._told()

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        kind = event.type()
        if kind not in (
            QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease, QEvent.Type.KeyPress
        ):  # fmt: skip
            return False
        if not isinstance(watched, QWidget) or not isValid(self._place):
            return False
        if watched.window() is not self._place.window():
            return False
        if isinstance(event, QKeyEvent):
            went = event.key() in _MOVES and not event.isAutoRepeat()
        else:
            went = self._pressed and kind == QEvent.Type.MouseButtonRelease
            self._pressed = True
        if went:
            self.free()
        return False
