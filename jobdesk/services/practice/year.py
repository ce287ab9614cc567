"""A year of work in the order of its days: what is planned is done by the real verbs, week by week."""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from jobdesk.cases.clock import BEIJING, FixedClock
from jobdesk.cases.ops import Json
from jobdesk.cases.working_days import WorkingDays
from jobdesk.services.desk import Desk
from jobdesk.services.practice.batch import desk_within
from jobdesk.store.station_file import StationFile, Writing

Deed = Callable[[Desk], None]
_OPEN, _MINUTES = time(8, 30), 480
"""Own figures: the station works from half past eight to half past four."""


@dataclass(slots=True)
class Year:
    """What is planned, and who works here.

    Attributes:
        start, today: the first day, and the day on which a person opens the practice station; nothing
            is done on ``today`` itself, so that what is due then stands on the board.
        staff: ids of those at work; the first is the one who opened the station.
        posts: ids of vacancies in the order they were written down.
        boxes: role of somebody whom a guide points to → ``id`` of the file once it is open.
        interludes: what is done between two weeks with the file itself: (day, deed), by day.
    """

    rng: random.Random
    words: dict[str, Any]
    clock: FixedClock
    days: WorkingDays
    start: date
    today: date
    staff: list[str]
    posts: list[str] = field(default_factory=list[str])
    interludes: list[tuple[date, Callable[[], None]]] = field(
        default_factory=list[tuple[date, Callable[[], None]]]
    )
    boxes: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])
    _queue: list[tuple[int, int, str, Deed]] = field(default_factory=list[tuple[int, int, str, Deed]])
    _count: int = 0

    def plan(self, day: date, actor: str, deed: Deed, *, at_close: bool = False) -> None:
        """On that day, or on the next working day when it is none; dropped when it is not before today.

        Args:
            at_close: after everything else of that day, not at some minute of it.
        """
        day = self.days.add(max(day, self.start), 0)
        if day >= self.today:
            return
        minute = _MINUTES + 5 if at_close else self.rng.randrange(_MINUTES)
        opening = datetime.combine(day, _OPEN, BEIJING) + timedelta(minutes=minute)
        self._count += 1
        at = int(opening.timestamp() * 1000) + self._count % 60_000
        heapq.heappush(self._queue, (max(at, self.clock.ms + 1), self._count, actor, deed))

    def later(self, desk: Desk, days: int, deed: Deed, actor: str | None = None) -> None:
        """So many days after the day of this desk."""
        self.plan(desk.today + timedelta(days=days), actor or desk.actor, deed)

    def text(self, *path: str) -> str:
        """One of the texts of a list of the sample file."""
        found: Any = self.words
        for name in path:
            found = found[name]
        return self.rng.choice(found)

    def opening(self) -> dict[str, Json]:
        """A unit and a post such a unit has."""
        unit = self.text("places", "units")
        return {"unit": unit, "post": self.text("posts_of", unit)}

    def someone(self) -> str:
        """One of those at work."""
        return self.rng.choice(self.staff)

    def run(self, file: StationFile, progress: Callable[[int, int], None] | None = None) -> None:
        """Do all that is planned, a week in one transaction."""
        week = timedelta(days=7)
        weeks = max(1, -(-(self.today - self.start).days // 7))
        for n in range(weeks):
            until = _ms(min(self.start + week * (n + 1), self.today))
            file.write(lambda w, until=until: self._week(w, file.station_id, until)).result()
            self._between(until)
            if progress is not None:
                progress(n + 1, weeks)

    def _between(self, until_ms: int) -> None:
        while self.interludes and _ms(self.interludes[0][0]) <= until_ms:
            day, deed = self.interludes.pop(0)
            self.clock.ms = max(self.clock.ms, _ms(day) - 7 * 3_600_000)  # five in the afternoon before
            deed()

    def _week(self, w: Writing, station_id: str, until_ms: int) -> None:
        while self._queue and self._queue[0][0] < until_ms:
            at, _, actor, deed = heapq.heappop(self._queue)
            self.clock.ms = max(self.clock.ms, at)
            deed(desk_within(w, self.clock, station_id, actor, self.days))


def _ms(day: date) -> int:
    return int(datetime.combine(day, time(), BEIJING).timestamp() * 1000)
