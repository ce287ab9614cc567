"""Looking something up and taking it without leaving the form: people, posts."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QSizePolicy, QWidget

from jobdesk.host.strings import text
from jobdesk.ui.kit import Chip, IconButton, TextInput, clear, column, frame, row
from jobdesk.ui.kit.layouts import Flow
from jobdesk.ui.signals import BareSignal, TypedSignal, bare_signal, signal

_ROW = 34
_MOST = 6


class Finder(QWidget):
    """A box to type in and what was found under it. ↓ ↑ move, Enter takes, Esc closes.

    Signals:
        asked: the words, "" when the box was emptied.
        picked: the value taken; the box is empty again.
    """

    asked: TypedSignal[str] = signal()
    picked: TypedSignal[str] = signal()

    def __init__(self, placeholder: str) -> None:
        super().__init__()
        self.box = TextInput(placeholder=placeholder)
        self.list = QListWidget()
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.hide()
        self.setLayout(column(self.box, self.list, gap=4))
        self.setFocusProxy(self.box)
        self.box.typed.connect(self.asked.emit)
        self.box.installEventFilter(self)
        self.list.itemClicked.connect(self._take)

    def offer(self, entries: Sequence[tuple[str, str]]) -> None:
        """Show (value, label) pairs; none closes the list."""
        self.list.clear()
        for value, label in entries:
            item = QListWidgetItem(label)
            item.setData(Qt.ItemDataRole.UserRole, value)
            item.setToolTip(label)
            self.list.addItem(item)
        self.list.setVisible(bool(entries))
        self.list.setFixedHeight(min(len(entries), _MOST) * _ROW + 8)
        self.list.setCurrentRow(0)

    def set_name(self, name: str) -> None:
        """What is looked for, for screen readers."""
        self.box.setAccessibleName(name)

    def close_list(self) -> None:
        """Put the finds away."""
        self.list.hide()

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and not self.box.composing
            and self._key(Qt.Key(event.key()), event.modifiers())
        ):
            return True
        return super().eventFilter(watched, event)

    def _key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> bool:
        if self.list.isHidden() or modifiers & Qt.KeyboardModifier.ControlModifier:
            return False
        last = self.list.count() - 1
        if key == Qt.Key.Key_Down:
            self.list.setCurrentRow(min(self.list.currentRow() + 1, last))
        elif key == Qt.Key.Key_Up:
            self.list.setCurrentRow(max(self.list.currentRow() - 1, 0))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take(self.list.currentItem())
        elif key == Qt.Key.Key_Escape:
            self.close_list()
        else:
            return False
        return True

    def _take(self, item: QListWidgetItem | None) -> None:
        if item is None:
            return
        value = str(item.data(Qt.ItemDataRole.UserRole))
        self.box.set_value("")
        self.close_list()
        self.picked.emit(value)


class Picked(QWidget):
    """What was taken, as chips that can be put back.

    Signals:
        changed: a person took something off.
    """

    changed: BareSignal = bare_signal()

    def __init__(self) -> None:
        super().__init__()
        self._flow = Flow(gap=6, line_gap=4)
        self._entries: dict[str, tuple[str, bool]] = {}
        self.setLayout(self._flow)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.hide()

    def values(self) -> tuple[str, ...]:
        """What is taken, in the order in which it was."""
        return tuple(self._entries)

    def labels(self) -> tuple[str, ...]:
        """As shown."""
        return tuple(label for label, _ in self._entries.values())

    def add(self, value: str, label: str, *, fixed: bool = False) -> None:
        """Take something; ``fixed`` cannot be put back."""
        self._entries.setdefault(value, (label, fixed))
        self._show()

    def set_entries(self, entries: Sequence[tuple[str, str]]) -> None:
        """Show other things, without a signal."""
        self._entries = {value: (label, False) for value, label in entries}
        self._show()

    def _show(self) -> None:
        clear(self._flow)
        for value, (label, fixed) in self._entries.items():
            parts: list[QWidget] = [Chip(label, "outline")]
            if not fixed:
                off = IconButton("close", text("service.take_off", what=label),
                                 on_click=lambda v=value: self._drop(v))  # fmt: skip
                off.setFixedSize(22, 22)
                parts.append(off)
            self._flow.addWidget(frame(row(*parts, gap=0)))
        self.setVisible(bool(self._entries))
        self.updateGeometry()

    def _drop(self, value: str) -> None:
        self._entries.pop(value, None)
        self._show()
        self.changed.emit()
