"""Who comes late, early or at once about a subject that a restored server forgot; on both databases."""

from __future__ import annotations

from collections.abc import Callable, Collection

import pytest
from sqlalchemy import Connection, event, insert, select

from jobdesk.cases.codec import encode
from jobdesk.cases.ops import Kind, Op, Subject, fields_set, opened
from jobdesk.protocol.codes import Reason, Verdict
from jobdesk.protocol.messages import PushAnswer, PushHead
from province import notices, quarantine, strays
from province.afterwards import Afterwards
from province.db import tables as t
from province.db.engine import EVERYTHING, Database
from province.serving import Province
from tests.province.ground import NOW, DeskHere
from tests.province.test_moving import case, check_streams, moves, pulled


class Died(BaseException):
    """The process is gone."""


def enrolled(db: Database, desk: DeskHere) -> DeskHere:
    row = {"id": f"dev-{desk.replica}", "org": desk.org, "role": desk.role, "public_key": desk.replica.encode(),
           "enrolled_ms": NOW, "valid_until_ms": NOW + 1}  # fmt: skip
    with db.writing(EVERYTHING) as con:
        con.execute(insert(t.device), [row])
    return desk


@pytest.fixture
def desks(db: Database) -> tuple[DeskHere, DeskHere, DeskHere]:
    made = DeskHere(db, "a", "r1"), DeskHere(db, "b", "r2"), DeskHere(db, "220102", "r3", "county")
    return made[0], made[1], [enrolled(db, d) for d in made][2]


def process(db: Database) -> Province:
    return Province(db, lambda: NOW, lambda: "id")


def send(here: Province, desk: DeskHere) -> PushAnswer:
    lines = [encode(op) for op in desk.ops[desk.acked.seq :]]
    head = PushHead(replica=desk.replica, acked=desk.acked, last_seq=len(desk.ops), now_ms=NOW,
                    count=len(lines))  # fmt: skip
    answer = here.take(desk.caller(), here.me(), head, lines)
    desk.acked = answer.acked
    return answer


def kept(db: Database) -> list[str]:
    with db.reading(EVERYTHING) as con:
        return [k.reason for k in quarantine.waiting(con)]


def heard(db: Database, desk: DeskHere, count: int) -> None:
    """Nothing is kept apart any more, the desk's own stream lists so many, and every stream is sound."""
    assert kept(db) == [] and len(pulled(desk, desk.org)) == count
    check_streams(db)


def writes(desk: DeskHere, subject: str, **values: str) -> None:
    bases: dict[str, list[str]] = {name: [] for name in values}
    desk.act(new=[fields_set(Subject("case", subject), "case", subject, values, bases)])


def test_a_county_is_heard_once_the_station_came(
    db: Database, desks: tuple[DeskHere, DeskHere, DeskHere]
) -> None:
    a, _, county = desks
    here = process(db)
    writes(county, "p", phone="1")
    assert send(here, county).verdicts[0].reason is Reason.OUT_OF_SCOPE
    case(a, "p", name="张某")
    send(here, a)
    heard(db, a, 2)


