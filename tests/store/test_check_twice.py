"""Checking twice on an open station tells the same: a reader's picture of the index is not damage."""

from __future__ import annotations

from pathlib import Path

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.ids import seeded_ids
from jobdesk.services.registering import register
from jobdesk.store import ledger
from jobdesk.store.check import check_station
from tests.stations import make_station


def test_a_second_check_after_work_holds_too(tmp_path: Path) -> None:
    clock = FixedClock.at(2026, 11, 20)
    made = make_station(tmp_path, clock, ids=seeded_ids(1, clock))
    station, desk = made.station, made.desk
    try:
        for n in range(30):
            register(
                desk, {"name": f"单秀{'英兰芳'[n % 3]}", "phone": f"199{n:08d}", "address": "南岭街道2号楼"}
            ).result()
            desk.read(lambda con: ledger.find_ids(con, ledger.LedgerQuery(text="sx"))).result()
            assert [r for r in check_station(station, backups=False) if not r.ok] == []
    finally:
        station.close()
