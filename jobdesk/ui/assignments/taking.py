"""The strip that asks what a list is called, who sent it and by when it goes back."""

from __future__ import annotations

from datetime import date

from PySide6.QtGui import Qt
from PySide6.QtWidgets import QFrame

from jobdesk.cases.date_spelling import read_date
from jobdesk.services.assignments.taking import ListRead
from jobdesk.ui import shortcuts
from jobdesk.ui.assignments.state import t
from jobdesk.ui.kit import Button, DateInput, Field, Text, TextInput, column, frame, row
from jobdesk.ui.palette import tokens
from jobdesk.ui.signals import BareSignal, TypedSignal, bare_signal, signal


class TakingStrip(QFrame):
    """Stands over the table while a list is taken in.

    Signals:
        taken: (title, issuer, deadline) as typed.
        given_up: the list is not taken.
    """

    taken: TypedSignal[object] = signal()
    given_up: BareSignal = bare_signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("look", "accent_soft")
        self.found = Text("", "body")
        self.title, self.issuer = TextInput(width=300), TextInput(width=200)
        self.due: DateInput[date] = DateInput(_day, date.isoformat, width=140)
        self._due_field = Field(t("due"), self.due, needed=True, where="above")
        self.take = Button(t("take"), "primary", on_click=self._take)
        self.problem = Text("", "caption", "bad")
        self.problem.hide()
        self._fields = frame(row(
            Field(t("title_label"), self.title, needed=True, where="above"),
            Field(t("issuer"), self.issuer, where="above"),
            self._due_field, None, gap=12,
        ))  # fmt: skip
        buttons = row(self.take, Button(t("give_up"), "bare", on_click=self.given_up.emit), None, gap=8)
        self.setLayout(column(self.found, self._fields, buttons, self.problem, gap=8, pad=(20, 10, 12, 10)))
        shortcuts.bind(self, "Esc", self.given_up.emit, window=False)
        self.hide()

    def ask(self, found: ListRead) -> None:
        """Show what was found in the file and wait for the rest."""
        strangers = len(found.rows) - found.found
        self.found.setText(t("found", file=found.file_name, people=len(found.rows), known=found.found,
                             strangers=strangers))  # fmt: skip
        self.title.set_value(found.title)
        self.say(t("taken_before") if found.taken else "")
        self.take.refuse(t("taken_before") if found.taken else "")
        self.show()
        needed = self._fields.sizeHint().height()
        self._fields.setMinimumHeight(needed)
        # a column of wrapping texts asks for less than it needs while it is squeezed in
        self.setMinimumHeight(needed + 3 * tokens().shape.control + 56)
        self.due.setFocus(Qt.FocusReason.OtherFocusReason)

    def say(self, words: str) -> None:
        self.problem.setText(words)
        self.problem.setVisible(bool(words))

    def _take(self) -> None:
        self.due.read()
        day = self.due.date()
        self._due_field.set_problem(t("due_needed") if day is None else None)
        if day is not None:
            self.taken.emit((self.title.value(), self.issuer.value(), day))


def _day(words: str) -> date | None:
    start = read_date(words).start
    return start.exact if start is not None else None
