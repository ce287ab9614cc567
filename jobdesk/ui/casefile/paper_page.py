"""A printed paper of one person: looked at here, saved as PDF or printed; every way out is logged."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QFileDialog, QWidget

from jobdesk.cases.errors import JobdeskError
from jobdesk.host.disk import disk_errors
from jobdesk.reports.month_pdf import file_name
from jobdesk.reports.person_papers import person_paper
from jobdesk.reports.preview import Picture
from jobdesk.services.desk import Desk
from jobdesk.services.revealing import log_look
from jobdesk.store.log import Connection
from jobdesk.ui.case_words import t
from jobdesk.ui.casefile.pages_view import PagesView, draw, image_of
from jobdesk.ui.context import Context
from jobdesk.ui.hub import Notice
from jobdesk.ui.kit import Button, Switch, Text, TextInput, column, flow, frame, row, rule
from jobdesk.ui.notices import sentence_of
from jobdesk.ui.saving import proposed

PRINT_DPI = 200.0
MOST_PAGES = 60
Make = Callable[[Connection, Desk, str, str, bool], bytes]
"""(connection, desk, id of the subject, key of the paper, masked) → the PDF."""


class PaperPage(QWidget):
    """One paper of the person shown. Masked unless a reason is given and the station allows it."""

    def __init__(self, ctx: Context, make: Make = person_paper) -> None:
        super().__init__()
        self.ctx = ctx
        self._make = make
        self._case = self._key = self._name = ""
        self._asked = 0
        self._unmasked_for = ""
        self.title = Text("", "strong", bold=True)
        self.back = Button(t("paper_back"), "bare", icon="arrow-left")
        self.masked = Switch(t("masked"), True)
        self.masked.toggled.connect(self._switched)
        self.why = TextInput(placeholder=t("unmask_why"))
        self.show_whole = Button(t("unmask"), on_click=self._unmask)
        asked = column(
            Text(t("unmask_more"), "caption", "ink_2", wrap=True),
            row((self.why, 1), self.show_whole),
            gap=6,
            pad=(12, 8, 12, 8),
        )
        self.reason = frame(asked, "warn_soft")
        self.message = Text("", "caption", "bad", wrap=True)
        self.save_button = Button(t("save_pdf"), icon="download", on_click=self._save)
        self.print_button = Button(t("print_now"), "primary", icon="printer", on_click=self._print)
        self.view = PagesView(ctx)
        acts = flow(
            row_of(self.masked, Text(t("masked"), "caption", "ink_2")),
            self.save_button,
            self.print_button,
            gap=10,
        )
        warning = Text(t("free_text_warning"), "caption", "warn", wrap=True)
        head = column(
            row(self.back, self.title, None), acts, self.reason, self.message, warning,
            gap=6, pad=(12, 10, 16, 8),
        )  # fmt: skip
        self.setLayout(column(frame(head), rule(), (self.view, 1), gap=0))
        self._quiet()

    def show_paper(self, case_id: str, name: str, key: str, forbids: bool) -> None:
        """Draw a paper."""
        self._case, self._name, self._key = case_id, name, key
        self.title.set_text(t(f"paper.{_paper(key)}"))
        self.masked.setChecked(True)
        self.masked.setEnabled(not forbids)
        self.masked.setToolTip(t("unmask_forbidden") if forbids else "")
        self._quiet()
        self._draw()

    def rest(self) -> None:
        """Forget the paper."""
        self._asked += 1
        self.view.rest()

    # ---- inside

    def _quiet(self) -> None:
        self.reason.hide()
        self.message.hide()
        self.why.set_value("")

    def _draw(self) -> None:
        self._asked += 1
        if self.masked.isChecked():
            self._unmasked_for = ""
        asked, case, key, masked = self._asked, self._case, self._key, self.masked.isChecked()
        desk = self.ctx.desk
        self.view.show_waiting()
        self._ready(False)

        def drawn(data: bytes) -> None:
            if asked == self._asked:
                self.view.show_pdf(data)
                self._ready(True)

        def failed(error: Exception) -> None:
            if asked != self._asked:
                return
            if isinstance(error, JobdeskError):
                self.view.show_words(sentence_of(error))
            else:
                self.view.rest()
                self.ctx.hub.trouble.emit(error)

        self.ctx.ask(desk.read(lambda con: self._make(con, desk, case, key, masked)), self, drawn, failed)

    def _ready(self, ready: bool) -> None:
        self.save_button.setEnabled(ready)
        self.print_button.setEnabled(ready)

    def _switched(self, on: bool) -> None:
        if on:
            self._quiet()
            self._draw()
            return
        self.masked.blockSignals(True)
        self.masked.setChecked(True)
        self.masked.blockSignals(False)
        self.reason.show()
        self.why.setFocus()

    def _unmask(self) -> None:
        reason = self.why.value()
        if not reason:
            self._say(t("reason_needed"))
            return

        def logged(_done: None) -> None:
            self.masked.blockSignals(True)
            self.masked.setChecked(False)
            self.masked.blockSignals(False)
            self._quiet()
            self._unmasked_for = reason
            self._draw()

        look = log_look(
            self.ctx.desk, "reveal", subject_id=self._case, field=f"paper.{_paper(self._key)}", reason=reason
        )
        self.ctx.ask(look, self, logged)

    def _say(self, sentence: str) -> None:
        self.message.setText(sentence)
        self.message.show()

    def _save(self) -> None:
        name = proposed(file_name(t(f"paper.{_paper(self._key)}"), self._name))
        chosen = QFileDialog.getSaveFileName(self, t("save_pdf"), name, t("pdf_filter"))[0]
        if chosen:
            self.save_to(Path(chosen))

    def save_to(self, path: Path) -> None:
        """Write the PDF shown; the export stands in the access log first."""
        data, desk = self.view.data, self.ctx.desk
        logged = log_look(
            desk,
            "export",
            subject_id=self._case,
            field=f"paper.{_paper(self._key)}",
            reason=self._unmasked_for,
        )

        def job() -> None:
            logged.result()
            with disk_errors(path):
                path.write_bytes(data)

        def done(_none: None) -> None:
            self.ctx.hub.notice.emit(Notice(t("saved_to", name=path.name)))

        self.ctx.ask(desk.file.work.aside(job), self, done)

    def _print(self) -> None:
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName(t(f"paper.{_paper(self._key)}"))
        if QPrintDialog(printer, self).exec() != QPrintDialog.DialogCode.Accepted:
            return
        look = log_look(
            self.ctx.desk,
            "print",
            subject_id=self._case,
            field=f"paper.{_paper(self._key)}",
            reason=self._unmasked_for,
        )
        data = self.view.data

        def logged(_done: None) -> None:
            self.ctx.ask(
                draw(self.ctx.desk, data, 0, MOST_PAGES, PRINT_DPI),
                self,
                lambda found: put_on(printer, found[1]),
            )

        self.ctx.ask(look, self, logged)


def put_on(printer: QPrinter, pictures: list[Picture]) -> None:
    """The pages on paper, each as large as the sheet allows."""
    painter = QPainter(printer)
    for number, picture in enumerate(pictures):
        if number:
            printer.newPage()
        area = QRectF(printer.pageRect(QPrinter.Unit.DevicePixel))
        scale = min(area.width() / picture.width, area.height() / picture.height)
        target = QRect(0, 0, round(picture.width * scale), round(picture.height * scale))
        painter.drawImage(target, image_of(picture))
    painter.end()


def row_of(*widgets: QWidget) -> QWidget:
    return frame(row(*widgets, gap=6))


def _paper(key: str) -> str:
    """The paper without the record that it is about."""
    return key.partition(":")[0]
