"""A station file of format 1 opens, folds and checks as it did on the day it was laid down."""

from __future__ import annotations

import json
import shutil
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.errors import DamagedFile
from jobdesk.cases.fold import fold
from jobdesk.cases.ids import seeded_ids
from jobdesk.cases.ops import Subject
from jobdesk.host.paths import STATION_NAME, StationPaths
from jobdesk.store import local, migrating
from jobdesk.store.check import check_station
from jobdesk.store.cipher import Connection, connect
from jobdesk.store.journal import Journal
from jobdesk.store.keyslots import open_with_key_file, open_with_recovery
from jobdesk.store.log import ops_by_subject
from jobdesk.store.manifest import list_backups
from jobdesk.store.open_station import OpenStation
from jobdesk.store.opening import open_station
from jobdesk.store.wrapping import subkey

EXHIBIT = Path(__file__).parents[1] / "museum" / "station-v1"
FROZEN = {
    "expected.json": "30ccb12fab4389f6ba974ff2ec5a6f96ef13593339d0a4c2188f802b6781df94",
    "journal/019f6349-aa80-7a71-8c4f-f7fc0abf45b6.0000000001.32e8ff88.jdj": (
        "3f008bee7ae496a1c730d447c081810a0ee24b16e61bc01598b88338922469dc"
    ),
    "keyslots.json": "10b527e534805ec3565fc0ce6b15ee7fdc2d78a385d2c7d0f7a3b0fedb80f4cf",
    "station.jobdesk.db": "66f7ae9f6e2f7c67fc394d3ab70feb798d8881719127d628167fb651d11014c5",
    "station.key": "741a11667b7db74549e3f16eb3f346886d4c8b259b8dae5bf435ad352a47f796",
}
"""File → SHA-256 of it; none is ever changed."""
EXPECTED: dict[str, Any] = json.loads((EXHIBIT / "expected.json").read_text(encoding="utf-8"))
CLOCK = FixedClock.at(2026, 11, 20)


@pytest.fixture
def copy(tmp_path: Path) -> StationPaths:
    """The exhibit where it can be written, its key file as private as the program wants it."""
    shutil.copytree(EXHIBIT, tmp_path / "data")
    (tmp_path / "data" / "station.key").chmod(0o600)
    return StationPaths(tmp_path / "data")


def key_of(paths: StationPaths) -> bytes:
    return open_with_key_file(paths.keyslots, paths.data / "station.key").key


def opened(paths: StationPaths) -> OpenStation:
    return open_station(paths, key_of(paths), CLOCK, seeded_ids(2, CLOCK))


def told(con: Connection) -> dict[str, Any]:
    """Everything the file says, folded anew, in the words of ``expected.json``."""
    said: dict[str, Any] = {}
    for subject_id, ops in ops_by_subject(con):
        kind = ops[0].subject.kind
        records = [
            {"kind": r.kind, "id": r.id, "values": {name: r.get(name) for name in r.fields}}
            for r in fold(ops, Subject(kind, subject_id))
        ]
        records.sort(key=lambda r: (str(r["kind"]), str(r["id"])))
        said[subject_id] = {"kind": kind, "operations": len(ops), "records": records}
    return said


def faults(station: OpenStation) -> list[str]:
    return [f"{r.name}: {r.detail}" for r in check_station(station) if not r.ok]


def test_nobody_touched_the_exhibit() -> None:
    found = {
        file.relative_to(EXHIBIT).as_posix(): sha256(file.read_bytes()).hexdigest()
        for file in sorted(EXHIBIT.rglob("*"))
        if file.is_file()
    }
    assert found == FROZEN


def test_it_opens_and_tells_what_it_told(copy: StationPaths) -> None:
    station = opened(copy)
    try:
        assert station.file.read(told).result() == EXPECTED["subjects"]
        assert faults(station) == [] and station.notes == []
    finally:
        station.close()


def test_rows_of_it_are_made_anew_after_a_backup(copy: StationPaths) -> None:
    con = connect(copy.station, key_of(copy))
    local.set_fact(con, migrating.ROWS_FACT, "0")
    con.close()
    station = opened(copy)
    try:
        assert station.file.read(told).result() == EXPECTED["subjects"]
        assert faults(station) == []
        assert [b.reason for b in list_backups(copy.backups)] == ["before-migration"]
    finally:
        station.close()


def test_its_recovery_code_still_opens_it(copy: StationPaths) -> None:
    assert open_with_recovery(copy.keyslots, EXPECTED["recovery_code"]).key == key_of(copy)


def test_its_journal_still_reads(copy: StationPaths) -> None:
    con = connect(copy.station, key_of(copy), read_only=True)
    station_id = local.facts(con)["station_id"]
    (operations,) = con.execute("SELECT count(*) FROM op").fetchone()
    con.close()
    frames = list(Journal.open(copy.journal, subkey(key_of(copy), "journal"), station_id).read_all())
    assert sum(frame[:1] == b"O" for frame in frames) == operations


def test_a_page_of_it_that_was_changed_is_seen(copy: StationPaths) -> None:
    content = bytearray((copy.data / STATION_NAME).read_bytes())
    content[100] ^= 1
    copy.station.write_bytes(content)
    with pytest.raises(DamagedFile):
        opened(copy)
