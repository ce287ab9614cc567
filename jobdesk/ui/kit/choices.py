"""Choosing one of few (segments), one of many (drop-down), yes or no (switch, tick)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QFrame, QPushButton, QSizePolicy, QWidget

from jobdesk.ui import icons, theme
from jobdesk.ui.kit.layouts import row
from jobdesk.ui.kit.picklist import PickPopup
from jobdesk.ui.palette import tokens
from jobdesk.ui.signals import TypedSignal, signal


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the values on offer.

    Attributes:
        value: what the program keeps (a code).
        label: what is shown.
        search: more words the search of a long list finds it by (pinyin, old name).
        tip: tooltip.
    """

    value: str
    label: str
    search: str = ""
    tip: str = ""


def as_choices(options: Sequence[Choice | str]) -> tuple[Choice, ...]:
    """Plain texts become choices whose value is the text."""
    return tuple(o if isinstance(o, Choice) else Choice(o, o) for o in options)


class Segments(QFrame):
    """One of few, all in sight. Keys: ← → move, 1…9 choose; the frame itself takes the focus.

    Signals:
        chosen: the new value, only when a person chose it.
    """

    chosen: TypedSignal[str] = signal()

    def __init__(self, options: Sequence[Choice | str], value: str = "", name: str = "") -> None:
        super().__init__()
        self.setProperty("look", "segments")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedHeight(tokens().shape.control + 2)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self._name, self._value = name, ""
        self._options = as_choices(options)
        self._buttons: list[QPushButton] = []
        for number, option in enumerate(self._options, 1):
            button = QPushButton(option.label)
            button.setProperty("kind", "segment")
            button.setCheckable(True)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.setFixedHeight(tokens().shape.control - 6)
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            button.setToolTip(option.tip or f"{option.label}（{number}）")
            button.setAccessibleName(option.label)
            button.clicked.connect(lambda _checked=False, n=number - 1: self._choose(n))
            self._buttons.append(button)
        self.setLayout(row(*self._buttons, gap=2, pad=(3, 3, 3, 3)))
        self.set_value(value)

    @property
    def options(self) -> tuple[Choice, ...]:
        """What is on offer, in order."""
        return self._options

    def value(self) -> str:
        """The chosen value; empty when none is."""
        return self._value

    def set_value(self, value: str) -> None:
        """Show a value without a signal; one that is not on offer clears."""
        self._value = value if any(o.value == value for o in self._options) else ""
        shown = ""
        for option, button in zip(self._options, self._buttons, strict=True):
            on = bool(self._value) and option.value == self._value
            button.setChecked(on)
            shown = option.label if on else shown
        self.setAccessibleName(f"{self._name} {shown}".strip())

    def set_name(self, name: str) -> None:
        """What the choice is about, for screen readers (a Field sets it)."""
        self._name = name
        self.set_value(self._value)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        now = next((n for n, o in enumerate(self._options) if o.value == self._value), -1)
        key = event.key()
        if key in (Qt.Key.Key_Right, Qt.Key.Key_Down):
            self._choose(min(now + 1, len(self._options) - 1))
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Up):
            self._choose(max(now - 1, 0))
        elif event.text().isdecimal() and 1 <= int(event.text()) <= len(self._options):
            self._choose(int(event.text()) - 1)
        else:
            super().keyPressEvent(event)

    def _choose(self, number: int) -> None:
        option = self._options[number]
        changed = option.value != self._value
        self.set_value(option.value)
        if changed:
            self.chosen.emit(option.value)


