"""The line over every page: station, marks, search, what is saved, who acts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QMenu, QPushButton, QSizePolicy, QWidget

from jobdesk.host.strings import text
from jobdesk.ui import icons, theme
from jobdesk.ui.kit import Chip, ElidedText, Face, Text, row
from jobdesk.ui.palette import tokens
from jobdesk.ui.searchbox import SearchBox
from jobdesk.ui.signals import BareSignal, TypedSignal, bare_signal, signal

SaveState = Literal["saved", "saving", "second_behind", "not_saved"]
PillTone = Literal["ink_2", "accent", "ok", "warn", "bad"]
_PILL: dict[SaveState, PillTone] = {
    "saved": "ok", "saving": "accent", "second_behind": "warn", "not_saved": "bad",
}  # fmt: skip
NARROW = 1130
"""Below this width of the header the role and the second words of the pill go."""
STATION = 0.3
"""Share of the header that the longest name of a station takes (own figure): the search keeps room."""


@dataclass(frozen=True, slots=True)
class StaffEntry:
    """A person who can act here."""

    staff_id: str
    name: str
    role: str = ""


class SavePill(QWidget):
    """Whether what was typed is safe. Press it for more.

    Signals:
        pressed: somebody wants to know more (opens 同步, or 设置 at backups while the second copy is behind).
    """

    pressed: BareSignal = bare_signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(30)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._state: SaveState = "saved"
        self._more = ""
        self._narrow_words = ""
        self._tone: PillTone = "ok"
        self._short = False
        self.set_state("saved")

    @property
    def state(self) -> SaveState:
        """What is shown now."""
        return self._state

    @property
    def more(self) -> str:
        """The second words."""
        return self._more

    def set_state(self, state: SaveState) -> None:
        """Whether it is safe on this PC."""
        self._state = state
        self._show()

    def set_more(self, more: str, short: str = "", tone: PillTone = "ok") -> None:
        """``more`` stands behind the state (待上传 3 条). Where there is no room for both, ``short`` stands
        alone, and all of it in the tooltip. The tone is the graver one of both."""
        self._more, self._narrow_words, self._tone = more, short, tone
        self._show()

    def _show(self) -> None:
        whole = " · ".join(part for part in (text(f"window.{self._state}"), self._more) if part)
        self.setAccessibleName(whole)
        self.setToolTip(whole)
        self.updateGeometry()
        self.setFixedWidth(self.sizeHint().width())
        self.update()

    def set_short(self, short: bool) -> None:
        """Leave the second words out."""
        if short != self._short:
            self._short = short
            self._show()

    def sizeHint(self) -> QSize:
        font = self.font()
        font.setBold(True)
        metrics = self.fontMetrics()
        width = 40 + QFontMetrics(font).horizontalAdvance(self._words())
        if self._more and not self._short:
            width += metrics.horizontalAdvance(f" · {self._more}") + 4
        return QSize(width, 30)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        colours, tone = theme.palette(), self.tone
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.canvas if tone == "ink_2" else colours.tone(f"{tone}_soft")))
        box = QRectF(self.rect())
        painter.drawRoundedRect(box, 15, 15)
        ink = QColor(colours.tone(tone))
        painter.setBrush(ink)
        painter.drawEllipse(QRectF(12, 11, 8, 8))
        font = painter.font()
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(ink)
        words = box.adjusted(27, 0, -8, 0)
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(words, middle, self._words())
        if self._more and not self._short:
            words.setLeft(words.left() + painter.fontMetrics().horizontalAdvance(self._words()))
            font.setBold(False)
            painter.setFont(font)
            painter.drawText(words, middle, f" · {self._more}")
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            pen = painter.pen()
            pen.setColor(QColor(colours.focus))
            pen.setWidth(2)
            painter.setPen(pen)
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 14, 14)

    def mouseReleaseEvent(self, event: QMouseEvent, /) -> None:
        self.pressed.emit()

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.pressed.emit()
        else:
            super().keyPressEvent(event)

    @property
    def tone(self) -> PillTone:
        """The colour of it."""
        return self._tone if self._state == "saved" else _PILL[self._state]

    def _words(self) -> str:
        if self._short and self._state == "saved" and self._narrow_words:
            return self._narrow_words
        return text(f"window.{self._state}")


class StaffButton(QPushButton):
    """Who acts, and the menu to switch.

    Signals:
        chosen: id of the person who acts from now on.
        manage: somebody wants to add, rename or end staff.
    """

    chosen: TypedSignal[str] = signal()
    manage: BareSignal = bare_signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "icon")
        self.setAutoDefault(False)
        self.setFixedHeight(38)
        self._face = Face()
        self._name = Text()
        self._role = Text("", "caption", "ink_3")
        for part in (self._name, self._role):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setLayout(row(self._face, self._name, self._role, 24, gap=8, pad=(6, 0, 4, 0)))
        self._now: StaffEntry | None = None
        self._all: tuple[StaffEntry, ...] = ()
        self.clicked.connect(lambda _checked=False: self.open_menu())
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_staff(self, now: StaffEntry | None, everybody: Sequence[StaffEntry]) -> None:
        """Show who acts; ``everybody`` can be switched to. Nobody hides the button."""
        self._now, self._all = now, tuple(everybody)
        self.setVisible(now is not None)
        if now is None:
            return
        self._face.setText(now.name[:1])
        metrics = self._name.fontMetrics()
        self._name.setText(metrics.elidedText(now.name, Qt.TextElideMode.ElideRight, 120))
        self._role.setText(now.role)
        whole = f"{now.name} {now.role}".strip()
        self.setToolTip(text("window.acting", name=whole))
        self.setAccessibleName(text("window.acting", name=whole))
        self.updateGeometry()

    def set_short(self, short: bool) -> None:
        """Leave the role out."""
        self._role.setVisible(not short)

    def menu_for(self) -> QMenu:
        """Everybody who can act, and the way to manage them."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for person in self._all:
            action = menu.addAction(f"{person.name}  {person.role}".strip())
            action.setCheckable(True)
            action.setChecked(person == self._now)
            action.triggered.connect(lambda _checked=False, one=person: self.chosen.emit(one.staff_id))
        menu.addSeparator()
        menu.addAction(text("window.manage_staff")).triggered.connect(self.manage.emit)
        return menu

    def open_menu(self) -> None:
        """Drop the menu down."""
        self.menu_for().popup(self.mapToGlobal(QPoint(0, self.height() + 2)))

    def sizeHint(self) -> QSize:
        layout = self.layout()
        return QSize(layout.sizeHint().width() if layout is not None else 120, 38)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent, /) -> None:
        super().paintEvent(event)
        arrow = icons.pixmap("chevron-down", "ink_3", 16)
        QPainter(self).drawPixmap(self.width() - 26, (self.height() - 16) // 2, arrow)


class Header(QFrame):
    """The header line; its parts are public."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("look", "header")
        self.setFixedHeight(tokens().shape.header)
        self.station = ElidedText("", "strong")
        self.practice = Chip(text("window.practice"), "warn", text("window.practice_tip"))
        self.trial = Chip(text("app.trial"), "plain", text("window.trial_tip"))
        self.search = SearchBox()
        self.pill = SavePill()
        self.staff = StaffButton()
        self.practice.hide()
        self.trial.hide()
        marks = row(self.station, self.practice, self.trial, gap=8)
        self.setLayout(
            row(marks, 16, (self.search, 3), 12, (_spring(), 1), self.pill, 8, self.staff,
                gap=0, pad=(24, 0, 14, 0))
        )  # fmt: skip
        self.staff.set_staff(None, ())

    def set_station(self, name: str) -> None:
        """The unit's own name."""
        self.station.set_text(name)

    def set_marks(self, *, practice: bool, trial: bool) -> None:
        """练习 in the practice station, 试用版 while there are no accounts."""
        self.practice.setVisible(practice)
        self.trial.setVisible(trial)

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        self.station.setMaximumWidth(int(self.width() * STATION))
        short = self.width() < NARROW
        self.search.set_short(short)
        self.pill.set_short(short)
        self.staff.set_short(short)

    def changeEvent(self, event: QEvent, /) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.pill.set_state(self.pill.state)


def _spring() -> QWidget:
    spring = QWidget()
    spring.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    return spring
