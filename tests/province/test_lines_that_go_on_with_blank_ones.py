"""Changes of a line about somebody erased that come before that line does (M-7.2); on both databases."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from jobdesk.cases.codec import encode
from jobdesk.cases.ops import Kind, NewOp, Op, Subject, fields_set, opened
from jobdesk.protocol.codes import Verdict
from province import erasing
from province.db import tables as t
from province.db.engine import EVERYTHING, Database
from province.db.writing import among, in_pieces
from tests.province.ground import DeskHere
from tests.province.test_moving import case, check_streams

HOUSE = Subject("household", "h")


def erased(db: Database) -> tuple[DeskHere, list[Op]]:
    """A server that knows of an erasure and lost the household; its desk, with the household's lines blank."""
    a = DeskHere(db, "a", "r1")
    case(a, "p", name="隐私")
    a.act(new=[NewOp(Kind.ERASED, Subject("case", "p"), {"reason": "request"})])
    a.push()
    ops = a.act(new=[opened(HOUSE, "household", "h", {"head_name": "别人"}),
                     opened(HOUSE, "member", "m", {"case": "p", "name": "隐私"})])  # fmt: skip
    return a, [ops[0], replace(ops[1], payload=None, salt=b"", body=b"")]


def changes(desk: DeskHere, name: str, base: Op) -> Op:
    """The member's name by somebody who knew this operation."""
    bases = {"name": [base.op_id]}
    (op,) = desk.act(new=[fields_set(HOUSE, "member", "m", {"name": name}, bases)])
    return op


def said(db: Database) -> str:
    with db.reading(EVERYTHING) as con:
        return b"".join(bytes(line) for line in con.execute(select(t.op.c.line)).scalars()).decode()


@pytest.mark.parametrize("times", [1, 2])
def test_a_change_is_blanked_once_the_blank_line_that_it_goes_on_with_comes(db: Database, times: int) -> None:
    """The server did not have it then, and kept the name for good."""
    a, lines = erased(db)
    late = DeskHere(db, "a", "r3")
    first = changes(late, "隐私一", lines[1])
    if times == 2:
        changes(late, "隐私二", first)
    assert {v.verdict for v in late.push().verdicts} == {Verdict.ACCEPTED}
    assert "隐私" in said(db)
    a.push([encode(op) for op in lines])
    assert "隐私" not in said(db) and "别人" in said(db)
    last = changes(late, "隐私三", late.ops[-1])
    late.push([encode(last)])
    assert "隐私" not in said(db)
    check_streams(db)


def test_what_others_say_of_the_household_stays(db: Database) -> None:
    a, lines = erased(db)
    late = DeskHere(db, "a", "r3")
    late.act(new=[opened(HOUSE, "member", "n", {"case": "q", "name": "在册"})])
    late.act(new=[fields_set(HOUSE, "household", "h", {"address": "甲路"}, {"address": [lines[0].op_id]})])
    late.push()
    a.push([encode(op) for op in lines])
    assert "在册" in said(db) and "甲路" in said(db) and "隐私" not in said(db)
    check_streams(db)


@pytest.mark.parametrize("base", ["\x00", "a\x1fb", "x" * 70_000, "\u2028"])
def test_a_base_that_is_no_id_is_not_asked_for(db: Database, base: str) -> None:
    """The database takes not every text: the queue of whoever sent it stood."""
    a = DeskHere(db, "a", "r1")
    a.act(new=[opened(HOUSE, "member", "m", {"case": "c"})])
    a.act(new=[fields_set(HOUSE, "member", "m", {"relation": "x"}, {"relation": [base]})])
    a.act("after")
    assert {v.verdict for v in a.push().verdicts} == {Verdict.ACCEPTED}


def test_more_bases_than_a_question_holds(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """One blank line among them is found all the same."""
    monkeypatch.setattr(erasing, "in_pieces", lambda values: in_pieces(values, 3))
    a, lines = erased(db)
    a.push([encode(op) for op in lines])
    late = DeskHere(db, "a", "r3")
    many = [f"none{n:02}" for n in range(20)] + [lines[1].op_id]
    late.act(new=[fields_set(HOUSE, "member", "m", {"name": "隐私"}, {"name": many})])
    late.push()
    assert "隐私" not in said(db)
    with db.reading(EVERYTHING) as con:
        asked: list[int] = []
        monkeypatch.setattr(
            erasing, "among", lambda c, col, ids: (asked.append(len(ids)), among(c, col, ids))[1]
        )
        erasing._of_blank_lines(con, late.ops)  # pyright: ignore[reportPrivateUsage]
    assert len(asked) > 6 and max(asked) <= 3
