import contextlib
import json
import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from disk_faults import FailingDisk, remount_read_only, small_disk

from jobdesk.cases.clock import BEIJING, FixedClock, local_date
from jobdesk.cases.errors import DamagedFile, DiskFull, ReadOnly, Trouble, WrongKey
from jobdesk.store import backup as backup_module
from jobdesk.store.backup import make_backup, verify
from jobdesk.store.cipher import connect, connect_immutable
from jobdesk.store.keyslots import create, open_with_recovery
from jobdesk.store.manifest import BackupInfo, list_backups, read_backup
from jobdesk.store.rotating import Keep, chosen, rotate
from jobdesk.store.slot_file import read_keyslots

NOW = FixedClock.at(2026, 11, 21).ms
DAY = 86_400_000


@dataclass
class Station:
    path: Path
    key: bytes
    code: str
    file_id: str

    @property
    def slots(self) -> Path:
        return self.path.with_name("keyslots.json")

    def rows(self) -> int:
        connection = connect(self.path, self.key)
        try:
            return connection.execute("SELECT count(*) FROM op").fetchone()[0]
        finally:
            connection.close()

    def add(self, many: int) -> None:
        connection = connect(self.path, self.key)
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("INSERT INTO op (b) VALUES (?)", [(b"x" * 100,)] * many)
        connection.execute("COMMIT")
        connection.close()


def new_station(folder: Path, rows: int = 500) -> Station:
    folder.mkdir(parents=True, exist_ok=True)
    made = create(folder / "keyslots.json", now_ms=NOW, key_file=folder / "key")
    connection = connect(folder / "station.jobdesk.db", made.key, create=True)
    connection.execute("CREATE TABLE op (a INTEGER PRIMARY KEY, b BLOB)")
    connection.close()
    station = Station(folder / "station.jobdesk.db", made.key, made.recovery.text, made.file_id)
    station.add(rows)
    return station


@pytest.fixture
def station(tmp_path: Path) -> Station:
    return new_station(tmp_path / "data")


def backed_up(station: Station, folder: Path, reason: str = "daily", now: int = NOW) -> BackupInfo:
    return make_backup(station.path, station.key, folder, reason, now, {"staff": 2}, tables=("op",))


def test_a_backup_and_the_code_are_enough(station: Station, tmp_path: Path) -> None:
    info = backed_up(station, tmp_path / "b")
    assert info.path.name == "station-20261121-090000-daily.jdbk"
    assert info.counts == {"op": 500}
    (listed,) = list_backups(tmp_path / "b")
    assert listed == info
    key = open_with_recovery(info.keyslots, station.code).key
    verify(listed, key)
    connection = connect_immutable(info.path, key)
    assert connection.execute("SELECT count(*) FROM op").fetchone()[0] == 500
    connection.close()
    assert sorted(p.name for p in (tmp_path / "b").iterdir()) == [
        "station-20261121-090000-daily.jdbk",
        "station-20261121-090000-daily.jdbk.json",
        "station-20261121-090000-daily.jdbk.keys",
    ]


def test_made_while_the_file_is_open_and_written(station: Station, tmp_path: Path) -> None:
    writer = connect(station.path, station.key)
    writer.execute("INSERT INTO op (b) VALUES ('committed, still in the log')")
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("INSERT INTO op (b) VALUES ('not committed')")
    assert backed_up(station, tmp_path / "b").counts == {"op": 501}
    writer.execute("COMMIT")
    writer.close()
    assert station.rows() == 502


def test_two_in_one_second(station: Station, tmp_path: Path) -> None:
    one, two = backed_up(station, tmp_path / "b"), backed_up(station, tmp_path / "b")
    assert one.path != two.path
    assert [b.path for b in list_backups(tmp_path / "b")] == [two.path, one.path]


