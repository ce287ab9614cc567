"""The short list of posts from which a 岗位推荐 picks: typed once or imported, ended by day."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass

from jobdesk.cases.ops import Json, Subject
from jobdesk.cases.state import RecordState
from jobdesk.services.desk import Desk
from jobdesk.services.editing import change, opening
from jobdesk.store import reads
from jobdesk.store.log import Connection
from jobdesk.store.station_file import Changes


@dataclass(frozen=True, slots=True)
class Vacancy:
    """One post.

    Attributes:
        valid_until, checked_on: ISO days, empty when not stated.
        is_current: not past its last day.
    """

    id: str
    unit: str
    post: str
    pay: str
    place: str
    source: str
    checked_on: str
    valid_until: str
    contact: str
    requirement: str
    headcount: int | None
    note: str
    is_current: bool


def vacancies(con: Connection, desk: Desk, *, current_only: bool = False) -> list[Vacancy]:
    """Posts, those last checked first."""
    today = desk.today.isoformat()
    found: list[Vacancy] = []
    for record in reads.records(con, "vacancy"):
        until = record.text("valid_until")
        count = record.values.get("headcount")
        v = Vacancy(
            id=record.id,
            unit=record.text("unit"),
            post=record.text("post"),
            pay=record.text("pay"),
            place=record.text("place"),
            source=record.text("source"),
            checked_on=record.text("checked_on"),
            valid_until=until,
            contact=record.text("contact"),
            requirement=record.text("requirement"),
            headcount=count if isinstance(count, int) else None,
            note=record.text("note"),
            is_current=not until or until >= today,
        )
        if v.is_current or not current_only:
            found.append(v)
    return sorted(found, key=lambda v: (v.checked_on, v.id), reverse=True)


def add_vacancy(desk: Desk, values: Mapping[str, Json]) -> Future[Changes]:
    """Write a post down."""
    subject = Subject("vacancy", desk.new_id())
    return desk.act([opening(subject, "vacancy", subject.id, values)])


def change_vacancy(desk: Desk, loaded: RecordState, values: Mapping[str, Json]) -> Future[Changes]:
    """Put a post right, check it again, or let it end."""
    op = change(Subject("vacancy", loaded.id), loaded, values)
    return desk.act([op] if op else [])
