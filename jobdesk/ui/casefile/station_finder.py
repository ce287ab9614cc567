"""A station is found by its name or place, in characters or pinyin, and chosen by hand, line or no line."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from jobdesk.host.strings import text
from jobdesk.services.moving.asking import find_stations
from jobdesk.store.sync_moves import KnownStation
from jobdesk.ui.casefile.finder import Finder
from jobdesk.ui.context import Context
from jobdesk.ui.kit import Button, ElidedText, Text, frame, row
from jobdesk.ui.signals import TypedSignal, signal

MOST = 3
"""What finds room in the strip of a file at 125 % on a low screen (own figure)."""
LINE = 30
"""Logical pixels of a line, kept whole where the strip is short of room (own figure)."""


class StationFinder(Finder):
    """Before anything is typed the first stations stand there.

    Signals:
        chosen: the station taken.
    """

    chosen: TypedSignal[KnownStation] = signal()

    def __init__(self, ctx: Context) -> None:
        super().__init__(text("moves.to"), text("moves.to_search"))
        self._ctx = ctx
        self.station: KnownStation | None = None
        self._asked = 0
        self.look()

    def search(self) -> None:
        self._asked += 1
        asked, words = self._asked, self.line.value()

        def found(stations: Sequence[KnownStation]) -> None:
            if asked == self._asked:  # nothing was chosen or typed meanwhile
                self._show(stations)

        future = find_stations(self._ctx.desk, words, MOST + 1)
        self._ctx.ask(future, self, found, lambda _error: found(()))

    def _typed(self) -> None:
        self.station = None
        super()._typed()

    def take(self, station: KnownStation) -> None:
        """Choose one."""
        self._asked += 1
        self._timer.stop()
        self.station = station
        self.field.set_problem(None)
        key = "to_chosen" if station.under else "to_chosen_plain"
        words = text(f"moves.{key}", name=station.name, under=station.under)
        self.show_found((), (Text(words, "caption", "ok", wrap=True),))
        self.chosen.emit(station)

    def _show(self, stations: Sequence[KnownStation]) -> None:
        self.station = None
        words = ""
        if not stations:
            words = text("moves.to_none") if self.line.value() else text("moves.to_list_none")
        elif len(stations) > MOST:
            words = text("moves.to_more")
        said = (Text(words, "caption", "ink_2", wrap=True),) if words else ()
        self.show_found([self._one(station) for station in stations[:MOST]], said)

    def _one(self, station: KnownStation) -> tuple[QWidget, Button]:
        choose = Button(text("moves.to_choose"), "link", on_click=lambda: self.take(station))
        choose.setAccessibleName(f"{choose.text()} {station.name}")
        name = ElidedText(station.name, bold=True)
        name.setMinimumWidth(120)
        under = ElidedText(station.under, "caption", "ink_2")
        made = frame(row((name, 3), (under, 2), choose, gap=8, pad=(8, 0, 8, 0)), "card")
        made.setFixedHeight(LINE)
        return made, choose
