"""Working days of the State Council's calendar; past the published years, Monday to Friday, and said.

The file is loaded above (``jobdesk.host.calendar_file``); rules receive this value.
"""

from __future__ import annotations

import functools
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta

_DAY = timedelta(days=1)
_FRIDAY = 4


@dataclass(frozen=True, slots=True)
class DueDay:
    """A computed day.

    Attributes:
        guessed_years: years whose arrangement was not published when the file was made and that the
            count ran through (按周一至周五推算); empty when every day was known.
    """

    day: date
    guessed_years: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """The calendar as a value.

    Attributes:
        known_from, known_through: first and last day for which the arrangement is known.
        off: weekdays that are free.
        work: days of a weekend that are worked.
    """

    known_from: date
    known_through: date
    off: frozenset[date]
    work: frozenset[date]
    document: str = ""
    clause: str = ""

    def with_years(self, newer: WorkingDays) -> WorkingDays:
        """This calendar with the newer one's years in the place of its own, or after them.

        Raises:
            ValueError: days between the two would be unknown.
        """
        if newer.known_from > self.known_through + _DAY or newer.known_through < self.known_from - _DAY:
            raise ValueError("the calendars do not join")

        def kept(days: frozenset[date]) -> frozenset[date]:
            return frozenset(d for d in days if not newer.is_known(d))

        return WorkingDays(
            min(self.known_from, newer.known_from), max(self.known_through, newer.known_through),
            kept(self.off) | newer.off, kept(self.work) | newer.work,
            "；".join(dict.fromkeys(d for d in (self.document, newer.document) if d)),
            "；".join(dict.fromkeys(c for c in (self.clause, newer.clause) if c)),
        )  # fmt: skip

    def is_known(self, day: date) -> bool:
        return self.known_from <= day <= self.known_through

    def is_working(self, day: date) -> bool:
        """In an unknown year: whether it is a Monday to Friday."""
        return day in self.work if day.weekday() > _FRIDAY else day not in self.off

    def add(self, day: date, count: int) -> date:
        """The ``count``-th working day after ``day``, which itself is not counted (次日起算).

        Negative counts go back. 0 is ``day`` itself, or the next working day when it is none.
        """
        step = -_DAY if count < 0 else _DAY
        left = abs(count)
        if left == 0:
            while not self.is_working(day):
                day += _DAY
            return day
        off, work = self.off, self.work
        while left:
            day += step
            left -= day in work if day.weekday() > _FRIDAY else day not in off
        return day

    def due(self, day: date, count: int) -> DueDay:
        """``add`` with the years that had to be guessed."""
        end = self.add(day, count)
        return DueDay(end, self.guessed_years(day, end))

    def between(self, a: date, b: date) -> int:
        """Working days after ``a`` up to and with ``b``; negative when ``b`` lies before ``a``.

        So ``between(a, add(a, n)) == n`` for every positive n, and ``between(a, a) == 0``.
        """
        if b < a:
            return -self.between(b, a)
        weeks, rest = divmod((b - a).days, 7)
        first = a.weekday()
        count = weeks * 5 + sum((first + n) % 7 <= _FRIDAY for n in range(1, rest + 1))
        return count - _among(self.off, a, b) + _among(self.work, a, b)

    def guessed_years(self, a: date, b: date) -> tuple[int, ...]:
        """Years without a published arrangement among the days from ``a`` to ``b``, both included."""
        first, last = min(a, b), max(a, b)
        return tuple(
            year
            for year in range(first.year, last.year + 1)
            if not (
                self.is_known(max(first, date(year, 1, 1))) and self.is_known(min(last, date(year, 12, 31)))
            )
        )


@functools.lru_cache(maxsize=8)
def _in_order(days: frozenset[date]) -> tuple[date, ...]:
    return tuple(sorted(days))


def _among(days: frozenset[date], a: date, b: date) -> int:
    """How many of these lie after ``a`` up to and with ``b``."""
    ordered = _in_order(days)
    return bisect_right(ordered, b) - bisect_right(ordered, a)
