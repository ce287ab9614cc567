import contextlib
import errno
import os
import shutil
from pathlib import Path

import pytest
from disk_faults import FailingDisk
from test_backup import NOW, Station, backed_up, new_station

from jobdesk.cases.errors import DamagedFile, DiskFull, Trouble, WrongKey
from jobdesk.store import restore as restore_module
from jobdesk.store.cipher import connect
from jobdesk.store.keyslots import open_with_key_file, open_with_recovery
from jobdesk.store.restore import Restored, finish_restore, restore_files


@pytest.fixture
def station(tmp_path: Path) -> Station:
    return new_station(tmp_path / "data")


def restored(station: Station, tmp_path: Path, name: str = "b") -> Restored:
    from jobdesk.store.manifest import list_backups

    (info,) = list_backups(tmp_path / name)
    return restore_files(info, station.path, station.key, NOW, keyslots=station.slots)


def count(path: Path, key: bytes) -> int:
    connection = connect(path, key)
    try:
        return connection.execute("SELECT count(*) FROM op").fetchone()[0]
    finally:
        connection.close()


def test_swapped_and_the_live_file_kept(station: Station, tmp_path: Path) -> None:
    backed_up(station, tmp_path / "b")
    station.add(7)
    done = restored(station, tmp_path)
    assert station.rows() == 500
    assert done.replaced is not None
    assert done.replaced.name == "station.replaced-20261121-090000-restore.jobdesk.db"
    assert count(done.replaced, station.key) == 507
    assert not done.keyslots_installed
    assert not list(station.path.parent.glob("*restor*ing*"))


def test_a_log_left_by_a_killed_process_is_not_replayed_into_the_restored_file(
    station: Station, tmp_path: Path
) -> None:
    backed_up(station, tmp_path / "b")
    writer = connect(station.path, station.key)
    writer.execute("INSERT INTO op (b) VALUES ('in the log only')")
    crashed = tmp_path / "crashed"
    crashed.mkdir()
    for end in ("", "-wal", "-shm"):
        shutil.copy(f"{station.path}{end}", crashed / f"x{end}")
    writer.close()
    for end in ("", "-wal", "-shm"):
        shutil.copy(crashed / f"x{end}", f"{station.path}{end}")
    done = restored(station, tmp_path)
    assert station.rows() == 500
    assert done.replaced is not None
    assert count(done.replaced, station.key) == 501


def test_a_damaged_live_file_is_moved_with_its_log(station: Station, tmp_path: Path) -> None:
    backed_up(station, tmp_path / "b")
    station.path.write_bytes(b"\x00" * 9000)
    log = station.path.with_name(station.path.name + "-wal")
    log.write_bytes(b"some log")
    done = restored(station, tmp_path)
    assert station.rows() == 500
    assert done.replaced is not None
    assert done.replaced.read_bytes() == b"\x00" * 9000
    assert done.replaced.with_name(done.replaced.name + "-wal").read_bytes() == b"some log"


def test_bare_pc(station: Station, tmp_path: Path) -> None:
    info = backed_up(station, tmp_path / "b")
    key = open_with_recovery(info.keyslots, station.code).key
    bare = tmp_path / "bare"
    done = restore_files(info, bare / "station.jobdesk.db", key, NOW, keyslots=bare / "keyslots.json")
    assert done.replaced is None
    assert done.keyslots_installed
    assert count(done.station, open_with_recovery(bare / "keyslots.json", station.code).key) == 500
    assert sorted(p.name for p in bare.iterdir()) == [
        "keyslots.json",
        "keyslots.json.bak",
        "station.jobdesk.db",
    ]


def test_a_pc_set_up_anew_takes_the_old_key(station: Station, tmp_path: Path) -> None:
    info = backed_up(station, tmp_path / "b")
    fresh = new_station(tmp_path / "fresh", rows=3)
    done = restore_files(info, fresh.path, station.key, NOW, keyslots=fresh.slots)
    assert done.keyslots_installed
    assert count(fresh.path, open_with_key_file(fresh.slots, station.path.with_name("key")).key) == 500
    assert done.replaced is not None
    kept = fresh.slots.with_name("keyslots.replaced-20261121-090000-restore.json")
    assert count(done.replaced, open_with_recovery(kept, fresh.code).key) == 3


