"""Under 没有符合条件的人: who is not on the list since the file moved to another station."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from jobdesk.host.strings import text
from jobdesk.services.moving.finding import find_away
from jobdesk.services.moving.reading import Away
from jobdesk.ui.case_words import day
from jobdesk.ui.context import Context
from jobdesk.ui.kit import Button, ElidedText, clear, column, row


class MovedAway(QWidget):
    """A line each, with the way to the page that says where the file is.

    Args:
        see: show that page.
    """

    def __init__(self, ctx: Context, see: Callable[[str], None]) -> None:
        super().__init__()
        self._ctx, self._see = ctx, see
        self._words: str = ""
        self._shown: list[Away] = []
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

        def found(those: list[Away]) -> None:
            if words != self._words:
                return
            self._waits = False
            self._show(those)
            if self._entered:
                self.enter()

        self._ctx.ask(find_away(self._ctx.desk, words), self, found)

    def enter(self) -> None:
        """Enter in the search: who alone was found is shown, among several the cursor goes to the first. What
        is still being looked for is waited for.
        """
        self._entered = self._waits
        if len(self._shown) == 1:
            self._see(self._shown[0].stub.id)
        elif self._first is not None:
            self._first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show(self, found: list[Away]) -> None:
        clear(self.lines)
        self._shown, self._first = found, None
        for one in found:
            self.lines.addWidget(self._line(one))
        self.setVisible(bool(found))

    def _line(self, one: Away) -> QWidget:
        stub, page = one.stub, QWidget()
        said = text("moves.left", who=stub.name or text("moves.nameless"), station=one.station)
        if stub.moved_on:
            said += text("moves.join") + text("moves.left_on", day=day(stub.moved_on, self._ctx.desk.day))
        see = Button(text("ledger.see_away"), on_click=lambda: self._see(stub.id))
        self._first = self._first or see
        page.setLayout(row(None, ElidedText(said, bold=True), see, None, gap=10))
        return page
