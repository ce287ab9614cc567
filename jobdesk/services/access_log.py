"""The access log as it is looked through and taken out: who saw or took what, how much, and why."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

from jobdesk.host.disk import disk_errors
from jobdesk.services.desk import Desk
from jobdesk.services.revealing import log_look
from jobdesk.store import local, reads
from jobdesk.store.local import Access
from jobdesk.store.log import Connection

MOST = 5000
"""Own figure: so many of the newest lines are read; the rest stays in the file."""
LOG = "access_log"
"""What the log says of itself when it was taken out."""


@dataclass(frozen=True, slots=True)
class Look:
    """A line of the log.

    Attributes:
        number: counts down from the newest; names the line on screen.
        person: the name with all but its first character hidden; empty where no single person was seen.
    """

    number: int
    entry: Access
    person: str = ""


def access_lines(desk: Desk) -> Future[list[Look]]:
    """The newest first."""

    def job(con: Connection) -> list[Look]:
        entries = local.accesses(con, MOST)
        named = {e.subject_id for e in entries if e.subject_id}
        roots = {
            r.subject_id: r.text("name")
            for records in reads.records_of(con, named).values()
            for r in records
            if r.kind == "case"
        }
        return [Look(n, e, masked_name(roots.get(e.subject_id, ""))) for n, e in enumerate(entries)]

    return desk.read(job)


def masked_name(name: str) -> str:
    """The first character and one star for each of the others."""
    return name[:1] + "＊" * (len(name) - 1)


def export_access_log(desk: Desk, rows: Sequence[Sequence[str]], target: Path) -> Future[Path]:
    """Write lines that are ready to be read (names hidden) as CSV for Excel; the log says so itself.

    Raises (in the future):
        Trouble: the disk.
    """
    logged = log_look(desk, "export", field=LOG, count=max(0, len(rows) - 1))

    def job() -> Path:
        logged.result()
        text = "".join(",".join(_cell(c) for c in row) + "\r\n" for row in rows)
        with disk_errors(target):
            target.write_bytes(text.encode("utf-8-sig"))
        return target

    return desk.file.work.aside(job)


def _cell(value: str) -> str:
    """Quoted; what a spreadsheet would take for a formula stays text."""
    safe = "'" + value if value[:1] in ("=", "+", "-", "@") else value
    return '"' + safe.replace('"', '""') + '"'
