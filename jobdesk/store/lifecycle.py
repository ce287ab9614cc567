"""The life of a station file: made, opened, brought up to date, backed up, restored, closed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path

from jobdesk.cases.clock import Clock
from jobdesk.cases.codec import decode
from jobdesk.cases.errors import DamagedFile, Refused, Trouble, WrongKey
from jobdesk.cases.ids import IdSource
from jobdesk.cases.ops import Json, Kind, Op, Subject, opened
from jobdesk.host.disk import disk_errors, replace_file
from jobdesk.host.paths import StationPaths
from jobdesk.host.secrets import Secrets
from jobdesk.store import local
from jobdesk.store.backup import BackupInfo, list_backups, make_backup, rotate
from jobdesk.store.cipher import connect, translated
from jobdesk.store.holder import Held, hold, this_process
from jobdesk.store.import_lookups import settle_after_replay
from jobdesk.store.journal import Journal
from jobdesk.store.keyslots import OpenedKey, create, fits, read_keyslots, subkey
from jobdesk.store.log import Connection, all_ops, without_payload
from jobdesk.store.migrating import ROWS, ROWS_FACT, migrate
from jobdesk.store.reads import last_position
from jobdesk.store.recovery_code import RecoveryCode
from jobdesk.store.restore import Restored, finish_restore, restore_files
from jobdesk.store.schema_sql import SCHEMA_FORMAT, create_all
from jobdesk.store.station_file import StationFile, Writing

COUNTED = ("op", "record_row", "case_row")
"""Tables whose rows a backup is checked against."""


@dataclass(slots=True)
class OpenStation:
    """An open station: the file, its places, and what is to be told about the opening.

    Attributes:
        notes: trouble met on the way that did not keep the file from opening.
        renewed: operations that came back from the journal, when this start followed a restore.
    """

    file: StationFile
    paths: StationPaths
    key: bytes = field(repr=False)
    held: Held | None = None
    journal: Journal | None = None
    notes: list[Trouble] = field(default_factory=list[Trouble])
    renewed: int | None = None

    def close(self) -> None:
        """Finish what was begun, close the file, give it free. Idempotent."""
        self.file.close()
        if self.journal is not None:
            self.journal.close()
        if self.held is not None:
            self.held.release()


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
) -> tuple[OpenStation, RecoveryCode, str]:
    """Make a station; returns it open, the recovery code (shown once) and the first clerk's staff id.

    ``recovery`` is a code that was shown and asked back before; without one a fresh code is made.

    The file is built under another name and renamed when it is whole: a kill in the middle leaves
    nothing that looks like a station, and the next try starts afresh.

    Raises:
        Refused: there is a station here already.
        Trouble: the folder cannot be written.
    """
    with disk_errors(paths.data):
        paths.data.mkdir(parents=True, exist_ok=True)
    held = hold(paths.lock, this_process(clock.now_ms(), "init"))
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
        file = StationFile(making, created.key, clock, ids, sink=None, writable=True)
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
        station = _open(paths, created.key, clock, ids, held, writable=True)
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


def prepare_second(paths: StationPaths) -> None:
    """Make the folders of the second copy where their parent is there; trouble is told later, not here."""
    for folder in (paths.journal, paths.backups, paths.local_backups):
        try:
            if folder.parent.is_dir():
                folder.mkdir(exist_ok=True)
        except OSError:
            continue


def open_station(
    paths: StationPaths, key: OpenedKey | bytes, clock: Clock, ids: IdSource, *,
    title: str = "", writable: bool = True,
) -> OpenStation:  # fmt: skip
    """Open the station file.

    Raises:
        FileLocked: another window holds it (only when ``writable``).
        WrongKey, DamagedFile, ReadOnly: as the file says.
        Trouble: ``newer_format`` it was written by a newer program.
    """
    raw = key if isinstance(key, bytes) else key.key
    held = None
    if writable:
        held = hold(paths.lock, this_process(clock.now_ms(), title))
    try:
        if writable:
            finish_restore(paths.station, paths.keyslots)
        return _open(paths, raw, clock, ids, held, writable=writable)
    except BaseException:
        if held is not None:
            held.release()
        raise


def _open(
    paths: StationPaths, key: bytes, clock: Clock, ids: IdSource, held: Held | None, *, writable: bool
) -> OpenStation:
    _check_format(paths, key)
    renewal = _renew_file(paths)
    if writable and renewal.exists():
        _new_replica(paths.station, key, ids)
    if writable:
        migrate(paths, key, clock)
    try:
        file = StationFile(paths.station, key, clock, ids, sink=None, writable=writable)
    except WrongKey:  # it opened a moment ago: SQLCipher says so too when the first page cannot be read
        raise Trouble("disk_trouble", path=str(paths.station)) from None
    station = OpenStation(file, paths, key, held)
    if not writable:
        return station
    behind = (file.log.tip.last[0] - clock.now_ms()) // (24 * 3600 * 1000)
    if behind >= 1:  # stamps go on from the last one; what was written stays in its order
        station.notes.append(Trouble("clock_back", days=behind))
    try:
        if renewal.exists():
            station.renewed = _replay(station, renewal)
        name_journal(station)
        file.catch_up().result()
        if file.health.journal is not None:
            station.notes.append(file.health.journal)
        elif file.facts.get(_JOURNAL_LEVEL) == "no":
            file.write(lambda w: local.set_fact(w.con, _JOURNAL_LEVEL, "yes")).result()
    except BaseException:
        file.close()
        raise
    return station


def _check_format(paths: StationPaths, key: bytes) -> None:
    path = paths.station
    try:
        con = connect(path, key, read_only=True)
    except WrongKey:
        # SQLCipher cannot tell a wrong key from a destroyed first page; the key slots can
        if fits(read_keyslots(paths.keyslots), key):
            raise DamagedFile("station_damaged", path=str(path)) from None
        raise
    try:
        with translated(path):
            (version,) = con.execute("PRAGMA user_version").fetchone()
    finally:
        con.close()
    if version > SCHEMA_FORMAT:
        raise Trouble("newer_format", path=str(path), found=version, known=SCHEMA_FORMAT)
    if version < 1:
        raise DamagedFile("station_unfinished", path=str(path))


# ---------------------------------------------------------------------- journal


_JOURNAL_LEVEL = "journal_level"
"""Fact of the file: ``no`` from a restore until the journal has the whole log once more. Without it a kill
in between would leave frames of a former life at the end, and what lies before them nowhere."""


def name_journal(station: OpenStation) -> None:
    """Name the journal and how far it reaches; a second folder that is not there is a note, not a failure.

    It is brought level with the next write or with ``StationFile.catch_up``.
    """
    paths, file = station.paths, station.file
    journal = Journal.open(paths.journal, subkey(station.key, "journal"), file.station_id)
    station.journal = journal
    covered = _covered_by_backup(station)
    position = None
    try:
        prepare_second(paths)
        # after a restore the whole log goes in once more: no backup in the second folder has this life yet
        is_level = file.facts.get(_JOURNAL_LEVEL) != "no"
        last = journal.last() if is_level else None
        position = _position_of(file, last) if last else None
    except Trouble as trouble:
        station.notes.append(trouble)
    file.attach(journal, covered if position is None else position, covered)


def _position_of(file: StationFile, frame: bytes) -> int | None:
    if frame[:1] != b"O":
        return None
    op_id = decode(frame[1:]).op_id
    row = file.read(
        lambda con: con.execute("SELECT position FROM op WHERE op_id = ?", (op_id,)).fetchone()
    ).result()
    return row[0] if row else None


def _covered_by_backup(station: OpenStation) -> int:
    """Position up to which the newest backup of this replica's life has everything; 0 without one."""
    replica = station.file.replica_id
    try:
        for info in list_backups(station.paths.backups):
            if info.meta.get("replica_id") == replica:
                return int(info.meta.get("position", 0))
    except Trouble as trouble:
        station.notes.append(trouble)
    return 0


