"""The layout of 转入转出: heading, tabs, a column of cards."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QStackedWidget, QWidget

from jobdesk.ui.kit import (
    Button,
    Chip,
    EmptyState,
    Scroll,
    Tab,
    Tabs,
    Text,
    column,
    frame,
    row,
    rule,
)
from jobdesk.ui.moves.cards import MoveCard, t
from jobdesk.ui.moves.state import TABS

WIDEST = 880
"""Logical pixels of a card: a sentence longer than this is hard to read (own figure)."""


class AskPlace(QFrame):
    """Where a question opens; without one it takes no room."""

    def __init__(self) -> None:
        super().__init__()
        self._inside = column(gap=0)
        self.setLayout(self._inside)
        self.hide()

    def take(self, ask: QWidget) -> None:
        self._inside.addWidget(ask)
        self.show()


class CardView(QFrame):
    """One matter; a question about it opens under its buttons."""

    def __init__(self, card: MoveCard) -> None:
        super().__init__()
        self.setProperty("look", "card")
        self.setMaximumWidth(WIDEST)
        self.card = card
        self.title = Text(card.title, bold=True, wrap=True)
        self.buttons = {do.verb: Button(do.words, do.look) for do in card.does}
        self.ask = AskPlace()
        self.doing = frame(row(*self.buttons.values(), None, gap=8))
        if not self.buttons:
            self.doing.hide()
        chip = Chip(card.chip, card.chip_look)  # type: ignore[arg-type]
        if not card.chip:
            chip.hide()
        self.setLayout(
            column(
                row((self.title, 1), chip, Text(card.when, "caption", "ink_3"), gap=10),
                *(Text(line, "body", "ink_2", wrap=True) for line in card.lines),
                self.doing,
                self.ask,
                gap=8, pad=(16, 12, 16, 12),
            )
        )  # fmt: skip


class MovesView(QWidget):
    """Everything of the place, nothing wired."""

    def __init__(self) -> None:
        super().__init__()
        self.tabs = Tabs([Tab(key, t(f"tab_{key}")) for key in TABS], TABS[0])
        self.ask_in = Button(t("ask_in"), "primary", icon="plus")
        self.ask_in.hide()  # until it is known whose desk this is
        self.ask_place = AskPlace()
        self.ask_place.setMaximumWidth(WIDEST)
        self.cards = column(gap=10)
        self.to_sync = Button(t("to_sync"))
        self.nothing = {
            key: EmptyState(icon, t(f"{key}_none"), more=t(f"{key}_none_more"))
            for key, icon in (("in", "user-plus"), ("out", "export"), ("twins", "check-circle"))
        }
        self.alone = EmptyState("sync", t("not_enrolled"), more=t("not_enrolled_more"), action=self.to_sync)
        self.above = EmptyState("sync", t("above"), more=t("above_more"))
        self.page = Scroll(column(self.cards, None, gap=0, pad=(20, 14, 20, 20)))
        self.stack = QStackedWidget()
        for page in (self.page, *self.nothing.values(), self.alone, self.above):
            self.stack.addWidget(page)
        head = frame(
            column(
                row(Text(t("title"), "title"), None, self.ask_in, gap=8),
                Text(t("intro"), "body", "ink_2", wrap=True),
                self.ask_place,
                self.tabs,
                gap=6, pad=(20, 12, 16, 0),
            )
        )  # fmt: skip
        self.head = head
        self.setLayout(column(frame(column(head, rule(), (self.stack, 1), gap=0), "surface"), gap=0))
