"""What the lists and their people show. Pure: no Qt."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from jobdesk.cases.assigned import ANSWERS
from jobdesk.cases.partial_date import exact_day
from jobdesk.cases.working_days import WorkingDays
from jobdesk.host import code_lists
from jobdesk.host.strings import text
from jobdesk.services.assignments.reading import AssignedPerson, AssignmentSummary
from jobdesk.ui.kit import Choice
from jobdesk.ui.kit.labels import Tone
from jobdesk.ui.ledger.state import day_text
from jobdesk.ui.table import Cell, Column, Row


def t(key: str, /, **params: object) -> str:
    return text(f"assignments.{key}", **params)


def columns() -> tuple[Column, ...]:
    """Columns of the people."""

    def c(key: str, width: int, priority: int, stretch: int = 0) -> Column:
        return Column(key, t(f"column.{key}"), width, stretch, priority, sortable=False)

    return (
        c("row", 56, 5), c("name", 110, 0), c("file", 110, 2), c("proposal", 170, 3, 1),
        c("answer", 110, 1), c("note", 200, 4, 2), c("day", 84, 6),
    )  # fmt: skip


def answer_choices() -> list[Choice]:
    """The seven answers in the order of their keys."""
    names = code_lists.table("list_answer")
    return [Choice(code, f"{n} {names.name_of(code)}") for n, code in enumerate(ANSWERS, 1)]


def row_of(one: AssignedPerson, today: date) -> Row:
    """One line of a list. Numbers are not shown at all."""
    names = code_lists.table("list_answer")
    number = one.record.values.get("row")
    has_file = bool(one.case_id)
    proposal = Cell(kind="none")
    if one.proposal is not None:
        words = names.name_of(one.proposal.code)
        proposal = Cell(words if one.proposal.checked else t("heard", what=words), "muted")
    return Row(
        one.record.id,
        {
            "row": Cell(str(number + 1) if isinstance(number, int) else "", "muted"),
            "name": Cell(one.name or t("nameless"), "strong"),
            "file": Cell(t("has_file"), "muted") if has_file else Cell(t("no_file"), "blank"),
            "proposal": proposal,
            "answer": Cell(names.name_of(one.answer), tone="accent")
            if one.answer
            else Cell(t("waits"), tone="warn"),
            "note": Cell(one.record.text("note"), tip=one.record.text("note")),
            "day": Cell(day_text(one.record.text("answered_on"), today), "muted")
            if one.record.text("answered_on")
            else Cell(kind="none"),
        },
    )


def list_choices(found: Sequence[AssignmentSummary]) -> list[Choice]:
    """The lists to choose from, with how far each is."""
    return [Choice(a.id, t("choice", title=a.title, answered=a.answered, total=a.total)) for a in found]


def deadline(one: AssignmentSummary, today: date, days: WorkingDays) -> tuple[str, Tone]:
    """(sentence, tone) about the day by which the list is to go back."""
    if one.returned_on:
        return t("returned", day=day_text(one.returned_on, today)), "ok"
    due = exact_day(one.due_on)
    if due is None:
        return one.due_on, "ink_2"
    away = days.between(today, due)
    key = "due_over" if due < today else "due_today" if due == today else "due_in"
    tone: Tone = "bad" if due < today else "warn" if away <= 2 else "ink_2"
    return t(key, day=day_text(one.due_on, today), days=abs(away)), tone
