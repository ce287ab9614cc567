"""A real, encrypted station in a temporary folder: what most tests above the store begin with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.ids import IdSource, id_source
from jobdesk.cases.ops import Json
from jobdesk.host.calendar_file import working_days
from jobdesk.host.paths import StationPaths
from jobdesk.services.desk import Desk
from jobdesk.store.creating import NewStation, create_station
from jobdesk.store.open_station import OpenStation
from jobdesk.store.recovery_code import RecoveryCode

STREET: Mapping[str, Json] = {"name": "南岭街道综合服务中心", "code": "220102001"}


@dataclass(frozen=True, slots=True)
class Made:
    """The station open, and its first clerk at the desk.

    Attributes:
        staff: the clerk's id; ``code``: the recovery code.
        key_file: beside the folder of the station, as on a machine without a credential store.
    """

    paths: StationPaths
    station: OpenStation
    desk: Desk
    staff: str
    code: RecoveryCode
    key_file: Path


def make_station(
    folder: Path,
    clock: FixedClock,
    *,
    fields: Mapping[str, Json] = STREET,
    clerk: str = "于晓梅",
    second: bool = False,
    ids: IdSource | None = None,
) -> Made:
    """A new station in ``folder/data``, its key in ``folder/key``; ``second``: with a folder for the journal."""
    if second:
        (folder / "second").mkdir()
    paths = StationPaths(folder / "data", folder / "second" if second else None)
    station, code, staff = create_station(
        paths, NewStation(fields, clerk), clock, ids or id_source(clock), key_file=folder / "key"
    )
    return Made(paths, station, Desk(station.file, staff, working_days()), staff, code, folder / "key")
