import errno
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from disk_faults import FailingDisk, remount_read_only, small_disk
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jobdesk.cases.errors import DiskFull, ReadOnly, Trouble
from jobdesk.store import journal as journal_module
from jobdesk.store import journal_frames
from jobdesk.store.journal import Journal

SUBKEY = bytes(range(32))
STATION = "0199b2c4-7d1e-7a3b-8c4d-1991234567ab"


def opened(folder: Path, key: bytes = SUBKEY, station: str = STATION) -> Journal:
    return Journal.open(folder / "journal", key, station)


def only_file(folder: Path) -> Path:
    (file,) = (folder / "journal").glob("*.jdj")
    return file


def test_what_went_in_comes_out_in_order(tmp_path: Path) -> None:
    with opened(tmp_path) as journal:
        journal.append([b"a", b""])
        journal.append([])
        journal.append([b"c" * 100_000])
    with opened(tmp_path) as journal:
        assert journal.last() == b"c" * 100_000
        journal.append([b"d"])
        assert list(journal.read_all()) == [b"a", b"", b"c" * 100_000, b"d"]
        assert journal.last() == b"d"
        assert journal.damage == []


def test_an_empty_journal(tmp_path: Path) -> None:
    journal = opened(tmp_path)
    assert list(journal.read_all()) == []
    assert journal.last() is None
    assert journal.trim(lambda _: False) == 0
    assert not (tmp_path / "journal").exists()


def test_nothing_readable(tmp_path: Path) -> None:
    with opened(tmp_path) as journal:
        journal.append([b"229901199003071239"])
    assert b"229901199003071239" not in only_file(tmp_path).read_bytes()


def test_large_appends_are_cut_and_come_back(tmp_path: Path) -> None:
    frames = [os.urandom(3_000_000) for _ in range(6)]
    with opened(tmp_path) as journal:
        journal.append(frames)
        assert list(journal.read_all()) == frames
    assert only_file(tmp_path).read_bytes().count(journal_frames.MARK) >= 2


def test_torn_at_every_byte_of_the_last_frame(tmp_path: Path) -> None:
    with opened(tmp_path) as journal:
        journal.append([b"one"])
        file = only_file(tmp_path)
        first = file.stat().st_size
        journal.append([b"two", b"three"])
    whole = file.read_bytes()
    for size in range(first, len(whole)):
        file.write_bytes(whole[:size])
        assert list(journal.read_all()) == [b"one"]
        assert [d.kind for d in journal.damage] == ([] if size == first else ["torn"])
    file.write_bytes(whole[:first] + bytes(len(whole) - first))
    assert list(journal.read_all()) == [b"one"]
    assert [d.kind for d in journal.damage] == ["torn"]


