"""Erasing on the server: payloads and salts go from the log, headers stay, the register remembers."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from sqlalchemy import Connection, bindparam, select, update

from jobdesk.cases.codec import decode, encode
from jobdesk.cases.erasing import SPEAKING, after_blank_lines, is_blank, known_to, to_blank
from jobdesk.cases.ops import RULES, Op, Shape, Subject
from province import merging, notices, speaking, streams
from province.db import tables as t
from province.db.writing import among, widened
from province.reading import is_id
from province.register import Entry, note
from province.restricted import WHOLE, blanked

_AT_ONCE = 10_000
"""Values in one question: a line may say more of them than a database takes."""


def register(con: Connection, subjects: Collection[str]) -> set[str]:
    """Which of these subjects are erased for ever."""
    query = select(t.erased.c.subject).where(among(con, t.erased.c.subject, subjects))
    return set(con.execute(query).scalars())


def wipe_apart(con: Connection, subjects: Collection[str], now_ms: int) -> None:
    """What of these is kept apart holds a person no more; its place in the chain is left."""
    of_them = among(con, t.quarantine.c.subject, subjects)
    con.execute(update(t.quarantine).where(of_them).values(line=b"", settled_ms=now_ms))


def blank_apart(con: Connection, subjects: Collection[str]) -> None:
    """What is kept apart of these subjects and says something of somebody erased is blank as it would be
    where it is listed; it waits on. Of whom it speaks else is remembered. In a wide scope, before what is
    listed of them is blanked.
    """
    q = t.quarantine.c
    mine = (among(con, q.subject, subjects), q.settled_ms.is_(None))
    kept = [
        (op, row)
        for row in (con.execute(select(q.replica, q.replica_seq, q.line).where(*mine)) if subjects else ())
        if (op := speaking.read(bytes(row.line))) is not None and op.subject.kind in SPEAKING
    ]
    if not kept:
        return
    known = speaking.lines(con, {op.subject.id for op, _ in kept}) + [op for op, _ in kept]
    gone = register(con, _named(known))
    speaking.note(con, (op for op, _ in kept), gone)
    wanted = {*to_blank([Subject("case", case) for case in gone], known), *after_blank_lines(known)}
    rows = [{"of": row.replica, "at": row.replica_seq, "blank": blank_line(op)}
            for op, row in kept if op.op_id in wanted]  # fmt: skip
    if rows:
        here = (q.replica == bindparam("of"), q.replica_seq == bindparam("at"))
        con.execute(update(t.quarantine).where(*here).values(line=bindparam("blank")), rows)


def blank_line(op: Op) -> bytes:
    """The line of an operation without payload and salt. ``Erased`` itself holds no person and stays."""
    if RULES[op.kind].shape is Shape.ERASE:
        return encode(op)
    return encode(replace(op, payload=None, salt=b"", body=b""))


def erase(con: Connection, subject: Subject, now_ms: int, line: bytes = b"") -> set[str]:
    """Blank everything of a subject, and what others say of it, at whatever station. Write it into the
    register. The transaction must see all streams.

    Args:
        line: the operation that erases, where there is one.

    Returns:
        Contents that no operation names any longer: their bytes are to go after the commit.
    """
    note(con, Entry(subject.id, line), now_ms)
    con.execute(update(t.subject).where(t.subject.c.id == subject.id).values(erased=True, person=None))
    others = speaking.of(con, subject.id) - {subject.id}
    ops = speaking.lines(con, {subject.id, *others})
    wanted = set(to_blank([subject], ops))
    wipe_apart(con, [subject.id], now_ms)
    blank_apart(con, others)
    _blank(con, [op for op in ops if op.op_id in wanted])
    speaking.forget(con, subject.id)
    notices.forget(con, subject.id, now_ms)
    merging.forget(con, subject.id)
    return _contents(con, subject.id, now_ms)


def blank_late(con: Connection, ops: Iterable[Op]) -> dict[str, set[int]]:
    """What newly listed operations of other subjects say of somebody erased before, with all else on those
    records (M-7.2); of whom else they speak is remembered. Returns who that is, and the streams that are to
    tell it (M-7.3).
    """
    speak = [op for op in ops if op.subject.kind in SPEAKING]
    if not speak:
        return {}
    with widened(con):
        blank_apart(con, {op.subject.id for op in speak})
        _blank(con, _of_blank_lines(con, speak))
    gone = register(con, _named(speak))
    speaking.note(con, speak, gone)
    if not gone:
        return {}
    with widened(con):
        known = speaking.lines(con, {op.subject.id for op in speak if speaking.named(op) in gone})
        wanted = set(to_blank([Subject("case", case) for case in gone], known))
        _blank(con, [op for op in known if op.op_id in wanted])
        return {
            case: streams.listing(con, {op.subject.id for op in speak if speaking.named(op) == case})
            for case in sorted(gone)
        }


def _of_blank_lines(con: Connection, ops: Collection[Op]) -> list[Op]:
    """What goes on with a line that was blanked, whatever it says: of these, and where one of these is blank
    or goes on with such a line, also what was listed before it came. In a wide scope.
    """
    wanted = sorted({i for op in ops for i in known_to(op) if is_id(i)})
    before: list[Op] = []
    for n in range(0, len(wanted), _AT_ONCE):
        query = select(WHOLE).where(among(con, t.op.c.op_id, wanted[n : n + _AT_ONCE]))
        before += [decode(bytes(x)) for x in con.execute(query).scalars()]
    subjects = {o.subject.id for o in [*ops, *before] if is_blank(o)}
    if not subjects:
        return []
    known = speaking.lines(con, subjects)
    found = set(after_blank_lines(known))
    return [op for op in known if op.op_id in found]


def _named(ops: Iterable[Op]) -> set[str]:
    return {case for op in ops if (case := speaking.named(op)) is not None}


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
