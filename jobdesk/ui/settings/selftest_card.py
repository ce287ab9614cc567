"""自检 on 关于: the lines of the selftest, and the file for whoever helps made from them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from jobdesk.host.disk import disk_errors, replace_file
from jobdesk.host.strings import has, text
from jobdesk.services.selftest import Line, all_good, selftest
from jobdesk.services.support_bundle import bundle_name, support_bundle
from jobdesk.ui.context import Context
from jobdesk.ui.kit import Button, Card, Icon, ProgressLine, Text, clear, column, flow, frame, row
from jobdesk.ui.palette import Tone
from jobdesk.ui.settings.beside import Beside
from jobdesk.ui.settings.state import t
from jobdesk.ui.signals import TypedSignal, signal

_LOOK: dict[str, tuple[str, Tone, Tone]] = {
    "ok": ("check", "ok", "ink_2"), "warn": ("alert", "warn", "warn"), "bad": ("close", "bad", "bad"),
    "unset": ("minus", "ink_3", "ink_2"),
}  # fmt: skip
NUMBER = 13
"""How many lines a selftest has that finds nothing in its way."""


class SelftestCard(Card):
    """Runs beside the work; the bundle is written only where the clerk says."""

    _begun: TypedSignal[str] = signal()

    def __init__(self, ctx: Context) -> None:
        self.run = Button(t("selftest_do"), icon="check-circle")
        self.save = Button(t("bundle_do"), icon="save")
        self.line = ProgressLine()
        self.line.cancel.hide()
        self.line.hide()
        self.results = column(gap=4)
        self.beside = Beside()
        body = column(
            Text(t("selftest_note"), "caption", "ink_2", wrap=True), flow(self.run, self.save), self.line,
            self.results, self.beside, Text(t("bundle_note"), "caption", "ink_2", wrap=True), gap=8,
        )  # fmt: skip
        super().__init__(body, title=t("selftest"))
        self.ctx = ctx
        self._at = 0
        self._running = False
        self.run.clicked.connect(lambda _checked=False: self._test(self._tested))
        self.save.clicked.connect(lambda _checked=False: self._ask_where())
        self._begun.connect(self._show_begun)

    def _test(self, done: Callable[[list[Line]], object]) -> None:
        if self._running:
            return
        from jobdesk.reports.selfcheck import PAPERS

        self._running, self._at = True, 0
        for button in (self.run, self.save):
            button.refuse(t("selftest_running"))
        self.beside.quiet()
        clear(self.results)
        self.line.set_progress(0, NUMBER, t("selftest_running"))
        self.line.show()
        config, clock, tell = self.ctx.read_config(), self.ctx.desk.clock, self._begun.emit
        future = self.ctx.station.file.work.aside(lambda: selftest(config, clock, PAPERS, tell))

        def ended(lines: list[Line]) -> None:
            self._ended()
            done(lines)

        self.ctx.ask(future, self, ended, self._failed)

    def _show_begun(self, name: str) -> None:
        if self._running:
            key = f"selftest.{name}"
            said = t("selftest_at", name=text(key) if has(key) else name)
            self.line.set_progress(min(self._at, NUMBER), NUMBER, said)
            self._at += 1

    def _ended(self) -> None:
        self._running = False
        self.line.hide()
        for button in (self.run, self.save):
            button.refuse("")

    def _failed(self, error: Exception) -> None:
        self._ended()
        self.beside.fail(error)

    def _tested(self, lines: list[Line]) -> None:
        for line in lines:
            self.results.addWidget(_result(line))
        bad, warn = (sum(x.state == state for x in lines) for state in ("bad", "warn"))
        if all_good(lines):
            self.beside.say("ok", text("selftest.all_good", count=len(lines), warn=warn))
        else:
            self.beside.say("trouble", text("selftest.found_bad", count=bad))

    # ---- the file for whoever helps

    def _ask_where(self) -> None:
        name = str(Path.home() / bundle_name(self.ctx.desk.clock))
        found, _kind = QFileDialog.getSaveFileName(self, t("bundle_do"), name, "ZIP (*.zip)")
        if found:
            self.write(Path(found))

    def write(self, path: Path) -> None:
        """Make the selftest and write the bundle there."""
        config, clock = self.ctx.read_config(), self.ctx.desk.clock

        def job(lines: list[Line]) -> None:
            data = support_bundle(config, clock, lines)
            with disk_errors(path):
                replace_file(path, data, mode=0o600)

        def tested(lines: list[Line]) -> None:
            self._tested(lines)
            future = self.ctx.station.file.work.aside(lambda: job(lines))
            self.ctx.ask(future, self, lambda _none: self._written(path), self.beside.fail)

        self._test(tested)

    def _written(self, path: Path) -> None:
        self.beside.say("ok", text("bundle.made", path=str(path)), t("bundle_hand_over"))


def _result(line: Line) -> QWidget:
    picture, colour, tone = _LOOK[line.state]
    words = Text(line.title, bold=line.state == "bad")
    words.setFixedWidth(130)
    said = Text(line.said, "caption", tone, wrap=True, selectable=True)
    made = frame(row(Icon(picture, colour, 18), words, (said, 1), gap=10))
    made.setAccessibleName(f"{line.title} {t(f'selftest_{line.state}')} {line.said}")
    return made
