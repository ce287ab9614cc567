"""The outbox port: files of people that changed since the last time, station by station, given to an adapter.

The adapter is asked to keep them before the place is moved on: what fails is given again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Connection, func, select

from jobdesk.cases import schema
from jobdesk.cases.codec import decode
from jobdesk.cases.fold import fold
from jobdesk.cases.ops import Json
from province.db import tables as t
from province.db.engine import EVERYTHING, Database
from province.db.writing import among, insert_quietly

_AT_ONCE = 500
"""People read together (own figure)."""


@dataclass(frozen=True, slots=True)
class Batch:
    """People of one station as they stand at a place of its stream.

    Attributes:
        columns: names of fields; ``subject`` first.
        rows: values in the order of the columns; sets and nested values as text.
    """

    stream: str
    station: str
    after: int
    until: int
    columns: tuple[str, ...]
    rows: list[list[str]]


class Outbox(Protocol):
    """Where batches go."""

    def keep(self, batch: Batch) -> None:
        """Durable when it returns.

        Raises:
            OSError: nothing of the batch counts as given.
        """
        ...


def columns(sensitive: bool) -> tuple[str, ...]:
    """Fields of a person's root record; the sensitive ones only where they are asked for by name."""
    return ("subject", *(f.name for f in schema.RECORDS["case"] if sensitive or not f.sensitive))


def give(db: Database, outbox: Outbox, sensitive: bool = False, system: str = "") -> Iterator[Batch]:
    """Everything new to a system, station by station; its place moves on behind what the adapter kept.

    Nothing is locked while people are folded and files are written: desks go on meanwhile, and one station is
    in memory at a time.
    """
    given = (t.exported.c.stream == t.stream.c.num) & (t.exported.c.system == system)
    with db.reading(EVERYTHING) as con:
        rows = con.execute(
            select(t.stream.c.num, t.stream.c.id, t.org.c.name, func.coalesce(t.exported.c.seq, 0))
            .join(t.org, t.org.c.id == t.stream.c.org)
            .join(t.exported, given, isouter=True)
            .where(t.stream.c.head > func.coalesce(t.exported.c.seq, 0))
            .order_by(t.stream.c.num)
        ).all()
    for num, stream, name, after in rows:
        batch = _batch(db, int(num), stream, name, int(after), sensitive)
        if batch.rows:
            outbox.keep(batch)
        with db.writing(EVERYTHING) as con:
            insert_quietly(con, t.exported, [{"system": system, "stream": num, "seq": 0}])
            here = (t.exported.c.system == system, t.exported.c.stream == num)
            con.execute(t.exported.update().where(*here).values(seq=batch.until))
        yield batch


def _batch(db: Database, num: int, stream: str, name: str, after: int, sensitive: bool) -> Batch:
    with db.reading(EVERYTHING) as con:
        until = int(con.execute(select(t.stream.c.head).where(t.stream.c.num == num)).scalar_one())
        people = _people(con, num, after, until)
        rows: list[list[str]] = []
        for start in range(0, len(people), _AT_ONCE):
            rows += _rows(con, num, until, people[start : start + _AT_ONCE], sensitive)
    return Batch(stream, name, after, until, columns(sensitive), rows)


def _people(con: Connection, num: int, after: int, until: int) -> list[str]:
    query = (
        select(t.op.c.subject)
        .distinct()
        .join(t.listing, t.listing.c.op_id == t.op.c.op_id)
        .join(t.subject, t.subject.c.id == t.op.c.subject)
        .where(t.listing.c.stream == num, t.listing.c.seq > after, t.listing.c.seq <= until)
        .where(t.subject.c.kind == "case", t.subject.c.home == num, t.subject.c.erased.is_(False))
        .order_by(t.op.c.subject)
    )
    return list(con.execute(query).scalars())


def _rows(con: Connection, num: int, until: int, people: list[str], sensitive: bool) -> list[list[str]]:
    """Rows of these people as they stand at a place, in their order; who was withdrawn has none."""
    found = con.execute(
        select(t.op.c.subject, t.op.c.line)
        .join(t.listing, t.listing.c.op_id == t.op.c.op_id)
        .where(t.listing.c.stream == num, t.listing.c.seq <= until, among(con, t.op.c.subject, people))
    )
    lines: dict[str, list[bytes]] = {}
    for subject, line in found:
        lines.setdefault(subject, []).append(bytes(line))
    rows: list[list[str]] = []
    for subject in people:
        state = fold(decode(line) for line in lines.get(subject, ()))
        if state.exists:
            rows.append([subject, *(_text(state.root.get(name)) for name in columns(sensitive)[1:])])
    return rows


def _text(value: Json) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)
