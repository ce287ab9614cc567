"""Who opens files with guessed numbers is told no more than who asks: the rest another day (M-6.9)."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from jobdesk.protocol.messages import Notice
from province import notices, orgs, rationing
from province.db import tables as t
from province.db.engine import EVERYTHING, Database
from tests.province.ground import NOW, DeskHere
from tests.province.test_moving import case, number

DAY_MS = 24 * 3600 * 1000


class Stations:
    """Two with three people each, and a third one that guesses."""

    def __init__(self, db: Database) -> None:
        self.db = db
        with db.writing(EVERYTHING) as con:
            orgs.add(con, [orgs.Org("c", "丙站", "station", "220102", "")])
        self.a, self.b, self.thief = DeskHere(db, "a", "r1"), DeskHere(db, "c", "r3"), DeskHere(db, "b", "r2")
        for n in range(3):
            case(self.a, f"a{n}", name="张某", id_number=number(n))
            case(self.b, f"c{n}", name="李某", id_number=number(100 + n))
        self.a.push()
        self.b.push()

    def guess(self) -> list[str]:
        """All six among others; the verdicts."""
        for n in (*range(5), *range(100, 105)):
            case(self.thief, f"g{n}", id_number=number(n))
        return [v.verdict.value for v in self.thief.push().verdicts]

    def told(self, desk: DeskHere, day: int = 0) -> list[Notice]:
        with self.db.reading(EVERYTHING) as con:
            found = notices.of(con, desk.caller(), NOW + day * DAY_MS)
        return [n for n in found if n.kind == "duplicate"]


@pytest.fixture
def here(db: Database, monkeypatch: pytest.MonkeyPatch) -> Stations:
    monkeypatch.setattr(rationing, "MOST_A_DAY", 3)
    monkeypatch.setattr(rationing, "MOST_OF_ONE", 2)
    return Stations(db)


def test_guesses_are_listed_and_told_a_few_a_day(here: Stations) -> None:
    assert here.guess() == ["accepted"] * 10
    days = [here.told(here.thief, day) for day in range(4)]
    assert [len(told) for told in days] == [3, 6, 6, 6]
    assert all(n.facts and n.facts[0].name for n in days[-1]), (
        "what an import of people who moved is told in the end"
    )
    assert {n.subjects[0] for n in days[-1]} == {f"g{n}" for n in (0, 1, 2, 100, 101, 102)}
    assert [len(here.told(here.a, day)) for day in range(3)] == [2, 3, 3], (
        "nobody's guesses fill up a station's day"
    )


def test_what_is_settled_counts_too(here: Stations) -> None:
    here.guess()
    with here.db.writing(EVERYTHING) as con:
        for told in here.told(here.thief):
            notices.settle_pair(con, told.subjects[0], told.subjects[1], NOW)
    case(here.thief, "more", id_number=number(0))
    here.thief.push()
    assert here.told(here.thief) == []


def test_a_clock_that_was_ahead_holds_nothing_back(here: Stations, db: Database) -> None:
    """Only what is beyond a day's share waits for a day; the others are told whatever the clock says."""
    here.guess()
    with db.reading(EVERYTHING) as con:
        waits = con.execute(select(t.notice.c.waits_until).where(t.notice.c.home == 1)).scalars().all()
        assert sum(w is not None for w in waits) == 1
    assert len(here.told(here.thief, -400)) == 3
