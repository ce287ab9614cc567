"""Everybody whose answer a pack changes: the whole list to scroll through, to export and to print."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import cast

from PySide6.QtWidgets import QFileDialog, QFrame

from jobdesk.host.strings import text
from jobdesk.services.desk import Desk
from jobdesk.services.pack_effects import is_household
from jobdesk.services.revealing import log_look
from jobdesk.ui.context import Context
from jobdesk.ui.hub import Notice
from jobdesk.ui.kit import Button, Text, column, row
from jobdesk.ui.saving import proposed, write_logged
from jobdesk.ui.settings import effects_out
from jobdesk.ui.settings.beside import Beside
from jobdesk.ui.settings.effects_out import ListedEffects
from jobdesk.ui.settings.packs_state import t, tone_of
from jobdesk.ui.table import Cell, Column, Row, Table
from jobdesk.ui.table.cells import CellTone

_ROW, _FEW, _MANY = 40, 3, 9
"""Logical pixels of a row; rows shown at least and at most before the list scrolls (own figures)."""


class PackNames(QFrame):
    """Hidden while nobody's answer changes."""

    def __init__(self, ctx: Context) -> None:
        super().__init__()
        self._ctx = ctx
        self.listed: ListedEffects | None = None
        self.setProperty("look", "clear")
        self.table = Table(
            [
                Column("name", t("col_name"), 130, priority=0, sortable=False),
                Column("community", t("col_community"), 110, priority=2, sortable=False),
                Column("rule", t("col_rule"), 220, stretch=1, priority=0, sortable=False),
                Column("before", t("col_before"), 84, priority=1, sortable=False),
                Column("after", t("col_after"), 84, priority=0, sortable=False),
            ],
            self._fetch,
            many=False,
        )
        self.table.setAccessibleName(t("people"))
        self.table.opened.connect(self._open)
        self.export = Button(t("out_export"), "link", icon="export", on_click=lambda: self._ask("xlsx"))
        self.print = Button(t("out_print"), "link", icon="printer", on_click=lambda: self._ask("pdf"))
        self._title = Text("", bold=True, wrap=True)
        self.beside = Beside()
        head = row((self._title, 1), self.export, self.print, gap=12)
        self.setLayout(column(head, self.table, self.beside, gap=6))
        self.hide()

    def show_names(self, listed: ListedEffects | None) -> None:
        """Show these; None for nothing."""
        self.listed = listed
        self.beside.quiet()
        changes = listed.effects.changes if listed is not None else ()
        count = listed.subjects if listed is not None else 0
        self._title.set_text(t("people_count", count=count, lines=len(changes)))
        self.table.set_ids([str(n) for n in range(len(changes))])
        self.table.setFixedHeight(_ROW * (1 + min(max(len(changes), _FEW), _MANY)))
        self.setVisible(bool(changes))

    # ---- out

    def export_to(self, path: Path) -> None:
        """Write the workbook; the access log has it first."""
        self._write("export", effects_out.workbook, path)

    def print_to(self, path: Path) -> None:
        """Write the PDF; the access log has it first."""
        mark = text("window.practice") if self._ctx.desk.practice else ""
        self._write("print", lambda listed, desk: effects_out.paper(listed, desk, mark), path)

    def _write(self, what: str, make: Callable[[ListedEffects, Desk], Future[bytes]], path: Path) -> None:
        listed, desk = self.listed, self._ctx.desk
        if listed is None:
            return
        self.beside.quiet()

        count, title, made = listed.subjects, listed.title, make(listed, desk)

        def log() -> Future[None]:
            return log_look(desk, what, field="pack_effects", count=count, reason=title)

        def written(_none: None) -> None:
            self._ctx.hub.notice.emit(Notice(t("out_written", name=path.name, count=count)))

        self._ctx.ask(write_logged(desk, path, made, log), self, written, self.beside.fail)

    def _ask(self, ending: str) -> None:
        if self.listed is None:
            return
        name = f"{self.listed.title}.{ending}"
        chosen = QFileDialog.getSaveFileName(self, t("people"), proposed(name), t(f"out_filter_{ending}"))[0]
        if chosen:
            (self.export_to if ending == "xlsx" else self.print_to)(Path(chosen))

    # ---- rows

    def _fetch(self, ids: Sequence[str]) -> list[Row]:
        listed = self.listed
        if listed is None:
            return []
        return [self._row(int(one), listed) for one in ids if int(one) < len(listed.effects.changes)]

    def _row(self, number: int, listed: ListedEffects) -> Row:
        change = listed.effects.changes[number]
        who, community, before, after = effects_out.row_words(change)
        rule = listed.sentences.get(change.key, change.key)
        return Row(str(number), {
            "name": Cell(who, "strong"),
            "community": Cell(community) if community else Cell(kind="none"),
            "rule": Cell(rule, tip=rule),
            "before": Cell(before, "muted"),
            "after": Cell(after, tone=cast(CellTone, tone_of(change))),
        })  # fmt: skip

    def _open(self, number: str) -> None:
        listed = self.listed
        if listed is not None and number.isdecimal() and int(number) < len(listed.effects.changes):
            change = listed.effects.changes[int(number)]
            self._ctx.go("households" if is_household(change) else "ledger", change.subject)
