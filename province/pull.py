"""Answering a pull: whole actions after each cursor, in the order of the streams, with where they end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Connection, select

from jobdesk.protocol.chains import EMPTY
from jobdesk.protocol.codes import ErrorCode
from jobdesk.protocol.messages import Cursor, Home, PageHead, Place
from province import moving
from province.db import tables as t
from province.db.writing import among
from province.reading import subject_of
from province.refusing import Refused
from province.restricted import line_for
from province.scope import Caller, StreamRow

_ROWS = 500
"""Operations read at once; a page ends behind the action that fills it."""


@dataclass(slots=True)
class Answer:
    """Pages and the lines of their operations, in one order; ``scope_version`` the newest of all."""

    pages: list[PageHead] = field(default_factory=list[PageHead])
    lines: list[bytes] = field(default_factory=list[bytes])
    more: bool = False
    homes: list[Home] = field(default_factory=list[Home])
    scope_version: int = 0


def answer(con: Connection, caller: Caller, cursors: Iterable[Cursor], max_bytes: int) -> Answer:
    """Pages for every stream in scope that has something new, the caller's cursors first.

    Raises:
        Refused: ``out_of_scope``, ``diverged`` with the stream.
    """
    by_id = {s.id: s for s in caller.streams}
    found = Answer()
    heads = _heads(con, caller, found)
    named: set[str] = set()
    left = max_bytes
    for cursor in cursors:
        stream = by_id.get(cursor.stream)
        if stream is None:
            raise Refused(ErrorCode.OUT_OF_SCOPE, stream=cursor.stream)
        named.add(cursor.stream)
        left = _page(con, caller, stream, heads[stream.num], cursor.at, left, found)
    for stream in caller.streams:
        if stream.id not in named:
            left = _page(con, caller, stream, heads[stream.num], Place(), left, found)
    found.homes = moving.homes(con, ((subject_of(line), line) for line in found.lines if b"station" in line))
    return found


_Stands = tuple[int, bytes, bytes, int]


def _heads(con: Connection, caller: Caller, found: Answer) -> dict[int, _Stands]:
    """Number → where the stream ends, its hash there, its digest, what is safe; in one question: most have
    no news.
    """
    s = t.stream.c
    mine = among(con, s.num, caller.nums)
    rows = con.execute(select(s.num, s.head, s.hash, s.digest, s.safe, s.scope_version).where(mine)).all()
    found.scope_version = max((int(r.scope_version) for r in rows), default=0)
    return {int(r.num): (int(r.head), bytes(r.hash), bytes(r.digest), int(r.safe)) for r in rows}


def _page(
    con: Connection, caller: Caller, stream: StreamRow, stands: _Stands, at: Place, left: int, found: Answer
) -> int:
    head, hashed, digest, safe = stands
    if at.seq > head or _hash_at(con, stream.num, at.seq, head, hashed).hex() != at.hash:
        raise Refused(ErrorCode.DIVERGED, stream=stream.id)
    if left <= 0:
        found.more = found.more or at.seq < head
        return left
    lines, end = _lines(con, stream.num, at.seq, left, line_for(caller)) if at.seq < head else ([], at)
    complete = end.seq >= head if lines else at.seq == head
    found.pages.append(
        PageHead(
            stream=stream.id, start=at, end=end if lines else at, head=head, count=len(lines),
            safe=safe, digest=digest.hex() if complete else None,
        )
    )  # fmt: skip
    found.lines += lines
    found.more = found.more or not complete
    return left - sum(len(line) for line in lines)


def _lines(
    con: Connection, num: int, after: int, left: int, column: ColumnElement[bytes]
) -> tuple[list[bytes], Place]:
    """Lines behind ``after`` until they fill ``left``, the last action whole; and where they end."""
    lines: list[bytes] = []
    end = Place()
    size, action = 0, ""
    while True:
        rows = con.execute(
            select(t.listing.c.seq, t.listing.c.hash, t.op.c.action, column)
            .join(t.op, t.op.c.op_id == t.listing.c.op_id)
            .where(t.listing.c.stream == num, t.listing.c.seq > after)
            .order_by(t.listing.c.seq)
            .limit(_ROWS)
        ).all()
        for row in rows:
            if size >= left and row.action != action:
                return lines, end
            lines.append(bytes(row.line))
            end = Place(seq=int(row.seq), hash=bytes(row.hash).hex())
            size, action, after = size + len(row.line), row.action, int(row.seq)
        if len(rows) < _ROWS:
            return lines, end


def _hash_at(con: Connection, num: int, seq: int, head: int, hashed: bytes) -> bytes:
    if seq == 0:
        return EMPTY
    if seq == head:
        return bytes(hashed)
    found = con.execute(
        select(t.listing.c.hash).where(t.listing.c.stream == num, t.listing.c.seq == seq)
    ).scalar_one_or_none()
    return bytes(found) if found is not None else b""
