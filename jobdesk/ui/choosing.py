"""Who sits at the desk, asked once at the start where the PC's account does not tell."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from jobdesk.host.strings import text
from jobdesk.services.staffing import StaffMember
from jobdesk.ui.kit import Button, Card, Text, column


class ChoosingPage(QWidget):
    """A card with one button per person; keys 1 … 9 press them."""

    def __init__(self, staff: Sequence[StaffMember], chosen: Callable[[str], None]) -> None:
        super().__init__()
        buttons: list[QWidget] = []
        for number, person in enumerate(staff, 1):
            keys = str(number) if number < 10 else ""
            button = Button(person.name, "quiet", keys=keys, on_click=lambda one=person.id: chosen(one))
            button.setMinimumWidth(280)
            buttons.append(button)
        self.note = Text(text("choosing.note"), "caption", "ink_2", wrap=True)
        card = Card(column(self.note, *buttons, gap=8), title=text("choosing.title"))
        card.setFixedWidth(420)
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(card)
        across.addStretch(1)
        down = QVBoxLayout(self)
        down.addStretch(2)
        down.addWidget(Text(text("app.name"), "title"), 0, Qt.AlignmentFlag.AlignHCenter)
        down.addSpacing(16)
        down.addLayout(across)
        down.addStretch(3)
        self._first = buttons[0] if buttons else self

    def showEvent(self, event: QShowEvent, /) -> None:
        """The cursor comes here, wherever it was: the digits are for these buttons."""
        super().showEvent(event)
        self._first.setFocus()
