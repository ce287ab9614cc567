"""What a restore says it brought back, and out of what."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.errors import BadInput
from jobdesk.services.first_start import Returned, look_at_journal, restore_here
from jobdesk.services.registering import register
from jobdesk.store.safekeeping import back_up
from jobdesk.ui.opening.state import restored_said
from tests.stations import Made, make_station


def after_two_backups(folder: Path, clock: FixedClock) -> tuple[Made, Path]:
    """The older of two backups; one person was saved between them and one after."""
    made = make_station(folder, clock, second=True)
    older = back_up(made.station, "manual").result()
    clock.tick(1000)
    register(made.desk, {"name": "张秀英"}).result()
    back_up(made.station, "manual").result()
    clock.tick(1000)
    register(made.desk, {"name": "王芳"}).result()
    made.station.close()
    return made, older.path


def restored(made: Made, backup: Path, journal: Path, clock: FixedClock) -> Returned:
    back = restore_here(made.paths, backup, journal, "", clock, made.key_file)
    back.session.close()
    return back


def test_an_empty_journal_gave_nothing_back_although_a_newer_backup_did(tmp_path: Path) -> None:
    clock = FixedClock.at(2026, 11, 16)
    made, older = after_two_backups(tmp_path, clock)
    empty = tmp_path / "elsewhere" / "journal"
    empty.mkdir(parents=True)
    back = restored(made, older, empty, clock)
    assert (back.from_journal, back.from_newer > 0) == (0, True)
    said = restored_said(back)
    assert "从第二份日志补回 0 条" in said and f"从较新的备份补回 {back.from_newer} 条" in said


def test_what_only_the_journal_had_is_counted_apart(tmp_path: Path) -> None:
    clock = FixedClock.at(2026, 11, 16)
    made, older = after_two_backups(tmp_path, clock)
    back = restored(made, older, made.paths.journal, clock)
    assert back.from_journal == 1 and back.from_newer >= 1


def test_a_folder_is_looked_at_before_anything_is_closed_for_it(tmp_path: Path) -> None:
    clock = FixedClock.at(2026, 11, 16)
    made, _ = after_two_backups(tmp_path, clock)
    station_id = made.station.file.station_id
    second = made.paths.journal.parent
    assert look_at_journal(second, station_id).has_ours
    assert not look_at_journal(second, "another").has_ours
    with pytest.raises(BadInput):
        look_at_journal(tmp_path / "data", station_id)
