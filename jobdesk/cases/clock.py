"""Time as a value that is passed in, and the hybrid clock that stamps operations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Protocol

BEIJING = timezone(timedelta(hours=8), "Asia/Shanghai")
"""China keeps one zone and no summer time; a PC set to another zone must not move a due date."""


class Clock(Protocol):
    """Where the time comes from; tests and the practice station set it."""

    def now_ms(self) -> int:
        """Milliseconds since 1970-01-01 UTC, as the machine believes."""
        ...


def instant(ms: int) -> datetime:
    """The aware UTC instant of a millisecond count."""
    return datetime.fromtimestamp(ms / 1000, UTC)


def local_datetime(ms: int) -> datetime:
    """The wall clock in Jilin at that instant."""
    return datetime.fromtimestamp(ms / 1000, BEIJING)


def local_date(ms: int) -> date:
    """The calendar day in Jilin at that instant."""
    return local_datetime(ms).date()


def today(clock: Clock) -> date:
    """The calendar day in Jilin now."""
    return local_date(clock.now_ms())


@dataclass(slots=True)
class FixedClock:
    """A clock that stands still until it is moved."""

    ms: int

    def now_ms(self) -> int:
        return self.ms

    def tick(self, ms: int = 1000) -> None:
        """Move on (a negative amount sets the clock back)."""
        self.ms += ms

    @classmethod
    def at(cls, year: int, month: int, day: int, hour: int = 9, minute: int = 0) -> FixedClock:
        """Wall time in Jilin."""
        return cls(int(datetime(year, month, day, hour, minute, tzinfo=BEIJING).timestamp() * 1000))


@dataclass(frozen=True, order=True, slots=True)
class Stamp:
    """Hybrid time of an operation: wall milliseconds, a counter for ties, the replica for the rest."""

    ms: int
    counter: int
    replica: str


FAR_FUTURE_MS = 24 * 3600 * 1000
"""A stamp this far ahead of the reader's clock is flagged (own figure), never altered."""


class HybridClock:
    """Stamps that never go back on one replica, whatever the wall clock does.

    Attributes:
        last: the greatest (ms, counter) given out; seeded from the log when the file is opened.
    """

    def __init__(self, wall: Clock, replica: str, last: tuple[int, int] = (0, 0)) -> None:
        self._wall = wall
        self._replica = replica
        self.last = last

    def next(self) -> Stamp:
        """A stamp greater than every one before it.

        A clock set back keeps counting from the last millisecond; it is not advanced by foreign
        stamps, so that one PC in the year 2035 does not take the others with it.
        """
        ms = self._wall.now_ms()
        last_ms, last_counter = self.last
        self.last = (ms, 0) if ms > last_ms else (last_ms, last_counter + 1)
        return Stamp(*self.last, self._replica)
