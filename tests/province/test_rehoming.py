"""That something was listed after all reaches its writer, however the offices are regrouped (M-4.10)."""

from __future__ import annotations

from sqlalchemy import update

from province import notices, orgs, quarantine, streams
from province.db import tables as t
from province.db.engine import EVERYTHING, Database
from province.orgs import Org
from tests.province.at_once import meanwhile
from tests.province.conftest import on_postgres
from tests.province.ground import NOW, DeskHere
from tests.province.test_strays import enrolled
from tools.postgres import Postgres

SECRET = b"s" * 32


def under(db: Database, *stations: tuple[str, str]) -> None:
    """One `org` command each."""
    for station, office in stations:
        with db.writing(EVERYTHING) as con:
            orgs.add(con, [Org(station, f"{station}站", "station", office)])


def townships(db: Database) -> None:
    """Of one station each."""
    with db.writing(EVERYTHING) as con:
        orgs.add(con, [Org(i, f"{i}乡", "township", "220102") for i in ("t1", "t2")])
    under(db, ("a", "t1"), ("b", "t2"))


def apart(db: Database) -> tuple[DeskHere, str]:
    """A desk of the first township, and its action on somebody whom nobody knows."""
    desk = enrolled(db, DeskHere(db, "t1", "r1", "county"))
    (op,) = desk.act("p")
    desk.push()
    return desk, op.action_id


def released(db: Database, action: str) -> None:
    assert quarantine.release(db, action, SECRET, NOW, "a") is None


def told(desk: DeskHere) -> list[str]:
    caller = desk.caller()
    with desk.db.reading(caller.nums) as con:
        return [n.text for n in notices.of(con, caller, NOW)]


def test_two_townships_swap_their_only_stations_one_by_one(db: Database) -> None:
    """Between the two commands the first has none; the second looked only at the station that it moved."""
    townships(db)
    desk, action = apart(db)
    released(db, action)
    assert told(desk) == [action]
    under(db, ("a", "t2"))
    assert told(desk) == []
    under(db, ("b", "t1"))
    assert told(desk) == [action]
    under(db, ("a", "t1"))
    assert told(desk) == [action]
    under(db, ("b", "t2"))
    assert told(desk) == [action]


def test_a_new_station_tells_an_office_that_was_left_without_one(db: Database) -> None:
    townships(db)
    desk, action = apart(db)
    released(db, action)
    under(db, ("a", "t2"), ("c", "t1"))
    assert told(desk) == [action]


def test_what_is_listed_while_its_writers_office_has_no_station_is_told_later(db: Database) -> None:
    townships(db)
    desk, action = apart(db)
    under(db, ("a", "t2"))
    released(db, action)
    assert told(desk) == []
    under(db, ("c", "t1"))
    assert told(desk) == [action]


def test_a_new_name_moves_no_word_and_a_stations_own_desk_keeps_its_own(db: Database) -> None:
    townships(db)
    desk = enrolled(db, DeskHere(db, "a", "r2"))
    (op,) = desk.act("q")
    desk.push(revoked=True)
    released(db, op.action_id)
    under(db, ("a", "t2"), ("b", "t1"), ("c", "t1"))
    assert told(desk) == [op.action_id]


def test_what_is_listed_while_the_station_moves_is_told_where_its_writer_hears(postgres: Postgres) -> None:
    db = on_postgres(postgres)
    townships(db)
    under(db, ("b", "t1"))
    desk, action = apart(db)
    with db.writing(EVERYTHING) as con:
        orgs.add(con, [Org("a", "甲站", "station", "t2")])
        other = meanwhile(db, lambda: released(db, action))
        assert not other.done()
    other.result(20)
    assert told(desk) == [action]
    db.engine.dispose()


def test_a_regrouping_and_a_push_of_two_stations_never_wait_for_each_other(postgres: Postgres) -> None:
    """Every fifth import ended as 40P01: it wrote all streams in the order in which they lay in the file."""
    db = on_postgres(postgres)
    townships(db)
    first, second = (DeskHere(db, org).caller().home or 0 for org in ("a", "b"))
    with db.writing(EVERYTHING) as con:  # its row lies behind the other one now
        con.execute(update(t.stream).where(t.stream.c.num == first).values(head=0))
    with db.writing(EVERYTHING) as con:
        streams.lock(con, [first])
        other = meanwhile(db, lambda: under(db, ("a", "t2")))
        assert not other.done()
        streams.lock(con, [second])
    other.result(20)
    db.engine.dispose()
