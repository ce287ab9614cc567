"""The month's PDF in one go, for a command: read, count, draw."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from jobdesk.reports.month_numbers import MonthOptions, month_numbers
from jobdesk.reports.month_numbers_span import month_span
from jobdesk.reports.month_pdf import month_pdf
from jobdesk.reports.totals import checks
from jobdesk.services.desk import Desk


@dataclass(frozen=True, slots=True)
class MonthPaper:
    """What was drawn.

    Attributes:
        people: people with a sheet.
        checks_ok: whether every arithmetic check of the paper holds.
        missing: places that wait for a pen or for somebody, over all sheets.
    """

    data: bytes
    pages: int
    people: int
    checks_ok: bool
    missing: int


def month_pdf_of(
    desk: Desk, month: date, *, masked: bool = True, before: Callable[[int], object] | None = None
) -> MonthPaper:
    """Cover and one sheet per person of the month that ``month`` lies in. Blocks until it is drawn.

    Args:
        before: told how many people the paper shows before anything is drawn (the access log).

    Raises:
        BadInput: a month that has not begun.
    """
    span = month_span(f"{month:%Y-%m}", desk.today)
    numbers = desk.read(lambda con: month_numbers(con, desk, span, MonthOptions(masked=masked))).result()
    if before is not None:
        before(len(numbers.report.sheets))
    paper = month_pdf(numbers.report, desk.clock)
    return MonthPaper(
        paper.data,
        paper.pages,
        len(numbers.report.sheets),
        all(c.ok for c in checks(numbers.report)),
        len(numbers.gaps),
    )
