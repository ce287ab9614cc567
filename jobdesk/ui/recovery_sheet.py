"""Bringing the sheet with the recovery code to a printer: drawn in memory, never written to our disk."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSizeF, Qt
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QWidget

from jobdesk.cases.clock import Clock, local_datetime
from jobdesk.cases.errors import Trouble
from jobdesk.host.strings import text
from jobdesk.reports.furniture import Printed
from jobdesk.reports.notices import recovery_pdf
from jobdesk.reports.preview import Pages, Picture

DPI = 300
_KEEP = Qt.AspectRatioMode.KeepAspectRatio


def code_sheet(
    groups: Sequence[str], unit: str, station_code: str, second: str, by: str, clock: Clock, practice: bool
) -> bytes:
    """The sheet as PDF (密封交县级机构，登记交接)."""
    at = local_datetime(clock.now_ms())
    facts = [
        (text("paper.recovery.unit"), unit),
        (text("paper.recovery.made_on"), f"{at:%Y-%m-%d}"),
        (text("paper.recovery.made_by"), by),
        (text("paper.recovery.station"), station_code),
    ]
    if second:
        facts.append((text("paper.recovery.second"), second))
    mark = text("settings.practice_mark") if practice else ""
    printed = Printed(unit, by, f"{at:%Y-%m-%d %H:%M}", watermark=mark)
    return recovery_pdf(groups, facts, printed, clock)


def pictures_of(data: bytes) -> list[Picture]:
    """The pages in the resolution of a printer; not on the GUI thread."""
    with Pages(data) as pages:
        return [pages.picture(n, DPI) for n in range(pages.count)]


def print_pictures(owner: QWidget, pictures: Sequence[Picture], name: str) -> bool:
    """Ask which printer and send the pages; False when the person changed their mind.

    Raises:
        Trouble: ``no_printer`` or ``printing_failed``.
    """
    if not QPrinterInfo.availablePrinterNames():
        raise Trouble("no_printer")
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setResolution(DPI)
    printer.setDocName(name)
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    printer.setPageOrientation(QPageLayout.Orientation.Portrait)
    printer.setFullPage(True)
    if QPrintDialog(printer, owner).exec() != QPrintDialog.DialogCode.Accepted:
        return False
    painter = QPainter()
    if not painter.begin(printer):
        raise Trouble("printing_failed")
    try:
        for number, picture in enumerate(pictures):
            if number:
                printer.newPage()
            image = QImage(
                picture.rgb, picture.width, picture.height, picture.stride, QImage.Format.Format_RGB888
            )
            whole = QRectF(painter.viewport())
            size = QSizeF(image.size()).scaled(whole.size(), _KEEP)
            painter.drawImage(QRectF(whole.topLeft(), size), image)
    finally:
        painter.end()
    return True
