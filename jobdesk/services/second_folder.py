"""The folder of the second copy: where it is, whether it can be written, choosing another."""

from __future__ import annotations

import os
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from jobdesk.cases.errors import BadInput, Trouble
from jobdesk.host.disk import disk_errors
from jobdesk.host.paths import is_same_disk
from jobdesk.host.settings_file import write_settings
from jobdesk.services.desk import Desk
from jobdesk.store import reads, sync_facts
from jobdesk.store.open_station import OpenStation
from jobdesk.store.second import move_second

Standing = Literal["good", "same_disk", "missing", "not_writable", "none"]


@dataclass(frozen=True, slots=True)
class SecondState:
    """The second copy as it stands.

    Attributes:
        folder: None when none is named: journal and backups then lie beside the station file.
        behind: operations that no journal has yet.
        trouble: of the last attempt to write the journal.
        uploads: this PC is enrolled: what it uploaded is on the server too.
    """

    folder: Path | None
    standing: Standing
    behind: int
    trouble: Trouble | None
    uploads: bool = False


def look(folder: Path | None, data: Path) -> Standing:
    """Whether a second copy could be written into ``folder``. Asks the disk."""
    if folder is None:
        return "none"
    if not folder.is_dir():
        return "missing"
    if not os.access(folder, os.W_OK | os.X_OK):
        return "not_writable"
    return "same_disk" if is_same_disk(folder, data) else "good"


def second_state(station: OpenStation, desk: Desk) -> Future[SecondState]:
    """Ask the disk and the journal."""

    def job() -> SecondState:
        paths, health = station.paths, station.file.health
        last = desk.read(reads.last_position).result()
        return SecondState(
            paths.second,
            look(paths.second, paths.data),
            max(0, last - health.journaled),
            health.journal,
            "device" in desk.read(sync_facts.all_facts).result(),
        )

    return station.file.work.aside(job)


def choose_second(station: OpenStation, folder: Path) -> Future[Standing]:
    """Take another folder: the journal goes on there at once, and what lies in the old one stays.

    Raises (in the future):
        BadInput: ``second_folder_absent``; ``second_folder_inside``, it is the data folder itself.
        Trouble: ``second_folder_unwritable``, or the settings cannot be written.
    """

    def job() -> Standing:
        data = station.paths.data
        if folder == data or data in folder.parents:
            raise BadInput("second_folder_inside", path=str(folder))
        standing = look(folder, data)
        if standing == "missing":
            if not folder.parent.is_dir():
                raise BadInput("second_folder_absent", path=str(folder))
            with disk_errors(folder):
                folder.mkdir()
            standing = look(folder, data)
        if standing == "not_writable":
            raise Trouble("second_folder_unwritable", path=str(folder))
        write_settings(station.paths.settings, second=str(folder))
        move_second(station, folder).result()
        return standing

    return station.file.work.aside(job)


def retry_second(station: OpenStation) -> Future[None]:
    """The stick is back: bring the journal level now."""
    return station.file.catch_up()
