"""What is kept apart and speaks of somebody erased, of another subject (M-7.2); on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from jobdesk.cases.codec import encode
from jobdesk.cases.ops import Kind, NewOp, Subject, fields_set, opened
from jobdesk.protocol.codes import Reason
from province import quarantine
from province.db import tables as t
from province.db.engine import EVERYTHING, Database
from tests.province.ground import NOW, DeskHere
from tests.province.test_moving import check_streams
from tests.province.test_strays import enrolled, kept, process, send

HOUSE = Subject("household", "h")


@pytest.fixture
def desks(db: Database) -> tuple[DeskHere, DeskHere]:
    return enrolled(db, DeskHere(db, "a", "r1")), enrolled(db, DeskHere(db, "b", "r2"))


def begins(a: DeskHere) -> None:
    """A person and a household with him in it, and somebody else."""
    a.act("p", text="隐私")
    a.act(new=[opened(HOUSE, "member", "m", {"case": "p", "name": "隐私"}),
               opened(HOUSE, "member", "n", {"case": "q", "name": "在册"})])  # fmt: skip


def erases(a: DeskHere) -> None:
    a.act(new=[NewOp(Kind.ERASED, Subject("case", "p"), {"reason": "request"})])


def speaks(b: DeskHere, *, names: bool, base: str = "") -> None:
    """Another station writes on that household, of which it has no part."""
    more = {"case": "p"} if names else {}
    bases = {"note": [base] if base else []}
    b.act(
        new=[
            fields_set(HOUSE, "member", "m", {"note": "隐私欠债", **more}, {**bases, **{k: [] for k in more}})
        ]
    )
    b.act(new=[fields_set(HOUSE, "member", "n", {"note": "在册好"}, {"note": []})])


def readable(db: Database) -> str:
    """Everything that the server holds in words."""
    with db.reading(EVERYTHING) as con:
        return b"".join(
            bytes(line)
            for table in (t.op, t.quarantine, t.restricted)
            for line in con.execute(select(table.c.line)).scalars()
        ).decode()


@pytest.mark.parametrize("names", [True, False])
@pytest.mark.parametrize("erased_first", [True, False])
def test_it_is_blank_whichever_comes_first(
    db: Database, desks: tuple[DeskHere, DeskHere], names: bool, erased_first: bool
) -> None:
    """It stayed readable until a person decided. It waits on, and what it says of others stays."""
    a, b = desks
    here = process(db)
    begins(a)
    send(here, a)
    if erased_first:
        erases(a)
        send(here, a)
    speaks(b, names=names, base="" if names else a.ops[1].op_id)
    assert {v.reason for v in send(here, b).verdicts} == {Reason.OUT_OF_SCOPE}
    if not erased_first:
        assert "隐私欠债" in readable(db)
        erases(a)
        send(here, a)
    assert "隐私" not in readable(db) and "在册好" in readable(db)
    assert kept(db) == ["out_of_scope"] * 2
    for action in {op.action_id for op in b.ops}:
        assert quarantine.release(db, action, b"s" * 32, NOW) is None
    assert "隐私" not in readable(db) and "在册好" in readable(db) and kept(db) == []
    check_streams(db)


def test_words_of_a_household_that_nobody_knows(db: Database, desks: tuple[DeskHere, DeskHere]) -> None:
    """A shut out machine's: only the line itself says of whom it speaks."""
    a, b = desks
    a.act("p")
    a.push()
    speaks(b, names=True)
    b.push(revoked=True)
    assert "隐私欠债" in readable(db)
    erases(a)
    a.push()
    assert "隐私" not in readable(db) and "在册好" in readable(db) and len(kept(db)) == 2


def test_words_that_a_later_line_says_of_whom(db: Database, desks: tuple[DeskHere, DeskHere]) -> None:
    """The first names nobody; who it was about comes with a line that is listed, after the erasure."""
    a, b = desks
    a.act("p")
    erases(a)
    a.push()
    b.act(new=[fields_set(HOUSE, "member", "m", {"note": "隐私欠债"}, {"note": []})])
    b.push([encode(op) for op in b.ops], revoked=True)
    assert "隐私欠债" in readable(db)
    a.act(new=[opened(HOUSE, "member", "m", {"case": "p", "name": "隐私"})])
    a.push()
    assert "隐私" not in readable(db)
