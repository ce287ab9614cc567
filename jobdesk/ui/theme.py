"""Light and dark at run time, and the scale: one style sheet and one QPalette made from the tokens.

Widgets that paint by hand ask ``palette()`` inside ``paintEvent``; those that hold pictures renew them in
``changeEvent`` on ``QEvent.Type.StyleChange``, which Qt sends to every widget when the sheet changes.
"""

from __future__ import annotations

import os
from collections.abc import MutableMapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from jobdesk.host.collector import without_collector
from jobdesk.ui import fonts
from jobdesk.ui.palette import Mode, Palette, Tokens, tokens
from jobdesk.ui.stylesheet import style_sheet

SCALES = (100, 125, 150)
"""Percent offered in the settings."""

_PROPERTY = "jobdesk_mode"


def prepare_scale(percent: int, environment: MutableMapping[str, str] = os.environ) -> None:
    """Set Qt's own scaling; call before the QApplication exists (a change needs a restart).

    A factor already set from outside is left alone, and the system's own scaling is kept and multiplied.
    """
    if percent in SCALES and percent != 100 and "QT_SCALE_FACTOR" not in environment:
        environment["QT_SCALE_FACTOR"] = f"{percent / 100:.2f}"


def mode() -> Mode:
    """The mode shown now; light until ``apply`` was called."""
    application = QApplication.instance()
    return "dark" if application is not None and application.property(_PROPERTY) == "dark" else "light"


def palette() -> Palette:
    """The colours shown now."""
    return tokens().palette(mode())


def apply(application: QApplication, wanted: Mode) -> None:
    """Dress the whole application; call again to switch."""
    look = tokens()
    first = application.property(_PROPERTY) is None
    if not first and application.property(_PROPERTY) == wanted:
        return
    if first:
        application.setStyle("Fusion")
        application.setFont(fonts.base_font(look, fonts.chinese_family()))
    application.setProperty(_PROPERTY, wanted)
    colours = look.palette(wanted)
    with without_collector():  # Qt walks over every widget and asks some in Python: none may go meanwhile
        application.setPalette(_qt_palette(colours))
        if not first:
            # Qt dresses from nothing some ten times faster than from one sheet to another.
            application.setStyleSheet("")
        application.setStyleSheet(style_sheet(look, colours))


def system_mode() -> Mode:
    """What the desktop asks for."""
    scheme = QGuiApplication.styleHints().colorScheme()
    return "dark" if scheme == Qt.ColorScheme.Dark else "light"


def restyle(widget: QWidget) -> None:
    """Read the style sheet again after a property that it looks at was changed."""
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)
    widget.update()


def _qt_palette(c: Palette) -> QPalette:
    result = QPalette()
    role = QPalette.ColorRole
    for name, colour in (
        (role.Window, c.canvas), (role.Base, c.surface), (role.AlternateBase, c.raised),
        (role.WindowText, c.ink), (role.Text, c.ink), (role.ButtonText, c.ink), (role.Button, c.surface),
        (role.ToolTipBase, c.ink), (role.ToolTipText, c.surface), (role.PlaceholderText, c.ink_3),
        (role.Highlight, c.accent), (role.HighlightedText, c.accent_ink), (role.Link, c.accent),
        (role.Mid, c.line_strong), (role.Dark, c.line_strong), (role.Light, c.raised),
        (role.Midlight, c.line),
    ):  # fmt: skip
        result.setColor(name, QColor(colour))
    for name in (role.WindowText, role.Text, role.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, name, QColor(c.ink_3))
    return result


__all__ = ["SCALES", "Mode", "Palette", "Tokens", "apply", "mode", "palette", "prepare_scale", "restyle",
           "system_mode", "tokens"]  # fmt: skip
