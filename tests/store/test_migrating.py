"""An older file is brought up to date from its log, after a verified backup, all or nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.errors import Trouble
from jobdesk.cases.ids import seeded_ids
from jobdesk.host.paths import StationPaths
from jobdesk.services.registering import register
from jobdesk.store import local, migrating
from jobdesk.store.check import check_station
from jobdesk.store.cipher import Connection, connect
from jobdesk.store.log import SPEAKS_SQL
from jobdesk.store.manifest import list_backups
from jobdesk.store.opening import open_station
from tests.stations import make_station

CLOCK = FixedClock.at(2026, 11, 20)


@pytest.fixture
def older(tmp_path: Path) -> tuple[StationPaths, bytes]:
    """A file whose rows were written by an older program: other rows, another mark."""
    made = make_station(tmp_path, CLOCK, ids=seeded_ids(1, CLOCK))
    paths, station, desk = made.paths, made.station, made.desk
    register(desk, {"name": "单秀英", "phone": "19900001111"}).result()

    def age(con: Connection) -> None:
        con.execute("DROP TABLE search")
        con.execute("UPDATE case_row SET name = '旧', sort_name = 'old'")
        con.execute("DROP INDEX ix_record_conflicts")
        con.execute("ALTER TABLE record_row DROP COLUMN conflicts")
        local.set_fact(con, migrating.ROWS_FACT, "0")

    station.file.work.write(age).result()
    station.close()
    return paths, station.key


def test_rows_are_made_anew_from_the_log(older: tuple[StationPaths, bytes]) -> None:
    paths, key = older
    station = open_station(paths, key, CLOCK, seeded_ids(2, CLOCK))
    try:
        assert [r.name for r in check_station(station) if not r.ok] == []
        (backup,) = list_backups(paths.backups)
        assert (backup.reason, backup.meta["replica_id"]) == ("before-migration", station.file.replica_id)
    finally:
        station.close()


def test_a_file_that_is_up_to_date_is_left_alone(older: tuple[StationPaths, bytes]) -> None:
    paths, key = older
    assert migrating.migrate(paths, key, CLOCK)
    assert not migrating.migrate(paths, key, CLOCK)


def test_a_file_of_today_gets_an_index_that_came_later(older: tuple[StationPaths, bytes]) -> None:
    """Until its rows were made anew for another reason an erasure looked through the whole log there."""
    paths, key = older
    migrating.migrate(paths, key, CLOCK)
    backups = len(list_backups(paths.backups))
    con = connect(paths.station, key)
    con.execute("DROP INDEX ix_op_speaking")
    con.close()
    assert not migrating.migrate(paths, key, CLOCK)
    assert len(list_backups(paths.backups)) == backups
    con = connect(paths.station, key, read_only=True)
    asked = f"EXPLAIN QUERY PLAN SELECT DISTINCT subject_id FROM op WHERE {SPEAKS_SQL}"
    assert "ix_op_speaking" in str(con.execute(asked).fetchall())
    con.close()
    station = open_station(paths, key, CLOCK, seeded_ids(2, CLOCK))
    assert [r.name for r in check_station(station) if not r.ok] == []
    station.close()


def test_a_migration_that_is_cut_off_leaves_the_file_as_it_was(
    older: tuple[StationPaths, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    paths, key = older

    def broken(con: object, states: object) -> None:
        raise MemoryError

    monkeypatch.setattr(migrating, "project_new", broken)
    with pytest.raises(MemoryError):
        migrating.migrate(paths, key, CLOCK)
    con = connect(paths.station, key, read_only=True)
    assert con.execute("SELECT name FROM case_row").fetchone() == ("旧",)
    con.close()


def test_a_file_of_a_newer_program_is_refused_kindly(older: tuple[StationPaths, bytes]) -> None:
    paths, key = older
    con = connect(paths.station, key)
    con.execute("PRAGMA user_version = 99")
    con.close()
    with pytest.raises(Trouble) as refused:
        open_station(paths, key, CLOCK, seeded_ids(2, CLOCK))
    assert refused.value.code == "newer_format"
