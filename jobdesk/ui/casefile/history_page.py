"""变更记录: everything that happened to this file, newest first, with 撤销 where it can be."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from jobdesk.cases.history import Entry
from jobdesk.services.case_files import CaseFile
from jobdesk.ui.case_words import Words, t
from jobdesk.ui.casefile.history_state import HistoryLine, lines_of
from jobdesk.ui.casefile.page import Page, Tools, mark_chip
from jobdesk.ui.kit import Button, Scroll, Text, clear, column, flow, frame, row, rule

PER_STEP = 40


class HistoryPage(Page):
    """变更记录."""

    def __init__(self, tools: Tools) -> None:
        super().__init__(tools)
        self._file: CaseFile | None = None
        self._words = Words(tools.ctx.desk.today)
        self._entries: Sequence[tuple[str, Entry]] = ()
        self._lines: list[HistoryLine] = []
        self._shown = PER_STEP
        self._list = column(gap=0)
        self._scroll = Scroll(column(self._list, None, gap=0, pad=(16, 12, 16, 16)))
        self.setLayout(column(self._scroll))

    def begin(self, case_id: str) -> None:
        self._entries, self._lines, self._shown = (), [], PER_STEP
        clear(self._list)
        self._scroll.verticalScrollBar().setValue(0)

    def show_file(self, file: CaseFile, words: Words) -> None:
        self._file, self._words = file, words

    def told(self, entries: Sequence[tuple[str, Entry]]) -> None:
        self._entries = entries
        file = self._file
        if file is None:
            return
        origins = {
            s.subject.id: t("from_merged", name=s.root.text("name") or t("nameless")) for s in file.aliases
        }
        origins |= {h.state.subject.id: t("from_household") for h in file.households}
        self._lines = lines_of(entries, self._words, origins)
        self._draw()

    def _draw(self) -> None:
        clear(self._list)
        for line in self._lines[: self._shown]:
            self._list.addWidget(self._line(line))
        left = len(self._lines) - self._shown
        if left > 0:
            more = Button(t("show_more", count=min(left, PER_STEP)), "link", on_click=self._more)
            self._list.addLayout(row(None, more, None))
        if not self._lines:
            self._list.addWidget(Text(t("none_history"), "caption", "ink_2"))

    def _more(self) -> None:
        self._shown += PER_STEP
        self._draw()

    def _line(self, line: HistoryLine) -> QWidget:
        head = row(
            (Text(line.sentence, tone="ink_3" if line.gone else "ink", wrap=True, selectable=True), 1), gap=8
        )
        if line.undo:
            head.addWidget(Button(line.undo, "link", on_click=lambda: self.ctx.undo(line.action_id)))
        body = column(head, gap=3, pad=(0, 8, 0, 8))
        marks = [mark_chip(m, "plain") for m in line.marks]
        if line.origin:
            marks.append(mark_chip(line.origin, "outline"))
        body.addWidget(flow(Text(line.when, "caption", "ink_3"), *marks, gap=8))
        for detail in line.details:
            body.addWidget(Text(detail, "caption", "ink_2", wrap=True, selectable=True))
        if line.more:
            body.addWidget(Text(t("and_more", count=line.more), "caption", "ink_3"))
        return frame(column(body, rule(), gap=0))
