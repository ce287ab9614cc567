"""What a stolen machine may leave of keys by which its lines are found has an end, and they go with the lines
(M-3.4); on both databases.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from jobdesk.cases.codec import encode
from jobdesk.cases.ops import Op, Subject, fields_set, opened
from province import bounding, quarantine, ties
from province.db import tables as t
from province.db.engine import EVERYTHING, Database
from tests.province.at_once import meanwhile, uncommitted
from tests.province.ground import NOW, DeskHere
from tests.province.test_strays import enrolled, kept
from tests.province.test_words_kept_apart import HOUSE, begins, erases, readable

MANY = [f"none{n:05}" for n in range(2000)]


@pytest.fixture
def desks(db: Database) -> tuple[DeskHere, DeskHere]:
    return enrolled(db, DeskHere(db, "a", "r1")), enrolled(db, DeskHere(db, "b", "r2"))


def notes(desk: DeskHere, bases: list[str], member: str = "m") -> Op:
    return desk.act(new=[fields_set(HOUSE, "member", member, {"note": "隐私欠债"}, {"note": bases})])[0]


def keys(db: Database) -> int:
    with db.reading(EVERYTHING) as con:
        return con.execute(select(func.count(t.tie.c.key))).scalar_one()


def test_a_line_that_goes_on_with_thousands_is_kept_without_words(
    db: Database, desks: tuple[DeskHere, DeskHere]
) -> None:
    """It had a row for each: 15 lines wrote 480,000. No erasure could find it by fewer, so nothing of it stays."""
    a, thief = desks
    begins(a)
    a.push()
    notes(thief, [a.ops[1].op_id, *MANY], "y")
    notes(thief, [a.ops[1].op_id, *MANY[: ties.MOST - 1]], "z")
    thief.push(revoked=True)
    assert kept(db) == ["revoked"] * 2 and keys(db) == ties.MOST + 1
    assert readable(db).count("隐私欠债") == 1
    erases(a)
    a.push()
    assert "隐私" not in readable(db) and keys(db) == 0
    for op in thief.ops:
        assert quarantine.release(db, op.action_id, b"s" * 32, NOW) is None
    assert "隐私" not in readable(db) and kept(db) == []


def test_a_listed_line_goes_on_with_whom_it_likes(db: Database, desks: tuple[DeskHere, DeskHere]) -> None:
    a, _ = desks
    begins(a)
    notes(a, MANY)
    a.push()
    assert readable(db).count("隐私欠债") == 1 and keys(db) == 0


def test_what_a_line_goes_on_with_is_counted(db: Database, desks: tuple[DeskHere, DeskHere]) -> None:
    _, thief = desks
    notes(thief, MANY[:15])
    thief.push(revoked=True)
    with db.reading(EVERYTHING) as con:
        assert bounding.full(con, 2) == {"dev-r2"} and bounding.full(con, 3) == set()


def test_they_go_with_what_is_discarded(db: Database, desks: tuple[DeskHere, DeskHere]) -> None:
    _, thief = desks
    first, _ = notes(thief, MANY[:3]), notes(thief, MANY[:3])
    thief.push(revoked=True)
    assert keys(db) == 8
    with db.writing(EVERYTHING) as con:
        assert quarantine.discard(con, first.action_id, NOW) == 1
    assert keys(db) == 4
    with db.writing(EVERYTHING) as con:
        assert quarantine.discard_of(con, "dev-r2", NOW) == 1
    assert keys(db) == 0


def test_they_go_with_what_is_listed_after_all(db: Database, desks: tuple[DeskHere, DeskHere]) -> None:
    """By a person, and by who wrote it where a witness came first. What he offers again comes back to none."""
    a, thief = desks
    line = notes(thief, MANY[:3])
    thief.push(revoked=True)
    assert keys(db) == 4
    assert quarantine.release(db, line.action_id, b"s" * 32, NOW, to="b") is None
    assert keys(db) == 0
    far = enrolled(db, DeskHere(db, "b", "r3", "county"))
    a.act(new=[opened(Subject("household", "h2"), "member", "m", {"case": "p"})])
    far.witness(a, a.ops)
    assert kept(db) == ["out_of_scope"] and keys(db) == 1
    with db.writing(EVERYTHING) as con:
        quarantine.discard(con, a.ops[0].action_id, NOW)
    far.witness(a, a.ops)
    assert keys(db) == 0
    a.act(new=[opened(Subject("household", "h2"), "member", "n", {"case": "q"})])
    far.witness(a, a.ops[1:])
    assert keys(db) == 1
    a.push()
    assert kept(db) == [] and keys(db) == 0


def test_one_that_waits_under_two_lives_keeps_its_keys(
    db: Database, desks: tuple[DeskHere, DeskHere]
) -> None:
    """One of the two is discarded; the other one is found by the erasure."""
    a, thief = desks
    begins(a)
    a.push()
    line = notes(thief, [a.ops[1].op_id], "y")
    thief.push(revoked=True)
    again = enrolled(db, DeskHere(db, "b", "r3"))
    again.push([encode(replace(line, replica_id="r3"))], revoked=True)
    assert len(kept(db)) >= 1 and keys(db) == 2
    with db.writing(EVERYTHING) as con:
        assert quarantine.discard_of(con, "dev-r2", NOW) == 1
    assert keys(db) == 2 and "隐私欠债" in readable(db)
    erases(a)
    a.push()
    assert "隐私" not in readable(db) and keys(db) == 0


def test_who_discards_waits_for_who_keeps_the_same_line(
    db: Database, desks: tuple[DeskHere, DeskHere]
) -> None:
    """Or the keys went that the other one relies on."""
    a, thief = desks
    begins(a)
    a.push()
    line = notes(thief, [a.ops[1].op_id], "y")
    thief.push(revoked=True)
    again = enrolled(db, DeskHere(db, "b", "r3"))
    again.ops = [replace(line, replica_id="r3")]

    def discards() -> None:
        with db.writing(EVERYTHING) as con:
            quarantine.discard_of(con, "dev-r2", NOW)

    if db.is_postgres:
        with uncommitted(again, revoked=True):
            other = meanwhile(db, discards)
        other.result(30)
    else:
        again.push(revoked=True)
        discards()
    assert keys(db) == 2
    erases(a)
    a.push()
    assert "隐私" not in readable(db)
