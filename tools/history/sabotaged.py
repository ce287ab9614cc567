"""A server that is wrong on purpose: places are given outside the transaction that writes the operations.

What a sequence of the database does, or a counter with a transaction of its own. ``make history SABOTAGE=1`` and a
test demand that the check of the history finds it: ``uvicorn tools.history.sabotaged:application --factory``.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from random import Random

from fastapi import FastAPI
from sqlalchemy import Connection, insert, select, text, update

from jobdesk.protocol.chains import StreamPoint, add, element, link
from province import streams
from province.cli import serving
from province.config import from_environment
from province.db import tables as t
from province.db.engine import EVERYTHING, Database, open_database

_rng = Random(0)


def application() -> FastAPI:
    """Ours, with the counter taken out of the transaction."""
    db = open_database(from_environment().database)

    def list_ops(head: streams.Head, ops: Sequence[tuple[str, bytes]]) -> list[dict[str, object]]:
        return _places(db, head, ops)

    def lock(con: Connection, nums: Iterable[int]) -> dict[int, streams.Head]:
        rows = con.execute(select(t.stream).where(t.stream.c.num.in_(sorted(set(nums)))))
        return {r.num: streams.Head(r.num, StreamPoint(r.head, r.hash), r.digest) for r in rows}

    def keep(con: Connection, heads: Iterable[streams.Head], rows: Sequence[dict[str, object]]) -> None:
        if rows:
            con.execute(insert(t.listing), list(rows))
            con.execute(text("SELECT pg_sleep(:s)"), {"s": _rng.random() * 0.03})

    streams.list_ops, streams.lock, streams.keep = list_ops, lock, keep
    return serving.application()


def _places(db: Database, head: streams.Head, ops: Sequence[tuple[str, bytes]]) -> list[dict[str, object]]:
    """Counted up and committed before the operations are."""
    rows: list[dict[str, object]] = []
    with db.writing(EVERYTHING) as con:
        row = con.execute(select(t.stream).where(t.stream.c.num == head.num).with_for_update()).one()
        at, digest = StreamPoint(row.head, bytes(row.hash)), bytes(row.digest)
        for op_id, hashed in ops:
            at = link(at, hashed)
            digest = add(digest, [element(at.seq, hashed)])
            rows.append({"stream": head.num, "seq": at.seq, "op_id": op_id, "hash": at.hash})
        con.execute(
            update(t.stream)
            .where(t.stream.c.num == head.num)
            .values(head=at.seq, hash=at.hash, digest=digest)
        )
    time.sleep(_rng.random() * 0.01)
    return rows
