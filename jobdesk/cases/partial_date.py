"""A day, a month or a year: as exact as the paper it came from, never more.

Ledgers say 2026.3. A month stays a month and no day is invented, so ``first`` and ``last`` are the
bounds within which the true day lies.
"""

from __future__ import annotations

import calendar
import enum
import functools
import re
from dataclasses import dataclass
from datetime import date

EARLIEST_YEAR, LATEST_YEAR = 1900, 2100
"""Own figures: the years that may be typed or imported. 9999-12-31 for 长期 is no end that is counted to."""
_COUNTED = range(EARLIEST_YEAR, LATEST_YEAR + 101)
"""What is worked out of a date may come to lie behind the years that are typed."""
_ISO = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


class Precision(enum.IntEnum):
    """How exact; a greater value is more exact."""

    YEAR = 1
    MONTH = 2
    DAY = 3


@functools.total_ordering
@dataclass(frozen=True, slots=True)
class PartialDate:
    """Years 1 to 9999, of which ``parse`` gives those that are counted in. A day needs a month.

    Ordered by first day, then the vaguer before the more exact: 2026 < 2026-01 < 2026-01-01.
    """

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if self.month is None and self.day is not None:
            raise ValueError("a day without a month")
        date(self.year, 1 if self.month is None else self.month, 1 if self.day is None else self.day)

    @classmethod
    def of(cls, day: date) -> PartialDate:
        return cls(day.year, day.month, day.day)

    @classmethod
    def parse(cls, iso: str) -> PartialDate | None:
        """``2026``, ``2026-03`` or ``2026-03-15``; anything else is None, also an impossible day, and one
        outside the years that rules count in: whoever adds to what this gives stays within the calendar.
        """
        found = _parsed(iso)
        return found if found is None or found.year in _COUNTED else None

    @classmethod
    def written(cls, iso: str) -> PartialDate | None:
        """The same of any year of the calendar, to be shown or found fault with, never counted from."""
        return _parsed(iso)

    def iso(self) -> str:
        parts = [f"{self.year:04d}"]
        parts += [f"{part:02d}" for part in (self.month, self.day) if part is not None]
        return "-".join(parts)

    def __str__(self) -> str:
        return self.iso()

    @property
    def precision(self) -> Precision:
        if self.month is None:
            return Precision.YEAR
        return Precision.MONTH if self.day is None else Precision.DAY

    @property
    def first(self) -> date:
        """The earliest day it can mean."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def last(self) -> date:
        """The latest day it can mean."""
        month = self.month or 12
        return date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    @property
    def exact(self) -> date | None:
        """The day itself, where one is known."""
        return self.first if self.day is not None else None

    def may_be(self, other: PartialDate) -> bool:
        """Whether both can mean the same day: 2026-03 and 2026-03-15 do not disagree."""
        return self.first <= other.last and other.first <= self.last

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, PartialDate):
            return NotImplemented
        return (self.first, self.precision) < (other.first, other.precision)


def exact_day(iso: str) -> date | None:
    """The day of ``2026-03-15`` in the years that rules count in; of a month or anything else none."""
    found = PartialDate.parse(iso) if len(iso) == 10 else None
    return found.exact if found is not None else None


@functools.lru_cache(maxsize=4096)
def _parsed(iso: str) -> PartialDate | None:
    """A station's dates are some thousand days, each read again and again."""
    match = _ISO.fullmatch(iso)
    if match is None:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        return PartialDate(year or 0, month, day)
    except ValueError:
        return None
