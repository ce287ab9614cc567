"""本月合计: numbers that unfold to their parts and open the people behind them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QPushButton, QWidget

from jobdesk.ui import theme
from jobdesk.ui.kit import Button, ElidedText, Icon, Text, clear, column, frame, row, rule
from jobdesk.ui.month.state import CheckLine, Line, Shown, t
from jobdesk.ui.signals import BareSignal, TypedSignal, bare_signal, signal

NAME_WIDTH = 76


class TotalLine(QFrame):
    """One total. Enter or a click opens its people; Space, → and ← or the chevron unfold its parts.

    Signals:
        opened: key of the number that was pressed, of the line or of a part.
    """

    opened: TypedSignal[tuple[str, QWidget]] = signal()

    def __init__(self, line: Line) -> None:
        super().__init__()
        self.line = line
        groups = [group for group in line.parts if group[1]]
        self._unfolds = bool(groups)
        self.setProperty("look", "clear")
        self.number = Button(str(line.number), "link", on_click=lambda: self._open(line.key, self.number))
        self.number.setProperty("number", True)
        self.number.setToolTip(t("open_people"))
        self.number.setAccessibleName(f"{line.name} {line.number} {line.unit}")
        self.number.setEnabled(line.number > 0)
        name = Text(line.name)
        name.setMinimumWidth(NAME_WIDTH)
        self.more = _Chevron(t("unfold", name=line.name))
        self.more.pressed_once.connect(lambda: self.set_unfolded(not self.unfolded))
        spare = QWidget()
        spare.setFixedWidth(24)
        (spare if self._unfolds else self.more).hide()
        unit = Text(line.unit, "caption", "ink_2")
        head = row(name, self.number, unit, None, *_mark(line), self.more, spare, gap=6, pad=(0, 4, 0, 4))
        self._parts = frame(column(*(self._group(*group) for group in groups), gap=6))
        self._parts.hide()
        self.setLayout(column(head, self._parts, rule(), gap=2))

    @property
    def unfolded(self) -> bool:
        return not self._parts.isHidden()

    def set_unfolded(self, on: bool) -> None:
        """Show the parts, or put them away."""
        self._parts.setVisible(on and self._unfolds)
        self.more.turn(on and self._unfolds)

    def rows(self) -> list[QWidget]:
        """What may end a list: the head, and each number of the parts in sight."""
        return [self.number, *(self._parts.findChildren(QPushButton) if self.unfolded else ())]

    def _group(self, heading: str, parts: tuple[tuple[str, int, str], ...]) -> QFrame:
        grid = QGridLayout()
        grid.setContentsMargins(10, 6, 10, 6)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(2)
        grid.addWidget(Text(heading, "caption", "ink_2"), 0, 0, 1, 4)
        columns = 2 if all(len(name) <= 6 for name, _, _ in parts) else 1
        for at, (name, number, key) in enumerate(parts):
            line, place = 1 + at // columns, 2 * (at % columns)
            grid.addWidget(ElidedText(name, "caption"), line, place)
            link = Button(str(number), "link")
            link.setAccessibleName(f"{name} {number}")
            link.setEnabled(number > 0)
            link.clicked.connect(lambda _checked=False, k=key, b=link: self._open(k, b))
            grid.addWidget(link, line, place + 1, Qt.AlignmentFlag.AlignRight)
            grid.setColumnStretch(place, 1)
        return frame(grid, "soft")

    def _open(self, key: str, anchor: QWidget) -> None:
        self.opened.emit((key, anchor))


class _Chevron(QPushButton):
    """Unfolds a line."""

    pressed_once: BareSignal = bare_signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setProperty("kind", "icon")
        self.setFixedSize(24, 24)
        self.setToolTip(name)
        self.setAccessibleName(name)
        self._icon = Icon("chevron-down", "ink_2", 16)
        self.setLayout(row(None, self._icon, None))
        self.clicked.connect(lambda _checked=False: self.pressed_once.emit())

    def turn(self, up: bool) -> None:
        self._icon.set_icon("chevron-up" if up else "chevron-down")


def _mark(line: Line) -> list[QWidget]:
    if line.ok is None:
        return [Text(line.note, "caption", "ink_2")] if line.note else []
    icon = Icon("check" if line.ok else "alert", "ok" if line.ok else "bad", 14)
    return [icon, Text(t("same" if line.ok else "differs"), "caption", "ok" if line.ok else "bad")]


class CheckFold(QFrame):
    """The paper's equations, ✓ or ✗ before each; unfolded by itself where one does not hold."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._icon = Icon("check-circle", "ok", 18)
        self.words = Text("", "body", "ok", bold=True, wrap=True)
        self._chevron = Icon("chevron-down", "ink_2", 16)
        self._list = column(gap=3)
        self._body = frame(self._list)
        self._body.hide()
        self.setLayout(
            column(
                row(self._icon, (self.words, 1), self._chevron, gap=8), self._body, gap=6, pad=(10, 7, 10, 7)
            )
        )

    def put(self, agreed: bool, summary: str, lines: tuple[CheckLine, ...]) -> None:
        """Show other equations."""
        self.setProperty("look", "ok_soft" if agreed else "bad_soft")
        theme.restyle(self)
        self._icon.set_icon("check-circle" if agreed else "alert", "ok" if agreed else "bad")
        self.words.set_text(summary, "ok" if agreed else "bad")
        self.setAccessibleName(summary)
        clear(self._list)
        for line in lines:
            tone = "ok" if line.ok else "bad"
            name = Text(line.name, "caption", "ink_2")
            name.setMinimumWidth(56)
            said = Text(line.equation, "caption", "ink" if line.ok else "bad", wrap=True, selectable=True)
            self._list.addLayout(row(Icon("check" if line.ok else "close", tone, 14), name, (said, 1), gap=6))
        self.set_unfolded(not agreed)

    @property
    def unfolded(self) -> bool:
        return not self._body.isHidden()

    def set_unfolded(self, on: bool) -> None:
        self._body.setVisible(on)
        self._chevron.set_icon("chevron-up" if on else "chevron-down")

    def mouseReleaseEvent(self, event: QMouseEvent, /) -> None:
        if event.position().y() < 40:
            self.set_unfolded(not self.unfolded)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.set_unfolded(not self.unfolded)
        else:
            super().keyPressEvent(event)


class Totals(QFrame):
    """All totals of what is shown.

    Signals:
        opened: (key of the number, the widget it stands in).
    """

    opened: TypedSignal[tuple[str, QWidget]] = signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("look", "clear")
        self.checks = CheckFold()
        self._lines = column(gap=0)
        self.lines: dict[str, TotalLine] = {}
        self.setLayout(column(self.checks, self._lines, None, gap=8, pad=(0, 0, 4, 0)))

    def rows(self) -> list[QWidget]:
        """Every line and every part that is unfolded, as they stand."""
        return [row for line in self.lines.values() for row in line.rows()]

    def put(self, shown: Shown) -> None:
        """Other numbers; lines that were unfolded stay so."""
        unfolded = {key for key, line in self.lines.items() if line.unfolded} or {"services"}
        self.checks.put(shown.agreed, shown.summary, shown.checks)
        clear(self._lines)
        self.lines = {}
        for line in shown.lines:
            made = TotalLine(line)
            made.set_unfolded(line.key in unfolded)
            made.opened.connect(self.opened.emit)
            self.lines[line.key] = made
            self._lines.addWidget(made)
