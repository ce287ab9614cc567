"""附件: photos, scans and PDFs of the person and of single services, looked at inside the program."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QStackedWidget, QWidget

from jobdesk.cases.errors import JobdeskError
from jobdesk.cases.ops import Subject
from jobdesk.services.attaching import attach, content_of
from jobdesk.services.case_files import CaseFile, Held
from jobdesk.services.exporting_copy import export_copy
from jobdesk.ui.case_words import Words, record_name, t
from jobdesk.ui.casefile.ask import Ask, ask_to_withdraw, reason_field
from jobdesk.ui.casefile.cursor import cursor_kept
from jobdesk.ui.casefile.form_plan import FormPlan
from jobdesk.ui.casefile.page import Page, Tools, mark_chip
from jobdesk.ui.casefile.pages_view import PagesView
from jobdesk.ui.casefile.record_editor import RecordEditor, draft_name
from jobdesk.ui.casefile.record_state import origin_marks
from jobdesk.ui.context import Context
from jobdesk.ui.hub import Notice
from jobdesk.ui.kit import Button, Icon, Scroll, Text, clear, column, flow, frame, row, rule
from jobdesk.ui.notices import sentence_of
from jobdesk.ui.saving import proposed

FILE = FormPlan("attachment", ("title",), wide=frozenset({"title"}))


class FilesPage(Page):
    """附件."""

    def __init__(self, tools: Tools) -> None:
        super().__init__(tools)
        self.setAcceptDrops(True)
        self._file: CaseFile | None = None
        self._words = Words(tools.ctx.desk.today)
        self._editing: dict[str, RecordEditor] = {}
        self._message = column(gap=4)
        self._list = column(gap=8)
        add = self.add_button = Button(t("add_file"), "quiet", icon="plus", on_click=self.choose)
        hint = self.hint = Text(t("drop_here"), "caption", "ink_2", wrap=True)
        self._scroll = Scroll(
            column(row(add, (hint, 1), gap=12), self._message, self._list, None, gap=10, pad=(16, 12, 16, 16))
        )
        self.viewer = PagesView(tools.ctx)
        self._viewed = Text("", bold=True)
        back = Button(t("files_back"), "bare", icon="arrow-left", on_click=self._close_viewer)
        view = QWidget()
        view.setLayout(
            column(frame(row(back, (self._viewed, 1), pad=(12, 8, 16, 8))), rule(), (self.viewer, 1), gap=0)
        )
        self._stack = QStackedWidget()
        self._stack.addWidget(self._scroll)
        self._stack.addWidget(view)
        tools.ctx.above_changed.connect(lambda _above: self._show_above())
        self._show_above()
        self.setLayout(column(self._stack))

    def begin(self, case_id: str) -> None:
        self.keep()
        for editor in self._editing.values():
            editor.deleteLater()
        self._editing.clear()
        self._close_viewer()
        clear(self._message)
        clear(self._list)

    def show_file(self, file: CaseFile, words: Words) -> None:
        self._file, self._words = file, words
        for held in file.held("attachment"):
            if draft_name("attachment", held.record.id) in file.drafts:
                self.edit(held.record.id)
        self._draw()

    def open_at(self, detail: str) -> None:
        """Look at an attachment by its id."""
        held = self._file.find("attachment", detail) if self._file else None
        if held is not None:
            self.look(held)

    def keep(self) -> None:
        for editor in self._editing.values():
            editor.keep()

    @property
    def stays(self) -> str:
        """Why nothing is done with papers here: they do not leave the stations. Empty at a station."""
        return t("file_stays") if self.ctx.above else ""

    def _show_above(self) -> None:
        self.add_button.refuse(self.stays)
        self.hint.set_text(self.stays or t("drop_here"))
        self.setAcceptDrops(not self.ctx.above)
        self._draw()

    # ---- adding

    def choose(self) -> None:
        """Pick files from the disk."""
        for path in QFileDialog.getOpenFileNames(self, t("add_file"), "", t("file_filter"))[0]:
            self.add(Path(path))

    def add(self, path: Path) -> None:
        """Take a file in; a refusal stands on the page."""
        file = self._file
        if file is None or self.ctx.above:
            return
        clear(self._message)
        try:
            future = attach(self.ctx.desk, file.case_id, path)
        except JobdeskError as error:
            self._message.addWidget(Text(sentence_of(error), "caption", "bad", wrap=True))
            return
        self.ctx.save(future, self, t("attached", name=path.name))

    def dragEnterEvent(self, event: QDragEnterEvent, /) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent, /) -> None:
        for url in event.mimeData().urls():
            if url.isLocalFile():
                self.add(Path(url.toLocalFile()))
        event.acceptProposedAction()

    # ---- one attachment

    def look(self, held: Held) -> None:
        """Show it inside."""
        record = held.record
        self._viewed.setText(record.text("title") or record.text("file_name"))
        self.viewer.show_waiting()
        self._stack.setCurrentIndex(1)
        is_pdf = record.text("media_type") == "application/pdf"

        def shown(content: bytes | None) -> None:
            if content is None:
                self.viewer.show_words(self.stays or t("file_absent"))
            elif is_pdf:
                self.viewer.show_pdf(content)
            else:
                self.viewer.show_picture(content)

        self.ctx.ask(content_of(self.ctx.desk, record.text("digest")), self, shown)

    def edit(self, record_id: str) -> None:
        """Another title."""
        file = self._file
        held = file.find("attachment", record_id) if file else None
        if file is None or held is None or record_id in self._editing:
            return
        subject = Subject("case", held.case_id)
        editor = RecordEditor(
            self.ctx, self.tools.looks, FILE, held.record, subject, file.case_id, title=t("file_title")
        )
        self._editing[record_id] = editor
        editor.closed.connect(lambda: self._close_editing(record_id))
        editor.start(file, self._words)
        self._draw()

    def _close_editing(self, record_id: str) -> None:
        editor = self._editing.pop(record_id, None)
        if editor is not None:
            editor.hide()
            editor.deleteLater()
        self._draw()

    def _close_viewer(self) -> None:
        self.viewer.rest()
        self._stack.setCurrentIndex(0)

    def _draw(self) -> None:
        file = self._file
        if file is None:
            return
        with cursor_kept(self, self._editing.values()):
            for editor in self._editing.values():
                editor.setParent(None)
            self._draw_list(file)

    def _draw_list(self, file: CaseFile) -> None:
        clear(self._list)
        listed = sorted(
            file.held("attachment"), key=lambda h: (h.record.text("added_on"), h.record.id), reverse=True
        )
        for held in listed:
            self._list.addWidget(_FileCard(self, held, file, self._words))
            editor = self._editing.get(held.record.id)
            if editor is not None:
                self._list.addWidget(editor)
                editor.show()
        if not listed:
            self._list.addWidget(
                frame(row(Text(t("none_file"), "caption", "ink_2", wrap=True), pad=(12, 10, 12, 10)), "soft")
            )


class _FileCard(QFrame):
    def __init__(self, page: FilesPage, held: Held, file: CaseFile, words: Words) -> None:
        super().__init__()
        self.setProperty("look", "card")
        self._page, self._held, self._words = page, held, words
        record = held.record
        picture = "file" if record.text("media_type") == "application/pdf" else "image"
        title = Text(record.text("title") or record.text("file_name"), bold=True, wrap=True)
        parts = [
            record.text("file_name"),
            size_words(record.get("size")),
            words.value("attachment", "added_on", record.get("added_on")),
        ]
        service = file.find("service", record.text("belongs_to")) if record.get("belongs_to") else None
        if service is not None:
            day = words.value("service", "served_on", service.record.get("served_on"))
            kind = words.value("service", "type", service.record.get("type"))
            parts.append(t("file_of_service", what=" ".join(p for p in (day, kind) if p)))
        about = Text(t("dot").join(p for p in parts if p), "caption", "ink_2", wrap=True)
        export_it = Button(t("export_copy"), "link", on_click=self._ask_export)
        withdraw = Button(t("withdraw"), "link", on_click=self._ask_withdraw)
        for button in (export_it, withdraw):
            button.refuse(page.stays)
        links: Sequence[QWidget] = [
            Button(t("look_inside"), "link", icon="eye", on_click=lambda: page.look(held)),
            Button(t("file_title"), "link", on_click=lambda: page.edit(record.id)),
            export_it,
            withdraw,
        ]
        marks = [mark_chip(m.words, m.look) for m in origin_marks(held, file)]
        self._body = column(title, about, flow(*links, *marks, gap=12), gap=4)
        self.setLayout(row(Icon(picture, "ink_2", 20), (self._body, 1), gap=10, pad=(14, 10, 12, 10)))

    def _ask_export(self) -> None:
        page, held = self._page, self._held
        reason, line = reason_field()

        def answer() -> None:
            if not reason.value():
                line.set_problem(t("reason_needed"))
                return
            chosen = QFileDialog.getSaveFileName(
                page, t("export_copy"), proposed(held.record.text("file_name"))
            )[0]
            if chosen:
                export(page.ctx, page, held, Path(chosen), reason.value())
                ask.close_ask()

        ask = Ask(t("export_copy"), t("export_more"), [line], t("export_copy"), answer)
        self._body.addWidget(ask)

    def _ask_withdraw(self) -> None:
        held = self._held
        key = ("attachment", held.record.id)
        ask = ask_to_withdraw(self._page.ctx, self._words, held.case_id, [key], record_name("attachment"))
        self._body.addWidget(ask)


def export(ctx: Context, owner: QWidget, held: Held, target: Path, reason: str) -> None:
    """Let a copy out; it is logged first."""
    future = export_copy(ctx.desk, held.case_id, held.record.text("digest"), target, reason)
    ctx.ask(future, owner, lambda path: ctx.hub.notice.emit(Notice(t("saved_to", name=path.name))))


def size_words(size: object) -> str:
    """1.2 MB, 340 KB."""
    if not isinstance(size, int):
        return ""
    return f"{size / 1048576:.1f} MB" if size >= 1048576 else f"{max(1, size // 1024)} KB"
