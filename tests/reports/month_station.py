"""A station whose clock can be moved, written through the services: for everything that counts a month."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.ids import seeded_ids
from jobdesk.cases.ops import Json
from jobdesk.reports.month_numbers import MonthNumbers, MonthOptions, month_numbers, month_span
from jobdesk.services import closing, registering, serving
from jobdesk.services.desk import Desk
from jobdesk.store.open_station import OpenStation
from tests.stations import make_station


def at(clock: FixedClock, year: int, month: int, day: int, hour: int = 9) -> None:
    """Set the clock to a wall time in Jilin; it may go back."""
    clock.ms = FixedClock.at(year, month, day, hour).ms


class Town:
    """An open station, its desk, and the verbs tests need, each with its day."""

    def __init__(self, station: OpenStation, desk: Desk, clock: FixedClock) -> None:
        self.station, self.desk, self.clock = station, desk, clock

    def on(self, year: int, month: int, day: int, hour: int = 9) -> Town:
        """The same station on another day."""
        at(self.clock, year, month, day, hour)
        return self

    def person(self, name: str, *children: registering.Child, **values: Json) -> str:
        """Register somebody."""
        self.clock.tick()
        return registering.register(self.desk, {"name": name, **values}, children).result().case_id

    def end(self, case_id: str, reason: str = "employed", on: str | None = None) -> None:
        self.clock.tick()
        closing.end_help(self.desk, self.desk.case(case_id).result(), reason, on=on).result()

    def resume(self, case_id: str, on: str | None = None) -> None:
        self.clock.tick()
        closing.resume_help(self.desk, self.desk.case(case_id).result(), on=on).result()

    def serve(self, case_id: str, served_on: str, next_on: str | None = None, **values: Json) -> str:
        """Record a service; its id."""
        self.clock.tick()
        body: dict[str, Json] = {
            "type": "ZYZD", "channel": "station", "content": "核对简历", "outcome": "completed",
            "engagement": "completed", "staff": self.desk.actor, "served_on": served_on, **values,
        }  # fmt: skip
        entry = serving.ServiceEntry(body, serving.Contact(next_on))
        return serving.record_service(self.desk, [case_id], entry).result().services[case_id]

    def month(self, month: str, options: MonthOptions | None = None) -> MonthNumbers:
        span = month_span(month, self.desk.today)
        return self.desk.read(lambda con: month_numbers(con, self.desk, span, options)).result()


@contextmanager
def town(folder: Path, clock: FixedClock | None = None) -> Iterator[Town]:
    """A new station in a folder, closed afterwards."""
    wall = clock or FixedClock.at(2026, 1, 5)
    fields = {"name": "测试县柳河镇综合服务中心", "code": "229901001"}
    made = make_station(folder, wall, fields=fields, clerk="周试用", ids=seeded_ids(11, wall))
    try:
        yield Town(made.station, made.desk, wall)
    finally:
        made.station.close()
