"""两处填写不一致: every field of every file that waits for somebody; Enter goes there."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QStackedWidget

from jobdesk.host.strings import has, text
from jobdesk.services.conflicts import OpenConflict, OpenConflicts, open_conflicts
from jobdesk.services.staffing import StaffMember, staff_of
from jobdesk.ui.context import Context
from jobdesk.ui.hub import Changed
from jobdesk.ui.kit import Button, EmptyState, Text, row
from jobdesk.ui.settings.beside import Beside, full_page
from jobdesk.ui.settings.section import Section
from jobdesk.ui.settings.state import t, when
from jobdesk.ui.table import Cell, Column, Row, Table


class ConflictsPage(Section):
    """Settled in the file itself, beside the field, where both versions stand."""

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        self._lines: dict[str, OpenConflict] = {}
        self._names: dict[str, str] = {}
        self.count = Text("", "body", "ink_2", wrap=True)
        self.table = Table(
            [
                Column("name", t("col_name"), 110, stretch=1, priority=0, sortable=False),
                Column("field", t("col_field"), 150, stretch=2, priority=0, sortable=False),
                Column("versions", t("col_versions"), 70, right=True, priority=2, sortable=False),
                Column("who", t("col_who"), 150, stretch=2, priority=1, sortable=False),
                Column("when", t("col_newest"), 172, priority=3, sortable=False),
            ],
            self._fetch,
            many=False,
        )
        self.table.setAccessibleName(t("section.conflicts"))
        self.open = Button(t("conflict_open"), "primary", on_click=lambda: self._go(self.table.current_id()))
        self.beside = Beside()
        self.stack = QStackedWidget()
        self.stack.addWidget(self.table)
        self.stack.addWidget(EmptyState("check-circle", t("conflicts_none"), more=t("conflicts_none_more")))
        self.hold(
            full_page(
                t("section.conflicts"),
                t("conflicts_note"),
                row((self.count, 1), self.open),
                self.beside,
                (self.stack, 1),
            )
        )
        self.table.opened.connect(self._go)

    def arrive(self, detail: str = "") -> None:
        desk = self.ctx.desk
        self.ctx.ask(desk.read(lambda con: staff_of(con, desk)), self, self._staff)
        self.ctx.ask(open_conflicts(desk), self, self._loaded, self.beside.fail)

    def changed(self, changed: Changed) -> None:
        self.arrive()

    def _staff(self, staff: list[StaffMember]) -> None:
        self._names = {s.id: s.name for s in staff}
        self.table.refresh()

    def _loaded(self, found: OpenConflicts) -> None:
        self._lines = {line.key: line for line in found.lines}
        self.stack.setCurrentIndex(0 if self._lines else 1)
        self.table.set_ids(list(self._lines))
        self.table.refresh()
        if self._lines and not self.table.current_id():
            self.table.go_to(next(iter(self._lines)))
        self.count.set_text(
            t("conflicts_count", count=len(self._lines), files=found.files) if self._lines else ""
        )
        self.open.setVisible(bool(self._lines))

    def _fetch(self, ids: Sequence[str]) -> list[Row]:
        return [self._row(self._lines[one]) for one in ids if one in self._lines]

    def _row(self, line: OpenConflict) -> Row:
        who = "、".join(self._names.get(a, t("nobody_chosen")) for a in line.actors)
        return Row(
            line.key,
            {
                "name": Cell(line.name, "strong") if line.name else Cell(t("blank"), "blank"),
                "field": Cell(field_said(line.record[0], line.field)),
                "versions": Cell(str(line.versions)),
                "who": Cell(who),
                "when": Cell(when(line.at_ms)),
            },
        )

    def _go(self, key: str) -> None:
        line = self._lines.get(key)
        if line is not None:
            self.ctx.go("ledger", line.case_id, *place_of(line.record, line.field))


_TABS = {
    "plan": "plan", "measure": "plan", "review": "plan", "service": "services", "recognition": "recognition",
    "registration": "job", "employment": "job", "placement": "job", "benefit": "subsidy",
    "subsidy": "subsidy",
    "attachment": "files",
}  # fmt: skip
"""Record kind → tab of the file that shows it; the others stand in 概况."""


def place_of(record: tuple[str, str], name: str) -> tuple[str, str]:
    """Tab and what to bring into sight there: a field of the person, or the record it stands in."""
    kind, record_id = record
    return ("overview", name) if kind == "case" else (_TABS.get(kind, "overview"), record_id)


def field_said(record: str, name: str) -> str:
    """户籍地, or 补贴 · 起始 for a field of a record in the file."""
    label = f"field.{record}.{name}"
    said = text(label) if has(label) else name
    kind = f"record.{record}"
    return said if record == "case" or not has(kind) else f"{text(kind)} · {said}"
