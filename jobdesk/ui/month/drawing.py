"""Drawing the paper and its pages on a thread of their own; the window only hears what is ready."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage

from jobdesk.cases.clock import Clock
from jobdesk.host.disk import replace_file
from jobdesk.reports.month_data import MonthReport
from jobdesk.reports.month_pdf import Printout, month_pdf, person_pdfs
from jobdesk.reports.preview import Pages
from jobdesk.ui.signals import TypedSignal, signal


class Stopped(Exception):
    """Somebody asked for something else, or pressed 取消."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A finished paper, open for looking at."""

    printout: Printout
    pages: Pages
    report: MonthReport

    def page_of(self, key: str) -> int:
        """First page of a sheet by its file number; of the cover by an empty key."""
        return next((at for k, at in self.printout.starts if k == key), 0)

    def key_at(self, page: int) -> str:
        """The sheet a page belongs to."""
        found = ""
        for key, at in self.printout.starts:
            if at > page:
                break
            found = key
        return found

    def place_at(self, page: int) -> tuple[int, int]:
        """(number of the paper, page within it), both from 1; the cover is the first where there is one."""
        number, first = 0, 0
        for at_number, (_, at) in enumerate(self.printout.starts, 1):
            if at > page:
                break
            number, first = at_number, at
        return number, page - first + 1


class Drawing(QObject):
    """One worker thread. Everything asked for is answered by a future.

    Signals:
        progressed: (done, whole) of the work under way.
    """

    progressed: TypedSignal[tuple[int, int]] = signal()

    def __init__(self, owner: QObject) -> None:
        super().__init__(owner)
        self._worker = ThreadPoolExecutor(1, "month-paper")
        self._pictures = ThreadPoolExecutor(1, "month-pages")
        self._stop = Event()
        self._open: list[Pages] = []

    def draw(self, report: MonthReport, clock: Clock) -> Future[Drawn]:
        """The whole paper as one PDF. What was being drawn before is given up."""
        stop = self._fresh_stop()

        def job() -> Drawn:
            printout = month_pdf(report, clock, self._ticker(stop))
            if stop.is_set():
                raise Stopped
            pages = Pages(printout.data)
            self._open.append(pages)
            return Drawn(printout, pages, report)

        return self._worker.submit(job)

    def save_each(self, report: MonthReport, clock: Clock, folder: Path) -> Future[int]:
        """One PDF a person into a folder; how many files. Files already written stay when stopped."""
        stop = self._fresh_stop()
        tick = self._ticker(stop)

        def job() -> int:
            whole = len(report.sheets) + (report.cover is not None)
            count = 0
            for name, data in person_pdfs(report, clock):
                tick(count, whole)
                replace_file(folder / name, data, mode=0o600)
                count += 1
            return count

        return self._worker.submit(job)

    def save_one(self, drawn: Drawn, path: Path) -> Future[Path]:
        """The whole PDF to a file."""

        def job() -> Path:
            replace_file(path, drawn.printout.data, mode=0o600)
            return path

        return self._worker.submit(job)

    def picture(self, pages: Pages, index: int, dpi: float) -> Future[QImage]:
        """One page as an image, in order of asking."""

        def job() -> QImage:
            made = pages.picture(index, dpi)
            shared = QImage(made.rgb, made.width, made.height, made.stride, QImage.Format.Format_RGB888)
            return shared.copy()

        return self._pictures.submit(job)

    def let_go(self, pages: Pages) -> None:
        """Close a paper nobody looks at any more, after its pictures."""
        self._open.remove(pages)
        self._pictures.submit(pages.close)

    def stop(self) -> None:
        """Give up what is under way."""
        self._stop.set()

    def close(self) -> None:
        """End the threads and close what is open; what waits is forgotten, what runs stops soon."""
        self._stop.set()
        self._worker.shutdown(cancel_futures=True)
        self._pictures.shutdown(cancel_futures=True)
        while self._open:
            self._open.pop().close()

    def _fresh_stop(self) -> Event:
        self._stop.set()
        self._stop = Event()
        return self._stop

    def _ticker(self, stop: Event) -> Callable[[int, int], None]:
        def tick(done: int, whole: int) -> None:
            if stop.is_set():
                raise Stopped
            if done % 20 == 0:
                self.progressed.emit((done, whole))

        return tick
