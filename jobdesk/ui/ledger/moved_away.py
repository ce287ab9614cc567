"""Under 没有符合条件的人: who is not on the list since the file moved to another station."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from jobdesk.host.strings import text
from jobdesk.services.moving.finding import find_away
from jobdesk.services.moving.reading import Away
from jobdesk.ui.case_words import day
from jobdesk.ui.context import Context
from jobdesk.ui.kit import Button, Text, clear, column, row


class MovedAway(QWidget):
    """A line each, with the way to the page that says where the file is."""

    def __init__(self, ctx: Context) -> None:
        super().__init__()
        self._ctx, self._words = ctx, ""
        self.lines = column(gap=6)
        self.setLayout(self.lines)
        self.hide()

    def look(self, words: str) -> None:
        """What was searched for and not found; who was found before answers another question."""
        self._words = words
        self._show([])

        def found(those: list[Away]) -> None:
            if words == self._words:
                self._show(those)

        self._ctx.ask(find_away(self._ctx.desk, words), self, found)

    def _show(self, found: list[Away]) -> None:
        clear(self.lines)
        for one in found:
            self.lines.addWidget(self._line(one))
        self.setVisible(bool(found))

    def _line(self, one: Away) -> QWidget:
        stub, page = one.stub, QWidget()
        said = text("moves.left", who=stub.name or text("moves.nameless"), station=one.station)
        if stub.moved_on:
            said += text("moves.join") + text("moves.left_on", day=day(stub.moved_on, self._ctx.desk.day))
        see = Button(text("ledger.see_away"), on_click=lambda: self._ctx.go("ledger", stub.id))
        page.setLayout(row(None, Text(said, bold=True), see, None, gap=10))
        return page
