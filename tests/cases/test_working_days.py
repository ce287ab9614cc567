"""Every day of every published year as the State Council arranged it, and how counting behaves."""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobdesk.host.calendar_file import working_days

CALENDAR = working_days()
DAYS = st.dates(date(2003, 6, 1), date(2028, 6, 1))


@pytest.mark.parametrize("year", range(2004, 2027))
def test_golden_year(year: int) -> None:
    day = date(year, 1, 1)
    while day.year == year:
        assert CALENDAR.is_working(day) == chinese_calendar.is_workday(day), day
        assert CALENDAR.is_known(day)
        day += timedelta(days=1)


def test_year_2026_by_the_notice() -> None:
    assert not CALENDAR.is_working(date(2026, 2, 23)) and CALENDAR.is_working(date(2026, 2, 28))
    assert CALENDAR.add(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert CALENDAR.known_through == date(2026, 12, 31)


def test_unknown_years_are_monday_to_friday_and_said() -> None:
    due = CALENDAR.due(date(2026, 12, 31), 20)
    assert due.day == date(2027, 1, 28) and due.guessed_years == (2027,)
    assert CALENDAR.due(date(2026, 11, 2), 20).guessed_years == ()
    assert CALENDAR.guessed_years(date(2003, 12, 31), date(2028, 1, 1)) == (2003, 2027, 2028)


@given(DAYS, st.integers(1, 300))
def test_between_undoes_add(day: date, count: int) -> None:
    end = CALENDAR.add(day, count)
    assert end > day and CALENDAR.is_working(end) and CALENDAR.between(day, end) == count


@given(DAYS, st.integers(1, 300))
def test_going_back(day: date, count: int) -> None:
    start = CALENDAR.add(day, -count)
    assert start < day and CALENDAR.is_working(start)
    assert CALENDAR.add(start, count) == (day if CALENDAR.is_working(day) else CALENDAR.add(day, -1)) or (
        not CALENDAR.is_working(day) and CALENDAR.add(start, count) > day
    )


@given(DAYS)
def test_nought_rolls_forward(day: date) -> None:
    rolled = CALENDAR.add(day, 0)
    assert CALENDAR.is_working(rolled) and (rolled == day) == CALENDAR.is_working(day)


@given(DAYS, DAYS, DAYS)
def test_spans_add_up(a: date, b: date, c: date) -> None:
    assert CALENDAR.between(a, b) + CALENDAR.between(b, c) == CALENDAR.between(a, c)
    assert CALENDAR.between(a, a) == 0


@given(DAYS, st.integers(0, 200))
def test_between_counts_one_by_one(a: date, days: int) -> None:
    each = sum(CALENDAR.is_working(a + timedelta(days=n)) for n in range(1, days + 1))
    assert CALENDAR.between(a, a + timedelta(days=days)) == each