def test_a_process_that_dies_before_it_asks_again_is_made_up_for(
    db: Database, desks: tuple[DeskHere, DeskHere, DeskHere], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The move was committed, and the word of the new station stayed apart for good."""
    a, b, _ = desks
    case(a, "p", name="张某")
    send(process(db), a)
    writes(b, "p", phone="1")
    assert send(process(db), b).verdicts[0].reason is Reason.OUT_OF_SCOPE
    moves(a, "p", "b")

    def dies(*_: object) -> int:
        raise Died

    with monkeypatch.context() as patched:
        patched.setattr(Afterwards, "push_came", dies)
        with pytest.raises(Died):
            send(process(db), a)
    assert kept(db) == ["out_of_scope"]
    a.act("q")
    send(process(db), a)
    heard(db, b, 3)


def test_what_is_of_others_is_not_asked_about_again(
    db: Database, desks: tuple[DeskHere, DeskHere, DeskHere], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten thousand forged actions cost the look for them, no transaction each."""
    a, b, _ = desks
    case(a, "p", name="张某")
    send(process(db), a)
    for n in range(5):
        writes(b, "p", phone=str(n))
    send(process(db), b)
    asked: list[str] = []
    before: Callable[..., object] = quarantine.try_again
    monkeypatch.setattr(quarantine, "try_again", lambda *x, **y: (asked.append(x[1]), before(*x, **y))[1])
    b.act("q")
    send(process(db), b)
    assert asked == [] and kept(db) == ["out_of_scope"] * 5


def test_two_at_once_see_each_other(
    db: Database, desks: tuple[DeskHere, DeskHere, DeskHere], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The county's push looks before the station's is committed, and is committed after the station looked."""
    a, _, county = desks
    here, other = process(db), process(db)
    writes(county, "p", phone="1")
    case(a, "p", name="张某")
    if db.is_postgres:
        from province import apart

        before = apart.keep
        begun: list[bool] = []

        def late(*given: object, **more: object) -> None:
            if not begun:
                begun.append(True)
                send(other, a)
            before(*given, **more)  # pyright: ignore[reportArgumentType]

        monkeypatch.setattr(apart, "keep", late)
        assert send(here, county).verdicts[0].reason is Reason.OUT_OF_SCOPE
    else:
        send(here, county)
        send(other, a)
    assert kept(db) == []


def test_the_old_station_is_no_stranger(db: Database, desks: tuple[DeskHere, DeskHere, DeskHere]) -> None:
    """The new one came first: it has the person, and what the old one wrote before the move is listed in both."""
    a, b, _ = desks
    here = process(db)
    case(a, "p", name="张某")
    a.act("p")
    moves(a, "p", "b")
    a.act("p", "p")
    writes(b, "p", phone="1")
    assert [v.verdict for v in send(here, b).verdicts] == [Verdict.ACCEPTED]
    assert {v.verdict for v in send(here, a).verdicts} == {Verdict.ACCEPTED}
    assert kept(db) == [] and len(pulled(b, "b")) == 6 and len(pulled(a, "a")) == 3
    a.act("p")
    assert send(here, a).verdicts[0].verdict is Verdict.ACCEPTED
    assert len(pulled(b, "b")) == 7 and len(pulled(a, "a")) == 3
    check_streams(db)


def test_what_is_owed_is_settled_when_the_person_comes_home(
    db: Database, desks: tuple[DeskHere, DeskHere, DeskHere]
) -> None:
    """The old station's move never came, the new one sent the person back: the next visit was listed twice in
    one stream, which is to say never.
    """
    a, b, _ = desks
    here = process(db)
    case(a, "p", name="张某")
    writes(b, "p", phone="1")
    send(here, b)
    assert {v.verdict for v in send(here, a).verdicts} == {Verdict.ACCEPTED}
    moves(b, "p", "a")
    send(here, b)
    assert len(pulled(a, "a")) == 3
    a.act("p")
    assert [v.verdict for v in send(here, a).verdicts] == [Verdict.ACCEPTED]
    assert kept(db) == [] and len(pulled(a, "a")) == 4
    moves(a, "p", "b")
    send(here, a)
    writes(b, "p", phone="2")
    send(here, b)
    assert len(pulled(a, "a")) == 5 and len(pulled(b, "b")) == 6
    check_streams(db)


def test_a_beginning_that_others_offered_first(
    db: Database, desks: tuple[DeskHere, DeskHere, DeskHere]
) -> None:
    a, b, county = desks
    here = process(db)
    case(a, "p", name="张某")
    a.act("p")
    a.act(new=[opened(Subject("case", "x"), "case", "x", {})])
    moves(a, "p", "b")
    writes(b, "p", phone="1")
    send(here, b)
    with db.writing(EVERYTHING) as con:  # as its first hello would have: the witness is not the owner
        con.execute(insert(t.replica).values(id="r1", device="dev-r1", hash=bytes(32)))
    county.witness(a, a.ops[:2])
    assert {v.verdict for v in send(here, a).verdicts} == {Verdict.ALREADY, Verdict.ACCEPTED}
    assert kept(db) == [] and len(pulled(b, "b")) == 4 and len(pulled(a, "a")) == 4
    check_streams(db)


def test_a_move_that_a_witness_brings_waits_for_whom_it_leaves(
    db: Database, desks: tuple[DeskHere, DeskHere, DeskHere]
) -> None:
    """Found by sim (400003735): of what a restored server knew it had not the beginning, so that it may have
    been at the station which the person had moved to: his move was listed, moved nobody, and was ``already``
    there when the old station said it.
    """
    a, b, _ = desks
    here = process(db)
    case(a, "p", name="张某")
    moves(a, "p", "b")
    friend = enrolled(db, DeskHere(db, "a", "r4"))
    writes(friend, "p", phone="1")
    send(here, friend)
    b.witness(a, a.ops[:1])
    told = b.witness(a, a.ops[1:])
    assert [v.reason for v in told.verdicts] == [Reason.OUT_OF_SCOPE] and len(kept(db)) == 1
    send(here, a)
    writes(b, "p", phone="2")
    send(here, b)
    assert kept(db) == [] and len(pulled(b, "b")) == 4 and len(pulled(a, "a")) == 3
    with db.reading(EVERYTHING) as con:
        homes = select(t.subject.c.home, t.stream.c.id).join(t.stream, t.stream.c.num == t.subject.c.home)
        assert con.execute(homes.where(t.subject.c.id == "p")).one().id == "b"
    check_streams(db)


def test_a_stranger_stays_one(db: Database, desks: tuple[DeskHere, DeskHere, DeskHere]) -> None:
    """Nobody comes into a file by opening it once more, nor by moving it to himself."""
    a, b, _ = desks
    here = process(db)
    case(a, "p", name="张某")
    send(here, a)
    case(b, "p", name="李某")
    moves(b, "p", "b")
    writes(b, "p", phone="1")
    assert [v.reason for v in send(here, b).verdicts] == [Reason.OUT_OF_SCOPE] * 3
    assert len(pulled(a, "a")) == 1
    with db.reading(EVERYTHING) as con:
        assert con.execute(select(t.moved)).all() == []


def test_a_stranger_is_looked_up_once_in_a_push(
    db: Database, desks: tuple[DeskHere, DeskHere, DeskHere], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stolen machine's push about one person read everything of him again for each of its actions."""
    a, b, _ = desks
    case(b, "p", name="李某")
    b.push()
    for _n in range(20):
        a.act("p")
    read: list[str] = []
    before = strays._listed  # pyright: ignore[reportPrivateUsage]

    def counting(con: Connection, subject: str, kinds: Collection[Kind]) -> list[tuple[Op, str]]:
        read.append(subject)
        return before(con, subject, kinds)

    monkeypatch.setattr(strays, "_listed", counting)
    assert {v.reason for v in a.push().verdicts} == {Reason.OUT_OF_SCOPE} and 0 < len(read) < 5


def test_who_is_erased_meanwhile(db: Database, desks: tuple[DeskHere, DeskHere, DeskHere]) -> None:
    """The old station erases whom it moved before the server knew of either."""
    from jobdesk.cases.ops import NewOp

    a, b, _ = desks
    here = process(db)
    writes(b, "p", phone="1")
    send(here, b)
    case(a, "p", name="张某")
    a.act(new=[NewOp(Kind.ERASED, Subject("case", "p"), {"reason": "request"})])
    send(here, a)
    assert kept(db) == []
    check_streams(db)
    with db.reading(EVERYTHING) as con:
        assert set(con.execute(select(t.erased.c.subject)).scalars()) == {"p"}


def test_two_machines_may_use_one_name_for_what_is_kept_apart(
    db: Database, desks: tuple[DeskHere, DeskHere, DeskHere]
) -> None:
    """A line that cannot be read is named by its place, and two machines have such a place."""
    a, b, _ = desks
    for desk in (a, b):
        desk.act("p" if desk is a else "q")
        told = desk.push([b"nothing to read"])
        assert [(v.action, v.reason) for v in told.verdicts] == [("line-1", Reason.UNREADABLE)]
    with db.reading(EVERYTHING) as con:
        waits = quarantine.waiting(con)
        names = set(con.execute(select(t.action.c.id)).scalars())
    assert len({k.action for k in waits}) == 2 and names == {k.action for k in waits}
    with db.writing(EVERYTHING) as con:
        assert quarantine.discard(con, waits[0].action, NOW) == 1
    assert len(kept(db)) == 1


def test_an_erasure_does_not_go_over_all_notices(
    db: Database, desks: tuple[DeskHere, DeskHere, DeskHere]
) -> None:
    rows = [{"id": f"n{n}", "home": 1, "kind": "duplicate", "subjects": f'["p{n}", "q{n}"]', "text": "张某",
             "at_ms": NOW} for n in range(50)]  # fmt: skip
    asked: list[str] = []
    with db.writing(EVERYTHING) as con:
        notices.put(con, rows)

        def seen(*given: object) -> None:
            asked.append(str(given[2]))

        event.listen(con, "before_cursor_execute", seen)
        notices.forget(con, "q7", NOW)
        event.remove(con, "before_cursor_execute", seen)
    with db.reading(EVERYTHING) as con:
        blank = con.execute(select(t.notice.c.id).where(t.notice.c.text == "")).scalars().all()
        said = [i for i in blank if not i.startswith("over-")]  # those tell the stations that it is over
        by_text = [statement for statement in asked if "LIKE" in statement]
        assert said == ["n7"] and all("notice_subject" in statement for statement in by_text)
        if not db.is_postgres:
            plan = con.exec_driver_sql("EXPLAIN QUERY PLAN " + asked[0], (1, "", "", "q7")).all()
            assert not any("SCAN" in str(step) for step in plan), plan
