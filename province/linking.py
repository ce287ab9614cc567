"""Whether operations stand in a replica's chain beside those that are listed of it already.

A cloned or restored file has two ends under one replica. A witness may know one of them while an owner
brought the other: the two never become one chain (M-4.6). What does not fit goes on in another life (M-8.4).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from hashlib import sha256
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select, update

from jobdesk.cases.codec import GENESIS, encode
from province.db import tables as t
from province.db.writing import among, widened
from province.reading import Item, item

_PLACES = select(t.op.c.replica_seq, t.op.c.hash, t.op.c.line).where(
    t.op.c.replica == bindparam("of"),
    t.op.c.replica_seq >= bindparam("first"),
    t.op.c.replica_seq <= bindparam("last"),
)
"""Made once: every push asks it."""


class _Stands(NamedTuple):
    """What is listed at a place."""

    hash: bytes
    prev: bytes


def fits(con: Connection, replica: str, items: Iterable[Item]) -> bool:
    """False when a place is another operation's, or a neighbour on either side says another neighbour."""
    placed = {i.seq: i for i in items if i.seq and i.hash}
    if not placed:
        return True
    listed = _listed(con, replica, min(placed) - 1, max(placed) + 1)
    for seq, one in placed.items() if listed else ():
        here, before, after = (listed.get(n) for n in (seq, seq - 1, seq + 1))
        if here is not None and here.hash != one.hash:
            return False
        if before is not None and before.hash != one.prev:
            return False
        if after is not None and after.prev != one.hash:
            return False
    return True


def alone(items: Iterable[Item]) -> list[Item]:
    """Sound operations that do not fit, in a chain of their own: the same ids and contents, other headers.
    Told again they make the same chain.
    """
    found: list[Item] = []
    prev, life = GENESIS, ""
    for n, one in enumerate(items, 1):
        op = one.sound
        life = life or f"apart-{op.op_id[-48:]}"
        stamp = replace(op.stamp, replica=life)
        found.append(item(encode(replace(op, replica_id=life, replica_seq=n, prev_hash=prev, stamp=stamp))))
        prev = found[-1].hash
    return found


def kept_elsewise(con: Connection, replica: str, items: Iterable[Item], *, final: bool) -> set[int]:
    """Two ends that are both to be kept apart: a place holds one, the other stands in a chain of its own.

    Args:
        final: the owner's own word, which has the place: what is kept there makes way.

    Returns:
        Places of these items that others have all the same: what a witness says gives way.
    """
    wanted = {i.seq: i.hash or GENESIS for i in items}
    if not wanted:
        return set()
    q = t.quarantine.c
    with widened(con):
        rows = con.execute(
            select(q.replica_seq, q.action, q.hash, q.settled_ms).where(
                q.replica == replica, among(con, q.replica_seq, wanted)
            )
        ).all()
        taken = [r for r in rows if bytes(r.hash) != wanted[int(r.replica_seq)]]
        if not final:
            return {int(r.replica_seq) for r in taken}
        for row in taken:
            if row.settled_ms is not None:
                place = (q.replica == replica, q.replica_seq == row.replica_seq)
                name = f"settled-{bytes(row.hash).hex()[:48]}"
                con.execute(update(t.quarantine).where(*place).values(replica=name))
        for action in {r.action for r in taken if r.settled_ms is None}:
            _aside(con, replica, action)
    return set()


def _aside(con: Connection, replica: str, action: str) -> None:
    """An action that is kept apart, under another replica. What nobody can read keeps its number there."""
    q = t.quarantine.c
    where = (q.replica == replica, q.action == action, q.settled_ms.is_(None))
    rows = con.execute(select(q.replica_seq, q.line).where(*where).order_by(q.replica_seq)).all()
    items = [item(bytes(row.line)) for row in rows]
    if all(one.op for one in items):
        items = alone(items)
    name = items[0].replica if items[0].op else f"apart-{sha256(bytes(rows[0].line)).hexdigest()[:48]}"
    for row, one in zip(rows, items, strict=True):
        place = one.seq if one.op else int(row.replica_seq)
        con.execute(
            update(t.quarantine)
            .where(q.replica == replica, q.replica_seq == row.replica_seq)
            .values(replica=name, replica_seq=place, line=one.line, hash=one.hash or GENESIS)
        )


def _listed(con: Connection, replica: str, first: int, last: int) -> dict[int, _Stands]:
    """By place; wherever they are at home."""
    with widened(con):
        rows = con.execute(_PLACES, {"of": replica, "first": first, "last": last}).all()
    return {int(seq): _Stands(bytes(hashed), _prev(bytes(line))) for seq, hashed, line in rows}


def _prev(line: bytes) -> bytes:
    """What a line of the log chains to, without decoding the rest of it."""
    return bytes.fromhex(json.loads(json.loads(line)[0])[12])
