"""Operations that reach into more than one stream: a subject that moves, a merge, an erasure (M-6, M-7.3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, literal, select, update

from jobdesk.cases.codec import decode
from jobdesk.cases.errors import BadInput
from jobdesk.cases.ops import RULES, Kind, Op, Shape
from jobdesk.protocol.messages import Home
from province import doubles, merging, notices, register, speaking, strays, streams, transfers
from province.db import tables as t
from province.db.writing import among, insert_quietly, widened
from province.reading import is_id, moves_to
from province.scope import Caller


@dataclass(frozen=True, slots=True)
class Plan:
    """What one operation does beyond the stream its subject is at home in.

    Attributes:
        others: further streams that list it.
        target: the stream its subject moves to.
        unknown: it names a stream that there is not.
        kept: the file that it merges its subject into.
        waits: where that is at home nobody knows (yet, or again).
    """

    op: Op
    home: int
    others: frozenset[int] = frozenset()
    target: int | None = None
    erases: bool = False
    unknown: bool = False
    kept: str = ""
    waits: bool = False

    @property
    def nums(self) -> frozenset[int]:
        return self.others | {self.home, self.home if self.target is None else self.target}


def plan(con: Connection, op: Op, home: int, caller: Caller) -> Plan:
    """Read before anything is written; only numbers of streams come out of what the caller may not see."""
    if RULES[op.kind].shape is Shape.ERASE:
        with widened(con):
            others = register.has_it(con, op.subject.id) | streams.listing(con, {op.subject.id})
            others |= speaking.spoken_in(con, op.subject.id)
        return Plan(op, home, frozenset(others) - {home}, erases=True)
    to = moves_to(op)
    if to is not None:
        query = select(t.stream.c.num).where(t.stream.c.id == to)
        num = con.execute(query).scalar_one_or_none() if is_id(to) else None
        moves = num is not None and num != home and home in caller.may_write
        return Plan(op, home, target=int(num) if moves and num is not None else None, unknown=num is None)
    if op.kind is Kind.MERGED:
        kept = merging.kept_of(op)
        if not kept:
            return Plan(op, home)
        with widened(con):
            other = con.execute(select(t.subject.c.home).where(t.subject.c.id == kept)).scalar_one_or_none()
        others = frozenset[int]() if other is None else frozenset({int(other)}) - {home}
        return Plan(op, home, others, kept=kept, waits=other is None)
    if op.kind is Kind.UNMERGED:
        with widened(con):
            merged = streams.listing(con, {op.subject.id}, Kind.MERGED)
        return Plan(op, home, frozenset(merged) - {home})
    return Plan(op, home)


def listed_too(con: Connection, plan: Plan, heads: Mapping[int, streams.Head]) -> list[dict[str, object]]:
    """Places of the operation in the other streams, without those that list it: the subject may have moved
    there before, in the same action.
    """
    if not plan.others:
        return []
    hashed = con.execute(select(t.op.c.hash).where(t.op.c.op_id == plan.op.op_id)).scalar_one()
    there = con.execute(select(t.listing.c.stream).where(t.listing.c.op_id == plan.op.op_id)).scalars()
    return [
        row
        for num in sorted(plan.others - {*there})
        for row in streams.list_ops(heads[num], [(plan.op.op_id, bytes(hashed))])
    ]


def move(
    con: Connection, plan: Plan, heads: Mapping[int, streams.Head], now_ms: int
) -> tuple[list[dict[str, object]], dict[str, bytes]]:
    """Everything of the subject into its new stream, in the order of the old one; where it was is kept.
    Returns its places, and whose number it is (``doubles.follow``).
    """
    subject, target = plan.op.subject.id, plan.target
    assert target is not None
    there = select(t.listing.c.op_id).where(t.listing.c.stream == target)
    rows = con.execute(
        select(t.op.c.op_id, t.op.c.hash)
        .join(t.listing, t.listing.c.op_id == t.op.c.op_id)
        .where(t.op.c.subject == subject, t.listing.c.stream == plan.home, t.op.c.op_id.not_in(there))
        .order_by(t.listing.c.seq)
    ).all()
    places = streams.list_ops(heads[target], [(row.op_id, bytes(row.hash)) for row in rows])
    here = {"subject": subject, "stream": plan.home, "home": target, "kind": plan.op.subject.kind,
            "at_ms": now_ms}  # fmt: skip
    insert_quietly(con, t.moved, [here])
    con.execute(update(t.moved).where(t.moved.c.subject == subject).values(home=target))
    strays.settled(con, subject, target, now_ms)
    con.execute(update(t.subject).where(t.subject.c.id == subject).values(home=target))
    named = select(
        t.content.c.digest, t.content.c.op_id, literal(target).label("home"), t.content.c.subject
    ).where(t.content.c.subject == subject, t.content.c.home == plan.home, t.content.c.gone_ms.is_(None))
    found = con.execute(named).all()
    insert_quietly(con, t.content, [dict(row._mapping) for row in found])  # pyright: ignore[reportPrivateUsage]
    transfers.over(con, subject, target, now_ms)
    return places, doubles.follow(con, subject) if plan.op.subject.kind == "case" else {}


def paired(con: Connection, plan: Plan, now_ms: int) -> dict[str, bytes]:
    """A merge answers what both stations were told of one person twice; whose number it is, if so
    (``doubles.whose``).
    """
    settled = plan.kept and notices.settle_pair(con, plan.op.subject.id, plan.kept, now_ms)
    return doubles.whose(con, plan.op.subject.id) if settled else {}


def homes(con: Connection, ops: Iterable[tuple[str, bytes]]) -> list[Home]:
    """Where subjects really are that these lines (subject, line) mean to move: a move by somebody who did not
    know is listed too, and moves nothing.
    """
    meant = {subject for subject, line in ops if b"station" in line and _means(line)}
    if not meant:
        return []
    with widened(con):
        rows = con.execute(
            select(t.subject.c.id, t.stream.c.id)
            .join(t.stream, t.stream.c.num == t.subject.c.home)
            .where(among(con, t.subject.c.id, meant))
            .order_by(t.subject.c.id)
        ).all()
    return [Home(subject=subject, stream=stream) for subject, stream in rows]


def _means(line: bytes) -> bool:
    try:
        return moves_to(decode(line)) is not None
    except (BadInput, ValueError):  # of a newer program
        return False
