"""The rail of places at the left edge. Only places that work stand on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from jobdesk.ui import icons, theme
from jobdesk.ui.kit import Count, column
from jobdesk.ui.palette import tokens
from jobdesk.ui.shortcuts import bind, place_key
from jobdesk.ui.signals import TypedSignal, signal


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the program.

    Attributes:
        key: name in ``GoTo``.
        title: two characters under the icon.
        icon: name of the icon.
        make: builds the page at the first visit.
        at_foot: stands at the lower end (设置).
        within: key of the place whose button stands for this one; it then has none of its own.
    """

    key: str
    title: str
    icon: str
    make: Callable[[], QWidget]
    at_foot: bool = False
    within: str = ""


class _RailButton(QPushButton):
    def __init__(self, place: Place, number: int) -> None:
        super().__init__()
        self.place = place
        self.setProperty("kind", "rail")
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.setFixedSize(60, 54)
        bind(self, place_key(number), self.click)
        self.setToolTip(f"{place.title}（{place_key(number)}）")
        self.setAccessibleName(place.title)
        self.badge = Count(0, "badge")
        self.badge.setParent(self)
        self.badge.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.badge.hide()

    def set_badge(self, number: int) -> None:
        self.badge.set_number(number)
        self.badge.setVisible(number > 0)
        self.badge.move(self.width() - self.badge.width() - 3, 2)
        self.setAccessibleName(f"{self.place.title} {number}" if number else self.place.title)

    def sizeHint(self) -> QSize:
        return QSize(60, 54)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        super().paintEvent(event)
        on = self.isChecked()
        painter = QPainter(self)
        picture = icons.pixmap(self.place.icon, "accent" if on else "ink_2", 22)
        painter.drawPixmap((self.width() - 22) // 2, 7, picture)
        font = QFont(self.font())
        font.setPixelSize(tokens().type.caption)
        font.setBold(on)
        painter.setFont(font)
        painter.setPen(QColor(theme.palette().tone("accent" if on else "ink_2")))
        painter.drawText(QRectF(0, 31, self.width(), 18), Qt.AlignmentFlag.AlignCenter, self.place.title)

    def changeEvent(self, event: QEvent, /) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.update()


class Rail(QFrame):
    """The places in order; ↑ ↓ move, Ctrl+1 … Ctrl+9 jump.

    Signals:
        chosen: key of the place pressed.
    """

    chosen: TypedSignal[str] = signal()

    def __init__(self, places: Sequence[Place]) -> None:
        super().__init__()
        self.setProperty("look", "rail")
        self.setFixedWidth(tokens().shape.rail)
        self._at = ""
        self._buttons: dict[str, _RailButton] = {}
        upper: list[QWidget] = []
        lower: list[QWidget] = []
        ordered = [p for p in places if not p.at_foot] + [p for p in places if p.at_foot]
        for number, place in enumerate(ordered, 1):
            button = _RailButton(place, number)
            button.clicked.connect(lambda _checked=False, key=place.key: self._pressed(key))
            self._buttons[place.key] = button
            (lower if place.at_foot else upper).append(button)
        self.setLayout(column(*upper, None, *lower, gap=4, pad=(7, 8, 8, 12)))

    def set_at(self, key: str) -> None:
        """Light the place shown now."""
        self._at = key
        for name, button in self._buttons.items():
            button.setChecked(name == key)
        self.update()

    def set_badge(self, key: str, number: int) -> None:
        """How much waits there; 0 shows nothing."""
        if key in self._buttons:
            self._buttons[key].set_badge(number)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        super().paintEvent(event)
        button = self._buttons.get(self._at)
        if button is not None:
            bar = QRectF(0, button.y() + 13, 3, 28)
            QPainter(self).fillRect(bar, QColor(theme.palette().accent))

    def _pressed(self, key: str) -> None:
        self._buttons[key].setChecked(key == self._at)
        self.chosen.emit(key)
