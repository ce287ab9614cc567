"""Popovers; the one everybody needs is 查看依据: why a number, a date or a reminder is what it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, cast

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLayout, QWidget

from jobdesk.host.strings import text
from jobdesk.ui.kit.buttons import Button
from jobdesk.ui.kit.chips import Chip, ChipLook
from jobdesk.ui.kit.labels import Text
from jobdesk.ui.kit.layouts import Scroll, column, flow, frame, row, rule
from jobdesk.ui.kit.picklist import claims_key

BasisStatus = Literal["confirmed", "unconfirmed", "own", "lapsed"]
_STATUS: dict[BasisStatus, tuple[str, ChipLook]] = {
    "confirmed": ("basis.confirmed", "ok"),
    "unconfirmed": ("app.unconfirmed", "warn"),
    "own": ("app.own_figure", "accent"),
    "lapsed": ("app.lapsed", "warn"),
}


@dataclass(frozen=True, slots=True)
class Basis:
    """The answer to 查看依据.

    Attributes:
        sentence: the rule in plain words with its figures filled in.
        document, clause: where the rule comes from; both empty for an own figure.
        status: whether the rule was confirmed locally, not yet, is our own figure, or its period is over.
        facts: dates and people used, as (what, value).
        counted: records that count, one line each.
        not_counted: records that do not, as (record, why).
        note: one more sentence.
    """

    sentence: str
    document: str = ""
    clause: str = ""
    status: BasisStatus = "confirmed"
    facts: tuple[tuple[str, str], ...] = ()
    counted: tuple[str, ...] = ()
    not_counted: tuple[tuple[str, str], ...] = ()
    note: str = ""


class Popover(QFrame):
    """A small page over the window, beside what it explains. Esc or a click elsewhere closes it."""

    def __init__(self, owner: QWidget, content: QLayout, width: int = 380) -> None:
        super().__init__(owner, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("look", "popover")
        inside = frame(content)
        self._inside = inside
        self._scroll = Scroll(inside)
        self._width = width
        self.setLayout(column(self._scroll, pad=(1, 1, 1, 1)))

    def open_by(self, anchor: QWidget) -> None:
        """Show under ``anchor``, above it when there is no room below."""
        screen = anchor.screen().availableGeometry()
        layout = cast("QLayout", self._inside.layout())
        wanted = (
            layout.totalHeightForWidth(self._width - 2)
            if layout.hasHeightForWidth()
            else layout.totalSizeHint().height()
        )
        height = min(wanted + 4, screen.height() - 40, 560)
        self.setFixedSize(min(self._width, screen.width()), height)
        below = anchor.mapToGlobal(QPoint(0, anchor.height() + 4))
        x = max(screen.left() + 8, min(below.x(), screen.right() - self.width() - 8))
        y = below.y()
        if y + height > screen.bottom():
            y = max(screen.top() + 8, anchor.mapToGlobal(QPoint(0, -4)).y() - height)
        self.move(x, y)
        self.show()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def event(self, event: QEvent, /) -> bool:
        return claims_key(event) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.close()
        else:
            super().keyPressEvent(event)


def basis_layout(basis: Basis) -> QLayout:
    """The content of 查看依据, for a popover or a page of its own."""
    key, look = _STATUS[basis.status]
    parts: list[QWidget | QLayout | int] = [
        row(Text(text("basis.title"), "strong"), Chip(text(key), look), None),
        Text(basis.sentence, wrap=True, selectable=True),
    ]
    source = " ".join(part for part in (basis.document, basis.clause) if part)
    parts.append(Text(source or text("basis.no_document"), "caption", "ink_2", wrap=True, selectable=True))
    if basis.facts:
        parts += [rule(), *(_fact(name, value) for name, value in basis.facts)]
    if basis.counted:
        parts += [rule(), Text(text("basis.counted", count=len(basis.counted)), "caption", "ok", bold=True)]
        parts += [Text(line, "caption", wrap=True, selectable=True) for line in basis.counted]
    if basis.not_counted:
        parts += [
            rule(),
            Text(text("basis.not_counted", count=len(basis.not_counted)), "caption", "warn", bold=True),
        ]
        parts += [_fact(line, why) for line, why in basis.not_counted]
    if basis.note:
        parts += [rule(), Text(basis.note, "caption", "ink_2", wrap=True)]
    return column(*parts, None, gap=6, pad=(16, 14, 16, 14))


def _fact(name: str, value: str) -> QWidget:
    return flow(Text(name, "caption", "ink_2"), Text(value, "caption", selectable=True), gap=10, line_gap=0)


def show_basis(anchor: QWidget, basis: Basis) -> Popover:
    """Open 查看依据 beside ``anchor``."""
    popover = Popover(anchor, basis_layout(basis))
    popover.setAccessibleName(text("basis.title"))
    popover.setAccessibleDescription(basis.sentence)
    popover.open_by(anchor)
    return popover


def basis_link(basis: Basis | None = None) -> Button:
    """The link 查看依据; with a basis it opens by itself."""
    link = Button(text("basis.link"), "link")
    if basis is not None:
        link.clicked.connect(lambda _checked=False: show_basis(link, basis))
    return link
