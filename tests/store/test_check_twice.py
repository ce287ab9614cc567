"""Checking twice on an open station tells the same: a reader's picture of the index is not damage."""

from __future__ import annotations

from pathlib import Path

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.ids import seeded_ids
from jobdesk.host.calendar_file import working_days
from jobdesk.host.paths import StationPaths
from jobdesk.services.desk import Desk
from jobdesk.services.registering import register
from jobdesk.store import ledger
from jobdesk.store.check import check_station
from jobdesk.store.creating import NewStation, create_station


def test_a_second_check_after_work_holds_too(tmp_path: Path) -> None:
    clock = FixedClock.at(2026, 11, 20)
    station, _, staff = create_station(
        StationPaths(tmp_path / "d"), NewStation({"name": "测试站"}, "测试员"), clock, seeded_ids(1, clock),
        key_file=tmp_path / "key",
    )  # fmt: skip
    try:
        desk = Desk(station.file, staff, working_days())
        for n in range(30):
            register(desk, {"name": f"单秀{'英兰芳'[n % 3]}", "phone": f"199{n:08d}", "address": "南岭街道2号楼"}).result()
            desk.read(lambda con: ledger.find_ids(con, ledger.LedgerQuery(text="sx"))).result()
            assert [r for r in check_station(station, backups=False) if not r.ok] == []
    finally:
        station.close()
