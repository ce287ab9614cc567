"""Dates as clerks write them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobdesk.cases.date_spelling import read_date, read_number, read_serial
from jobdesk.cases.partial_date import PartialDate


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2026.3", "2026-03"),
        ("2026.10", "2026-10"),
        ("2026.3.1", "2026-03-01"),
        ("26-3-1", "2026-03-01"),
        ("68.5.2", "1968-05-02"),
        ("2026年3月", "2026-03"),
        ("2026年3月份", "2026-03"),
        ("2026 年 3 月 1 日", "2026-03-01"),
        ("２０２６．３", "2026-03"),
        ("20260301", "2026-03-01"),
        ("202603", "2026-03"),
        ("990501", "1999-05-01"),
        ("2026/3/1", "2026-03-01"),
        ("2026-03", "2026-03"),
        ("2026", "2026"),
        ("2026年", "2026"),
        ("26年3月", "2026-03"),
        ("2026-03-01 00:00:00", "2026-03-01"),
        ("二〇二六年三月十二日", "2026-03-12"),
        ("二〇二六年十月", "2026-10"),
        ("2026、3、1", "2026-03-01"),
        ("25/12/2026", "2026-12-25"),
        ("\t2026.3\n", "2026-03"),
    ],
)
def test_spellings(text: str, iso: str) -> None:
    reading = read_date(text)
    assert reading.start is not None and reading.start.iso() == iso
    assert reading.problem is None and not reading.ranged


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2024.3-2025.2", "2024-03", "2025-02"),
        ("2024年3月至2025年2月", "2024-03", "2025-02"),
        ("2024-03-01至2025-02-28", "2024-03-01", "2025-02-28"),
        ("2024.3.1—2025.2.28", "2024-03-01", "2025-02-28"),
        ("2024-2025", "2024", "2025"),
        ("24.3～25.2", "2024-03", "2025-02"),
        ("2024/3-2025/2", "2024-03", "2025-02"),
        ("20240301-20250228", "2024-03-01", "2025-02-28"),
        ("2024年3月至今", "2024-03", None),
        ("2024.3-至今", "2024-03", None),
        ("自2024年3月起", "2024-03", None),
    ],
)
def test_ranges(text: str, start: str, end: str | None) -> None:
    reading = read_date(text)
    assert reading.problem is None and reading.ranged
    assert reading.start is not None and reading.start.iso() == start
    assert (reading.end.iso() if reading.end else None) == end
    assert reading.ongoing == (end is None)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2026.2.30", "date_impossible"),
        ("2026.13", "date_impossible"),
        ("20261301", "date_impossible"),
        ("3/4/2026", "date_ambiguous"),
        ("200312", "date_ambiguous"),
        ("26-3", "date_ambiguous"),
        ("去年春天", "date_unreadable"),
        ("2025.2-2024.3", "date_backwards"),
        ("²³", "date_unreadable"),
        ("9" * 40, "date_unreadable"),
    ],
)
def test_told_and_not_guessed(text: str, code: str) -> None:
    reading = read_date(text)
    assert reading.problem == code and reading.start is None


def test_blank_marks_are_blank() -> None:
    assert all(read_date(text).blank for text in ("", "  ", "无", "/", "—", "N/A"))


def test_now_alone_has_no_start() -> None:
    reading = read_date("至今")
    assert reading.ongoing and reading.start is None and reading.problem is None


def test_number_cells() -> None:
    assert read_number(46082).start == PartialDate(2026, 3, 1)
    assert read_number(46082 - 1462, system_1904=True).start == PartialDate(2026, 3, 1)
    assert read_number(20260301).start == PartialDate(2026, 3, 1)
    assert read_number(2026.3).start == PartialDate(2026, 3)
    assert read_number(2026.12).start == PartialDate(2026, 12)
    assert read_number(2026).start == PartialDate(2026)
    assert read_number(2026.1).problem == "date_ambiguous"
    for odd in (0, -5, 3, 1e300, float("nan"), float("inf"), 12345678901):
        assert read_number(odd).problem is not None


def test_pivot_is_the_callers() -> None:
    assert read_date("45.3", pivot=50).start == PartialDate(2045, 3)
    assert read_date("45.3", pivot=40).start == PartialDate(1945, 3)
    assert read_date("45.3").century_guessed


_DAYS = st.dates(date(1941, 1, 1), date(2040, 12, 31))


_SPELLINGS = [
    "{y}.{m}.{d}",
    "{y}-{m}-{d}",
    "{y}/{m}/{d}",
    "{y}年{m}月{d}日",
    "{y}{m:02}{d:02}",
    "{s:02}.{m}.{d}",
]


@given(_DAYS, st.sampled_from(_SPELLINGS))
def test_a_day_written_any_way_reads_back(day: date, spelling: str) -> None:
    text = spelling.format(y=day.year, m=day.month, d=day.day, s=day.year % 100)
    assert read_date(text).start == PartialDate.of(day)


@given(_DAYS, st.sampled_from(["{y}.{m}", "{y}-{m:02}", "{y}年{m}月", "{y}/{m}"]))
def test_a_month_stays_a_month(day: date, spelling: str) -> None:
    assert read_date(spelling.format(y=day.year, m=day.month)).start == PartialDate(day.year, day.month)


@given(_DAYS)
def test_serials_agree_in_both_systems(day: date) -> None:
    assert read_serial((day - date(1899, 12, 30)).days).start == PartialDate.of(day)
    assert read_serial((day - date(1904, 1, 1)).days, system_1904=True).start == PartialDate.of(day)


@given(st.text(max_size=30))
def test_any_text_is_answered(text: str) -> None:
    reading = read_date(text)
    assert reading.blank or reading.problem or reading.start or reading.ongoing


@given(st.floats(allow_nan=True, allow_infinity=True))
def test_any_number_is_answered(value: float) -> None:
    reading = read_number(value)
    assert (reading.start is None) == (reading.problem is not None)


@given(_DAYS, st.integers(0, 4000))
def test_ranges_read_back(day: date, length: int) -> None:
    end = day + timedelta(days=length)
    if end.year > 2040:
        return
    reading = read_date(f"{day:%Y.%m.%d}-{end:%Y.%m.%d}")
    assert (reading.start, reading.end) == (PartialDate.of(day), PartialDate.of(end))
