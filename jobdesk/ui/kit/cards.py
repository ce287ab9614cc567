"""Cards, numbers in tiles, and what a list says when it is empty."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QLayout, QWidget

from jobdesk.ui import theme
from jobdesk.ui.kit.labels import Icon, Text
from jobdesk.ui.kit.layouts import column, frame, row
from jobdesk.ui.palette import Tone
from jobdesk.ui.signals import BareSignal, bare_signal


class Card(QFrame):
    """A rounded surface around some content, with an optional heading line."""

    def __init__(
        self, content: QLayout | QWidget, *, title: str = "", note: str = "", corner: QWidget | None = None
    ) -> None:
        super().__init__()
        self.setProperty("look", "card")
        self.title = Text(title, "body", bold=True)
        self.note = Text(note, "caption", "ink_2")
        body: list[QLayout | QWidget] = []
        if title or corner is not None:
            head = row(self.title, self.note, None, gap=8)
            if corner is not None:
                head.addWidget(corner)
            body.append(head)
        body.append(content)
        self.setLayout(column(*body, gap=10, pad=(16, 14, 16, 14)))


class StatTile(QFrame):
    """A number with its name and a note; press or Enter opens the people behind it.

    Signals:
        opened: somebody wants to see what is counted.
    """

    opened: BareSignal = bare_signal()

    def __init__(
        self, name: str, number: str, *, note: str = "", icon: str = "", tone: Tone = "accent"
    ) -> None:
        super().__init__()
        self.setProperty("look", "card")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.number = Text(number, "display")
        self.note = Text(note, "caption", "ink_2", wrap=True)
        if not note:
            self.note.hide()  # never shown here: without a parent yet it would be a window of its own
        self._name = name
        words = column(Text(name, bold=True), self.note, gap=2)
        if icon:
            soft = "accent_soft" if tone not in ("ok", "warn", "bad") else f"{tone}_soft"
            picture = frame(row(Icon(icon, tone, 18), pad=(7, 7, 7, 7)), soft)
            picture.setFixedSize(32, 32)
            self.setLayout(row(picture, (words, 1), self.number, gap=12, pad=(16, 12, 16, 12)))
        else:
            self.setLayout(row((words, 1), self.number, gap=12, pad=(16, 12, 16, 12)))
        self.set_number(number, note)

    def set_number(self, number: str, note: str | None = None) -> None:
        """Change the number and, when given, the note."""
        self.number.setText(number)
        if note is not None:
            self.note.setText(note)
            self.note.setVisible(bool(note))
        self.setAccessibleName(f"{self._name} {number}")

    def mouseReleaseEvent(self, event: QMouseEvent, /) -> None:
        if self.rect().contains(event.position().toPoint()):
            self.opened.emit()

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.opened.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event, /) -> None:  # type: ignore[no-untyped-def]
        super().focusInEvent(event)
        self._ring(True)

    def focusOutEvent(self, event, /) -> None:  # type: ignore[no-untyped-def]
        super().focusOutEvent(event)
        self._ring(False)

    def _ring(self, on: bool) -> None:
        self.setProperty("look", "card_on" if on else "card")
        theme.restyle(self)


class EmptyState(QWidget):
    """An icon, a sentence and what to do next, in the middle of an empty place.

    Args:
        action: a button, or several in a frame.
    """

    def __init__(self, icon: str, sentence: str, *, more: str = "", action: QWidget | None = None) -> None:
        super().__init__()
        self.sentence = Text(sentence, "strong", wrap=True)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.more = Text(more, "body", "ink_2", wrap=True)
        self.more.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        if not more:
            self.more.hide()  # as above
        body = column(row(None, Icon(icon, "ink_3", 40), None), self.sentence, self.more, gap=10)
        if action is not None:
            body.addSpacing(6)
            body.addLayout(row(None, action, None))
        inner = frame(body)
        inner.setMaximumWidth(420)
        inner.setMinimumWidth(220)
        self.setLayout(column(None, row(None, (inner, 8), None), None, pad=(16, 16, 16, 16)))

    def say(self, sentence: str, more: str = "") -> None:
        """Change the words."""
        self.sentence.setText(sentence)
        self.more.setText(more)
        self.more.setVisible(bool(more))
