"""A station in a temporary folder, and sheets taken in through the whole path: read, preview, apply."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.ids import id_source
from jobdesk.host.calendar_file import working_days
from jobdesk.host.paths import StationPaths
from jobdesk.services.desk import Desk
from jobdesk.services.importing import applying, files, preview, read
from jobdesk.services.importing.applying import Applied
from jobdesk.services.importing.grid import Raw, Sheet
from jobdesk.services.importing.preview import Preview
from jobdesk.store.creating import NewStation, create_station
from jobdesk.store.ledger import CaseItem, LedgerQuery, find_ids, items
from jobdesk.store.open_station import OpenStation
from jobdesk.store.reads import count_operations

Rows = Sequence[Sequence[Raw]]
HEAD = [
    "姓名",
    "性别",
    "身份证号",
    "联系电话",
    "家庭住址",
    "就业困难人员类型",
    "失业时间",
    "现就业单位",
    "再就业时间",
    "备注",
]


def person(
    name: str, number: str | int = "", phone: str = "", address: str = "", category: str = "",
    since: str = "", unit: str = "", placed: str = "", note: str = "", sex: str = "",
) -> list[Raw]:  # fmt: skip
    """A line under HEAD."""
    return [name, sex, number, phone, address, category, since, unit, placed, note]


@contextmanager
def open_station(folder: Path) -> Iterator[tuple[OpenStation, Desk]]:
    clock = FixedClock.at(2026, 11, 21)
    new = NewStation({"name": "南岭街道综合服务中心", "code": "220102001"}, "于晓梅")
    station, _, staff = create_station(
        StationPaths(folder), new, clock, id_source(clock), key_file=folder.parent / f"{folder.name}.key"
    )
    try:
        yield station, Desk(station.file, staff, working_days())
    finally:
        station.close()


def book(rows: Rows, name: str = "台账") -> files.Workbook:
    return files.Workbook([Sheet(name, [list(HEAD), *[list(line) for line in rows]])], "xlsx")


def look_at(desk: Desk, rows: Rows | files.Workbook) -> Preview:
    made = rows if isinstance(rows, files.Workbook) else book(rows)
    return preview.make_preview(desk, read.read_book(made, "台账.xlsx", desk.today))


def take_in(desk: Desk, rows: Rows | files.Workbook) -> Applied:
    return applying.apply(desk, look_at(desk, rows))


def people(desk: Desk) -> dict[str, CaseItem]:
    """Everybody here by name (the last of a name)."""
    query = LedgerQuery(state="")
    return {i.name: i for i in desk.read(lambda con: items(con, find_ids(con, query).ids)).result()}


def operations(desk: Desk) -> int:
    return desk.read(count_operations).result()
