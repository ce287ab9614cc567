"""What is known of the subjects of a push before they are listed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from sqlalchemy import Connection, literal, select, union_all

from province import strays
from province.db import tables as t
from province.db.writing import among
from province.scope import Caller


@dataclass(slots=True)
class Known:
    """Where subjects are at home: seen, or once here and moved on; which are erased; of which the caller's
    stream lists too what comes late (``strays``).
    """

    homes: dict[str, int] = field(default_factory=dict[str, int])
    late: dict[str, int] = field(default_factory=dict[str, int])
    erased: set[str] = field(default_factory=set[str])
    owed: set[str] = field(default_factory=set[str])

    def nums(self, caller: Caller) -> frozenset[int]:
        """Streams the caller may come to write into by these subjects."""
        return frozenset({*self.homes.values()} & caller.may_write | {*self.late.values()})

    def home(self, subject: str) -> int | None:
        return self.homes.get(subject, self.late.get(subject))


def look(con: Connection, caller: Caller, subjects: Collection[str]) -> Known:
    """One question: homes that are seen, moves away from here, the register of erased subjects."""
    here = caller.may_write
    rows = con.execute(
        union_all(
            select(literal("h").label("what"), t.subject.c.id, t.subject.c.home).where(
                among(con, t.subject.c.id, subjects)
            ),
            select(literal("m"), t.moved.c.subject, t.moved.c.home).where(
                among(con, t.moved.c.subject, subjects), among(con, t.moved.c.stream, here)
            ),
            select(literal("e"), t.erased.c.subject, literal(0)).where(
                among(con, t.erased.c.subject, subjects)
            ),
        )
    ).all()
    known = Known()
    for what, subject, num in rows:
        if what == "h":
            known.homes[subject] = int(num)
        elif what == "m":
            known.late[subject] = int(num)
        else:
            known.erased.add(subject)
    if known.late and caller.home is not None:
        known.owed = strays.owed(con, caller, known.late.keys())
    return known
