"""A stream as it stands at one place, by subject: staff first, then open files, ended ones last (M-9).

The server does not fold: a file is ended when the last of its ``HelpEnded`` and ``HelpResumed`` is an end.
The order depends on the place only, so that every page of a bootstrap finds it again.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Lock

from sqlalchemy import ColumnElement, Connection, case, func, select

from jobdesk.cases.ops import Kind
from jobdesk.protocol.chains import element, remove
from jobdesk.protocol.codes import ErrorCode
from jobdesk.protocol.limits import MAX_PAGE_BYTES
from jobdesk.protocol.messages import BootstrapAsk, BootstrapHead, Place
from province import moving
from province.db import tables as t
from province.db.writing import among, in_pieces
from province.reading import subject_of
from province.refusing import Refused
from province.restricted import line_for
from province.scope import Caller, StreamRow

_FIRST, _OPEN, _OTHER, _ENDED = range(4)
_MARK = re.compile(r"([0-9])\.([0-9A-Za-z_-]{1,64})\.([0-9]{1,16})")
_AT_ONCE = 24
"""Subjects read together: some hundred operations, about what a page holds (own figure)."""
_KEPT = 64
"""Orders remembered by a process: some hundred kilobytes each for a station of 5,000 (own figure)."""


@dataclass(frozen=True, slots=True, order=True)
class _Mark:
    """Behind which operation a page ended: rank and id of its subject, its place in the stream."""

    rank: int
    subject: str
    seq: int

    @property
    def text(self) -> str:
        return f"{self.rank}.{self.subject}.{self.seq}"


_Key = tuple[int, str, frozenset[int]]


@dataclass(slots=True)
class Orders:
    """Orders that this process has counted lately: every process counts the same, nothing is lost with them.

    Without it each page of a station would go over all of the station's operations again.
    """

    _found: OrderedDict[_Key, list[tuple[int, str]]] = field(
        default_factory=OrderedDict[_Key, list[tuple[int, str]]]
    )
    _lock: Lock = field(default_factory=Lock)

    def of(self, con: Connection, caller: Caller, num: int, at: Place) -> list[tuple[int, str]]:
        """(rank, subject) of a stream at a place, in their order. Who asks decides what kinds are seen."""
        key = (num, at.hash, frozenset(caller.nums))
        with self._lock:
            known = self._found.get(key)
            if known is not None:
                self._found.move_to_end(key)
                return known
        counted = _order(con, num, at.seq, [])
        with self._lock:
            self._found[key] = counted
            while len(self._found) > _KEPT:
                self._found.popitem(last=False)
        return counted


def page(
    con: Connection, caller: Caller, ask: BootstrapAsk, epoch: str, orders: Orders
) -> tuple[BootstrapHead, list[bytes]]:
    """One page.

    Raises:
        Refused: ``out_of_scope``; ``diverged`` when the place is none of the stream; ``body`` for a mark that
            is none.
    """
    stream = next((s for s in caller.streams if s.id == ask.stream), None)
    if stream is None:
        raise Refused(ErrorCode.OUT_OF_SCOPE, stream=ask.stream)
    at, digest = _place(con, stream, ask.at)
    after = _mark(ask.after)
    if ask.subjects:
        subjects = _order(con, stream.num, at.seq, ask.subjects)
    else:
        subjects = orders.of(con, caller, stream.num, at)
    lines: list[bytes] = []
    seqs: list[int] = []
    size, mark, done = 0, after, True
    first = 0 if after is None else bisect_left(subjects, (after.rank, after.subject))
    for together in in_pieces(subjects[first:], _AT_ONCE):
        for rank, subject, seq, line in _lines(con, stream.num, at.seq, together, line_for(caller)):
            here = _Mark(rank, subject, seq)
            if after is not None and here <= after:
                continue
            if lines and (size >= ask.max_bytes or size + len(line) + 1 > MAX_PAGE_BYTES):
                done = False
                break
            lines.append(line)
            seqs.append(seq)
            size, mark = size + len(line) + 1, here
        if not done:
            break
    finished = len(subjects)
    if not done:
        finished = bisect_left(subjects, (mark.rank, mark.subject)) if mark else 0
    head = BootstrapHead(
        epoch=epoch, stream=stream.id, at=at, digest=digest.hex(), mark=mark.text if mark else "",
        complete=done, subjects=finished, total_subjects=len(subjects), seqs=seqs,
        homes=moving.homes(con, ((subject_of(line), line) for line in lines if b"station" in line)),
    )  # fmt: skip
    return head, lines


def _place(con: Connection, stream: StreamRow, wanted: Place | None) -> tuple[Place, bytes]:
    """The place, and the stream's digest there."""
    row = con.execute(
        select(t.stream.c.head, t.stream.c.hash, t.stream.c.digest).where(t.stream.c.num == stream.num)
    ).one()
    head = Place(seq=int(row.head), hash=bytes(row.hash).hex())
    if wanted is None or wanted == head:
        return head, bytes(row.digest)
    since = con.execute(
        select(t.listing.c.seq, t.op.c.hash)
        .join(t.op, t.op.c.op_id == t.listing.c.op_id)
        .where(t.listing.c.stream == stream.num, t.listing.c.seq > wanted.seq)
    ).all()
    found = con.execute(
        select(t.listing.c.hash).where(t.listing.c.stream == stream.num, t.listing.c.seq == wanted.seq)
    ).scalar_one_or_none()
    stands = wanted == Place() if found is None else bytes(found).hex() == wanted.hash
    if wanted.seq > head.seq or not stands:
        raise Refused(ErrorCode.DIVERGED, stream=stream.id)
    return wanted, remove(bytes(row.digest), (element(int(s), bytes(h)) for s, h in since))


