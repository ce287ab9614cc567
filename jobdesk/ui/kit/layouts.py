"""Rows, columns and frames in one line each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias, cast

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLayout,
    QLayoutItem,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

Item: TypeAlias = QWidget | QLayout | int | tuple[QWidget | QLayout, int] | None
"""A widget, a layout, a gap in pixels, (widget or layout, stretch), or None for an elastic gap."""
Pad: TypeAlias = tuple[int, int, int, int]
"""Margins as left, top, right, bottom."""


def _filled(box: QBoxLayout, items: Sequence[Item], gap: int, pad: Pad) -> QBoxLayout:
    box.setContentsMargins(*pad)
    box.setSpacing(gap)
    for item in items:
        if item is None:
            box.addStretch(1)
        elif isinstance(item, int):
            box.addSpacing(item)
        else:
            part, stretch = item if isinstance(item, tuple) else (item, 0)
            if isinstance(part, QWidget):
                box.addWidget(part, stretch)
            else:
                box.addLayout(part, stretch)
    return box


def row(*items: Item, gap: int = 8, pad: Pad = (0, 0, 0, 0)) -> QBoxLayout:
    """Side by side."""
    return _filled(QHBoxLayout(), items, gap, pad)


def column(*items: Item, gap: int = 8, pad: Pad = (0, 0, 0, 0)) -> QBoxLayout:
    """One below the other."""
    return _filled(QVBoxLayout(), items, gap, pad)


def frame(layout: QLayout, look: str = "clear") -> QFrame:
    """A frame around a layout; ``look`` is one of the frame looks of ``stylesheet.py``."""
    result = QFrame()
    result.setProperty("look", look)
    result.setLayout(layout)
    return result


def rule(strong: bool = False, vertical: bool = False) -> QFrame:
    """A line of one pixel."""
    line = QFrame()
    line.setProperty("look", "rule_strong" if strong else "rule")
    if vertical:
        line.setFixedWidth(1)
    else:
        line.setFixedHeight(1)
    return line


def clear(layout: QLayout) -> None:
    """Take everything out of a layout and delete it."""
    while layout.count():
        item = layout.takeAt(0)
        inner = cast("QLayout | None", item.layout())
        widget = cast("QWidget | None", item.widget())
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif inner is not None:
            clear(inner)


class Scroll(QScrollArea):
    """A page that scrolls up and down only; its content is as wide as the page."""

    def __init__(self, content: QWidget | QLayout, look: str = "clear") -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        inside = frame(content, look) if isinstance(content, QLayout) else content
        self.setWidget(inside)

    def minimumSizeHint(self) -> QSize:
        inside = cast("QWidget | None", self.widget())
        return QSize(inside.minimumSizeHint().width() if inside is not None else 80, 60)


def bring_into_sight(widget: QWidget, margin: int = 12, *, from_top: bool = False) -> None:
    """Scroll the page around a part that was just opened, so that it can be seen whole where it fits.

    Args:
        from_top: of one that does not fit its top is shown: it is to be read, not only answered.
    """
    above = widget.parentWidget()
    while above is not None and not isinstance(above, QScrollArea):
        above = above.parentWidget()
    if above is not None:
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        if from_top and widget.height() + 2 * margin > above.viewport().height():
            top = widget.mapTo(above.widget(), QPoint(0, 0)).y()
            above.verticalScrollBar().setValue(top - margin)
        else:
            above.ensureWidgetVisible(widget, 0, margin)


class Flow(QLayout):
    """Side by side, going on in the next line when the width is used up: chips never get cut off.

    Args:
        baseline: texts of several sizes stand on one line; without it the parts begin at one height.
    """

    def __init__(self, *widgets: QWidget, gap: int = 6, line_gap: int = 4, baseline: bool = False) -> None:
        super().__init__()
        self.setContentsMargins(0, 0, 0, 0)
        self._items: list[QLayoutItem] = []
        self._gap, self._line_gap, self._baseline = gap, line_gap, baseline
        for widget in widgets:
            self.addWidget(widget)

    def addItem(self, item: QLayoutItem, /) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int, /) -> QLayoutItem | None:  # type: ignore[override]
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int, /) -> QLayoutItem | None:  # type: ignore[override]
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int, /) -> int:
        return self._place(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect, /) -> None:
        super().setGeometry(rect)
        self._place(rect, move=True)

    def sizeHint(self) -> QSize:
        sizes = [item.sizeHint() for item in self._items if not item.isEmpty()]
        width = sum(size.width() for size in sizes) + self._gap * max(0, len(sizes) - 1)
        return QSize(width, max((size.height() for size in sizes), default=0))

    def minimumSize(self) -> QSize:
        sizes = [item.minimumSize() for item in self._items if not item.isEmpty()]
        return QSize(max((s.width() for s in sizes), default=0), max((s.height() for s in sizes), default=0))

    def _place(self, rect: QRect, move: bool) -> int:
        x, y = rect.x(), rect.y()
        line: list[tuple[QLayoutItem, QRect]] = []
        for item in self._items:
            if item.isEmpty():
                continue
            size = item.sizeHint()
            width = min(size.width(), max(rect.width(), 1))
            if width < size.width() and item.hasHeightForWidth():  # it goes on in lines of its own
                size.setHeight(item.heightForWidth(width))
            if x > rect.x() and x + width > rect.x() + rect.width():
                x, y, line = rect.x(), y + self._stand(line, move) + self._line_gap, []
            line.append((item, QRect(QPoint(x, y), QSize(width, size.height()))))
            x += width + self._gap
        return y + self._stand(line, move) - rect.y()

    def _stand(self, line: Sequence[tuple[QLayoutItem, QRect]], move: bool) -> int:
        """Put one line in its place; how tall it is."""
        feet = [_foot(item, box.height()) if self._baseline else 0 for item, box in line]
        lowest = max(feet, default=0)
        for (item, box), foot in zip(line, feet, strict=True):
            if move:
                item.setGeometry(box.translated(0, lowest - foot))
        return max((b.height() + lowest - f for (_, b), f in zip(line, feet, strict=True)), default=0)


def _foot(item: QLayoutItem, height: int) -> int:
    """How far below the top of a part of that height the letters stand; they are in its middle."""
    widget = cast("QWidget | None", item.widget())
    if widget is None:
        return height
    letters = widget.fontMetrics()
    return round((height + letters.ascent() - letters.descent()) / 2)


def flow(*widgets: QWidget, gap: int = 6, line_gap: int = 4, baseline: bool = False) -> QFrame:
    """A frame whose widgets go on in the next line when the width is used up."""
    result = frame(Flow(*widgets, gap=gap, line_gap=line_gap, baseline=baseline))
    policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    policy.setHeightForWidth(True)
    result.setSizePolicy(policy)
    return result