# ---------------------------------------------------------------------- backup


def back_up(station: OpenStation, reason: str) -> Future[BackupInfo]:
    """Make a verified backup, trim the journal to what it does not have, rotate old ones.

    Runs beside the writer, so that nobody's save waits for it. When the second folder cannot be written
    the backup is made beside the station file and the trouble noted.
    """
    paths, file = station.paths, station.file

    def job() -> BackupInfo:
        position = file.read(last_position).result()  # what is committed now will be in the copy
        meta: dict[str, str | int] = {
            "station_id": file.station_id, "replica_id": file.replica_id, "position": position,
        }  # fmt: skip
        try:
            info = _backup_into(station, paths.backups, reason, meta)
        except Trouble as trouble:
            if paths.backups == paths.local_backups:
                raise
            station.notes.append(trouble)
            return _backup_into(station, paths.local_backups, reason, meta)
        if station.journal is not None:
            file.work.on_writer(lambda con: _trim(con, station, position)).result()
        return info

    return file.work.aside(job)


def _backup_into(
    station: OpenStation, folder: Path, reason: str, meta: Mapping[str, str | int]
) -> BackupInfo:
    now = station.file.clock.now_ms()
    paths = station.paths
    info = make_backup(
        paths.station, station.key, folder, reason, now, meta, keyslots=paths.keyslots, tables=COUNTED
    )
    rotate(folder, str(info.file_id))
    return info


