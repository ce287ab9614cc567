"""服务与回访: the list by day, filtered by type; one service at a time is recorded, corrected, proved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFileDialog, QFrame, QStackedWidget

from jobdesk.cases.due import DueLine
from jobdesk.cases.errors import JobdeskError
from jobdesk.cases.history import Entry
from jobdesk.cases.ops import Json, Subject
from jobdesk.host.strings import text
from jobdesk.services.attaching import attach
from jobdesk.services.case_files import CaseFile, Held
from jobdesk.ui.case_words import Words, t
from jobdesk.ui.casefile.ask import ask_to_withdraw
from jobdesk.ui.casefile.conflict_boxes import ConflictBoxes
from jobdesk.ui.casefile.form_plan import FormPlan
from jobdesk.ui.casefile.page import Page, Tools, mark_chip, note
from jobdesk.ui.casefile.record_editor import RecordEditor, draft_name
from jobdesk.ui.casefile.record_state import corrections
from jobdesk.ui.casefile.services_state import ServiceLine, service_line, types_of, withdrawn_lines
from jobdesk.ui.kit import Banner, Button, FilterChip, Scroll, Text, clear, column, flow, frame, row
from jobdesk.ui.kit.banners import Action
from jobdesk.ui.kit.chips import BlankChip
from jobdesk.ui.kit.layouts import Flow
from jobdesk.ui.notices import sentence_of

if TYPE_CHECKING:
    from jobdesk.ui.serviceform import ServiceForm

PER_STEP = 40
SERVICE = FormPlan(
    "service",
    ("type", "channel", "served_on", "place", "staff", "companions", "engagement", "outcome", "vacancies",
     "offered", "content", "outcome_text", "provider", "round", "next_contact", "late_reason", "group_event"),
    needed=frozenset({"type", "served_on"}), wide=frozenset({"late_reason"}),
)  # fmt: skip


class ServicesPage(Page):
    """服务与回访."""

    def __init__(self, tools: Tools) -> None:
        super().__init__(tools)
        self._file: CaseFile | None = None
        self._words = Words(tools.ctx.desk.today)
        self._entries: Sequence[Entry] = ()
        self._corrected: Mapping[str, Entry] = {}
        self._type = ""
        self._shown = PER_STEP
        self._editing: dict[str, RecordEditor] = {}
        self._form: ServiceForm | None = None
        self._tried_drafts = False
        self._chips = Flow(gap=6, line_gap=6)
        self._place = column(gap=0)
        self._message = Text("", "caption", "bad", wrap=True)
        self._message.hide()
        self._list = column(gap=8)
        self.boxes = ConflictBoxes(tools.ctx, self)
        self._gone = column(gap=4)
        self._scroll = Scroll(
            column(self._place, frame(self._chips), self._message, self._list, self._gone, None, gap=10,
                   pad=(16, 12, 16, 16))
        )  # fmt: skip
        self._stack = QStackedWidget()
        self._stack.addWidget(self._scroll)
        self.setLayout(column(self._stack))

    # ---- the page

    def begin(self, case_id: str) -> None:
        self.keep()
        for editor in self._editing.values():
            editor.deleteLater()
        self._editing.clear()
        self._close_form()
        if self._form is not None:
            self._form.rest()
        self._entries, self._corrected, self._type, self._shown = (), {}, "", PER_STEP
        self._tried_drafts = False
        self._message.hide()
        clear(self._list)
        clear(self._gone)
        self._scroll.verticalScrollBar().setValue(0)

    def show_file(self, file: CaseFile, words: Words) -> None:
        self._file, self._words = file, words
        if not self._tried_drafts:
            self._tried_drafts = True
            for held in file.held("service"):
                if draft_name("service", held.record.id) in file.drafts:
                    self.edit(held.record.id)
        clear(self._place)
        if file.service_draft is not None:
            go_on = Action(t("go_on_recording"), self.record, closes=False)
            self._place.addWidget(Banner("info", t("service_draft"), actions=[go_on]))
        self._draw_chips(file)
        self._draw()

    def told(self, entries: Sequence[tuple[str, Entry]]) -> None:
        self._entries = [e for _, e in entries]
        self._corrected = corrections([e for e in self._entries if e.record[0] == "service"])
        self._draw()
        self._draw_withdrawn()

    def open_at(self, detail: str) -> None:
        """A record id: its form opens."""
        if self._file is not None and self._file.find("service", detail):
            self._type = ""
            self.edit(detail)
            self._draw()

    def keep(self) -> None:
        for editor in self._editing.values():
            editor.keep()
        if self._form is not None:
            self._form.keep()

    # ---- recording

    def record(self, line: DueLine | None = None, preset: Mapping[str, Json] | None = None) -> None:
        """Open the form for a new service above the list."""
        from jobdesk.ui.serviceform import ServiceForm  # the form is heavy, and needed only here

        file = self._file
        if file is None:
            return
        if self._form is None:
            self._form = ServiceForm(self.ctx)
            self._form.saved.connect(self._form_saved)
            self._form.cancelled.connect(self._close_form)
            self._stack.addWidget(self._form)
        self._stack.setCurrentWidget(self._form)
        self._form.begin(file.case_id, line, preset)
        self._form.take_focus()

    def _form_saved(self, _case_id: str) -> None:
        self._close_form()

    def _close_form(self) -> None:
        """The cursor goes back to the file: with the form it would fall to the search box."""
        self._stack.setCurrentWidget(self._scroll)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    # ---- one service

    def edit(self, record_id: str) -> None:
        """Correct a service."""
        file = self._file
        held = file.find("service", record_id) if file else None
        if file is None or held is None or record_id in self._editing:
            return
        subject = Subject("case", held.case_id)
        editor = RecordEditor(self.ctx, self.tools.looks, SERVICE, held.record, subject, file.case_id)
        self._editing[record_id] = editor
        editor.closed.connect(lambda: self._close_editing(record_id))
        editor.start(file, self._words)
        self._draw()
        QTimer.singleShot(0, editor, lambda: self._scroll.ensureWidgetVisible(editor, 0, 40))

    def _close_editing(self, record_id: str) -> None:
        editor = self._editing.pop(record_id, None)
        if editor is not None:
            editor.hide()
            editor.deleteLater()
        self._draw()

    def attach_to(self, held: Held, path: str = "") -> None:
        """Attach a file to one service."""
        chosen = path or QFileDialog.getOpenFileName(self, t("attach_service"), "", t("file_filter"))[0]
        if not chosen:
            return
        try:
            future = attach(self.ctx.desk, held.case_id, Path(chosen), belongs_to=held.record.id)
        except JobdeskError as error:
            self._say(sentence_of(error))
            return
        self._message.hide()
        self.ctx.save(future, self, t("attached", name=Path(chosen).name))

    def _say(self, sentence: str) -> None:
        self._message.setText(sentence)
        self._message.show()

    # ---- drawing

    def _draw_chips(self, file: CaseFile) -> None:
        clear(self._chips)
        counts = types_of(file)
        whole = sum(counts.values())
        for code, count in [("", whole), *counts.items()]:
            name = self._words.value("service", "type", code) if code else t("all_types")
            chip = FilterChip(name or t("no_type"), count, code == self._type)
            chip.clicked.connect(lambda _checked=False, c=code: self._choose(c))
            self._chips.addWidget(chip)

    def _choose(self, code: str) -> None:
        self._type, self._shown = code, PER_STEP
        if self._file is not None:
            self._draw_chips(self._file)
        self._draw()

    def _draw(self) -> None:
        file = self._file
        if file is None:
            return
        with self.boxes.redrawn(self._editing.values()):
            self._draw_list(file)

    def _draw_list(self, file: CaseFile) -> None:
        clear(self._list)
        found = [h for h in file.held("service") if not self._type or h.record.text("type") == self._type]
        found.sort(key=lambda h: (h.record.text("served_on"), h.record.id), reverse=True)
        for held in found[: self._shown]:
            editor = self._editing.get(held.record.id)
            if editor is not None:
                editor.refresh(file, self._words, held.record)
                self._list.addWidget(editor)
                editor.show()
                continue
            self._list.addWidget(
                ServiceCard(self, held, file, self._words, self._corrected.get(held.record.id))
            )
        left = len(found) - self._shown
        if left > 0:
            more = Button(t("show_more", count=min(left, PER_STEP)), "link", on_click=self._more)
            self._list.addLayout(row(None, more, None))
        if not found:
            empty = Text(t("none_service"), "caption", "ink_2", wrap=True)
            self._list.addWidget(frame(row(empty, pad=(12, 10, 12, 10)), "soft"))

    def _draw_withdrawn(self) -> None:
        clear(self._gone)
        gone = withdrawn_lines(self._entries, self._words)
        if gone:
            self._gone.addWidget(Text(t("withdrawn_count", count=len(gone)), "caption", "ink_2", bold=True))
        for sentence in gone:
            self._gone.addWidget(note(sentence))

    def _more(self) -> None:
        self._shown += PER_STEP
        self._draw()


class ServiceCard(QFrame):
    """One service in the list."""

    def __init__(
        self, page: ServicesPage, held: Held, file: CaseFile, words: Words, corrected: Entry | None
    ) -> None:
        super().__init__()
        self.setProperty("look", "card")
        self._page, self._held, self._words = page, held, words
        state: ServiceLine = service_line(held, file, words, corrected)
        title = Text(state.type, bold=True) if state.type else BlankChip(t("blank"))
        day = Text(state.day, bold=True) if state.day else BlankChip(t("undated"))
        self.correct = Button(t("correct"), "link", on_click=lambda: page.edit(held.record.id))
        self.withdraw = Button(t("withdraw"), "link", on_click=self._withdraw)
        self.attach = Button(t("attach"), "link", icon="paperclip", on_click=lambda: page.attach_to(held))
        chips = [mark_chip(m.words, m.look, m.tip) for m in state.marks]
        body = column(
            row(day, title, None, self.attach, self.correct, self.withdraw, gap=8),
            gap=4, pad=(14, 8, 10, 8),
        )  # fmt: skip
        if chips:
            body.addWidget(flow(*chips, gap=6))
        for line in state.lines:
            body.addWidget(Text(line, wrap=True, selectable=True))
        if state.people:
            body.addWidget(note(state.people))
        for file_id, name in state.files:
            link = Button(
                name, "link", icon="paperclip", on_click=lambda i=file_id: page.tools.go("files", i)
            )
            body.addLayout(row(link, None))
        for box in page.boxes.of(Subject("case", held.case_id), held.record, words):
            body.addWidget(box)
        self._body = body
        self.setLayout(body)

    def _withdraw(self) -> None:
        held = self._held
        key = ("service", held.record.id)
        ask = ask_to_withdraw(self._page.ctx, self._words, held.case_id, [key], text("record.service"))
        self.withdraw.setEnabled(False)
        ask.closed.connect(lambda: self.withdraw.setEnabled(True))
        self._body.addWidget(ask)
