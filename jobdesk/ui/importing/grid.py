"""The sheet itself: its own letters and numbers, its merged header, every cell coloured and signed.

One widget paints everything in sight; rows are made when they come into sight, so that 20,000 × 30
scroll like 20. The first columns and the header stay.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import cast

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QColor,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QToolTip

from jobdesk.ui import theme
from jobdesk.ui.importing.grid_paint import GUTTER, HEADER_ROW, LETTERS, Brush
from jobdesk.ui.importing.sheet import EMPTY, NOTHING, Grid, GridCell, GridRow, HeaderCell, Spot
from jobdesk.ui.kit import frame, row
from jobdesk.ui.signals import TypedSignal, signal

ROW = 36
KEPT = 600
"""Own figure: rows kept as drawn; some screens full."""


class SheetGrid(QAbstractScrollArea):
    """Shows a ``Grid``; the cursor is a cell.

    Signals:
        moved: the cursor is on another cell.
        opened: Enter, or a second click.
    """

    moved: TypedSignal[Spot] = signal()
    opened: TypedSignal[Spot] = signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.viewport().installEventFilter(self)
        self.setCornerWidget(frame(row(), "surface"))
        self._grid: Grid = NOTHING
        self._at = Spot(0, 0)
        self._rows: OrderedDict[int, GridRow] = OrderedDict()
        self._lefts: list[int] = [0]
        self._brush = Brush(self.font())

    # ---- what the screen does

    def show_grid(self, grid: Grid, at: Spot | None = None) -> None:
        """Show another grid, or the same with other rows; the cursor goes to ``at`` or stays near."""
        self._grid = grid
        self._rows.clear()
        self._lefts = [0]
        for column in grid.columns:
            self._lefts.append(self._lefts[-1] + column.width)
        self._ranges()
        last = max(0, len(grid.keys) - 1)
        wanted = at or Spot(min(self._at.row, last), min(self._at.column, max(0, len(grid.columns) - 1)))
        self._at = Spot(-1, -1)
        self.go_to(wanted)
        self.viewport().update()

    def refresh(self) -> None:
        """Make the rows in sight anew."""
        self._rows.clear()
        self.viewport().update()

    @property
    def at(self) -> Spot:
        """Where the cursor is."""
        return self._at

    @property
    def grid(self) -> Grid:
        """What is shown."""
        return self._grid

    def current_key(self) -> int:
        """Key of the cursor's row; -1 where there are no rows."""
        return self._grid.keys[self._at.row] if 0 <= self._at.row < len(self._grid.keys) else -1

    def go_to(self, spot: Spot) -> None:
        """Put the cursor on a cell and bring it into sight."""
        rows, columns = len(self._grid.keys), len(self._grid.columns)
        spot = Spot(max(0, min(spot.row, rows - 1)), max(0, min(spot.column, columns - 1)))
        if not rows or not columns:
            self._at = spot
            return
        changed = spot != self._at
        self._at = spot
        self._bring_into_sight()
        if changed:
            self._say()
            self.moved.emit(spot)
        self.viewport().update()

    # ---- geometry

    @property
    def head_height(self) -> int:
        """Letters and header rows."""
        return LETTERS + self._header_row_height() * len(self._grid.header_rows)

    def _header_row_height(self) -> int:
        return 44 if len(self._grid.header_rows) == 1 else HEADER_ROW

    def _frozen_width(self) -> int:
        return self._lefts[min(self._grid.frozen, len(self._lefts) - 1)]

    def _ranges(self) -> None:
        size = self.viewport().size()
        body = max(0, size.height() - self.head_height)
        vertical = self.verticalScrollBar()
        vertical.setRange(0, max(0, len(self._grid.keys) * ROW - body))
        vertical.setPageStep(max(ROW, body // ROW * ROW))
        vertical.setSingleStep(ROW)
        horizontal = self.horizontalScrollBar()
        horizontal.setRange(0, max(0, self._lefts[-1] - (size.width() - GUTTER)))
        horizontal.setPageStep(max(40, size.width() - GUTTER - self._frozen_width()))
        horizontal.setSingleStep(40)

    def _column_left(self, column: int) -> int:
        left = self._lefts[column] + GUTTER
        return left if column < self._grid.frozen else left - self.horizontalScrollBar().value()

    def _area(self, row: int, column: int) -> QRect:
        top = self.head_height + row * ROW - self.verticalScrollBar().value()
        return QRect(self._column_left(column), top, self._grid.columns[column].width, ROW)

    def _bring_into_sight(self) -> None:
        if not self._grid.keys or not 0 <= self._at.column < len(self._grid.columns):
            return
        bar, top = self.verticalScrollBar(), self._at.row * ROW
        room = self.viewport().height() - self.head_height
        if top < bar.value():
            bar.setValue(top)
        elif top + ROW > bar.value() + room:
            bar.setValue(top + ROW - room)
        if self._at.column < self._grid.frozen:
            return
        bar = self.horizontalScrollBar()
        left, right = self._lefts[self._at.column], self._lefts[self._at.column + 1]
        frozen, width = self._frozen_width(), self.viewport().width() - GUTTER
        if left - bar.value() < frozen:
            bar.setValue(left - frozen)
        elif right - bar.value() > width:
            bar.setValue(min(right - width, left - frozen))

    def _spot_at(self, point: QPoint) -> Spot | None:
        y = point.y() - self.head_height
        if y < 0 or point.x() < 0:
            return None
        at = (y + self.verticalScrollBar().value()) // ROW
        if at >= len(self._grid.keys):
            return None
        x = point.x() - GUTTER
        if x >= self._frozen_width():
            x += self.horizontalScrollBar().value()
        if x < 0:
            return Spot(at, self._at.column)
        for column in range(len(self._grid.columns)):
            if self._lefts[column] <= x < self._lefts[column + 1]:
                return Spot(at, column)
        return None

    # ---- rows

    def row_at(self, row: int) -> GridRow:
        """A row as it is drawn."""
        key = self._grid.keys[row]
        found = self._rows.get(key)
        if found is None:
            found = self._rows[key] = self._grid.row(key)
            if len(self._rows) > KEPT:
                self._rows.popitem(last=False)
        return found

    def cell_at(self, spot: Spot) -> GridCell:
        """A cell as it is drawn; empty beyond the edge."""
        if not 0 <= spot.row < len(self._grid.keys):
            return EMPTY
        return self.row_at(spot.row).cell(spot.column)

    # ---- painting

    def paintEvent(self, event: QPaintEvent, /) -> None:
        grid, port = self._grid, self.viewport()
        p = QPainter(port)
        p.fillRect(port.rect(), QColor(theme.palette().surface))
        if not grid.columns:
            return
        first = self.verticalScrollBar().value() // ROW
        last = min(len(grid.keys) - 1, (self.verticalScrollBar().value() + port.height()) // ROW)
        split = GUTTER + self._frozen_width()
        loose = self._loose_columns()
        body = QRect(0, self.head_height, port.width(), port.height() - self.head_height)
        p.setClipRect(body.adjusted(split, 0, 0, 0))
        self._cells(p, range(first, last + 1), loose)
        p.setClipRect(body)
        self._cells(p, range(first, last + 1), range(min(grid.frozen, len(grid.columns))))
        self._gutter(p, range(first, last + 1))
        self._cursor(p, body, split)
        p.setClipRect(QRect(split, 0, port.width() - split, self.head_height))
        self._head(p, loose, grid.header)
        p.setClipRect(QRect(0, 0, split, self.head_height))
        self._head(p, range(grid.frozen), [h for h in grid.header if h.left < grid.frozen])
        self._corner(p)
        p.setClipping(False)
        if grid.frozen and self.horizontalScrollBar().value():
            edge = QColor(theme.palette().line_strong)
            p.fillRect(QRect(split - 1, 0, 2, port.height()), edge)
        p.fillRect(QRect(0, self.head_height - 1, port.width(), 1), QColor(theme.palette().line_strong))

    def _loose_columns(self) -> range:
        grid, scrolled = self._grid, self.horizontalScrollBar().value()
        width = self.viewport().width() - GUTTER
        start = grid.frozen
        while start < len(grid.columns) and self._lefts[start + 1] - scrolled <= self._frozen_width():
            start += 1
        end = start
        while end < len(grid.columns) and self._lefts[end] - scrolled < width:
            end += 1
        return range(start, end)

    def _cells(self, p: QPainter, rows: range, columns: range) -> None:
        for at in rows:
            line = self.row_at(at)
            for column in columns:
                taken = self._grid.columns[column].taken
                self._brush.cell(p, self._area(at, column), line.cell(column), line, taken)

    def _gutter(self, p: QPainter, rows: range) -> None:
        for at in rows:
            top = self.head_height + at * ROW - self.verticalScrollBar().value()
            self._brush.gutter(p, QRect(0, top, GUTTER, ROW), self.row_at(at), at == self._at.row)

    def _cursor(self, p: QPainter, body: QRect, split: int) -> None:
        if not 0 <= self._at.row < len(self._grid.keys) or self._at.column < 0:
            return
        p.setClipRect(body.adjusted(split if self._at.column >= self._grid.frozen else 0, 0, 0, 0))
        area = self._area(self._at.row, self._at.column)
        colours = theme.palette()
        p.setPen(QPen(QColor(colours.focus if self.hasFocus() else colours.accent), 2))
        p.setBrush(Qt.BrushStyle.NoBrush)
        p.drawRect(area.adjusted(0, 0, -1, -1))

    def _head(self, p: QPainter, columns: range, header: tuple[HeaderCell, ...] | list[HeaderCell]) -> None:
        for column in columns:
            shown = self._grid.columns[column]
            area = QRect(self._column_left(column), 0, shown.width, LETTERS)
            self._brush.letter(p, area, shown.letter, column == self._at.column, shown.taken)
        step = self._header_row_height()
        for cell in header:
            if cell.left >= len(self._grid.columns):
                continue
            right = min(cell.right, len(self._grid.columns) - 1)
            left = self._column_left(cell.left)
            width = self._lefts[right + 1] - self._lefts[cell.left]
            area = QRect(left, LETTERS + cell.top * step, width, (cell.bottom - cell.top + 1) * step)
            taken = any(self._grid.columns[n].taken for n in range(cell.left, right + 1))
            self._brush.heading(p, area, cell.text, taken)

    def _corner(self, p: QPainter) -> None:
        self._brush.blank(p, QRect(0, 0, GUTTER, LETTERS))
        step = self._header_row_height()
        for n, number in enumerate(self._grid.header_rows):
            self._brush.blank(p, QRect(0, LETTERS + n * step, GUTTER, step), str(number))

    # ---- Qt

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        self._ranges()
        self._bring_into_sight()

    def scrollContentsBy(self, dx: int, dy: int, /) -> None:
        self.viewport().update()

    def focusInEvent(self, event: QFocusEvent, /) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent, /) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def changeEvent(self, event: QEvent, /) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._brush = Brush(self.font())
            self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        spot = self._spot_at(event.position().toPoint())
        if spot is not None:
            self.go_to(spot)

    def mouseDoubleClickEvent(self, event: QMouseEvent, /) -> None:
        if self._spot_at(event.position().toPoint()) is not None:
            self.opened.emit(self._at)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        at, last = self._at, len(self._grid.keys) - 1
        page = max(1, self.verticalScrollBar().pageStep() // ROW)
        key = event.key()
        steps = {
            Qt.Key.Key_Up: Spot(0 if control else at.row - 1, at.column),
            Qt.Key.Key_Down: Spot(last if control else at.row + 1, at.column),
            Qt.Key.Key_Left: Spot(at.row, 0 if control else at.column - 1),
            Qt.Key.Key_Right: Spot(at.row, len(self._grid.columns) if control else at.column + 1),
            Qt.Key.Key_PageUp: Spot(at.row - page, at.column),
            Qt.Key.Key_PageDown: Spot(at.row + page, at.column),
            Qt.Key.Key_Home: Spot(0 if control else at.row, 0),
            Qt.Key.Key_End: Spot(last if control else at.row, len(self._grid.columns)),
        }
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.opened.emit(at)
        elif key in steps:
            self.go_to(steps[Qt.Key(key)])
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        if event.type() == QEvent.Type.ToolTip and watched is self.viewport():
            help_event = cast("QHelpEvent", event)
            QToolTip.showText(help_event.globalPos(), self._tip(help_event.pos()), self.viewport())
            return True
        return super().eventFilter(watched, event)

    def _tip(self, point: QPoint) -> str:
        if point.y() < self.head_height:
            for number, column in enumerate(self._grid.columns):
                left = self._column_left(number)
                if left <= point.x() < left + column.width:
                    return column.tip
            return ""
        spot = self._spot_at(point)
        if spot is None:
            return ""
        if point.x() < GUTTER:
            return self.row_at(spot.row).tip
        cell = self.cell_at(spot)
        room = self._grid.columns[spot.column].width - 16
        whole = f"{cell.before} → {cell.text}" if cell.before else cell.text
        shortened = self._brush.needs(cell) > room
        return "\n".join(part for part in (whole if shortened else "", cell.tip) if part)

    def _say(self) -> None:
        """Where the cursor is, for screen readers."""
        cell, column = self.cell_at(self._at), self._grid.columns[self._at.column]
        words = f"{column.letter}{self.row_at(self._at.row).number} {cell.text} {cell.tip}".strip()
        self.setAccessibleDescription(words)
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))
