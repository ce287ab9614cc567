"""Who speaks of whom: lines of households, imports and visits that are about a person, wherever they are.

A desk above writes a person into the household of another station than his (M-7.2). Only ids stand here, and
of whom it was is forgotten with his erasure.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from jobdesk.cases.codec import decode
from jobdesk.cases.erasing import SPEAKING, about
from jobdesk.cases.errors import BadInput
from jobdesk.cases.ops import RULES, Op, Shape
from province import fences, streams
from province.db import tables as t
from province.db.writing import among, insert_quietly
from province.reading import is_id, moves_to
from province.restricted import WHOLE

_AT_ONCE = 5000
"""Rows of one reading (migration)."""


def named(op: Op) -> str | None:
    """Of whom an operation of another subject speaks, where anybody can be called so."""
    case = about(op) if op.subject.kind in SPEAKING else None
    return case if case is not None and is_id(case) else None


def read(line: bytes) -> Op | None:
    """A line that is kept apart; None for one that is blank, of a newer program, or nothing to read."""
    try:
        return decode(line)
    except (BadInput, ValueError):
        return None


def hold(con: Connection, ops: Iterable[Op], kept: Iterable[Op] = (), apart: Collection[str] = ()) -> None:
    """The fences of a push: of whom it speaks, whom it erases or moves, and the words of the households that
    speak of whom it erases. Before streams are locked.

    Args:
        kept: what is kept apart whoever it is about: it erases and moves nobody.
        apart: others of whom it brings what is kept apart, as ``at_hand`` told.
    """
    said: dict[str, set[str]] = {}
    touched, erased, words = set[str](), set[str](), set[str]()
    for op in ops:
        if RULES[op.kind].shape is Shape.ERASE:
            erased.add(op.subject.id)
        elif moves_to(op) is not None:
            touched.add(op.subject.id)
        _take_in(op, apart, said, words)
    for op in kept:
        _take_in(op, apart, said, words)
    fences.hold(con, shared={*said, *apart}, alone=touched | erased)
    for case in erased:  # behind the fences: nobody begins to speak of them now
        words |= of(con, case) | said.get(case, set[str]())
    fences.hold(con, alone=words, space=fences.WORDS)


def _take_in(op: Op, apart: Collection[str], said: dict[str, set[str]], words: set[str]) -> None:
    if (case := named(op)) is not None:
        said.setdefault(case, set()).add(op.subject.id)
    if op.subject.id in apart and op.subject.kind in SPEAKING:
        words.add(op.subject.id)


@dataclass(frozen=True, slots=True)
class Late:
    """Fences that a push finds it needs when its streams are locked.

    Attributes:
        nums: those streams; whoever begins anew locks them from the start.
    """

    con: Connection
    nums: frozenset[int]

    def keeps(self, subjects: Collection[str], words: Collection[str]) -> None:
        """Something of these is kept apart, and lines of these households.

        Raises:
            streams.Again
        """
        if not fences.at_hand(self.con, subjects, words=words):
            raise streams.Again(self.nums, frozenset(subjects))

    def alone(self, words: Collection[str]) -> None:
        """Lines of these households are blank or about somebody erased: nobody keeps one apart just now.

        Raises:
            streams.Again
        """
        if not fences.at_hand(self.con, alone=words):
            raise streams.Again(self.nums, frozenset(words))


def note(con: Connection, ops: Iterable[Op], gone: Collection[str] = ()) -> None:
    """Remember what these say, but of who is erased (``gone``)."""
    rows: list[dict[str, object]] = [
        {"about": case, "op_id": op.op_id, "subject": op.subject.id}
        for op in ops
        if (case := named(op)) is not None and case not in gone
    ]
    insert_quietly(con, t.speaks, rows)


def note_all(con: Connection) -> None:
    """What was listed or kept apart before this was written down (migration)."""
    last = ""
    mine = (t.op.c.op_id, WHOLE)
    lists = select(*mine).join(t.subject, t.subject.c.id == t.op.c.subject)
    lists = lists.where(t.subject.c.kind.in_(SPEAKING)).order_by(t.op.c.op_id).limit(_AT_ONCE)
    while rows := con.execute(lists.where(t.op.c.op_id > last)).all():
        last = rows[-1].op_id
        note(con, (decode(bytes(row.line)) for row in rows))
    waits = select(t.quarantine.c.line).where(t.quarantine.c.settled_ms.is_(None))
    note(con, (op for line in con.execute(waits).scalars() if (op := read(bytes(line))) is not None))


def of(con: Connection, subject: str) -> set[str]:
    """Subjects that say something of this one, listed or kept apart."""
    return set(con.execute(select(t.speaks.c.subject).where(t.speaks.c.about == subject)).scalars())


def told_by(con: Connection, subject: str) -> set[str]:
    """Operations that say something of this one, listed or kept apart."""
    return set(con.execute(select(t.speaks.c.op_id).where(t.speaks.c.about == subject)).scalars())


def spoken_in(con: Connection, subject: str) -> set[int]:
    """Streams that list others which speak of this subject, wherever that is. To be asked before he is
    erased; the transaction must see all streams.
    """
    listed = select(t.speaks.c.subject).distinct().join(t.op, t.op.c.op_id == t.speaks.c.op_id)
    others = set(con.execute(listed.where(t.speaks.c.about == subject)).scalars())
    return streams.listing(con, others) if others else set()


def forget(con: Connection, subject: str) -> None:
    """Erased: nobody speaks of him any more."""
    con.execute(update(t.speaks).where(t.speaks.c.about == subject).values(about=None, subject=""))


def lines(con: Connection, subjects: Collection[str]) -> list[Op]:
    """All operations of these; the transaction must see all streams."""
    if not subjects:
        return []
    query = select(WHOLE).where(among(con, t.op.c.subject, subjects))
    return [decode(bytes(line)) for line in con.execute(query).scalars()]
