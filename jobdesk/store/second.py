"""Moving the second copy of an open station to another folder, without closing it."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path

from jobdesk.store.log import Connection
from jobdesk.store.open_station import OpenStation
from jobdesk.store.safekeeping import name_journal


def move_second(station: OpenStation, folder: Path) -> Future[None]:
    """Journal and backups go to ``folder`` from now on; what lies in the old folder stays there.

    The journal there begins with everything no backup in that folder has, so the two folders never need
    each other. Done on the writer thread: a save is journaled in one of them, never in neither.
    """

    def job(_con: Connection) -> None:
        before = station.journal
        station.paths = replace(station.paths, second=folder)
        name_journal(station)
        if before is not None:
            before.close()

    station.file.work.on_writer(job).result()
    return station.file.catch_up()
