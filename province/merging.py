"""Which files were merged into which: a merge is listed where the kept one is at home, once that is known.

A restored server may hear of a merge before it hears of the file that was kept, and that file may move on
without the alias (M-6.5). Only ids stand here; of an alias that is erased not even which file was kept.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import Connection, or_, select, update

from jobdesk.cases.codec import decode
from jobdesk.cases.ops import Kind, Op
from province import streams
from province.db import tables as t
from province.db.engine import EVERYTHING, Database
from province.db.writing import among, insert_quietly
from province.reading import is_id, root_values
from province.restricted import WHOLE


def kept_of(op: Op) -> str:
    """The file that a merge keeps, empty where it names none."""
    kept = root_values(op).get("merged_into") if op.kind is Kind.MERGED else None
    return kept if isinstance(kept, str) and is_id(kept) else ""


def note(con: Connection, op: Op, *, waits: bool) -> None:
    """Remember a listed merge. ``waits``: nobody knows yet where the kept file is at home."""
    row = {"op_id": op.op_id, "alias": op.subject.id, "kept": kept_of(op), "waits": waits}
    insert_quietly(con, t.merged, [row])


def note_all(con: Connection) -> None:
    """Those that were listed before this was written down (migration). What is not listed where the kept file
    is at home waits.
    """
    lines = con.execute(select(WHOLE).where(t.op.c.kind == Kind.MERGED.value)).scalars().all()
    for op in (decode(bytes(line)) for line in lines):
        if kept_of(op):
            home = select(t.subject.c.home).where(t.subject.c.id == kept_of(op)).scalar_subquery()
            there = (t.listing.c.op_id == op.op_id, t.listing.c.stream == home)
            note(con, op, waits=con.execute(select(t.listing.c.seq).where(*there)).one_or_none() is None)


def forget(con: Connection, alias: str) -> None:
    """Erased: its merges say no more into what."""
    con.execute(update(t.merged).where(t.merged.c.alias == alias).values(kept="", waits=False))


def pairs(con: Connection, subjects: Collection[str]) -> set[frozenset[str]]:
    """Of these files, those that were ever merged with another one, and with which."""
    m = t.merged.c
    of_them = or_(among(con, m.kept, subjects), among(con, m.alias, subjects))
    rows = con.execute(select(m.alias, m.kept).where(of_them, m.kept != ""))
    return {frozenset((row.alias, row.kept)) for row in rows}


def kept_among(con: Connection, subjects: Collection[str]) -> set[str]:
    """Those of these files that another one was merged into."""
    return set(con.execute(select(t.merged.c.kept).where(among(con, t.merged.c.kept, subjects))).scalars())


def bring(
    con: Connection, homes: Mapping[str, int], heads: Mapping[int, streams.Head]
) -> list[dict[str, object]]:
    """Places of merges into these files, and of what took them apart, in the streams where they are at home
    and which do not list them. In a wide scope.

    Args:
        homes: files that began or moved, and the number of the stream they are at home in, which is locked.
    """
    m = t.merged.c
    rows = con.execute(
        select(m.op_id, m.alias, m.kept).where(among(con, m.kept, homes)).order_by(m.op_id)
    ).all()
    if not rows:
        return []
    con.execute(update(t.merged).where(among(con, m.op_id, [r.op_id for r in rows])).values(waits=False))
    places: list[dict[str, object]] = []
    for num in sorted({homes[r.kept] for r in rows}):
        here = [r for r in rows if homes[r.kept] == num]
        fresh = _unlisted(con, num, [r.op_id for r in here], {r.alias for r in here})
        places += streams.list_ops(heads[num], fresh)
    return places


def _unlisted(
    con: Connection, num: int, merges: Collection[str], aliases: Collection[str]
) -> list[tuple[str, bytes]]:
    """These merges, and all that took files apart again, without what the stream lists."""
    op = t.op.c
    there = select(t.listing.c.op_id).where(t.listing.c.stream == num)
    apart = among(con, op.subject, aliases) & (op.kind == Kind.UNMERGED.value)
    rows = con.execute(
        select(op.op_id, op.hash)
        .where(or_(among(con, op.op_id, merges), apart), op.op_id.not_in(there))
        .order_by(op.received_ms, op.replica, op.replica_seq)
    )
    return [(row.op_id, bytes(row.hash)) for row in rows]


def settle(db: Database, subjects: Collection[str] | None = None) -> int:
    """Merges that one transaction noted while another one, which did not see it, brought the kept file: each
    looks after its own commit. How many files.

    Args:
        subjects: kept ones to look for; None for all that wait.
    """
    m = t.merged.c
    query = select(m.kept).distinct().join(t.subject, t.subject.c.id == m.kept).where(m.waits)
    with db.reading(EVERYTHING) as con:
        found = con.execute(query if subjects is None else query.where(among(con, m.kept, subjects)))
        wanted = sorted(found.scalars())
    for kept in wanted:
        _settle(db, kept)
    return len(wanted)


def _settle(db: Database, kept: str) -> None:
    asked = select(t.subject.c.home).where(t.subject.c.id == kept)
    while True:
        with db.writing(EVERYTHING) as con:
            home = int(con.execute(asked).scalar_one())
            heads = streams.lock(con, [home])
            if int(con.execute(asked).scalar_one()) == home:
                streams.keep(con, heads.values(), bring(con, {kept: home}, heads))
                return
