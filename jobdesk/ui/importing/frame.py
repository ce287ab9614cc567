"""What stands around every step: the heading with the stages, the line at the foot, the wait."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from jobdesk.host.strings import text
from jobdesk.ui.importing.work import Told
from jobdesk.ui.kit import (
    Button,
    ElidedText,
    Icon,
    IconButton,
    ProgressLine,
    Stages,
    Text,
    column,
    frame,
    row,
)
from jobdesk.ui.signals import BareSignal, TypedSignal, bare_signal, signal

FOOT_WIDE = 1240
"""Logical pixels from which the whole sentence stands in the foot."""
STAGES = ("sheets", "match", "preview", "done")


class StageBar(Stages):
    """The stages; a press on one that is behind goes back to it.

    Signals:
        pressed: key of the stage.
    """

    pressed: TypedSignal[str] = signal()

    def __init__(self) -> None:
        self.at = 0
        super().__init__([text(f"import_ui.stage_{name}") for name in STAGES], 0)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.can_go_back = True

    def set_at(self, at: int) -> None:
        """``at`` counts from 0."""
        self.at = at
        super().set_at(at)

    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent, /) -> None:
        child, layout = self.childAt(event.position().toPoint()), self.layout()
        if child is None or layout is None or not self.can_go_back:
            return
        number = (layout.indexOf(child) + 1) // 3
        if 0 <= number < self.at:
            self.pressed.emit(STAGES[number])


class Head(QFrame):
    """The file, what was found in it, and where one is."""

    def __init__(self) -> None:
        super().__init__()
        self.title = Text("", "title")
        self.file = ElidedText("", "body", "ink_2")
        self.line = ElidedText("", "caption", "ink_2")
        for label in (self.file, self.line):
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.stages = StageBar()
        self.to_ledger = IconButton("arrow-left", text("import_ui.to_ledger"))
        words = column(row(self.title, (self.file, 1), gap=10), self.line, gap=0)
        self.setLayout(row(self.to_ledger, Icon("file", "accent", 24), (words, 1), self.stages, gap=10))
        self.setFixedHeight(52)

    def show_words(self, title: str, file: str = "", line: str = "", stage: str = "") -> None:
        """Change everything; without a stage the stages are hidden."""
        self.title.setText(title)
        self.file.set_text(file)
        self.line.set_text(line)
        self.line.setVisible(bool(line))
        self.stages.setVisible(bool(stage))
        if stage:
            self.stages.set_at(STAGES.index(stage))


class Foot(QFrame):
    """Back and on, and that it can be undone.

    Signals:
        back, forward: the buttons.
    """

    back: BareSignal = bare_signal()
    forward: BareSignal = bare_signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("look", "foot")
        self._undo = False
        self.icon = Icon("undo", "ink_2", 18)
        self.strong = Text(text("import_ui.foot_undo"), bold=True)
        self.more = ElidedText(text("import_ui.foot_undo_more"), "body", "ink_2")
        self.more.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.note = Text("", "caption", "ink_2")
        self.back_button = Button(text("import_ui.back"), on_click=self.back.emit)
        self.back_button.setShortcut("Alt+Left")
        self.next_button = Button(text("import_ui.next"), "primary", on_click=self.forward.emit)
        self.setFixedHeight(56)
        self.setLayout(
            row(
                self.icon,
                self.strong,
                (self.more, 1),
                self.note,
                self.back_button,
                self.next_button,
                gap=8,
                pad=(24, 0, 24, 0),
            )
        )

    def show_buttons(self, next_words: str, note: str = "", *, undo: bool = False, refuse: str = "") -> None:
        """``undo`` says that the import can be taken back as a whole."""
        self.next_button.set_text(next_words)
        self.next_button.refuse(refuse)
        self.note.setText(note)
        for part in (self.icon, self.strong):
            part.setVisible(undo)
        self._undo = undo
        self._tell_more()

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        self._tell_more()

    def _tell_more(self) -> None:
        """The sentence where it fits whole, else as a tooltip: half of it would say little."""
        whole = text("import_ui.foot_undo_more") if self._undo else ""
        fits = self.width() >= FOOT_WIDE
        self.more.set_text(whole if fits else "")
        self.strong.setToolTip("" if fits else whole)


class BusyPage(QWidget):
    """A wait with a sentence and 取消.

    Signals:
        cancelled: 取消 was pressed.
    """

    cancelled: BareSignal = bare_signal()

    def __init__(self) -> None:
        super().__init__()
        self._slot = column()
        self._more = Text("", "caption", "ink_2", wrap=True)
        card = frame(column(self._slot, self._more, gap=8, pad=(24, 22, 24, 20)), "card")
        card.setFixedWidth(560)
        self.setLayout(column(None, row(None, card, None), None, None))
        self.line: ProgressLine | None = None

    def begin(self, sentence: str, more: str = "", *, cancel: bool = True) -> None:
        """A new wait."""
        if self.line is not None:
            self.line.hide()
            self.line.deleteLater()
        self.line = ProgressLine(sentence)
        self.line.cancel.setVisible(cancel)
        self.line.cancelled.connect(self.cancelled.emit)
        self._slot.addWidget(self.line)
        self._more.setText(more)
        self._more.setVisible(bool(more))

    def tell(self, told: Told, sentence: str) -> None:
        """How far it is."""
        if self.line is not None:
            self.line.set_progress(told.done, told.whole, sentence)

    def keyPressEvent(self, event, /) -> None:  # type: ignore[no-untyped-def]
        if event.key() == Qt.Key.Key_Escape and self.line is not None and self.line.cancel.isVisible():
            self.line.cancel.click()
        else:
            super().keyPressEvent(event)
