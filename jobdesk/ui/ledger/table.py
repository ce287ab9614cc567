"""The table of people: Space gathers several without holding a key, F2 records a service."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent

from jobdesk.ui.signals import BareSignal, TypedSignal, bare_signal, signal
from jobdesk.ui.table import Column, Table
from jobdesk.ui.table.model import Fetch

_MOVES = (
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
    Qt.Key.Key_PageUp,
    Qt.Key.Key_PageDown,
    Qt.Key.Key_Home,
    Qt.Key.Key_End,
)


class PeopleTable(Table):
    """The ledger's table.

    Signals:
        record_asked: F2 on somebody: record a service.
        copy_asked: Ctrl+C; the screen copies, since not every chosen row is in memory.
        menu_asked: the menu key or the right button, on the row under the cursor.
    """

    record_asked: TypedSignal[str] = signal()
    copy_asked: BareSignal = bare_signal()

    def __init__(self, columns: Sequence[Column], fetch: Fetch) -> None:
        super().__init__(columns, fetch)
        self._gathering = False

    @property
    def gathering(self) -> bool:
        """Rows are being gathered with Space: moving does not change what is chosen."""
        return self._gathering

    def go_to(self, one: str) -> bool:
        """As every table's, but whoever was gathered stays gathered, as when the cursor is moved by keys."""
        place = self.rows.row_of(one)
        if place is not None and self._keeps():
            self._put_cursor(place)
            return True
        if place is not None:
            self._gathering = False
        return super().go_to(one)

    def set_ids(self, ids: Sequence[str]) -> None:
        """As every table's; a list without any of those gathered ends the gathering."""
        super().set_ids(ids)
        self._gathering = self._gathering and self._keeps()

    def go_nowhere(self) -> None:
        """The cursor off the list; whoever was gathered stays gathered."""
        if self._keeps():
            self.selectionModel().clearCurrentIndex()
        else:
            self.selectionModel().clear()

    def _keeps(self) -> bool:
        """People are gathered, with Space or with Ctrl or Shift held."""
        count = self.selected_count()
        return count > 1 or (self._gathering and count == 1)

    def stop_gathering(self) -> None:
        """Only the row under the cursor is chosen from here on."""
        self._gathering = False
        self._choose_current()

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        key, plain = event.key(), not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key == Qt.Key.Key_Space and plain:
            self._gather()
        elif key == Qt.Key.Key_F2 and plain and self.current_id():
            self.record_asked.emit(self.current_id())
        elif key == Qt.Key.Key_Escape and (self._gathering or self.selected_count() > 1):
            self.stop_gathering()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self._gathering = True
            self.selectAll()
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy_asked.emit()
        elif key in _MOVES and plain and self._gathering:
            self._move(Qt.Key(key))
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        held = event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
        self._gathering = bool(held)
        super().mousePressEvent(event)

    def _gather(self) -> None:
        flag = QItemSelectionModel.SelectionFlag
        at = self.currentIndex()
        if not at.isValid():
            return
        if self._gathering:
            self.selectionModel().select(at, flag.Toggle | flag.Rows)
        else:
            self._gathering = True
            self._choose_current()
        if self.selected_count() == 0:
            self._gathering = False
        self.selection.emit(self.selected_count())

    def _choose_current(self) -> None:
        flag = QItemSelectionModel.SelectionFlag
        self.selectionModel().select(self.currentIndex(), flag.ClearAndSelect | flag.Rows)
        self.selection.emit(self.selected_count())

    def _move(self, key: Qt.Key) -> None:
        page = max(1, self.viewport().height() // max(1, self.rowHeight(0)) - 1)
        last = self.rows.rowCount() - 1
        at = self.currentIndex().row()
        to = {
            Qt.Key.Key_Up: at - 1, Qt.Key.Key_Down: at + 1, Qt.Key.Key_PageUp: at - page,
            Qt.Key.Key_PageDown: at + page, Qt.Key.Key_Home: 0, Qt.Key.Key_End: last,
        }[key]  # fmt: skip
        self._put_cursor(max(0, min(to, last)))

    def _put_cursor(self, row: int) -> None:
        """Without a change of who is chosen."""
        place = self.rows.index(row, 0)
        self.selectionModel().setCurrentIndex(place, QItemSelectionModel.SelectionFlag.NoUpdate)
        self.scrollTo(place)
