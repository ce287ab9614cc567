"""A signed file before it is taken in: what it is, its faults, and what it would change for whom."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import cast

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QWidget

from jobdesk.cases.rules.pack import PackSet
from jobdesk.host import publishers
from jobdesk.services.pack_effects import Effects, EntryChange, effects
from jobdesk.services.policies import packs_of
from jobdesk.services.rule_packs import Offered, offer, take_in
from jobdesk.store.station_file import Changes
from jobdesk.ui.context import Context
from jobdesk.ui.kit import Banner, Button, ProgressLine, Text, clear, column, flow, frame, rule
from jobdesk.ui.settings.beside import pair
from jobdesk.ui.settings.effects_out import ListedEffects
from jobdesk.ui.settings.pack_names import PackNames
from jobdesk.ui.settings.packs_state import (
    MOST_ENTRIES,
    count_words,
    entry_words,
    head_words,
    offer_words,
    refusal_words,
    sentences_of,
    t,
)

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
        rest: takes the keyboard focus before it would be lost with a button that goes.
    """

    def __init__(self, ctx: Context, taken: Callable[[Changes], object], rest: QWidget) -> None:
        super().__init__()
        self._ctx, self._done, self._rest = ctx, taken, rest
        self.setProperty("look", "clear")
        self._about = column(gap=6)
        self._told = column(gap=6)
        self.line = ProgressLine(t("judging"))
        self.line.cancelled.connect(self.stop)
        self.take = Button(t("take"), "primary", icon="check", on_click=self._take)
        self.drop = Button(t("drop"), on_click=self.clear)
        self.names = PackNames(ctx)
        self._buttons = flow(self.take, self.drop)
        self.setLayout(
            column(frame(self._about), self.line, frame(self._told), self.names, self._buttons, gap=10)
        )
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self._tick)
        self._pace = _Pace()
        self.offered: Offered | None = None
        self.effects: Effects | None = None
        self.clear()

    def clear(self) -> None:
        """Nothing is offered."""
        self._keep_focus()
        self.stop()
        self.offered, self.effects = None, None
        clear(self._about)
        clear(self._told)
        self.hide()

    def _keep_focus(self) -> None:
        """A button that is hidden or disabled gives the focus to the search box of the window."""
        at = cast("QWidget | None", self.window().focusWidget())
        if at is not None and self.isAncestorOf(at):
            self._rest.setFocus(Qt.FocusReason.OtherFocusReason)

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
        self.names.show_names(None)
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
        sentences = sentences_of(offered, found)
        self.effects = found
        self._told.addWidget(rule())
        self._told.addWidget(Text(head_words(found), "body", bold=True, wrap=True))
        entries = frame(column(gap=4))
        self._told.addWidget(entries)
        self._tell_entries(entries, found.entries[:MOST_ENTRIES])
        if rest := found.entries[MOST_ENTRIES:]:
            more = Button(t("more_entries", count=len(rest)), "link", on_click=lambda: show_rest())

            def show_rest() -> None:
                more.hide()
                self._tell_entries(entries, rest)

            self._told.addWidget(flow(more))
        for line in count_words(found, sentences):
            self._told.addWidget(Text(line, "caption", "ink", wrap=True))
        self.names.show_names(ListedEffects(offered, found, sentences))
        self.take.refuse("")
        self.take.setFocus()

    def _tell_entries(self, place: QFrame, entries: Sequence[EntryChange]) -> None:
        layout = place.layout()
        assert layout is not None
        for change in entries:
            after, before = entry_words(change)
            layout.addWidget(Text(after, wrap=True, selectable=True))
            layout.addWidget(Text(before, "caption", "ink_2", wrap=True, selectable=True))

    def _take(self) -> None:
        offered = self.offered
        if offered is None or offered.refusal is not None:
            return
        self._keep_focus()
        self.take.refuse(t("taking"))
        said = t("taken", name=offered.pack.name, version=offered.pack.version)

        def done(changes: Changes) -> None:
            self.clear()
            self._done(changes)

        def failed(error: Exception) -> None:
            self.take.refuse("")
            self._ctx.hub.trouble.emit(error)

        self._ctx.save(take_in(self._ctx.desk, offered), self, said, done, failed)
