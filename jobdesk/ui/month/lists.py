"""待补 and the people behind a number, as lists that stay quick with thousands of lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from jobdesk.ui import icons, theme
from jobdesk.ui.signals import TypedSignal, signal

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Item:
    """A line: who, what, and what opens on Enter or a click."""

    name: str
    note: str
    case_id: str
    part: str = ""
    record: str = ""


class _Items(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.items: Sequence[Item] = ()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.items)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        item = self.items[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{item.name} {item.note}".strip()
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{item.name}\n{item.note}".strip()
        return None

    def put(self, items: Sequence[Item]) -> None:
        self.beginResetModel()
        self.items = items
        self.endResetModel()


class _Lines(QStyledItemDelegate):
    """Name over what is missing, a chevron at the end."""

    def __init__(self, owner: PeopleList) -> None:
        super().__init__(owner)
        self._owner = owner

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(120, self._owner.line_height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        item = self._owner.item(index.row())
        colours = theme.palette()
        box = cast("QRect", option.rect)  # type: ignore[attr-defined]
        state = cast("QStyle.StateFlag", option.state)  # type: ignore[attr-defined]
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        if chosen or state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(box, QColor(colours.accent_soft if chosen else colours.canvas))
        font = QFont(self._owner.font())
        room = box.adjusted(8, 0, -26, 0)
        painter.setFont(font)
        metrics = QFontMetrics(font)
        painter.setPen(QColor(colours.accent))
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        note_font = QFont(font)
        note_font.setPixelSize(theme.tokens().type.caption)
        if self._owner.two_lines:
            top = QRect(room.left(), box.top() + 4, room.width(), (box.height() - 6) // 2)
            below = QRect(room.left(), top.bottom(), room.width(), (box.height() - 6) // 2)
        else:
            wide = min(metrics.horizontalAdvance(item.name) + 12, room.width() * 2 // 3)
            top = QRect(room.left(), box.top(), wide, box.height())
            below = QRect(room.left() + wide, box.top(), room.width() - wide, box.height())
        elide = Qt.TextElideMode.ElideRight
        painter.drawText(top, middle, metrics.elidedText(item.name, elide, top.width()))
        painter.setFont(note_font)
        painter.setPen(QColor(colours.ink_2))
        painter.drawText(below, middle, QFontMetrics(note_font).elidedText(item.note, elide, below.width()))
        icon = icons.pixmap("chevron-right", "ink_3", 14)
        side = round(icon.height() / icon.devicePixelRatio())
        painter.drawPixmap(box.right() - 20, box.top() + (box.height() - side) // 2, icon)


class PeopleList(QListView):
    """Lines that open a person.

    Signals:
        opened: the line that was clicked, or on which Enter was pressed.
    """

    opened: TypedSignal[Item] = signal()

    def __init__(self, name: str, *, two_lines: bool = True) -> None:
        super().__init__()
        self.two_lines = two_lines
        self.line_height = 46 if two_lines else 34
        self._items = _Items()
        self.setModel(self._items)
        self.setItemDelegate(_Lines(self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setProperty("look", "inside")
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(name)
        self.clicked.connect(self._clicked)

    def put(self, items: Sequence[Item]) -> None:
        """Show other lines."""
        self._items.put(items)

    def item(self, row: int) -> Item:
        return self._items.items[row]

    def count(self) -> int:
        return len(self._items.items)

    def _clicked(self, index: QModelIndex) -> None:
        self.opened.emit(self.item(index.row()))

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.opened.emit(self.item(self.currentIndex().row()))
            return
        super().keyPressEvent(event)
