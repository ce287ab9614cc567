"""本人声明: a dated statement of further study or of no wish to work now, written down in seconds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from PySide6.QtWidgets import QFrame

from jobdesk.cases.facts import CaseFacts
from jobdesk.cases.figures import Figures
from jobdesk.cases.ops import Json
from jobdesk.cases.problems import problems_of
from jobdesk.host import code_lists, template_files
from jobdesk.host.strings import text
from jobdesk.ui.kit import Button, Choice, DateInput, Field, Segments, Text, TextArea, column, row
from jobdesk.ui.signals import TypedSignal, signal

KINDS = ("study", "no_wish")
LABEL = 72


class StatementBox(QFrame):
    """The few fields of a statement.

    Signals:
        kept: the values of a statement without blocking problems.
    """

    kept: TypedSignal[Mapping[str, Json]] = signal()

    def __init__(self, behind: Callable[[str], date | None]) -> None:
        super().__init__()
        self.setProperty("look", "soft")
        table = code_lists.table("statement_kind")
        self.kind = Segments([Choice(k, table.name_of(k)) for k in KINDS])
        self.day: DateInput[date] = DateInput(behind, date.isoformat, width=128)
        self.words = TextArea(lines=2, most=5, placeholder=text("service.statement_hint"))
        self.save = Button(text("service.statement_save"))
        self.kind_field = Field(text("field.statement.kind"), self.kind, label_width=LABEL)
        self.day_field = Field(text("field.statement.stated_on"), self.day, label_width=LABEL)
        self.setLayout(
            column(
                Text(text("service.statement_title"), bold=True),
                self.kind_field,
                self.day_field,
                Field(text("field.statement.text"), self.words, label_width=LABEL),
                Text(text("service.statement_note"), "caption", "ink_2", wrap=True),
                row(None, self.save),
                gap=8,
                pad=(10, 10, 10, 10),
            )
        )
        self._facts, self._today = CaseFacts("", {}), date.min
        self._figures = template_files.figures()
        self.save.clicked.connect(lambda _checked=False: self._keep())

    def begin(self, facts: CaseFacts, today: date, figures: Figures) -> None:
        """Empty, dated today."""
        self._facts, self._today, self._figures = facts, today, figures
        self.kind.set_value("")
        self.day.set_date(today)
        self.words.set_value("")
        self.kind_field.set_problem(None)
        self.day_field.set_problem(None)

    def _keep(self) -> None:
        self.day.read()
        stated = self.day.date()
        values: dict[str, Json] = {
            "kind": self.kind.value() or None,
            "stated_on": stated.isoformat() if stated else None,
            "text": self.words.value() or None,
        }
        found = problems_of("statement", values, self._today, self._figures, others=self._facts)
        by_field = {p.field: text(f"problem.{p.code}", **dict(p.params)) for p in reversed(found)}
        self.kind_field.set_problem(by_field.get("kind"))
        if self.day.readable:
            self.day_field.set_problem(by_field.get("stated_on"))
        if self.day.readable and stated and not any(p.blocks for p in found):
            self.kept.emit(values)
