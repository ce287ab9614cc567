"""What is kept apart and speaks of somebody erased, of another subject (M-7.2); on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import event, select

from jobdesk.cases.codec import encode
from jobdesk.cases.ops import Kind, NewOp, Subject, fields_set, opened
from jobdesk.protocol.codes import Reason
from province import quarantine, speaking, ties
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


def member(n: int, case: str) -> NewOp:
    return opened(HOUSE, "member", f"x{n}", {"case": case, "name": "在册"})


def test_what_waits_is_not_read_again_for_each_push(
    db: Database, desks: tuple[DeskHere, DeskHere], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A shut out machine left thousands of lines about a household: whoever wrote about it read them all."""
    a, thief = desks
    begins(a)
    a.push()
    for n in range(120):
        thief.act(new=[member(n, f"q{n}")])
    thief.push(revoked=True)
    read: list[bytes] = []
    before = speaking.read
    for module in (speaking, ties):
        monkeypatch.setattr(module, "read", lambda line: (read.append(line), before(line))[1])
    written: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *x: written.append(f"{x[2]} {len(str(x[3]))}"))
    a.act(new=[member(999, "q999")])
    a.push()
    thief.act(new=[member(998, "q998")])
    thief.push(revoked=True)
    assert read == [] and max(int(w.rsplit(" ", 1)[1]) for w in written) < 20_000
    a.act(new=[NewOp(Kind.ERASED, Subject("case", "q3"), {"reason": "request"})])
    a.push()
    assert len(set(read)) == 1 and len(kept(db)) == 121
    thief.act(new=[member(997, "q3")])
    thief.push(revoked=True)
    assert len(set(read)) == 2, "nor what is blank already"


def test_a_chain_of_words_that_came_in_any_order(db: Database, desks: tuple[DeskHere, DeskHere]) -> None:
    """Of five machines: each goes on with the one before it, and only the first says whose they are."""
    a, _ = desks
    a.act("p")
    erases(a)
    a.push()
    thieves = [enrolled(db, DeskHere(db, "b", f"t{n}")) for n in range(5)]
    thieves[0].act(new=[opened(HOUSE, "member", "m", {"case": "p", "name": "隐私"})])
    for n in range(1, 5):
        bases = {"note": [thieves[n - 1].ops[0].op_id]}
        thieves[n].act(new=[fields_set(HOUSE, "member", f"m{n}", {"note": "隐私欠债"}, bases)])
    for n in (3, 1, 4, 2):
        thieves[n].push(revoked=True)
    assert "隐私" in readable(db)
    thieves[0].push(revoked=True)
    assert "隐私" not in readable(db) and len(kept(db)) == 5
    with db.reading(EVERYTHING) as con:
        assert set(con.execute(select(t.tie.c.key)).scalars()) == {None}


def test_words_that_go_on_with_a_listed_line(db: Database, desks: tuple[DeskHere, DeskHere]) -> None:
    """Of another record, so that only what they go on with says of whom they are."""
    a, thief = desks
    begins(a)
    a.push()
    line = next(op for op in a.ops if op.payload and op.payload.get("id") == "m")
    thief.act(new=[fields_set(HOUSE, "member", "y", {"note": "隐私欠债"}, {"note": [line.op_id]})])
    thief.push(revoked=True)
    assert "隐私欠债" in readable(db)
    erases(a)
    a.push()
    assert "隐私" not in readable(db) and len(kept(db)) == 1
