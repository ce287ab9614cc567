"""A month stays a month; no day is invented."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobdesk.cases.due import day_of
from jobdesk.cases.partial_date import PartialDate, Precision, exact_day


@st.composite
def partials(draw: st.DrawFn) -> PartialDate:
    day = draw(st.dates())
    parts = draw(st.integers(1, 3))
    return PartialDate(*(day.year, day.month, day.day)[:parts])


@given(partials())
def test_iso_round_trip_keeps_precision(value: PartialDate) -> None:
    again = PartialDate.written(value.iso())
    assert again == value and again is not None and again.precision is value.precision


@given(partials())
def test_what_rules_count_with_stays_within_the_calendar(value: PartialDate) -> None:
    found, far = PartialDate.parse(value.iso()), timedelta(days=36_500)
    assert found == (value if 1900 <= value.year <= 2200 else None)
    assert exact_day(value.iso()) == (found.exact if found else None)
    assert day_of(value.iso()) == (found.last if found else None)
    if found is not None:
        assert found.first - far and found.last + far


@given(partials())
def test_bounds(value: PartialDate) -> None:
    assert value.first <= value.last
    assert (value.first == value.last) == (value.precision is Precision.DAY)
    assert value.exact == (value.first if value.day else None)


@given(st.lists(partials()))
def test_total_order(values: list[PartialDate]) -> None:
    ordered = sorted(values)
    assert [v.first for v in ordered] == sorted(v.first for v in values)
    for a, b in pairwise(ordered):
        assert (a < b) + (a == b) + (a > b) == 1


def test_vaguer_comes_first() -> None:
    year, month, day = PartialDate(2026), PartialDate(2026, 1), PartialDate(2026, 1, 1)
    assert sorted([day, month, year]) == [year, month, day]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "26",
        "2026-3",
        "2026-13",
        "2026-02-29",
        "2026-00",
        "2026.03",
        "2026-03-15T",
        " 2026",
        "٢٠٢٦",
        "0000",
    ],
)
def test_only_iso(text: str) -> None:
    assert PartialDate.parse(text) is None


def test_last_day_knows_leap_years() -> None:
    assert PartialDate(2024, 2).last == date(2024, 2, 29)
    assert PartialDate(2026).last == date(2026, 12, 31)


@pytest.mark.parametrize("parts", [(2026, None, 3), (2026, 2, 30), (2026, 0), (0,)])
def test_impossible_is_refused(parts: tuple[int, ...]) -> None:
    with pytest.raises(ValueError):
        PartialDate(*parts)


def test_may_be() -> None:
    assert PartialDate(2026, 3).may_be(PartialDate(2026, 3, 15))
    assert not PartialDate(2026, 3).may_be(PartialDate(2026, 4, 1))
