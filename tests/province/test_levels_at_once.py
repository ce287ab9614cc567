"""A level that is mended in the moment in which a machine enrols there, on PostgreSQL: the machine is seen, and
neither waits for the other for ever.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, select

from jobdesk.protocol.messages import EnrolAsk
from province import enrolling, orgs
from province.db import tables as t
from province.db.engine import EVERYTHING, Database
from province.identity import identity
from province.orgs import Org
from tests.province.at_once import meanwhile
from tests.province.conftest import on_postgres
from tests.province.ground import NOW
from tools.postgres import Postgres


@pytest.fixture
def db(postgres: Postgres) -> Iterator[Database]:
    made = on_postgres(postgres)
    yield made
    made.engine.dispose()


def ready(db: Database, level: str, role: str) -> EnrolAsk:
    """An organisation of this level, and what a machine says that enrols there."""
    add(db, level)
    with db.writing(EVERYTHING) as con:
        code = enrolling.issue_code(con, "c2", role, NOW)
    return EnrolAsk(code=code, device_key="ab" * 32, program="t", station_subject="s1")


def add(db: Database, level: str) -> None:
    with db.writing(EVERYTHING) as con:
        orgs.add(con, [Org("c2", "县二", level, "22", "2202")])


def enrol(con: Connection, ask: EnrolAsk) -> None:
    enrolling.enrol(con, ask, "dev-1", identity(con), NOW)


def level(db: Database) -> str:
    with db.reading(EVERYTHING) as con:
        return str(con.execute(select(t.org.c.level).where(t.org.c.id == "c2")).scalar_one())


def test_a_desk_that_holds_its_code_gets_its_station(db: Database) -> None:
    """It holds the code and wants the stream; the mend held the stream and wanted the code."""
    ask = ready(db, "station", "desk")
    with db.writing(EVERYTHING) as con:
        con.execute(select(t.enrolment_code).where(t.enrolment_code.c.org == "c2").with_for_update())
        mend = meanwhile(db, lambda: add(db, "county"))
        assert not mend.done()
        enrol(con, ask)
    with pytest.raises(ValueError, match="已经有电脑登记过"):
        mend.result(20)
    assert level(db) == "station"


def test_a_machine_above_that_is_just_enrolling_is_seen(db: Database) -> None:
    """It was not, and stayed at a station with a role that has no work there."""
    ask = ready(db, "county", "county")
    with db.writing(EVERYTHING) as con:
        enrol(con, ask)
        mend = meanwhile(db, lambda: add(db, "station"))
        assert not mend.done()
    with pytest.raises(ValueError, match="有 1 台电脑"):
        mend.result(20)
    assert level(db) == "county"


def test_whoever_comes_behind_the_mend_is_not_let_in(db: Database) -> None:
    ask = ready(db, "station", "desk")

    def comes() -> None:
        with db.writing(EVERYTHING) as con:
            enrol(con, ask)

    with db.writing(EVERYTHING) as con:
        orgs.add(con, [Org("c2", "县二", "county", "22", "2202")])
        other = meanwhile(db, comes)
        assert not other.done()
    with pytest.raises(Exception, match="bad_code"):
        other.result(20)
    assert level(db) == "county"
