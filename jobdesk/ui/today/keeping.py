"""The board behind 今日: loaded off the GUI thread, brought up to date after every edit, and at midnight."""

from __future__ import annotations

from PySide6.QtCore import QObject

from jobdesk.services.board import Board, Scope
from jobdesk.services.day_in_use import believe_today
from jobdesk.services.today import load_today, refresh_board
from jobdesk.ui.context import Context
from jobdesk.ui.hub import Changed
from jobdesk.ui.signals import BareSignal, TypedSignal, bare_signal, signal

REFILL = 500
"""Own figure: so many lines may be worked off before what was only counted is brought forward."""


class BoardKeeper(QObject):
    """Asks for boards one at a time.

    Signals:
        loaded: a board, anew or brought up to date.
        new_day: the machine's date has become another one that is believed; the board of it follows.
    """

    loaded: TypedSignal[Board] = signal()
    new_day: BareSignal = bare_signal()

    def __init__(self, ctx: Context, owner: QObject) -> None:
        super().__init__(owner)
        self.ctx = ctx
        self.board: Board | None = None
        self.scope = Scope()
        self._loading = self._again = False
        self._touched: set[str] = set()
        ctx.hub.changed.connect(self._changed)
        ctx.desk_changed.connect(lambda _desk: self.reload())

    def reload(self) -> None:
        """Everything anew."""
        if self._loading:
            self._again = True
            return
        self._loading = True
        self._touched.clear()
        self.ctx.ask(load_today(self.ctx.desk, self.scope), self, self._loaded, self._failed)

    def ask_for(self, scope: Scope) -> None:
        """Keep other lines in full: a board that holds everything already stays."""
        before, self.scope = self.scope, scope
        board = self.board
        if board is None or before == scope or not board.hidden:
            return
        self.reload()

    def believe(self) -> None:
        """The machine's date is right."""
        self.ctx.ask(believe_today(self.ctx.desk), self, lambda _none: self.reload())

    def _refresh(self) -> None:
        """Only what was touched since."""
        if self._loading or self.board is None or not self._touched:
            return
        self._loading = True
        subjects, self._touched = self._touched, set()
        self.ctx.ask(refresh_board(self.ctx.desk, self.board, subjects), self, self._loaded, self._failed)

    def _loaded(self, board: Board) -> None:
        self._loading = False
        if self._again:
            self._again = False
            self.reload()
            return
        if self.board is not None and self.board.machine != board.machine and board.doubt is None:
            self.new_day.emit()
        self.board = board
        if board.doubt is None and board.keep_day:
            board.keep_day = False
            self.ctx.ask(believe_today(self.ctx.desk), self, lambda _none: None)
        self.loaded.emit(board)
        self.ctx.count_from(board.doubt.last if board.doubt else None)
        if len(board.entries) < board.asked.most - REFILL and board.refillable:
            self.reload()
        self._refresh()

    def _failed(self, error: Exception) -> None:
        self._loading = False
        self.ctx.hub.trouble.emit(error)

    def _changed(self, changed: Changed) -> None:
        if self.board is None and not self._loading:
            return  # nobody has come here yet: whoever does gets all of it
        if changed.whole or self.ctx.desk.station.id in changed.subjects:
            self.reload()
            return
        self._touched |= changed.subjects
        self._refresh()