def _trim(con: Connection, station: OpenStation, position: int) -> None:
    """Drop frames of what is in a verified backup in the second folder; keep the rest."""
    journal, health = station.journal, station.file.health
    if journal is None or health.journal is not None or health.journaled < position:
        return
    later = {op.op_id: op for _, op in all_ops(con, position)}
    digests = {local.digest_of(op) for op in later.values()}

    def keep(frame: bytes) -> bool:
        if frame[:1] == b"B":
            return local.digest(frame[1:]) in digests
        return decode(frame[1:]).op_id in later

    health.covered = position
    try:
        journal.trim(keep)
    except Trouble as trouble:
        station.notes.append(trouble)


def last_backup(station: OpenStation) -> BackupInfo | None:
    """The newest backup of this station, in either folder; None when there is none."""
    try:
        file_id = read_keyslots(station.paths.keyslots).file_id
        found = [
            b
            for folder in {station.paths.backups, station.paths.local_backups}
            for b in list_backups(folder)
            if b.file_id == file_id
        ]
    except Trouble:
        return None
    return max(found, key=lambda b: (b.created_ms, b.serial), default=None)


# ---------------------------------------------------------------------- restore


def _renew_file(paths: StationPaths) -> Path:
    """Says that the live file is a restored one that still wants a new replica and its journal."""
    return paths.data / "station.renew.json"


def restore_station(
    paths: StationPaths, backup: BackupInfo, key: bytes, clock: Clock, *, journal_folder: Path | None = None
) -> Restored:
    """Put a backup in the place of the live file, which is kept and named.

    The next ``open_station`` begins a new replica and replays the journal; a kill before that is
    caught up with there. Nobody may have the station open.

    Args:
        journal_folder: where the journal lies; None for the station's own.

    Raises:
        FileLocked, DamagedFile, WrongKey, Trouble: nothing was lost.
    """
    with disk_errors(paths.data):
        paths.data.mkdir(parents=True, exist_ok=True)
    with hold(paths.lock, this_process(clock.now_ms(), "restore")):
        note = {"journal": str(journal_folder or paths.journal)}
        # written first: a file that is restored but not renewed would continue a chain that already went on
        replace_file(_renew_file(paths), json.dumps(note).encode())
        try:
            return restore_files(backup, paths.station, key, clock.now_ms(), keyslots=paths.keyslots)
        except (Trouble, Refused):
            if not (paths.data / "station.restoring.json").exists():
                _renew_file(paths).unlink(missing_ok=True)
            raise


def _new_replica(path: Path, key: bytes, ids: IdSource) -> None:
    con = connect(path, key)
    try:
        with translated(path):
            con.execute("BEGIN IMMEDIATE")
            local.set_fact(con, "replica_id", ids())
            local.set_fact(con, _JOURNAL_LEVEL, "no")
            con.execute("COMMIT")
    finally:
        con.close()


def _replay(station: OpenStation, renewal: Path) -> int:
    """Take in what the journal has beyond the backup; erased subjects stay erased."""
    folder = Path(str(json.loads(renewal.read_bytes())["journal"]))
    journal = Journal.open(folder, subkey(station.key, "journal"), station.file.station_id)
    file = station.file
    count = 0
    batch: list[Op] = []
    blobs: list[bytes] = []

    def flush() -> None:
        nonlocal count
        ops, contents = list(batch), list(blobs)
        batch.clear()
        blobs.clear()

        def job(w: Writing) -> int:
            before = last_position(w.con)
            for content in contents:
                local.put_blob(w.con, content)
            erased = {r[0] for r in w.con.execute("SELECT subject_id FROM erased").fetchall()}
            w.take_in([_kept(op, erased) for op in ops])
            return last_position(w.con) - before

        count += file.write(job).result()

    for frame in journal.read_all():
        if frame[:1] == b"B":
            blobs.append(frame[1:])
        else:
            batch.append(decode(frame[1:]))
        if len(batch) >= 500:
            flush()
    flush()
    file.write(lambda w: settle_after_replay(w.con)).result()
    journal.close()
    renewal.unlink()
    return count


def _kept(op: Op, erased: set[str]) -> Op:
    return without_payload(op) if op.subject.id in erased and op.kind is not Kind.ERASED else op
