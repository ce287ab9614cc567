"""What is open is told until it is settled, an answer while a machine may come back (M-2.6, M-6.6, M-6.7), by
index however many wait; on both databases.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import event, text

from jobdesk.cases.ops import Kind, NewOp, Subject
from jobdesk.protocol import validity
from jobdesk.protocol.messages import Notice, TransferAsk
from province import doubles, notices, orgs, pairs, transfers
from province.db.engine import EVERYTHING, Database
from tests.province.ground import NOW, DeskHere
from tests.province.test_moving import case, number

DAY_MS = 24 * 3600 * 1000
COMES_BACK = validity.VALID_DAYS + validity.RENEW_DAYS


def heard(desk: DeskHere, days: float) -> list[Notice]:
    caller = desk.caller()
    with desk.db.reading(caller.nums, station=True) as con:
        return notices.of(con, caller, int(NOW + days * DAY_MS))


def says(desk: DeskHere, **ask: str) -> None:
    caller = desk.caller()
    with desk.db.writing(caller.nums, station=True) as con:
        transfers.transfer(con, caller, TransferAsk.model_validate(ask), NOW, b"s" * 32)


def fill(db: Database, home: int | None, many: int, kind: str, *, days: int = 0) -> set[str]:
    ids = {f"{kind}-{home}-{n:05}" for n in range(many)}
    row = {"home": home, "kind": kind, "subjects": "[]", "text": "", "at_ms": NOW - days * DAY_MS}
    with db.writing(EVERYTHING) as con:
        notices.put(con, [{"id": i, **row} for i in sorted(ids)])
    return ids


def test_an_answer_is_told_while_a_machine_may_come_back(db: Database) -> None:
    """On day 91 nobody heard a refusal any more, nor its reason."""
    a, b = DeskHere(db, "a", "r1"), DeskHere(db, "b", "r2")
    for subject in ("x", "y", "z", "w"):
        case(a, subject, name="李某某")
    a.push()
    for subject, step in (("x", "refuse"), ("y", "accept"), ("z", "withdraw")):
        says(b, id=f"ask-{subject}", step="request", subject=subject, to="b")
        who = b if step == "withdraw" else a
        says(who, id=f"no-{subject}", step=step, answers=f"ask-{subject}", text="x")
    says(b, id="ask-w", step="request", subject="w", to="b")
    a.act(new=[NewOp(Kind.ERASED, Subject("case", "w"), {})])
    a.push()
    fill(db, a.caller().home, 1, "released")
    for days in (1, 91, 367, COMES_BACK - 1):
        of_a, of_b = ({n.kind: n.text for n in heard(d, days)} for d in (a, b))
        assert set(of_a) == {*(f"transfer_{s}" for s in ("refuse", "accept", "withdraw", "over")), "released"}
        assert set(of_b) == set(of_a) - {"released"} and of_b["transfer_refuse"] == "x"
    assert not heard(a, COMES_BACK + 1) and not heard(b, COMES_BACK + 1)


def test_who_slept_as_long_as_it_may_is_told(db: Database) -> None:
    """Its validity ends half a year after it came last, and it may renew for 400 days."""
    assert validity.TOLD_MS == COMES_BACK * DAY_MS >= 580 * DAY_MS


def test_two_files_nobody_decided_on_are_told_for_years(db: Database) -> None:
    """They filled the places of their number, and nobody was told of any."""
    a, b = DeskHere(db, "a", "r1"), DeskHere(db, "b", "r2")
    for desk in (a, b):
        for n in range(pairs.MOST_OF_TWO + 1):
            case(desk, f"{desk.org}{n}", name="张某某", id_number=number(1))
        desk.push()
    assert doubles.tell_left(db, NOW + 2000 * DAY_MS) == 0
    for days in (1, 91, 2000):
        told = {n.id for n in heard(a, days)}
        assert len(told) == pairs.MOST_OF_TWO
        assert {n.id for n in heard(DeskHere(db, "a", f"new-{days}"), days)} == told
    with db.writing(EVERYTHING) as con:
        home = a.caller().home
        con.execute(text("UPDATE notice SET settled_ms = 1 WHERE home = :home AND id = :id"),
                    {"home": home, "id": min(told)})  # fmt: skip
    assert min(told) not in {n.id for n in heard(a, 1)}


def test_all_of_many_are_told_in_the_end(db: Database) -> None:
    """Questions and answers, at one moment or not; what is over by now is not."""
    a = DeskHere(db, "a")
    home = a.caller().home
    every = fill(db, home, 300, "duplicate", days=900) | fill(db, home, 300, "transfer_refuse", days=300)
    fill(db, home, 300, "transfer_over", days=COMES_BACK + 5)
    told: set[str] = set()
    for minute in range(300):
        some = [n.id for n in heard(a, minute * 60_000 / DAY_MS)]
        assert len(some) == len(set(some)) == 200
        told |= set(some)
    assert told == every


def test_a_county_is_told_all_of_its_stations_in_the_end(db: Database) -> None:
    with db.writing(EVERYTHING) as con:
        orgs.add(con, (orgs.Org(f"s{n}", f"站{n}", "station", "220102") for n in range(8)))
    county = DeskHere(db, "220102", "r9", "county")
    assert len(county.caller().nums) > notices._SOME_HOMES
    every = {i for num in county.caller().nums for i in fill(db, num, 50, "duplicate", days=100)}
    new = fill(db, county.caller().nums[0], 5, "released")
    told: set[str] = set()
    for minute in range(200):
        some = {n.id for n in heard(county, minute * 60_000 / DAY_MS)}
        assert len(some) == 200 and new <= some
        told |= some
    assert told == every | new


@pytest.mark.parametrize("kind", ["duplicate", "transfer_refuse"])
def test_of_thousands_some_hundreds_are_read(db: Database, kind: str) -> None:
    """All that waited were sorted at each pull, and counted."""
    a = DeskHere(db, "a")
    fill(db, a.caller().home, 3000, kind)
    fill(db, a.caller().home, 20, "released", days=5)
    asked: list[tuple[str, Any]] = []
    event.listen(db.engine, "before_cursor_execute", lambda *x: asked.append((x[2], x[3])))
    heard(a, 1)
    mine = [(sql, given) for sql, given in asked if "FROM notice" in sql]
    assert 2 <= len(mine) <= 3
    with db.reading(EVERYTHING) as con:
        for sql, given in mine:
            if db.is_postgres:
                plan = "\n".join(con.exec_driver_sql(f"EXPLAIN ANALYZE {sql}", given).scalars())
                assert max(map(int, re.findall(r"actual time=\S+ rows=(\d+)", plan))) <= 2 * 201
            else:
                steps = con.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", given).all()
                reads = {row.parent for row in steps if "notice" in row.detail}
                assert all("ix_notice_" in row.detail for row in steps if "notice" in row.detail) and reads
                assert not any("TEMP B-TREE" in row.detail for row in steps if row.parent in reads)
