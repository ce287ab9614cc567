"""The list that opens under a control: arrows move, Enter takes, Esc closes, typing narrows a long one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidget, QListWidgetItem, QWidget

from jobdesk.host.strings import text
from jobdesk.ui.kit.labels import Text
from jobdesk.ui.kit.layouts import column
from jobdesk.ui.palette import tokens
from jobdesk.ui.signals import TypedSignal, signal

_ROW = 37


_OF_A_POPUP = (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter)


def claims_key(event: QEvent) -> bool:
    """Take Esc and Enter for the open popup before a shortcut of the form below it gets them."""
    if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.ShortcutOverride:
        return False
    if event.key() in _OF_A_POPUP:
        event.accept()
        return True
    return False


class PickPopup(QFrame):
    """A list of (value, label, words to search) that goes away when one is taken or Esc is pressed.

    Signals:
        picked: the value taken.
    """

    picked: TypedSignal[str] = signal()

    def __init__(
        self, owner: QWidget, entries: Sequence[tuple[str, str, str]], value: str, search: bool
    ) -> None:
        super().__init__(owner, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("look", "popover")
        self._entries = [(v, label, words.casefold()) for v, label, words in entries]
        self._value = value
        self.box = QLineEdit()
        self.box.setPlaceholderText(text("kit.search_list"))
        self.box.setAccessibleName(text("kit.search_list"))
        self.box.setFixedHeight(tokens().shape.control)
        self.box.setVisible(search)
        self.list = QListWidget()
        self.list.setProperty("look", "inside")
        self.list.setUniformItemSizes(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.none = Text(text("kit.search_none"), "body", "ink_2")
        self.none.setContentsMargins(8, 6, 8, 6)
        self.none.hide()
        self.setLayout(column(self.box, self.none, (self.list, 1), gap=4, pad=(5, 5, 5, 5)))
        self.box.textChanged.connect(self._narrow)
        self.list.itemClicked.connect(self._take)
        self.box.installEventFilter(self)
        self.list.installEventFilter(self)
        self._searching = search

    def open_at(self, where: QPoint, width: int, typed: str = "") -> None:
        """Show below ``where`` (global), above it when there is no room."""
        self._narrow("")
        shown = min(max(len(self._entries), 1), 9)
        metrics = self.fontMetrics()
        widest = max((metrics.horizontalAdvance(label) for _, label, _ in self._entries), default=0) + 48
        search = tokens().shape.control + 4 if self._searching else 0
        self.setFixedSize(min(max(width, widest), 460), shown * _ROW + search + 18)
        screen = self.screen().availableGeometry()
        x = max(screen.left(), min(where.x(), screen.right() - self.width()))
        owner = self.parentWidget()
        y = where.y()
        if y + self.height() > screen.bottom() and owner is not None:
            y = max(screen.top(), where.y() - owner.height() - 8 - self.height())
        self.move(x, y)
        self.show()
        (self.box if self._searching else self.list).setFocus(Qt.FocusReason.PopupFocusReason)
        if typed:
            self.box.setText(typed)

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        if claims_key(event):
            return True
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            key = event.key()
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                item = cast("QListWidgetItem | None", self.list.currentItem())
                if item is not None:
                    self._take(item)
                return True
            if key == Qt.Key.Key_Escape:
                self.close()
                return True
            if watched is self.box and key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                step = 1 if key == Qt.Key.Key_Down else -1
                self.list.setCurrentRow(max(0, min(self.list.currentRow() + step, self.list.count() - 1)))
                return True
        return super().eventFilter(watched, event)

    def _narrow(self, typed: str) -> None:
        words = typed.casefold().split()
        self.list.clear()
        chosen = 0
        for value, label, searched in self._entries:
            if all(word in searched for word in words):
                item = QListWidgetItem(label)
                item.setData(Qt.ItemDataRole.UserRole, value)
                item.setToolTip(label)
                self.list.addItem(item)
                if value == self._value:
                    chosen = self.list.count() - 1
        self.list.setCurrentRow(chosen)
        self.none.setVisible(not self.list.count())

    def _take(self, item: QListWidgetItem) -> None:
        value = str(item.data(Qt.ItemDataRole.UserRole))
        self.close()
        self.picked.emit(value)
