"""The list chosen, its people, the seven answers under them."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QSizePolicy, QStackedWidget, QWidget

from jobdesk.ui.assignments.state import answer_choices, t
from jobdesk.ui.assignments.taking import TakingStrip
from jobdesk.ui.kit import (
    Button,
    DropDown,
    EmptyState,
    Segments,
    Text,
    TextInput,
    column,
    frame,
    key_hints,
    row,
)
from jobdesk.ui.table import Table


class AssignmentsView(QWidget):
    """All parts, none of the wiring."""

    def __init__(self, table: Table) -> None:
        super().__init__()
        self.lists = DropDown([], nothing=t("no_list"))
        self.take_in = Button(t("take_in"), icon="import")
        self.give_back = Button(t("give_back"), "primary", icon="export")
        self.deadline = Text("", "body", "ink_2", wrap=True)
        self.strip = TakingStrip()
        self.only_open = Segments([t("all"), t("waiting")], t("waiting"), name=t("show"))
        self.answers = Segments(answer_choices(), name=t("column.answer"))
        self.note = TextInput(placeholder=t("note_hint"))
        self.note.setAccessibleName(t("column.note"))
        self.same = Button(t("as_proposed"))
        self.same.setToolTip(t("as_proposed_key"))
        self.problem = Text("", "caption", "bad", wrap=True)
        self.problem.hide()
        self.bar = QFrame()
        self.bar.setProperty("look", "accent_soft")
        self.bar.setLayout(
            column(
                row((self.answers, 1), self.same, gap=8), row((self.note, 1), gap=8), self.problem,
                gap=6, pad=(20, 8, 12, 8),
            )
        )  # fmt: skip
        self.finder = column(gap=0, pad=(20, 8, 12, 8))
        self.finder_frame = QFrame()
        self.finder_frame.setProperty("look", "accent_soft")
        self.finder_frame.setLayout(self.finder)
        self.finder_frame.hide()
        self.stack = QStackedWidget()
        self.stack.addWidget(table)
        self.first = Button(t("take_in"), "primary", icon="import")
        self.stack.addWidget(EmptyState("ledger", t("none"), more=t("none_more"), action=self.first))
        self.stack.addWidget(EmptyState("check-circle", t("all_answered"), more=t("all_answered_more")))
        self.count = Text("", "caption", "ink_2")
        self.open_file = Button(t("open_file"), icon="user")
        self.who = Button(t("who"), icon="search")
        self.hints = key_hints(
            ("1–7", t("key_answer")), ("0", t("as_proposed")), ("F2", t("key_note")), ("Enter", t("key_file"))
        )
        foot = frame(
            row(self.count, None, self.hints, self.who, self.open_file, gap=12, pad=(20, 6, 12, 6)), "foot"
        )
        top = frame(
            column(
                row(Text(t("title"), "title"), None, self.take_in, self.give_back, gap=8),
                row((self.lists, 1), self.only_open, gap=12),
                self.deadline,
                gap=8, pad=(20, 12, 16, 10),
            )
        )  # fmt: skip
        top.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        body = column(top, self.strip, (self.stack, 1), self.finder_frame, self.bar, foot, gap=0)
        self.setLayout(column(frame(body, "surface"), gap=0))
