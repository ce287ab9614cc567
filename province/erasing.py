"""Erasing on the server: payloads and salts go from the log, headers stay, the register remembers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from sqlalchemy import Connection, bindparam, insert, select, update

from jobdesk.cases.codec import decode, encode
from jobdesk.cases.ops import RULES, Op, Shape
from province.db import tables as t


def register(con: Connection, subjects: Collection[str]) -> set[str]:
    """Which of these subjects are erased for ever."""
    query = select(t.erased.c.subject).where(t.erased.c.subject.in_(list(subjects)))
    return set(con.execute(query).scalars())


def blank_line(op: Op) -> bytes:
    """The line of an operation without payload and salt. ``Erased`` itself holds no person and stays."""
    if RULES[op.kind].shape is Shape.ERASE:
        return encode(op)
    return encode(replace(op, payload=None, salt=b"", body=b""))


def erase(con: Connection, subject: str, now_ms: int) -> int:
    """Blank everything of a subject and write it into the register; operations blanked."""
    if not register(con, [subject]):
        con.execute(insert(t.erased).values(subject=subject, at_ms=now_ms))
    con.execute(update(t.subject).where(t.subject.c.id == subject).values(erased=True, person=None))
    rows = con.execute(select(t.op.c.op_id, t.op.c.line).where(t.op.c.subject == subject)).all()
    blanked = [{"b_op": row.op_id, "line": blank_line(decode(bytes(row.line)))} for row in rows]
    if blanked:
        con.execute(
            update(t.op).where(t.op.c.op_id == bindparam("b_op")).values(line=bindparam("line")), blanked
        )
    con.execute(
        update(t.quarantine).where(t.quarantine.c.subject == subject).values(line=b"", settled_ms=now_ms)
    )
    return len(blanked)
