"""Answering a pull: whole actions after each cursor, in the order of the streams, with where they end. Of an
action that no page holds as much as one holds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Connection, select

from jobdesk.protocol.chains import EMPTY
from jobdesk.protocol.codes import ErrorCode
from jobdesk.protocol.limits import MAX_BATCH_BYTES, MAX_PAGE_BYTES
from jobdesk.protocol.messages import Cursor, Home, Notice, PageHead, Place, PullHead
from province import moving
from province.db import tables as t
from province.db.writing import among
from province.reading import subject_of
from province.refusing import Refused
from province.restricted import line_for
from province.scope import Caller, StreamRow

_ROWS = 500
"""Operations read at once, where they are small."""
_FIRST = 64
"""Own figure: so many before it is known how large they are; few streams have more news than that."""
_TURN_MS = 60_000


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
    lines, end = list[bytes](), at
    if at.seq < head:
        lines, end = _lines(con, stream.num, at.seq, left, _size(found.lines), line_for(caller))
    if not lines and at.seq < head:  # its next action has room in an answer of its own
        found.more = True
        return 0
    complete = end.seq >= head
    found.pages.append(
        PageHead(
            stream=stream.id, start=at, end=end, head=head, count=len(lines),
            safe=safe, digest=digest.hex() if complete else None,
        )
    )  # fmt: skip
    found.lines += lines
    found.more = found.more or not complete
    return left - sum(len(line) for line in lines)


def _size(lines: Iterable[bytes]) -> int:
    """What they come to in a body."""
    return sum(len(line) + 1 for line in lines)


def _lines(
    con: Connection, num: int, after: int, left: int, before: int, column: ColumnElement[bytes]
) -> tuple[list[bytes], Place]:
    """Lines behind ``after`` until they fill ``left``, the last action whole; and where they end. Inside an
    action only where it is larger than a page by itself (M-5.2). None where the next action is too large for
    what the answer has room for.

    Args:
        before: bytes of what stands in the answer already.
    """
    lines: list[bytes] = []
    end = whole_end = Place()
    whole, action, size, ask, largest = 0, "", 0, _FIRST, 1
    while True:
        rows = con.execute(
            select(t.listing.c.seq, t.listing.c.hash, t.op.c.action, column)
            .join(t.op, t.op.c.op_id == t.listing.c.op_id)
            .where(t.listing.c.stream == num, t.listing.c.seq > after)
            .order_by(t.listing.c.seq)
            .limit(ask)
        ).all()
        for row in rows:
            line = bytes(row.line)
            if row.action != action:
                if size >= left:
                    return lines, end
                whole, whole_end = len(lines), end
            if before + size + len(line) + 1 > MAX_PAGE_BYTES and (lines or before):
                return (lines[:whole], whole_end) if whole or before else (lines, end)
            lines.append(line)
            end = Place(seq=int(row.seq), hash=bytes(row.hash).hex())
            size, action, after = size + len(line) + 1, row.action, int(row.seq)
            largest = max(largest, len(line))
        if len(rows) < ask:
            return lines, end
        ask = max(1, min(_ROWS, (MAX_PAGE_BYTES - before - size) // largest + 1))


def told(head: PullHead, lines: Iterable[bytes], notices: list[Notice]) -> PullHead:
    """With as many notices as there is room for in a body; where that is not all of them, by turns."""
    if not notices:
        return head
    room = MAX_BATCH_BYTES - len(head.model_dump_json(exclude_none=True).encode()) - _size(lines)
    sizes = [len(n.model_dump_json(exclude_none=True).encode()) + 1 for n in notices]
    if sum(sizes) > room:
        first = head.now_ms // _TURN_MS % len(notices)
        turned = [*range(first, len(notices)), *range(first)]
        notices, whole = [], notices
        for n in turned:
            if sizes[n] <= room:
                notices.append(whole[n])
                room -= sizes[n]
    return head.model_copy(update={"notices": notices})


def _hash_at(con: Connection, num: int, seq: int, head: int, hashed: bytes) -> bytes:
    if seq == 0:
        return EMPTY
    if seq == head:
        return bytes(hashed)
    found = con.execute(
        select(t.listing.c.hash).where(t.listing.c.stream == num, t.listing.c.seq == seq)
    ).scalar_one_or_none()
    return bytes(found) if found is not None else b""
