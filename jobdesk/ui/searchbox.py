"""The one search box. What an input method is composing is left alone."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame

from jobdesk.host.strings import text
from jobdesk.ui import shortcuts, theme
from jobdesk.ui.kit import Icon, IconButton, KeyCap, TextInput, row
from jobdesk.ui.palette import tokens
from jobdesk.ui.signals import TypedSignal, signal

SearchKey = Literal["down", "up", "enter", "escape"]


class SearchBox(QFrame):
    """Search from everywhere (Ctrl+K).

    Signals:
        searched: the text after every change ("" when emptied), never a text still being composed.
        pressed: ↓ ↑ Enter Esc, for the list of finds under the box; Esc also empties the box.
    """

    searched: TypedSignal[str] = signal()
    pressed: TypedSignal[SearchKey] = signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("look", "search")
        self.setFixedHeight(tokens().shape.control + 2)
        self.setMinimumWidth(220)
        self.setMaximumWidth(440)
        self.line = TextInput(placeholder=text("window.search_hint"))
        self.line.setProperty("look", "inside")
        self.line.setAccessibleName(text("window.search"))
        self.setFocusProxy(self.line)
        self._key = KeyCap(shortcuts.SEARCH.keys)
        self._clear = IconButton("close", text("window.search_clear"), on_click=self.empty)
        self._clear.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._clear.hide()
        glass = Icon("search", "ink_3", 18)
        self.setLayout(row(glass, (self.line, 1), self._key, self._clear, gap=8, pad=(10, 0, 6, 0)))
        self.line.typed.connect(self._typed)
        self.line.installEventFilter(self)

    def text(self) -> str:
        """What stands in the box."""
        return self.line.value()

    def set_short(self, short: bool) -> None:
        """A shorter hint, where the whole one would be cut off."""
        self.line.setPlaceholderText(text("window.search_hint_short" if short else "window.search_hint"))

    def set_text(self, value: str) -> None:
        """Put a text into the box without searching."""
        self.line.set_value(value)
        self._show_key()

    def take_focus(self) -> None:
        """Cursor into the box, everything marked."""
        self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.line.selectAll()

    def empty(self) -> None:
        """Empty the box and tell."""
        if self.line.text():
            self.line.clear()

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        if isinstance(event, QFocusEvent):
            self.setProperty("look", "search_on" if event.gotFocus() else "search")
            theme.restyle(self)
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and not self.line.composing:
            name = _KEYS.get(Qt.Key(event.key()))
            if name is not None:
                if name == "escape":
                    self.empty()
                self.pressed.emit(name)
                return True
        return super().eventFilter(watched, event)

    def _typed(self, value: str) -> None:
        self._show_key()
        self.searched.emit(value.strip())

    def _show_key(self) -> None:
        self._key.setVisible(not self.line.text())
        self._clear.setVisible(bool(self.line.text()))


_KEYS: dict[Qt.Key, SearchKey] = {
    Qt.Key.Key_Down: "down",
    Qt.Key.Key_Up: "up",
    Qt.Key.Key_Return: "enter",
    Qt.Key.Key_Enter: "enter",
    Qt.Key.Key_Escape: "escape",
}
