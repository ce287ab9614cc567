"""A page with a panel at its side that folds away where the window is narrow."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QWidget

from jobdesk.host.strings import text
from jobdesk.ui.kit.buttons import IconButton
from jobdesk.ui.kit.layouts import column, row
from jobdesk.ui.signals import TypedSignal, signal


class SidePage(QWidget):
    """``main`` with ``side`` right of it. Narrower than ``fold_below`` the side is put away and
    ``open_side`` lays it over the page, with a cross (or Esc) to close. In a wide window ``close_side``
    puts it away as well, until ``open_side``.

    Args:
        cross: a cross over the folded side; False where the side has one of its own.

    Signals:
        folded: True when the side went away because of the width, False when it stands beside again.
    """

    folded: TypedSignal[bool] = signal()

    def __init__(
        self, main: QWidget, side: QWidget, *, side_width: int = 400, fold_below: int = 1000,
        cross: bool = True,
    ) -> None:  # fmt: skip
        super().__init__()
        self._width, self._limit = side_width, fold_below
        self.main = main
        self.side = side
        main.setParent(self)
        self._panel = QFrame(self)
        self._panel.setProperty("look", "side")
        self._close = IconButton("close", text("kit.close_side"), on_click=self.close_side)
        self._bar = QWidget()
        self._bar.setLayout(row(None, self._close, pad=(0, 4, 6, 0)))
        self._bar.hide()
        self._panel.setLayout(column(self._bar, (side, 1), gap=0, pad=(1, 0, 0, 0)))
        self._is_folded = False
        self._open = False
        self._away = False
        self._cross = cross

    @property
    def is_folded(self) -> bool:
        """The side does not stand beside the page."""
        return self._is_folded

    @property
    def side_shown(self) -> bool:
        """The side is in sight, beside or over the page."""
        return not self._is_folded or self._open

    def open_side(self) -> None:
        """Bring the side into sight where it is folded."""
        self._open = True
        self._away = False
        self._fold()
        if self._is_folded:
            self._panel.raise_()

    def close_side(self) -> None:
        """Put the folded side away again."""
        self._away = self._away or not self._is_folded
        self._open = False
        self._fold()
        self.main.setFocus()

    def close_empty(self) -> None:
        """Nothing is left to show at the side: laid over the page it goes. The cursor stays where it is."""
        if self._is_folded and self._open:
            self._open = False
            self._fold()

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        self._fold()

    def _fold(self) -> None:
        folded = self._away or self.width() < self._limit
        if folded != self._is_folded:
            self._is_folded = folded
            self._open = self._open and not folded
            self.folded.emit(folded)
        self._place()

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if event.key() == Qt.Key.Key_Escape and self._is_folded and self._open:
            self.close_side()
            return
        super().keyPressEvent(event)

    def _place(self) -> None:
        width, height = self.width(), self.height()
        self._bar.setVisible(self._is_folded and self._cross)
        # Never narrower than its content: Qt would cut the lines that do not fit.
        side = min(max(self._width, self._panel.minimumSizeHint().width()), width)
        self._panel.setVisible(self.side_shown)
        self.main.setGeometry(0, 0, width if self._is_folded else width - side, height)
        self._panel.setGeometry(width - side, 0, side, height)
