"""Popovers; the one everybody needs is 查看依据: why a number, a date or a reminder is what it is."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLayout, QWidget

from jobdesk.host.strings import text
from jobdesk.ui.kit.basis import Basis, basis_layout
from jobdesk.ui.kit.buttons import Button
from jobdesk.ui.kit.layouts import Scroll, column, frame
from jobdesk.ui.kit.picklist import claims_key


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


def show_basis(anchor: QWidget, basis: Basis) -> Popover:
    """Open 查看依据 beside ``anchor``."""
    opened: list[Popover] = []

    def close() -> None:
        opened[0].close()

    popover = Popover(anchor, basis_layout(basis, close), 420 if basis.checked or basis.missing else 380)
    opened.append(popover)
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
