"""Opening a station file: whose key, which format, what a restore or an older program left to be done."""

from __future__ import annotations

from jobdesk.cases.clock import Clock
from jobdesk.cases.errors import DamagedFile, Trouble, WrongKey
from jobdesk.cases.ids import IdSource
from jobdesk.host.paths import StationPaths, refuse_unfit_folder
from jobdesk.store import local
from jobdesk.store.cipher import connect, translated
from jobdesk.store.holder import Held, hold, this_process
from jobdesk.store.journal_erasing import journal_owes
from jobdesk.store.keyslots import OpenedKey
from jobdesk.store.migrating import migrate
from jobdesk.store.open_station import OpenStation
from jobdesk.store.renewing import new_replica, renew_file, replay
from jobdesk.store.restore import finish_restore
from jobdesk.store.safekeeping import JOURNAL_LEVEL, name_journal
from jobdesk.store.schema_sql import SCHEMA_FORMAT
from jobdesk.store.slot_file import read_keyslots
from jobdesk.store.station_file import StationFile
from jobdesk.store.tried_again import try_again
from jobdesk.store.wrapping import fits


def open_station(
    paths: StationPaths, key: OpenedKey | bytes, clock: Clock, ids: IdSource, *,
    title: str = "", writable: bool = True,
) -> OpenStation:  # fmt: skip
    """Open the station file.

    Raises:
        Refused: ``network_share`` or ``roaming_profile``: not a place for a station file.
        FileLocked: another window holds it (only when ``writable``).
        WrongKey, DamagedFile, ReadOnly: as the file says.
        Trouble: ``newer_format`` it was written by a newer program.
    """
    refuse_unfit_folder(paths.data)
    raw = key if isinstance(key, bytes) else key.key
    held = None
    if writable:
        held = hold(paths.lock, this_process(clock.now_ms(), title))
    try:
        if writable:
            finish_restore(paths.station, paths.keyslots)
        return open_held(paths, raw, clock, ids, held, writable=writable)
    except BaseException:
        if held is not None:
            held.release()
        raise


def open_held(
    paths: StationPaths, key: bytes, clock: Clock, ids: IdSource, held: Held | None, *, writable: bool
) -> OpenStation:
    _check_format(paths, key)
    renewal = renew_file(paths)
    if writable and renewal.exists():
        new_replica(paths.station, key, ids)
    if writable:
        migrate(paths, key, clock)
    try:
        file = StationFile(paths.station, key, clock, ids, writable=writable)
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
            station.renewed = replay(station, renewal)
        name_journal(station)
        if file.read(journal_owes).result():
            file.work.on_writer(file.journaling.erase).result()
        file.catch_up().result()
        if file.health.journal is not None:
            station.notes.append(file.health.journal)
        elif file.facts.get(JOURNAL_LEVEL) == "no":
            file.write(lambda w: local.set_fact(w.con, JOURNAL_LEVEL, "yes")).result()
        try_again(file)
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
