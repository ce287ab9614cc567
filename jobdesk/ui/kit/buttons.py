"""Buttons: what a click does is said by its text; icons alone carry a tooltip and an accessible name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QPushButton

from jobdesk.ui import icons
from jobdesk.ui.palette import tokens

Kind = Literal["primary", "quiet", "danger", "bare", "link"]
_INK = {"primary": "accent_ink", "quiet": "ink_2", "danger": "bad", "bare": "ink_2", "link": "accent"}


class _Pressed(QPushButton):
    """Enter presses what has the focus, as the space bar does: Qt leaves that to buttons of a dialog."""

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat():
                self.click()
            return
        super().keyPressEvent(event)


class Button(_Pressed):
    """A button of one of five kinds.

    Args:
        icon: name of an icon before the text.
        keys: shortcut that works while the button's window is active; shown behind the text.
        on_click: called without arguments.
    """

    def __init__(
        self, text: str, kind: Kind = "quiet", *, icon: str = "", keys: str = "",
        on_click: Callable[[], object] | None = None,
    ) -> None:  # fmt: skip
        gap = " " if icon else ""
        super().__init__(f"{gap}{text}  {keys}" if keys else f"{gap}{text}")
        self._icon, self._kind, self._tip = icon, kind, ""
        self.setProperty("kind", kind)
        self.setAccessibleName(text)
        self.setAutoDefault(False)
        if kind == "link":
            self.setCursor(Qt.CursorShape.PointingHandCursor)
            self.setFixedHeight(22)
        else:
            self.setFixedHeight(tokens().shape.control)
        if keys:
            _bind(self, keys)
        if on_click is not None:
            self.clicked.connect(lambda _checked=False: on_click())
        self._draw()

    def set_text(self, text: str) -> None:
        """Change text and accessible name (the shown keys go)."""
        self.setText(f" {text}" if self._icon else text)
        self.setAccessibleName(text)

    def refuse(self, reason: str) -> None:
        """Disable with the reason as tooltip; an empty reason enables."""
        self.setEnabled(not reason)
        self.setToolTip(reason)
        self.setAccessibleDescription(reason)

    def changeEvent(self, event: QEvent, /) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._draw()

    def _draw(self) -> None:
        if self._icon:
            self.setIcon(icons.icon(self._icon, _INK[self._kind]))
            self.setIconSize(QSize(16, 16))


class IconButton(_Pressed):
    """A picture that acts. ``name`` is said by tooltip and screen reader; ``bordered`` draws a frame."""

    def __init__(
        self, icon: str, name: str, *, tone: str = "ink_2", bordered: bool = False, keys: str = "",
        on_click: Callable[[], object] | None = None,
    ) -> None:  # fmt: skip
        super().__init__()
        self._icon, self._tone = icon, tone
        self.setProperty("kind", "square" if bordered else "icon")
        self.setAutoDefault(False)
        side = tokens().shape.control if bordered else 28
        self.setFixedSize(side, side)
        self.set_name(f"{name}（{keys}）" if keys else name)
        if keys:
            _bind(self, keys)
        if on_click is not None:
            self.clicked.connect(lambda _checked=False: on_click())
        self._draw()

    def set_name(self, name: str) -> None:
        self.setToolTip(name)
        self.setAccessibleName(name)

    def set_icon(self, icon: str, name: str) -> None:
        """Another picture and what it now does (eye, eye-off)."""
        self._icon = icon
        self.set_name(name)
        self._draw()

    def changeEvent(self, event: QEvent, /) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._draw()

    def _draw(self) -> None:
        self.setIcon(icons.icon(self._icon, self._tone, 18))
        self.setIconSize(QSize(18, 18))


def _bind(button: QPushButton, keys: str) -> None:
    """A shortcut that acts at once; QPushButton's own waits 100 ms to show the button pressed.

    It works while the button is in sight and enabled, in the whole window.
    """
    shortcut = QShortcut(QKeySequence(keys.replace("Enter", "Return")), button)
    shortcut.activated.connect(button.click)
