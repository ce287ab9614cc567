"""Making a station: the file, its keys, its first clerk; all of it or nothing that looks like one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from jobdesk.cases.clock import Clock
from jobdesk.cases.errors import Refused
from jobdesk.cases.ids import IdSource
from jobdesk.cases.ops import Json, Subject, opened
from jobdesk.host.disk import disk_errors, give_to_group, replace_file
from jobdesk.host.paths import StationPaths, refuse_unfit_folder
from jobdesk.host.secrets import Secrets
from jobdesk.store import local
from jobdesk.store.cipher import connect, translated
from jobdesk.store.holder import hold, this_process
from jobdesk.store.keyslots import create
from jobdesk.store.migrating import ROWS, ROWS_FACT
from jobdesk.store.open_station import OpenStation
from jobdesk.store.opening import open_held
from jobdesk.store.recovery_code import RecoveryCode
from jobdesk.store.safekeeping import prepare_second
from jobdesk.store.schema_sql import SCHEMA_FORMAT, create_all
from jobdesk.store.station_file import StationFile


@dataclass(frozen=True, slots=True)
class NewStation:
    """What the first-run page collected.

    Attributes:
        station: fields of the ``station`` record: name, code, region, village, practice.
        staff: name of the first clerk; account: the account of the PC it is bound to.
    """

    station: Mapping[str, Json]
    staff: str
    account: str = ""


def create_station(
    paths: StationPaths,
    new: NewStation,
    clock: Clock,
    ids: IdSource,
    *,
    key_file: Path | None = None,
    secrets: Secrets | None = None,
    recovery: RecoveryCode | None = None,
    title: str = "init",
) -> tuple[OpenStation, RecoveryCode, str]:
    """Make a station; returns it open, the recovery code (shown once) and the first clerk's staff id.

    ``recovery`` is a code that was shown and asked back before; without one a fresh code is made.
    ``title`` is what a second window is told about the holder.

    The file is built under another name and renamed when it is whole: a kill in the middle leaves
    nothing that looks like a station, and the next try starts afresh.

    Raises:
        Refused: there is a station here already, or this is no place for one (a share, a roaming profile).
        Trouble: the folder cannot be written.
    """
    refuse_unfit_folder(paths.data)
    with disk_errors(paths.data):
        paths.data.mkdir(parents=True, exist_ok=True)
    held = hold(paths.lock, this_process(clock.now_ms(), title))
    try:
        if paths.station.exists():
            raise Refused("station_exists", path=str(paths.data))
        making = paths.station.with_name("station.making.db")
        _sweep_unfinished(paths, making)
        if key_file is not None and key_file.exists():
            raise Refused("key_file_exists", path=str(key_file))
        note = {"key_file": str(key_file.absolute()) if key_file else ""}
        replace_file(_making_note(paths), json.dumps(note).encode())
        created = create(paths.keyslots, now_ms=clock.now_ms(), key_file=key_file, secrets=secrets,
                         recovery=recovery)  # fmt: skip
        station_id = ids()
        staff_id = ids()
        _build(making, created.key, station_id, ids, clock)
        file = StationFile(making, created.key, clock, ids, writable=True)
        try:
            subject = Subject("station", station_id)
            staff: dict[str, Json] = {"name": new.staff, "account": new.account}
            ops = [
                opened(subject, "station", station_id, new.station),
                opened(subject, "staff", staff_id, staff),
            ]
            file.write(lambda w: w.append(staff_id, ops)).result()
        finally:
            file.close()
        with disk_errors(paths.data):
            making.replace(paths.station)
            _making_note(paths).unlink()
        prepare_second(paths)
        station = open_held(paths, created.key, clock, ids, held, writable=True)
        return station, created.recovery, staff_id
    except BaseException:
        held.release()
        raise


def _making_note(paths: StationPaths) -> Path:
    """Says that a station is being made here, and which key file goes with it."""
    return paths.data / "station.making.json"


def _sweep_unfinished(paths: StationPaths, making: Path) -> None:
    """What an earlier try left that never became a station (its recovery code was never shown)."""
    note = _making_note(paths)
    if not note.exists():
        return
    with disk_errors(paths.data):
        named = str(json.loads(note.read_bytes() or b"{}").get("key_file", ""))
        for left in (making, *making.parent.glob(making.name + "-*")):
            left.unlink(missing_ok=True)
        paths.keyslots.unlink(missing_ok=True)
        paths.keyslots.with_name(paths.keyslots.name + ".bak").unlink(missing_ok=True)
        if named:
            Path(named).unlink(missing_ok=True)
        note.unlink()


def _build(path: Path, key: bytes, station_id: str, ids: IdSource, clock: Clock) -> None:
    """An empty station file: tables, triggers, search index, its own facts."""
    con = connect(path, key, create=True)
    try:
        with translated(path):
            con.execute("BEGIN IMMEDIATE")
            create_all(con)
            local.set_fact(con, "station_id", station_id)
            local.set_fact(con, "device_id", ids())
            local.set_fact(con, "replica_id", ids())
            local.set_fact(con, "created_ms", str(clock.now_ms()))
            local.set_fact(con, ROWS_FACT, ROWS)
            con.execute(f"PRAGMA user_version = {SCHEMA_FORMAT}")
            con.execute("COMMIT")
    finally:
        con.close()
    with disk_errors(path):
        give_to_group(path)  # before the log beside it is made: SQLite gives that the same rights
