"""备份与恢复: the newest backup, the second copy, every backup, who can open the file."""

from __future__ import annotations

from jobdesk.services.backing_up import BackupState, back_up_now, backup_state
from jobdesk.store.manifest import BackupInfo
from jobdesk.ui.context import Context
from jobdesk.ui.kit import Action, Button, Card, ElidedText, Icon, ProgressLine, Text, column, row
from jobdesk.ui.settings.backup_list import BackupList
from jobdesk.ui.settings.beside import Beside, page
from jobdesk.ui.settings.keys_card import KeysCard
from jobdesk.ui.settings.second_card import SecondCard
from jobdesk.ui.settings.section import Section
from jobdesk.ui.settings.state import backup_said, t


class BackupPage(Section):
    """The cards share one reading of both folders."""

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        self.picture = Icon("check-circle", "ok", 24)
        self.words = Text("", "strong", wrap=True)
        self.more = Text("", "body", "ink_2", wrap=True)
        self.place = ElidedText("", "caption", "ink_2")
        self.now = Button(t("backup_now"), "primary", icon="save", on_click=self._back_up)
        self.line = ProgressLine()
        self.line.cancel.hide()
        self.line.hide()
        self.beside = Beside()
        head = row(self.picture, (column(self.words, self.more, self.place, gap=2), 1), self.now, gap=12)
        self.second = SecondCard(ctx, self._second_moved)
        self.listed = BackupList(ctx)
        self.keys = KeysCard(ctx)
        self.hold(
            page(
                t("section.backup"),
                t("backup_note"),
                Card(column(head, self.line, self.beside, gap=10)),
                self.second,
                self.listed,
                self.keys,
            )
        )

    def arrive(self, detail: str = "") -> None:
        future = backup_state(self.ctx.station, self.ctx.desk)
        self.ctx.ask(future, self, self._loaded, self.beside.fail)
        self.second.load()
        self.keys.load()

    def leave(self) -> None:
        self.keys.forget()

    def _loaded(self, state: BackupState) -> None:
        said = backup_said(state)
        self.words.set_text(said.sentence, said.tone if said.tone in ("warn", "bad") else "ink")
        self.more.set_text(said.more)
        self.more.setVisible(bool(said.more))
        self.place.set_text(str(state.newest.info.path) if state.newest else "")
        self.place.setVisible(state.newest is not None)
        look = {"ok": ("check-circle", "ok"), "warn": ("alert", "warn")}.get(said.tone, ("error", "bad"))
        self.picture.set_icon(look[0], look[1])  # type: ignore[arg-type]
        self.listed.show_state(state)

    def _back_up(self) -> None:
        self.now.setEnabled(False)
        self.beside.quiet()
        self.line.words.setText(t("backup_running"))
        self.line.set_progress(0, 0)
        self.line.show()
        self.ctx.ask(back_up_now(self.ctx.station), self, self._made, self._failed)

    def _made(self, info: BackupInfo) -> None:
        self.line.hide()
        self.now.setEnabled(True)
        count = info.counts.get("op", 0)
        elsewhere = (
            self.ctx.station.paths.second is not None and info.path.parent != self.ctx.station.paths.backups
        )
        if elsewhere:
            self.beside.say("trouble", t("backup_elsewhere"), str(info.path))
        else:
            self.beside.say("ok", t("backup_made", count=count), str(info.path))
        self.arrive()

    def _failed(self, error: Exception) -> None:
        self.line.hide()
        self.now.setEnabled(True)
        self.beside.fail(error, Action(t("retry"), self._back_up))

    def _second_moved(self) -> None:
        """A folder just chosen has no backup yet: it gets one at once."""
        self._back_up()
