"""The layout of 家庭."""

from __future__ import annotations

from PySide6.QtWidgets import QStackedWidget, QWidget

from jobdesk.ui.households.state import FILTERS, NUMBERS, t
from jobdesk.ui.kit import (
    Button,
    EmptyState,
    FilterChip,
    SidePage,
    StatTile,
    Text,
    TextInput,
    column,
    flow,
    frame,
    key_hints,
    row,
)
from jobdesk.ui.table import Table

RATES = ("zero", "hardship")


class HouseholdsView(QWidget):
    """Heading, rates, filters, the table; at the side one household or the form of a new one."""

    def __init__(self, table: Table, side: QWidget) -> None:
        super().__init__()
        self.table = table
        self.count = Text("", tone="ink_2")
        self.new = Button(t("new"), "primary", icon="plus")
        self.search = TextInput(placeholder=t("search"), width=168)
        self.search.setAccessibleName(t("search"))
        self.filters = {name: FilterChip(t(f"filter_{name}")) for name in FILTERS}
        self.rates = {name: StatTile(t(f"rate_name_{name}"), "", note=" ", icon="home") for name in RATES}
        self.duty = Text("", "caption", "ink_2", wrap=True)
        self.only = Button("", "link", icon="close")
        self.only.hide()
        self.numbers = {name: Button("", "link") for name in NUMBERS}
        self.nothing = EmptyState("home", t("empty"), more=t("empty_more"))
        self.middle = QStackedWidget()
        self.middle.addWidget(table)
        self.middle.addWidget(self.nothing)
        tiles = frame(row(*((tile, 1) for tile in self.rates.values()), gap=12))
        head = frame(
            column(
                row(Text(t("title"), "title"), self.count, None, self.search, self.new, gap=8),
                tiles,
                self.duty,
                flow(*self.filters.values(), self.only, *self.numbers.values(), gap=8),
                gap=8,
                pad=(20, 10, 16, 10),
            ),
            "surface",
        )
        hints = key_hints(("Enter", t("key_open")), ("Ctrl+N", t("new")))
        note = Text(t("note"), "caption", "ink_2")
        foot = frame(row(note, None, hints, gap=10, pad=(20, 4, 16, 4)), "foot")
        self.main = frame(column(head, (self.middle, 1), foot, gap=0), "surface")
        self.page = SidePage(self.main, side, side_width=470, fold_below=1180)
        self.setLayout(column((self.page, 1), gap=0))
