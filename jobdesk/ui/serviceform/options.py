"""Choosing by single keys: the service type by number or letter, an outcome out of up to nine."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from jobdesk.ui.kit import Choice, DropDown, Segments
from jobdesk.ui.palette import tokens
from jobdesk.ui.serviceform.state import type_by_key

_A_LINE = 4
_COLUMNS = 3


class SegmentGrid(Segments):
    """Segments that go on in further lines when there are more than four."""

    def __init__(self, options: Sequence[Choice | str], value: str = "", name: str = "") -> None:
        super().__init__(options, value, name)
        if len(self._buttons) <= _A_LINE:
            return
        old = self.layout()
        assert old is not None
        away = QWidget()
        away.setLayout(old)
        columns = _COLUMNS
        grid = QGridLayout()
        grid.setContentsMargins(3, 3, 3, 3)
        grid.setSpacing(2)
        for at, button in enumerate(self._buttons):
            button.setParent(self)
            grid.addWidget(button, at // columns, at % columns)
        self.setLayout(grid)
        lines = -(-len(self._buttons) // columns)
        step = tokens().shape.control - 6
        self.setFixedHeight(lines * step + (lines - 1) * 2 + 8)


class TypePick(DropDown):
    """The service type: its number, or a letter that only one begins with, takes it at once."""

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        typed = event.text()
        if typed and typed.isascii() and typed.isalnum() and not event.modifiers():
            found = type_by_key(typed, [o.value for o in self._options])
            if found:
                self.set_value(found)
                self.chosen.emit(found)
                return
        super().keyPressEvent(event)