def test_appending_behind_a_torn_end(tmp_path: Path) -> None:
    with opened(tmp_path) as journal:
        journal.append([b"one"])
        journal.append([b"two"])
    file = only_file(tmp_path)
    file.write_bytes(file.read_bytes()[:-3])
    with opened(tmp_path) as journal:
        journal.append([b"three"])
        assert list(journal.read_all()) == [b"one", b"three"]
        assert len(journal.damage) == 1


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_flipped_bit_costs_at_most_its_frame_and_is_told(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("j")
    frames = [bytes([n]) * 20 for n in range(5)]
    with opened(folder) as journal:
        for frame in frames:
            journal.append([frame])
    file = only_file(folder)
    whole = bytearray(file.read_bytes())
    bit = data.draw(st.integers(40 * 8, len(whole) * 8 - 1))
    whole[bit // 8] ^= 1 << bit % 8
    file.write_bytes(whole)
    found = list(journal.read_all())
    assert len(found) == 4
    assert set(found) < set(frames)
    assert journal.damage


def test_a_frame_taken_out_of_the_middle_is_seen(tmp_path: Path) -> None:
    ends: list[int] = []
    with opened(tmp_path) as journal:
        for frame in (b"one", b"two", b"three"):
            journal.append([frame])
            ends.append(only_file(tmp_path).stat().st_size)
    file = only_file(tmp_path)
    whole = file.read_bytes()
    file.write_bytes(whole[: ends[0]] + whole[ends[1] :])
    assert list(journal.read_all()) == [b"one", b"three"]
    assert [d.kind for d in journal.damage] == ["gap"]
    file.write_bytes(whole[:40] + whole[ends[0] :])
    assert list(journal.read_all()) == [b"two", b"three"]
    assert [d.kind for d in journal.damage] == ["gap"]


def test_frames_of_another_file_are_not_taken(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        with opened(tmp_path / name) as journal:
            journal.append([name.encode()])
    a, b = only_file(tmp_path / "a"), only_file(tmp_path / "b")
    a.write_bytes(a.read_bytes() + b.read_bytes()[40:])
    journal = opened(tmp_path / "a")
    assert list(journal.read_all()) == [b"a"]
    assert journal.damage


def test_other_key_other_station(tmp_path: Path) -> None:
    with opened(tmp_path) as journal:
        journal.append([b"one"])
    with opened(tmp_path, station="other") as other:
        other.append([b"theirs"])
        assert list(other.read_all()) == [b"theirs"]
    stranger = opened(tmp_path, key=bytes(32))
    assert list(stranger.read_all()) == []
    assert [d.kind for d in stranger.damage] == ["foreign"]
    assert stranger.trim(lambda _: False) == 0
    assert list(journal.read_all()) == [b"one"], "a file we cannot read is not ours to delete"


def test_trim_and_rewrite(tmp_path: Path) -> None:
    for n in range(3):
        with opened(tmp_path) as journal:
            journal.append([b"keep%d" % n, b"drop%d" % n])
    journal = opened(tmp_path)
    assert journal.trim(lambda frame: frame.startswith(b"keep")) == 3
    assert list(journal.read_all()) == [b"keep0", b"keep1", b"keep2"]
    assert len(list((tmp_path / "journal").iterdir())) == 1
    assert journal.rewrite(lambda frame: b"" if frame == b"keep1" else frame) == 1
    journal.append([b"later"])
    assert list(journal.read_all()) == [b"keep0", b"", b"keep2", b"later"]
    journal.trim(lambda _: False)
    assert list((tmp_path / "journal").iterdir()) == []


def test_trim_while_writing_goes_on_in_a_new_file(tmp_path: Path) -> None:
    journal = opened(tmp_path)
    journal.append([b"one"])
    journal.trim(lambda _: True)
    journal.append([b"two"])
    assert list(journal.read_all()) == [b"one", b"two"]
    journal.rotate()
    journal.append([b"three"])
    assert list(journal.read_all()) == [b"one", b"two", b"three"]
    journal.close()


def test_second_folder_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    journal = Journal.open(tmp_path / "stick" / "journal", SUBKEY, STATION)
    with pytest.raises(Trouble) as trouble:
        journal.append([b"one"])
    assert trouble.value.code == "second_folder_missing"
    assert not (tmp_path / "stick").exists()
    (tmp_path / "stick").mkdir()
    journal.append([b"one"])
    assert list(journal.read_all()) == [b"one"]
    journal.close()


def test_an_open_file_that_was_deleted_is_noticed(tmp_path: Path) -> None:
    journal = opened(tmp_path)
    journal.append([b"one"])
    only_file(tmp_path).unlink()
    with pytest.raises(Trouble) as trouble:
        journal.append([b"two"])
    assert trouble.value.code == "journal_vanished"
    journal.append([b"one", b"two"])
    assert list(journal.read_all()) == [b"one", b"two"]
    journal.close()


def test_full_and_read_only_second_folder(tmp_path: Path) -> None:
    with small_disk(tmp_path / "small", "256k") as disk:
        journal = opened(disk)
        kept: list[bytes] = []
        with pytest.raises(DiskFull):
            for n in range(1000):
                journal.append([bytes([n % 256]) * 5000])
                kept.append(bytes([n % 256]) * 5000)
        assert len(kept) > 20
        assert list(journal.read_all()) == kept
        journal.trim(lambda _: False)
        journal.append([b"again"])
        assert list(journal.read_all()) == [b"again"]
        journal.close()
        remount_read_only(disk)
        with pytest.raises(ReadOnly):
            journal.append([b"no"])
        assert list(journal.read_all()) == [b"again"]


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO, errno.EROFS])
def test_every_disk_call_fails_once_and_a_later_append_catches_up(
    tmp_path: Path, error: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(1, 60):
        folder = tmp_path / str(n)
        folder.mkdir()
        journal = opened(folder)
        disk = FailingDisk(n, error)
        done: list[bytes] = []
        with disk.installed():
            monkeypatch.setattr(journal_module, "_sync_data", lambda fd: os.fsync(fd))
            for frame in (b"one", b"two", b"three"):
                try:
                    journal.append([frame])
                except Trouble:
                    journal.append([frame])
                done.append(frame)
        journal.close()
        found = list(journal.read_all())
        assert sorted(set(found)) == sorted(done)
        if disk.failed is None:
            return
    raise AssertionError("never came through")


def test_every_disk_call_of_a_trim_fails_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(1, 60):
        folder = tmp_path / str(n)
        folder.mkdir()
        journal = opened(folder)
        journal.append([b"one", b"two", b"three"])
        disk = FailingDisk(n)
        with disk.installed("open", "write", "fsync", "replace", "unlink"):
            monkeypatch.setattr(journal_module, "_sync_data", lambda fd: os.fsync(fd))
            try:
                journal.trim(lambda frame: frame != b"two")
                done = True
            except Trouble:
                done = False
        found = set(journal.read_all())
        assert found >= {b"one", b"three"}
        assert not (done and b"two" in found)
        if disk.failed is None:
            return
    raise AssertionError("never came through")


WRITER = """
import sys
from pathlib import Path
from jobdesk.store.journal import Journal
journal = Journal.open(Path(sys.argv[1]), bytes(range(32)), "s")
n = 0
while True:
    journal.append([b"%d" % n, b"x" * (n % 3000)])
    print(n, flush=True)
    n += 1
    if n % 40 == 0:
        journal.trim(lambda frame: True)
"""


@pytest.mark.parametrize("seed", range(4))
def test_kill_9_loses_nothing_acknowledged(tmp_path: Path, seed: int) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(tmp_path / "journal")], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "0\n"
        time.sleep(random.Random(seed).uniform(0.02, 0.3))
        process.send_signal(signal.SIGKILL)
        said = [0, *(int(line) for line in process.stdout.read().splitlines())]
    journal = Journal.open(tmp_path / "journal", SUBKEY, "s")
    numbers = {int(f) for f in journal.read_all() if f.isdigit()}
    assert numbers >= set(said)
    assert len(numbers) <= len(said) + 1
    assert {d.kind for d in journal.damage} <= {"torn"}
    journal.append([b"after"])
    assert journal.last() == b"after"
    journal.trim(lambda frame: frame == b"after")
    assert len(list((tmp_path / "journal").iterdir())) == 1
    journal.close()


def test_a_frame_is_one_write_to_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    whole = journal_module._sync_data  # pyright: ignore[reportPrivateUsage]

    def counted(fd: int) -> None:
        synced.append(fd)
        whole(fd)

    with opened(tmp_path) as journal:
        journal.append([b"first"])
        monkeypatch.setattr(journal_module, "_sync_data", counted)
        for _ in range(20):
            journal.append([b"one", b"two"])
    assert len(synced) == 20