def test_manifest_holds_no_key_and_no_person(station: Station, tmp_path: Path) -> None:
    info = backed_up(station, tmp_path / "b")
    told = json.loads(info.manifest.read_text())
    assert set(told) == {
        "format", "file_id", "reason", "created_ms", "created", "serial", "size",
        "counts", "sha256", "app_version", "meta",
    }  # fmt: skip
    assert station.key.hex() not in info.manifest.read_text()


def test_damage_of_a_backup_is_found(station: Station, tmp_path: Path) -> None:
    info = backed_up(station, tmp_path / "b")
    whole = info.path.read_bytes()
    rng = random.Random(1)
    for _ in range(20):
        at = rng.randrange(len(whole))
        info.path.write_bytes(whole[:at] + bytes([whole[at] ^ 4]) + whole[at + 1 :])
        with pytest.raises(DamagedFile):
            verify(info, station.key)
    info.path.write_bytes(whole[:-4096])
    info.manifest.unlink()
    with pytest.raises((DamagedFile, WrongKey)):
        verify(read_backup(info.path), station.key)


def test_wrong_key(station: Station, tmp_path: Path) -> None:
    with pytest.raises(WrongKey):
        verify(backed_up(station, tmp_path / "b"), bytes(32))
    with pytest.raises(WrongKey):
        make_backup(station.path, bytes(32), tmp_path / "b", "daily", NOW)
    assert len(list((tmp_path / "b").iterdir())) == 3


