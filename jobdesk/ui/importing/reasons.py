"""The list at the left of the preview: kinds of rows, then reasons, each with its count."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from jobdesk.host.strings import text
from jobdesk.services.importing.verdicts import Counts, ProblemCount, Verdict
from jobdesk.ui import theme
from jobdesk.ui.importing.state import Filter, holding_first, kind_words
from jobdesk.ui.kit import Scroll, Text, clear, column, frame, rule
from jobdesk.ui.palette import tokens
from jobdesk.ui.signals import TypedSignal, signal

_DOT = {Verdict.NEW: "ok", Verdict.CHANGED: "accent", Verdict.UNCHANGED: "ink_3", Verdict.HELD: "warn"}


class ReasonList(QWidget):
    """Narrows the grid.

    Signals:
        chosen: what to narrow to.
    """

    chosen: TypedSignal[Filter] = signal()

    def __init__(self) -> None:
        super().__init__()
        self._list = column(gap=1, pad=(6, 6, 6, 6))
        self.lines: dict[Filter, _Line] = {}
        self.setLayout(column((Scroll(frame(self._list)), 1)))

    def show_counts(self, counts: Counts, problems: Sequence[ProblemCount], on: Filter) -> None:
        """The kinds with their counts; ``on`` is the one chosen now."""
        clear(self._list)
        self.lines = {}
        holding, hints = holding_first(problems)
        self._add(Filter(), text("import_ui.filter_all"), counts.rows, on, "")
        for verdict, number in (
            (Verdict.NEW, counts.new),
            (Verdict.CHANGED, counts.changed),
            (Verdict.UNCHANGED, counts.unchanged),
            (Verdict.HELD, counts.held),
        ):
            self._add(Filter(verdict), text(f"import_ui.tile_{verdict.value}"), number, on, _DOT[verdict])
        for heading, kinds in (("reasons", holding), ("hints", hints)):
            if kinds:
                self._list.addSpacing(6)
                self._list.addWidget(rule())
                self._list.addWidget(_heading(text(f"import_ui.{heading}")))
            for kind in kinds:
                self._add(Filter(problem=kind.code), kind_words(kind.code), kind.rows, on, "", small=True)
        self._list.addStretch(1)

    def _add(self, wanted: Filter, name: str, count: int, on: Filter, dot: str, small: bool = False) -> None:
        line = _Line(name, count, dot, small)
        line.setChecked(wanted == on)
        line.clicked.connect(lambda _on=False: self.chosen.emit(wanted))
        self.lines[wanted] = line
        self._list.addWidget(line)


def _heading(words: str) -> QWidget:
    return frame(column(Text(words, "caption", "ink_2"), pad=(8, 8, 8, 2)))


class _Line(QPushButton):
    """A name, a dot and a count."""

    def __init__(self, name: str, count: int, dot: str, small: bool) -> None:
        super().__init__()
        self.setCheckable(True)
        self.setFlat(True)
        self.setFixedHeight(28 if small else 33)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(f"{name} {count}")
        self._name, self._count, self._dot = name, str(count), dot
        self._font = QFont(self.font())
        self._font.setPixelSize(tokens().type.caption if small else tokens().type.body)

    def sizeHint(self) -> QSize:
        return QSize(120, self.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(90, self.height())

    def paintEvent(self, event: QPaintEvent, /) -> None:
        colours = theme.palette()
        p = QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isChecked()
        if on or self.underMouse():
            p.setPen(Qt.PenStyle.NoPen)
            p.setBrush(QColor(colours.accent_soft if on else colours.canvas))
            p.drawRoundedRect(QRectF(self.rect()), 6, 6)
        if self.hasFocus():
            p.setPen(QPen(QColor(colours.focus), 2))
            p.setBrush(Qt.BrushStyle.NoBrush)
            p.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 5, 5)
        left = 8
        if self._dot:
            colour = QColor(colours.tone(self._dot))
            p.setPen(QPen(colour, 1.5))
            p.setBrush(
                QColor(colours.tone(f"{self._dot}_soft")) if self._dot != "ink_3" else QColor(colours.canvas)
            )
            p.drawRoundedRect(QRectF(left + 0.5, self.height() / 2 - 4.5, 9, 9), 2, 2)
            left += 18
        self._font.setBold(on)
        p.setFont(self._font)
        metrics = p.fontMetrics()
        count = metrics.horizontalAdvance(self._count)
        p.setPen(QColor(colours.accent if on else colours.ink_2))
        p.drawText(
            self.rect().adjusted(0, 0, -8, 0),
            int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight),
            self._count,
        )
        p.setPen(QColor(colours.accent if on else colours.ink))
        room = QRect(left, 0, self.width() - left - count - 14, self.height())
        shown = metrics.elidedText(self._name, Qt.TextElideMode.ElideRight, room.width())
        self.setToolTip(self._name if shown != self._name else "")
        p.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), shown)
