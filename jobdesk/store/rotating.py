"""Which backups stay, and the others taken away."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from jobdesk.cases.clock import local_date
from jobdesk.host.disk import disk_errors
from jobdesk.store.manifest import BackupInfo, list_backups


@dataclass(frozen=True, slots=True)
class Keep:
    """How many backups stay (own figures). The newest of each day, week and month counts.

    Attributes:
        before: the last so many of *each* ``before-…`` reason, whatever their day.
        manual: the last so many a person asked for.
    """

    daily: int = 7
    weekly: int = 5
    monthly: int = 12
    before: int = 3
    manual: int = 3


def rotate(folder: Path, file_id: str, keep: Keep | None = None) -> list[Path]:
    """Remove what the rules no longer keep, of this station only; returns what went.

    The newest backup always stays. Nothing without a readable manifest is touched.

    Raises:
        Trouble: the folder cannot be read or written.
    """
    mine = [b for b in list_backups(folder) if b.file_id == file_id]
    staying = {b.path for b in chosen(mine, keep or Keep())}
    gone: list[Path] = []
    with disk_errors(folder):
        for backup in mine:
            if backup.path not in staying:
                backup.path.unlink(missing_ok=True)  # first: without it the others are only litter
                backup.manifest.unlink(missing_ok=True)
                backup.keyslots.unlink(missing_ok=True)
                gone.append(backup.path)
    return gone


def chosen(backups: Iterable[BackupInfo], keep: Keep) -> list[BackupInfo]:
    """Which of them stay, newest first. Newer means a greater serial, not a later clock."""
    ordered = sorted(backups, key=lambda b: b.serial, reverse=True)
    staying: set[Path] = {b.path for b in ordered[:1]}
    spans: tuple[tuple[int, Callable[[int], str]], ...] = (
        (keep.daily, lambda ms: local_date(ms).isoformat()),
        (keep.weekly, lambda ms: "{}-{}".format(*local_date(ms).isocalendar()[:2])),
        (keep.monthly, lambda ms: local_date(ms).strftime("%Y-%m")),
    )
    for many, span in spans:
        seen: set[str] = set()
        for backup in ordered:
            name = span(backup.created_ms)
            if name not in seen and len(seen) < many:
                seen.add(name)
                staying.add(backup.path)
    taken: dict[str, int] = {}
    for backup in ordered:
        before = keep.before if backup.reason.startswith("before-") else 0
        limit = keep.manual if backup.reason == "manual" else before
        if taken.get(backup.reason, 0) < limit:
            taken[backup.reason] = taken.get(backup.reason, 0) + 1
            staying.add(backup.path)
    return [b for b in ordered if b.path in staying]
