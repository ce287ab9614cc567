"""回执: every exchange of a year, newest first, and the whole of one beside the list."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QWidget

from jobdesk.services.syncing import receipts
from jobdesk.sync.receipts import Receipt, receipt_of
from jobdesk.ui.context import Context
from jobdesk.ui.kit import ElidedText, EmptyState, Scroll, SidePage, Text, clear, column, frame, row, rule
from jobdesk.ui.sync.panel import SyncPanel
from jobdesk.ui.sync.receipts_state import columns, keyed, r, row_of, whole
from jobdesk.ui.table import Row, Table

MOST = 5000
"""Receipts that are listed; a busy desk's year has more, of which the oldest are not (own figure)."""


LONG_NAME = 9
"""Characters above which a name stands over its value."""


class ReceiptsPanel(SyncPanel):
    """The list and its side."""

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        self._found: dict[str, tuple[int, Receipt]] = {}
        self._arriving = False
        self.table = Table(columns(), self._fetch, many=False)
        self.table.setAccessibleName(r("title"))
        self.count = Text("", "caption", "ink_2")
        self.said = column(gap=10, pad=(20, 16, 20, 20))
        foot = frame(row(self.count, None, pad=(20, 8, 20, 8)), "foot")
        listed = QWidget()
        listed.setLayout(column((self.table, 1), foot, gap=0))
        self.page = Scroll(self.said)
        self._shown = ""
        self.side = SidePage(listed, self.page, side_width=380, fold_below=940)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.side)
        self.stack.addWidget(EmptyState("sync", r("none"), more=r("none_more")))
        self.setLayout(column((self.stack, 1), gap=0))
        self.table.current.connect(self._show)
        self.table.opened.connect(self._open)

    def arrive(self, detail: str = "") -> None:
        self._arriving = True
        self.renew()

    def renew(self) -> None:
        self.ctx.ask(receipts(self.ctx.desk, MOST), self, self._loaded)

    def _loaded(self, found: list[tuple[int, dict[str, object]]]) -> None:
        now = self.table.current_id()
        newest = next(iter(self._found), "")
        self._found = keyed([(at, receipt_of(body)) for at, body in found])
        self.stack.setCurrentIndex(0 if self._found else 1)
        self.table.set_ids(tuple(self._found))
        self.table.refresh()
        self.count.set_text(r("listed", count=len(self._found)))
        if self._found and (not now or now == newest):  # whoever looks at the newest goes on with the newest
            self.table.go_to(next(iter(self._found)))
        self._show(self.table.current_id())
        arriving, self._arriving = self._arriving, False
        if arriving and self.isVisible():
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _fetch(self, ids: Sequence[str]) -> list[Row]:
        clock = self.clock()
        return [row_of(i, *self._found[i], clock) for i in ids if i in self._found]

    def _open(self, key: str) -> None:
        self._show(key)
        self.side.open_side()

    def _show(self, key: str) -> None:
        clear(self.said)
        found = self._found.get(key)
        if found is None:
            return
        if key != self._shown:
            self._shown = key
            self.page.verticalScrollBar().setValue(0)
        all_of_it = whole(found[1], self.clock())
        self.said.addWidget(Text(all_of_it.title, "strong"))
        self.said.addWidget(Text(all_of_it.sentence, "body", all_of_it.tone, wrap=True, selectable=True))
        if all_of_it.clock:
            self.said.addWidget(Text(all_of_it.clock, "caption", "warn", wrap=True))
        for name, facts in all_of_it.parts:
            self.said.addWidget(rule())
            self.said.addWidget(Text(name, "body", bold=True))
            for fact in facts:
                label = Text(fact.name, "body", "ink_2", wrap=True)
                value = Text(fact.value, "body", fact.tone, wrap=True, selectable=True)
                if fact.of_file:
                    value = ElidedText(fact.value, "body", fact.tone, middle=True)
                long = fact.of_file or len(fact.name) > LONG_NAME
                line = column(label, value, gap=2) if long else row((label, 2), (value, 3), gap=10)
                self.said.addLayout(line)
        self.said.addStretch(1)
