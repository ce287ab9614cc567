"""The layout of 政策: the policies, and beside them the chosen one with its people."""

from __future__ import annotations

from PySide6.QtWidgets import QStackedWidget, QWidget

from jobdesk.host.strings import text
from jobdesk.ui.kit import (
    Button,
    EmptyState,
    FilterChip,
    Scroll,
    SidePage,
    Tab,
    Tabs,
    Text,
    column,
    flow,
    frame,
    key_hints,
    row,
    rule,
)
from jobdesk.ui.policies.state import LISTS
from jobdesk.ui.policies.words import t
from jobdesk.ui.table import Table


class PoliciesView(QWidget):
    """Heading and table; at the side a policy: what it is above, whom it concerns below."""

    def __init__(self, table: Table, people: Table) -> None:
        super().__init__()
        self.table, self.people = table, people
        self.summary = Text("", tone="ink_2")
        head = frame(
            column(
                row(Text(t("title"), "title"), self.summary, None, gap=10),
                Text(t("lead"), "caption", "ink_2", wrap=True),
                gap=6, pad=(20, 12, 16, 10),
            ),
            "surface",
        )  # fmt: skip
        hints = key_hints(("Enter", t("key_people")))
        said = Text(t("foot"), "caption", "ink_2")
        foot = frame(row(said, None, hints, gap=10, pad=(20, 4, 16, 4)), "foot")
        self.main = frame(column(head, (table, 1), foot, gap=0), "surface")
        self.name = Text("", "strong", wrap=True)
        self.sentence = Text("", "caption", "ink_2", wrap=True)
        self.facts = column(gap=6, pad=(16, 10, 12, 12))
        self.tabs = Tabs([Tab("people", t("tab_people")), Tab("card", t("tab_card"))], "people")
        self.filters = {name: FilterChip(t(f"list_{name}")) for name in LISTS}
        self.tell = Button(t("tell_selected"), "primary", icon="check")
        self.basis = Button(text("basis.link"), icon="info", keys="F4")
        self.picked = Text("", "caption", "ink_2")
        self.asking = column(gap=6)
        self.nobody = EmptyState("users", t("nobody"))
        self.reveal = Button(t("reveal"), icon="eye")
        self.veiled = EmptyState("eye-off", t("veiled"), more=t("veiled_more"), action=self.reveal)
        self.lists = QStackedWidget()
        self.form = Scroll(frame(column(self.asking, None, gap=0, pad=(16, 8, 16, 8))))
        for page in (people, self.nobody, self.veiled, self.form):
            self.lists.addWidget(page)
        upper = column(self.name, self.sentence, self.tabs, gap=6, pad=(16, 14, 16, 0))
        middle = column(flow(*self.filters.values(), gap=6), gap=6, pad=(16, 8, 16, 6))
        lower = row(self.tell, self.picked, None, self.basis, gap=8, pad=(16, 8, 16, 10))
        self.foot = frame(lower, "foot")
        whole = frame(column(frame(middle), (self.lists, 1), self.foot, gap=0))
        self.body = QStackedWidget()
        self.body.addWidget(whole)
        self.body.addWidget(Scroll(frame(column(self.facts, None, gap=0))))
        self.chosen = frame(column(frame(upper), rule(), (self.body, 1), gap=0))
        self.rest = EmptyState("info", t("choose"), more=t("choose_more"))
        self.side = QStackedWidget()
        self.side.addWidget(self.rest)
        self.side.addWidget(self.chosen)
        self.page = SidePage(self.main, self.side, side_width=440, fold_below=980)
        self.setLayout(column((self.page, 1), gap=0))
