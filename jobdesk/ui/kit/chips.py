"""Chips: short facts about a person, visible blanks, and filters with their counts."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from jobdesk.ui import paint, theme
from jobdesk.ui.kit.layouts import flow

ChipLook = Literal["plain", "outline", "accent", "solid", "ok", "warn", "bad"]


class Chip(QLabel):
    """A short fact, 20 px high."""

    def __init__(self, text: str, look: ChipLook = "plain", tip: str = "") -> None:
        super().__init__(text)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("chip", look)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setFixedHeight(20)
        self.setToolTip(tip)


class BlankChip(QLabel):
    """A blank that stays visible: 未填, 待核对. Dashed, never filled."""

    def __init__(self, text: str, tip: str = "") -> None:
        super().__init__(text)
        self.setProperty("chip", "blank")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setFixedHeight(20)
        self.setToolTip(tip)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        paint.dashed(painter, QRectF(self.rect()), theme.palette().warn)


def chips(texts: list[str] | tuple[str, ...], look: ChipLook = "plain") -> QWidget:
    """Several chips that go on in the next line rather than being cut."""
    return flow(*(Chip(text, look) for text in texts), gap=4)


class FilterChip(QPushButton):
    """A category with its count that is switched on and off: 全部 412. ``toggled`` tells."""

    def __init__(self, text: str, count: int | str | None = None, on: bool = False) -> None:
        super().__init__()
        self._text = text
        self.setProperty("kind", "filter")
        self.setCheckable(True)
        self.setChecked(on)
        self.setFixedHeight(30)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.set_count(count)

    def set_count(self, count: int | str | None) -> None:
        """``None`` shows no count."""
        self.setText(self._text if count is None else f"{self._text} {count}")
        self.setAccessibleName(self.text())

    def rename(self, text: str) -> None:
        """Another word for the same filter; the count follows with ``set_count``."""
        self._text = text
