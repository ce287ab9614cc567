"""One person at two stations that push at the same moment, on PostgreSQL: both hear of it (M-6.7)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import bindparam, insert, select, update

from jobdesk.cases.id_number import check_digit
from jobdesk.cases.ops import Kind, NewOp, Subject, fields_set, opened
from jobdesk.protocol.messages import TransferAsk
from province import doubles, streams, transfers
from province.afterwards import Afterwards
from province.db import tables as t
from province.db.engine import EVERYTHING, Database
from tests.province.at_once import meanwhile, uncommitted
from tests.province.conftest import on_postgres
from tests.province.ground import NOW, DeskHere
from tests.province.test_strays import enrolled
from tools.postgres import Postgres


@pytest.fixture
def db(postgres: Postgres) -> Iterator[Database]:
    made = on_postgres(postgres)
    yield made
    made.engine.dispose()


def number(n: int) -> str:
    body = f"22990119800101{n:03}"
    return body + check_digit(body)


def two_stations(db: Database) -> tuple[DeskHere, DeskHere]:
    return enrolled(db, DeskHere(db, "a", "r1")), enrolled(db, DeskHere(db, "b", "r2"))


def person(desk: DeskHere, subject: str, n: int = 1) -> None:
    values = {"name": "张某某", "id_number": number(n), "birth": "1980-01-01"}
    desk.act(new=[opened(Subject("case", subject), "case", subject, values)])


def push_at_once(first: DeskHere, second: DeskHere) -> None:
    """The second one begins before the first one commits."""
    with uncommitted(first):
        other = meanwhile(second.db, second.push)
    other.result(30)


def told(db: Database) -> set[tuple[str, str, bool, bool]]:
    """(to whom, of whom, open, with facts) of what is said of one person twice."""
    query = select(t.stream.c.id, t.notice.c.subjects, t.notice.c.settled_ms, t.notice.c.more)
    query = query.join(t.stream, t.stream.c.num == t.notice.c.home).where(t.notice.c.kind == "duplicate")
    with db.reading(EVERYTHING) as con:
        return {(home, of, settled is None, bool(more)) for home, of, settled, more in con.execute(query)}


BOTH = {("a", '["p", "q"]', True, True), ("b", '["q", "p"]', True, True)}


def test_both_push_at_once(db: Database) -> None:
    a, b = two_stations(db)
    person(a, "p")
    person(b, "q")
    push_at_once(a, b)
    assert told(db) == BOTH


def test_a_number_that_both_correct_at_once(db: Database) -> None:
    """Both rows are there already, and each is locked by who writes it."""
    a, b = two_stations(db)
    person(a, "p", 2)
    person(b, "q", 3)
    a.push()
    b.push()
    for desk, subject in ((a, "p"), (b, "q")):
        desk.act(new=[fields_set(Subject("case", subject), "case", subject, {"id_number": number(1)}, {})])
    push_at_once(a, b)
    assert told(db) == BOTH


def test_many_people_in_another_order(db: Database) -> None:
    """Thousands of an import are held in one order, and all are told."""
    a, b = two_stations(db)
    for n in range(300):
        person(a, f"p{n}", n)
        person(b, f"q{299 - n}", 299 - n)
    push_at_once(a, b)
    assert len(told(db)) == 600


def test_one_of_them_is_erased_at_the_same_moment(db: Database) -> None:
    a, b = two_stations(db)
    person(a, "p")
    a.push()
    a.act(new=[NewOp(Kind.ERASED, Subject("case", "p"), {"reason": "本人要求"})])
    person(b, "q")
    push_at_once(a, b)
    assert told(db) == set()


def test_who_is_told_of_first_is_forgotten_by_the_erasure(db: Database) -> None:
    a, b = two_stations(db)
    person(a, "p")
    a.push()
    a.act(new=[NewOp(Kind.ERASED, Subject("case", "p"), {"reason": "本人要求"})])
    person(b, "q")
    push_at_once(b, a)
    assert {(is_open, facts) for _, _, is_open, facts in told(db)} == {(False, False)}


@pytest.mark.parametrize("first", ["the move", "the other"])
def test_one_of_them_moves_at_the_same_moment(db: Database, first: str) -> None:
    a, b = two_stations(db)
    with db.writing(EVERYTHING) as con:
        con.execute(insert(t.org).values(id="c", name="丙站", level="station", parent="22"))
        streams.new_stream(con, "c")
    mover = enrolled(db, DeskHere(db, "22", "r4", "province"))
    person(a, "p")
    a.push()
    mover.act(
        new=[fields_set(Subject("case", "p"), "case", "p", {"station": "c"}, {}, kind=Kind.TRANSFERRED)]
    )
    person(b, "q")
    one, two = (mover, b) if first == "the move" else (b, mover)
    push_at_once(one, two)
    assert {(to, of) for to, of, *_ in told(db)} == {("c", '["p", "q"]'), ("b", '["q", "p"]')}


def test_what_an_older_program_missed_is_told_once(db: Database) -> None:
    a, b = two_stations(db)
    for n in range(3):
        person(a, f"p{n}", n)
        person(b, f"q{n}", n if n == 2 else n + 10)
    a.push()
    b.push()
    known = told(db)
    assert len(known) == 2 and doubles.tell_left(db, NOW) == 0
    missed = [{"b_id": f"q{n}", "b_person": doubles.keyed(b"s" * 32, number(n))} for n in range(2)]
    with db.writing(EVERYTHING) as con:
        here = update(t.subject).where(t.subject.c.id == bindparam("b_id"))
        con.execute(here.values(person=bindparam("b_person")), missed)
        con.execute(update(t.notice).where(t.notice.c.subjects == '["p2", "q2"]').values(settled_ms=NOW))
    known = told(db)
    Afterwards(db, lambda: NOW, lambda: b"s" * 32, lambda: None).push_came((), ())
    assert doubles.tell_left(db, NOW) == 0, "the sweep that a start of the server makes has told it"
    fresh = {(s, f'["{own}{n}", "{far}{n}"]', True, True)
             for n in range(2) for s, own, far in (("a", "p", "q"), ("b", "q", "p"))}  # fmt: skip
    assert told(db) == known | fresh, "and what is settled stays"


def test_every_number_is_read_at_a_start_and_then_once_a_day(db: Database) -> None:
    """Each sweep of each process read those of all people, every ten minutes."""
    a, b = two_stations(db)
    person(a, "p")
    person(b, "q", 2)
    a.push()
    b.push()
    hour, clock = 3_600_000, [NOW]
    sweeps = Afterwards(db, lambda: clock[0], lambda: b"s" * 32, lambda: None)
    sweeps.push_came((), ())
    with db.writing(EVERYTHING) as con:
        mine = update(t.subject).where(t.subject.c.id == "q")
        con.execute(mine.values(person=doubles.keyed(b"s" * 32, number(1))))
    for later, heard in ((hour, set[object]()), (25 * hour, BOTH)):
        clock[0] = NOW + later
        sweeps.push_came((), ())
        assert told(db) == heard


def test_who_says_that_it_is_two_people_locks_in_the_order_of_a_push(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The notice first and the number behind it, a push the other way round: they waited for each other."""
    a, b = two_stations(db)
    person(a, "a0")
    person(b, "b0")
    a.push()
    b.push()
    taken: list[str] = []
    hold, settle_pair = doubles.hold, transfers.settle_pair

    def number(*given: Any) -> None:
        taken.append("number")
        hold(*given)

    def notice(*given: Any) -> bool:
        taken.append("notice")
        return settle_pair(*given)

    monkeypatch.setattr(doubles, "hold", number)
    monkeypatch.setattr(transfers, "settle_pair", notice)
    with db.writing(EVERYTHING) as con:
        mine = select(t.notice.c.id).join(t.stream, t.stream.c.num == t.notice.c.home)
        asked = con.execute(mine.where(t.stream.c.id == "b")).scalar_one()
        ask = TransferAsk(id="w", step="apart", answers=asked)
        transfers.transfer(con, b.caller(), ask, NOW, b"s" * 32)
    assert taken[:2] == ["number", "notice"]
