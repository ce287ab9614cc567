"""What only stations may see (M-9.6): the log holds its header, a table of its own the whole line.

Whoever reads ``op.line`` gets the header, so that a query that forgets this module tells nothing. ``WHOLE``
is for stations and for the server's own work.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import ColumnElement, Connection, case, func, select, update

from jobdesk.cases.codec import decode, encode
from jobdesk.cases.ops import Op
from jobdesk.cases.restricting import without
from province.db import tables as t
from province.db.writing import among, insert_quietly
from province.scope import Caller
from province.withholding import RESTRICTING

_ASIDE = select(t.restricted.c.line).where(t.restricted.c.op_id == t.op.c.op_id).scalar_subquery()
WHOLE: ColumnElement[bytes] = func.coalesce(case((t.op.c.restricted, _ASIDE)), t.op.c.line).label("line")
"""The whole line, where the transaction may see it; looked up for rows that have one aside only."""
_AT_ONCE = 5000


def line_for(caller: Caller) -> ColumnElement[bytes]:
    """The column of lines that a caller is answered."""
    return WHOLE if caller.at_station else t.op.c.line.label("line")


def put_aside(con: Connection, rows: Iterable[Mapping[str, object]], lines: Mapping[str, bytes]) -> None:
    """Whole lines of those rows of the log that are restricted, as they go into the log."""
    aside = [
        {"op_id": row["op_id"], "home": row["home"], "line": lines[str(row["op_id"])]}
        for row in rows if row["restricted"]
    ]  # fmt: skip
    insert_quietly(con, t.restricted, aside)


def part(row: dict[str, object], op: Op) -> dict[str, object]:
    """A row of the log as it may be written: its header only where it is restricted."""
    apart = RESTRICTING.tells(op.payload)
    return {**row, "restricted": apart, **({"line": encode(without(op))} if apart else {})}


def blanked(con: Connection, op_ids: Iterable[str]) -> None:
    """Nothing of these is left (M-7.1)."""
    ids = list(op_ids)
    if ids:
        where = among(con, t.restricted.c.op_id, ids)
        con.execute(update(t.restricted).where(where).values(line=b""))


def part_all(con: Connection) -> int:
    """Mark what was stored before it was known to be restricted; returns how many (migration, new codes)."""
    found, last = 0, ""
    asked = select(t.op.c.op_id, t.op.c.home, t.op.c.line).where(t.op.c.restricted.is_(False))
    while rows := con.execute(asked.where(t.op.c.op_id > last).order_by(t.op.c.op_id).limit(_AT_ONCE)).all():
        last = rows[-1].op_id
        for row in rows:
            op = decode(bytes(row.line))
            if RESTRICTING.tells(op.payload):
                insert_quietly(con, t.restricted, [{"op_id": row.op_id, "home": row.home, "line": row.line}])
                here = t.op.c.op_id == row.op_id
                con.execute(update(t.op).where(here).values(restricted=True, line=encode(without(op))))
                found += 1
    return found
