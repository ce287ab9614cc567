"""Under 没有符合条件的人: who is not on the list since help ended, or the file moved to another station."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from jobdesk.cases.masking import mask_id
from jobdesk.host.strings import text
from jobdesk.services.listing import ended_so
from jobdesk.services.moving.finding import MOST, find_away
from jobdesk.services.moving.reading import Away
from jobdesk.store.ledger import CaseItem
from jobdesk.ui.case_words import day
from jobdesk.ui.context import Context
from jobdesk.ui.kit import Button, ElidedText, clear, column, row

_One: TypeAlias = tuple[str, str]
"""A file and what is said of it."""


class MovedAway(QWidget):
    """A line each, with the way to the file, or to the page that says where it is.

    Args:
        see: show that.
        ended: told whether the file of somebody of those is here.
    """

    def __init__(self, ctx: Context, see: Callable[[str], None], ended: Callable[[bool], None]) -> None:
        super().__init__()
        self._ctx, self._see, self._ended = ctx, see, ended
        self._words: str = ""
        self._shown: list[_One] = []
        self._waits: bool = False
        self._entered: bool = False
        self._first: Button | None = None
        self.lines = column(gap=6, pad=(20, 0, 20, 0))
        self.setLayout(self.lines)
        self.hide()

    def look(self, words: str) -> None:
        """What was searched for and not found; who was found before answers another question."""
        self._entered = self._entered and words == self._words
        self._words, self._waits = words, True
        self._show([])
        self._ended(False)
        here: list[_One] = []

        def found_here(those: list[CaseItem]) -> None:
            if words != self._words:
                return
            here.extend(self._ended_one(one) for one in those)
            self._ended(bool(here))
            self._ctx.ask(find_away(self._ctx.desk, words), self, found)

        def found(those: list[Away]) -> None:
            if words != self._words:
                return
            self._waits = False
            self._show([*here, *map(self._away_one, those)])
            if self._entered:
                self.enter()

        self._ctx.ask(ended_so(self._ctx.desk, words, MOST), self, found_here)

    def enter(self) -> None:
        """Enter in the search: who alone was found is shown, among several the cursor goes to the first. What
        is still being looked for is waited for.
        """
        self._entered = self._waits
        if len(self._shown) == 1:
            self._see(self._shown[0][0])
        elif self._first is not None:
            self._first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show(self, found: list[_One]) -> None:
        clear(self.lines)
        self._shown, self._first = found, None
        for one in found:
            self.lines.addWidget(self._line(one))
        self.setVisible(bool(found))

    def _ended_one(self, one: CaseItem) -> _One:
        who = " ".join(p for p in (one.name or text("moves.nameless"), mask_id(one.id_number)) if p)
        return one.case_id, text("ledger.ended_one", who=who)

    def _away_one(self, one: Away) -> _One:
        stub = one.stub
        said = text("moves.left", who=stub.name or text("moves.nameless"), station=one.station)
        if stub.moved_on:
            said += text("moves.join") + text("moves.left_on", day=day(stub.moved_on, self._ctx.desk.day))
        return stub.id, said

    def _line(self, one: _One) -> QWidget:
        (case_id, said), page = one, QWidget()
        see = Button(text("ledger.see_away"), on_click=lambda: self._see(case_id))
        self._first = self._first or see
        page.setLayout(row(None, ElidedText(said, bold=True), see, None, gap=10))
        return page
