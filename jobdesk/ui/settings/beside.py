"""The line under a button or card that tells what became of it: waiting, done, or why not."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLayout, QWidget

from jobdesk.cases.errors import JobdeskError
from jobdesk.ui.kit import Action, Banner, Scroll, Text, clear, column, frame, row
from jobdesk.ui.notices import words_of


class Beside(QWidget):
    """Takes no room while there is nothing to say."""

    def __init__(self) -> None:
        super().__init__()
        self._lines = column(gap=6)
        self.setLayout(self._lines)
        self.hide()

    def fail(self, error: Exception, retry: Action | None = None) -> None:
        """Why it was not done. A bug of ours goes on to the reports as well."""
        words = words_of(error)
        actions = [retry] if retry else []
        self._show(Banner(words.kind, words.sentence, more=words.more, actions=actions, closable=True))
        if not isinstance(error, JobdeskError):
            raise error

    def say(
        self, kind: Literal["ok", "info", "trouble", "problem"], sentence: str, more: str = "",
        actions: tuple[Action, ...] = (),
    ) -> None:  # fmt: skip
        """A word about what was done or is to be known."""
        self._show(Banner(kind, sentence, more=more, actions=actions))

    def wait(self, sentence: str) -> None:
        """It is being done."""
        self._show(Text(sentence, "caption", "ink_2", wrap=True))

    def quiet(self) -> None:
        """Nothing to say any more."""
        clear(self._lines)
        self.hide()

    def _show(self, widget: QWidget) -> None:
        clear(self._lines)
        self._lines.addWidget(widget)
        self.show()
        widget.show()  # a layout in sight would do it a turn of the event loop later


def page(title: str, note: str, *parts: QWidget | QLayout | int | None) -> QWidget:
    """A section of the settings: its name, what it is about, its cards; it scrolls."""
    head = column(Text(title, "title"), Text(note, "body", "ink_2", wrap=True), gap=2)
    body = frame(column(head, *parts, None, gap=12, pad=(20, 16, 20, 20)))
    body.setMaximumWidth(900)
    holder = frame(row((body, 20), None, gap=0))
    return Scroll(holder)


def full_page(title: str, note: str, *parts: QWidget | QLayout | int | tuple[QWidget, int]) -> QFrame:
    """A section whose list fills the page and scrolls by itself."""
    head = column(Text(title, "title"), Text(note, "body", "ink_2", wrap=True), gap=2)
    return frame(column(head, *parts, gap=12, pad=(20, 16, 20, 16)))


def pair(name: str, value: QWidget, *, top: bool = False, width: int = 112) -> QLayout:
    """A name in a column of its own and what belongs to it; ``top`` where that has several lines."""
    label = Text(name, "body", "ink_2", wrap=True)
    label.setFixedWidth(width)
    if top:
        label.setAlignment(Qt.AlignmentFlag.AlignTop)
    return row(label, (value, 1), gap=10)
