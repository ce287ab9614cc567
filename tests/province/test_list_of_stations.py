"""The list that a desk chooses a station from (M-6.12): in pages, once, and cheap where nothing is new."""

from __future__ import annotations

import threading
import time

import pytest
from sqlalchemy import event, insert

from jobdesk.protocol.bodies import read_body
from jobdesk.protocol.messages import Station, StationsAsk, StationsHead
from province import orgs, stations
from province.db import tables as t
from province.db.engine import EVERYTHING, Database
from province.migrating import migrate
from province.orgs import Org


def asked(
    db: Database, known: str = "", after: str = "", kept: stations.Kept | None = None
) -> tuple[StationsHead, list[Station]]:
    ask = StationsAsk(known=known, after=after)
    with db.reading(EVERYTHING) as con:
        head, lines = read_body(stations.body(con, ask, kept or stations.Kept()), StationsHead)
    assert head.count == len(lines)
    return head, [Station.model_validate_json(line) for line in lines]


def add(db: Database, *rows: Org) -> None:
    with db.writing(EVERYTHING) as con:
        orgs.add(con, rows)


def statements(db: Database) -> list[str]:
    """Filled with what the database is told from now on, but for what begins a transaction."""
    found: list[str] = []

    def note(_con: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith(("BEGIN", "SET", "SELECT set_config")):
            found.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    return found


@pytest.mark.parametrize("counted", [False, True])
def test_it_comes_in_pages_and_once(db: Database, monkeypatch: pytest.MonkeyPatch, counted: bool) -> None:
    monkeypatch.setattr(stations, "_PAGE", 1)
    if counted:
        add(db, Org("22", "省", "province"))
    kept = stations.Kept()
    version = asked(db)[0].version
    for _ in range(2):
        head, found = asked(db, kept=kept)
        assert (
            head.version == version and head.more and found == [Station(stream="a", name="甲站", under="县")]
        )
        rest, found = asked(db, after="a", kept=kept)
        assert not rest.more and [s.stream for s in found] == ["b"] and rest.version == head.version
        assert asked(db, after="b", kept=kept)[1] == []
        assert asked(db, after="0", kept=kept)[1][0].stream == "a"
    assert asked(db, known=version)[1] == []
    assert asked(db, known="of another day")[1] != []


def test_nothing_new_is_one_small_question(db: Database) -> None:
    """It was the whole list, read and counted again for each of a province's PCs each morning."""
    add(db, Org("22", "省", "province"))
    kept = stations.Kept()
    version = asked(db, kept=kept)[0].version
    told = statements(db)
    for holding in (kept, stations.Kept()):  # also in a process that was never asked
        told.clear()
        assert asked(db, known=version, kept=holding)[1] == []
        assert len(told) == 1 and "server" in told[0] and "stream" not in told[0], told
    told.clear()
    assert len(asked(db, kept=kept)[1]) == 2
    assert len(told) == 1, "the same list is read once a process"


@pytest.mark.parametrize(
    "change",
    [
        Org("a", "新名", "station", "220102"),
        Org("220102", "新县", "county", "22"),
        Org("c", "丙站", "station", "220102"),
        Org("b", "乙站", "station", "22"),
    ],
    ids=["renamed", "office renamed", "new", "under another"],
)
def test_what_changes_it_is_told_by_every_process(db: Database, change: Org) -> None:
    add(db, Org("22", "省", "province"))
    first, second = stations.Kept(), stations.Kept()
    version = asked(db, kept=first)[0].version
    asked(db, kept=second)
    add(db, change)
    for kept in (first, second):
        head, found = asked(db, known=version, kept=kept)
        assert head.version != version and found
        told = {s.stream: (s.name, s.under) for s in found}
        if change.level == "station":
            under = "县" if change.parent == "220102" else ""
            assert told[change.id] == (change.name, under)
        else:
            assert {under for _, under in told.values()} == {change.name}


def test_the_same_table_again_changes_nothing(db: Database) -> None:
    """As after every restore."""
    add(db, Org("22", "省", "province"))
    version = asked(db)[0].version
    add(db, Org("220102", "县", "county", "22"), Org("a", "甲站", "station", "220102"))
    assert asked(db, known=version)[0] == StationsHead(version=version, count=0)


def test_two_changes_at_once_are_both_counted(db: Database) -> None:
    """The later one waits: it would count a list without what the first has not committed yet."""
    add(db, Org("22", "省", "province"))
    second = threading.Thread(target=add, args=(db, Org("d", "丁站", "station", "220102")))
    with db.writing(EVERYTHING) as con:
        orgs.add(con, [Org("c", "丙站", "station", "220102")])
        second.start()
        time.sleep(0.3)
    second.join()
    head, found = asked(db)
    assert [s.stream for s in found] == ["a", "b", "c", "d"]
    with db.writing(EVERYTHING) as con:
        stations.count(con)
    assert asked(db)[0].version == head.version


def test_an_upgrade_counts_the_list_that_there_is(db: Database) -> None:
    if db.is_postgres:
        pytest.skip("migrated as its owner: the same function")
    told = statements(db)
    version = asked(db)[0].version
    assert len(told) > 1  # nobody counted: it is read, and told as ever
    migrate(str(db.engine.url), "测试省")
    told.clear()
    assert asked(db, known=version)[1] == [] and len(told) == 1


def test_a_page_somebody_begins_anywhere_is_not_kept(db: Database) -> None:
    with db.writing(EVERYTHING) as con:
        con.execute(insert(t.org), [{"id": "z", "name": "镇", "level": "township", "parent": "220102"}])
        orgs.add(con, [Org(f"s{n:04}", f"第{n}站", "station", "z") for n in range(50)])
    kept = stations.Kept()
    for n in range(40):
        assert asked(db, after=f"s{n:04}", kept=kept)[1][0].stream == f"s{n + 1:04}"
    assert len(kept.last.bodies) == 0
    assert asked(db, kept=kept)[1][2].under == "县 镇" and len(kept.last.bodies) == 1
