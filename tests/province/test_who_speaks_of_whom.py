"""What anybody anywhere says of somebody erased (M-7.2, M-7.3): found at once, and at the same moment too."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import select

from jobdesk.cases.codec import decode, encode
from jobdesk.cases.ops import Kind, NewOp, Op, Subject, opened
from jobdesk.protocol.codes import Reason
from jobdesk.protocol.messages import PushHead
from province import accept, backups, erasing, fences, register, speaking
from province.db import tables as t
from province.db.engine import EVERYTHING, Database
from tests.province.ground import NOW, DeskHere
from tests.province.test_moving import case, check_streams, moves
from tests.province.test_strays import enrolled
from tests.province.test_words_kept_apart import readable

HOUSE = Subject("household", "h")
LISTS = select(t.stream.c.id).join(t.listing, t.listing.c.stream == t.stream.c.num)


@pytest.fixture
def desks(db: Database) -> tuple[DeskHere, DeskHere, DeskHere]:
    """Station a has the household, station b the person, and a county above both."""
    a, b = DeskHere(db, "a", "r1"), DeskHere(db, "b", "r2")
    a.act(new=[opened(HOUSE, "household", "h", {"head_name": "户主"})])
    a.push()
    case(b, "p", name="隐私")
    b.push()
    return a, b, enrolled(db, DeskHere(db, "220102", "r3", "county"))


def adds(desk: DeskHere) -> None:
    desk.act(new=[opened(HOUSE, "member", "m", {"case": "p", "name": "隐私", "note": "隐私欠债"}),
                  opened(HOUSE, "member", "n", {"case": "q", "name": "在册"})])  # fmt: skip


def erases(desk: DeskHere) -> None:
    desk.act(new=[NewOp(Kind.ERASED, Subject("case", "p"), {"reason": "request"})])


def told(db: Database) -> set[str]:
    """Streams that list the erasure."""
    with db.reading(EVERYTHING) as con:
        query = LISTS.join(t.op, t.op.c.op_id == t.listing.c.op_id).where(t.op.c.kind == "Erased")
        return set(con.execute(query).scalars())


def nobody_says_it(db: Database) -> None:
    assert "隐私" not in readable(db)
    assert "在册" in readable(db) and "户主" in readable(db)
    with db.reading(EVERYTHING) as con:
        assert set(con.execute(select(t.speaks.c.about)).scalars()) <= {None, "q"}
    check_streams(db)


@pytest.mark.parametrize("by", ["b", "county"])
@pytest.mark.parametrize("erased_first", [True, False])
def test_a_household_where_he_never_was(
    db: Database, desks: tuple[DeskHere, DeskHere, DeskHere], by: str, erased_first: bool
) -> None:
    """Only the households of stations that list him were looked at: the line stayed, and its station was not told."""
    _, b, county = desks
    who = county if by == "county" else b
    for step in (erases, adds) if erased_first else (adds, erases):
        step(county if step is adds else who)
        (county if step is adds else who).push()
    nobody_says_it(db)
    assert told(db) == {"a", "b"}


def test_a_restored_server(db: Database, desks: tuple[DeskHere, DeskHere, DeskHere]) -> None:
    """The register is applied to a household where he never was."""
    _, _, county = desks
    adds(county)
    county.push()
    lost = DeskHere(db, "b", "r2")
    case(lost, "p", name="隐私")
    erases(lost)
    with db.writing(EVERYTHING) as con:
        backups.restored(con, [register.Entry("p", encode(lost.ops[1])).text], NOW)
    nobody_says_it(db)
    assert told(db) == {"a", "b"}


def test_what_is_kept_apart_of_him(db: Database, desks: tuple[DeskHere, DeskHere, DeskHere]) -> None:
    """A shut out machine's word, of a household that nobody knows: its id stands in no stream."""
    a, b, _ = desks
    a.act(new=[opened(Subject("household", "x"), "member", "m", {"case": "p", "name": "隐私"}),
               opened(Subject("household", "x"), "member", "n", {"case": "q", "name": "在册"})])  # fmt: skip
    a.push(revoked=True)
    erases(b)
    b.push()
    nobody_says_it(db)
    assert told(db) == {"b"}


