"""A placeholder number in many files of two stations: a few pairs at a time (M-6.7); on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import event, func, insert, select, text

from jobdesk.cases.ops import Kind, NewOp, Subject
from jobdesk.protocol.messages import Notice, TransferAsk
from province import doubles, orgs, pairs, transfers
from province.db import tables as t
from province.db.engine import EVERYTHING, Database
from tests.province.conftest import on_postgres
from tests.province.ground import NOW, DeskHere
from tests.province.test_moving import case, check_streams, moves, number, sets, told
from tools.postgres import Postgres

MANY = 60


@pytest.fixture
def desks(db: Database) -> tuple[DeskHere, DeskHere, DeskHere]:
    with db.writing(EVERYTHING) as con:
        orgs.add(con, [orgs.Org("c", "丙站", "station", "220102", "")])
    return DeskHere(db, "a", "r1"), DeskHere(db, "b", "r2"), DeskHere(db, "c", "r3")


def fill(desk: DeskHere, many: int = MANY, of: int = 1) -> None:
    for n in range(many):
        case(desk, f"{desk.org}{of}-{n:03}", id_number=number(of), name="合")
    desk.push()


def asked(desk: DeskHere) -> list[Notice]:
    return [n for n in told(desk) if n.kind == "duplicate"]


def rows(db: Database) -> int:
    with db.reading(EVERYTHING) as con:
        return con.execute(select(func.count()).select_from(t.notice)).scalar_one()


def apart(desk: DeskHere, notice: str) -> None:
    ask = TransferAsk(id=f"w-{notice}", step="apart", answers=notice)
    caller = desk.caller()
    with desk.db.writing(caller.nums, station=caller.at_station) as con:
        transfers.transfer(con, caller, ask, NOW, b"s" * 32)


def test_what_is_told_does_not_grow_with_the_files(
    db: Database, desks: tuple[DeskHere, DeskHere, DeskHere]
) -> None:
    """Each file of the one was told with each of the other, twice."""
    a, b, _ = desks
    fill(a)
    fill(b)
    assert rows(db) == 2 * pairs.MOST_OF_TWO
    assert {n.why for n in (*asked(a), *asked(b))} == {"many"}
    fill(b, MANY + 5)
    assert rows(db) == 2 * pairs.MOST_OF_TWO


def test_few_files_are_told_whole_and_nothing_waits_behind_them(
    desks: tuple[DeskHere, DeskHere, DeskHere],
) -> None:
    a, b, c = desks
    for desk, many in ((a, 2), (b, 2), (c, 1)):
        fill(desk, many)
    assert [len(asked(d)) for d in (a, b, c)] == [6, 6, 4]
    assert {n.why for d in (a, b, c) for n in asked(d)} == {""}


def test_two_others_hear_of_each_other_behind_one_with_many(
    desks: tuple[DeskHere, DeskHere, DeskHere],
) -> None:
    a, b, c = desks
    fill(a)
    fill(b, 1)
    fill(c, 1)
    assert ["c1-000", "b1-000"] in [n.subjects for n in asked(c)]
    assert ["b1-000", "c1-000"] in [n.subjects for n in asked(b)]


def test_two_others_hear_of_each_other_first_behind_several_with_many(
    db: Database, desks: tuple[DeskHere, DeskHere, DeskHere]
) -> None:
    """Several fill a station with one file. As soon as one of those is settled the other with one file comes next,
    and not all that the ones with many still have.
    """
    _, b, c = desks
    full = pairs.MOST_AT_ONE // pairs.MOST_OF_TWO
    with db.writing(EVERYTHING) as con:
        orgs.add(con, [orgs.Org(f"m{n}", f"{n}站", "station", "220102", "") for n in range(full)])
    for n in range(full):
        fill(DeskHere(db, f"m{n}", f"many-{n}"), pairs.MOST_OF_TWO + 1)
    fill(b, 1)
    fill(c, 1)
    assert len(asked(b)) == pairs.MOST_AT_ONE and {n.why for n in asked(b)} == {"many"}
    assert asked(c) == []
    apart(b, asked(b)[0].id)
    assert ["b1-000", "c1-000"] in [n.subjects for n in asked(b)]
    assert ["c1-000", "b1-000"] in [n.subjects for n in asked(c)]


def test_a_real_pair_is_told_today(desks: tuple[DeskHere, DeskHere, DeskHere]) -> None:
    """150 pairs a day stood before it: it was told years later."""
    a, b, _ = desks
    fill(a)
    fill(b)
    fill(a, 1, of=2)
    fill(b, 1, of=2)
    assert ["a2-000", "b2-000"] in [n.subjects for n in asked(a)]


@pytest.mark.parametrize("how", ["apart", "merged", "erased", "corrected"])
def test_the_next_ones_follow_once_some_are_settled(
    db: Database, desks: tuple[DeskHere, DeskHere, DeskHere], how: str
) -> None:
    a, b, _ = desks
    fill(a)
    fill(b, 1)
    first = {n.id for n in asked(a)}
    assert len(first) == pairs.MOST_OF_TWO
    for one in asked(a)[:2]:
        mine, theirs = one.subjects
        if how == "apart":
            apart(a, one.id)
        elif how == "merged":
            a.act(new=[sets(mine, Kind.MERGED, {"merged_into": theirs})])
        elif how == "erased":
            a.act(new=[NewOp(Kind.ERASED, Subject("case", mine), {"reason": "request"})])
        else:
            a.act(new=[sets(mine, Kind.FIELDS_SET, {"id_number": number(int(mine[-3:]) + 10)})])
    a.push()
    if how in ("erased", "corrected"):
        doubles.tell_left(db, NOW)
    assert len({n.id for n in asked(a)} - first) == 2
    assert doubles.tell_left(db, NOW) == 0
    check_streams(db)


def test_once_all_is_told_nothing_is_said_to_wait(desks: tuple[DeskHere, DeskHere, DeskHere]) -> None:
    """Told again with every pull: a notice says what is true now."""
    a, b, _ = desks
    fill(a, pairs.MOST_OF_TWO)
    fill(b, 1)
    assert {n.why for n in asked(b)} == {""}
    case(a, "z", id_number=number(1))
    a.push()
    assert {n.why for n in (*asked(a), *asked(b))} == {"many"}
    apart(b, asked(b)[0].id)
    assert len(asked(b)) == pairs.MOST_OF_TWO and {n.why for n in (*asked(a), *asked(b))} == {""}


def test_all_of_many_files_move(db: Database, desks: tuple[DeskHere, DeskHere, DeskHere]) -> None:
    """By one machine alone: the files it gave away, and as many anew."""
    a, b, _ = desks
    fill(a)
    for n in range(MANY):
        moves(a, f"a1-{n:03}", "b")
    a.push()
    for n in range(MANY):
        case(a, f"again-{n:03}", id_number=number(1))
    a.push()
    assert rows(db) <= 2 * pairs.MOST_AT_ONE
    assert all(n.sender == "b" for n in asked(a)) and all(n.sender == "a" for n in asked(b))


def test_statements_do_not_grow_with_the_files(
    db: Database, desks: tuple[DeskHere, DeskHere, DeskHere]
) -> None:
    """Nor does what one more file costs."""
    a, b, _ = desks
    fill(a)
    asked_of: list[object] = []
    event.listen(db.engine, "before_cursor_execute", lambda *x: asked_of.append(x[2]))
    counts: list[int] = []
    for many in (5, 50):
        for n in range(many):
            case(b, f"b-{many}-{n:03}", id_number=number(1))
        before = len(asked_of)
        b.push()
        counts.append(len(asked_of) - before)
    assert counts[1] <= counts[0] + 2


def test_no_pair_is_gone_through_twice() -> None:
    """Of many stations with a file each, every one hears of some."""
    files = {home: [f"s{home}"] for home in range(500)}
    found = pairs.OfNumber(files, (), ()).next_ones()
    of = {home: sum(home in (one[0], other[0]) for one, other in found) for home in files}
    assert max(of.values()) == pairs.MOST_AT_ONE and min(of.values()) >= 1
    assert len({frozenset((one[1], other[1])) for one, other in found}) == len(found)


_LOOKED_AT = text(
    "SELECT sum(coalesce(seq_tup_read, 0) + coalesce(idx_scan, 0) + coalesce(idx_tup_fetch, 0)) "
    "FROM pg_stat_xact_user_tables WHERE relname IN ('notice', 'notice_subject')"
)


def test_what_was_told_is_found_without_statistics_of_the_tables(postgres: Postgres) -> None:
    """The first hours after a start: each notice of a pair was looked for among all of the files, 85 s of a
    push with a number that stands at 1,600 stations, the streams locked.
    """
    db, many, person = on_postgres(postgres), 80, b"p" * 32
    stations = [{"num": 1000 + n, "id": f"s{n}", "org": f"s{n}", "hash": b"", "digest": b""}
                for n in range(many)]  # fmt: skip
    files = [{"id": f"c{n}", "kind": "case", "home": 1000 + n, "erased": False, "person": person}
             for n in range(many)]  # fmt: skip
    with db.writing(EVERYTHING) as con:
        con.execute(insert(t.stream), stations)
        con.execute(insert(t.subject), files)
        doubles.tell(con, {"c0": person}, NOW)
    with db.writing(EVERYTHING) as con:
        doubles.tell(con, {"c0": person}, NOW)
        looked_at = int(con.execute(_LOOKED_AT).scalar_one())
    assert rows(db) < looked_at < 10 * rows(db)
    db.engine.dispose()
