"""The list of 今日, drawn by hand: only what is in sight, as fast with 10,000 lines as with ten."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QToolTip

from jobdesk.cases.due import DueLine
from jobdesk.ui.signals import TypedSignal, signal
from jobdesk.ui.today.painting import HEADING, HINTS, LINE, LinePainter
from jobdesk.ui.today.state import Day, LineWords, Section


@dataclass(frozen=True, slots=True)
class Place:
    """A heading or a line at a height of its own."""

    top: int
    section: Section | None = None
    line: DueLine | None = None


class TaskList(QAbstractScrollArea):
    """Sections with their lines; the current one is taller and shows its keys.

    Args:
        words: says a line; asked only for lines in sight.

    Signals:
        current: the line the cursor went to, None when there is none.
        pressed: ``enter``, ``batch``, ``put_off``, ``open`` or ``basis`` for the current line.
    """

    current: TypedSignal[DueLine | None] = signal()
    pressed: TypedSignal[str] = signal()

    def __init__(self, words: Callable[[DueLine], LineWords]) -> None:
        super().__init__()
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setMouseTracking(True)
        self._words = words
        self._told: dict[str, LineWords] = {}
        self._day: Day | None = None
        self._places: list[Place] = []
        self._tops: list[int] = []
        self._at = -1
        self._whole = 0
        self._painter = LinePainter()
        self._basis: dict[str, QRect] = {}

    # ---- what the screen does

    def show_day(self, day: Day, uid: str = "") -> None:
        """Show these sections; the cursor goes to the line ``uid``, else stays on its line or its place."""
        line = self.line
        wanted = uid or (line.uid if line else "")
        before = self._at
        self._day = day
        self._told.clear()
        self._places = []
        for section in day.sections:
            self._places.append(Place(0, section=section))
            self._places += [Place(0, line=item) for item in section.lines]
        found = next((n for n, p in enumerate(self._places) if p.line and p.line.uid == wanted), -1)
        if found < 0:
            found = self._nearest(before) if before >= 0 else self._nearest(0)
        self._at = found
        self._lay_out()
        self._tell()

    @property
    def line(self) -> DueLine | None:
        """The line the cursor is on."""
        return self._places[self._at].line if 0 <= self._at < len(self._places) else None

    def go_to(self, uid: str) -> bool:
        """Move the cursor to a line; False when it is not shown."""
        for number, place in enumerate(self._places):
            if place.line is not None and place.line.uid == uid:
                self._move(number)
                return True
        return False

    def words(self, line: DueLine) -> LineWords:
        """The words of a line, kept until the board changes."""
        found = self._told.get(line.uid)
        if found is None:
            found = self._told[line.uid] = self._words(line)
        return found

    def basis_rect(self, line: DueLine) -> QRect:
        """Where 查看依据 of a line was drawn, in the viewport; empty when it is out of sight."""
        return self._basis.get(line.uid, QRect())

    # ---- geometry

    def _nearest(self, at: int) -> int:
        start, end = min(at, len(self._places)), len(self._places)
        order = [*range(start, end), *range(start - 1, -1, -1)]
        return next((n for n in order if self._places[n].line is not None), -1)

    def _lay_out(self) -> None:
        top = 0
        self._tops = []
        for number, place in enumerate(self._places):
            self._tops.append(top)
            top += HEADING if place.section else LINE + (HINTS if number == self._at else 0)
        self._whole = top
        port = self.viewport().height()
        bar = self.verticalScrollBar()
        bar.setRange(0, max(0, top - port))
        bar.setPageStep(port)
        bar.setSingleStep(LINE)
        self.viewport().update()

    def _height(self, number: int) -> int:
        end = self._tops[number + 1] if number + 1 < len(self._tops) else self._whole
        return end - self._tops[number]

    def _number_at(self, y: int) -> int:
        where = y + self.verticalScrollBar().value()
        number = bisect_right(self._tops, where) - 1
        return number if 0 <= number < len(self._places) and where < self._whole else -1

    def _move(self, number: int) -> None:
        if number < 0 or number == self._at:
            return
        self._at = number
        self._lay_out()
        top, height = self._tops[number], self._height(number)
        if number and self._places[number - 1].section:
            top, height = top - HEADING, height + HEADING
        bar, port = self.verticalScrollBar(), self.viewport().height()
        if top < bar.value():
            bar.setValue(top)
        elif top + height > bar.value() + port:
            bar.setValue(top + height - port)
        self._tell()

    def _tell(self) -> None:
        line = self.line
        self.setAccessibleDescription(self.words(line).spoken if line is not None else "")
        self.current.emit(line)

    def _step(self, by: int) -> None:
        number, step = self._at, 1 if by > 0 else -1
        left = abs(by)
        found = self._at
        while left and 0 <= number + step < len(self._places):
            number += step
            if self._places[number].line is not None:
                found, left = number, left - 1
        self._move(found)

    # ---- events

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        page = max(1, self.viewport().height() // LINE - 1)
        steps = {
            Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: page, Qt.Key.Key_PageUp: -page,
            Qt.Key.Key_Home: -len(self._places), Qt.Key.Key_End: len(self._places),
        }  # fmt: skip
        acts = {
            Qt.Key.Key_Return: "enter", Qt.Key.Key_Enter: "enter", Qt.Key.Key_B: "batch",
            Qt.Key.Key_V: "visits", Qt.Key.Key_P: "put_off", Qt.Key.Key_O: "open", Qt.Key.Key_Space: "basis",
        }  # fmt: skip
        key = Qt.Key(event.key())
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if key in steps and plain:
            self._step(steps[key])
        elif key in acts and plain and self.line is not None:
            self.pressed.emit(acts[key])
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        at = event.position().toPoint()
        number = self._number_at(at.y())
        if number < 0 or self._places[number].line is None:
            return
        self._move(number)
        self.viewport().repaint()
        if self._over_basis(at):
            self.pressed.emit("basis")

    def mouseDoubleClickEvent(self, event: QMouseEvent, /) -> None:
        at = event.position().toPoint()
        if self._number_at(at.y()) == self._at and self.line is not None and not self._over_basis(at):
            self.pressed.emit("enter")

    def mouseMoveEvent(self, event: QMouseEvent, /) -> None:
        hand = self._over_basis(event.position().toPoint())
        shape = Qt.CursorShape.PointingHandCursor if hand else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(shape)

    def _over_basis(self, at: QPoint) -> bool:
        return any(box.contains(at) for box in self._basis.values())

    def viewportEvent(self, event: QEvent, /) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            number = self._number_at(event.pos().y())
            line = self._places[number].line if number >= 0 else None
            if line is not None:
                QToolTip.showText(event.globalPos(), self.words(line).spoken, self.viewport())
            return True
        return super().viewportEvent(event)

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def focusInEvent(self, event: QFocusEvent, /) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent, /) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent, /) -> None:
        painter = QPainter(self.viewport())
        port = self.viewport()
        first = max(0, bisect_right(self._tops, self.verticalScrollBar().value()) - 1)
        self._basis = {}
        self._painter.begin(painter, self.font(), port.width(), self.hasFocus())
        self._painter.ground(port.rect())
        for number in range(first, len(self._places)):
            top = self._tops[number] - self.verticalScrollBar().value()
            if top > port.height():
                break
            place = self._places[number]
            if place.section is not None:
                self._painter.heading(top, place.section)
            elif place.line is not None:
                box = QRect(0, top, port.width(), self._height(number))
                link = self._painter.line(box, place.line, self.words(place.line), number == self._at)
                self._basis[place.line.uid] = link
        self._painter.end()
