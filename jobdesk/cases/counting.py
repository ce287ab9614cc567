"""Counting days, working days, months and quarters to a deadline, the day after the start being the first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, TypeGuard, get_args

from jobdesk.cases.figures import add_months
from jobdesk.cases.working_days import DueDay, WorkingDays

Unit = Literal["day", "working_day", "month", "quarter", "year"]


def is_unit(said: str) -> TypeGuard[Unit]:
    """Whether a figure's unit is a span of time."""
    return said in get_args(Unit)


@dataclass(frozen=True, slots=True)
class Term:
    """So many of a unit. ``quarter`` counts to the end of the quarter: 1 is the one the start lies in."""

    count: int
    unit: Unit


def span(value: int | None, unit: str) -> Term:
    """A figure as the pack counts it; a unit that is no span of time is refused when a pack is taken in."""
    return Term(value or 0, unit if is_unit(unit) else "working_day")


def quarter_end(day: date, later: int = 0) -> date:
    """季末: the last day of the quarter of ``day``, or of one so many quarters later."""
    quarters = day.year * 4 + (day.month - 1) // 3 + later
    year, quarter = divmod(quarters, 4)
    month = quarter * 3 + 3
    return date(year, month, 31 if month in (3, 12) else 30)


def deadline(start: date, term: Term, days: WorkingDays) -> DueDay:
    """The last day of a term that begins on the day after ``start``.

    Months end on the same day of the month, or on the last of a shorter one (31 January + 1 month is 28 or
    29 February); a year is twelve of them. Days count through weekends and holidays.
    """
    match term.unit:
        case "working_day":
            return days.due(start, term.count)
        case "day":
            return DueDay(start + timedelta(days=term.count))
        case "month":
            return DueDay(add_months(start, term.count))
        case "year":
            return DueDay(add_months(start, term.count * 12))
        case "quarter":
            return DueDay(quarter_end(start, term.count - 1))
