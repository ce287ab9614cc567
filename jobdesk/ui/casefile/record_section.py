"""A section of records of one kind: cards, add, correct, withdraw, settle; restricted ones behind the eye."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QWidget

from jobdesk.cases.history import Entry
from jobdesk.cases.ops import Json, Subject
from jobdesk.cases.state import RecordState
from jobdesk.services.case_files import CaseFile, Held
from jobdesk.ui.case_words import Words, record_name, t
from jobdesk.ui.casefile.ask import ask_to_withdraw
from jobdesk.ui.casefile.conflict_boxes import ConflictBoxes
from jobdesk.ui.casefile.form_plan import FormPlan
from jobdesk.ui.casefile.page import Tools, mark_chip, note
from jobdesk.ui.casefile.record_editor import RecordEditor, draft_name
from jobdesk.ui.casefile.record_state import by_day, card_of, corrections, is_hidden
from jobdesk.ui.kit import Button, IconButton, Text, clear, column, flow, frame, row
from jobdesk.ui.kit.chips import BlankChip

PER_STEP = 30
"""Cards drawn at once; more on request."""


@dataclass(frozen=True, slots=True)
class SectionPlan:
    """One section.

    Attributes:
        form: what its editor asks for.
        title, add, empty: keys of its words.
        usual: values a new record begins with.
        note: key of a quiet sentence under the title.
        has_restricted: restricted records are possible: the eye is always there, whether there are any
            or not, so that its presence tells nothing.
    """

    form: FormPlan
    title: str
    add: str
    empty: str
    usual: Callable[[CaseFile], Mapping[str, Json]] = field(default=lambda _file: {})
    note: str = ""
    has_restricted: bool = False


class RecordSection(QWidget):
    """All records of one kind."""

    def __init__(self, tools: Tools, plan: SectionPlan) -> None:
        super().__init__()
        self._tools, self._plan = tools, plan
        self._file: CaseFile | None = None
        self._words = Words(tools.ctx.desk.today)
        self._corrected: Mapping[str, Entry] = {}
        self._shown = PER_STEP
        self._adding: RecordEditor | None = None
        self._editing: dict[str, RecordEditor] = {}
        self._tried_drafts = False
        self._count = Text("", "caption", "ink_2")
        self._add = Button(t(plan.add), "link", icon="plus", on_click=self.add)
        self._list = column(gap=8)
        self._boxes = ConflictBoxes(tools.ctx, self)
        self._new = column(gap=0)
        head = row(Text(t(plan.title), bold=True), self._count, None, self._add, gap=8)
        more: list[QWidget] = [note(t(plan.note))] if plan.note else []
        self.setLayout(column(head, *more, self._new, self._list, gap=8))

    @property
    def kind(self) -> str:
        return self._plan.form.kind

    def begin(self) -> None:
        """Another person: editors are closed (their drafts are kept), nothing is revealed."""
        self.keep()
        for editor in [*self._editing.values(), *([self._adding] if self._adding else [])]:
            editor.deleteLater()
        self._editing.clear()
        self._adding = None
        self._shown = PER_STEP
        self._tried_drafts = False
        clear(self._new)
        clear(self._list)

    def show_file(self, file: CaseFile, words: Words) -> None:
        self._file, self._words = file, words
        if not self._tried_drafts:
            self._tried_drafts = True
            self._reopen_drafts(file)
        elif self._adding is not None:
            self._adding.refresh(file, words, RecordState(self.kind, "", {}))
        self._draw()

    def told(self, entries: Sequence[tuple[str, Entry]]) -> None:
        found = corrections([e for _, e in entries if e.record[0] == self.kind])
        if found != self._corrected:
            self._corrected = found
            if self._file is not None:
                self._draw()

    def keep(self) -> None:
        for editor in self._editing.values():
            editor.keep()
        if self._adding is not None:
            self._adding.keep()

    def add(self, usual: Mapping[str, Json] | None = None) -> None:
        """Open the form for a new record."""
        if self._file is None or self._adding is not None:
            return
        record = RecordState(self.kind, "", {})
        case_id = self._file.case_id
        editor = self._editor(record, Subject("case", case_id))
        self._adding = editor
        editor.closed.connect(self._close_adding)
        self._new.addWidget(editor)
        editor.start(self._file, self._words, usual or self._plan.usual(self._file))

    def edit(self, record_id: str) -> None:
        """Open the form over a standing record."""
        file = self._file
        held = file.find(self.kind, record_id) if file else None
        if file is None or held is None or record_id in self._editing:
            return
        editor = self._editor(held.record, Subject("case", held.case_id))
        self._editing[record_id] = editor
        editor.closed.connect(lambda: self._close_editing(record_id))
        editor.start(file, self._words)
        self._draw()

    # ---- inside

    def _editor(self, record: RecordState, subject: Subject) -> RecordEditor:
        assert self._file is not None
        return RecordEditor(
            self._tools.ctx, self._tools.looks, self._plan.form, record, subject, self._file.case_id
        )

    def _reopen_drafts(self, file: CaseFile) -> None:
        if draft_name(self.kind, "") in file.drafts:
            self.add()
        for held in file.held(self.kind):
            if draft_name(self.kind, held.record.id) in file.drafts:
                self.edit(held.record.id)

    def _close_adding(self) -> None:
        if self._adding is not None:
            self._adding.deleteLater()
            self._adding = None
        clear(self._new)
        self._add.setFocus()

    def _close_editing(self, record_id: str) -> None:
        editor = self._editing.pop(record_id, None)
        if editor is not None:
            editor.hide()
            editor.deleteLater()
        self._draw()

    def _draw(self) -> None:
        file = self._file
        if file is None:
            return
        with self._boxes.redrawn(self._editing.values()):
            self._draw_list(file)

    def _draw_list(self, file: CaseFile) -> None:
        clear(self._list)
        everything = by_day(file.held(self.kind))
        revealed = self._tools.looks.is_seen(f"{self.kind}.restricted")
        listed = [h for h in everything if revealed or not is_hidden(h.record)]
        self._count.set_text(t("count", count=len(listed)) if listed else "")
        for held in listed[: self._shown]:
            self._list.addWidget(self._one(held, file, revealed))
        if len(listed) > self._shown:
            more = Button(t("show_more", count=min(PER_STEP, len(listed) - self._shown)), "link",
                          on_click=self._more)  # fmt: skip
            self._list.addLayout(row(None, more, None))
        if not listed:
            self._list.addWidget(
                frame(
                    row(Text(t(self._plan.empty), "caption", "ink_2", wrap=True), pad=(12, 10, 12, 10)),
                    "soft",
                )
            )
        if self._plan.has_restricted:
            self._list.addWidget(self._restricted_line(revealed))

    def _more(self) -> None:
        self._shown += PER_STEP
        self._draw()

    def _one(self, held: Held, file: CaseFile, revealed: bool) -> QWidget:
        editor = self._editing.get(held.record.id)
        if editor is not None:
            editor.refresh(file, self._words, held.record)
            return editor  # shown where it is laid out: before, it would be a window of its own
        card = RecordCard(self._tools, self._boxes, held, file, self._words, self._corrected, revealed)
        card.edit.clicked.connect(lambda _checked=False: self.edit(held.record.id))
        return card

    def _restricted_line(self, revealed: bool) -> QWidget:
        if revealed:
            return note(t("restricted_shown"))
        eye = IconButton("eye", t("restricted_reveal"), on_click=self._reveal)
        return frame(row(Text(t("restricted"), "caption", "ink_2"), eye, None, gap=4))

    def _reveal(self) -> None:
        self._tools.looks.ask(f"{self.kind}.restricted", self._draw)


class RecordCard(QFrame):
    """One record: its main value, from–to, where it comes from, and what can be done."""

    def __init__(
        self, tools: Tools, boxes: ConflictBoxes, held: Held, file: CaseFile, words: Words,
        corrected: Mapping[str, Entry], revealed: bool,
    ) -> None:  # fmt: skip
        super().__init__()
        self.setProperty("look", "card")
        self._tools, self._held, self._file, self._words = tools, held, file, words
        state = card_of(held, file, words, corrected, revealed)
        title = Text(state.title, bold=True, wrap=True) if state.title else BlankChip(t("blank"))
        chips = [mark_chip(m.words, m.look, m.tip) for m in state.marks]
        self.edit = Button(t("correct"), "link")
        self.withdraw = Button(t("withdraw"), "link", on_click=self._withdraw)
        body = column(
            row((title, 1), self.edit, self.withdraw, gap=4)
            if state.title
            else row(title, None, self.edit, self.withdraw, gap=4),
            gap=4, pad=(14, 10, 10, 10),
        )  # fmt: skip
        if chips or state.span:
            span = [Text(state.span, "caption", "ink_2")] if state.span else []
            body.addWidget(flow(*span, *chips, gap=6))
        for name, value in state.facts:
            left = Text(name, "caption", "ink_3")
            line = row(left, (Text(value, "caption", wrap=True, selectable=True), 1), gap=8)
            line.setAlignment(left, Qt.AlignmentFlag.AlignTop)
            body.addLayout(line)
        if state.provenance:
            body.addWidget(note(state.provenance))
        if state.no_source:
            body.addLayout(row(Text(t("source"), "caption", "ink_3"), BlankChip(t("blank")), None, gap=8))
        if state.veiled and not revealed:
            body.addLayout(row(Button(t("show_hidden"), "link", icon="eye", on_click=self._reveal), None))
        self._body = body
        self.setLayout(body)
        for box in boxes.of(Subject("case", held.case_id), held.record, words):
            body.addWidget(box)

    def _reveal(self) -> None:
        kind = self._held.record.kind
        parent = self.parentWidget()
        while parent is not None and not isinstance(parent, RecordSection):
            parent = parent.parentWidget()
        if isinstance(parent, RecordSection):
            self._tools.looks.ask(f"{kind}.restricted", parent._draw)  # pyright: ignore[reportPrivateUsage]

    def _withdraw(self) -> None:
        record, case_id = self._held.record, self._held.case_id
        key = (record.kind, record.id)
        ask = ask_to_withdraw(self._tools.ctx, self._words, case_id, [key], record_name(record.kind))
        self.withdraw.setEnabled(False)
        ask.closed.connect(lambda: self.withdraw.setEnabled(True))
        self._body.addWidget(ask)
