"""Stations of a given size, kept under build/bench so that a second run need not fill them again."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.ids import id_source
from jobdesk.host.calendar_file import working_days
from jobdesk.host.paths import StationPaths
from jobdesk.services.desk import Desk
from jobdesk.store.creating import NewStation, create_station
from jobdesk.store.keyslots import open_with_key_file
from jobdesk.store.open_station import OpenStation
from jobdesk.store.opening import open_station
from jobdesk.store.safekeeping import back_up
from tests.ui.crowd import fill

ROOT = Path("build/bench")
CLOCK = FixedClock.at(2026, 11, 20)


@dataclass(frozen=True, slots=True)
class Bench:
    """An open station and its desk."""

    station: OpenStation
    desk: Desk


def bench_station(people: int) -> Bench:
    """A station with so many invented people, opened; made on the first call."""
    folder = ROOT / f"people-{people}"
    paths = StationPaths((folder / "data").absolute())
    ids = id_source(CLOCK)
    key_file = folder / "key"
    done = folder / "staff"
    if not done.exists():
        shutil.rmtree(folder, ignore_errors=True)  # one that was broken off while it was filled
        folder.mkdir(parents=True, exist_ok=True)
        station, _, staff = create_station(
            paths, NewStation({"name": "测试站"}, "测试员"), CLOCK, ids, key_file=key_file
        )
        fill(Desk(station.file, staff, working_days()), people)
        back_up(station, "daily").result()  # as every evening: what the journal holds is the day's work
        station.close()
        done.write_text(staff, "utf-8")
    station = open_station(paths, open_with_key_file(paths.keyslots, key_file), CLOCK, ids)
    return Bench(station, Desk(station.file, done.read_text("utf-8"), working_days()))
