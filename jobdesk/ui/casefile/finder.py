"""A search line with what it finds under it: chosen by mouse or without one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from jobdesk.ui.kit import Button, Field, TextInput, clear, column, frame

PAUSE_MS = 200


class Finder(QWidget):
    """Enter takes what alone was found, else goes to the first; ↓ and ↑ move, Tab goes through in order."""

    def __init__(self, name: str, hint: str) -> None:
        super().__init__()
        self.line = TextInput(placeholder=hint)
        self.field = Field(name, self.line, needed=True, label_width=64)
        self.choices: list[Button] = []
        self._found = column(gap=4)
        self._entered = self._looking = False
        self.setLayout(column(self.field, frame(self._found), gap=4))
        self.setFocusProxy(self.line)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self.look)
        self.line.typed.connect(lambda _words: self._typed())
        self.line.installEventFilter(self)

    def look(self) -> None:
        """Search for what stands in the line, now."""
        self._timer.stop()
        self._looking = True
        self.search()

    def search(self) -> None:
        """What ``look`` asks; ends in ``show_found``."""
        raise NotImplementedError

    def _typed(self) -> None:
        self._entered = False
        self._timer.start()

    def show_found(self, found: Sequence[tuple[QWidget, Button]], more: Sequence[QWidget] = ()) -> None:
        """What was found, each with the button that takes it, and what else is to be said."""
        self._looking = False
        if self.window().focusWidget() in self.choices:
            self.line.setFocus()  # what goes away leaves the cursor here
        clear(self._found)
        for widget in (*(w for w, _button in found), *more):
            self._found.addWidget(widget)
        self.choices = [button for _widget, button in found]
        before: QWidget = self.line
        for button in self.choices:
            button.setAutoDefault(True)
            button.installEventFilter(self)
            QWidget.setTabOrder(before, button)
            before = button
        if self._entered:
            self._enter()

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and not self.line.composing:
            key = Qt.Key(event.key())
            if watched is self.line and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._enter()
                return True
            if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                return self._move(watched, 1 if key == Qt.Key.Key_Down else -1)
        return super().eventFilter(watched, event)

    def _enter(self) -> None:
        """Also for words that are still being searched for: it holds when they are found."""
        self._entered = self._looking or self._timer.isActive()
        if self._timer.isActive():
            self.look()
        if self._entered:
            return
        if len(self.choices) == 1:
            self.choices[0].click()
        elif self.choices:
            self.choices[0].setFocus()

    def _move(self, watched: QObject, step: int) -> bool:
        ring: list[QWidget] = [self.line, *self.choices]
        at = next((n for n, widget in enumerate(ring) if widget is watched), None)
        if at is None or not 0 <= at + step < len(ring):
            return False
        ring[at + step].setFocus()
        return True
