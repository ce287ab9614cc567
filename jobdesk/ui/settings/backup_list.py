"""Every backup: proven on request, and the way back to one of them, with what would be missing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFileDialog

from jobdesk.cases.clock import local_datetime
from jobdesk.cases.errors import JobdeskError, WrongKey
from jobdesk.services.backing_up import (
    BackupLine,
    BackupState,
    counted_anew,
    look_at_backup,
    prove_backup,
)
from jobdesk.store.manifest import BackupInfo
from jobdesk.ui.context import Context
from jobdesk.ui.hub import Changed
from jobdesk.ui.kit import Button, Card, Text, column, flow, frame, row
from jobdesk.ui.kit.layouts import bring_into_sight
from jobdesk.ui.notices import words_of
from jobdesk.ui.settings.beside import Beside, pair
from jobdesk.ui.settings.journal_choice import JournalChoice
from jobdesk.ui.settings.state import backup_row, restore_said, t
from jobdesk.ui.table import Cell, Column, Row, Table

ROWS = 7


class BackupList(Card):
    """The table, its two buttons, and the panel of a restore."""

    def __init__(self, ctx: Context) -> None:
        self.table = Table(
            [
                Column("when", t("col_when"), 176, stretch=1, priority=0, sortable=False),
                Column("reason", t("col_reason"), 90, sortable=False, priority=3),
                Column("operations", t("col_operations"), 76, right=True, sortable=False, priority=2),
                Column("behind", t("col_behind"), 92, right=True, sortable=False, priority=1),
                Column("size", t("col_size"), 84, right=True, sortable=False, priority=5),
                Column("where", t("col_where"), 92, sortable=False, priority=4),
                Column("proof", t("col_proof"), 116, sortable=False, priority=1),
            ],
            self._rows,
            many=False,
        )
        self.table.setAccessibleName(t("backup_list"))
        self.prove = Button(t("prove"), icon="check-circle")
        self.restore = Button(t("restore_this"), icon="undo")
        self.other = Button(t("restore_other"), icon="folder")
        self.beside = Beside()
        self.panel_words = Text("", "strong", wrap=True)
        self.panel_more = Text("", wrap=True)
        self.journal = JournalChoice(ctx, self._settle)
        self.journal_line = self.journal.line
        self.journal_choose = Button(t("restore_journal_choose"), icon="folder")
        self.go = Button(t("restore_do"), "danger", icon="undo")
        self.panel_told = Beside()
        cancel = Button(t("cancel"))
        self.panel = frame(
            column(
                self.panel_words, self.panel_more,
                row((frame(pair(t("restore_journal"), self.journal_line)), 1), self.journal_choose),
                self.journal.told, self.panel_told, flow(self.go, cancel), gap=8, pad=(14, 12, 14, 12),
            ),
            "warn_soft",
        )  # fmt: skip
        self.panel.hide()
        super().__init__(
            column(self.table, flow(self.prove, self.restore, self.other), self.beside, self.panel, gap=10),
            title=t("backup_list"),
        )
        self.ctx = ctx
        self._lines: dict[str, BackupLine] = {}
        ctx.hub.changed.connect(self._changed)
        self._proof: dict[str, Cell] = {}
        self._wanted: BackupLine | None = None
        self._proven: bool | None = None
        self.prove.clicked.connect(lambda _c=False: self._prove())
        self.restore.clicked.connect(
            lambda _c=False: self._ask_restore(self._lines.get(self.table.current_id()))
        )
        self.other.clicked.connect(lambda _c=False: self._choose_other())
        self.journal_choose.clicked.connect(lambda _c=False: self._choose_journal())
        self.go.clicked.connect(lambda _c=False: self._restore())
        cancel.clicked.connect(lambda _c=False: self.panel.hide())
        self.table.current.connect(lambda _id: self._enable())
        self.table.opened.connect(lambda _id: self._prove())
        self._enable()

    def show_state(self, state: BackupState) -> None:
        """Show these backups."""
        self._lines = {str(line.info.path): line for line in state.lines}
        self.table.set_ids(list(self._lines))
        self.table.refresh()
        shown = min(max(len(self._lines), 2), ROWS)
        self.table.setFixedHeight(36 + shown * self.table.verticalHeader().defaultSectionSize())
        if self._lines and not self.table.current_id():
            self.table.go_to(next(iter(self._lines)))
        self._enable()
        if state.folder_trouble is not None:
            self.beside.fail(state.folder_trouble)

    def _rows(self, ids: Sequence[str]) -> list[Row]:
        found: list[Row] = []
        for one in ids:
            line = self._lines.get(one)
            if line is None:
                continue
            cells = {key: Cell(value) for key, value in backup_row(line).items()}
            cells["when"] = Cell(cells["when"].text, "strong")
            cells["proof"] = self._proof.get(one, Cell(t("proof_made"), "muted"))
            found.append(Row(one, cells))
        return found

    def _enable(self) -> None:
        nothing = "" if self.table.current_id() else t("backup_choose")
        self.prove.refuse(nothing)
        self.restore.refuse(nothing or self._cannot_restore())
        self.other.refuse(self._cannot_restore())

    def _cannot_restore(self) -> str:
        return "" if self.ctx.request_restore is not None else t("restore_unavailable")

    # ---- proving

    def _prove(self) -> None:
        line = self._lines.get(self.table.current_id())
        if line is None:
            return
        one = str(line.info.path)
        self._set_proof(one, Cell(t("proof_running"), "muted"))

        def failed(error: Exception) -> None:
            self._set_proof(one, Cell(t("proof_bad"), tone="bad"))
            self.beside.fail(error)

        def held(_none: None) -> None:
            self._set_proof(one, Cell(t("proof_good"), tone="ok"))

        self.ctx.ask(prove_backup(self.ctx.station, line.info), self, held, failed)

    def _set_proof(self, one: str, cell: Cell) -> None:
        self._proof[one] = cell
        self.table.refresh([one])

    # ---- going back

    def _choose_other(self) -> None:
        found, _ = QFileDialog.getOpenFileName(
            self, t("restore_other"), str(self.ctx.station.paths.backups), t("restore_filter")
        )
        if found:
            self.take_other(Path(found))

    def take_other(self, path: Path) -> None:
        """A backup from elsewhere: read, then handled like one of the list."""

        def read(info: BackupInfo) -> None:
            self.beside.quiet()
            self._ask_restore(
                self._lines.get(str(info.path)) or BackupLine(info, info.counts.get("op"), None, False)
            )

        future = self.ctx.station.file.work.aside(lambda: look_at_backup(path))
        self.ctx.ask(future, self, read, self.beside.fail)

    def _choose_journal(self) -> None:
        found = QFileDialog.getExistingDirectory(
            self, t("restore_journal"), str(self.ctx.station.paths.journal)
        )
        if found:
            self.journal.take(Path(found))

    def _ask_restore(self, line: BackupLine | None) -> None:
        if line is None:
            return
        self._wanted, self._proven = line, None
        self.panel_words.set_text(restore_said(line, "").sentence)
        self.panel_more.set_text("")
        self._count()
        self.go.refuse(t("proof_running"))
        self.panel_told.wait(t("restore_proving"))
        self.journal.take(None)
        self.panel.show()
        bring_into_sight(self.panel)

        def proven(_none: None) -> None:
            if self._wanted is line:
                self._count(ready)  # proving takes minutes: the number is that of the button

        def ready() -> None:
            if self._wanted is line:
                self._proven = True
                self._settle()
                if not self.journal.wrong:
                    self.go.setFocus()
                # it has grown since: once its lines are laid out
                QTimer.singleShot(0, self, lambda: bring_into_sight(self.panel))

        def failed(error: Exception) -> None:
            if self._wanted is not line:
                return
            if isinstance(error, WrongKey):
                self.panel_told.say("problem", t("restore_other_key"), t("restore_other_key_more"))
            else:
                self.panel_told.fail(error)
            reason = words_of(error).sentence if isinstance(error, JobdeskError) else t("proof_bad")
            self.go.refuse(reason)

        self.ctx.ask(prove_backup(self.ctx.station, line.info), self, proven, failed)

    def _settle(self) -> None:
        """The backup opens: whether to go back to it is up to the folder of the journal."""
        if self._proven and self._wanted is not None:
            wrong = self.journal.wrong
            self.panel_told.say("ok", t("restore_proven" if wrong else "restore_ready"))
            self.go.refuse(wrong)

    def _changed(self, _changed: Changed) -> None:
        if self.isVisible():
            self._count()

    def _count(self, then: Callable[[], None] = lambda: None) -> None:
        """What came after each backup as of now, in the list and in the panel: people and exchanges go on."""
        wanted = self._wanted

        def counted(found: list[BackupLine]) -> None:
            for line in found:
                if str(line.info.path) in self._lines:
                    self._lines[str(line.info.path)] = line
            self.table.refresh()
            if wanted is not None and wanted is self._wanted:
                now = local_datetime(self.ctx.desk.clock.now_ms())
                said = restore_said(found[-1], t("restore_kept_name", stamp=f"{now:%Y%m%d-%H%M}"))
                self.panel_more.set_text(said.more)
            then()

        lines = [*self._lines.values(), *([wanted] if wanted is not None else [])]
        self.ctx.ask(counted_anew(self.ctx.station, self.ctx.desk, lines), self, counted)

    def _restore(self) -> None:
        if self._wanted is not None and self.ctx.request_restore is not None:
            self.go.refuse(t("restoring"))
            self.panel_told.wait(t("restoring"))
            self.ctx.request_restore(self._wanted.info, self.journal.chosen)
