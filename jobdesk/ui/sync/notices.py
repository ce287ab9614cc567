"""通知: what the server or another station wants a person to know; dealt with, it stays in the list."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QStackedWidget

from jobdesk.services.syncing import notice_done, notices
from jobdesk.store.sync_told import Notice
from jobdesk.ui.context import Context
from jobdesk.ui.kit import Button, Card, Chip, EmptyState, Scroll, Text, clear, column, frame, row
from jobdesk.ui.sync.notices_state import kind_said, plain_ones, said
from jobdesk.ui.sync.panel import SyncPanel
from jobdesk.ui.sync.state import t, when

MOST = 100
"""Notices that are shown, newest first (own figure)."""


class NoticesPanel(SyncPanel):
    """A card each."""

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
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
        shown = plain_ones(found)[:MOST]
        clear(self.cards)
        for notice in shown:
            self.cards.addWidget(self._card(notice))
        self.stack.setCurrentIndex(0 if shown else 1)

    def _card(self, notice: Notice) -> Card:
        done = notice.seen_ms > 0
        corner = (
            Chip(t("notice_done"))
            if done
            else Button(t("notice_do"), on_click=partial(self._done, notice.id))
        )
        words = Text(said(notice), "body", "ink_2" if done else "ink", wrap=True, selectable=True)
        return Card(words, title=kind_said(notice), note=when(notice.at_ms, self.now_ms()), corner=corner)

    def _done(self, notice_id: str) -> None:
        self.ctx.ask(notice_done(self.ctx.desk, notice_id), self, lambda _none: self._renew())

    def _renew(self) -> None:
        self.arrive()
        if self.ctx.sync is not None:
            self.ctx.sync.renew()