def test_one_operation_that_is_said_to_be_about_two(
    db: Database, desks: tuple[DeskHere, DeskHere, DeskHere]
) -> None:
    """A forged line under the id of another one must not stand in the way of either erasure."""
    a, b, county = desks
    adds(county)
    county.push()
    case(b, "q", name="乙")
    b.push()
    (line, other) = (decode(encode(op)) for op in county.ops[:2])
    thief = DeskHere(db, "a", "r4")
    thief.act(new=[opened(HOUSE, "member", "m", {"case": "q", "name": "隐私二"})])
    forged = encode(thief.ops[0]).replace(thief.ops[0].op_id.encode(), line.op_id.encode())
    thief.push([forged], revoked=True)
    for subject in ("p", "q"):
        b.act(new=[NewOp(Kind.ERASED, Subject("case", subject), {"reason": "request"})])
    b.push()
    assert "隐私" not in readable(db) and "在册" not in readable(db) and other.op_id != line.op_id
    a.push()
    check_streams(db)


def test_an_erasure_costs_what_it_touches(
    db: Database, desks: tuple[DeskHere, DeskHere, DeskHere], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It read every line of every visit and household of the station, twice, with the stream locked."""
    _, b, county = desks
    adds(county)
    county.push()
    for n in range(300):
        b.act(new=[opened(Subject("walk_in", f"w{n}"), "walk_in", f"w{n}", {"name": "来访", "case": "q"})])
    b.push()
    erases(b)
    read: list[str] = []

    def reads(line: bytes) -> Op:
        op = decode(line)
        read.append(op.subject.id)
        return op

    for module in (speaking, erasing):
        monkeypatch.setattr(module, "decode", reads)
    b.push()
    assert sorted(read) == ["h", "h", "h", "p", "p"]
    nobody_says_it(db)


@pytest.mark.parametrize("first", ["says", "erases"])
@pytest.mark.parametrize("kept", [False, True])
def test_at_the_same_moment(
    db: Database, desks: tuple[DeskHere, DeskHere, DeskHere], first: str, kept: bool
) -> None:
    """Neither sees what the other has not committed, and they write into different streams. Whoever comes second
    waits for the first one.
    """
    if not db.is_postgres:
        pytest.skip("one writer")
    _, b, county = desks
    adds(county)
    erases(b)
    pushes: dict[str, Callable[[], object]] = {
        "says": lambda: county.push(revoked=kept), "erases": b.push,
    }  # fmt: skip
    one, second = (county, "erases") if first == "says" else (b, "says")
    caller = one.caller(revoked=kept and first == "says")
    lines = [encode(op) for op in one.ops[one.acked.seq :]]
    head = PushHead(replica=one.replica, acked=one.acked, last_seq=len(one.ops), now_ms=NOW, count=len(lines))
    ended = threading.Event()
    other = threading.Thread(target=lambda: (pushes[second](), ended.set()))
    with db.writing(caller.nums, station=caller.at_station) as con:
        accept.take(con, caller, head, lines, NOW, secret=b"s" * 32)
        other.start()
        assert not ended.wait(0.5)
    other.join(20)
    assert ended.is_set()
    assert "隐私" not in readable(db) and "在册" in readable(db)
    check_streams(db)


@pytest.mark.parametrize("had", [True, False])
def test_who_erases(db: Database, desks: tuple[DeskHere, DeskHere, DeskHere], had: bool) -> None:
    """A station that once had him; nobody else (M-7.1, ADR 19)."""
    a, b, _ = desks
    case(a, "own", name="甲")
    if had:
        moves(b, "p", "a")
        b.push()
        a.act("p", text="甲站的工作")
    a.push()
    who = b if had else a
    erases(who)
    reasons = {v.reason for v in who.push().verdicts}
    assert reasons == ({None} if had else {Reason.OUT_OF_SCOPE})
    assert ("隐私" in readable(db), "甲站的工作" in readable(db)) == (not had, False)
    assert told(db) == ({"a", "b"} if had else set())


def test_fences_do_not_grow_with_what_is_said(db: Database) -> None:
    """The database has one table for the locks of all."""
    with db.writing(EVERYTHING) as con:
        fences.hold(con, shared=[f"p{n}" for n in range(5000)], alone=["p7"])
        if db.is_postgres:
            query = (
                "SELECT mode, count(*) FROM pg_locks WHERE locktype = 'advisory' GROUP BY mode ORDER BY mode"
            )
            held = [tuple(row) for row in con.exec_driver_sql(query)]
            assert held == [("ExclusiveLock", 1), ("ShareLock", 63)]
