"""What stood in the tables before a migration stands in them after it."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import insert, select, text

from jobdesk.cases.codec import encode, op_hash
from jobdesk.cases.ops import Kind, Subject, opened
from province import merging, streams, ties
from province.db import tables as t
from province.db.engine import EVERYTHING, Database, open_database
from province.migrating import migrate, settings
from tests.province.ground import NOW, DeskHere
from tests.province.test_moving import sets
from tools.postgres import Postgres


@pytest.fixture(params=["sqlite", "postgresql"])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, Database]:
    """Address of the owner, and the database as 0007 left it."""
    url = f"sqlite:///{tmp_path / 'province.db'}"
    if request.param == "postgresql":
        server: Postgres = request.getfixturevalue("postgres")
        url, _ = server.new_database("old")
    command.upgrade(settings(url), "0007")
    return url, open_database(url)


def test_older_notices_are_found_by_whom_they_name(old: tuple[str, Database]) -> None:
    url, db = old
    named = {"n1": '["p", "q"]', "n2": '["p"]', "n3": "[]"}
    rows = [{"id": i, "home": 1, "kind": "duplicate", "subjects": s, "at_ms": NOW} for i, s in named.items()]
    kept = [
        {"replica": r, "replica_seq": 5, "action": a, "device": "d", "home": 1, "subject": "", "hash": b"",
         "reason": "unreadable", "line": b"x", "at_ms": NOW}
        for r, a in (("r1", "line-5"), ("r2", "line-5"), ("r3", "0190-a"))
    ]  # fmt: skip
    told = [{"id": a, "replica": "r1", "home": 1, "verdict": "quarantined", "at_ms": NOW}
            for a in ("line-5", "0190-a")]  # fmt: skip
    with db.writing(EVERYTHING) as con:
        con.execute(text("INSERT INTO exported (stream, seq) VALUES (3, 17)"))
        con.execute(insert(t.notice), rows)
        con.execute(insert(t.quarantine), kept)
        con.execute(insert(t.action), told)
    migrate(url, "省")
    with db.reading(EVERYTHING) as con:
        found = con.execute(select(t.notice_subject.c.subject, t.notice_subject.c.notice)).all()
        assert sorted(map(tuple, found)) == [("p", "n1"), ("p", "n2"), ("q", "n1")]
        assert set(con.execute(select(t.quarantine.c.action)).scalars()) == {
            "line-5-r1",
            "line-5-r2",
            "0190-a",
        }
        assert set(con.execute(select(t.action.c.id)).scalars()) == {"line-5-r1", "0190-a"}
        assert con.execute(select(t.exported)).all() == [("", 3, 17)]
        turns = set(con.execute(select(t.notice.c.turn)).scalars())
        assert len(turns) == 3
        if db.is_postgres:
            forced = "SELECT relrowsecurity AND relforcerowsecurity FROM pg_class WHERE relname = :name"
            assert all(con.execute(text(forced), {"name": name}).scalar_one() for name in t.SCOPED)
    db.engine.dispose()


def test_older_merges_are_found_by_the_file_that_was_kept(old: tuple[str, Database]) -> None:
    """One that is listed where the kept file is at home, one that is not, one of a file nobody knows: the last two
    wait, and the one is listed with the next push.
    """
    url, db = old
    desk = DeskHere(db, "a", "r1")
    merges = [
        desk.act(new=[sets(alias, Kind.MERGED, {"merged_into": kept})])[0]
        for alias, kept in (("x1", "k1"), ("x2", "k2"), ("x3", "k3"))
    ]
    with db.writing(EVERYTHING) as con:
        con.execute(insert(t.org), [{"id": i, "name": i, "level": "station"} for i in "ab"])
        here, there = (streams.new_stream(con, i) for i in "ab")
        homes = {"x1": here, "x2": here, "x3": here, "k1": here, "k2": there}
        con.execute(insert(t.subject), [{"id": i, "kind": "case", "home": h} for i, h in homes.items()])
        rows = [
            {"op_id": o.op_id, "replica": "r1", "replica_seq": o.replica_seq, "home": here, "action": "x",
             "subject": o.subject.id, "kind": "Merged", "hash": op_hash(o), "line": encode(o),
             "received_ms": NOW}
            for o in merges
        ]  # fmt: skip
        con.execute(insert(t.op), rows)
        heads = streams.lock(con, [here])
        places = streams.list_ops(heads[here], [(o.op_id, op_hash(o)) for o in merges])
        streams.keep(con, heads.values(), places)
    migrate(url, "省")
    with db.reading(EVERYTHING) as con:
        found = con.execute(select(t.merged.c.alias, t.merged.c.kept, t.merged.c.waits)).all()
    assert sorted(map(tuple, found)) == [("x1", "k1", False), ("x2", "k2", True), ("x3", "k3", True)]
    assert (merging.settle(db), merging.settle(db)) == (1, 0)
    with db.reading(EVERYTHING) as con:
        listed = con.execute(select(t.listing.c.op_id).where(t.listing.c.stream == there)).scalars().all()
    assert listed == [merges[1].op_id]
    db.engine.dispose()


def test_older_lines_are_found_by_whom_they_speak_of(old: tuple[str, Database]) -> None:
    """Listed ones and those that wait apart; not what nobody can read, nor what is settled."""
    url, db = old
    desk = DeskHere(db, "a", "r1")
    house = Subject("household", "h")
    listed, waits, settled = (
        desk.act(new=[opened(house, "member", f"m{n}", {"case": f"p{n}"})])[0] for n in range(3)
    )
    with db.writing(EVERYTHING) as con:
        con.execute(insert(t.subject), [{"id": "h", "kind": "household", "home": 1}])
        con.execute(
            text(
                "INSERT INTO op (op_id, replica, replica_seq, home, subject, action, kind, hash, line, "
                "received_ms) VALUES (:id, 'r1', 1, 1, 'h', 'x', 'Opened', :hash, :line, 0)"
            ),
            {"id": listed.op_id, "hash": op_hash(listed), "line": encode(listed)},
        )
        rows = [
            {"replica": "r1", "replica_seq": n, "action": f"x{n}", "device": "d", "home": 1, "subject": "h",
             "hash": b"", "reason": "revoked", "line": line, "at_ms": NOW, "settled_ms": done}
            for n, (line, done) in enumerate(
                [(encode(waits), None), (encode(settled), NOW), (b"x", None)], 2
            )
        ]  # fmt: skip
        con.execute(insert(t.quarantine), rows)
    migrate(url, "省")
    with db.reading(EVERYTHING) as con:
        found = con.execute(select(t.speaks.c.about, t.speaks.c.op_id, t.speaks.c.subject)).all()
        tied = con.execute(select(t.tie.c.key, t.tie.c.op_id)).all()
        named = con.execute(select(t.quarantine.c.op_id).order_by(t.quarantine.c.replica_seq)).scalars().all()
    assert sorted(map(tuple, found)) == [("p0", listed.op_id, "h"), ("p1", waits.op_id, "h")]
    assert list(map(tuple, tied)) == [(ties.of_record(waits), waits.op_id)] and named == [waits.op_id, "", ""]
    db.engine.dispose()


def test_keys_of_lines_that_wait_no_longer_go(old: tuple[str, Database]) -> None:
    """They stayed for good when what they were of was settled."""
    url, db = old
    command.upgrade(settings(url), "0018")
    rows = [{"replica": "r1", "replica_seq": n, "action": "x", "device": "d", "home": 1, "subject": "h", "hash": b"",
             "reason": "revoked", "line": b"", "at_ms": NOW, "settled_ms": done, "op_id": f"o{n}"}
            for n, done in ((1, None), (2, NOW))]  # fmt: skip
    with db.writing(EVERYTHING) as con:
        columns = ", ".join(rows[0])
        values = ", ".join(f":{name}" for name in rows[0])
        con.execute(text(f"INSERT INTO quarantine ({columns}) VALUES ({values})"), rows)
        con.execute(insert(t.tie), [{"key": f"k{n}", "op_id": f"o{n}"} for n in (1, 2, 3)])
    migrate(url, "省")
    with db.reading(EVERYTHING) as con:
        assert set(con.execute(select(t.tie.c.key)).scalars()) == {"k1", None}
        assert set(con.execute(select(t.quarantine.c.ties)).scalars()) == {0}
    db.engine.dispose()
