"""导入记录: every import with its counts, the rows left, and the way to it or back out of it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QStackedWidget

from jobdesk.host import code_lists
from jobdesk.services.import_list import ImportLine, imports_of
from jobdesk.ui.above import reason_above, stations_only
from jobdesk.ui.context import Context
from jobdesk.ui.hub import Changed
from jobdesk.ui.kit import Button, EmptyState, row
from jobdesk.ui.settings.beside import Beside, full_page
from jobdesk.ui.settings.section import Section
from jobdesk.ui.settings.state import t
from jobdesk.ui.table import Cell, Column, Row, Table


class ImportsPage(Section):
    """Held rows are worked on, and a whole import is taken back, at the place 导入."""

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        self._lines: dict[str, ImportLine] = {}
        numbers = ("rows", "new", "changed", "unchanged")
        self.table = Table(
            [
                Column("day", t("col_day"), 104, priority=0, sortable=False),
                Column("file", t("col_file"), 140, stretch=1, priority=0, sortable=False),
                *(
                    Column(n, t(f"col_{n}"), 66, right=True, priority=4 + k, sortable=False)
                    for k, n in enumerate(numbers)
                ),
                Column("waiting", t("col_waiting"), 76, right=True, priority=1, sortable=False),
                Column("state", t("col_state"), 84, priority=2, sortable=False),
            ],
            self._fetch,
            many=False,
        )
        self.table.setAccessibleName(t("section.imports"))
        self.open = Button(t("import_open"), "primary", on_click=lambda: self._go(self.table.current_id()))
        self.undo = Button(t("import_undo"), icon="undo", on_click=self._undo)
        self.more = Button(t("import_more"), icon="import", on_click=lambda: ctx.go("import"))
        self.beside = Beside()
        self.stack = QStackedWidget()
        self.stack.addWidget(self.table)
        start = Button(t("import_more"), icon="import", on_click=lambda: ctx.go("import"))
        stations_only(ctx, self.more)
        if ctx.above:
            start.hide()
        ctx.above_changed.connect(start.setHidden)
        ctx.above_changed.connect(lambda _above: self._enable())
        self.stack.addWidget(
            EmptyState("import", t("imports_none"), more=t("imports_none_more"), action=start)
        )
        self.hold(
            full_page(
                t("section.imports"),
                t("imports_note"),
                row(self.open, self.undo, None, self.more),
                self.beside,
                (self.stack, 1),
            )
        )
        self.table.opened.connect(self._go)
        self.table.current.connect(lambda _id: self._enable())

    def arrive(self, detail: str = "") -> None:
        self.ctx.ask(imports_of(self.ctx.desk), self, self._loaded, self.beside.fail)

    def changed(self, changed: Changed) -> None:
        self.arrive()

    def _loaded(self, lines: list[ImportLine]) -> None:
        self._lines = {line.import_id: line for line in lines}
        self.stack.setCurrentIndex(0 if lines else 1)
        for button in (self.open, self.undo, self.more):
            button.setVisible(bool(lines))
        self.table.set_ids(list(self._lines))
        self.table.refresh()
        if lines and not self.table.current_id():
            self.table.go_to(lines[0].import_id)
        self._enable()

    def _enable(self) -> None:
        line = self._lines.get(self.table.current_id())
        above = reason_above(self.ctx)
        self.open.refuse(above or ("" if line else t("import_choose")))
        undone = line is not None and line.state == "undone"
        self.undo.refuse(
            above or (t("import_choose") if line is None else t("import_undone") if undone else "")
        )

    def _fetch(self, ids: Sequence[str]) -> list[Row]:
        return [_row(self._lines[one]) for one in ids if one in self._lines]

    def _go(self, import_id: str) -> None:
        if import_id:
            self.ctx.go("import", import_id)

    def _undo(self) -> None:
        if one := self.table.current_id():
            self.ctx.go("import", one, "undo")


def _row(line: ImportLine) -> Row:
    states = {e.code: e.name for e in code_lists.table("import_state").entries}
    cells = {
        "day": Cell(line.day),
        "file": Cell(line.file_name, "strong"),
        "waiting": Cell(str(line.waiting), tone="warn" if line.waiting else "ink_2"),
        "state": Cell(states.get(line.state, line.state), "muted" if line.state == "undone" else "text"),
    }
    cells |= {k: Cell(str(line.counts.get(k, 0))) for k in ("rows", "new", "changed", "unchanged")}
    return Row(line.import_id, cells)
