"""A station is found by its name or place and chosen by hand, also without a line."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from jobdesk.host.strings import text
from jobdesk.services.moving.asking import find_stations
from jobdesk.store.sync_moves import KnownStation
from jobdesk.ui.context import Context
from jobdesk.ui.kit import Button, ElidedText, Field, Text, TextInput, clear, column, frame, row
from jobdesk.ui.signals import TypedSignal, signal

MOST = 3
"""What finds room in the strip of a file at 125 % on a low screen (own figure)."""
LINE = 30
"""Logical pixels of a line, kept whole where the strip is short of room (own figure)."""
PAUSE_MS = 200


class StationFinder(QWidget):
    """A search line with what it finds under it; before anything is typed the first stations stand there.

    Signals:
        chosen: the station taken.
    """

    chosen: TypedSignal[KnownStation] = signal()

    def __init__(self, ctx: Context) -> None:
        super().__init__()
        self._ctx = ctx
        self.station: KnownStation | None = None
        self._asked = 0
        self.line = TextInput(placeholder=text("moves.to_search"))
        self.field = Field(text("moves.to"), self.line, needed=True, label_width=64)
        self._found = column(gap=4)
        self.setLayout(column(self.field, frame(self._found), gap=4))
        self.setFocusProxy(self.line)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self.look)
        self.line.typed.connect(self._typed)
        self.look()

    def look(self) -> None:
        """Search for what stands in the line."""
        self._asked += 1
        asked, words = self._asked, self.line.value()

        def found(stations: Sequence[KnownStation]) -> None:
            if asked == self._asked:  # nothing was chosen or typed meanwhile
                self._show(stations)

        future = find_stations(self._ctx.desk, words, MOST + 1)
        self._ctx.ask(future, self, found, lambda _error: found(()))

    def _typed(self, _words: str) -> None:
        self.station = None
        self._timer.start()

    def take(self, station: KnownStation) -> None:
        """Choose one."""
        self._asked += 1
        self._timer.stop()
        self.station = station
        self.field.set_problem(None)
        clear(self._found)
        key = "to_chosen" if station.under else "to_chosen_plain"
        words = text(f"moves.{key}", name=station.name, under=station.under)
        self._found.addWidget(Text(words, "caption", "ok", wrap=True))
        self.chosen.emit(station)

    def _show(self, stations: Sequence[KnownStation]) -> None:
        self.station = None
        clear(self._found)
        for station in stations[:MOST]:
            self._found.addWidget(self._one(station))
        if not stations:
            words = text("moves.to_none") if self.line.value() else text("moves.to_list_none")
            self._found.addWidget(Text(words, "caption", "ink_2", wrap=True))
        elif len(stations) > MOST:
            self._found.addWidget(Text(text("moves.to_more"), "caption", "ink_2", wrap=True))

    def _one(self, station: KnownStation) -> QWidget:
        choose = Button(text("moves.to_choose"), "link", on_click=lambda: self.take(station))
        choose.setAccessibleName(f"{choose.text()} {station.name}")
        name = ElidedText(station.name, bold=True)
        name.setMinimumWidth(120)
        under = ElidedText(station.under, "caption", "ink_2")
        made = frame(row((name, 3), (under, 2), choose, gap=8, pad=(8, 0, 8, 0)), "card")
        made.setFixedHeight(LINE)
        return made
