"""Folders that vanish, fill up or become read-only while the station is open; a restore that is cut off."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from faulty_vfs import READ_ONLY, faulty_disk
from ground import Ground

from jobdesk.cases.errors import DiskFull, ReadOnly, Trouble
from jobdesk.cases.ids import id_source
from jobdesk.services.importing.applying import apply, before_import
from jobdesk.services.importing.preview import make_preview
from jobdesk.services.importing.read import read_path
from jobdesk.services.importing.resuming import finish_imports, has_unfinished
from jobdesk.services.importing.undo import undo_import
from jobdesk.store import journal as journal_module
from jobdesk.store import keyslots
from jobdesk.store.backup import verify
from jobdesk.store.journal import Journal
from jobdesk.store.manifest import list_backups
from jobdesk.store.opening import open_station
from jobdesk.store.renewing import restore_station
from jobdesk.store.safekeeping import back_up, last_backup


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "none", str(folder)], capture_output=True)
    if made.returncode:
        pytest.skip("may not mount here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True, capture_output=True)


def remount(folder: Path, how: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{how}", str(folder)], check=True, capture_output=True)


# ---------------------------------------------------------------------- no room


@contextlib.contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    """Every write beyond that offset fails, whoever makes it (Python ignores the signal of it)."""
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_disk_that_is_full_at_any_offset_of_the_log(tmp_path: Path) -> None:
    ground = Ground(tmp_path)
    log = ground.paths.station.with_name(ground.paths.station.name + "-wal")
    refused = 0
    for n, offset in enumerate((*range(0, 60_000, 2_900), *range(1, 9_000, 1_111))):
        size = log.stat().st_size
        with no_file_larger_than(size + offset):
            try:
                ground.save(f"no room {n}")
            except Trouble as refusal:  # a file may not grow: SQLite takes it for a failing device
                assert refusal.code in {"disk_full", "disk_trouble"}
                refused += 1
        ground.save(f"room {n}")
        assert not ground.lacking()
    assert refused > 10
    ground.reopen()
    assert not ground.lacking() and ground.faults() == []
    ground.station.close()


def test_a_disk_that_fills_up_and_is_cleared(small_disk: Path) -> None:
    ground = Ground(small_disk)
    ballast = small_disk / "ballast"
    refused = 0
    for n in range(8):
        free = shutil.disk_usage(small_disk).free
        ballast.write_bytes(bytes(max(0, free - n * 9_000)))
        for k in range(6):
            try:
                ground.save(f"{n}.{k}")
            except DiskFull:
                refused += 1
        assert not ground.lacking(), "what is saved can be read on a full disk"
        ballast.unlink()
        ground.save(f"cleared {n}")
    assert refused
    ground.reopen()
    assert not ground.lacking() and ground.faults() == []
    ground.station.close()


def test_a_backup_without_room_is_refused_and_leaves_nothing(small_disk: Path) -> None:
    ground = Ground(small_disk)
    ground.save("kept")
    with pytest.raises(DiskFull):
        back_up(ground.station, "manual").result()
    assert list_backups(ground.paths.backups) == []
    assert not list(ground.paths.backups.glob(".*"))
    ground.save("after")
    assert ground.faults() == []
    ground.station.close()


# ---------------------------------------------------------------------- read-only


def test_the_data_folder_becomes_read_only_while_open(tmp_path: Path) -> None:
    with faulty_disk() as disk:
        ground = Ground(tmp_path)
        ground.save("before")
        with disk.armed(1, READ_ONLY, stays=True):
            for _ in range(3):
                with pytest.raises(ReadOnly) as met:
                    ground.save("refused")
                assert met.value.code == "read_only"
            assert ground.shown() == ["before"], "reading goes on"
    ground.save("after")
    ground.reopen()
    assert not ground.lacking() and ground.faults() == []
    ground.station.close()


def test_a_data_folder_that_is_read_only_from_the_start(small_disk: Path) -> None:
    ground = Ground(small_disk)
    ground.save("before")
    ground.station.close()
    remount(small_disk, "ro")
    try:
        with pytest.raises(ReadOnly):
            ground.reopen()
        key = keyslots.open_with_key_file(ground.paths.keyslots, ground.key_file)
        reading = open_station(ground.paths, key, ground.clock, id_source(ground.clock), writable=False)
        ground.station = reading
        assert ground.shown() == ["before"]
        reading.close()
    finally:
        remount(small_disk, "rw")
    ground.reopen()
    ground.save("after")
    assert not ground.lacking() and ground.faults() == []
    ground.station.close()


# ---------------------------------------------------------------------- the second folder


def test_the_second_folder_vanishes_and_comes_back(tmp_path: Path) -> None:
    stick, pulled = tmp_path / "stick", tmp_path / "pulled"
    stick.mkdir()
    ground = Ground(tmp_path / "data", second=stick)
    ground.save("on both")
    stick.rename(pulled)
    ground.save("here only")
    health = ground.station.file.health
    assert health.journal is not None and health.journal.code in {"second_folder_missing", "journal_vanished"}
    assert not stick.exists(), "a stick that is not plugged in must not become a folder"
    pulled.rename(stick)
    ground.save("on both again")
    assert health.journal is None
    assert ground.faults() == []
    ground.reopen()
    assert not ground.lacking() and ground.faults() == []
    ground.station.close()


def test_started_without_the_second_folder_it_catches_up_later(tmp_path: Path) -> None:
    stick, pulled = tmp_path / "stick", tmp_path / "pulled"
    stick.mkdir()
    ground = Ground(tmp_path / "data", second=stick)
    ground.save("before")
    ground.station.close()
    stick.rename(pulled)
    ground.reopen()
    assert ground.station.notes
    ground.save("without")
    info = back_up(ground.station, "manual").result()
    assert info.path.parent == ground.paths.local_backups, "the backup goes beside the file meanwhile"
    ground.station.close()
    pulled.rename(stick)
    ground.reopen()
    assert not ground.station.notes
    assert not ground.lacking() and ground.faults() == []
    ground.station.close()


@pytest.mark.parametrize("damage", ["a frame", "a file", "the newest backup"])
def test_what_the_journal_lost_while_closed_goes_in_again(tmp_path: Path, damage: str) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    ground = Ground(tmp_path / "data", second=stick)
    back_up(ground.station, "manual").result()
    for n in range(3):
        ground.save(f"before {n}")
    if damage == "the newest backup":
        back_up(ground.station, "manual").result()
    ground.reopen()
    ground.save("after")
    ground.station.close()
    first = min((stick / "journal").glob("*.jdj"))
    if damage == "a frame":
        content = bytearray(first.read_bytes())
        content[len(content) // 2] ^= 1
        first.write_bytes(content)
    elif damage == "a file":
        first.unlink()
    else:
        list_backups(ground.paths.backups)[0].path.unlink()
    ground.reopen()
    assert ground.faults() == []
    ground.station.close()


def test_our_own_writes_fail_one_after_the_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Journal and backup files: ``write``, ``fsync``, ``replace`` … of the os module, each once."""
    stick = tmp_path / "stick"
    stick.mkdir()
    ground = Ground(tmp_path / "data", second=stick)
    calls, fail_at = [0], [0]

    def failing(real: object) -> object:
        def call(*args: object, **named: object) -> object:
            calls[0] += 1
            if calls[0] == fail_at[0]:
                raise OSError(28, "No space left on device")
            return real(*args, **named)  # type: ignore[operator]

        return call

    for name in ("open", "write", "fsync", "replace", "mkdir", "link"):
        monkeypatch.setattr(os, name, failing(getattr(os, name)))
    monkeypatch.setattr(journal_module, "_sync_data", failing(journal_module._sync_data))
    for n in range(1, 40):
        calls[0], fail_at[0] = 0, n
        ground.save(f"save {n}")
        with contextlib.suppress(Trouble):
            back_up(ground.station, "manual").result()
        fail_at[0] = 0
        for info in (*list_backups(ground.paths.backups), *list_backups(ground.paths.local_backups)):
            verify(info, ground.station.key)
        ground.save(f"then {n}")
        assert ground.station.file.health.journal is None, "level again with the next save"
    monkeypatch.undo()
    assert ground.faults() == []
    ground.reopen()
    assert not ground.lacking() and ground.faults() == []
    ground.station.close()


