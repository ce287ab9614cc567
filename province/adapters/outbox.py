"""The outbox port: files of people that changed since the last time, station by station, given to an adapter.

The adapter is asked to keep them before the place is moved on: what fails is given again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Connection, select

from jobdesk.cases import schema
from jobdesk.cases.codec import decode
from jobdesk.cases.fold import fold
from jobdesk.cases.ops import Json
from province.db import tables as t
from province.db.writing import among, insert_quietly


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


def changed(con: Connection, sensitive: bool) -> Iterator[tuple[int, Batch]]:
    """(number of the stream, batch) of each stream with news; in a transaction that sees all."""
    given = {int(r.stream): int(r.seq) for r in con.execute(select(t.exported))}
    rows = con.execute(
        select(t.stream.c.num, t.stream.c.id, t.stream.c.head, t.org.c.name)
        .join(t.org, t.org.c.id == t.stream.c.org)
        .order_by(t.stream.c.num)
    ).all()
    for num, stream, head, name in rows:
        after = given.get(int(num), 0)
        if int(head) > after:
            people = _people(con, int(num), after, int(head))
            made = [_row(con, int(num), subject, sensitive) for subject in people]
            yield int(num), Batch(stream, name, after, int(head), columns(sensitive), [r for r in made if r])


def give(con: Connection, outbox: Outbox, sensitive: bool = False) -> list[Batch]:
    """Everything new to the adapter; the places move on behind what it kept."""
    given: list[Batch] = []
    for num, batch in list(changed(con, sensitive)):
        if batch.rows:
            outbox.keep(batch)
        insert_quietly(con, t.exported, [{"stream": num, "seq": 0}])
        con.execute(t.exported.update().where(t.exported.c.stream == num).values(seq=batch.until))
        given.append(batch)
    return given


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


def _row(con: Connection, num: int, subject: str, sensitive: bool) -> list[str]:
    lines = con.execute(
        select(t.op.c.line)
        .join(t.listing, t.listing.c.op_id == t.op.c.op_id)
        .where(t.listing.c.stream == num, among(con, t.op.c.subject, [subject]))
    ).scalars()
    state = fold(decode(bytes(line)) for line in lines)
    if not state.exists:
        return []
    return [subject, *(_text(state.root.get(name)) for name in columns(sensitive)[1:])]


def _text(value: Json) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)
