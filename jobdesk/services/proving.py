"""核验站点文件: the whole proof, beside the work, with its progress."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future

from jobdesk.store.check import CheckResult, check_station
from jobdesk.store.open_station import OpenStation


def prove_station(station: OpenStation, progress: Callable[[str], None]) -> Future[list[CheckResult]]:
    """Every check, backups too (seconds to minutes). ``progress`` is called on the worker's thread."""
    return station.file.work.aside(lambda: check_station(station, progress))
