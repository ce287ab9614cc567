"""核验站点文件: the whole proof, beside the work, with its progress."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future

from jobdesk.cases.errors import JobdeskError
from jobdesk.host.calendar_file import working_days
from jobdesk.services.desk import Desk
from jobdesk.services.kept_dates import differing_from_kept
from jobdesk.store import kept
from jobdesk.store.check import UNREADABLE, CheckResult, check_station
from jobdesk.store.open_station import OpenStation

DATES = "dates"
"""The check of the next contacts and tiers that are kept in the ledger's lines."""


def prove(station: OpenStation, progress: Callable[[str], None] | None = None) -> list[CheckResult]:
    """Every check of the store, then whether the kept dates are what the rules say; waits, never raises."""
    results = check_station(station, progress)
    if progress:
        progress(DATES)
    desk = Desk(station.file, "unknown", working_days())
    try:
        wrong = desk.read(lambda con: differing_from_kept(con, desk)).result()
        count = len(desk.read(kept.kept).result())
        detail = "differ: " + ", ".join(wrong[:5]) if wrong else f"{count} files"
        results.append(CheckResult(DATES, not wrong, detail))
    except (JobdeskError, *UNREADABLE) as error:
        results.append(CheckResult(DATES, False, f"unreadable: {type(error).__name__}"))
    return results


def prove_station(station: OpenStation, progress: Callable[[str], None]) -> Future[list[CheckResult]]:
    """Every check, backups too (seconds to minutes). ``progress`` is called on the worker's thread."""
    return station.file.work.aside(lambda: prove(station, progress))
