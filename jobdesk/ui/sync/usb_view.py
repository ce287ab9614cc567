"""Layout of 无网络交换: three steps side by side, what became of them, the list of files."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from jobdesk.ui.kit import Button, Card, Scroll, Text, column, frame, row
from jobdesk.ui.settings.beside import Beside
from jobdesk.ui.sync.usb_state import u
from jobdesk.ui.table import Table


class Step(Card):
    """One of the three: what it is for, how much there is, its button."""

    def __init__(self, key: str, button: Button) -> None:
        self.standing = Text("", "body", wrap=True)
        self.go = button
        note = Text(u(f"{key}_note"), "caption", "ink_2", wrap=True)
        super().__init__(
            column(note, self.standing, None, row(button, None, gap=0), gap=8), title=u(f"{key}_title")
        )


class UsbView:
    """Builds the parts into ``owner``."""

    def __init__(self, owner: QWidget, table: Table) -> None:
        self.out = Step("out", Button(u("out"), "primary", icon="upload"))
        self.back = Step("back", Button(u("back"), icon="download"))
        self.carry = Step("carry", Button(u("carry"), icon="external-link"))
        self.wait = Beside()
        self.told = column(gap=6)
        self.table = table
        self.files = Card(column(table, gap=0), title=u("files"), note=u("files_note"))
        steps = row((self.out, 1), (self.back, 1), (self.carry, 1), gap=12)
        body = frame(
            column(
                Text(u("note"), "body", "ink_2", wrap=True), steps, self.wait, self.told, self.files, None,
                gap=12, pad=(20, 16, 20, 20),
            )
        )  # fmt: skip
        body.setMaximumWidth(1080)
        owner.setLayout(column((Scroll(frame(row((body, 20), None, gap=0))), 1), gap=0))
