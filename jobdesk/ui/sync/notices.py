"""通知: what the server or a colleague's desk wants a person to know; dealt with, it stays in the list."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QLayout, QStackedWidget, QWidget

from jobdesk.services.conflict_log import Decisions, decisions_named
from jobdesk.services.sync_apart import Saved, saves
from jobdesk.services.syncing import notice_done, notices
from jobdesk.store.sync_told import CROSSED, RELEASED, WENT_ALONG, Notice
from jobdesk.ui.casefile.cursor import cursor_kept
from jobdesk.ui.conflicts.decided import crossed_said
from jobdesk.ui.conflicts.saying import Saying
from jobdesk.ui.context import Context
from jobdesk.ui.kit import Button, Card, Chip, EmptyState, Scroll, Text, clear, column, frame, row
from jobdesk.ui.sync.apart_state import a
from jobdesk.ui.sync.notices_state import kind_said, plain_ones, released_said, said
from jobdesk.ui.sync.panel import SyncPanel
from jobdesk.ui.sync.state import t, when

MOST = 100
"""Notices that are shown, newest first (own figure)."""


class NoticesPanel(SyncPanel):
    """A card each."""

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        self._saves: dict[str, Saved] = {}
        self.cards = column(gap=10)
        body = frame(column(self.cards, None, gap=0, pad=(20, 16, 20, 20)))
        body.setMaximumWidth(900)
        self.stack = QStackedWidget()
        self.stack.addWidget(Scroll(frame(row((body, 20), None, gap=0))))
        self.stack.addWidget(EmptyState("check-circle", t("notices_none"), more=t("notices_none_more")))
        self.setLayout(column((self.stack, 1), gap=0))

    def arrive(self, detail: str = "") -> None:
        self.ctx.ask(notices(self.ctx.desk), self, self._loaded)

    def _loaded(self, found: list[Notice]) -> None:
        """What was taken after all is told with whose file it was, which is read for it."""
        shown = plain_ones(found)[:MOST]
        actions = [n.text for n in shown if n.kind == RELEASED]
        if not actions:
            self._loaded_saves(shown, {})
            return
        self.ctx.ask(saves(self.ctx.desk, actions), self, partial(self._loaded_saves, shown))

    def _loaded_saves(self, found: list[Notice], saved: dict[str, Saved]) -> None:
        """What crossed is told with names, which are read for it."""
        self._saves = saved
        asked = [str(n.more.get("decision")) for n in found if n.kind == CROSSED]
        if not asked:
            self._fill(found, {})
            return
        told = decisions_named(self.ctx.desk, asked)
        self.ctx.ask(told, self, lambda decided: self._fill(found, self._words_of(decided)))

    def _words_of(self, decided: Decisions) -> dict[str, str]:
        saying = Saying(self.ctx.desk.actor, self.ctx.desk.today, decided.names)
        return {d.op_id: crossed_said(d, saying) for d in decided.lines}

    def _fill(self, shown: list[Notice], decided: dict[str, str]) -> None:
        with cursor_kept(self):
            clear(self.cards)
            for notice in shown:
                self.cards.addWidget(self._card(notice, decided))
        self.stack.setCurrentIndex(0 if shown else 1)

    def _card(self, notice: Notice, decided: dict[str, str]) -> Card:
        done = notice.seen_ms > 0
        corner = (
            Chip(t("notice_done"))
            if done
            else Button(t("notice_do"), on_click=partial(self._done, notice.id))
        )
        saved = self._saves.get(notice.text) if notice.kind == RELEASED else None
        told = decided.get(str(notice.more.get("decision")), "") or said(notice)
        told = released_said(saved, self.now_ms()) if saved is not None else told
        words: QWidget | QLayout = Text(told, "body", "ink_2" if done else "ink", wrap=True, selectable=True)
        if notice.kind == CROSSED:
            see = Button(t("notice_see"), "link", on_click=partial(self._see, notice))
            words = column(words, row(see, None), gap=4)
        elif notice.kind == WENT_ALONG:
            place = "households" if notice.more.get("kind") == "household" else "ledger"
            where = Button(t("notice_see"), "link", on_click=partial(self.ctx.go, place, notice.subjects[0]))
            words = column(words, row(where, None), gap=4)
        elif saved is not None and saved.cases:
            file = Button(a("open"), "link", on_click=partial(self.ctx.go, "ledger", saved.cases[0][0]))
            words = column(words, row(file, None), gap=4)
        return Card(words, title=kind_said(notice), note=when(notice.at_ms, self.now_ms()), corner=corner)

    def _see(self, notice: Notice) -> None:
        self.ctx.go("conflicts", str(notice.more.get("decision")), part="settled")

    def _done(self, notice_id: str) -> None:
        self.ctx.ask(notice_done(self.ctx.desk, notice_id), self, lambda _none: self._renew())

    def _renew(self) -> None:
        self.arrive()
        if self.ctx.sync is not None:
            self.ctx.sync.renew()
