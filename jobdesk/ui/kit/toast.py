"""The word at the foot of the window after something was done, with 撤销."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QLayout, QPushButton, QWidget

from jobdesk.host.strings import text
from jobdesk.ui.kit.labels import ElidedText, Icon
from jobdesk.ui.kit.layouts import row

STEP, LOOK = 6, 200
"""Own figures: pixels of a step upwards, milliseconds between looks at what lies under the toast."""
SHARES = (1, 0.7, 0.5)
"""Own figures: shares of the window's width that a toast takes at most."""
SECONDS = 10
"""Own figure: how long a toast stays (it stays while the mouse or the focus is on it)."""


class Toast(QFrame):
    """One toast over ``host``, where it covers no button; a new one takes the place of the old.

    Args:
        left: pixels at the left of the host that it keeps clear of (the rail), asked at each showing.
    """

    def __init__(self, host: QWidget, left: Callable[[], int] = lambda: 0) -> None:
        super().__init__(host)
        self.setProperty("look", "toast")
        self._host, self._left = host, left
        self._undo: Callable[[], object] | None = None
        self.words = ElidedText()
        self.undo_button = QPushButton(text("kit.undo"))
        self.undo_button.setFixedHeight(28)
        self.undo_button.setAccessibleName(text("kit.undo"))
        self.close_button = QPushButton()
        self.close_button.setFixedSize(28, 28)
        self.close_button.setStyleSheet("border:none; padding:0;")
        self.close_button.setAccessibleName(text("kit.close"))
        self.close_button.setToolTip(text("kit.close"))
        cross = Icon("close", "surface", 16)
        cross.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.close_button.setLayout(row(cross, pad=(6, 6, 6, 6)))
        self._mark = Icon("check", "surface", 16)
        self.setLayout(
            row(self._mark, (self.words, 1), 8, self.undo_button, self.close_button, pad=(18, 6, 8, 6))
        )
        self.setFixedHeight(42)
        for button in (self.undo_button, self.close_button):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the cursor where somebody works
        self.undo_button.clicked.connect(self._undone)
        self.close_button.clicked.connect(self.hide)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._expire)
        self._watch = QTimer(self)
        self._watch.setInterval(LOOK)
        self._watch.timeout.connect(self._give_way)
        host.installEventFilter(self)
        self.hide()

    def say(
        self, sentence: str, undo: Callable[[], object] | None = None, seconds: int = SECONDS,
        *, done: bool = True,
    ) -> None:  # fmt: skip
        """Show a sentence; ``undo`` makes the button appear and is called once, ``done`` the tick."""
        self._undo = undo
        self._mark.setVisible(done)
        self.words.set_text(sentence)
        self.setAccessibleName(sentence)
        self.undo_button.setVisible(undo is not None)
        self._place()
        self.show()
        self.raise_()
        self._timer.start(seconds * 1000)
        self._watch.start()
        QTimer.singleShot(0, self, self._give_way)  # once the page has laid itself out after what was done

    def hideEvent(self, event: QHideEvent, /) -> None:
        super().hideEvent(event)
        self._watch.stop()

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        if watched is self.parentWidget() and event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        wish: QSize = cast("QLayout", self.layout()).totalSizeHint()
        said = self.words.fontMetrics().horizontalAdvance(self.words.text()) + 4
        width = max(280, wish.width() - self.words.sizeHint().width() + said)
        low = self._host.height() - self.height() - 14
        # where there is no room for the whole sentence, a shorter one that covers nothing is the better one
        place = None
        for share in SHARES:
            self.setFixedWidth(max(120, min(width, int((self._room() - 48) * share))))
            place = self._free_place()
            if place is not None:
                break
        self.move(place or QPoint(self._left() + (self._room() - self.width()) // 2, low))

    def _room(self) -> int:
        return self._host.width() - self._left()

    def _give_way(self) -> None:
        """Pages go on changing under it: a form that was loaded has its buttons only now."""
        at = self.geometry()
        if self.isVisible() and any(at.intersects(box) for box in self._buttons()):
            self._place()

    def _free_place(self) -> QPoint | None:
        """As low as it covers no button, in the middle before the sides; None where it would."""
        host, size = self._host.size(), self.size()
        low, least = host.height() - size.height() - 14, self._left()
        middle = least + (self._room() - size.width()) // 2
        taken = self._buttons()
        for top in range(low, host.height() // 2, -STEP):
            for left in (middle, host.width() - size.width() - 24, least + 24):
                box = QRect(QPoint(left, top), size)
                if not any(box.intersects(one) for one in taken):
                    return box.topLeft()
        return None

    def _buttons(self) -> list[QRect]:
        """Where buttons of the page in sight are, a little more than they are."""
        found: list[QRect] = []
        for button in self._host.findChildren(QAbstractButton):
            if not button.isVisible() or self.isAncestorOf(button) or button.window() is not self.window():
                continue
            seen = button.visibleRegion().boundingRect()
            if not seen.isEmpty():
                seen.moveTopLeft(button.mapTo(self._host, seen.topLeft()))
                found.append(seen.adjusted(-4, -4, 4, 4))
        return found

    def _undone(self) -> None:
        call, self._undo = self._undo, None
        self.hide()
        if call is not None:
            call()

    def _expire(self) -> None:
        if self.underMouse() or self.isAncestorOf(self.focusWidget() or self._host):
            self._timer.start(2000)
        else:
            self.hide()
