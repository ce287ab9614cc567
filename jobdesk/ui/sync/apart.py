"""未被接收: what the server keeps apart, why, and the way out; looked at, it counts no longer and stays."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QWidget

from jobdesk.services.sync_apart import ApartLine, apart_lines
from jobdesk.services.syncing import look_at_apart
from jobdesk.ui.context import Context
from jobdesk.ui.kit import Button, EmptyState, Scroll, SidePage, Text, clear, column, flow, frame, row, rule
from jobdesk.ui.sync.apart_state import (
    a,
    columns,
    kept_said,
    row_of,
    saved_said,
    way_said,
    what_said,
    who_said,
)
from jobdesk.ui.sync.panel import SyncPanel
from jobdesk.ui.sync.receipts_state import reason_said
from jobdesk.ui.table import Row, Table


class ApartPanel(SyncPanel):
    """The list and its side."""

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        self._lines: dict[str, ApartLine] = {}
        self._arriving = False
        self.table = Table(columns(), self._fetch, many=False)
        self.table.setAccessibleName(a("title"))
        self.count = Text("", "caption", "ink_2")
        self.seen = Button(a("look"), "primary", keys="Ctrl+Enter", on_click=self.look)
        self.open = Button(a("open"), icon="external-link", on_click=self._open_file)
        self.said = column(gap=8, pad=(20, 16, 20, 16))
        foot = frame(row(self.count, None, pad=(20, 8, 20, 8)), "foot")
        listed = QWidget()
        listed.setLayout(column((self.table, 1), foot, gap=0))
        side = QWidget()
        doing = frame(column(flow(self.seen, self.open, gap=8), pad=(20, 8, 20, 12)))
        side.setLayout(column((Scroll(self.said), 1), doing, gap=0))
        self.side = SidePage(listed, side, side_width=380, fold_below=940)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.side)
        self.stack.addWidget(EmptyState("check-circle", a("none"), more=a("none_more")))
        self.setLayout(column((self.stack, 1), gap=0))
        self.table.current.connect(self._show)
        self.table.opened.connect(lambda _key: self.side.open_side())

    def arrive(self, detail: str = "") -> None:
        self._arriving = True
        self.renew()

    def renew(self) -> None:
        self.ctx.ask(apart_lines(self.ctx.desk), self, self._loaded)

    def look(self) -> None:
        """A person has looked at the one under the cursor."""
        line = self._lines.get(self.table.current_id())
        if line is not None and not line.apart.seen_ms:
            self.ctx.ask(look_at_apart(self.ctx.desk, line.apart.action), self, lambda _none: self._looked())

    def _looked(self) -> None:
        """On to the next that nobody has looked at."""
        here = self.table.current_id()
        rest = [k for k, line in self._lines.items() if not line.apart.seen_ms and k != here]
        if rest:
            self.table.go_to(rest[0])
        self.renew()
        if self.ctx.sync is not None:
            self.ctx.sync.renew()

    def _open_file(self) -> None:
        line = self._lines.get(self.table.current_id())
        if line is not None and line.saved.cases:
            self.ctx.go("ledger", line.saved.cases[0][0])

    def _loaded(self, found: list[ApartLine]) -> None:
        self._lines = {line.apart.action: line for line in found}
        self.stack.setCurrentIndex(0 if found else 1)
        self.table.set_ids(tuple(self._lines))
        self.table.refresh()
        unseen = sum(not line.apart.seen_ms for line in found)
        self.count.set_text(a("counted", unseen=unseen, count=len(found)))
        if found and not self.table.current_id():
            self.table.go_to(
                next((k for k, v in self._lines.items() if not v.apart.seen_ms), found[0].apart.action)
            )
        self._show(self.table.current_id())
        arriving, self._arriving = self._arriving, False
        if arriving and self.isVisible():
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _fetch(self, ids: Sequence[str]) -> list[Row]:
        now = self.now_ms()
        return [row_of(self._lines[i], now) for i in ids if i in self._lines]

    def _show(self, key: str) -> None:
        clear(self.said)
        line = self._lines.get(key)
        waits = line is not None and not line.apart.seen_ms
        if not waits and self.seen.hasFocus():  # a button that is refused hands the cursor to the search line
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self.seen.refuse("" if waits else a("seen"))
        self.open.setVisible(line is not None and bool(line.saved.cases))
        if line is None:
            return
        add = self.said.addWidget
        add(Text(who_said(line.saved), "strong", wrap=True))
        add(Text(what_said(line.saved), "body", "ink_2", wrap=True))
        add(Text(saved_said(line.saved, self.now_ms()), "caption", "ink_2", wrap=True))
        add(rule())
        add(Text(a("why"), "body", bold=True))
        add(Text(reason_said(line.apart.reason), "body", "warn", wrap=True, selectable=True))
        add(Text(a("way"), "body", bold=True))
        add(Text(way_said(line.apart.reason), "body", wrap=True, selectable=True))
        add(Text(kept_said(line.apart.reason), "caption", "ink_2", wrap=True))
        add(Text(a("number", action=line.apart.action), "caption", "ink_3", wrap=True, selectable=True))
        self.said.addStretch(1)
