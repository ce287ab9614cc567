"""A list that scrolls and, standing at its top, ends below a whole line: half a line looks like a fault."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QEvent, QObject, QPoint
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from jobdesk.ui.kit import Scroll

MOST = 48
"""Logical pixels that may stay empty at the foot; a taller part is cut as in any list (own figure)."""


class WholeLines(Scroll):
    """Args:
    lines: the parts after which the list may end, from the top; asked for at every change of height.
    """

    _content: QWidget | None = None

    def __init__(self, content: QWidget, lines: Callable[[], Iterable[QWidget]]) -> None:
        super().__init__(content)  # from here on Qt brings every event of the content to eventFilter
        self._content, self._lines = content, lines

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        self._end_below_a_line()

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        moved = event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest)
        if moved and self._content is not None and watched is self._content:
            self._end_below_a_line()
        return super().eventFilter(watched, event)

    def _end_below_a_line(self) -> None:
        if self._content is None:
            return
        room = self.height()
        spare = 0
        if self._content.sizeHint().height() > room:
            ends = [line.mapTo(self._content, QPoint(0, line.height())).y() for line in self._lines()]
            last = max((end for end in ends if end <= room), default=room)
            spare = room - last if room - last <= MOST else 0
        if self.viewportMargins().bottom() != spare:
            self.setViewportMargins(0, 0, 0, spare)
