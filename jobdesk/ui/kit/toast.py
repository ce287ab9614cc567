"""The word at the foot of the window after something was done, with 撤销."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtWidgets import QFrame, QLayout, QPushButton, QWidget

from jobdesk.host.strings import text
from jobdesk.ui.kit.labels import ElidedText, Icon
from jobdesk.ui.kit.layouts import row

SECONDS = 10
"""Own figure: how long a toast stays (it stays while the mouse or the focus is on it)."""


class Toast(QFrame):
    """One toast over ``host``; a new one takes the place of the old."""

    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        self.setProperty("look", "toast")
        self._host = host
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
        host.installEventFilter(self)
        self.hide()

    def say(self, sentence: str, undo: Callable[[], object] | None = None, seconds: int = SECONDS) -> None:
        """Show a sentence; ``undo`` makes the button appear and is called once."""
        self._undo = undo
        self.words.set_text(sentence)
        self.setAccessibleName(sentence)
        self.undo_button.setVisible(undo is not None)
        self._place()
        self.show()
        self.raise_()
        self._timer.start(seconds * 1000)

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        if watched is self.parentWidget() and event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        wish: QSize = cast("QLayout", self.layout()).totalSizeHint()
        wide = self.words.fontMetrics().horizontalAdvance(self.words.text()) + wish.width()
        width = min(max(280, wide - self.words.minimumSizeHint().width()), self._host.width() - 48)
        self.setFixedWidth(max(width, 120))
        self.move((self._host.width() - self.width()) // 2, self._host.height() - self.height() - 14)

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
