"""A signed file before it is taken in: what it is, its faults, and what it would change for whom."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import cast

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame

from jobdesk.cases.rules.pack import PackSet
from jobdesk.host import publishers
from jobdesk.host.strings import text
from jobdesk.services.pack_effects import Effects, effects
from jobdesk.services.policies import packs_of
from jobdesk.services.rule_packs import Offered, offer, take_in
from jobdesk.store.station_file import Changes
from jobdesk.ui.context import Context
from jobdesk.ui.kit import Banner, Button, ProgressLine, Text, clear, column, flow, frame, rule
from jobdesk.ui.settings.beside import pair
from jobdesk.ui.settings.packs_state import (
    MOST_ENTRIES,
    count_words,
    entry_words,
    head_words,
    offer_words,
    refusal_words,
    sentences_of,
    t,
    tone_of,
)
from jobdesk.ui.table import Cell, Column, Row, Table
from jobdesk.ui.table.cells import CellTone

_EVERY_MS = 120


class _Stopped(Exception):
    """The person pressed 取消, or chose another file."""


class _Pace:
    """How far the judging is: written by the reader's thread, read by the window."""

    def __init__(self) -> None:
        self.done, self.whole, self.stopping = 0, 0, False

    def tell(self, done: int, whole: int) -> None:
        self.done, self.whole = done, whole
        if self.stopping:
            raise _Stopped


class PackOffer(QFrame):
    """Takes no room until a file is chosen.

    Args:
        taken: called once it is in use.
    """

    def __init__(self, ctx: Context, taken: Callable[[Changes], object]) -> None:
        super().__init__()
        self._ctx, self._done = ctx, taken
        self.setProperty("look", "clear")
        self._about = column(gap=6)
        self._told = column(gap=6)
        self.line = ProgressLine(t("judging"))
        self.line.cancelled.connect(self.stop)
        self.take = Button(t("take"), "primary", icon="check", on_click=self._take)
        self.drop = Button(t("drop"), on_click=self.clear)
        self.people = Table(
            [
                Column("name", t("col_name"), 110, priority=0, sortable=False),
                Column("rule", t("col_rule"), 220, stretch=1, priority=0, sortable=False),
                Column("before", t("col_before"), 84, priority=1, sortable=False),
                Column("after", t("col_after"), 84, priority=0, sortable=False),
            ],
            self._fetch,
            many=False,
        )
        self.people.setAccessibleName(t("people"))
        self.people.setFixedHeight(220)
        self.people.opened.connect(self._open)
        self._buttons = flow(self.take, self.drop)
        self.setLayout(
            column(frame(self._about), self.line, frame(self._told), self.people, self._buttons, gap=10)
        )
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self._tick)
        self._pace = _Pace()
        self.offered: Offered | None = None
        self.effects: Effects | None = None
        self._sentences: dict[str, str] = {}
        self.clear()

    def clear(self) -> None:
        """Nothing is offered."""
        self.stop()
        self.offered, self.effects = None, None
        clear(self._about)
        clear(self._told)
        self.hide()

    def stop(self) -> None:
        """The judging under way ends at its next step; what it found is not shown."""
        self._pace.stopping = True
        self._timer.stop()
        self.line.hide()

    def read(self, path: Path, failed: Callable[[Exception], object]) -> None:
        """Look at a file; errors that concern the file as a whole go to ``failed``."""
        self.clear()
        keys = publishers.in_force(self._ctx.read_config())
        self._ctx.ask(offer(self._ctx.desk, path, keys), self, self._read, failed)

    def _read(self, offered: Offered) -> None:
        self.clear()
        self.offered = offered
        for name, value in offer_words(offered):
            self._about.addLayout(pair(name, Text(value, wrap=True, selectable=True)))
        why, faults = refusal_words(offered)
        self.people.hide()
        self.take.setVisible(not why)
        if why:
            self._told.addWidget(Banner("problem", why))
            for fault in faults:
                self._told.addWidget(Text(fault, "caption", "bad", wrap=True, selectable=True))
        elif offered.packs is None:
            self._told.addWidget(Text(t("calendar_effect", years=offered.title), wrap=True))
        else:
            self._judge(offered)
        self.show()

    def _judge(self, offered: Offered) -> None:
        """Verdicts of everybody before and after, on a reader's thread."""
        self.take.refuse(t("judge_first"))
        self.line.set_progress(0, 0, t("judging"))
        self.line.show()
        pace = self._pace = _Pace()
        self._timer.start()
        desk = self._ctx.desk
        packs = offered.packs
        assert packs is not None

        def with_present(now: PackSet) -> None:
            if pace is self._pace and not pace.stopping:
                future = effects(desk, now, packs, pace.tell)
                self._ctx.ask(future, self, judged, broke)

        def judged(found: Effects) -> None:
            if pace is self._pace:
                self._judged(offered, found)

        def broke(error: Exception) -> None:
            if not isinstance(error, _Stopped):
                raise error
            if pace is self._pace:
                self.clear()

        self._ctx.ask(desk.read(lambda con: packs_of(con, desk)), self, with_present, broke)

    def _tick(self) -> None:
        self.line.set_progress(self._pace.done, self._pace.whole)

    def _judged(self, offered: Offered, found: Effects) -> None:
        self._timer.stop()
        self.line.hide()
        self.effects, self._sentences = found, sentences_of(offered, found)
        self._told.addWidget(rule())
        self._told.addWidget(Text(head_words(found), "body", bold=True, wrap=True))
        for change in found.entries[:MOST_ENTRIES]:
            after, before = entry_words(change)
            self._told.addWidget(Text(after, wrap=True, selectable=True))
            self._told.addWidget(Text(before, "caption", "ink_2", wrap=True, selectable=True))
        if len(found.entries) > MOST_ENTRIES:
            more = t("more_entries", count=len(found.entries) - MOST_ENTRIES)
            self._told.addWidget(Text(more, "caption", "ink_2"))
        for line in count_words(found, self._sentences):
            self._told.addWidget(Text(line, "caption", "ink", wrap=True))
        self.people.set_ids([str(n) for n in range(len(found.changes))])
        self.people.setVisible(bool(found.changes))
        self.take.refuse("")
        self.take.setFocus()

    def _fetch(self, ids: Sequence[str]) -> list[Row]:
        found = self.effects
        return [self._row(int(one), found) for one in ids if found and int(one) < len(found.changes)]

    def _row(self, number: int, found: Effects) -> Row:
        change = found.changes[number]
        return Row(str(number), {
            "name": Cell(change.name or text("packs.unknown"), "strong"),
            "rule": Cell(self._sentences.get(change.key, change.key)),
            "before": Cell(text(f"outcome.{change.before.value}"), "muted"),
            "after": Cell(text(f"outcome.{change.after.value}"), tone=cast(CellTone, tone_of(change))),
        })  # fmt: skip

    def _open(self, row: str) -> None:
        found = self.effects
        if found is not None and row.isdecimal() and int(row) < len(found.changes):
            change = found.changes[int(row)]
            place = "households" if change.key.startswith("households.") else "ledger"
            self._ctx.go(place, change.subject)

    def _take(self) -> None:
        offered = self.offered
        if offered is None or offered.refusal is not None:
            return
        self.take.refuse(t("taking"))
        said = t("taken", name=offered.pack.name, version=offered.pack.version)

        def done(changes: Changes) -> None:
            self.clear()
            self._done(changes)

        def failed(error: Exception) -> None:
            self.take.refuse("")
            self._ctx.hub.trouble.emit(error)

        self._ctx.save(take_in(self._ctx.desk, offered), self, said, done, failed)