def test_newer_slots_of_the_same_key_stay(station: Station, tmp_path: Path) -> None:
    from jobdesk.host.secrets import MemorySecrets
    from jobdesk.store.keyslots import add_account_slot, open_with_account

    backed_up(station, tmp_path / "b")
    secrets = MemorySecrets()
    add_account_slot(station.slots, station.key, secrets, now_ms=NOW)
    restored(station, tmp_path)
    assert open_with_account(station.slots, secrets).key == station.key


def test_a_bad_backup_touches_nothing(station: Station, tmp_path: Path) -> None:
    info = backed_up(station, tmp_path / "b")
    before = {p.name: p.read_bytes() for p in station.path.parent.iterdir()}
    whole = info.path.read_bytes()
    info.path.write_bytes(whole[:-1])
    with pytest.raises(DamagedFile):
        restored(station, tmp_path)
    info.path.write_bytes(whole)
    with pytest.raises(WrongKey):
        restore_files(info, station.path, bytes(32), NOW, keyslots=station.slots)
    assert {p.name: p.read_bytes() for p in station.path.parent.iterdir()} == before


def test_no_room(station: Station, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    backed_up(station, tmp_path / "b")
    station.add(1)
    monkeypatch.setattr(restore_module, "SPARE_BYTES", 1 << 60)
    with pytest.raises(DiskFull):
        restored(station, tmp_path)
    assert station.rows() == 501
    assert not list(station.path.parent.glob("*restored*"))


def test_twice_in_one_second(station: Station, tmp_path: Path) -> None:
    backed_up(station, tmp_path / "b")
    station.add(1)
    restored(station, tmp_path)
    station.add(2)
    done = restored(station, tmp_path)
    assert done.replaced is not None
    assert count(done.replaced, station.key) == 502
    assert len(list(station.path.parent.glob("station.replaced-*.db"))) == 2


@pytest.mark.parametrize("links", [True, False])
def test_cut_off_at_every_call_and_finished_at_the_next_start(
    tmp_path: Path, links: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A dead process does nothing more: from the chosen call on every change of the disk fails."""
    if not links:
        monkeypatch.setattr(os, "link", no_links)
    source = new_station(tmp_path / "source")
    backed_up(source, tmp_path / "b")
    went_on = 0
    for n in range(1, 80):
        fresh = new_station(tmp_path / f"fresh{n}", rows=3)
        target = Station(fresh.path, source.key, source.code, source.file_id)
        disk = DyingDisk(n)
        with (
            disk.installed("open", "write", "fsync", "replace", "link", "unlink"),
            contextlib.suppress(Trouble),
        ):
            restored(target, tmp_path)
        finished = finish_restore(fresh.path, fresh.slots)
        went_on += finished
        if disk.failed is None or finished:
            key = open_with_recovery(fresh.slots, source.code).key
            assert count(fresh.path, key) == 500
            (kept,) = fresh.path.parent.glob("station.replaced-*.db")
            assert count(kept, fresh.key) == 3
        elif not list(fresh.path.parent.glob("station.replaced-*.db")):
            assert count(fresh.path, open_with_recovery(fresh.slots, fresh.code).key) == 3
        assert not finish_restore(fresh.path, fresh.slots)
        if disk.failed is None:
            assert went_on >= 5
            return
    raise AssertionError("never came through")


def no_links(*_: object) -> None:
    raise OSError(errno.EPERM, "no hard links here")


class DyingDisk(FailingDisk):
    """From the n-th call on nothing works any more."""

    def _wrapped(self, name: str, real: object) -> object:
        def call(*args: object, **kwargs: object) -> object:
            self.calls += 1
            if self.calls >= self.fail_at:
                self.failed = name
                raise OSError(errno.EIO, "dead")
            assert callable(real)
            return real(*args, **kwargs)

        return call
