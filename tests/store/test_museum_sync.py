"""Format 2 knows the province: an exhibit that has exchanged, and what becomes of a file of format 1."""

from __future__ import annotations

import json
import shutil
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.ids import seeded_ids
from jobdesk.host.paths import StationPaths
from jobdesk.store import local, recounting, sync_facts, sync_state
from jobdesk.store.check import check_station
from jobdesk.store.cipher import connect
from jobdesk.store.journal import Journal
from jobdesk.store.keyslots import open_with_key_file, open_with_recovery
from jobdesk.store.log import Connection
from jobdesk.store.manifest import list_backups
from jobdesk.store.open_station import OpenStation
from jobdesk.store.opening import open_station
from jobdesk.store.schema_sql import SCHEMA_FORMAT
from jobdesk.store.wrapping import subkey
from tests.store.test_museum import EXPECTED as EXPECTED_1
from tests.store.test_museum import told

MUSEUM = Path(__file__).parents[1] / "museum"
EXHIBIT = MUSEUM / "station-v2"
FROZEN = {
    "expected.json": "96409d2c8e2acec76f3a55a97c61ac88fd3293a8cee0c7abf86be17b98cdb339",
    "journal/01a1f677-aa80-78b4-a652-e44da7f29e26.0000000002.12dc8e8b.jdj": "e078a6e42dc226d593cd540339672d36b434e35098344ef5105353feddc3c313",
    "journal/01a1f677-aa80-78b4-a652-e44da7f29e26.0000000003.133761c0.jdj": "d5dafa110daedd8ff9b1eeb8bf1c62f7eed4e36f4f4d57d5b059fe9358cd222b",
    "keyslots.json": "5c9753024ee7155b9730349e67cfa0a254475d58d8f65875a4b36b3c09e8aa59",
    "station.jobdesk.db": "2867f885dbc6e1638590309374b824a7cd47c38822abddd0a57812a9c817be39",
    "station.key": "98f50c03445554c0b88d935c1770f4af5a4b75741e725f2a0e0938a25f7e709b",
}
"""File → SHA-256 of it; none is changed once a release wrote this format."""
EXPECTED: dict[str, Any] = json.loads((EXHIBIT / "expected.json").read_text(encoding="utf-8"))
CLOCK = FixedClock.at(2026, 12, 1)


def laid_out(name: str, folder: Path) -> StationPaths:
    """An exhibit where it can be written, its key file as private as the program wants it."""
    shutil.copytree(MUSEUM / name, folder / "data")
    (folder / "data" / "station.key").chmod(0o600)
    return StationPaths(folder / "data")


def key_of(paths: StationPaths) -> bytes:
    return open_with_key_file(paths.keyslots, paths.data / "station.key").key


def opened(paths: StationPaths) -> OpenStation:
    return open_station(paths, key_of(paths), CLOCK, seeded_ids(3, CLOCK))


@pytest.fixture
def copy(tmp_path: Path) -> StationPaths:
    return laid_out("station-v2", tmp_path)


def faults(station: OpenStation) -> list[str]:
    return [f"{r.name}: {r.detail}" for r in check_station(station) if not r.ok]


def test_nobody_touched_the_exhibit() -> None:
    files = [f for f in sorted(EXHIBIT.rglob("*")) if f.is_file()]
    assert {f.relative_to(EXHIBIT).as_posix(): sha256(f.read_bytes()).hexdigest() for f in files} == FROZEN


def test_it_is_of_format_2(copy: StationPaths) -> None:
    con = connect(copy.station, key_of(copy), read_only=True)
    assert con.execute("PRAGMA user_version").fetchone() == (2,)
    con.close()


def test_it_opens_and_tells_what_it_told(copy: StationPaths) -> None:
    station = opened(copy)
    try:
        assert station.file.read(told).result() == EXPECTED["subjects"]
        assert faults(station) == [] and station.notes == []
    finally:
        station.close()


def test_it_knows_where_it_stands_with_the_province(copy: StationPaths) -> None:
    station, sync = opened(copy), EXPECTED["sync"]
    try:

        def job(con: Connection) -> dict[str, Any]:
            at, digest = recounting.recount(con, sync["stream"])
            (state,) = [s for s in sync_state.streams(con) if s.stream == sync["stream"]]
            assert (state.at.seq, state.digest) == (at.seq, digest)
            (receipts,) = con.execute("SELECT count(*) FROM receipt").fetchone()
            return {
                "stream": state.stream, "seq": at.seq, "digest": digest.hex(), "receipts": receipts,
                "waiting": sync_state.waiting(con), "device": sync_facts.get(con, "device"),
            }  # fmt: skip

        assert station.file.read(job).result() == sync
    finally:
        station.close()


def test_its_recovery_code_and_its_journal_still_read(copy: StationPaths) -> None:
    assert open_with_recovery(copy.keyslots, EXPECTED["recovery_code"]).key == key_of(copy)
    con = connect(copy.station, key_of(copy), read_only=True)
    station_id = local.facts(con)["station_id"]
    con.close()
    frames = list(Journal.open(copy.journal, subkey(key_of(copy), "journal"), station_id).read_all())
    assert any(frame[:1] == b"O" for frame in frames)


def test_what_was_erased_before_stays_erased(copy: StationPaths) -> None:
    whole = b"".join(f.read_bytes() for f in EXHIBIT.rglob("*") if f.is_file())
    assert "要清除".encode() not in whole
    station = opened(copy)
    try:
        blank = station.file.read(
            lambda con: con.execute("SELECT count(*) FROM op WHERE payload IS NULL").fetchone()
        )
        assert blank.result()[0] >= 1
    finally:
        station.close()


def test_a_file_of_format_1_is_lifted_with_everything_in_it(tmp_path: Path) -> None:
    """Its log, its people, its lives: nothing came from elsewhere, so everything waits to be sent."""
    paths = laid_out("station-v1", tmp_path)
    con = connect(paths.station, key_of(paths), read_only=True)
    assert con.execute("PRAGMA user_version").fetchone() == (1,)
    log = con.execute("SELECT * FROM op ORDER BY position").fetchall()
    con.close()
    station = opened(paths)
    try:

        def job(con: Connection) -> None:
            assert con.execute("PRAGMA user_version").fetchone() == (SCHEMA_FORMAT,)
            assert con.execute("SELECT * FROM op ORDER BY position").fetchall() == log
            lives = {r for (r,) in con.execute("SELECT DISTINCT replica_id FROM op")}
            assert {m.replica for m in sync_state.own_marks(con)} >= lives
            assert sync_state.waiting(con) == len(log) and sync_state.streams(con) == []
            assert sync_facts.all_facts(con).get("device") is None

        station.file.read(job).result()
        assert station.file.read(told).result() == EXPECTED_1["subjects"] and faults(station) == []
    finally:
        station.close()
    (backup,) = list_backups(paths.backups)
    assert backup.reason == "before-migration"
    con = connect(backup.path, key_of(paths), read_only=True)
    assert con.execute("PRAGMA user_version").fetchone() == (1,)
    con.close()


def test_lifting_twice_is_lifting_once(tmp_path: Path) -> None:
    paths = laid_out("station-v1", tmp_path)
    opened(paths).close()
    opened(paths).close()
    assert len(list_backups(paths.backups)) == 1
