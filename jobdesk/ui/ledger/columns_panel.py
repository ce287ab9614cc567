"""列设置: which columns, in which order, by keyboard or by dragging."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QPoint, Qt
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from jobdesk.host.strings import text
from jobdesk.ui import icons, theme
from jobdesk.ui.kit import Button, Popover, Text, column, key_hints, row
from jobdesk.ui.signals import TypedSignal, signal
from jobdesk.ui.table import Column

_KEY = Qt.ItemDataRole.UserRole
_CHECK = Qt.ItemDataRole.CheckStateRole
_ON = Qt.CheckState.Checked


class _Ticked(QStyledItemDelegate):
    """A tick inside the boxes that are on: a filled box alone reads as a colour."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex, /
    ) -> None:
        super().paint(painter, option, index)
        view = self.parent()
        if not isinstance(view, QWidget) or index.data(_CHECK) not in (_ON, _ON.value):
            return
        shown = QStyleOptionViewItem(option)
        self.initStyleOption(shown, index)
        part = QStyle.SubElement.SE_ItemViewItemCheckIndicator
        box = view.style().subElementRect(part, shown, view)
        tick = icons.pixmap("check", "accent_ink", 12)
        painter.drawPixmap(box.center() - QPoint(5, 5), tick)


class ColumnsPanel(QListWidget):
    """The list of columns: Space ticks, Alt+↑ Alt+↓ move, dragging moves.

    Signals:
        changed: keys of the ticked columns in their order.
    """

    changed: TypedSignal[tuple[str, ...]] = signal()

    def __init__(self, columns: Sequence[Column], shown: Sequence[str], hidden: Sequence[str]) -> None:
        super().__init__()
        self.setProperty("look", "inside")
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setMinimumHeight(300)
        c = theme.palette()
        self.setStyleSheet(
            f"QListWidget::indicator {{ width:14px; height:14px; border:1px solid {c.ink_3}; "
            f"border-radius:4px; background:{c.surface}; }}"
            f"QListWidget::indicator:checked {{ background:{c.accent}; border-color:{c.accent}; }}"
        )
        self.setItemDelegate(_Ticked(self))
        self.setAccessibleName(text("ledger.columns"))
        by_key = {c.key: c for c in columns}
        order = [*shown, *(c.key for c in columns if c.key not in shown)]
        for key in order:
            one = by_key[key]
            title = text("table.no_room", title=one.title) if key in hidden else one.title
            item = QListWidgetItem(title)
            item.setData(_KEY, key)
            flags = item.flags() | Qt.ItemFlag.ItemIsUserCheckable
            item.setFlags(flags & ~Qt.ItemFlag.ItemIsUserCheckable if one.fixed else flags)
            item.setCheckState(Qt.CheckState.Checked if key in shown else Qt.CheckState.Unchecked)
            self.addItem(item)
        self.setCurrentRow(0)
        self.itemChanged.connect(self._tell)
        self.model().rowsMoved.connect(self._tell)
        self.installEventFilter(self)

    def keys(self) -> tuple[str, ...]:
        """The ticked columns in order."""
        items = (self.item(n) for n in range(self.count()))
        return tuple(str(i.data(_KEY)) for i in items if i.checkState() == Qt.CheckState.Checked)

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            moving = event.modifiers() == Qt.KeyboardModifier.AltModifier
            if moving and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
                self.move_current(-1 if event.key() == Qt.Key.Key_Up else 1)
                return True
        return super().eventFilter(watched, event)

    def move_current(self, step: int) -> None:
        """Move the column under the cursor one place."""
        at = self.currentRow()
        to = at + step
        if at < 0 or not 0 <= to < self.count():
            return
        self.blockSignals(True)
        item = self.takeItem(at)
        self.insertItem(to, item)
        self.setCurrentRow(to)
        self.blockSignals(False)
        self._tell()

    def _tell(self, *_what: object) -> None:
        self.changed.emit(self.keys())


def open_columns(anchor: QWidget, panel: ColumnsPanel, usual: Button) -> Popover:
    """Show the panel under its button."""
    hints = key_hints(
        (text("ledger.key_space"), text("ledger.key_show")), ("Alt+↑ Alt+↓", text("ledger.key_move"))
    )
    popover = Popover(anchor, column(
        row(Text(text("ledger.columns"), "strong"), None, usual), panel, hints, gap=8, pad=(14, 12, 14, 12)
    ), 330)  # fmt: skip
    popover.open_by(anchor)
    panel.setFocus()
    return popover
