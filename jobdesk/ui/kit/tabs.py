"""Tabs over the parts of one thing; those without room move into 更多."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy, QWidget

from jobdesk.host.strings import text
from jobdesk.ui.signals import TypedSignal, signal

_HEIGHT = 38
_GAP = 10


@dataclass(frozen=True, slots=True)
class Tab:
    """A part: its key, its title, and a number shown behind it (what is missing), 0 for none."""

    key: str
    title: str
    count: int = 0


class Tabs(QWidget):
    """A line of tabs. ← → move, Home and End jump.

    Signals:
        chosen: key of the tab a person chose.
    """

    chosen: TypedSignal[str] = signal()

    def __init__(self, tabs: Sequence[Tab], at: str = "") -> None:
        super().__init__()
        self.setFixedHeight(_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._tabs = tuple(tabs)
        self._at = at or (tabs[0].key if tabs else "")
        self._buttons: dict[str, QPushButton] = {}
        for tab in self._tabs:
            button = self._button(tab.title)
            button.clicked.connect(lambda _checked=False, key=tab.key: self._choose(key))
            self._buttons[tab.key] = button
        self._more = self._button(text("kit.more"))
        self._more.setCheckable(False)
        self._more.clicked.connect(lambda _checked=False: self._open_more())
        self._hidden: list[Tab] = []
        for tab in self._tabs:
            self.set_count(tab.key, tab.count)
        self.set_at(self._at)

    def at(self) -> str:
        """Key of the tab shown."""
        return self._at

    def set_at(self, key: str) -> None:
        """Show a tab without a signal; the cursor stays on the tab shown."""
        held = self.window().focusWidget() in self._buttons.values()
        self._at = key
        for name, button in self._buttons.items():
            button.setChecked(name == key)
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if name == key else Qt.FocusPolicy.NoFocus)
        self._place()
        if held and key in self._buttons:
            self.take_focus()

    def take_focus(self) -> None:
        """The cursor on the tab shown."""
        self._buttons[self._at].setFocus()

    def set_count(self, key: str, count: int) -> None:
        """The number behind a title; 0 shows none."""
        title = next(tab.title for tab in self._tabs if tab.key == key)
        self._buttons[key].setText(f"{title} {count}" if count else title)
        self._place()

    def sizeHint(self) -> QSize:
        return QSize(sum(self._width(b) + _GAP for b in self._buttons.values()), _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, _HEIGHT)

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        self._place()

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        keys = [tab.key for tab in self._tabs]
        now = keys.index(self._at) if self._at in keys else 0
        moves = {
            Qt.Key.Key_Left: max(now - 1, 0),
            Qt.Key.Key_Right: min(now + 1, len(keys) - 1),
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: len(keys) - 1,
        }
        to = moves.get(Qt.Key(event.key()))
        if to is None:
            super().keyPressEvent(event)
            return
        self._choose(keys[to])
        self._buttons[keys[to]].setFocus()

    def _button(self, title: str) -> QPushButton:
        button = QPushButton(title, self)
        button.setProperty("kind", "tab")
        button.setCheckable(True)
        button.setAutoDefault(False)
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        button.setAccessibleName(title)
        return button

    def _width(self, button: QPushButton) -> int:
        font = button.font()
        font.setBold(True)
        return QFontMetrics(font).horizontalAdvance(button.text()) + 6

    def _place(self) -> None:
        room = self.width()
        widths = {key: self._width(button) for key, button in self._buttons.items()}
        whole = sum(widths.values()) + _GAP * (len(widths) - 1)
        shown = [tab.key for tab in self._tabs]
        if whole > room:
            room -= self._width(self._more) + _GAP
            shown = self._fitting(widths, room)
        self._hidden = [tab for tab in self._tabs if tab.key not in shown]
        x = 0
        for key, button in self._buttons.items():
            button.setVisible(key in shown)
            if key in shown:
                button.setGeometry(x, 0, widths[key], _HEIGHT)
                x += widths[key] + _GAP
        self._more.setVisible(bool(self._hidden))
        self._more.setGeometry(x, 0, self._width(self._more), _HEIGHT)

    def _fitting(self, widths: dict[str, int], room: int) -> list[str]:
        """The tab shown now always has a place; the others in order as long as there is room."""
        used = widths.get(self._at, 0)
        taken = {self._at}
        for tab in self._tabs:
            if tab.key in taken:
                continue
            if used + _GAP + widths[tab.key] > room:
                break
            used += _GAP + widths[tab.key]
            taken.add(tab.key)
        return [tab.key for tab in self._tabs if tab.key in taken]

    def _open_more(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for tab in self._hidden:
            action = menu.addAction(self._buttons[tab.key].text())
            action.triggered.connect(lambda _checked=False, key=tab.key: self._choose(key))
        menu.popup(self._more.mapToGlobal(self._more.rect().bottomLeft()))

    def _choose(self, key: str) -> None:
        changed = key != self._at
        self.set_at(key)
        if changed:
            self.chosen.emit(key)
