"""A desk above stations begins no files: what only a station can do is greyed there, with the reason."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton
from shiboken6 import isValid

from jobdesk.host.strings import text
from jobdesk.ui.context import Context
from jobdesk.ui.hub import Notice


def reason_above(ctx: Context) -> str:
    """Why it cannot be done here; empty at a station."""
    return text("error.only_stations") if ctx.above else ""


def refused_above(ctx: Context) -> bool:
    """For ways by key: True, and said, where only a station can do it."""
    if ctx.above:
        ctx.hub.notice.emit(Notice(reason_above(ctx)))
    return ctx.above


def stations_only(ctx: Context, *buttons: QPushButton) -> None:
    """These begin something new: greyed with the reason for as long as this desk stands above stations."""
    usual = [(button, button.toolTip()) for button in buttons]

    def show(above: bool) -> None:
        for button, tip in usual:
            if isValid(button):
                button.setEnabled(not above)
                button.setToolTip(reason_above(ctx) or tip)
                button.setAccessibleDescription(reason_above(ctx))

    ctx.above_changed.connect(show)
    if ctx.above:
        show(True)
