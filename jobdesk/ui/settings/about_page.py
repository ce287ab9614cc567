"""关于: version, places on this PC, the proof that the file holds, the licences of what is inside."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from jobdesk import __version__
from jobdesk.cases.errors import JobdeskError
from jobdesk.host import licences
from jobdesk.host.strings import has, text
from jobdesk.services import updates
from jobdesk.services.proving import prove_station
from jobdesk.store.check import CheckResult
from jobdesk.ui.context import Context
from jobdesk.ui.kit import (
    Button,
    Card,
    ElidedText,
    Icon,
    ProgressLine,
    Text,
    clear,
    column,
    frame,
    row,
)
from jobdesk.ui.settings.beside import Beside, page, pair
from jobdesk.ui.settings.section import Section
from jobdesk.ui.settings.selftest_card import SelftestCard
from jobdesk.ui.settings.state import check_said, t
from jobdesk.ui.signals import TypedSignal, signal

CHECKS = ("integrity", "chain", "rows", "search", "attachments", "streams", "journal", "backups", "dates")


class AboutPage(Section):
    """The check runs beside the work; its progress comes by signal from its own thread."""

    _begun: TypedSignal[str] = signal()

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        self._running: Future[list[CheckResult]] | None = None
        self.check = Button(t("check_do"), "primary", icon="check-circle", on_click=self._check)
        self.line = ProgressLine()
        self.line.cancel.hide()
        self.line.hide()
        self.results = column(gap=4)
        self.beside = Beside()
        places = column(gap=6)
        for name, path in self._places():
            places.addWidget(self._place(name, path))
        self.inside = column(gap=2)
        holder = frame(self.inside)
        holder.hide()
        self.show_licences = Button(t("licences_show"), "link")
        self.show_licences.clicked.connect(lambda _c=False: self._licences(holder))
        self.update_line = Text("", "caption", "ink_2", wrap=True)
        self.update_line.hide()
        version = column(
            Text(f"{text('app.name')}　{__version__}", "strong", selectable=True),
            Text(text("app.not_the_register"), "caption", "ink_2"), self.update_line, gap=2,
        )  # fmt: skip
        self.selftest = SelftestCard(ctx)
        self.licence_texts = Button(t("licences_texts"), icon="folder", on_click=self._show_texts)
        self.licence_texts.setVisible(licences.texts_folder() is not None)
        check = column(
            Text(t("check_note"), "caption", "ink_2", wrap=True), row(self.check, None), self.line,
            self.results, self.beside, gap=8,
        )  # fmt: skip
        self.hold(
            page(
                t("section.about"),
                t("about_note"),
                Card(version),
                self.selftest,
                Card(check, title=t("check_title")),
                Card(places, title=t("places")),
                Card(
                    column(
                        Text(t("licences_note"), "caption", "ink_2", wrap=True),
                        row(self.show_licences, self.licence_texts, None, gap=12),
                        holder,
                    ),
                    title=t("licences"),
                ),
            )
        )
        self._begun.connect(self._show_begun)

    def arrive(self, detail: str = "") -> None:
        """Where IT has updates on, look once, quietly: nothing is asked and nothing is in the way."""
        config, clock = self.ctx.read_config(), self.ctx.desk.clock
        if not config.policy.updates_on:
            self.update_line.hide()
            return

        def job() -> str:
            try:
                return updates.said(updates.check(config, clock))
            except JobdeskError as error:
                return t("update_not_read", why=text(f"error.{error.code}", **error.params))

        self.ctx.ask(self.ctx.station.file.work.aside(job), self, self._show_update)

    def _show_update(self, said: str) -> None:
        self.update_line.set_text(said)
        self.update_line.show()

    def _show_texts(self) -> None:
        folder = licences.texts_folder()
        if folder is not None:
            self._open(folder)

    def _open(self, folder: Path) -> None:
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
            self.beside.say("problem", t("place_cannot_open", path=str(folder)))

    def _places(self) -> list[tuple[str, Path]]:
        paths = self.ctx.station.paths
        found = [("place_data", paths.data), ("place_backups", paths.backups)]
        if paths.second is not None:
            found.append(("place_second", paths.second))
        return [*found, ("place_logs", paths.logs), ("place_settings", paths.settings)]

    def _place(self, name: str, path: Path) -> QWidget:
        folder = path.parent if name == "place_settings" else path
        open_it = Button(t("place_open"), icon="folder", on_click=lambda: self._open(folder))
        value = ElidedText(str(path))
        return frame(row((frame(pair(t(name), value)), 1), open_it, gap=10))

    # ---- check

    def _check(self) -> None:
        if self._running is not None:
            return
        self.check.refuse(t("check_running"))
        self.beside.quiet()
        clear(self.results)
        self.line.set_progress(0, len(CHECKS), t("check_running"))
        self.line.show()
        tell: Callable[[str], None] = self._begun.emit
        self._running = prove_station(self.ctx.station, tell)
        self.ctx.ask(self._running, self, self._checked, self._failed)

    def _show_begun(self, name: str) -> None:
        if name in CHECKS and self._running is not None:
            self.line.set_progress(CHECKS.index(name), len(CHECKS), t("check_at", name=_check_name(name)))

    def _checked(self, results: list[CheckResult]) -> None:
        self._running = None
        self.line.hide()
        self.check.refuse("")
        for result in results:
            picture = Icon("check", "ok", 18) if result.ok else Icon("close", "bad", 18)
            words = Text(_check_name(result.name), bold=not result.ok)
            words.setFixedWidth(130)
            said = Text(
                check_said(result), "caption", "ink_2" if result.ok else "bad", wrap=True, selectable=True
            )
            line = frame(row(picture, words, (said, 1), gap=10))
            line.setAccessibleName(
                f"{_check_name(result.name)} {t('check_ok' if result.ok else 'check_bad')}"
            )
            self.results.addWidget(line)
        bad = [r for r in results if not r.ok]
        if bad:
            self.beside.say("trouble", t("check_found", count=len(bad)), t("check_found_more"))
        else:
            self.beside.say("ok", t("check_fine"))

    def _failed(self, error: Exception) -> None:
        self._running = None
        self.line.hide()
        self.check.refuse("")
        self.beside.fail(error)

    # ---- licences

    def _licences(self, holder: QWidget) -> None:
        if self.inside.count() == 0:
            for one in licences.components():
                words = row(Text(one.name), None, Text(one.licence, "caption", "ink_2"), gap=12)
                self.inside.addLayout(words)
        holder.setVisible(holder.isHidden())


def _check_name(name: str) -> str:
    return text(f"check.{name}") if has(f"check.{name}") else name
