"""Erasing on the server: payloads and salts go from the log, headers stay, the register remembers."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from sqlalchemy import Connection, bindparam, select, update

from jobdesk.cases.codec import decode, encode
from jobdesk.cases.erasing import SPEAKING, after_blank_lines, is_blank, known_to, to_blank
from jobdesk.cases.ops import RULES, Op, Shape, Subject
from province import merging, notices, streams
from province.db import tables as t
from province.db.writing import among, widened
from province.reading import is_id
from province.register import Entry, note
from province.restricted import WHOLE, blanked


def register(con: Connection, subjects: Collection[str]) -> set[str]:
    """Which of these subjects are erased for ever."""
    query = select(t.erased.c.subject).where(among(con, t.erased.c.subject, subjects))
    return set(con.execute(query).scalars())


def wipe_apart(con: Connection, subjects: Collection[str], now_ms: int) -> None:
    """What of these is kept apart holds a person no more; its place in the chain is left."""
    of_them = among(con, t.quarantine.c.subject, subjects)
    con.execute(update(t.quarantine).where(of_them).values(line=b"", settled_ms=now_ms))


def blank_line(op: Op) -> bytes:
    """The line of an operation without payload and salt. ``Erased`` itself holds no person and stays."""
    if RULES[op.kind].shape is Shape.ERASE:
        return encode(op)
    return encode(replace(op, payload=None, salt=b"", body=b""))


def erase(con: Connection, subject: Subject, now_ms: int, line: bytes = b"") -> set[str]:
    """Blank everything of a subject, and what others say of it that are, or were, at a station that has it.
    Write it into the register. The transaction must see all streams.

    Args:
        line: the operation that erases, where there is one.

    Returns:
        Contents that no operation names any longer: their bytes are to go after the commit.
    """
    note(con, Entry(subject.id, line), now_ms)
    con.execute(update(t.subject).where(t.subject.c.id == subject.id).values(erased=True, person=None))
    own = con.execute(select(t.op.c.op_id, WHOLE).where(t.op.c.subject == subject.id)).all()
    ops = [decode(bytes(row.line)) for row in own] + _speaking(con, subject.id)
    wanted = set(to_blank([subject], ops))
    _blank(con, [op for op in ops if op.op_id in wanted])
    wipe_apart(con, [subject.id], now_ms)
    notices.forget(con, subject.id, now_ms)
    merging.forget(con, subject.id)
    return _contents(con, subject.id, now_ms)


def spoken_in(con: Connection, subject: str) -> set[int]:
    """Streams that list others which speak of this subject: a household may have moved to where its member
    never was. To be asked before he is erased; the transaction must see all streams.
    """
    return streams.listing(con, {op.subject.id for op in _speaking(con, subject)})


def blank_late(con: Connection, ops: Iterable[Op]) -> dict[str, set[int]]:
    """What newly listed operations of other subjects say of somebody erased before, with all else on those
    records (M-7.2). Returns who that is, and the streams that are to tell it (M-7.3).
    """
    speaking = [op for op in ops if op.subject.kind in SPEAKING]
    if speaking:
        with widened(con):
            _blank(con, _of_blank_lines(con, speaking))
    named = {case for op in speaking for case in _named(op)}
    gone = register(con, named) if named else set[str]()
    if not gone:
        return {}
    subjects = {op.subject.id for op in speaking if gone & set(_named(op))}
    with widened(con):
        rows = con.execute(select(WHOLE).where(among(con, t.op.c.subject, subjects))).scalars()
        known = [decode(bytes(line)) for line in rows]
        wanted = set(to_blank([Subject("case", case) for case in gone], known))
        _blank(con, [op for op in known if op.op_id in wanted])
        return {
            case: streams.listing(con, {op.subject.id for op in speaking if case in _named(op)})
            for case in sorted(gone)
        }


def _of_blank_lines(con: Connection, ops: Collection[Op]) -> list[Op]:
    """What goes on with a line that was blanked, whatever it says: of these, and where one of these is blank
    or goes on with such a line, also what was listed before it came. In a wide scope.
    """
    wanted = frozenset[str]().union(*(known_to(op) for op in ops))
    query = select(WHOLE).where(among(con, t.op.c.op_id, wanted))
    before = [decode(bytes(x)) for x in con.execute(query).scalars()] if wanted else []
    subjects = {o.subject.id for o in [*ops, *before] if is_blank(o)}
    if not subjects:
        return []
    query = select(WHOLE).where(among(con, t.op.c.subject, subjects))
    known = [decode(bytes(x)) for x in con.execute(query).scalars()]
    found = set(after_blank_lines(known))
    return [op for op in known if op.op_id in found]


def _named(op: Op) -> Iterable[str]:
    values = op.payload.get("set") if op.payload is not None else None
    case = values.get("case") if isinstance(values, dict) else None
    return (case,) if isinstance(case, str) and is_id(case) else ()


def _blank(con: Connection, ops: Collection[Op]) -> None:
    rows = [{"b_op": op.op_id, "line": blank_line(op)} for op in ops]
    if rows:
        con.execute(
            update(t.op)
            .where(t.op.c.op_id == bindparam("b_op"))
            .values(line=bindparam("line"), restricted=False),
            rows,
        )
        blanked(con, [op.op_id for op in ops])


def _speaking(con: Connection, subject: str) -> list[Op]:
    """Operations of other subjects, at the same stations or moved on from there, whose payload names this
    one, with all others on those subjects.
    """
    nums = streams.listing(con, {subject})
    home, moved = t.subject.c, t.moved.c
    others = set(
        con.execute(
            select(home.id).where(among(con, home.home, nums), home.kind.in_(SPEAKING)).union(
                select(moved.subject).where(among(con, moved.stream, nums), moved.kind.in_(SPEAKING))
            )
        ).scalars()
    )  # fmt: skip
    if not others:
        return []
    rows = con.execute(select(t.op.c.subject, WHOLE).where(among(con, t.op.c.subject, others))).all()
    named = {row.subject for row in rows if subject.encode() in bytes(row.line)}
    return [decode(bytes(row.line)) for row in rows if row.subject in named]


def _contents(con: Connection, subject: str, now_ms: int) -> set[str]:
    mine = t.content.c.subject == subject
    digests = set(con.execute(select(t.content.c.digest).where(mine)).scalars())
    if not digests:
        return set()
    con.execute(update(t.content).where(mine).values(gone_ms=now_ms))
    kept = con.execute(
        select(t.content.c.digest)
        .where(among(con, t.content.c.digest, digests))
        .where(t.content.c.gone_ms.is_(None))
    ).scalars()
    return digests - set(kept)
