"""Printing and saving what is in sight. What leaves is written down first."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QFileDialog, QWidget

from jobdesk.host.strings import text
from jobdesk.reports.month_pdf import file_name
from jobdesk.services.printing import allow_unmasked, log_paper
from jobdesk.ui.hub import Notice
from jobdesk.ui.month.desk import MonthDesk
from jobdesk.ui.month.drawing import Stopped
from jobdesk.ui.month.printer import PrintJob, ask_printer, page_range
from jobdesk.ui.month.state import t
from jobdesk.ui.month.unmasking import Unmasking
from jobdesk.ui.saving import proposed


def ask_file(owner: QWidget, name: str) -> Path | None:
    """The system's dialog for a file; None when it was left."""
    chosen, _ = QFileDialog.getSaveFileName(owner, t("save"), proposed(name), t("pdf_files"))
    return Path(chosen) if chosen else None


def ask_folder(owner: QWidget) -> Path | None:
    """The system's dialog for a folder; None when it was left."""
    chosen = QFileDialog.getExistingDirectory(owner, t("each_file"))
    return Path(chosen) if chosen else None


class Out(QObject):
    """打印 and 保存 PDF. The three ``ask`` attributes are the system's dialogs; tests put theirs there."""

    def __init__(self, screen: MonthDesk, unmasking: Unmasking) -> None:
        super().__init__(screen.view)
        self._screen, self._unmasking = screen, unmasking
        self.ask_file: Callable[[QWidget, str], Path | None] = ask_file
        self.ask_folder: Callable[[QWidget], Path | None] = ask_folder
        self.ask_printer: Callable[[QWidget, str, int], QPrinter | None] = ask_printer
        self._job: PrintJob | None = None
        self._allowed = False
        screen.view.print.clicked.connect(lambda _c=False: self.print())
        screen.view.save.clicked.connect(lambda _c=False: self.save())
        self.allow(False)

    def allow(self, on: bool) -> None:
        """Only a paper that stands can be printed or saved."""
        self._allowed = on
        why = "" if on else t("wait_for_paper")
        self._screen.view.print.refuse(why)
        self._screen.view.save.refuse(why)

    def stop(self) -> None:
        """取消 while printing."""
        if self._job is not None:
            self._job.stop()

    # ---- saving

    def save(self) -> None:
        """One PDF, or one a person, as chosen."""
        screen = self._screen
        drawn, numbers = screen.drawn, screen.numbers
        if not self._allowed or drawn is None or numbers is None:
            return
        period = drawn.report.period
        if screen.view.files.value() == "each" and drawn.report.sheets:
            folder = self.ask_folder(screen.view)
            if folder is not None:
                clock = screen.ctx.desk.clock
                self._logged(
                    "export",
                    lambda: self._each(folder, lambda f: screen.drawing.save_each(drawn.report, clock, f)),
                )
            return
        path = self.ask_file(screen.view, file_name(t("file_stem"), period.file_key or period.cutoff))
        if path is not None:
            path = path if path.suffix.lower() == ".pdf" else path.with_name(path.name + ".pdf")
            self._logged("export", lambda: self._one(screen.drawing.save_one(drawn, path)))

    def _one(self, future: Future[Path]) -> None:
        def done(path: Path) -> None:
            self._say(t("saved_one", path=str(path)))

        self._screen.ctx.ask(future, self, done, self._failed)

    def _each(self, folder: Path, work: Callable[[Path], Future[int]]) -> None:
        self._screen.view.set_busy(True, t("saving_each"))

        def done(count: int) -> None:
            self._screen.view.set_busy(False)
            self._say(t("saved_each", count=count, path=str(folder)))

        self._screen.ctx.ask(work(folder), self, done, self._failed)

    # ---- printing

    def print(self) -> None:
        """Ask for a printer and send the pages, one after the other."""
        screen = self._screen
        drawn = screen.drawn
        if not self._allowed or drawn is None or self._job is not None:
            return
        title = f"{t('file_stem')} {drawn.report.period.title}"
        printer = self.ask_printer(screen.view, title, drawn.printout.pages)
        if printer is not None:
            self._logged("print", lambda: self._send(printer))

    def _send(self, printer: QPrinter) -> None:
        screen = self._screen
        drawn = screen.drawn
        if drawn is None:
            return
        whole = page_range(printer, drawn.printout.pages)
        screen.view.set_busy(True, t("printing"))

        def told(done: int, count: int) -> None:
            screen.view.progress.set_progress(done, count)

        def ended(all_sent: bool) -> None:
            self._job = None
            screen.view.set_busy(False)
            self._say(t("printed" if all_sent else "print_stopped"))

        def fetch(page: int, dpi: float) -> Future[QImage]:
            return screen.drawing.picture(drawn.pages, page, dpi)

        def deliver(future: Future[QImage], done: Callable[[QImage], object]) -> None:
            screen.ctx.ask(future, self, done)

        self._job = PrintJob(self, printer, whole, fetch, deliver, told, ended)
        if not self._job.begin():
            self._job = None
            screen.view.set_busy(False)
            screen.say("trouble", t("printer_silent"))

    # ---- both

    def _logged(self, way: str, then: Callable[[], object]) -> None:
        """Write down what leaves, then let it leave."""
        screen = self._screen
        desk, count = screen.ctx.desk, screen.shown.sheets if screen.shown else 0
        assert way in ("print", "export")
        future = (
            log_paper(desk, count, way)
            if self._unmasking.masked
            else allow_unmasked(desk, count, self._unmasking.reason, way)
        )
        screen.ctx.ask(future, self, lambda _: then(), self._failed)

    def _failed(self, error: Exception) -> None:
        screen = self._screen
        screen.view.set_busy(False)
        if isinstance(error, Stopped):
            self._say(t("save_stopped"))
            return
        code = getattr(error, "code", "")
        if code.startswith("unmasked_"):
            screen.say("refusal", text(f"error.{code}"))
            return
        screen.ctx.hub.trouble.emit(error)

    def _say(self, words: str) -> None:
        self._screen.ctx.hub.notice.emit(Notice(words))
