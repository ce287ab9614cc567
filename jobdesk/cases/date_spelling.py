"""Dates as clerks write them: 2026.3, 26-3-1, 2026年3月, 20260301, 2024.3-2025.2, 至今, Excel serials.

A month stays a month and a year a year: no day is invented. What can mean two dates is told, never
chosen. Nothing here raises on any text or number.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

from jobdesk.cases.partial_date import EARLIEST_YEAR, LATEST_YEAR, PartialDate

TWO_DIGIT_PIVOT = 40
"""自定: 00–40 is 2000–2040, 41–99 is 1941–1999. Callers pass the figure from ``layouts/reading.toml``."""

UNREADABLE = "date_unreadable"
IMPOSSIBLE = "date_impossible"
AMBIGUOUS = "date_ambiguous"
BACKWARDS = "date_backwards"


@dataclass(frozen=True, slots=True)
class DateReading:
    """What a spelling says.

    Attributes:
        start: the date, or the first of a range; None when it cannot be told (then ``problem`` or ``blank``).
        end: the last of a range; None for a single date and for an open range.
        ranged: two ends were written (``2024.3-2025.2``, ``2024年3月至今``).
        ongoing: the range is open: 至今.
        century_guessed: a two-digit year was read by the pivot.
        problem: ``date_unreadable``, ``date_impossible``, ``date_ambiguous``, ``date_backwards`` or None.
        blank: nothing was written, or only a dash or 无.
    """

    start: PartialDate | None = None
    end: PartialDate | None = None
    ranged: bool = False
    ongoing: bool = False
    century_guessed: bool = False
    problem: str | None = None
    blank: bool = False


_BLANKS = frozenset(
    ["", "-", "--", "—", "——", "/", "\\", "N/A", "NA", "无", "暂无", "没有", "未填", "不详", "空"]
)
_NOW = r"(?:至今|迄今|到今|现在|目前|今|至目前|至现在|到现在|到目前|长期)"
_CHINESE = str.maketrans("〇○零一二三四五六七八九", "000123456789")

_YMD = re.compile(r"(\d{4}|\d{2})[年.\-/、,](\d{1,2})(?:[月.\-/、,](\d{1,2})[日号]?|月份?)?[.]?")
_YEAR = re.compile(r"(\d{4})年?度?")
_SHORT_YEAR = re.compile(r"(\d{2})年")
_DMY = re.compile(r"(\d{1,2})[/\-.](\d{1,2})[/\-.](\d{4})")
_TIME = re.compile(r"(?<=\d)[T ]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*$")
_ONE = (
    r"\d{4}年\d{1,2}月\d{1,2}[日号]?|\d{2}年\d{1,2}月\d{1,2}[日号]?|\d{2,4}年\d{1,2}月|\d{2,4}[./]\d{1,2}[./]\d{1,2}"
    r"|\d{4}-\d{1,2}-\d{1,2}|\d{2}-\d{1,2}-\d{1,2}|\d{2,4}[./]\d{1,2}|\d{4}-\d{1,2}(?!\d)|\d{8}|\d{6}|\d{4}年?|\d{2}年"
)
_RANGE = re.compile(rf"(?:自|从)?({_ONE})(?:起)?(?:-|--|至|到|→)({_ONE})止?")
_OPEN = re.compile(rf"(?:自|从)?({_ONE})(?:起|开始)?(?:-|--|至|到|→)?{_NOW}")
_OPEN_FROM = re.compile(rf"(?:自|从)?({_ONE})(?:起|开始|以来|-|--|至)")
_DASHES = re.compile(r"[~～—–―‐‑−－﹣]+")
_CHINESE_DAY = re.compile(r"[〇○零一二三四五六七八九]{4}年")
_TENS = re.compile(r"(?<=[年月])([二三]?)十([一二三四五六七八九]?)(?=[月日号])")


def read_date(text: str, *, pivot: int = TWO_DIGIT_PIVOT) -> DateReading:
    """Read a spelling in text; see the module for what is known. Blank text is ``blank``."""
    plain = _normal(text)
    if plain.upper() in _BLANKS:
        return DateReading(blank=True)
    if re.fullmatch(_NOW, plain) and plain != "长期":
        return DateReading(ranged=True, ongoing=True)
    single = _single(plain, pivot)
    if single.problem != UNREADABLE:
        return single
    if match := _RANGE.fullmatch(plain):
        return _range(_single(match[1], pivot), _single(match[2], pivot))
    if match := _OPEN.fullmatch(plain) or _OPEN_FROM.fullmatch(plain):
        start = _single(match[1], pivot)
        if start.problem:
            return start
        return DateReading(start.start, ranged=True, ongoing=True, century_guessed=start.century_guessed)
    return single


def read_number(value: float, *, system_1904: bool = False, pivot: int = TWO_DIGIT_PIVOT) -> DateReading:
    """Read a number cell that stands where a date is due.

    A year (2026), 202603, 20260301, 2026.3 and an Excel serial are told apart by size. 2026.1 is
    ambiguous: October typed as 2026.10 is stored as the same number.
    """
    if value != value or value in (float("inf"), float("-inf")) or value <= 0:
        return DateReading(problem=UNREADABLE)
    whole = int(value)
    if value != whole:
        if EARLIEST_YEAR <= whole <= LATEST_YEAR:
            return _year_and_fraction(value, whole)
        return read_serial(value, system_1904=system_1904)
    if EARLIEST_YEAR <= whole <= LATEST_YEAR:
        return DateReading(PartialDate(whole))
    if whole < 100_000:
        return read_serial(value, system_1904=system_1904)
    return _single(str(whole), pivot)


def read_serial(value: float, *, system_1904: bool = False) -> DateReading:
    """The day of an Excel serial number; the 1900 system counts a 29 February 1900 that never was.

    Serials before 1920 and after 2100 are unreadable: such a number is not a date of ours.
    """
    days = int(value)
    first = date(1904, 1, 1) if system_1904 else date(1899, 12, 30)
    if not 0 < days < 100_000:
        return DateReading(problem=UNREADABLE)
    day = first + timedelta(days=days)
    if not 1920 <= day.year <= LATEST_YEAR:
        return DateReading(problem=UNREADABLE)
    return DateReading(PartialDate.of(day))


def _normal(text: str) -> str:
    half = unicodedata.normalize("NFKC", _TIME.sub("", text.strip()))
    half = "".join(c for c in half if not c.isspace() and c.isprintable()).lstrip("'’`")
    half = _DASHES.sub("-", half)
    if _CHINESE_DAY.search(half):
        half = _TENS.sub(lambda m: f"{(m[1] or '1')}{(m[2] or '0')}", half).translate(_CHINESE)
    return half


def _single(plain: str, pivot: int) -> DateReading:
    if plain.isascii() and plain.isdigit():
        return _digits(plain, pivot)
    if match := _YMD.fullmatch(plain):
        month_only = match[3] is None and "-" in plain and len(match[1]) == 2
        if month_only:
            return DateReading(problem=AMBIGUOUS)
        year, guessed = _year(match[1], pivot)
        return _checked(year, int(match[2]), int(match[3]) if match[3] else None, guessed)
    if match := _YEAR.fullmatch(plain):
        return _checked(int(match[1]), None, None, False)
    if match := _SHORT_YEAR.fullmatch(plain):
        year, guessed = _year(match[1], pivot)
        return _checked(year, None, None, guessed)
    if match := _DMY.fullmatch(plain):
        first, second, year = int(match[1]), int(match[2]), int(match[3])
        if first <= 12 and second <= 12 and first != second:
            return DateReading(problem=AMBIGUOUS)
        return _checked(year, min(first, second), max(first, second), False)
    return DateReading(problem=UNREADABLE)


def _digits(plain: str, pivot: int) -> DateReading:
    if len(plain) == 8:
        return _checked(int(plain[:4]), int(plain[4:6]), int(plain[6:]), False)
    if len(plain) == 4:
        return _checked(int(plain), None, None, False)
    if len(plain) != 6:
        return DateReading(problem=UNREADABLE)
    by_month = _checked(int(plain[:4]), int(plain[4:]), None, False)
    year, guessed = _year(plain[:2], pivot)
    by_day = _checked(year, int(plain[2:4]), int(plain[4:]), guessed)
    if by_month.problem is None and by_day.problem is None:
        return DateReading(problem=AMBIGUOUS)
    return by_month if by_month.problem is None else by_day


def _year(digits: str, pivot: int) -> tuple[int, bool]:
    if len(digits) == 4:
        return int(digits), False
    short = int(digits)
    return (2000 + short if short <= pivot else 1900 + short), True


def _checked(year: int, month: int | None, day: int | None, guessed: bool) -> DateReading:
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        return DateReading(problem=UNREADABLE if month is None else IMPOSSIBLE)
    try:
        return DateReading(PartialDate(year, month, day), century_guessed=guessed)
    except ValueError:
        return DateReading(problem=IMPOSSIBLE)


def _range(start: DateReading, end: DateReading) -> DateReading:
    for part in (start, end):
        if part.problem:
            return part
    assert start.start is not None and end.start is not None
    if end.start.last < start.start.first:
        return DateReading(problem=BACKWARDS)
    guessed = start.century_guessed or end.century_guessed
    return DateReading(start.start, end.start, ranged=True, century_guessed=guessed)


def _year_and_fraction(value: float, year: int) -> DateReading:
    fraction = f"{value:.4f}".split(".")[1].rstrip("0")
    if fraction == "1":
        return DateReading(problem=AMBIGUOUS)
    if len(fraction) > 2:
        return DateReading(problem=UNREADABLE)
    month = int(fraction)
    return _checked(year, month, None, False)
