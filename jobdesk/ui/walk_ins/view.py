"""The one-line form over the list of lines."""

from __future__ import annotations

from PySide6.QtWidgets import QStackedWidget, QWidget

from jobdesk.host import code_lists
from jobdesk.host.strings import text
from jobdesk.ui.kit import (
    Button,
    Choice,
    EmptyState,
    Segments,
    Text,
    TextInput,
    column,
    flow,
    frame,
    key_hints,
    row,
)
from jobdesk.ui.table import Table
from jobdesk.ui.walk_ins.state import CHANNELS


class WalkInsView(QWidget):
    """All parts, none of the wiring."""

    def __init__(self, table: Table) -> None:
        super().__init__()
        names = code_lists.table("channel")
        known = [Choice(c, names.name_of(c)) for c in CHANNELS]
        self.channel = Segments(
            known or [Choice(e.code, e.name) for e in names.entries], name=text("walk_ins.column.channel")
        )
        self.name = TextInput(placeholder=text("walk_ins.column.name"), width=110)
        self.phone = TextInput(placeholder=text("walk_ins.phone"), width=140)
        self.matter = TextInput(placeholder=text("walk_ins.column.matter"))
        self.answer = TextInput(placeholder=text("walk_ins.column.answer"))
        for box, least in ((self.matter, 240), (self.answer, 200)):
            box.setMinimumWidth(least)
        for box in (self.name, self.phone, self.matter, self.answer):
            box.setAccessibleName(box.placeholderText())
        self.keep = Button(text("walk_ins.keep"), "primary", keys="Ctrl+Enter")
        self.problem = Text("", "caption", "bad", wrap=True)
        self.problem.hide()
        self.typing = frame(column(
            flow(self.channel, self.name, self.phone, gap=8, line_gap=8),
            row((self.matter, 3), (self.answer, 2), self.keep, gap=8),
            self.problem, Text(text("walk_ins.hint"), "caption", "ink_3", wrap=True), gap=8,
        ))  # fmt: skip
        self.above = Text(text("walk_ins.above"), "body", "ink_2", wrap=True)
        self.above.hide()
        self.nobody = EmptyState("phone", text("walk_ins.none"), more=text("walk_ins.none_more"))
        self.stack = QStackedWidget()
        self.stack.addWidget(table)
        self.stack.addWidget(self.nobody)
        self.count = Text("", "caption", "ink_2")
        self.open_file = Button(text("walk_ins.open_file"), icon="user-plus", keys="F4")
        self.hints = key_hints(("↑ ↓", text("walk_ins.key_choose")), ("Enter", text("walk_ins.key_file")))
        foot = frame(row(self.count, None, self.hints, self.open_file, gap=12, pad=(20, 6, 12, 6)), "foot")
        head = Text(text("walk_ins.title"), "title")
        top = column(head, self.typing, self.above, gap=10, pad=(20, 12, 16, 10))
        self.setLayout(column(frame(column(top, (self.stack, 1), foot, gap=0), "surface"), gap=0))
