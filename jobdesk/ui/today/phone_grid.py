"""The grid of a phone round: all lines drawn, one set of editors that stands on the current line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from jobdesk.host import code_lists
from jobdesk.ui import theme
from jobdesk.ui.kit import Choice, DateInput, Segments, TextInput
from jobdesk.ui.palette import tokens
from jobdesk.ui.signals import TypedSignal, signal
from jobdesk.ui.today.phone_painting import HEAD, PAD, ROW, CallPainter
from jobdesk.ui.today.phone_state import ATTEMPTS, PHONE, VISIT, Call, Round
from jobdesk.ui.today.words import t


class PhoneGrid(QAbstractScrollArea):
    """One line a person. 1 2 3 say the result, Enter saves and goes on, ↑ ↓ change the line.

    Args:
        parse: reads a spelling of a day ahead.

    Signals:
        entered: the cursor came to a line. left: it goes away from one.
        save_asked: Enter on a line.
        typed: something was changed on a line.
    """

    entered: TypedSignal[int] = signal()
    left: TypedSignal[int] = signal()
    save_asked: TypedSignal[int] = signal()
    typed: TypedSignal[int] = signal()

    def __init__(self, parse: Callable[[str], date | None]) -> None:
        super().__init__()
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.round = Round()
        self.revealed = False
        self.at = -1
        port = self.viewport()
        names = code_lists.table("outcome")
        self._by_way = {
            way.channel: Segments([Choice(r, names.name_of(r)) for r in way.results], name=t("round_result"))
            for way in (PHONE, VISIT)
        }
        self.result = self._by_way[PHONE.channel]
        self.content = TextInput(placeholder=t("round_content_hint"))
        self.next_on: DateInput[date] = DateInput(parse, date.isoformat)
        self.next_on.setMinimumWidth(60)
        self.next_on.setPlaceholderText(t("round_next_hint"))
        self.content.setAccessibleName(t("round_content"))
        self.next_on.setAccessibleName(t("round_next"))
        for editor in (*self._by_way.values(), self.content, self.next_on):
            editor.setParent(port)
            editor.installEventFilter(self)
            editor.hide()
        for segments in self._by_way.values():
            segments.chosen.connect(self._chosen)
        self.content.typed.connect(lambda _t: self._note())
        self.next_on.typed.connect(lambda _t: self._note())
        self.next_on.dated.connect(lambda _d: self._note())

    def show_round(self, round_: Round) -> None:
        """Begin with the first line that is not saved."""
        self.result.hide()
        self.round, self.at, self.revealed = round_, -1, False
        self.result = self._by_way[round_.way.channel]
        self._range()
        self.verticalScrollBar().setValue(0)
        self.go(round_.next_open(-1))

    def go(self, number: int) -> None:
        """The cursor to a line; -1 puts the editors away. It stays where a day is that cannot be read."""
        if self.at >= 0 and self.at != number:
            if self.holds():
                return
            self.left.emit(self.at)
        self.at = number
        call = self.call
        for editor in self._editors:
            editor.setVisible(call is not None and not call.is_saved)
        if call is not None:
            self._show(call)
            self._bring(number)
            self.entered.emit(number)
            self.result.setFocus(Qt.FocusReason.OtherFocusReason)
        self._place()

    def holds(self) -> bool:
        """Take what was typed; whether the line keeps the cursor, and says so: a day that cannot be read."""
        self.take()
        call = self.call
        if call is None or call.is_saved or not call.unread:
            return False
        call.problem = "bad_day"
        self.next_on.setFocus(Qt.FocusReason.OtherFocusReason)
        self.viewport().update()
        return True

    @property
    def _editors(self) -> tuple[QWidget, ...]:
        return self.result, self.content, self.next_on

    @property
    def call(self) -> Call | None:
        """The line the cursor is on."""
        return self.round.calls[self.at] if 0 <= self.at < len(self.round.calls) else None

    def take(self) -> None:
        """Put what stands in the editors into the line."""
        call = self.call
        if call is None or call.is_saved:
            return
        self.next_on.read()
        day = self.next_on.date()
        call.result, call.content = self.result.value(), self.content.value()
        call.next_on = day.isoformat() if day else ""
        call.unread = "" if self.next_on.readable else self.next_on.value()

    def refresh(self) -> None:
        """A line was changed from outside (saved, undone, revealed, a draft came back)."""
        call = self.call
        if call is not None:
            for editor in self._editors:
                editor.setVisible(not call.is_saved)
            self._show(call)
        self._place()

    def _show(self, call: Call) -> None:
        self.result.set_value(call.result)
        self.content.set_value(call.content)
        self.next_on.set_date(date.fromisoformat(call.next_on) if call.next_on else None)
        if call.unread:
            self.next_on.set_value(call.unread)
            self.next_on.read()

    def _chosen(self, value: str) -> None:
        self._note()
        self._after_result(value)

    def _after_result(self, value: str) -> None:
        (self.next_on if value in ATTEMPTS else self.content).setFocus(Qt.FocusReason.OtherFocusReason)

    def _note(self) -> None:
        call = self.call
        if call is not None:
            call.problem = ""
            self.typed.emit(self.at)
            self.viewport().update()

    # ---- geometry

    def columns(self) -> dict[str, QRect]:
        """Name → the box of a column, as wide as there is room; tops are not used."""
        whole = self.viewport().width() - 2 * PAD
        wide = whole >= 1000
        widths = {
            "who": 190 if wide else 140,
            "phone": 118 if self.round.way is PHONE else 250 if wide else 206,
            "result": 232 if wide else 212,
            "content": 0,
            "next": 128 if wide else 112,
            "state": 112 if wide else 84,
        }
        widths["content"] = max(90, whole - sum(widths.values()) - 10 * (len(widths) - 1))
        found: dict[str, QRect] = {}
        x = PAD
        for name, width in widths.items():
            found[name] = QRect(x, 0, width, ROW)
            x += width + 10
        return found

    def _range(self) -> None:
        bar = self.verticalScrollBar()
        port = self.viewport().height() - HEAD
        bar.setRange(0, max(0, len(self.round.calls) * ROW - port))
        bar.setPageStep(max(port, 1))
        bar.setSingleStep(ROW)

    def _top(self, number: int) -> int:
        return HEAD + number * ROW - self.verticalScrollBar().value()

    def _bring(self, number: int) -> None:
        bar, port = self.verticalScrollBar(), self.viewport().height() - HEAD
        top = number * ROW
        if top < bar.value():
            bar.setValue(top)
        elif top + ROW > bar.value() + port:
            bar.setValue(top + ROW - port)

    def _place(self) -> None:
        columns, top = self.columns(), self._top(self.at)
        control = tokens().shape.control
        for name, editor in zip(("result", "content", "next"), self._editors, strict=True):
            box = columns[name]
            editor.setGeometry(box.x(), top + (ROW - control) // 2, box.width(), editor.height())
        hidden = top < HEAD - 10 or self.at < 0
        call = self.call
        for editor in self._editors:
            editor.setVisible(not hidden and call is not None and not call.is_saved)
        self.viewport().update()

    # ---- events

    def scrollContentsBy(self, dx: int, dy: int, /) -> None:
        self._place()

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        self.next_on.setMaximumWidth(self.columns()["next"].width())
        self._range()
        self._place()

    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        number = (event.position().toPoint().y() - HEAD + self.verticalScrollBar().value()) // ROW
        if 0 <= number < len(self.round.calls):
            self.go(number)

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and watched in self._editors:
            composing = isinstance(watched, TextInput) and watched.composing
            key = Qt.Key(event.key())
            if not composing and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.take()
                self.save_asked.emit(self.at)
                return True
            if not composing and key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                wanted = self.at + (1 if key == Qt.Key.Key_Down else -1)
                if 0 <= wanted < len(self.round.calls):
                    self.go(wanted)
                return True
            chosen, results = self.result.value(), self.round.way.results
            if watched is self.result and chosen and event.text() == str(results.index(chosen) + 1):
                self._after_result(chosen)  # it came back with a draft
                return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
        if step and 0 <= self.at + step < len(self.round.calls):
            self.go(self.at + step)
        else:
            super().keyPressEvent(event)

    # ---- drawing

    def paintEvent(self, event: QPaintEvent, /) -> None:
        painter = QPainter(self.viewport())
        port = self.viewport().rect()
        painter.fillRect(port, QColor(theme.palette().surface))
        columns = self.columns()
        drawn = CallPainter(painter, self.font(), port.width(), self.round.way, revealed=self.revealed)
        first = max(0, self.verticalScrollBar().value() // ROW)
        for number in range(first, len(self.round.calls)):
            top = self._top(number)
            if top > port.height():
                break
            drawn.line(self.round.calls[number], top, columns, here=number == self.at)
        drawn.heading(columns)
        painter.end()
