"""The outbox port: files of people that changed since the last time, station by station, given to an adapter.

The adapter is asked to keep them before the place is moved on: what fails is given again. Who is a station's
no longer (moved, erased, opened by mistake) is told by the id alone, also to a system that never had him.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from sqlalchemy import Connection, func, select

from jobdesk.cases import schema
from jobdesk.cases.codec import decode
from jobdesk.cases.fold import fold
from jobdesk.cases.masking import mask_birth, mask_id, mask_other, mask_phone
from jobdesk.cases.ops import Json
from province.db import tables as t
from province.db.engine import EVERYTHING, Database
from province.db.writing import among, in_pieces, insert_quietly
from province.restricted import WHOLE

_AT_ONCE = 500
"""People read together (own figure)."""
_Line = tuple[bytes, bytes]
"""An operation as it may be told, and whole."""
_ABOUT = ("subject", "standing", "now_at")
_MASKS: Mapping[schema.FieldType, Callable[[str], str]] = {
    schema.FieldType.ID_NUMBER: mask_id,
    schema.FieldType.PHONE: mask_phone,
    schema.FieldType.DATE: mask_birth,
}


class Standing(StrEnum):
    """What became of a person since the last time."""

    HERE = "here"
    MOVED = "moved"
    ERASED = "erased"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Batch:
    """People of one station as they stand at a place of its stream.

    Attributes:
        columns: ``subject``, ``standing``, ``now_at`` (where he is at home now), then names of fields.
        rows: values in the order of the columns; sets and nested values as text. Without fields for everybody
            who is not ``here``.
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
    """What is told of everybody, and fields of a person's root record; the sensitive ones only where they are
    asked for by name.
    """
    return (*_ABOUT, *(f.name for f in _fields(sensitive)))


def _fields(sensitive: bool) -> list[schema.Field]:
    return [f for f in schema.RECORDS["case"] if sensitive or not f.sensitive]


def give(db: Database, outbox: Outbox, sensitive: bool = False, system: str = "") -> Iterator[Batch]:
    """Everything new to a system, station by station; its place moves on behind what the adapter kept.

    Without ``sensitive`` numbers and the birth date are masked: a whole date beside a masked ID number would
    give that number.

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
        for some in in_pieces(people, _AT_ONCE):
            rows += _rows(con, num, until, some, sensitive)
    return Batch(stream, name, after, until, columns(sensitive), rows)


@dataclass(frozen=True, slots=True)
class _Person:
    id: str
    standing: Standing
    now_at: str


def _people(con: Connection, num: int, after: int, until: int) -> list[_Person]:
    query = (
        select(t.op.c.subject, t.subject.c.home, t.subject.c.erased, t.stream.c.id)
        .distinct()
        .join(t.listing, t.listing.c.op_id == t.op.c.op_id)
        .join(t.subject, t.subject.c.id == t.op.c.subject)
        .join(t.stream, t.stream.c.num == t.subject.c.home)
        .where(t.listing.c.stream == num, t.listing.c.seq > after, t.listing.c.seq <= until)
        .where(t.subject.c.kind == "case")
        .order_by(t.op.c.subject)
    )
    found: list[_Person] = []
    for subject, home, erased, stream in con.execute(query):
        standing = Standing.ERASED if erased else Standing.HERE if home == num else Standing.MOVED
        found.append(_Person(subject, standing, "" if erased else stream))
    return found


def _rows(
    con: Connection, num: int, until: int, people: Sequence[_Person], sensitive: bool
) -> list[list[str]]:
    """Rows of these people as they stand at a place, in their order."""
    here = [p.id for p in people if p.standing is Standing.HERE]
    found = con.execute(
        select(t.op.c.subject, t.op.c.line, WHOLE.label("whole"))
        .join(t.listing, t.listing.c.op_id == t.op.c.op_id)
        .where(t.listing.c.stream == num, t.listing.c.seq <= until, among(con, t.op.c.subject, here))
    )
    lines: dict[str, list[_Line]] = {}
    for subject, line, whole in found:
        lines.setdefault(subject, []).append((bytes(line), bytes(whole)))
    return [_row(one, lines.get(one.id, []), sensitive) for one in people]


def _row(one: _Person, lines: list[_Line], sensitive: bool) -> list[str]:
    """Values from what may be told; whether he is here at all from everything: an opening, or its
    withdrawal, may be restricted whole (M-9.6).
    """
    fields, standing = _fields(sensitive), one.standing
    if standing is Standing.HERE:
        state = fold(decode(line) for line, _ in lines)
        apart = any(line != whole for line, whole in lines)
        if fold(decode(whole) for _, whole in lines).exists if apart else state.exists:
            values = (_shown(f, _text(state.root.get(f.name)), sensitive) for f in fields)
            return [one.id, standing, one.now_at, *values]
        standing = Standing.WITHDRAWN
    return [one.id, standing, one.now_at, *[""] * len(fields)]


def _shown(field: schema.Field, value: str, sensitive: bool) -> str:
    if sensitive or not field.masked or not value:
        return value
    return _MASKS.get(field.type, mask_other)(value)


def _text(value: Json) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)
