"""The layout of 今日."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QStackedWidget, QWidget

from jobdesk.cases.due import DueLine
from jobdesk.ui.kit import (
    Button,
    Choice,
    DropDown,
    EmptyState,
    FilterChip,
    IconButton,
    SidePage,
    Text,
    column,
    flow,
    frame,
    key_hints,
    row,
)
from jobdesk.ui.today.kinds import GROUPS
from jobdesk.ui.today.painting import Hints
from jobdesk.ui.today.tasklist import Says, TaskList
from jobdesk.ui.today.words import t

SIDE = 400
FOLD = 960


class TodayView(QWidget):
    """Heading, filters, the list, the foot; the side beside it."""

    def __init__(self, words: Says, hints: Callable[[DueLine], Hints], side: QWidget) -> None:
        super().__init__()
        self.day = Text("", tone="ink_2")
        self.filters = {name: FilterChip(t(f"group_{name}" if name else "all")) for name in ("", *GROUPS)}
        anything = Choice("", t("all"))
        self.community = DropDown([anything], "", label=t("community"))
        self.owner = DropDown([anything], "", label=t("owner"))
        self.chips = flow(*self.filters.values(), self.community, self.owner, gap=8)
        self.doubt_words = Text("", wrap=True, bold=True)
        self.believe = Button("")
        self.doubt = frame(row((self.doubt_words, 1), self.believe, gap=12, pad=(24, 8, 24, 8)), "warn_soft")
        self.doubt.hide()
        self.round = Button(f"{t('round_button')}  B", icon="phone")
        self.visits = Button(f"{t('round_visit_button')}  V", icon="map-pin")
        self.assigned = IconButton("ledger", t("assigned"), bordered=True)
        self.list = TaskList(words, hints)
        self.list.setAccessibleName(t("title"))
        self.nothing = EmptyState("check-circle", t("empty"), more=t("empty_more"))
        self.do_import = Button(t("do_import"), "primary", icon="import")
        self.do_register = Button(t("do_register"), icon="user-plus")
        begin = frame(row(self.do_import, self.do_register, gap=10))
        self.nobody = EmptyState("users", t("no_people"), more=t("no_people_more"), action=begin)
        self.loading = EmptyState("clock", t("loading"))
        self.middle = QStackedWidget()
        for page in (self.loading, self.list, self.nothing, self.nobody):
            self.middle.addWidget(page)
        self.done = Text("", "caption", "ink_2")
        self.ahead = Button("", "link")
        self.unlisted = Text("", "caption", "warn")
        self.unlisted.hide()
        self.left_out = Text("", "caption", "bad")
        self.to_packs = Button(t("packs_open"), "link")
        self.left_out.hide()
        self.to_packs.hide()
        head = frame(
            column(
                row(Text(t("title"), "title"), self.day, None, self.assigned, self.visits, self.round, gap=8),
                self.chips,
                gap=8,
                pad=(24, 10, 24, 10),
            ),
            "surface",
        )
        foot = frame(
            row(
                self.done,
                self.ahead,
                self.unlisted,
                self.left_out,
                self.to_packs,
                None,
                key_hints(("↑ ↓", t("key_move")), ("→ ←", t("key_fold"))),
                gap=10,
                pad=(24, 4, 24, 4),
            ),
            "foot",
        )
        self.main = frame(column(head, self.doubt, (self.middle, 1), foot, gap=0), "surface")
        self.page = SidePage(self.main, side, side_width=SIDE, fold_below=FOLD)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.page)
        self.setLayout(column((self.pages, 1), gap=0))
