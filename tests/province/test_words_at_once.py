"""A word about somebody at the same moment as his erasure or his move, on PostgreSQL: whichever is second sees
the other (M-6.10, M-6.11, M-7.2).
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import suppress

import pytest
from sqlalchemy import insert, select

from jobdesk.cases.id_number import check_digit
from jobdesk.cases.ops import Kind, NewOp, Subject, fields_set, opened
from jobdesk.protocol.messages import Notice, TransferAsk
from province import streams, transfers
from province.db import tables as t
from province.db.engine import EVERYTHING, Database
from province.refusing import Refused
from tests.province.at_once import meanwhile, uncommitted
from tests.province.conftest import on_postgres
from tests.province.ground import NOW, DeskHere
from tests.province.test_strays import enrolled
from tools.postgres import Postgres

P = Subject("case", "p")
BODY = "22990119800101001"
NUMBER = BODY + check_digit(BODY)
WORDS = "张某某已搬到我站"
SECRET = b"s" * 32


@pytest.fixture
def db(postgres: Postgres) -> Iterator[Database]:
    made = on_postgres(postgres)
    with made.writing(EVERYTHING) as con:
        con.execute(insert(t.org).values(id="c", name="丙站", level="station", parent="22"))
        streams.new_stream(con, "c")
    yield made
    made.engine.dispose()


@pytest.fixture
def a(db: Database) -> DeskHere:
    """The station that has him."""
    desk = enrolled(db, DeskHere(db, "a", "r1"))
    desk.act(new=[opened(P, "case", "p", {"name": "张某某", "id_number": NUMBER})])
    desk.push()
    return desk


@pytest.fixture
def above(db: Database, a: DeskHere) -> DeskHere:
    return enrolled(db, DeskHere(db, "22", "r4", "province"))


ERASED = NewOp(Kind.ERASED, P, {"reason": "本人要求"})
MOVED = fields_set(P, "case", "p", {"station": "c"}, {}, kind=Kind.TRANSFERRED)
ASKS = [
    TransferAsk(id="ask-1", step="request", subject="p", to="b", text=WORDS),
    TransferAsk(id="ask-1", step="request", number=NUMBER, to="b", text=WORDS),
]


def say(db: Database, desk: DeskHere, ask: TransferAsk) -> Notice:
    caller = desk.caller()
    with db.writing(caller.nums) as con:
        return transfers.transfer(con, caller, ask, NOW, SECRET)


def words(db: Database) -> set[tuple[str, str, bool]]:
    """(kind, what somebody typed, open)."""
    with db.reading(EVERYTHING) as con:
        rows = con.execute(select(t.notice.c.kind, t.notice.c.text, t.notice.c.settled_ms)).all()
    return {(kind, text, settled is None) for kind, text, settled in rows}


@pytest.mark.parametrize("ask", ASKS, ids=["by id", "by number"])
def test_a_request_while_he_is_erased(db: Database, a: DeskHere, ask: TransferAsk) -> None:
    b = enrolled(db, DeskHere(db, "b", "r2"))
    a.act(new=[ERASED])
    with uncommitted(a):
        other = meanwhile(db, lambda: say(db, b, ask))
    with pytest.raises(Refused):
        other.result(30)
    assert words(db) == set()


@pytest.mark.parametrize("ask", ASKS, ids=["by id", "by number"])
def test_an_erasure_while_he_is_asked_for(db: Database, a: DeskHere, ask: TransferAsk) -> None:
    b = enrolled(db, DeskHere(db, "b", "r2"))
    a.act(new=[ERASED])
    caller = b.caller()
    with db.writing(caller.nums) as con:
        transfers.transfer(con, caller, ask, NOW, SECRET)
        other = meanwhile(db, a.push)
    other.result(30)
    assert words(db) == {("transfer_request", "", False), ("transfer_over", "", True)}


def test_a_request_while_he_moves(db: Database, a: DeskHere, above: DeskHere) -> None:
    """It is about who has him now."""
    b = enrolled(db, DeskHere(db, "b", "r2"))
    above.act(new=[MOVED])
    with uncommitted(above):
        other: Future[object] = meanwhile(db, lambda: say(db, b, ASKS[0]))
    made = other.result(30)
    assert isinstance(made, Notice) and made.to == "c"


def test_a_move_while_he_is_asked_for(db: Database, a: DeskHere, above: DeskHere) -> None:
    b = enrolled(db, DeskHere(db, "b", "r2"))
    above.act(new=[MOVED])
    caller = b.caller()
    with db.writing(caller.nums) as con:
        transfers.transfer(con, caller, ASKS[0], NOW, SECRET)
        other = meanwhile(db, above.push)
    other.result(30)
    assert words(db) == {("transfer_request", WORDS, False), ("transfer_over", "", True)}


def test_an_answer_while_he_is_erased(db: Database, a: DeskHere) -> None:
    b = enrolled(db, DeskHere(db, "b", "r2"))
    say(db, b, ASKS[0])
    a.act(new=[ERASED])
    refusal = TransferAsk(id="no-1", step="refuse", answers="ask-1", text=WORDS)
    with uncommitted(a):
        other = meanwhile(db, lambda: say(db, enrolled(db, DeskHere(db, "a", "r5")), refusal))
    with suppress(Refused):
        other.result(30)
    assert words(db) == {("transfer_request", "", False), ("transfer_over", "", True)}


def test_the_same_answer_twice_at_once(db: Database, a: DeskHere) -> None:
    """A line that broke and asked again: the same id gives the same notice (M-6.6)."""
    b = enrolled(db, DeskHere(db, "b", "r2"))
    say(db, b, ASKS[0])
    refusal = TransferAsk(id="no-1", step="refuse", answers="ask-1", text=WORDS)
    caller = a.caller()
    with db.writing(caller.nums) as con:
        first = transfers.transfer(con, caller, refusal, NOW, SECRET)
        other = meanwhile(db, lambda: say(db, a, refusal))
    assert other.result(30) == first


@pytest.mark.parametrize("first", ["the erasure", "the word"])
def test_what_is_kept_apart_of_him_while_he_is_erased(db: Database, a: DeskHere, first: str) -> None:
    """By a desk above that does not see his station: of it nothing stays, and the desk is told."""
    far = enrolled(db, DeskHere(db, "b", "r2", "county"))
    a.act(new=[ERASED])
    far.act(new=[opened(P, "service", "s1", {"content": WORDS})])
    one, two = (a, far) if first == "the erasure" else (far, a)
    with uncommitted(one):
        other = meanwhile(db, two.push)
    taken = other.result(30)
    with db.reading(EVERYTHING) as con:
        lines = [bytes(line) for line in con.execute(select(t.quarantine.c.line)).scalars()]
    assert lines == [b""]
    if first == "the erasure":
        assert getattr(taken, "told", None) == {"p"}


def test_what_is_kept_apart_of_two_who_are_erased_in_another_order(db: Database, a: DeskHere) -> None:
    """Nobody waits for the other for ever."""
    far = enrolled(db, DeskHere(db, "b", "r2", "county"))
    a.act(new=[opened(Subject("case", "q"), "case", "q", {"name": "李某"})])
    a.push()
    for subject in ("q", "p"):
        a.act(new=[NewOp(Kind.ERASED, Subject("case", subject), {})])
    far.act("p")
    far.act("q")
    with uncommitted(far):
        other = meanwhile(db, a.push)
    other.result(30)
    with db.reading(EVERYTHING) as con:
        assert {bytes(line) for line in con.execute(select(t.quarantine.c.line)).scalars()} == {b""}
