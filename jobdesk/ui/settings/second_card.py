"""第二份存放处: where the second copy goes, whether it can be written, what still works when it cannot."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog

from jobdesk.host.strings import text
from jobdesk.services.second_folder import SecondState, Standing, choose_second, retry_second, second_state
from jobdesk.ui.context import Context
from jobdesk.ui.kit import Button, Card, Chip, ElidedText, Icon, Text, column, flow, frame, row
from jobdesk.ui.palette import Tone
from jobdesk.ui.settings.beside import Beside, pair
from jobdesk.ui.settings.state import Said, journal_said, second_said, t

_LOOK: dict[Tone, tuple[str, Tone]] = {"ok": ("check", "ok"), "ink": ("info", "ink_2")}


class _Line:
    """An icon, a sentence and a quieter one."""

    def __init__(self) -> None:
        self.picture = Icon("check", "ok", 18)
        self.words = Text("", wrap=True)
        self.more = Text("", "caption", "ink_2", wrap=True)
        self.layout = row(self.picture, (column(self.words, self.more, gap=1), 1), gap=8)

    def show(self, said: Said) -> None:
        self.words.set_text(said.sentence, said.tone if said.tone in ("warn", "bad") else "ink")
        self.more.set_text(said.more)
        self.more.setVisible(bool(said.more))
        look, tone = _LOOK.get(said.tone, ("alert", "warn"))
        self.picture.set_icon(look, tone)


class SecondCard(Card):
    """Folder and journal.

    Args:
        moved: called when another folder was taken.
    """

    def __init__(self, ctx: Context, moved: Callable[[], object]) -> None:
        self.folder = ElidedText("")
        self.standing, self.journal = _Line(), _Line()
        self.choose = Button(t("second_choose"), icon="folder")
        self.retry = Button(t("second_retry"), icon="sync")
        self.by_unit = Chip(text("policy.by_unit"))
        self.by_unit.hide()
        self.beside = Beside()
        super().__init__(
            column(
                pair(t("second_folder"), frame(row((self.folder, 1), self.by_unit, gap=8))),
                self.standing.layout,
                self.journal.layout,
                flow(self.choose, self.retry),
                self.beside,
                gap=8,
            ),
            title=t("second"),
        )
        self.ctx, self._moved = ctx, moved
        self.choose.clicked.connect(lambda _checked=False: self._ask())
        self.retry.clicked.connect(lambda _checked=False: self._retry())

    def load(self) -> None:
        """Ask the disk and the journal."""
        future = second_state(self.ctx.station, self.ctx.desk)
        self.ctx.ask(future, self, self._loaded, self.beside.fail)

    def _loaded(self, state: SecondState) -> None:
        self.folder.set_text(str(state.folder) if state.folder else t("second_beside"))
        self.standing.show(second_said(state, self.ctx.desk.practice))
        self.journal.show(journal_said(state))
        behind = state.trouble is not None or state.behind > 0
        self.retry.setVisible(behind or state.standing in ("missing", "not_writable"))
        self.choose.set_text(t("second_choose_other") if state.folder else t("second_choose"))
        self.choose.setVisible(not self.ctx.desk.practice)
        by_unit = self.ctx.read_config().is_managed("second") and not self.ctx.desk.practice
        self.choose.refuse(text("policy.by_unit") if by_unit else "")
        self.folder.set_text(self.folder.text(), "ink_3" if by_unit else "ink")
        self.by_unit.setVisible(by_unit)

    def _ask(self) -> None:
        before = self.ctx.station.paths.second
        found = QFileDialog.getExistingDirectory(self, t("second_choose"), str(before or ""))
        if found:
            self.take(Path(found))

    def take(self, folder: Path) -> None:
        """Use this folder from now on."""
        self.choose.setEnabled(False)
        self.beside.wait(t("second_moving"))
        self.ctx.ask(choose_second(self.ctx.station, folder), self, self._taken, self._failed)

    def _taken(self, standing: Standing) -> None:
        self.choose.setEnabled(True)
        kind = "info" if standing == "same_disk" else "ok"
        self.beside.say(
            kind, t("second_taken"), t("second_same_disk_more") if standing == "same_disk" else ""
        )
        self.load()
        self._moved()

    def _failed(self, error: Exception) -> None:
        self.choose.setEnabled(True)
        self.beside.fail(error)

    def _retry(self) -> None:
        self.beside.wait(t("second_retrying"))
        self.ctx.ask(retry_second(self.ctx.station), self, lambda _none: self._retried(), self.beside.fail)

    def _retried(self) -> None:
        trouble = self.ctx.station.file.health.journal
        if trouble is not None:
            self.beside.fail(trouble)
        else:
            self.beside.say("ok", t("second_level_again"))
        self.load()
