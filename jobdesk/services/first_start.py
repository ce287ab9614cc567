"""First start on a bare PC: a new station with a code that was shown and asked back, or a restore."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from jobdesk.cases.clock import Clock
from jobdesk.cases.errors import BadInput, Refused, Trouble
from jobdesk.cases.ids import id_source
from jobdesk.cases.ops import Json
from jobdesk.host.disk import disk_errors
from jobdesk.host.paths import StationPaths
from jobdesk.host.secrets import NoKeyring, Secrets, open_secrets
from jobdesk.host.settings_file import write_settings
from jobdesk.host.strings import text
from jobdesk.services.places import place_of
from jobdesk.services.second_folder import look
from jobdesk.services.session import Session, open_session, session_of, this_account
from jobdesk.store.creating import NewStation, create_station
from jobdesk.store.journal import SUFFIX as JOURNAL_SUFFIX
from jobdesk.store.keyslots import (
    OpenedKey,
    add_account_slot,
    add_key_file_slot,
    open_with_account,
    open_with_key_file,
    open_with_recovery,
)
from jobdesk.store.manifest import BackupInfo, read_backup
from jobdesk.store.recovery_code import parse_recovery_code
from jobdesk.store.renewing import restore_station


@dataclass(frozen=True, slots=True)
class Answers:
    """What the page collected; see ``ui.first_run.state``."""

    unit: str
    place_code: str
    community: str
    clerk: str
    second_folder: str


def account_secrets() -> Secrets:
    """The credential store of this account.

    Raises:
        Refused: ``no_keyring``: there is none; a key file named on the command line is the way out.
    """
    found = open_secrets()
    if isinstance(found, NoKeyring):
        raise Refused("no_keyring")
    return found


def start_station(
    paths: StationPaths, answers: Answers, code: str, clock: Clock, key_file: Path | None = None
) -> Session:
    """Make the station with this recovery code as one of its slots, and open it for its first clerk."""
    second = Path(answers.second_folder) if answers.second_folder else paths.second
    places = StationPaths(paths.data, second)
    found = place_of(answers.place_code)
    values: dict[str, Json] = {
        "name": answers.unit, "code": answers.place_code, "region": found.full_name if found else None,
        "village": answers.community or None,
    }  # fmt: skip
    with disk_errors(paths.data):
        paths.data.mkdir(parents=True, exist_ok=True)
    if answers.second_folder:
        write_settings(paths.settings, second=answers.second_folder)
    station, _, _ = create_station(
        places, NewStation(values, answers.clerk, this_account()), clock, id_source(clock),
        key_file=key_file, secrets=None if key_file else account_secrets(),
        recovery=parse_recovery_code(code), title=text("app.name"),
    )  # fmt: skip
    return session_of(station)


@dataclass(frozen=True, slots=True)
class Returned:
    """A restored station: open, and what came back beyond the backup, by where it was."""

    session: Session
    operations: int
    from_journal: int
    from_newer: int


def returned(session: Session, info: BackupInfo) -> Returned:
    """What this start brought back of that backup and beyond it."""
    station, count = session.station, int(info.counts.get("op", 0))
    return Returned(session, count, station.renewed_journal, station.renewed_newer)


def journal_in(folder: Path) -> Path:
    """The journal in a folder somebody named: the folder itself, or the one inside the second folder.

    Raises:
        BadInput: ``journal_missing``: there is none, so nothing would come back unnoticed.
    """
    inside = folder / "journal"
    with disk_errors(folder):
        if any(folder.glob(f"*{JOURNAL_SUFFIX}")) or (folder.is_dir() and folder.name == "journal"):
            return folder
        if inside.is_dir():
            return inside
    raise BadInput("journal_missing", path=str(folder))


@dataclass(frozen=True, slots=True)
class JournalSeen:
    """A folder somebody chose: where its journal lies, and whether anything of the station is in it."""

    folder: Path
    has_ours: bool


def look_at_journal(folder: Path, station_id: str) -> JournalSeen:
    """What a restore would find there; an empty one is nothing wrong right after a backup.

    Raises:
        BadInput: ``journal_missing``.
        Trouble: the folder cannot be read.
    """
    inside = journal_in(folder)
    with disk_errors(inside):
        return JournalSeen(inside, any(inside.glob(f"{station_id}.*{JOURNAL_SUFFIX}")))


def restore_here(
    paths: StationPaths, backup: Path, journal: Path | None, code: str, clock: Clock,
    key_file: Path | None = None,
) -> Returned:  # fmt: skip
    """From backup, journal and recovery code to an open station; this account gets its own slot.

    On a PC without a second folder the one the journal lies in becomes it, when it is on another disk.

    Args:
        code: empty where this account's own slot is to open the backup (a damaged file on the same PC).
        key_file: named instead of the account's slot; made when it is not there.

    Raises:
        BadInput: the code has a slip, or the backup or the journal is not there.
        WrongKey, DamagedFile, Trouble: nothing was touched.
    """
    if not backup.is_file():
        raise BadInput("backup_missing", path=str(backup))
    info = read_backup(backup)
    slots = info.keyslots if info.keyslots.exists() else paths.keyslots
    folder = journal_in(journal) if journal is not None else None
    if code.strip():
        key = open_with_recovery(slots, code)
    else:
        key = open_with_key_file(slots, key_file) if key_file else open_with_account(slots, account_secrets())
    restore_station(paths, info, key.key, clock, journal_folder=folder)
    if folder is not None and paths.second is None and look(folder.parent, paths.data) == "good":
        write_settings(paths.settings, second=str(folder.parent))
        paths = StationPaths(paths.data, folder.parent)
    session = _working(paths, key, clock, key_file)
    return returned(session, info)


def open_once_with_code(
    paths: StationPaths, code: str, clock: Clock, key_file: Path | None = None
) -> Session:
    """Another account of this PC opens the file with the recovery code and gets its own slot.

    Where the machine has no credential store, or it does not answer, the file opens all the same; that
    the code will be needed again is among the notes of the station.

    Raises:
        BadInput: the code has a slip; says in which group.
        WrongKey, FileLocked, DamagedFile, Trouble: no slot was made.
    """
    return _working(paths, open_with_recovery(paths.keyslots, code), clock, key_file)


def _working(paths: StationPaths, key: OpenedKey, clock: Clock, key_file: Path | None) -> Session:
    """Open, leave this account its own way in, finish an import that was cut off."""
    from jobdesk.services.importing.resuming import finish_imports

    session = open_session(paths, key, clock, title=text("app.name"))
    try:
        keep_way_in(paths, key.key, clock, key_file)
    except (Refused, Trouble):
        session.station.notes.append(Trouble("slot_not_kept"))
    try:
        finish_imports(session.desk)
    except BaseException:
        session.close()
        raise
    return session


def keep_way_in(paths: StationPaths, key: bytes, clock: Clock, key_file: Path | None) -> None:
    """A slot for the next start: the key file where one is named (then the store is never touched),
    else this account's.

    Raises:
        Refused, Trouble: there is no store, or the key file is another's or cannot be made.
    """
    now = clock.now_ms()
    if key_file is None:
        add_account_slot(paths.keyslots, key, account_secrets(), now_ms=now)
    elif not key_file.exists():
        add_key_file_slot(paths.keyslots, key, key_file, now_ms=now)
    else:
        open_with_key_file(paths.keyslots, key_file)
