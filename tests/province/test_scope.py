"""Two guards of scope, each proved with the other switched off (issue: handler and database)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import Table, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from jobdesk.cases.codec import encode
from jobdesk.protocol.codes import Reason, Verdict
from jobdesk.protocol.messages import BootstrapAsk, Cursor, Place, PushHead
from province import accept, bootstrap, contents, pull
from province.db import tables as t
from province.db.engine import EVERYTHING, Database
from province.db.writing import widened
from province.refusing import Refused
from province.scope import Caller
from tests.province.conftest import on_postgres
from tests.province.ground import NOW, DeskHere
from tools.postgres import Postgres


@pytest.fixture
def guarded(postgres: Postgres) -> Iterator[Database]:
    made = on_postgres(postgres)
    yield made
    made.engine.dispose()


def believing(desk: DeskHere) -> Caller:
    """A caller whose handler check is switched off: it holds every stream to be its own."""
    with desk.db.reading(EVERYTHING) as con:
        county = DeskHere(desk.db, "22", desk.replica, "county").caller()
        assert con.execute(select(t.stream.c.num)).all()
    return replace(county, org=desk.org, home=desk.caller().home)


def test_the_database_refuses_what_the_handler_forgets(guarded: Database) -> None:
    ours, theirs = DeskHere(guarded, "a", "r1"), DeskHere(guarded, "b", "r2")
    ours.act("case-1", text="秘密")
    ours.push()
    home = ours.caller().home
    assert home is not None
    with guarded.writing(EVERYTHING) as con:  # something to hide in every table
        for table, column, row in rows_of(home):
            con.execute(insert(table).values({**row, column: home}))
    real, blind = theirs.caller(), believing(theirs)
    assert set(blind.nums) > set(real.nums)
    with guarded.reading(ours.caller().nums, station=True) as con:
        assert contents.in_scope(con, ours.caller(), ["d"]) == {"d"}
        for table in t.SCOPED:
            assert con.execute(text(f"SELECT count(*) FROM {table}")).scalar_one(), table
    with guarded.reading(real.nums, station=True) as con:  # the scope the database knows is the real one
        answer = pull.answer(con, blind, [Cursor(stream="a", at=Place())], 1 << 20)
        assert answer.lines == []
        head, lines = bootstrap.page(con, blind, BootstrapAsk(stream="a"), "e", bootstrap.Orders())
        assert lines == [] and head.total_subjects == 0
        assert contents.in_scope(con, blind, ["d"]) == set()
        for table in t.SCOPED:
            assert con.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 0, table
    theirs.act("case-1")
    head = PushHead(replica="r2", last_seq=1, now_ms=NOW, count=1)
    with guarded.writing(real.nums) as con:
        taken = accept.take(con, replace(blind, replica="r2"), head, [encode(theirs.ops[0])], NOW)
    assert [(v.verdict, v.reason) for v in taken.verdicts] == [
        (Verdict.QUARANTINED, Reason.OUT_OF_SCOPE)
    ]  # fmt: skip
    with guarded.writing(real.nums) as con:
        assert con.execute(update(t.op).values(line=b"")).rowcount == 0


def rows_of(home: int) -> list[tuple[Table, str, dict[str, object]]]:
    """One for every guarded table, and the column that says whose it is."""
    op = {"op_id": "o", "replica": "r9", "replica_seq": 1, "subject": "s", "action": "x", "kind": "Opened",
          "hash": b"", "line": b"", "received_ms": NOW}  # fmt: skip
    kept = {"replica": "r1", "replica_seq": 1, "action": "x", "device": "d", "reason": "revoked", "hash": b"",
            "line": b"", "at_ms": NOW}  # fmt: skip
    return [
        (t.op, "home", op), (t.quarantine, "home", kept),
        (t.restricted, "home", {"op_id": "o", "line": b""}),
        (t.listing, "stream", {"seq": 99, "op_id": "o", "hash": b""}),
        (t.subject, "home", {"id": "s", "kind": "case"}),
        (t.action, "home", {"id": "x", "replica": "r1", "verdict": "quarantined", "at_ms": NOW}),
        (t.notice, "home", {"id": "n", "kind": "released", "subjects": "[]", "at_ms": NOW}),
        (t.notice_subject, "home", {"subject": "s", "notice": "n"}),
        (t.moved, "stream", {"subject": "s", "home": home, "kind": "case", "at_ms": NOW}),
        (t.content, "home", {"digest": "d", "op_id": "o", "subject": "s"}),
    ]  # fmt: skip


def test_the_database_refuses_what_the_handler_would_write(guarded: Database) -> None:
    ours, theirs = DeskHere(guarded, "a", "r1"), DeskHere(guarded, "b", "r2")
    theirs.act("case-2")
    theirs.push()
    mine, other = ours.caller().home, theirs.caller().home
    assert mine is not None
    rows = rows_of(mine)
    assert {table.name for table, _, _ in rows} == set(t.SCOPED)
    with guarded.writing(ours.caller().nums) as con:
        for table, column, row in rows:
            with pytest.raises(DBAPIError, match="row-level security"), con.begin_nested():
                con.execute(insert(table).values({**row, column: other}))
            con.execute(insert(table).values({**row, column: mine}))
        with pytest.raises(DBAPIError, match="row-level security"), con.begin_nested():
            con.execute(update(t.subject).where(t.subject.c.id == "s").values(home=other))


def test_the_handler_refuses_where_the_database_sees_all(db: Database) -> None:
    ours, theirs = DeskHere(db, "a", "r1"), DeskHere(db, "b", "r2")
    ours.act("case-1")
    ours.push()
    caller = theirs.caller()
    with db.reading(EVERYTHING) as con:
        for wrong in (
            lambda: pull.answer(con, caller, [Cursor(stream="a", at=Place())], 1 << 20),
            lambda: bootstrap.page(con, caller, BootstrapAsk(stream="a"), "e", bootstrap.Orders()),
        ):
            with pytest.raises(Refused):
                wrong()
        assert pull.answer(con, caller, [], 1 << 20).lines == []
    theirs.act("case-1")
    head = PushHead(replica="r2", last_seq=1, now_ms=NOW, count=1)
    with db.writing(EVERYTHING) as con:
        taken = accept.take(con, replace(caller, replica="r2"), head, [encode(theirs.ops[0])], NOW)
    assert [v.reason for v in taken.verdicts] == [Reason.OUT_OF_SCOPE]


def test_the_role_of_the_server_may_not_look_around_or_delete(guarded: Database) -> None:
    DeskHere(guarded, "a", "r1").act("case-1")
    with guarded.engine.connect() as con:
        role = con.execute(
            text("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        ).one()
        assert tuple(role) == (False, False)
        assert con.execute(select(t.op)).all() == []  # no scope set: nothing
        for forbidden in ("DELETE FROM op", "DROP TABLE op", "ALTER TABLE op DISABLE ROW LEVEL SECURITY"):
            with pytest.raises(DBAPIError), con.begin_nested():
                con.execute(text(forbidden))


def test_a_wider_scope_ends_where_it_began(guarded: Database) -> None:
    ours, theirs = DeskHere(guarded, "a", "r1"), DeskHere(guarded, "b", "r2")
    ours.act("case-1")
    ours.push()
    with guarded.writing(theirs.caller().nums) as con:

        def seen() -> int:
            return len(con.execute(select(t.op.c.op_id)).all())

        with widened(con):
            with widened(con):
                assert seen() == 1
            assert seen() == 1, "the outer one is not over"
        assert seen() == 0
        with pytest.raises(LookupError), con.begin_nested(), widened(con):
            raise LookupError
        assert seen() == 0, "rolled back to before it"
        with widened(con):
            assert seen() == 1, "known to be narrow again"
        assert seen() == 0
    with guarded.reading(theirs.caller().nums) as con:
        assert con.execute(select(t.op)).all() == []


def test_a_carrier_writes_nothing_and_a_county_new_people_nowhere(db: Database) -> None:
    ours, carrier = DeskHere(db, "a", "r1"), DeskHere(db, "220102", "r2", "carrier")
    ours.act("case-1")
    ours.push()
    carrier.act("case-1")
    assert [v.reason for v in carrier.push().verdicts] == [Reason.OUT_OF_SCOPE]


def test_scope_follows_the_tree(db: Database) -> None:
    with db.writing(EVERYTHING) as con:
        con.execute(insert(t.org).values(id="x", name="别县", level="county", parent="22"))
    assert DeskHere(db, "x", "r5", "county").caller().nums == ()
    assert [s.id for s in DeskHere(db, "22", "r6", "county").caller().streams] == ["a", "b"]
