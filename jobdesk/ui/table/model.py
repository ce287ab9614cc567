"""A hundred thousand rows as ordered ids and a few windows of rows, fetched when they come into sight."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection, Sequence
from enum import IntEnum
from typing import Any, TypeAlias

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from jobdesk.cases.errors import Trouble
from jobdesk.ui.signals import TypedSignal, signal
from jobdesk.ui.table.cells import PLACEHOLDER, Cell, Column, Row

Fetch: TypeAlias = Callable[[Sequence[str]], Sequence[Row]]
Index: TypeAlias = QModelIndex | QPersistentModelIndex
WINDOW = 128
KEPT = 24
_LOOK_UPS = 6
_EMPTY = Cell()
_NO_INDEX = QModelIndex()


class Roles(IntEnum):
    """Own data roles."""

    CELL = Qt.ItemDataRole.UserRole + 1
    ID = Qt.ItemDataRole.UserRole + 2


class WindowedModel(QAbstractTableModel):
    """Rows in the order of ``set_ids``, read through ``fetch`` in windows of 128 by primary key.

    Args:
        fetch: rows for some ids, any order; an id it does not answer shows a placeholder. Synchronous and
            fast (a primary-key read); a ``Trouble`` leaves placeholders and is told once by ``failed``.

    Signals:
        failed: the ``Trouble`` of a fetch.
    """

    failed: TypedSignal[Exception] = signal()

    def __init__(self, columns: Sequence[Column], fetch: Fetch, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns = tuple(columns)
        self._fetch = fetch
        self._ids: Sequence[str] = ()
        self._places: dict[str, int] | None = None
        self._looked = 0
        self._windows: OrderedDict[int, dict[str, Row]] = OrderedDict()
        self._held = False

    # ---- what the screen does

    @property
    def columns(self) -> tuple[Column, ...]:
        """Those shown, in order."""
        return self._columns

    @property
    def ids(self) -> Sequence[str]:
        """All ids in order."""
        return self._ids

    def set_ids(self, ids: Sequence[str]) -> None:
        """Another order or another selection of people: one reset, nothing fetched yet."""
        self.beginResetModel()
        self._ids, self._places, self._looked = ids, None, 0
        self._windows.clear()
        self.endResetModel()

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Other columns; rows already read stay."""
        self.beginResetModel()
        self._columns = tuple(columns)
        self.endResetModel()

    def refresh(self, touched: Collection[str] | None = None) -> None:
        """Read again the windows that hold these ids (None: all), keeping order and selection."""
        if touched is None:
            stale = list(self._windows)
        else:
            rows = (self.row_of(one) for one in touched)
            stale = sorted({row // WINDOW for row in rows if row is not None} & self._windows.keys())
        for number in stale:
            del self._windows[number]
        for number in stale:
            first, last = number * WINDOW, min((number + 1) * WINDOW, len(self._ids)) - 1
            if last >= first and self._columns:
                self.dataChanged.emit(self.index(first, 0), self.index(last, len(self._columns) - 1))

    def hold(self, held: bool) -> None:
        """While held nothing is fetched and unknown rows show ``…`` (a long write is under way)."""
        self._held = held
        if not held and self._ids and self._columns:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._ids) - 1, len(self._columns) - 1))

    def id_at(self, row: int) -> str:
        """The id of a row."""
        return self._ids[row]

    def row_of(self, one: str) -> int | None:
        """Where an id stands; None when it is not in the list."""
        if self._places is None and self._looked < _LOOK_UPS:
            # a few look-ups walk the list; a map of a hundred thousand takes thirty times as long to make
            self._looked += 1
            try:
                return self._ids.index(one)
            except ValueError:
                return None
        if self._places is None:
            self._places = {name: place for place, name in enumerate(self._ids)}
        return self._places.get(one)

    def row(self, number: int) -> Row | None:
        """The row itself, fetched when needed; None while it cannot be had."""
        window = self._windows.get(number // WINDOW)
        if window is None:
            window = self._load(number // WINDOW)
        else:
            self._windows.move_to_end(number // WINDOW)
        return window.get(self._ids[number])

    # ---- what Qt asks

    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self._columns):
            return None
        column = self._columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._ids):
            return None
        if role == Roles.ID:
            return self._ids[index.row()]
        if role not in _ASKS_CELL:
            return None
        row = self.row(index.row())
        key = self._columns[index.column()].key
        cell = PLACEHOLDER if row is None else row.cells.get(key, _EMPTY)
        if role == Roles.CELL:
            return cell
        if role == Qt.ItemDataRole.ToolTipRole:
            return cell.tip or None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self._columns[index.column()].title} {cell.plain}"
        return cell.plain

    def _load(self, number: int) -> dict[str, Row]:
        if self._held:
            return {}
        ids = self._ids[number * WINDOW : (number + 1) * WINDOW]
        window: dict[str, Row] = {}
        try:
            window = {row.id: row for row in self._fetch(ids)}
        except Trouble as trouble:
            # Kept as an empty window: a paint must not ask a broken file again for every cell.
            self._keep(number, window)
            self.failed.emit(trouble)
            return window
        self._keep(number, window)
        return window

    def _keep(self, number: int, window: dict[str, Row]) -> None:
        self._windows[number] = window
        while len(self._windows) > KEPT:
            self._windows.popitem(last=False)


_ASKS_CELL = frozenset(
    (
        int(Roles.CELL),
        int(Qt.ItemDataRole.DisplayRole),
        int(Qt.ItemDataRole.ToolTipRole),
        int(Qt.ItemDataRole.AccessibleTextRole),
    )
)