def test_a_damaged_live_file_is_no_backup(station: Station, tmp_path: Path) -> None:
    good = backed_up(station, tmp_path / "b")
    whole = bytearray(station.path.read_bytes())
    whole[len(whole) // 2] ^= 1
    station.path.write_bytes(whole)
    with pytest.raises(DamagedFile):
        backed_up(station, tmp_path / "b", now=NOW + 1000)
    assert [b.path for b in list_backups(tmp_path / "b")] == [good.path]
    verify(good, station.key)


def test_damaged_keyslots_go_into_the_backup_from_their_copy(station: Station, tmp_path: Path) -> None:
    station.slots.write_bytes(b"garbage")
    info = backed_up(station, tmp_path / "b")
    assert not read_keyslots(info.keyslots).from_bak
    assert open_with_recovery(info.keyslots, station.code).key == station.key


def test_a_missing_stick_is_not_replaced_by_a_folder(station: Station, tmp_path: Path) -> None:
    with pytest.raises(Trouble):
        backed_up(station, tmp_path / "stick" / "b")
    assert not (tmp_path / "stick").exists()
    assert list_backups(tmp_path / "stick" / "b") == []


def test_full_disk_leaves_the_old_ones(
    station: Station, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    station.add(3000)
    with small_disk(tmp_path / "small", "1m") as disk:
        with pytest.raises(DiskFull):
            backed_up(station, disk / "b")
        monkeypatch.setattr(backup_module, "SPARE_BYTES", -(1 << 30))  # nobody warned us beforehand
        first = backed_up(station, disk / "b")
        with pytest.raises(DiskFull):
            for n in range(1, 9):
                backed_up(station, disk / "b", now=NOW + n * 1000)
        assert not list((disk / "b").glob(".*"))
        for info in list_backups(disk / "b"):
            verify(info, station.key)
        remount_read_only(disk)
        with pytest.raises(ReadOnly):
            backed_up(station, disk / "b")
        verify(first, station.key)


def test_every_disk_call_fails_once(station: Station, tmp_path: Path) -> None:
    old = backed_up(station, tmp_path / "b")
    for n in range(1, 60):
        disk = FailingDisk(n)
        with disk.installed("open", "write", "fsync", "replace", "mkdir"), contextlib.suppress(Trouble):
            backed_up(station, tmp_path / "b", now=NOW + n * 1000)
        for info in list_backups(tmp_path / "b"):
            verify(info, station.key)
            assert info.sha256
        verify(old, station.key)
        assert not list((tmp_path / "b").glob("*.part"))
        if disk.failed is None:
            backed_up(station, tmp_path / "b", now=NOW + DAY)
            stems = {p.name.split(".jdbk")[0] for p in (tmp_path / "b").iterdir()}
            assert len(stems) == len(list_backups(tmp_path / "b")), "no companions without their copy"
            return
    raise AssertionError("never came through")


WORKER = """
import sys
from pathlib import Path
from jobdesk.store.backup import make_backup
key = bytes.fromhex(sys.argv[3])
print("go", flush=True)
for n in range(10000):
    make_backup(Path(sys.argv[1]), key, Path(sys.argv[2]), "daily", n * 1000, tables=("op",))
"""


@pytest.mark.parametrize("seed", range(4))
def test_kill_9_leaves_no_half_file_under_a_final_name(station: Station, tmp_path: Path, seed: int) -> None:
    folder = tmp_path / "b"
    with subprocess.Popen(
        [sys.executable, "-c", WORKER, str(station.path), str(folder), station.key.hex()],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "go\n"
        time.sleep(random.Random(seed).uniform(0.05, 0.6))
        process.send_signal(signal.SIGKILL)
    for info in list_backups(folder):
        assert info.counts == {"op": 500}
        verify(info, station.key)
    assert station.rows() == 500
    backed_up(station, folder)
    assert not list(folder.glob(".*"))


def planned(day: datetime, serial: int, reason: str = "daily") -> BackupInfo:
    ms = int(day.timestamp() * 1000)
    return BackupInfo(Path(f"{serial}"), "f", reason, ms, serial, 0, {}, "", "")


def test_two_years_of_days() -> None:
    first = datetime(2024, 11, 21, 9, tzinfo=BEIJING)
    every = [planned(first + timedelta(days=n), n) for n in range(730)]
    kept = chosen(every, Keep())
    days = [local_date(b.created_ms) for b in kept]
    assert len({d for d in days if (days[0] - d).days < 7}) == 7
    assert len({d.isocalendar()[:2] for d in days if (days[0] - d).days < 35}) >= 5
    assert len({(d.year, d.month) for d in days}) == 12
    assert len(kept) <= 7 + 5 + 12


def test_before_import_and_manual_are_counted_by_themselves() -> None:
    start = datetime(2026, 11, 21, 9, tzinfo=BEIJING)
    many = [
        planned(start + timedelta(minutes=n), n, r)
        for n, r in enumerate(["before-import", "manual", "daily"] * 10)
    ]
    many += [planned(start - timedelta(days=400), -1, "before-migration")]
    kept = chosen(many, Keep())
    assert sum(b.reason == "before-import" for b in kept) == 3
    assert sum(b.reason == "manual" for b in kept) == 3
    assert sum(b.reason == "before-migration" for b in kept) == 1


def test_a_clock_set_back_five_years_does_not_cost_the_newest() -> None:
    now = datetime(2026, 11, 21, 9, tzinfo=BEIJING)
    every = [planned(now - timedelta(days=30 - n), n) for n in range(30)]
    late = [planned(now - timedelta(days=5 * 365 - n), 30 + n) for n in range(3)]
    kept = chosen([*every, *late], Keep())
    assert {b.serial for b in late} <= {b.serial for b in kept}


def test_rotation_touches_only_its_own_station(station: Station, tmp_path: Path) -> None:
    other = new_station(tmp_path / "other")
    folder = tmp_path / "b"
    theirs = backed_up(other, folder)
    for n in range(4):
        backed_up(station, folder, now=NOW + n * 1000)
    (folder / "station-20200101-000000-daily.jdbk").write_bytes(b"carried by hand")
    gone = rotate(folder, station.file_id, Keep(daily=1, weekly=1, monthly=1))
    assert len(gone) == 3
    left = {b.path.name for b in list_backups(folder)}
    assert left == {
        theirs.path.name,
        "station-20261121-090003-daily.jdbk",
        "station-20200101-000000-daily.jdbk",
    }
    assert len(list(folder.iterdir())) == 7


def test_a_reason_is_a_word(station: Station, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="reason"):
        backed_up(station, tmp_path / "b", reason="../x")
