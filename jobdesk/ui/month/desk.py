"""What the parts of the month's screen need of it, so that they do not know the screen itself."""

from __future__ import annotations

from typing import Protocol

from jobdesk.reports.month_numbers import MonthNumbers
from jobdesk.ui.context import Context
from jobdesk.ui.month.drawing import Drawing, Drawn
from jobdesk.ui.month.state import Shown
from jobdesk.ui.month.view import MonthView


class MonthDesk(Protocol):
    """The screen as printing and unmasking see it."""

    ctx: Context
    view: MonthView
    drawing: Drawing
    numbers: MonthNumbers | None
    shown: Shown | None
    drawn: Drawn | None
    forbidden: bool

    def reload(self) -> None: ...
    def say(self, kind: str, sentence: str, more: str = "") -> None: ...
