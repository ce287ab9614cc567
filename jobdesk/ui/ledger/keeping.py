"""The dates and tiers in the list's lines, brought up to date beside the window: after every save, and when
another day, pack or setting asks for everybody.
"""

from __future__ import annotations

from PySide6.QtCore import QObject

from jobdesk.services.kept_dates import catch_up, judge_everybody
from jobdesk.ui.context import Context
from jobdesk.ui.signals import TypedSignal, signal


class DatesKeeper(QObject):
    """One question at a time.

    Signals:
        ready: what was just saved stands in its lines; True where everybody was worked out anew.
    """

    ready: TypedSignal[bool] = signal()

    def __init__(self, ctx: Context, owner: QObject) -> None:
        super().__init__(owner)
        self._ctx = ctx
        self._running = self._again = self._whole = False

    def bring_up(self) -> None:
        """Now, or as soon as what is under way is done."""
        if self._running:
            self._again = True
            return
        self._running = True
        self._ctx.ask(catch_up(self._ctx.desk), self, self._caught_up, self._failed)

    def _caught_up(self, everybody: bool) -> None:
        done, self._whole = self._whole, False
        self.ready.emit(done)
        if everybody and not done:
            self._ctx.ask(judge_everybody(self._ctx.desk), self, self._judged, self._failed)
            return
        self._running = False
        if self._again:
            self._again = False
            self.bring_up()

    def _judged(self, _none: None) -> None:
        """Once more for what was saved meanwhile; that answer tells the list."""
        self._whole, self._again = True, False
        self._ctx.ask(catch_up(self._ctx.desk), self, self._caught_up, self._failed)

    def _failed(self, error: Exception) -> None:
        self._running = self._whole = False
        self._ctx.hub.trouble.emit(error)
        self.ready.emit(False)