def _order(con: Connection, num: int, seq: int, only: list[str]) -> list[tuple[int, str]]:
    def last(kind: Kind):
        return func.coalesce(func.max(case((t.op.c.kind == kind.value, t.listing.c.seq))), 0)

    # who moved on meanwhile is no longer seen in ``subject``, and keeps the rank
    kind = func.coalesce(func.max(t.subject.c.kind), func.max(t.moved.c.kind))
    gone = (t.moved.c.subject == t.op.c.subject) & (t.moved.c.stream == num)
    query = (
        select(t.op.c.subject, last(Kind.HELP_ENDED), last(Kind.HELP_RESUMED), kind)
        .join(t.listing, t.listing.c.op_id == t.op.c.op_id)
        .join(t.subject, t.subject.c.id == t.op.c.subject, isouter=True)
        .join(t.moved, gone, isouter=True)
        .where(t.listing.c.stream == num, t.listing.c.seq <= seq)
        .group_by(t.op.c.subject)
    )
    if only:
        query = query.where(among(con, t.op.c.subject, only))
    rows = con.execute(query).all()
    return sorted((_rank(kind, int(ended), int(resumed)), subject) for subject, ended, resumed, kind in rows)


def _rank(kind: str | None, ended: int, resumed: int) -> int:
    if kind == "station":
        return _FIRST
    if kind == "case":
        return _ENDED if ended > resumed else _OPEN
    return _OTHER


def _lines(
    con: Connection, num: int, seq: int, subjects: Sequence[tuple[int, str]], column: ColumnElement[bytes]
) -> list[tuple[int, str, int, bytes]]:
    """(rank, subject, place, line) of these subjects, in their order."""
    ranks = {subject: rank for rank, subject in subjects}
    rows = con.execute(
        select(t.op.c.subject, t.listing.c.seq, column)
        .join(t.listing, t.listing.c.op_id == t.op.c.op_id)
        .where(among(con, t.op.c.subject, ranks.keys()))
        .where(t.listing.c.stream == num, t.listing.c.seq <= seq)
    ).all()
    return sorted((ranks[s], s, int(q), bytes(line)) for s, q, line in rows)


def _mark(text: str) -> _Mark | None:
    if not text:
        return None
    said = _MARK.fullmatch(text)
    if said is None:
        raise Refused(ErrorCode.BODY, detail="mark")
    return _Mark(int(said[1]), said[2], int(said[3]))
