"""The layout of 岗位."""

from __future__ import annotations

from PySide6.QtWidgets import QStackedWidget, QWidget

from jobdesk.ui.kit import (
    Button,
    EmptyState,
    FilterChip,
    SidePage,
    Text,
    TextInput,
    column,
    flow,
    frame,
    key_hints,
    row,
)
from jobdesk.ui.table import Table
from jobdesk.ui.vacancies.state import FILTERS, t


class VacanciesView(QWidget):
    """Heading, filters, the table; at the side the form or the import."""

    def __init__(self, table: Table, side: QWidget) -> None:
        super().__init__()
        self.table = table
        self.count = Text("", tone="ink_2")
        self.new = Button(t("new"), "primary", icon="plus")
        self.take = Button(t("take_button"), icon="import")
        self.search = TextInput(placeholder=t("search"), width=168)
        self.search.setAccessibleName(t("search"))
        self.filters = {name: FilterChip(t(f"filter_{name}")) for name in FILTERS}
        self.nothing = EmptyState("briefcase", t("empty"), more=t("empty_more"))
        self.middle = QStackedWidget()
        self.middle.addWidget(table)
        self.middle.addWidget(self.nothing)
        head = frame(
            column(
                row(Text(t("title"), "title"), self.count, None, self.take, self.new, gap=8),
                row((flow(*self.filters.values(), gap=8), 1), self.search, gap=10),
                gap=8,
                pad=(20, 10, 16, 10),
            ),
            "surface",
        )
        hints = key_hints(("Enter", t("key_edit")), ("Ctrl+N", t("new")))
        note = Text(t("note"), "caption", "ink_2")
        foot = frame(row(note, None, hints, gap=10, pad=(20, 4, 16, 4)), "foot")
        self.main = frame(column(head, (self.middle, 1), foot, gap=0), "surface")
        self.page = SidePage(self.main, side, side_width=400, fold_below=960)
        self.setLayout(column((self.page, 1), gap=0))
