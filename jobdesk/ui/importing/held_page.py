"""Rows of an import that wait for a person: the list, what the row says, the same panel as in the preview."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStackedWidget, QWidget

from jobdesk.host.strings import text
from jobdesk.ui.importing.panel import ProblemPanel
from jobdesk.ui.kit import (
    Banner,
    Button,
    EmptyState,
    Scroll,
    Text,
    clear,
    column,
    flow,
    frame,
    key_hints,
    row,
    rule,
)
from jobdesk.ui.palette import Tone
from jobdesk.ui.signals import BareSignal, TypedSignal, bare_signal, signal


class HeldPage(QWidget):
    """Layout and words; ``held_work`` fills it.

    Signals:
        picked: place of the row in the list.
        back: to the start.
        open_case: the file a row became.
    """

    picked: TypedSignal[int] = signal()
    back: BareSignal = bare_signal()
    open_case: TypedSignal[str] = signal()

    def __init__(self) -> None:
        super().__init__()
        self.sentence = Text("", "strong", wrap=True)
        self.back_button = Button(text("import_ui.held_back"), icon="arrow-left", on_click=self.back.emit)
        self._said = column()
        self.list = QListWidget()
        self.list.setProperty("look", "inside")
        self.list.setUniformItemSizes(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName(text("import_ui.title_held"))
        self.list.currentRowChanged.connect(self.picked.emit)
        self.panel = ProblemPanel()
        self.panel.left.connect(self.list.setFocus)
        hints = key_hints(("F8", text("import_ui.next_problem")))
        self.side = frame(
            column((self.list, 1), frame(row(hints, pad=(8, 4, 4, 4))), pad=(6, 6, 6, 6)), "card"
        )
        self._cells = column(gap=0)
        self.place = Text("", "strong")
        cells = frame(
            column(self.place, (Scroll(frame(column(self._cells, None))), 1), gap=8, pad=(16, 12, 10, 8)),
            "card",
        )
        work = frame(row(self.side, (cells, 1), self.panel, gap=12))
        self.empty = EmptyState(
            "check-circle", "", action=Button(text("import_ui.held_back"), on_click=self.back.emit)
        )
        self.stack = QStackedWidget()
        self.stack.addWidget(work)
        self.stack.addWidget(self.empty)
        head = row((self.sentence, 1), self.back_button, gap=12)
        self.setLayout(column(head, self._said, (self.stack, 1), gap=10))

    def show_list(self, lines: Sequence[tuple[str, bool]], at: int) -> None:
        """Lines with whether they are settled; the cursor on ``at``."""
        self.list.blockSignals(True)
        self.list.clear()
        for words, settled in lines:
            item = QListWidgetItem(f"✓ {words}" if settled else words)
            item.setToolTip(words)
            if settled:
                item.setForeground(self.palette().placeholderText())
            self.list.addItem(item)
        self.list.setCurrentRow(at)
        self.list.blockSignals(False)

    def show_cells(
        self, place: str, cells: Sequence[tuple[str, str, str]], marked: Mapping[str, bool]
    ) -> None:
        """What the row says: (letter, label, masked text); ``marked`` letters are to be checked."""
        self.place.setText(place)
        clear(self._cells)
        for number, (letter, label, words) in enumerate(cells):
            if number:
                self._cells.addWidget(rule())
            doubtful = marked.get(letter, False)
            tone: Tone = "warn" if doubtful else "ink_2"
            place_of = Text(letter, "caption", tone, bold=doubtful)
            place_of.setFixedWidth(24)
            name = Text(label, "caption", tone, bold=doubtful, wrap=True)
            name.setFixedWidth(120)
            value = Text(words, "body", "warn" if doubtful else "ink", bold=doubtful, wrap=True)
            line = frame(
                row(place_of, name, (value, 1), gap=8, pad=(8, 6, 8, 6)), "warn_soft" if doubtful else "clear"
            )
            self._cells.addWidget(line)

    def say(self, sentence: str, case_id: str = "") -> None:
        """What became of the last row; with a way into its file."""
        clear(self._said)
        if not sentence:
            return
        parts: list[QWidget] = [Banner("ok", sentence, closable=True)]
        if case_id:
            parts.append(
                Button(
                    text("import_ui.held_open_case"), "link", on_click=lambda: self.open_case.emit(case_id)
                )
            )
        self._said.addWidget(flow(*parts))

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        wide = self.width() >= 1180
        self.side.setFixedWidth(260 if wide else 232)
        self.panel.setFixedWidth(340 if wide else 290)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.list.hasFocus():
            self.panel.take_focus()
        else:
            super().keyPressEvent(event)