# ---------------------------------------------------------------------- a restore cut off


@pytest.mark.parametrize("cut_at", [1, 2])
def test_a_restore_cut_off_before_the_journal_is_level(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cut_at: int
) -> None:
    """The journal ends with frames of the former life: what lies before them must go in again."""
    stick = tmp_path / "stick"
    stick.mkdir()
    ground = Ground(tmp_path / "data", second=stick)
    for n in range(5):
        ground.save(f"in the backup {n}")
    back_up(ground.station, "manual").result()
    ground.save("in the journal only")
    info, key = last_backup(ground.station), ground.station.key
    ground.station.close()
    assert info is not None
    restore_station(ground.paths, info, key, ground.clock)
    real, appended = Journal.append, [0]

    def killed(self: Journal, frames: list[bytes]) -> None:
        appended[0] += 1
        if appended[0] == cut_at:
            raise KeyboardInterrupt
        real(self, frames)

    with monkeypatch.context() as patch:
        patch.setattr(Journal, "append", killed)
        with contextlib.suppress(KeyboardInterrupt):
            ground.reopen()
    ground.reopen()
    assert not ground.lacking()
    assert ground.faults() == []
    ground.station.close()


def test_a_new_pc_gets_everything_from_the_second_folder(tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    ground = Ground(tmp_path / "data", second=stick)
    ground.save("in the backup")
    back_up(ground.station, "manual").result()
    ground.save("in the journal")
    ground.station.close()
    shutil.rmtree(ground.paths.data)
    info = list_backups(ground.paths.backups)[0]
    key = keyslots.open_with_recovery(info.keyslots, ground.code)
    restore_station(ground.paths, info, key.key, ground.clock)
    ground.reopen()
    assert ground.station.renewed and not ground.lacking() and ground.faults() == []
    ground.station.close()


@pytest.mark.parametrize("newer", ["holds", "is broken"])
def test_an_older_backup_takes_what_lies_between_from_the_newer_one(tmp_path: Path, newer: str) -> None:
    """The journal begins behind the newest backup: what came before it is in that backup alone."""
    stick = tmp_path / "stick"
    stick.mkdir()
    ground = Ground(tmp_path / "data", second=stick)
    ground.save("in both backups")
    older = back_up(ground.station, "manual").result()
    ground.save("between")
    between = back_up(ground.station, "manual").result()
    ground.save("in the journal")
    key = ground.station.key
    ground.station.close()
    if newer == "is broken":
        between.path.write_bytes(between.path.read_bytes()[:-4096])
    restore_station(ground.paths, older, key, ground.clock)
    ground.reopen()
    told = [n.code for n in ground.station.notes]
    if newer == "holds":
        assert not ground.lacking() and ground.faults() == [] and told == []
    else:
        assert ground.lacking() and told == ["restored_with_gap"]
    ground.station.close()


def a_ledger(folder: Path) -> Path:
    """600 people, several parts of an import and of its undo."""
    lines = ["姓名,性别,家庭住址,联系电话,出生日期"]
    lines += [f"仇凤兰{n},女,新华街{n}号,199{n:08d},1980-03-0{n % 9 + 1}" for n in range(600)]
    ledger = folder / "ledger.csv"
    ledger.write_text("\n".join(lines), encoding="utf-8")
    return ledger


def names(ground: Ground) -> list[str]:
    rows = ground.station.file.read(lambda con: con.execute("SELECT name FROM case_row").fetchall())
    return [name for (name,) in rows.result()]


def test_an_import_that_the_journal_has_in_part_is_taken_back(tmp_path: Path) -> None:
    """The plan of a running import is not in the journal; half an import may not stand for ever."""
    stick = tmp_path / "stick"
    stick.mkdir()
    ground = Ground(tmp_path / "data", second=stick)
    ledger = a_ledger(tmp_path)
    preview = make_preview(ground.desk, read_path(ledger, ground.desk.today))

    def killed(done: int, parts: int) -> None:
        assert parts > 2
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        apply(ground.desk, preview, backup=before_import(ground.station), progress=killed)
    info, key = last_backup(ground.station), ground.station.key
    assert info is not None and has_unfinished(ground.desk)
    ground.station.close()
    restore_station(ground.paths, info, key, ground.clock)
    ground.reopen()
    assert has_unfinished(ground.desk), "what the journal brought is only a part"
    assert finish_imports(ground.desk)
    assert names(ground) == ["单秀英"]
    assert not has_unfinished(ground.desk) and ground.faults() == []
    again = apply(ground.desk, make_preview(ground.desk, read_path(ledger, ground.desk.today)))
    assert again.counts.new == 600
    ground.station.close()


@pytest.mark.parametrize("backed_up", ["before", "in the middle"])
def test_an_undo_that_the_journal_has_in_part_is_gone_on_with(tmp_path: Path, backed_up: str) -> None:
    """That an import is being taken back was known to the file only: on a new PC half of it stood for ever."""
    stick = tmp_path / "stick"
    stick.mkdir()
    ground = Ground(tmp_path / "data", second=stick)
    applied = apply(ground.desk, make_preview(ground.desk, read_path(a_ledger(tmp_path), ground.desk.today)))
    assert applied.import_id is not None

    def killed(done: int, parts: int) -> None:
        assert done < parts
        raise KeyboardInterrupt

    if backed_up == "before":
        back_up(ground.station, "manual").result()
    with pytest.raises(KeyboardInterrupt):
        undo_import(ground.desk, applied.import_id, killed)
    if backed_up == "in the middle":
        back_up(ground.station, "manual").result()
    info, key = last_backup(ground.station), ground.station.key
    assert info is not None and has_unfinished(ground.desk)
    ground.station.close()
    restore_station(ground.paths, info, key, ground.clock)
    ground.reopen()
    assert finish_imports(ground.desk) == [applied.import_id]
    assert names(ground) == ["单秀英"]
    assert not has_unfinished(ground.desk) and ground.faults() == []
    ground.station.close()
