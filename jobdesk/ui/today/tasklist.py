"""The list of 今日, drawn by hand: only what is in sight, as fast with 10,000 lines as with ten."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QToolTip

from jobdesk.cases.due import DueLine
from jobdesk.cases.due_order import DayLine
from jobdesk.ui.signals import TypedSignal, signal
from jobdesk.ui.today.painting import HEADING, LINE, Hints, LinePainter
from jobdesk.ui.today.places import Place, Places
from jobdesk.ui.today.state import Day, LineWords

Says = Callable[[DayLine, DueLine | None], LineWords]
"""Words of a folded line (None), or of one reason of it."""


class TaskList(QAbstractScrollArea):
    """Sections with their lines; the current one is taller and shows its keys; one with several reasons
    opens (→, a click on the words) and closes (←).

    Args:
        words: says a line; asked only for lines in sight.
        hints: (key, what it does) of a line.

    Signals:
        current: the line the cursor went to, None when there is none.
        pressed: ``enter``, ``batch``, ``put_off``, ``hand_over``, ``open`` or ``basis`` for the current line.
    """

    current: TypedSignal[DueLine | None] = signal()
    pressed: TypedSignal[str] = signal()

    def __init__(self, words: Says, hints: Callable[[DueLine], Hints]) -> None:
        super().__init__()
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setMouseTracking(True)
        self._words, self._hints = words, hints
        self._told: dict[str, LineWords] = {}
        self._day: Day | None = None
        self._places = Places()
        self._opened: set[str] = set()
        self._at = -1
        self._painter = LinePainter()
        self._basis: dict[str, QRect] = {}
        self._folds: dict[str, QRect] = {}

    # ---- what the screen does

    def show_day(self, day: Day, uid: str = "") -> None:
        """Show these sections; the cursor goes to the line ``uid``, else stays on its line or its place."""
        here = self._here
        wanted = uid or (here.uid if here else "")
        person = here.entry.subject if here and here.entry and not uid else ""
        before = self._at
        self._day = day
        self._told.clear()
        self._places.lay(day, self._opened)
        found = self._places.number_of(wanted, person)
        self._at = found if found >= 0 else self._places.nearest(max(before, 0))
        self._lay_out()
        self._tell()

    @property
    def line(self) -> DueLine | None:
        """The reason the cursor is on; of a folded line the most urgent one."""
        place = self._here
        if place is None or place.entry is None:
            return None
        return place.reason or place.entry.lead

    @property
    def entry(self) -> DayLine | None:
        """The line the cursor is on or within."""
        place = self._here
        return place.entry if place is not None else None

    @property
    def whole(self) -> bool:
        """Whether the cursor is on a line as a whole, not on one reason of it."""
        place = self._here
        return place is not None and place.entry is not None and place.reason is None

    @property
    def _here(self) -> Place | None:
        return self._places.get(self._at)

    def go_to(self, uid: str) -> bool:
        """Move the cursor to a line or reason; False when it is not shown."""
        number = self._places.number_of(uid, "")
        if number >= 0:
            self._move(number)
        return number >= 0

    def set_open(self, entry: DayLine, on: bool) -> None:
        """Show the reasons of a line one by one, or fold them in again."""
        if len(entry.lines) < 2 or (entry.uid in self._opened) is on:
            return
        (self._opened.add if on else self._opened.discard)(entry.uid)
        at = self.entry
        self._places.lay(self._day, self._opened)
        self._at = self._places.number_of(at.uid if at else "", "")
        self._lay_out()
        self._tell()

    def words(self, entry: DayLine, reason: DueLine | None = None) -> LineWords:
        """The words of a line, kept until the board changes."""
        uid = reason.uid if reason is not None else entry.uid
        found = self._told.get(uid)
        if found is None:
            found = self._told[uid] = self._words(entry, reason)
        return found

    def basis_rect(self) -> QRect:
        """Where 查看依据 of the current line was drawn, in the viewport; empty when it is out of sight."""
        return self._basis.get(self._here.uid, QRect()) if self._here else QRect()

    # ---- geometry

    def _lay_out(self) -> None:
        self._places.stack(self._at)
        port = self.viewport().height()
        bar = self.verticalScrollBar()
        bar.setRange(0, max(0, self._places.height - port))
        bar.setPageStep(port)
        bar.setSingleStep(LINE)
        self.viewport().update()

    def _number_at(self, y: int) -> int:
        return self._places.number_at(y + self.verticalScrollBar().value())

    def _move(self, number: int) -> None:
        if number < 0 or number == self._at:
            return
        self._at = number
        self._lay_out()
        top, height = self._places.top(number), self._places.height_of(number)
        if number and self._places[number - 1].section:
            top, height = top - HEADING, height + HEADING
        bar, port = self.verticalScrollBar(), self.viewport().height()
        if top < bar.value():
            bar.setValue(top)
        elif top + height > bar.value() + port:
            bar.setValue(top + height - port)
        self._tell()

    def _tell(self) -> None:
        place = self._here
        said = self.words(place.entry, place.reason).spoken if place and place.entry else ""
        self.setAccessibleDescription(said)
        self.current.emit(self.line)

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
            Qt.Key.Key_T: "hand_over",
        }  # fmt: skip
        key = Qt.Key(event.key())
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if key in steps and plain:
            self._move(self._places.step(self._at, steps[key]))
        elif key in (Qt.Key.Key_Right, Qt.Key.Key_Left) and plain and self.entry is not None:
            self.set_open(self.entry, key == Qt.Key.Key_Right)
        elif key in acts and plain and self.line is not None:
            self.pressed.emit(acts[key])
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        at = event.position().toPoint()
        number = self._number_at(at.y())
        if number < 0 or self._places[number].entry is None:
            return
        # what was under the pointer: the line that opens, and the one that closes above it, move the others
        basis, folds = self._over(self._basis, at), self._over(self._folds, at)
        self._move(number)
        self.viewport().repaint()
        if basis:
            self.pressed.emit("basis")
        elif folds and self.entry is not None:
            self.set_open(self.entry, self.entry.uid not in self._opened)

    def mouseDoubleClickEvent(self, event: QMouseEvent, /) -> None:
        at = event.position().toPoint()
        over = self._over(self._basis, at) or self._over(self._folds, at)
        if self._number_at(at.y()) == self._at and self.line is not None and not over:
            self.pressed.emit("enter")

    def mouseMoveEvent(self, event: QMouseEvent, /) -> None:
        at = event.position().toPoint()
        hand = self._over(self._basis, at) or self._over(self._folds, at)
        shape = Qt.CursorShape.PointingHandCursor if hand else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(shape)

    def _over(self, boxes: dict[str, QRect], at: QPoint) -> bool:
        return any(box.contains(at) for box in boxes.values())

    def viewportEvent(self, event: QEvent, /) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            number = self._number_at(event.pos().y())
            place = self._places.get(number)
            if place is not None and place.entry is not None:
                said = self.words(place.entry, place.reason).spoken
                QToolTip.showText(event.globalPos(), said, self.viewport())
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
        first, up = max(0, self._number_at(0)), self.verticalScrollBar().value()
        self._basis, self._folds = {}, {}
        self._painter.begin(painter, self.font(), port.width(), self.hasFocus())
        self._painter.ground(port.rect())
        for number in range(first, len(self._places)):
            top = self._places.top(number) - up
            if top > port.height():
                break
            self._paint(number, QRect(0, top, port.width(), self._places.height_of(number)))
        self._painter.end()

    def _paint(self, number: int, box: QRect) -> None:
        place, chosen = self._places[number], number == self._at
        if place.section is not None:
            self._painter.heading(box.top(), place.section)
        if place.entry is None:
            return
        said = self.words(place.entry, place.reason)
        if place.reason is not None:
            self._basis[place.uid] = self._painter.reason(box, said, chosen)
            return
        hints = self._hints(place.entry.lead) if chosen else ()
        opened = place.uid in self._opened
        self._basis[place.uid], self._folds[place.uid] = self._painter.line(box, said, chosen, hints, opened)
