"""Terms in days, working days, months, quarters: the ends of months, leap years, quarters, guessed years."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobdesk.cases.counting import Term, Unit, deadline, quarter_end
from jobdesk.cases.rules.situation import months_between
from jobdesk.host.calendar_file import working_days

DAYS = working_days()
DATES = st.dates(date(2005, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("start", "count", "unit", "end"),
    [
        ("2026-01-31", 1, "month", "2026-02-28"),
        ("2024-01-31", 1, "month", "2024-02-29"),
        ("2026-01-31", 2, "month", "2026-03-31"),
        ("2026-03-31", 6, "month", "2026-09-30"),
        ("2026-02-28", 1, "month", "2026-03-28"),
        ("2024-02-29", 12, "month", "2025-02-28"),
        ("2024-02-29", 4, "year", "2028-02-29"),
        ("2026-08-31", 36, "month", "2029-08-31"),
        ("2026-07-15", 30, "day", "2026-08-14"),
        ("2024-02-28", 1, "day", "2024-02-29"),
        ("2026-09-30", 1, "working_day", "2026-10-08"),
        ("2026-02-13", 3, "working_day", "2026-02-25"),
        ("2026-07-15", 10, "working_day", "2026-07-29"),
        ("2026-07-15", 1, "quarter", "2026-09-30"),
        ("2026-09-30", 1, "quarter", "2026-09-30"),
        ("2026-10-01", 2, "quarter", "2027-03-31"),
        ("2026-12-31", 1, "quarter", "2026-12-31"),
    ],
)
def test_deadlines(start: str, count: int, unit: Unit, end: str) -> None:
    found = deadline(date.fromisoformat(start), Term(count, unit), DAYS)
    assert found.day == date.fromisoformat(end) and found.guessed_years == ()


def test_guessed_years_are_said_for_working_days_only() -> None:
    start = date(2026, 12, 28)
    assert deadline(start, Term(10, "working_day"), DAYS).guessed_years == (2027,)
    assert deadline(start, Term(1, "month"), DAYS).guessed_years == ()


@given(DATES, st.integers(0, 120))
def test_months_counted_back_are_the_months_counted_on(day: date, months: int) -> None:
    assert months_between(day, deadline(day, Term(months, "month"), DAYS).day) == months


@given(DATES)
def test_the_end_of_a_quarter(day: date) -> None:
    end = quarter_end(day)
    assert day <= end and end.month in (3, 6, 9, 12) and (end - day).days < 92
    assert quarter_end(end) == end and quarter_end(day, 4).year == end.year + 1
