"""``check`` names what is wrong, whatever somebody did to the file past the program; it never falls over."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.errors import DamagedFile
from jobdesk.cases.ids import seeded_ids
from jobdesk.host.calendar_file import working_days
from jobdesk.host.paths import StationPaths
from jobdesk.services.desk import Desk
from jobdesk.services.registering import register
from jobdesk.store.check import check_station
from jobdesk.store.cipher import connect
from jobdesk.store.creating import NewStation, create_station
from jobdesk.store.opening import open_station
from jobdesk.store.safekeeping import back_up

CLOCK = FixedClock.at(2026, 11, 20)


@dataclass
class Closed:
    paths: StationPaths
    key: bytes

    def sql(self, *statements: str) -> None:
        con = connect(self.paths.station, self.key)
        try:
            for trigger in ("op_is_immutable", "op_stays"):
                con.execute(f"DROP TRIGGER {trigger}")
            for sql in statements:
                con.execute(sql)
        finally:
            con.close()

    def wrong(self) -> set[str]:
        station = open_station(self.paths, self.key, CLOCK, seeded_ids(2, CLOCK), writable=False)
        try:
            return {r.name for r in check_station(station) if not r.ok}
        finally:
            station.close()


@pytest.fixture
def closed(tmp_path: Path) -> Closed:
    (tmp_path / "second").mkdir()
    paths = StationPaths(tmp_path / "d", tmp_path / "second")
    station, _, staff = create_station(
        paths,
        NewStation({"name": "测试站"}, "测试员"),
        CLOCK,
        seeded_ids(1, CLOCK),
        key_file=tmp_path / "key",
    )
    desk = Desk(station.file, staff, working_days())
    register(desk, {"name": "张秀英"}).result()
    back_up(station, "manual").result()
    for name in ("李秀兰", "王桂芝"):
        register(desk, {"name": name}).result()
    station.close()
    made = Closed(paths, station.key)
    assert made.wrong() == set()
    return made


LAST = "(SELECT max(position) FROM op)"
INSIDE = "(SELECT max(position) - 1 FROM op)"


@pytest.mark.parametrize(
    ("sql", "names"),
    [
        ("SELECT 1", {"chain"}),  # the triggers that guard the log are gone
        (
            f"UPDATE op SET payload = x'00ff' WHERE position = {INSIDE}",
            {"chain", "rows", "search", "journal"},
        ),
        (f"UPDATE op SET payload = CAST('[]' AS BLOB) WHERE position = {LAST}", {"chain", "rows", "search"}),
        (
            f"UPDATE op SET kind = 'Nonsense' WHERE position = {INSIDE}",
            {"chain", "rows", "search", "journal"},
        ),
        (f"DELETE FROM op WHERE position = {LAST}", {"chain", "rows", "search"}),
        ("UPDATE record_row SET data = '{' WHERE subject_kind = 'case'", {"chain", "rows"}),
        ("UPDATE case_row SET name = '王秀芳' WHERE rowid = 1", {"chain", "rows"}),
        ("DELETE FROM search WHERE rowid = 1", {"chain", "search"}),
        ("DROP TABLE case_row", {"chain", "rows", "search"}),
    ],
)
def test_what_was_changed_by_sql(closed: Closed, sql: str, names: set[str]) -> None:
    closed.sql(sql)
    assert closed.wrong() == names


def test_a_last_operation_that_is_none_is_a_damaged_file(closed: Closed) -> None:
    closed.sql(f"UPDATE op SET kind = 'Nonsense' WHERE position = {LAST}")
    with pytest.raises(DamagedFile):
        closed.wrong()


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def _each(folder: Path, pattern: str, do: Callable[[Path], object]) -> None:
    for path in list(folder.glob(pattern)):
        do(path)


@pytest.mark.parametrize(
    ("damage", "names"),
    [
        (lambda p: _each(p.backups, "*.jdbk", _flip), {"backups"}),
        (lambda p: _each(p.backups, "*.keys", Path.unlink), {"backups"}),  # useless on a bare PC
        (lambda p: _each(p.journal, "*.jdj", _flip), {"journal"}),
        (lambda p: _each(p.journal, "*.jdj", Path.unlink), {"journal"}),
        (lambda p: shutil.rmtree(p.second), {"journal"}),
        (lambda p: p.keyslots.write_text("{}"), {"keys"}),
    ],
)
def test_what_lies_around_the_file(
    closed: Closed, damage: Callable[[StationPaths], object], names: set[str]
) -> None:
    damage(closed.paths)
    assert closed.wrong() == names
