"""The list, a line for the reason under it, and what else waits."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QSizePolicy, QStackedWidget, QWidget

from jobdesk.host.strings import text
from jobdesk.ui.kit import Button, EmptyState, Text, TextInput, column, frame, key_hints, row
from jobdesk.ui.table import Table


class DoubtsView(QWidget):
    """All parts, none of the wiring."""

    def __init__(self, table: Table) -> None:
        super().__init__()
        self.beside = Text("", "caption", "ink_2", wrap=True)
        self.to_conflicts = Button(text("doubts.to_conflicts"), "bare", icon="split")
        self.to_held = Button(text("doubts.to_held"), "bare", icon="import")
        self.stack = QStackedWidget()
        self.stack.addWidget(table)
        self.stack.addWidget(EmptyState("check-circle", text("doubts.none"), more=text("doubts.none_more")))
        self.reason = TextInput(placeholder=text("doubts.reason"))
        self.reason.setAccessibleName(text("doubts.reason"))
        self.keep = Button(text("doubts.keep"), "primary")
        self.problem = Text("", "caption", "bad", wrap=True)
        self.problem.hide()
        self.bar = QFrame()
        self.bar.setProperty("look", "accent_soft")
        self.bar.setLayout(
            column(row((self.reason, 1), self.keep, gap=8), self.problem, gap=4, pad=(20, 8, 12, 8))
        )
        self.bar.hide()
        self.count = Text("", "caption", "ink_2")
        self.hints = key_hints(("↑ ↓", text("walk_ins.key_choose")), ("Enter", text("doubts.key_file")))
        self.basis = Button(text("basis.link"), icon="info", keys="F4")
        self.stand = Button(text("doubts.stand"), icon="note", keys="F2")
        ends = row(self.count, None, self.hints, self.basis, self.stand, gap=12, pad=(20, 6, 12, 6))
        foot = frame(ends, "foot")
        self.more = frame(row((self.beside, 1), self.to_held, self.to_conflicts, gap=8))
        top = frame(
            column(
                Text(text("doubts.title"), "title"),
                Text(text("doubts.sentence"), "body", "ink_2", wrap=True),
                self.more,
                gap=6, pad=(20, 12, 16, 10),
            )
        )  # fmt: skip
        top.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.setLayout(column(frame(column(top, (self.stack, 1), self.bar, foot, gap=0), "surface"), gap=0))