class DropDown(QPushButton):
    """One of many. Enter, Space or Alt+↓ opens the list; typing opens it and searches when it is long.

    Args:
        label: quiet words before the value, for filters (社区 全部).
        nothing: shown while nothing is chosen.
        resting: the value at which a filter narrows nothing; any other is highlighted when ``label`` is set.

    Signals:
        chosen: the new value, only when a person chose it.
    """

    chosen: TypedSignal[str] = signal()

    def __init__(
        self, options: Sequence[Choice | str], value: str = "", *, label: str = "", nothing: str = "",
        resting: str = "", search_from: int = 9,
    ) -> None:  # fmt: skip
        super().__init__()
        self.setProperty("kind", "pick")
        self.setFixedHeight(tokens().shape.control)
        self.setAutoDefault(False)
        self._label, self._nothing, self._resting, self._search_from = label, nothing, resting, search_from
        self._name = label
        self._options: tuple[Choice, ...] = ()
        self._value = ""
        self._popup: PickPopup | None = None
        self.clicked.connect(lambda _checked=False: self.open_list())
        self.set_options(options, value)
        self.setSizePolicy(
            QSizePolicy.Policy.Fixed if label else QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed
        )

    def value(self) -> str:
        """The chosen value; empty when none is."""
        return self._value

    def set_value(self, value: str) -> None:
        """Show a value without a signal."""
        self._value = value
        self.setAccessibleName(f"{self._name} {self._shown()}".strip())
        narrowing = bool(self._label) and value != self._resting
        if self.property("narrowing") != narrowing:
            self.setProperty("narrowing", narrowing)
            theme.restyle(self)
        self.updateGeometry()
        self.update()

    def set_options(self, options: Sequence[Choice | str], value: str | None = None) -> None:
        """Put other values on offer; the chosen one stays unless ``value`` is given."""
        self._options = as_choices(options)
        self.set_value(self._value if value is None else value)

    def set_name(self, name: str) -> None:
        """What the choice is about, for screen readers (a Field sets it)."""
        self._name = name
        self.set_value(self._value)

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        label = metrics.horizontalAdvance(self._label) + 8 if self._label else 0
        said = [self._nothing, *(o.label for o in self._options)]
        widest = max(map(metrics.horizontalAdvance, said)) or 60
        now = metrics.horizontalAdvance(self._shown())
        # A filter is as wide as what it says now; an editor leaves room for its widest value, and for what it
        # asks while there is none.
        return QSize(label + (max(now, 28) if self._label else min(widest, 320)) + 46, tokens().shape.control)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint() if self._label else QSize(90, tokens().shape.control)

    def open_list(self, typed: str = "") -> None:
        """Show the list under the control."""
        popup = PickPopup(self, [(o.value, o.label, f"{o.label} {o.search}") for o in self._options],
                          self._value, search=len(self._options) >= self._search_from)  # fmt: skip
        popup.picked.connect(self._picked)
        self._popup = popup
        popup.open_at(self.mapToGlobal(QPoint(0, self.height() + 4)), max(self.width(), 160), typed)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Up):
            self.open_list()
        elif _is_typed(event) and len(self._options) >= self._search_from:
            self.open_list(event.text())
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        super().paintEvent(event)
        colours = theme.palette()
        painter = QPainter(self)
        box = self.rect().adjusted(11, 0, -30, 0)
        middle = Qt.AlignmentFlag.AlignVCenter
        if self._label:
            painter.setPen(QColor(colours.ink_2))
            painter.drawText(box, middle, self._label)
            box.setLeft(box.left() + self.fontMetrics().horizontalAdvance(self._label) + 8)
        shown = self.fontMetrics().elidedText(self._shown(), Qt.TextElideMode.ElideRight, box.width())
        self.setToolTip(self._shown() if shown != self._shown() else "")
        narrowing = bool(self.property("narrowing"))
        known = any(o.value == self._value for o in self._options)
        tone = "accent" if narrowing else "ink" if known and self.isEnabled() else "ink_3"
        painter.setPen(QColor(colours.tone(tone)))
        painter.drawText(box, middle, shown)
        arrow = icons.pixmap("chevron-down", "accent" if narrowing else "ink_3", 16)
        painter.drawPixmap(self.width() - 25, (self.height() - 16) // 2, arrow)

    def _shown(self) -> str:
        return next((o.label for o in self._options if o.value == self._value), self._nothing)

    def _picked(self, value: str) -> None:
        changed = value != self._value
        self.set_value(value)
        self.setFocus(Qt.FocusReason.PopupFocusReason)
        if changed:
            self.chosen.emit(value)


class Switch(QCheckBox):
    """On or off, at once (脱敏). ``toggled`` tells; Space switches."""

    def __init__(self, name: str, on: bool = False) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setChecked(on)
        self.setFixedSize(44, 26)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def hitButton(self, pos: QPoint, /) -> bool:
        return self.rect().contains(pos)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        colours = theme.palette()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        track = QRectF(4, 4, 36, 18)
        painter.setPen(QPen(QColor(colours.accent if self.isChecked() else colours.ink_3), 1))
        painter.setBrush(QColor(colours.accent if self.isChecked() else colours.surface))
        painter.drawRoundedRect(track, 9, 9)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.accent_ink if self.isChecked() else colours.ink_3))
        painter.drawEllipse(QRectF(25 if self.isChecked() else 7, 6.5, 13, 13))
        _focus_ring(self, painter, 13)


class Tick(QCheckBox):
    """A box to tick with its words. ``toggled`` tells."""

    def __init__(self, text: str, on: bool = False) -> None:
        super().__init__(text)
        self.setChecked(on)
        self.setAccessibleName(text)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        return QSize(30 + metrics.horizontalAdvance(self.text()) + 6, max(28, metrics.height() + 6))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, pos: QPoint, /) -> bool:
        return self.rect().contains(pos)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        colours = theme.palette()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(4.5, (self.height() - 17) / 2, 17, 17)
        on = self.isChecked()
        painter.setPen(QPen(QColor(colours.accent if on else colours.ink_3), 1))
        painter.setBrush(QColor(colours.accent if on else colours.surface))
        painter.drawRoundedRect(box, 4, 4)
        if on:
            painter.drawPixmap(box.topLeft() + QPoint(2, 2), icons.pixmap("check", "accent_ink", 13))
        painter.setPen(QColor(colours.ink if self.isEnabled() else colours.ink_3))
        painter.drawText(self.rect().adjusted(30, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, self.text())
        _focus_ring(self, painter, 5)

    def changeEvent(self, event: QEvent, /) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.update()


def _focus_ring(widget: QWidget, painter: QPainter, radius: float) -> None:
    if widget.hasFocus():
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(theme.palette().focus), 2))
        painter.drawRoundedRect(QRectF(widget.rect()).adjusted(1, 1, -1, -1), radius, radius)


def _is_typed(event: QKeyEvent) -> bool:
    """A letter or digit; Esc and Backspace carry a character too, which nobody types."""
    letter = event.text()
    return bool(letter.strip()) and letter.isprintable() and not event.modifiers()
