"""Draws cells: text, chips, dashed blanks, small 1311, notes; one font of each size, made once."""

from __future__ import annotations

from typing import Protocol, cast

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QHelpEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
    QWidget,
)

from jobdesk.ui import paint, theme
from jobdesk.ui.palette import tokens
from jobdesk.ui.table.cells import Cell
from jobdesk.ui.table.model import Roles

PADDING = 8
LEAD = 12
"""More room before the first column, so that texts stand under those of the page."""
_MIDDLE = Qt.AlignmentFlag.AlignVCenter


class _Option(Protocol):
    """What PySide's stub of QStyleOptionViewItem leaves out."""

    rect: QRect
    state: QStyle.StateFlag
    widget: QWidget


class CellDelegate(QStyledItemDelegate):
    """The look of every table row."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        sizes = tokens().type
        base = parent.font() if isinstance(parent, QAbstractItemView) else QFont()
        self._body = QFont(base)
        self._body.setPixelSize(sizes.body)
        self._bold = QFont(self._body)
        self._bold.setBold(True)
        self._small = QFont(base)
        self._small.setPixelSize(sizes.caption)
        self._small_bold = QFont(self._small)
        self._small_bold.setBold(True)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex, /) -> QSize:
        return QSize(60, tokens().shape.row)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex, /
    ) -> None:
        cell = cast("Cell", index.data(Roles.CELL))
        colours = theme.palette()
        area = cast("_Option", option).rect
        selected = bool(cast("_Option", option).state & QStyle.StateFlag.State_Selected)
        if selected:
            painter.fillRect(area, QColor(colours.accent_soft))
        elif cell.ground:
            painter.fillRect(area, QColor(colours.tone(f"{cell.ground}_soft")))
        painter.fillRect(QRect(area.left(), area.bottom(), area.width(), 1), QColor(colours.line))
        view = cast("_Option", option).widget
        if isinstance(view, QAbstractItemView) and index.row() == view.currentIndex().row():
            self._mark(painter, view, area, index.column())
        box = area.adjusted(PADDING + (LEAD if index.column() == 0 else 0), 0, -PADDING, -1)
        painter.save()
        painter.setClipRect(area)
        if cell.kind == "chips":
            x, right, middle = box.left(), box.right() + 1, box.center().y() + 1
            look = "outline" if selected else "plain"
            paint.chips(painter, x, right, middle, cell.chips, cell.blanks, look, self._small)
        elif cell.kind == "blank":
            paint.chip(painter, box.left(), box.center().y() + 1, cell.text, "blank", self._small)
        elif cell.kind == "steps":
            self._steps(painter, box, cell)
        elif cell.kind == "strong" and not cell.note and self._needs(cell) > box.width():
            self._long_name(painter, box, cell)
        else:
            self._text(painter, box, cell, bool(index.model() and self._right(index)))
        painter.restore()

    def helpEvent(
        self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex, /,
    ) -> bool:  # fmt: skip
        """A tooltip with the whole text where something had to be shortened."""
        if event.type() != QEvent.Type.ToolTip or not index.isValid():
            return super().helpEvent(event, view, option, index)
        cell = cast("Cell", index.data(Roles.CELL))
        room = cast("_Option", option).rect.width() - 2 * PADDING - (LEAD if index.column() == 0 else 0)
        shown = cell.tip or (cell.plain if self._needs(cell) > room else "")
        QToolTip.showText(event.globalPos(), shown, view)
        return True

    # ---- parts

    def _mark(self, painter: QPainter, view: QAbstractItemView, area: QRect, column: int) -> None:
        """The bar of the current row; with the focus in the table also a line around the row."""
        colours = theme.palette()
        if column == 0:
            painter.fillRect(QRect(area.left(), area.top(), 3, area.height()), QColor(colours.accent))
        if view.hasFocus():
            for top in (area.top(), area.bottom() - 1):
                painter.fillRect(QRect(area.left(), top, area.width(), 2), QColor(colours.focus))

    def _right(self, index: QModelIndex | QPersistentModelIndex) -> bool:
        side = index.model().headerData(
            index.column(), Qt.Orientation.Horizontal, Qt.ItemDataRole.TextAlignmentRole
        )
        return bool(side is not None and side & Qt.AlignmentFlag.AlignRight)

    def _fonts(self, cell: Cell) -> tuple[QFont, QFont]:
        bold = cell.kind == "strong" or (cell.tone in ("bad", "warn") and not cell.note)
        return (self._bold if bold else self._body,
                self._small_bold if cell.note_tone in ("bad", "warn", "accent") else self._small)  # fmt: skip

    def _needs(self, cell: Cell) -> float:
        if cell.kind == "chips":
            texts = (*cell.chips, *cell.blanks)
            return sum(paint.chip_width(one, self._small) + 4 for one in texts) - 4 if texts else 0
        font, small = self._fonts(cell)
        note = QFontMetrics(small).horizontalAdvance(cell.note) + 7 if cell.note else 0
        return QFontMetrics(font).horizontalAdvance(cell.text) + note

    def _text(self, painter: QPainter, box: QRect, cell: Cell, right: bool) -> None:
        colours = theme.palette()
        font, small = self._fonts(cell)
        metrics = QFontMetrics(font)
        note = QFontMetrics(small).horizontalAdvance(cell.note) + 7 if cell.note else 0
        words = "—" if cell.kind == "none" and not cell.text else cell.text
        shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, max(box.width() - note, 0))
        tone = "ink_3" if cell.kind == "none" else "ink_2" if cell.kind == "muted" else cell.tone
        painter.setFont(font)
        painter.setPen(QColor(colours.tone(tone)))
        side = Qt.AlignmentFlag.AlignRight if right and not note else Qt.AlignmentFlag.AlignLeft
        painter.drawText(box, int(_MIDDLE | side | Qt.TextFlag.TextSingleLine), shown)
        if note:
            rest = box.adjusted(metrics.horizontalAdvance(shown) + 7, 0, 8, 0)
            painter.setFont(small)
            painter.setPen(QColor(colours.tone(cell.note_tone)))
            painter.drawText(rest, int(_MIDDLE | Qt.TextFlag.TextSingleLine), cell.note)

    def _long_name(self, painter: QPainter, box: QRect, cell: Cell) -> None:
        """A name too long for one line stands in two small ones, as even as they can be."""
        metrics = QFontMetrics(self._small_bold)
        painter.setFont(self._small_bold)
        painter.setPen(QColor(theme.palette().tone(cell.tone)))
        half = box.height() // 2
        for number, line in enumerate(two_lines(cell.text)):
            area = QRect(box.left(), box.top() + 2 + number * (half - 2), box.width(), half - 2)
            shown = metrics.elidedText(line, Qt.TextElideMode.ElideRight, box.width())
            painter.drawText(area, int(_MIDDLE | Qt.TextFlag.TextSingleLine), shown)

    def _steps(self, painter: QPainter, box: QRect, cell: Cell) -> None:
        middle = float(box.center().y() + 1)
        width = paint.step_blocks(painter, box.left(), middle, cell.steps)
        painter.setFont(self._small)
        painter.setPen(QColor(theme.palette().ink_2))
        rest = box.adjusted(int(width) + 8, 0, 8, 0)
        painter.drawText(rest, int(_MIDDLE | Qt.TextFlag.TextSingleLine), cell.plain)


def two_lines(name: str) -> tuple[str, str]:
    """A name in two lines: after its dot where that makes none longer than half, else in the middle."""
    half = (len(name) + 1) // 2
    dot = name.find("·") + 1
    cut = dot if dot and max(dot, len(name) - dot) <= half else half
    return name[:cut], name[cut:]
