"""Opening a station for a person or a command: key, file, who acts, unfinished work, the day's backup."""

from __future__ import annotations

import getpass
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

from jobdesk.cases.clock import Clock, local_date
from jobdesk.cases.errors import Refused
from jobdesk.cases.ids import id_source
from jobdesk.host.calendar_file import working_days
from jobdesk.host.paths import StationPaths
from jobdesk.host.secrets import NoKeyring, Secrets, open_secrets
from jobdesk.services.desk import Desk
from jobdesk.services.policies import working_days_of
from jobdesk.services.staffing import StaffMember, staff_of
from jobdesk.store import reads, sync_facts, sync_state
from jobdesk.store.keyslots import OpenedKey, open_with_account, open_with_key_file
from jobdesk.store.log import Connection
from jobdesk.store.manifest import BackupInfo
from jobdesk.store.open_station import OpenStation
from jobdesk.store.opening import open_station
from jobdesk.store.safekeeping import back_up, last_backup

UNKNOWN_ACTOR = "unknown"
"""Acts until somebody was chosen; never offered as a choice."""


@dataclass(slots=True)
class Session:
    """An open station with somebody at the desk.

    Attributes:
        account: the account of this PC.
        staff: everybody who ever worked here.
        chosen: whether who acts is known (bound to the account, or the only one there is).
    """

    station: OpenStation
    desk: Desk
    account: str
    staff: list[StaffMember]
    chosen: bool

    def close(self) -> None:
        """Close the station file; idempotent."""
        self.station.close()


def this_account() -> str:
    """Name of the OS account; empty where the system does not say."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""


def find_key(
    paths: StationPaths, key_file: Path | None, secrets: Secrets | NoKeyring | None = None
) -> OpenedKey:
    """The key by key file where one is named, else by the account's credential store.

    Raises:
        Refused: the key file is missing or others may read it, or there is no credential store.
        WrongKey: this account has no slot yet: the recovery code opens the file once.
    """
    if key_file is not None:
        return open_with_key_file(paths.keyslots, key_file)
    found = secrets if secrets is not None else open_secrets()
    if isinstance(found, NoKeyring):
        raise Refused("no_keyring")
    return open_with_account(paths.keyslots, found)


def open_session(
    paths: StationPaths, key: OpenedKey | bytes, clock: Clock, *, title: str = "", writable: bool = True
) -> Session:
    """Open the station file and find out who acts."""
    station = open_station(paths, key, clock, id_source(clock), title=title, writable=writable)
    try:
        return session_of(station)
    except BaseException:
        station.close()
        raise


def session_of(station: OpenStation) -> Session:
    """The session of a station that is open already."""
    desk = Desk(station.file, UNKNOWN_ACTOR, working_days())
    root, staff, days = desk.read(
        lambda con: (
            reads.subject_state(con, desk.station).root.values(), staff_of(con, desk),
            working_days_of(con, desk),
        )
    ).result()  # fmt: skip
    account = this_account()
    active = [s for s in staff if s.is_active]
    bound = [s for s in active if s.account and s.account == account]
    practice = bool(root.get("practice"))
    # among invented people nobody needs choosing
    alone = active[0] if len(active) == 1 or (practice and active) else None
    who = bound[0] if len(bound) == 1 else alone
    desk = Desk(station.file, who.id if who else UNKNOWN_ACTOR, days, practice)
    return Session(station, desk, account, staff, who is not None)


def daily_backup(session: Session) -> Future[BackupInfo] | None:
    """The first start of the day makes a backup, and the first after a restore; None when there is one."""
    clock = session.desk.clock
    newest = last_backup(session.station)
    if (
        newest is not None
        and local_date(newest.created_ms) == local_date(clock.now_ms())
        and newest.meta.get("replica_id", session.station.file.replica_id) == session.station.file.replica_id
    ):
        return None
    return back_up(session.station, "daily")


def unit_name(desk: Desk) -> Future[str]:
    """The name that the window bears: as the server has the unit that this PC was enrolled for, which may be
    another than was chosen when the file was made; else as it was typed here.
    """

    def job(con: Connection) -> str:
        facts = sync_facts.all_facts(con)
        if "device" in facts and (told := sync_state.unit_name(con, facts)):
            return told
        return str(reads.subject_state(con, desk.station).root.values().get("name") or "")

    return desk.read(job)
