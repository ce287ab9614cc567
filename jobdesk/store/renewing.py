"""A restored file goes on as a new replica and takes in what the journal has beyond the backup.

``restore_station`` swaps the files and leaves a note; the next opening reads it and does the rest, so that
a kill at any moment is caught up with.
"""

from __future__ import annotations

import json
from pathlib import Path

from jobdesk.cases.clock import Clock
from jobdesk.cases.codec import decode
from jobdesk.cases.errors import Refused, Trouble
from jobdesk.cases.ids import IdSource
from jobdesk.cases.ops import Kind, Op
from jobdesk.host.disk import disk_errors, replace_file
from jobdesk.host.paths import StationPaths
from jobdesk.store import local
from jobdesk.store.backup import BackupInfo
from jobdesk.store.cipher import connect, translated
from jobdesk.store.holder import hold, this_process
from jobdesk.store.import_lookups import settle_after_replay
from jobdesk.store.journal import Journal
from jobdesk.store.keyslots import subkey
from jobdesk.store.log import without_payload
from jobdesk.store.open_station import OpenStation
from jobdesk.store.reads import last_position
from jobdesk.store.restore import Restored, restore_files
from jobdesk.store.safekeeping import JOURNAL_LEVEL
from jobdesk.store.station_file import Writing


def renew_file(paths: StationPaths) -> Path:
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
        replace_file(renew_file(paths), json.dumps(note).encode())
        try:
            return restore_files(backup, paths.station, key, clock.now_ms(), keyslots=paths.keyslots)
        except (Trouble, Refused):
            if not (paths.data / "station.restoring.json").exists():
                renew_file(paths).unlink(missing_ok=True)
            raise


def new_replica(path: Path, key: bytes, ids: IdSource) -> None:
    con = connect(path, key)
    try:
        with translated(path):
            con.execute("BEGIN IMMEDIATE")
            local.set_fact(con, "replica_id", ids())
            local.set_fact(con, JOURNAL_LEVEL, "no")
            con.execute("COMMIT")
    finally:
        con.close()


def replay(station: OpenStation, renewal: Path) -> int:
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
