"""Printing the drawn pages: each is fetched from the drawing thread, so that the window stays alive."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future

from PySide6.QtCore import QObject, QRectF
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QWidget

from jobdesk.host.strings import text

DPI = 300
"""Fine enough for 8-point characters on an office printer (own figure)."""


def usual_printer(title: str) -> QPrinter:
    """A4 upright to the edge: the pages bring their own margins."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(title)
    printer.setCreator(text("app.name"))
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    printer.setPageOrientation(QPageLayout.Orientation.Portrait)
    printer.setFullPage(True)
    return printer


def ask_printer(owner: QWidget, title: str, pages: int) -> QPrinter | None:
    """The system's own print dialog; None when it was left."""
    printer = usual_printer(title)
    dialog = QPrintDialog(printer, owner)
    dialog.setOption(QPrintDialog.PrintDialogOption.PrintPageRange)
    dialog.setMinMax(1, pages)
    dialog.setFromTo(1, pages)
    if dialog.exec() != QDialog.DialogCode.Accepted:
        return None
    return printer


class PrintJob(QObject):
    """Prints pages ``first`` to ``last`` (from 0, both included).

    Args:
        fetch: page → its picture, on another thread.
        deliver: brings the picture to this one.
        told: (pages done, pages in all) after each; ``ended``: True when all were sent to the printer.
    """

    def __init__(
        self, owner: QObject, printer: QPrinter, pages: tuple[int, int],
        fetch: Callable[[int, float], Future[QImage]],
        deliver: Callable[[Future[QImage], Callable[[QImage], object]], None],
        told: Callable[[int, int], object], ended: Callable[[bool], object],
    ) -> None:  # fmt: skip
        super().__init__(owner)
        self._printer = printer
        self._first, self._last = pages
        self._at = self._first
        self._fetch, self._deliver = fetch, deliver
        self._told, self._ended = told, ended
        self._painter = QPainter()
        self._stopped = False

    def begin(self) -> bool:
        """Start; False when the printer does not answer."""
        if not self._painter.begin(self._printer):
            return False
        self._next()
        return True

    def stop(self) -> None:
        """Send no further pages."""
        self._stopped = True

    def _next(self) -> None:
        self._deliver(self._fetch(self._at, DPI), self._page)

    def _page(self, image: QImage) -> None:
        if self._stopped:
            self._printer.abort()
            self._finish(False)
            return
        if self._at > self._first:
            self._printer.newPage()
        room = self._printer.pageLayout().fullRectPixels(self._printer.resolution())
        self._painter.drawImage(QRectF(0, 0, room.width(), room.height()), image)
        self._at += 1
        self._told(self._at - self._first, self._last - self._first + 1)
        if self._at > self._last:
            self._finish(True)
        else:
            self._next()

    def _finish(self, whole: bool) -> None:
        self._painter.end()
        self._ended(whole)
        self.deleteLater()


def page_range(printer: QPrinter, count: int) -> tuple[int, int]:
    """The pages chosen in the dialog, from 0."""
    first, last = printer.fromPage(), printer.toPage()
    if not first and not last:
        return 0, count - 1
    return max(first - 1, 0), min(last or count, count) - 1
