"""Each I/O call of SQLite fails once: in a save, a close, an opening, a backup, a first start."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from faulty_vfs import FULL, READ_ONLY, FaultyDisk, faulty_disk
from ground import Ground

from jobdesk.cases.errors import Trouble
from jobdesk.cases.ids import id_source
from jobdesk.host.paths import StationPaths
from jobdesk.store.backup import verify
from jobdesk.store.creating import NewStation, create_station
from jobdesk.store.keyslots import open_with_key_file
from jobdesk.store.manifest import list_backups
from jobdesk.store.opening import open_station
from jobdesk.store.safekeeping import back_up

CODES = [None, FULL, READ_ONLY]
"""The device fails; there is no room; it became read-only."""
SAID = {None: "disk_trouble", FULL: "disk_full", READ_ONLY: "read_only"}
"""What a write that fails is called; other calls (a sync, a lock) then fail as a device does."""


@pytest.fixture
def disk() -> Iterator[FaultyDisk]:
    with faulty_disk() as found:
        yield found


@pytest.mark.parametrize("code", CODES)
def test_each_call_of_a_save(tmp_path: Path, disk: FaultyDisk, code: int | None) -> None:
    ground = Ground(tmp_path)
    ground.save("first")
    with disk.armed():
        ground.save("counted")
    calls = len(disk.calls)
    assert {"write", "sync"} <= set(disk.calls), "a save that does not reach the disk cannot be trusted"
    refused = 0
    for n in range(1, calls + 4):
        with disk.armed(n, code):
            try:
                ground.save(f"hit {n}")
            except Trouble as trouble:
                refused += 1
                assert trouble.code in {SAID[code], "disk_trouble"}
        ground.save(f"after {n}")
        assert not ground.lacking()
    assert refused >= calls // 2, "the sweep met next to nothing"
    ground.reopen()
    assert not ground.lacking()
    assert ground.faults() == []
    ground.station.close()


@pytest.mark.parametrize("code", CODES)
def test_each_call_of_the_checkpoint_at_the_end(tmp_path: Path, disk: FaultyDisk, code: int | None) -> None:
    ground = Ground(tmp_path)
    n = 0
    while True:
        n += 1
        ground.save(f"before {n}")
        with disk.armed(n, code):
            ground.station.close()  # the write-ahead log may stay; closing itself never fails
        hit = disk.failed
        ground.reopen()
        assert not ground.lacking()
        if hit is None:
            break
    assert n > 3
    assert ground.faults() == []
    ground.station.close()


@pytest.mark.parametrize("code", CODES)
def test_each_call_of_an_opening(tmp_path: Path, disk: FaultyDisk, code: int | None) -> None:
    ground = Ground(tmp_path)
    ground.save("kept")
    ground.station.close()
    key = open_with_key_file(ground.paths.keyslots, ground.key_file)
    n = 0
    while True:
        n += 1
        with disk.armed(n, code):
            try:
                ground.station = open_station(ground.paths, key, ground.clock, id_source(ground.clock))
            except Trouble:
                continue
        if disk.failed is None:
            break
        ground.save(f"opened {n}")
        ground.station.close()
    assert n > 3
    assert not ground.lacking()
    assert ground.faults() == []
    ground.station.close()


@pytest.mark.parametrize("code", CODES)
def test_each_call_of_a_backup(tmp_path: Path, disk: FaultyDisk, code: int | None) -> None:
    ground = Ground(tmp_path)
    ground.save("kept")
    n = 0
    while True:
        n += 1
        with disk.armed(n, code), contextlib.suppress(Trouble):
            back_up(ground.station, "manual").result()
        for info in list_backups(ground.paths.backups):
            verify(info, ground.station.key)
        if disk.failed is None:
            break
        if n % 5 == 0:
            ground.save(f"beside {n}")
    assert n > 3
    assert not list(ground.paths.backups.glob(".*part*"))
    assert not ground.lacking()
    assert ground.faults() == []
    ground.station.close()


def test_each_call_of_a_first_start(tmp_path: Path, disk: FaultyDisk) -> None:
    from jobdesk.cases.clock import FixedClock

    clock = FixedClock.at(2026, 11, 20)
    paths = StationPaths(tmp_path / "data")
    key_file = tmp_path / "key"
    new = NewStation({"name": "示例站", "code": "229901001"}, "于晓梅")
    n, step = 0, 1
    while True:
        n += step
        step = 1 if n < 60 else 7
        with disk.armed(n):
            try:
                station, _, _ = create_station(paths, new, clock, id_source(clock), key_file=key_file)
            except Trouble:
                continue
        station.close()
        break
    assert n > 10
    key = open_with_key_file(paths.keyslots, key_file)
    open_station(paths, key, clock, id_source(clock)).close()
