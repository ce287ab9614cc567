"""脱敏与记录: may anything leave unmasked, and who looked behind the mask."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QStackedWidget

from jobdesk.services.access_log import Look, access_lines, export_access_log
from jobdesk.services.settings import FORBID_UNMASKED, set_station_setting, station_settings
from jobdesk.services.staffing import staff_of
from jobdesk.store.log import Connection
from jobdesk.ui.context import Context
from jobdesk.ui.hub import Notice
from jobdesk.ui.kit import Button, Card, Choice, DropDown, EmptyState, Switch, Text, TextInput, column, row
from jobdesk.ui.saving import proposed
from jobdesk.ui.settings.beside import Beside, full_page
from jobdesk.ui.settings.section import Section
from jobdesk.ui.settings.state import WHAT, chosen_looks, t, what_said
from jobdesk.ui.table import Cell, Column, Row, Table

HEAD = ("when", "who", "what", "field", "person", "count", "reason")


class PrivacyPage(Section):
    """One switch over the log, newest lines first."""

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        self._looks: list[Look] = []
        self._staff: dict[str, str] = {}
        self._rows: dict[str, dict[str, str]] = {}
        self.forbid = Switch(t("forbid"))
        words = column(
            Text(t("forbid"), bold=True), Text(t("forbid_note"), "caption", "ink_2", wrap=True), gap=2
        )
        self.beside = Beside()
        self.what = DropDown(
            [Choice("", t("all")), *(Choice(w, what_said(w)) for w in WHAT)], label=t("col_what")
        )
        self.search = TextInput(placeholder=t("log_search"), width=220)
        self.count = Text("", "caption", "ink_2")
        self.export = Button(t("log_export"), icon="export", on_click=self._ask_export)
        self.table = Table(
            [
                Column("when", t("col_when"), 172, priority=0, sortable=False),
                Column("who", t("col_who"), 108, priority=0, sortable=False),
                Column("what", t("col_what"), 84, priority=1, sortable=False),
                Column("field", t("col_field"), 128, priority=3, sortable=False),
                Column("person", t("col_person"), 96, priority=4, sortable=False),
                Column("count", t("col_people"), 60, priority=2, right=True, sortable=False),
                Column("reason", t("col_why"), 120, stretch=1, priority=1, sortable=False),
            ],
            self._fetch,
        )
        self.table.setAccessibleName(t("log_title"))
        self.nothing = EmptyState("eye", t("log_none"), more=t("log_none_more"))
        self.listed = QStackedWidget()
        self.listed.addWidget(self.table)
        self.listed.addWidget(self.nothing)
        self.hold(
            full_page(
                t("section.privacy"),
                t("privacy_note"),
                Card(column(row((words, 1), self.forbid, gap=12), self.beside)),
                row(Text(t("log_title"), bold=True), self.count, None, self.what, self.search, self.export),
                (self.listed, 1),
            )
        )
        self.forbid.toggled.connect(self._toggled)
        self.what.chosen.connect(lambda _v: self._show())
        self.search.typed.connect(lambda _typed: self._show())

    def arrive(self, detail: str = "") -> None:
        desk = self.ctx.desk

        def rest(con: Connection) -> tuple[bool, dict[str, str]]:
            names = {s.id: s.name for s in staff_of(con, desk)}
            return station_settings(con, desk).get(FORBID_UNMASKED) is True, names

        self.ctx.ask(desk.read(rest), self, self._rest, self.beside.fail)

    def _rest(self, found: tuple[bool, dict[str, str]]) -> None:
        on, self._staff = found
        self.forbid.blockSignals(True)
        self.forbid.setChecked(on)
        self.forbid.blockSignals(False)
        # after the names: a line without its person must not be shown, let alone exported
        self.ctx.ask(access_lines(self.ctx.desk), self, self._loaded, self.beside.fail)

    def _loaded(self, looks: list[Look]) -> None:
        self._looks = looks
        self._show()

    def _show(self) -> None:
        chosen = chosen_looks(self._looks, self._staff, self.what.value(), self.search.value())
        self._rows = {str(look.number): row_ for look, row_ in chosen}
        self.table.set_ids(list(self._rows))
        self.table.refresh()
        if self._looks:
            self.nothing.say(t("log_none_found"))
        else:
            self.nothing.say(t("log_none"), t("log_none_more"))
        self.listed.setCurrentIndex(0 if chosen else 1)
        self.count.set_text(t("log_count", count=len(chosen)))
        self.export.refuse("" if chosen else t("log_empty"))

    def _fetch(self, ids: Sequence[str]) -> list[Row]:
        return [
            Row(one, {k: Cell(v, "strong" if k == "who" else "text") for k, v in self._rows[one].items()})
            for one in ids
            if one in self._rows
        ]

    def _toggled(self, on: bool) -> None:
        future = set_station_setting(self.ctx.desk, FORBID_UNMASKED, on)
        said = t("forbid_on") if on else t("forbid_off")
        self.ctx.save(future, self, said, lambda _c: self.arrive(), self.beside.fail)

    def _ask_export(self) -> None:
        found, _ = QFileDialog.getSaveFileName(self, t("log_export"), proposed(t("log_file")), "CSV (*.csv)")
        if found:
            self.export_to(Path(found))

    def export_to(self, target: Path) -> None:
        """Write what is shown; names stay hidden."""
        head = [t(f"col_{'people' if k == 'count' else 'why' if k == 'reason' else k}") for k in HEAD]
        rows = [head, *([row_[k] for k in HEAD] for row_ in self._rows.values())]
        future = export_access_log(self.ctx.desk, rows, target)
        self.ctx.ask(future, self, self._exported, self.beside.fail)

    def _exported(self, target: Path) -> None:
        self.ctx.hub.notice.emit(Notice(t("log_exported", path=str(target))))
        self.arrive()
