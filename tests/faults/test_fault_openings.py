"""Files that are not what they should be, clocks that jump, a second window: a clear word, nothing lost."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from ground import Ground

from jobdesk.cases.clock import FixedClock, local_date
from jobdesk.cases.errors import DamagedFile, FileLocked, Refused, Trouble, WrongKey
from jobdesk.cases.ids import id_source
from jobdesk.services.assignments.returning import give_back
from jobdesk.services.assignments.taking import read_list, take_list
from jobdesk.services.session import daily_backup, session_of
from jobdesk.store import keyslots
from jobdesk.store.opening import open_station
from jobdesk.store.renewing import restore_station
from jobdesk.store.safekeeping import back_up, last_backup

DAY_MS = 86_400_000


@pytest.fixture
def ground(tmp_path: Path) -> Ground:
    made = Ground(tmp_path)
    made.save("kept")
    return made


@pytest.mark.parametrize("jump", [-5 * 365 * DAY_MS, 10 * 365 * DAY_MS])
def test_a_clock_that_jumps(ground: Ground, jump: int) -> None:
    ground.clock.tick(jump)
    ground.save("with a wrong clock")
    ground.reopen()
    told = [n.params["days"] for n in ground.station.notes if n.code == "clock_back"]
    assert told == ([5 * 365 - 1] if jump < 0 else []), "a clock that went back is told"
    ground.save("still wrong")
    ground.clock.tick(-jump)
    ground.reopen()
    told = [n.params["days"] for n in ground.station.notes if n.code == "clock_back"]
    assert told == ([] if jump < 0 else [10 * 365]), "and one that was far ahead, when it is right again"
    ground.save("right again")
    stamps = ground.station.file.read(
        lambda con: con.execute("SELECT ms, counter FROM op ORDER BY replica_id, replica_seq").fetchall()
    ).result()
    assert stamps == sorted(stamps), "stamps of one replica never go back"
    assert len(set(stamps)) == len(stamps)
    assert not ground.lacking() and ground.faults() == []
    state = ground.desk.case(ground.case_id).result()
    assert state.root.text("next_contact_reason") == "right again", "knowledge counts, not the clock"
    assert not any(f.is_conflict for f in state.root.fields.values())
    ground.station.close()


def test_a_second_window_says_who_holds_it(ground: Ground) -> None:
    key = keyslots.open_with_key_file(ground.paths.keyslots, ground.key_file)
    with pytest.raises(FileLocked) as met:
        open_station(ground.paths, key, ground.clock, id_source(ground.clock), title="second")
    assert met.value.code == "file_locked"
    assert str(os.getpid()) in str(met.value.params["holder"])
    reading = open_station(ground.paths, key, ground.clock, id_source(ground.clock), writable=False)
    reading.close()
    ground.save("the first goes on")
    ground.station.close()
    open_station(ground.paths, key, ground.clock, id_source(ground.clock)).close()


def test_a_wrong_key(ground: Ground) -> None:
    ground.station.close()
    before = ground.paths.station.read_bytes()
    with pytest.raises(WrongKey):
        open_station(ground.paths, os.urandom(32), ground.clock, id_source(ground.clock))
    assert ground.paths.station.read_bytes() == before
    ground.reopen()
    assert not ground.lacking()
    ground.station.close()


@pytest.mark.parametrize("size", [0, 100, 4096, 5000, 40_960, -4096, -1])
def test_a_truncated_station_file(ground: Ground, size: int) -> None:
    ground.station.close()
    whole = ground.paths.station.read_bytes()
    ground.paths.station.write_bytes(whole[:size])
    with pytest.raises(Trouble) as met:
        ground.reopen()
        found = ground.faults()  # what opening does not see, the check does
        ground.station.close()
        assert found
        raise DamagedFile("found_by_check")
    assert isinstance(met.value, DamagedFile)
    assert ground.paths.station.exists()
    ground.paths.station.write_bytes(whole)
    ground.reopen()
    assert not ground.lacking() and ground.faults() == []
    ground.station.close()


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"format": 1}'])
def test_damaged_key_slots(ground: Ground, content: bytes) -> None:
    ground.station.close()
    whole = ground.paths.keyslots.read_bytes()
    copy = ground.paths.keyslots.with_name(ground.paths.keyslots.name + ".bak")
    kept = copy.read_bytes() if copy.exists() else None
    ground.paths.keyslots.write_bytes(content)
    if kept is not None:
        ground.reopen()  # the copy beside it helps
        ground.station.close()
        copy.write_bytes(content)
    with pytest.raises(DamagedFile):
        ground.reopen()
    ground.paths.keyslots.write_bytes(whole)
    ground.reopen()
    assert not ground.lacking()
    ground.station.close()


@pytest.mark.skipif(os.name == "nt", reason="POSIX permissions")
def test_a_key_file_that_others_may_read(ground: Ground) -> None:
    ground.station.close()
    assert ground.key_file.stat().st_mode & 0o777 == 0o600
    ground.key_file.chmod(0o644)
    with pytest.raises(Refused, match="key_file_open"):
        ground.reopen()
    ground.key_file.chmod(0o600)
    ground.reopen()
    ground.station.close()


def test_a_missing_key_file(ground: Ground) -> None:
    ground.station.close()
    ground.key_file.rename(ground.key_file.with_name("elsewhere"))
    with pytest.raises(Refused, match="key_file_missing"):
        ground.reopen()


def test_a_clock_before_the_station_was_made(tmp_path: Path) -> None:
    ground = Ground(tmp_path)
    ground.clock.ms = FixedClock.at(2001, 1, 1).ms
    ground.reopen()
    ground.save("in 2001")
    assert ground.faults() == []
    ground.station.close()


def test_with_a_clock_set_back_the_last_backup_is_the_newest(ground: Ground) -> None:
    back_up(ground.station, "daily").result()
    ground.clock.tick(-5 * 365 * DAY_MS)
    made = back_up(ground.station, "daily").result()
    newest = last_backup(ground.station)
    assert newest is not None and newest.path == made.path
    assert daily_backup(session_of(ground.station)) is None, "the day has its backup, whatever day it is"


def test_the_first_start_after_a_restore_makes_a_backup(ground: Ground) -> None:
    info = back_up(ground.station, "daily").result()
    key = ground.station.key
    ground.station.close()
    restore_station(ground.paths, info, key, ground.clock)
    ground.reopen()
    made = daily_backup(session_of(ground.station))
    assert made is not None and made.result().reason == "daily"


def test_bytes_that_records_name_come_back_from_the_second_folder(ground: Ground, tmp_path: Path) -> None:
    """Not only attachments: a list from the county has to go back as it came."""
    info = back_up(ground.station, "daily").result()
    path = tmp_path / "名单.csv"
    path.write_text("姓名,联系电话,反馈情况\n韩冬,19900000031,\n", encoding="utf-8")
    found = read_list(ground.desk, path).result()
    taken = take_list(
        ground.desk, found, "名单", "", local_date(ground.clock.ms) + timedelta(days=9)
    ).result()
    key = ground.station.key
    ground.station.close()
    restore_station(ground.paths, info, key, ground.clock)
    ground.reopen()
    assert ground.faults() == []
    give_back(ground.desk, taken, tmp_path / "反馈.csv", partly=True).result()
    assert "韩冬" in (tmp_path / "反馈.csv").read_text(encoding="utf-8-sig")
    ground.station.close()
