"""The 1311 strip, a progress bar that can be cancelled, and the stages of a guided path."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QProgressBar, QSizePolicy, QWidget

from jobdesk.host.strings import text
from jobdesk.ui import paint
from jobdesk.ui.kit.buttons import Button
from jobdesk.ui.kit.labels import Icon, Text
from jobdesk.ui.kit.layouts import clear, column, flow, frame, row
from jobdesk.ui.palette import Tone
from jobdesk.ui.signals import BareSignal, bare_signal


@dataclass(frozen=True, slots=True)
class StepState:
    """One step of a round as it is shown: 岗位推荐 2/3, with the dates of the services that count."""

    name: str
    done: int
    owed: int
    note: str = ""


class _Bars(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.steps: list[tuple[int, int]] = []
        self.weights: list[int] = []
        self.setFixedHeight(8)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        paint.step_bars(QPainter(self), QRectF(self.rect()), self.steps, self.weights)

    def sizeHint(self) -> QSize:
        return QSize(240, 8)


class StepStrip(QWidget):
    """1311 progress as segments with names, counts and (``notes``) dates under them.

    A step takes as much of the width as its name asks for, so that no count goes to a second line alone.
    """

    def __init__(self, steps: Sequence[StepState] = (), notes: bool = False) -> None:
        super().__init__()
        self._notes = notes
        self._bars = _Bars()
        self._cells = QGridLayout()
        self._cells.setContentsMargins(0, 0, 0, 0)
        self._cells.setHorizontalSpacing(8)
        self._cells.setVerticalSpacing(0)
        self.setLayout(column(self._bars, self._cells, gap=6))
        self.set_steps(steps)

    def set_steps(self, steps: Sequence[StepState]) -> None:
        """Show other steps."""
        clear(self._cells)
        self._bars.steps = [(step.done, step.owed) for step in steps]
        self._bars.weights = []
        for at, step in enumerate(steps):
            number = Text(
                f"{step.done}/{step.owed}", "caption", "accent" if step.done else "ink_3", bold=step.done > 0
            )
            cell = flow(Text(step.name, "caption", "ink_2"), number, gap=4, line_gap=0)
            self._cells.addWidget(cell, 0, at)
            self._bars.weights.append(max(1, cell.sizeHint().width()))
            self._cells.setColumnStretch(at, self._bars.weights[at])
            self._cells.setColumnMinimumWidth(at, 40)
            if self._notes:
                note = Text(step.note, "caption", "ink_2", wrap=True)
                note.setAlignment(Qt.AlignmentFlag.AlignTop)
                self._cells.addWidget(note, 1, at)
        for spare in range(len(steps), self._cells.columnCount()):
            self._cells.setColumnStretch(spare, 0)
            self._cells.setColumnMinimumWidth(spare, 0)
        self._bars.update()
        said = "，".join(f"{step.name} {step.done}/{step.owed}" for step in steps)
        self.setAccessibleName(said)


class ProgressLine(QWidget):
    """How far a long work is, with 取消.

    Signals:
        cancelled: the button was pressed; it shows that it is being cancelled until ``finish``.
    """

    cancelled: BareSignal = bare_signal()

    def __init__(self, sentence: str = "") -> None:
        super().__init__()
        self.words = Text(sentence, "body", "ink_2", wrap=True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 0)
        self.share = Text("", "caption", "ink_2")
        self.share.setMinimumWidth(38)
        self.cancel = Button(text("kit.cancel"), on_click=self._cancel)
        self.setLayout(column(self.words, row((self.bar, 1), self.share, self.cancel, gap=10), gap=6))

    def set_progress(self, done: int, whole: int, sentence: str | None = None) -> None:
        """``whole`` 0 means: how much is not known yet."""
        self.bar.setRange(0, whole)
        self.bar.setValue(done)
        self.share.setText(f"{done * 100 // whole}%" if whole else "")
        self.bar.setAccessibleName(self.share.text())
        if sentence is not None:
            self.words.setText(sentence)

    def finish(self, sentence: str) -> None:
        """The work is over: full bar, no cancel."""
        self.bar.setRange(0, 1)
        self.bar.setValue(1)
        self.share.setText("100%")
        self.cancel.hide()
        self.words.setText(sentence)

    def _cancel(self) -> None:
        self.cancel.setEnabled(False)
        self.cancel.set_text(text("kit.cancelling"))
        self.cancelled.emit()


class Stages(QWidget):
    """Where one is on a guided path: 选表 — 对列 — 预览 — 完成."""

    def __init__(self, names: Sequence[str], at: int = 0) -> None:
        super().__init__()
        self._names = tuple(names)
        self._line = row(gap=8)
        self.setLayout(self._line)
        self.set_at(at)

    def set_at(self, at: int) -> None:
        """``at`` counts from 0; earlier ones are ticked."""
        clear(self._line)
        for number, name in enumerate(self._names):
            if number:
                link = frame(row(), "rule_strong")
                link.setFixedSize(28, 2)
                self._line.addWidget(link)
            self._line.addWidget(_disc(number, at))
            tone: Tone = "ink" if number <= at else "ink_2"
            self._line.addWidget(Text(name, "body", tone, bold=number == at))
        self._line.addStretch(1)
        self.setAccessibleName(f"{self._names[at]} {at + 1}/{len(self._names)}")


def _disc(number: int, at: int) -> QLabel:
    disc: QLabel
    if number < at:
        disc = Icon("check", "accent", 14)
        disc.setFixedSize(22, 22)
        disc.setAlignment(Qt.AlignmentFlag.AlignCenter)
        disc.setProperty("disc", "done")
    else:
        disc = QLabel(str(number + 1))
        disc.setFixedSize(22, 22)
        disc.setAlignment(Qt.AlignmentFlag.AlignCenter)
        disc.setProperty("disc", "now" if number == at else "later")
    return disc
