"""The table every list uses: keyboard, selection by id, sorting by heading, columns that fit."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import partial
from typing import cast

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QItemSelectionRange, QModelIndex, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QMenu, QTableView

from jobdesk.host.strings import text
from jobdesk.ui.palette import tokens
from jobdesk.ui.signals import TypedSignal, signal
from jobdesk.ui.table.cells import Column, Sort
from jobdesk.ui.table.columns import chosen, fitting, widths
from jobdesk.ui.table.delegate import LEAD, CellDelegate
from jobdesk.ui.table.model import Fetch, WindowedModel

COPY_AT_MOST = 5000
"""Own figure: more rows go out through an export, which is logged."""


class Table(QTableView):
    """A list of people or other subjects.

    Args:
        columns: all there are, in order; the chooser and the width decide which are shown.
        fetch: see ``WindowedModel``.
        many: several rows can be selected (bulk actions).

    Signals:
        current: id of the row the cursor is on; "" for none.
        opened: id of the row on which Enter was pressed or the mouse clicked twice.
        selection: number of selected rows.
        sort_asked: a heading was pressed; give the new order with ``set_ids`` and ``show_sort``.
        columns_chosen: keys of the columns a person chose (keep them in the settings).
        copied: number of rows put on the clipboard, for the access log and a notice.
    """

    current: TypedSignal[str] = signal()
    opened: TypedSignal[str] = signal()
    selection: TypedSignal[int] = signal()
    sort_asked: TypedSignal[Sort] = signal()
    columns_chosen: TypedSignal[tuple[str, ...]] = signal()
    copied: TypedSignal[int] = signal()

    def __init__(self, columns: Sequence[Column], fetch: Fetch, *, many: bool = True) -> None:
        super().__init__()
        self._all = tuple(columns)
        self._keys: tuple[str, ...] | None = None
        self._sort: Sort | None = None
        self._told = ""
        self.rows = WindowedModel(columns, fetch, self)
        self.setModel(self.rows)
        self.setItemDelegate(CellDelegate(self))
        self._behave(many)
        self._headings()
        self.selectionModel().currentRowChanged.connect(self._moved)
        self.selectionModel().selectionChanged.connect(self._selected)
        self.doubleClicked.connect(self._double)

    # ---- what the screen does

    def set_ids(self, ids: Sequence[str]) -> None:
        """Show these people in this order; cursor, selection and scrolling stay with the same people."""
        at, picked = self.current_id(), self._picked_ids()
        top = self.rowAt(0)
        offset = self.currentIndex().row() - top if at else 0
        self.rows.set_ids(ids)
        self._select(picked)
        place = self.rows.row_of(at) if at else None
        if place is not None:
            self.selectionModel().setCurrentIndex(
                self.rows.index(place, 0), QItemSelectionModel.SelectionFlag.NoUpdate
            )
            self.verticalScrollBar().setValue(max(0, place - offset))
        self._tell(at if place is not None else "")
        self.selection.emit(self.selected_count())

    def refresh(self, touched: Collection[str] | None = None) -> None:
        """Read rows again without changing their order."""
        self.rows.refresh(touched)

    def current_id(self) -> str:
        """The id the cursor is on, or an empty text."""
        row = self.currentIndex().row()
        return self.rows.id_at(row) if 0 <= row < self.rows.rowCount() else ""

    def go_to(self, one: str) -> bool:
        """Put the cursor on an id; False when it is not in the list.

        It alone is selected, also while somebody still holds Ctrl or Shift from the keys that led here.
        """
        row = self.rows.row_of(one)
        if row is None:
            return False
        flags = QItemSelectionModel.SelectionFlag
        self.selectionModel().setCurrentIndex(self.rows.index(row, 0), flags.ClearAndSelect | flags.Rows)
        self.scrollTo(self.currentIndex())
        return True

    def selected_ids(self) -> tuple[str, ...]:
        """Ids of the selected rows, in the order of the list."""
        return self._picked_ids()

    def selected_count(self) -> int:
        """How many rows are selected, without naming them."""
        return sum(r.bottom() - r.top() + 1 for r in self._ranges())

    def show_sort(self, sort: Sort | None) -> None:
        """The arrow in the heading."""
        self._sort = sort
        keys = [column.key for column in self.rows.columns]
        header = self.horizontalHeader()
        shown = sort is not None and sort.key in keys
        header.setSortIndicatorShown(shown)
        if sort is not None and shown:
            order = Qt.SortOrder.DescendingOrder if sort.descending else Qt.SortOrder.AscendingOrder
            header.blockSignals(True)
            header.setSortIndicator(keys.index(sort.key), order)
            header.blockSignals(False)

    def choose_columns(self, keys: Sequence[str] | None) -> None:
        """Show these columns where they fit; None is the usual choice."""
        self._keys = None if keys is None else tuple(keys)
        self._fit()

    def chosen_columns(self) -> tuple[str, ...]:
        """Keys of the chosen columns in order, those the width hides included."""
        return tuple(column.key for column in chosen(self._all, self._keys))

    def chooser(self) -> QMenu:
        """The menu 列设置: every column with a tick; those the width hides say so."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        picked = {column.key for column in chosen(self._all, self._keys)}
        shown = {column.key for column in self.rows.columns}
        for column in self._all:
            hidden = column.key in picked and column.key not in shown
            title = text("table.no_room", title=column.title) if hidden else column.title
            action = menu.addAction(title)
            action.setCheckable(True)
            action.setChecked(column.key in picked)
            action.setEnabled(not column.fixed)
            action.toggled.connect(partial(self._toggle, column.key))
        menu.addSeparator()
        menu.addAction(text("table.usual_columns")).triggered.connect(lambda: self._choose(None))
        return menu

    def copy(self) -> int:
        """Put the selected rows on the clipboard as shown (masked as shown), with headings; how many."""
        ids = self._picked_ids()[:COPY_AT_MOST]
        columns = self.rows.columns
        lines = ["\t".join(column.title for column in columns)]
        for one in ids:
            place = self.rows.row_of(one)
            row = None if place is None else self.rows.row(place)
            if row is not None:
                cells = (row.cells.get(column.key) for column in columns)
                lines.append("\t".join(_on_one_line(cell.plain) if cell else "" for cell in cells))
        if ids:
            QGuiApplication.clipboard().setText("\n".join(lines))
            self.copied.emit(len(ids))
        return len(ids)

    # ---- Qt

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            if self.current_id():
                self.opened.emit(self.current_id())
            return
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
            return
        if event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End) and not event.modifiers():
            last = self.rows.rowCount() - 1
            if last >= 0:
                self.setCurrentIndex(self.rows.index(0 if event.key() == Qt.Key.Key_Home else last, 0))
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        self._fit()

    def keyboardSearch(self, search: str, /) -> None:
        """Letters belong to the screen's own keys and to the search box, not to a walk through all rows."""

    # ---- parts

    def _behave(self, many: bool) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        mode = QAbstractItemView.SelectionMode
        self.setSelectionMode(mode.ExtendedSelection if many else mode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setMinimumSize(160, 120)
        side = self.verticalHeader()
        side.setVisible(False)
        side.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        side.setDefaultSectionSize(tokens().shape.row)
        side.setMinimumSectionSize(tokens().shape.row)

    def _headings(self) -> None:
        header = self.horizontalHeader()
        header.setSectionsClickable(True)
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setMinimumSectionSize(24)
        header.setFixedHeight(32)
        # Painting a heading asks whether its whole column is selected, cell by cell: 2 s for 100,000 rows.
        header.setSelectionModel(QItemSelectionModel(self.rows, header))
        header.sectionClicked.connect(self._heading_pressed)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._heading_menu)

    def _heading_menu(self, at: QPoint) -> None:
        self.chooser().popup(self.horizontalHeader().mapToGlobal(at))

    def _heading_pressed(self, section: int) -> None:
        column = self.rows.columns[section]
        if not column.sortable:
            return
        before = self._sort
        down = before is not None and before.key == column.key and not before.descending
        sort = Sort(column.key, down)
        self.show_sort(sort)
        self.sort_asked.emit(sort)

    def _toggle(self, key: str, on: bool) -> None:
        picked = [column.key for column in chosen(self._all, self._keys)]
        wanted = [one for one in picked if one != key]
        if on:
            # a column switched on comes behind its usual neighbour
            usual = [column.key for column in self._all]
            before = [one for one in wanted if usual.index(one) < usual.index(key)]
            wanted.insert(wanted.index(before[-1]) + 1 if before else 0, key)
        self._choose(tuple(wanted))

    def _choose(self, keys: tuple[str, ...] | None) -> None:
        self.choose_columns(keys)
        self.columns_chosen.emit(tuple(column.key for column in chosen(self._all, keys)))

    def _fit(self) -> None:
        room = self.viewport().width() - LEAD
        columns = fitting(chosen(self._all, self._keys), room)
        if columns != self.rows.columns:
            at, picked, top = self.current_id(), self._picked_ids(), self.verticalScrollBar().value()
            self.rows.set_columns(columns)
            self._select(picked)
            place = self.rows.row_of(at) if at else None
            if place is not None:
                flag = QItemSelectionModel.SelectionFlag.NoUpdate
                self.selectionModel().setCurrentIndex(self.rows.index(place, 0), flag)
            self.verticalScrollBar().setValue(top)
            self.show_sort(self._sort)
        for number, width in enumerate(widths(columns, room)):
            self.setColumnWidth(number, width if number else width + LEAD)

    def _picked_ids(self) -> tuple[str, ...]:
        rows = sorted((r.top(), r.bottom()) for r in self._ranges())
        return tuple(one for top, bottom in rows for one in self.rows.ids[top : bottom + 1])

    def _select(self, ids: Collection[str]) -> None:
        """Select by id, neighbours as one range: a hundred thousand single ranges would take minutes."""
        places = sorted(p for p in (self.rows.row_of(one) for one in ids) if p is not None)
        chosen_rows = QItemSelection()
        last_column = max(0, self.rows.columnCount() - 1)
        start = end = -2
        for place in [*places, -1]:
            if place == end + 1:
                end = place
                continue
            if start >= 0:
                chosen_rows.select(self.rows.index(start, 0), self.rows.index(end, last_column))
            start = end = place
        self.selectionModel().select(chosen_rows, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def _moved(self, now: QModelIndex, before: QModelIndex) -> None:
        for index in (now, before):  # the mark goes along the whole row, and Qt draws the two cells alone
            if index.isValid():
                top, height = self.rowViewportPosition(index.row()), self.rowHeight(index.row())
                self.viewport().update(0, top, self.viewport().width(), height)
        self._tell(self.rows.id_at(now.row()) if now.isValid() else "")

    def _ranges(self) -> list[QItemSelectionRange]:
        return list(cast("Iterable[QItemSelectionRange]", self.selectionModel().selection()))

    def _selected(self, _on: QItemSelection, _off: QItemSelection) -> None:
        self.selection.emit(self.selected_count())

    def _double(self, index: QModelIndex) -> None:
        self.opened.emit(self.rows.id_at(index.row()))

    def _tell(self, one: str) -> None:
        if one != self._told:
            self._told = one
            self.current.emit(one)


def _on_one_line(words: str) -> str:
    """A cell must not break the rows of the sheet it is pasted into, nor start a formula there."""
    flat = " ".join(words.split())
    return f"'{flat}" if flat[:1] in ("=", "+", "-", "@") else flat
