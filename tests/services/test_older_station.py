"""A station, or a practice station, that an older program wrote: after opening it everything shown is today's.

What a woman's typed type leaves open, the next contact and the tier of a line follow from the rules of this
program. None of it may be what the older one had kept in its rows.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.due_retirement import ages_of
from jobdesk.cases.facts import facts_of
from jobdesk.cases.ids import seeded_ids
from jobdesk.cases.ops import Json
from jobdesk.host.paths import STATION_NAME, StationPaths
from jobdesk.services.case_files import load_case_file
from jobdesk.services.confirming import confirm
from jobdesk.services.desk import Desk
from jobdesk.services.kept_dates import brought_up_to_date, differing_from_kept, worked_out
from jobdesk.services.practice.making import key_file_of, open_practice
from jobdesk.services.registering import Child, register
from jobdesk.services.session import session_of
from jobdesk.store import kept, local, migrating
from jobdesk.store.check import check_station
from jobdesk.store.cipher import connect
from jobdesk.store.keyslots import open_with_key_file
from jobdesk.store.open_station import OpenStation
from jobdesk.store.opening import open_station
from tests.ui.crowd import id_number

EXHIBIT = Path(__file__).parents[1] / "museum" / "station-v1"
CLOCK = FixedClock.at(2026, 11, 20)
WOMAN: dict[str, Json] = {"sex": "2", "retirement_type": "F50", "work_capacity": "able", "willingness": "yes"}


def as_station(folder: Path) -> tuple[StationPaths, Callable[[], OpenStation]]:
    paths = StationPaths(folder / "data")
    shutil.copytree(EXHIBIT, paths.data)
    key = paths.data / "station.key"
    key.chmod(0o600)
    return paths, lambda: open_station(
        paths, open_with_key_file(paths.keyslots, key).key, CLOCK, seeded_ids(7, CLOCK)
    )


def as_practice(folder: Path) -> tuple[StationPaths, Callable[[], OpenStation]]:
    real = StationPaths(folder / "data")
    own = real.practice()
    shutil.copytree(EXHIBIT, own.data)
    (own.data / "station.key").rename(key_file_of(real))
    key_file_of(real).chmod(0o600)
    return own, lambda: open_practice(real, CLOCK)


def age(paths: StationPaths, key: Path) -> None:
    """Back to what a program before the kept columns left: rows of its own shape, nothing judged."""
    con = connect(paths.station, open_with_key_file(paths.keyslots, key).key)
    for column in ("next_on", "tier_on"):
        con.execute(f"UPDATE case_row SET {column} = '1999-01-01'")
    con.execute("UPDATE case_row SET judged = 1")
    con.execute("DELETE FROM record_row WHERE kind = 'proof'")
    local.set_fact(con, migrating.ROWS_FACT, "3")
    con.close()


def dates_of(desk: Desk, case: str) -> tuple[int, bool]:
    """How many dates are possible, and whether the record confirmed which."""
    file = load_case_file(desk, case).result()
    assert file is not None and file.agenda is not None
    found = ages_of(file.agenda.situation(facts_of(file.state)))
    return len(found.dates), found.recorded


@pytest.mark.parametrize("laid_out", [as_station, as_practice])
def test_what_an_older_program_left_is_judged_by_this_one(
    laid_out: Callable[[Path], tuple[StationPaths, Callable[[], OpenStation]]], tmp_path: Path
) -> None:
    paths, opened = laid_out(tmp_path)
    station = opened()
    desk = session_of(station).desk
    out = Child("registration", {"since": "2026-03-02", "registered": True, "source": "system"})

    def woman(serial: int) -> str:
        number = id_number(date(1977, 3, 9), serial)
        return register(desk, {**WOMAN, "name": f"甲{serial}", "id_number": number}, [out]).result().case_id

    typed, proven = woman(42), woman(44)
    seen = {"source": "system", "looked_on": "2026-11-02"}
    confirm(desk, proven, "retirement_type", "F50", seen).result()
    brought_up_to_date(desk)
    station.close()
    key = next(f for f in (paths.data / "station.key", paths.data / "practice.key") if f.exists())
    age(paths, key)

    station = opened()
    try:
        desk = session_of(station).desk
        assert dates_of(desk, typed) == (2, False), "typed is not confirmed: both dates are possible"
        assert dates_of(desk, proven) == (1, True)
        brought_up_to_date(desk)
        kept_now = desk.read(kept.kept).result()
        assert kept_now == desk.read(lambda con: worked_out(con, desk)).result()
        assert "1999-01-01" not in {d for pair in kept_now.values() for d in pair}
        assert desk.read(lambda con: differing_from_kept(con, desk)).result() == []
        assert [r.name for r in check_station(station) if not r.ok] == []
        assert paths.station.name == STATION_NAME
    finally:
        station.close()
