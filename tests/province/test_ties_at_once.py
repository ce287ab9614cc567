"""Lines that name nobody and go on with others of their household, kept apart at the same moment as somebody of
it is erased, on PostgreSQL: whichever is second sees the other (M-7.2).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from concurrent.futures import Future
from contextlib import suppress

import pytest
from sqlalchemy import Connection, event, text

from jobdesk.cases.ops import Kind, NewOp, Subject, fields_set, opened
from jobdesk.protocol.codes import Reason
from province import erasing, quarantine
from province.db.engine import EVERYTHING, Database
from tests.province.at_once import meanwhile, uncommitted
from tests.province.conftest import on_postgres
from tests.province.ground import NOW, DeskHere
from tests.province.test_moving import check_streams
from tests.province.test_strays import enrolled, kept
from tests.province.test_words_kept_apart import HOUSE, begins, erases, readable, speaks
from tools.postgres import Postgres

SAYS = opened(HOUSE, "member", "m", {"case": "p", "name": "隐私"})


@pytest.fixture
def db(postgres: Postgres) -> Iterator[Database]:
    made = on_postgres(postgres)
    yield made
    made.engine.dispose()


@pytest.fixture
def desks(db: Database) -> tuple[DeskHere, DeskHere]:
    return enrolled(db, DeskHere(db, "a", "r1")), enrolled(db, DeskHere(db, "b", "r2"))


def at_once(db: Database, one: tuple[DeskHere, bool], two: tuple[DeskHere, bool]) -> None:
    """The second begins while the first has not committed. A desk, and whether it was shut out."""
    with uncommitted(one[0], revoked=one[1]):
        other = meanwhile(db, lambda: two[0].push(revoked=two[1]))
    other.result(30)


@pytest.mark.parametrize("names", [True, False])
@pytest.mark.parametrize("erased_first", [True, False])
@pytest.mark.parametrize("revoked", [False, True])
def test_while_he_is_erased(
    db: Database, desks: tuple[DeskHere, DeskHere], erased_first: bool, names: bool, revoked: bool
) -> None:
    """It stayed readable in the database and in each backup, and nothing found it later."""
    a, b = desks
    begins(a)
    a.push()
    erases(a)
    speaks(b, names=names, base="" if names else a.ops[1].op_id)
    first, second = ((a, False), (b, revoked))[:: 1 if erased_first else -1]
    at_once(db, first, second)
    assert "隐私" not in readable(db) and "在册好" in readable(db)
    assert len(kept(db)) == 2
    check_streams(db)


@pytest.mark.parametrize("listed_first", [True, False])
def test_while_a_line_is_listed_that_says_whose_it_is(
    db: Database, desks: tuple[DeskHere, DeskHere], listed_first: bool
) -> None:
    a, b = desks
    a.act("p")
    erases(a)
    a.push()
    (says,) = a.act(new=[SAYS])
    known = [says.op_id] if listed_first else []
    b.act(new=[fields_set(HOUSE, "member", "m", {"note": "隐私欠债"}, {"note": known})])
    first, second = ((a, False), (b, True))[:: 1 if listed_first else -1]
    at_once(db, first, second)
    assert "隐私" not in readable(db) and len(kept(db)) == 1
    check_streams(db)


@pytest.mark.parametrize(("told_first", "bases"), [(True, True), (False, True), (False, False)])
def test_while_another_machine_leaves_a_line_that_says_whose_it_is(
    db: Database, desks: tuple[DeskHere, DeskHere], told_first: bool, bases: bool
) -> None:
    """Both are kept apart."""
    a, b = desks
    a.act("p")
    erases(a)
    a.push()
    c = enrolled(db, DeskHere(db, "b", "r3"))
    c.act(new=[SAYS])
    known = [c.ops[0].op_id] if bases else []
    b.act(new=[fields_set(HOUSE, "member", "x" if bases else "m", {"note": "隐私欠债"}, {"note": known})])
    first, second = ((c, True), (b, True))[:: 1 if told_first else -1]
    at_once(db, first, second)
    assert "隐私" not in readable(db) and len(kept(db)) == 2


def test_two_who_wait_for_each_other_do_not_wait_for_ever(
    db: Database, desks: tuple[DeskHere, DeskHere]
) -> None:
    """Two shut out machines, each with lines about somebody erased in the household of the other one."""
    a, b = desks
    a.act("p")
    erases(a)
    a.push()
    c = enrolled(db, DeskHere(db, "b", "r3"))
    other = Subject("household", "h2")
    for desk, houses in ((b, (HOUSE, other)), (c, (other, HOUSE))):
        member = f"m{desk.replica}"
        for house in houses:
            desk.act(new=[opened(house, "member", member, {"case": "p", "name": "隐私"})])
            desk.act(new=[fields_set(house, "member", member, {"note": "隐私"}, {"note": []})])
    at_once(db, (b, True), (c, True))
    assert "隐私" not in readable(db) and len(kept(db)) == 8


def test_what_a_shut_out_machine_says_to_erase_keeps_nobody_waiting(
    db: Database, desks: tuple[DeskHere, DeskHere]
) -> None:
    """It erases nobody: it held alone the fences of all whom it named, and of everybody who shares one."""
    a, thief = desks
    begins(a)
    a.push()
    thief.act(new=[NewOp(Kind.ERASED, Subject("case", "p"), {"reason": "request"})])
    a.act(new=[opened(HOUSE, "member", "m2", {"case": "p"})])
    with uncommitted(thief, revoked=True):
        meanwhile(db, a.push).result(5)
    assert kept(db) == ["revoked"]


def test_who_writes_on_a_household_asks_for_no_more_fences(
    db: Database, desks: tuple[DeskHere, DeskHere]
) -> None:
    """Only an erasure does, and what is kept apart."""
    a, _ = desks
    begins(a)
    a.push()
    asked: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *x: asked.append(str(x[2])))
    a.act(new=[opened(HOUSE, "member", "m2", {"case": "q2"})])
    a.push()
    assert sum("advisory" in one for one in asked) == 1
    asked.clear()
    a.act(new=[fields_set(HOUSE, "member", "m2", {"note": "好"}, {"note": []})])
    a.push()
    assert not any("advisory" in one for one in asked)
    with db.reading(EVERYTHING) as con:
        assert (
            con.execute(text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")).scalar_one() == 0
        )


@pytest.mark.parametrize("own", [True, False])
def test_an_erasure_while_what_waits_of_him_is_asked_again(
    db: Database, desks: tuple[DeskHere, DeskHere], monkeypatch: pytest.MonkeyPatch, own: bool
) -> None:
    """Each held what the other one waited for, until the database ended one of the two."""
    a, b = desks
    begins(a)
    a.push()
    if own:
        b.act("p", text="隐私欠债")
    else:
        speaks(b, names=True)
    b.push()
    before, began = erasing.wipe_apart, list[Future[object]]()

    def meets(con: Connection, subjects: Collection[str], now_ms: int) -> None:
        if not began:
            key = (b.ops[0].action_id, b.replica)
            began.append(meanwhile(db, lambda: quarantine.try_again(db, key, b"s" * 32, NOW)))
        before(con, subjects, now_ms)

    monkeypatch.setattr(erasing, "wipe_apart", meets)
    erases(a)
    a.push()
    with suppress(LookupError):
        assert began[0].result(30) == (Reason.OUT_OF_SCOPE, set())
    assert "隐私" not in readable(db)
