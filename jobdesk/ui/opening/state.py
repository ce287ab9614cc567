"""Why the station does not open, and what the page offers for it. Pure: no Qt, no files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, cast

from jobdesk.cases.clock import local_datetime
from jobdesk.cases.errors import BadInput, DamagedFile, FileLocked, JobdeskError, Refused, WrongKey
from jobdesk.host.strings import text
from jobdesk.services.first_start import Returned
from jobdesk.store.manifest import BackupInfo
from jobdesk.store.recovery_code import check_groups

Way = Literal["locked", "code", "damaged", "other"]
_NO_KEY = frozenset({"no_slot_for_account", "no_keyring", "recovery_code_wrong"})


def t(key: str, /, **params: object) -> str:
    """A sentence of this page."""
    return text(f"opening.{key}", **params)


def way_of(error: JobdeskError) -> Way:
    """What is offered first.

    A key that does not fit asks for the recovery code; a file or key slots that cannot be read ask for a
    backup; a file held by another window says who holds it.
    """
    if isinstance(error, FileLocked) and error.code == "file_locked":
        return "locked"
    if isinstance(error, DamagedFile) and error.code != "newer_file":
        return "damaged"
    if isinstance(error, WrongKey) or (isinstance(error, Refused) and error.code in _NO_KEY):
        return "code"
    if error.code in ("keyring_unavailable", "key_file_missing"):
        return "code"
    return "other"


def title_of(way: Way) -> str:
    """The heading."""
    return t(f"{way}_title")


def holder_of(error: JobdeskError) -> str:
    """Who holds the file, as the lock says."""
    return str(error.params.get("holder", ""))


@dataclass(frozen=True, slots=True)
class FoundBackup:
    """A backup on offer; ``said`` is its line in the list."""

    info: BackupInfo
    said: str


def restored_said(back: Returned) -> str:
    """What came back, and out of what: the journal is not praised for what a newer backup had."""
    key = "restored_newer" if back.from_newer else "restored"
    return t(key, operations=back.operations, journal=back.from_journal, newer=back.from_newer)


def groups_said(typed: str) -> str:
    """Which finished groups of the code have a slip; empty while all hold."""
    wrong = [str(number) for number, good in enumerate(check_groups(typed), 1) if not good]
    return t("group_bad", number="、".join(wrong)) if wrong else ""


def slip_said(error: BadInput) -> str:
    """The slip of a whole code, by group; empty for other errors."""
    groups = error.params.get("groups")
    if error.code != "recovery_code_group" or not isinstance(groups, list):
        return ""
    return t("group_bad", number="、".join(str(g) for g in cast("list[int]", groups)))


def backup_line(info: BackupInfo) -> FoundBackup:
    """When it was made, how many operations it holds, how large it is, its file name."""
    if not info.created_ms:
        return FoundBackup(info, t("backup_bare", name=info.path.name))
    at = local_datetime(info.created_ms)
    count = info.counts.get("op", 0)
    moment = f"{at:%Y-%m-%d %H:%M}"
    return FoundBackup(info, t("backup_line", when=moment, count=count, folder=str(info.path.parent)))
