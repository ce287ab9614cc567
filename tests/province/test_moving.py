"""Moves, merges, late work, erasures over streams, one person twice: both streams in one transaction."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from sqlalchemy import select

from jobdesk.cases.codec import decode, encode
from jobdesk.cases.fold import fold
from jobdesk.cases.id_number import check_digit
from jobdesk.cases.ops import Json, Kind, NewOp, Op, Subject, fields_set, opened
from jobdesk.protocol.chains import EMPTY, StreamPoint, add, element, walk
from jobdesk.protocol.codes import ErrorCode, Reason, Verdict
from jobdesk.protocol.messages import Notice, TransferAsk
from province import notices
from province.db import tables as t
from province.db.engine import EVERYTHING, Database
from province.refusing import Refused
from tests.province.ground import NOW, DeskHere


def case(desk: DeskHere, subject: str, **values: Json) -> list[Op]:
    return desk.act(new=[opened(Subject("case", subject), "case", subject, values)])


def sets(subject: str, kind: Kind, values: Mapping[str, Json], bases: list[str] | None = None) -> NewOp:
    known = {name: bases or [] for name in values}
    return fields_set(Subject("case", subject), "case", subject, values, known, kind=kind)


def moves(desk: DeskHere, subject: str, to: str, bases: list[str] | None = None) -> list[Op]:
    return desk.act(new=[sets(subject, Kind.TRANSFERRED, {"station": to}, bases)])


def pulled(desk: DeskHere, stream: str) -> list[Op]:
    while desk.pull():
        pass
    return [decode(line) for line in desk.pulled.get(stream, [])]


def check_streams(db: Database) -> None:
    """Places without a gap, chain and digest as everybody computes them."""
    with db.reading(EVERYTHING) as con:
        for row in con.execute(select(t.stream)).all():
            listed = con.execute(
                select(t.listing.c.seq, t.op.c.line, t.op.c.hash)
                .join(t.op, t.op.c.op_id == t.listing.c.op_id)
                .where(t.listing.c.stream == row.num)
                .order_by(t.listing.c.seq)
            ).all()
            assert [r.seq for r in listed] == list(range(1, row.head + 1))
            end = walk(StreamPoint(), [decode(bytes(r.line)) for r in listed])
            assert bytes(row.hash) == end.hash
            assert bytes(row.digest) == add(EMPTY, (element(r.seq, bytes(r.hash)) for r in listed))


def test_who_moves_takes_everything_along(db: Database) -> None:
    a, b = DeskHere(db, "a", "r1"), DeskHere(db, "b", "r2")
    case(a, "p", name="张某")
    a.act("p")
    case(a, "q")
    moves(a, "p", "b")
    assert [v.verdict for v in a.push().verdicts] == [Verdict.ACCEPTED] * 4
    there = pulled(b, "b")
    assert [o.kind for o in there] == [Kind.OPENED, Kind.OPENED, Kind.TRANSFERRED]
    assert fold(there).root.get("name") == "张某" and fold(there).root.get("station") == "b"
    assert len(pulled(a, "a")) == 4
    b.act("p")
    assert b.push().verdicts[0].verdict is Verdict.ACCEPTED
    assert len(pulled(b, "b")) == 4 and len(pulled(a, "a")) == 4
    check_streams(db)


def test_late_work_of_the_old_station_finds_the_new_home(db: Database) -> None:
    a, late, b = DeskHere(db, "a", "r1"), DeskHere(db, "a", "r3"), DeskHere(db, "b", "r2")
    case(a, "p")
    late.act("p")
    moves(a, "p", "b")
    a.push()
    assert late.push().verdicts[0].verdict is Verdict.ACCEPTED
    assert len(pulled(b, "b")) == 3 and len(pulled(a, "a")) == 2
    late.acked = type(late.acked)()
    assert late.push().verdicts[0].verdict is Verdict.ALREADY
    check_streams(db)


def test_two_stations_move_one_person_and_the_first_stands(db: Database) -> None:
    a, other, b = DeskHere(db, "a", "r1"), DeskHere(db, "a", "r3"), DeskHere(db, "b", "r2")
    case(a, "p")
    a.push()
    moves(other, "p", "a")  # where it is: nothing moves
    moves(a, "p", "b")
    a.push()
    moves(other, "p", "a")  # it is no longer his to move
    other.push()
    assert len(pulled(b, "b")) == 4
    with db.reading(EVERYTHING) as con:
        home = con.execute(select(t.subject.c.home).where(t.subject.c.id == "p")).scalar_one()
        assert home == con.execute(select(t.stream.c.num).where(t.stream.c.id == "b")).scalar_one()
    check_streams(db)


def test_there_and_back_again(db: Database) -> None:
    a, b = DeskHere(db, "a", "r1"), DeskHere(db, "b", "r2")
    case(a, "p")
    moves(a, "p", "b")
    a.push()
    b.act("p")
    moves(b, "p", "a")
    assert {v.verdict for v in b.push().verdicts} == {Verdict.ACCEPTED}
    assert [o.replica_id for o in pulled(a, "a")] == ["r1", "r1", "r2", "r2"]
    a.act("p")
    assert a.push().verdicts[0].verdict is Verdict.ACCEPTED
    assert len(pulled(a, "a")) == 5 and len(pulled(b, "b")) == 4
    b.act("p")  # now it is b that comes late
    b.push()
    assert len(pulled(a, "a")) == 6
    check_streams(db)


def test_to_a_station_that_there_is_not(db: Database) -> None:
    a = DeskHere(db, "a", "r1")
    case(a, "p")
    moves(a, "p", "nowhere")
    case(a, "q")
    assert [v.reason for v in a.push().verdicts] == [None, Reason.BAD_PAYLOAD, None]
    check_streams(db)


def test_a_merge_over_two_stations_is_seen_by_both_and_taken_apart_by_both(db: Database) -> None:
    a, b = DeskHere(db, "a", "r1"), DeskHere(db, "b", "r2")
    case(a, "alias")
    case(b, "kept")
    a.push()
    b.push()
    a.act(new=[sets("alias", Kind.MERGED, {"merged_into": "kept"})])
    a.act(new=[sets("alias", Kind.UNMERGED, {"merged_into": None})])
    a.push()
    assert [o.kind for o in pulled(b, "b")] == [Kind.OPENED, Kind.MERGED, Kind.UNMERGED]
    assert [o.kind for o in pulled(a, "a")] == [Kind.OPENED, Kind.MERGED, Kind.UNMERGED]
    check_streams(db)


def test_who_moved_is_erased_everywhere(db: Database) -> None:
    a, b, late = DeskHere(db, "a", "r1"), DeskHere(db, "b", "r2"), DeskHere(db, "a", "r3")
    case(a, "p", name="隐私")
    late.act("p", text="晚到的隐私")
    moves(a, "p", "b")
    a.push()
    b.act("p", text="新站的隐私")
    b.act(new=[NewOp(Kind.ERASED, Subject("case", "p"), {"reason": "request"})])
    b.push()
    late.push()
    for desk, stream in ((a, "a"), (b, "b")):
        assert Kind.ERASED in [o.kind for o in pulled(desk, stream)]
        assert not any("隐私".encode() in line for line in desk.pulled[stream])
    assert len(pulled(b, "b")) == 5
    check_streams(db)


def test_what_a_household_says_of_the_erased_goes_too(db: Database) -> None:
    a = DeskHere(db, "a", "r1")
    case(a, "p", name="隐私")
    house = Subject("household", "h")
    a.act(new=[opened(house, "household", "h", {"head_name": "别人"}),
               opened(house, "member", "m", {"case": "p", "name": "隐私"})])  # fmt: skip
    a.act(new=[NewOp(Kind.ERASED, Subject("case", "p"), {"reason": "request"})])
    a.push()
    told = b"".join(encode(o) for o in pulled(a, "a"))
    assert "别人".encode() in told and "隐私".encode() not in told


def number(serial: int) -> str:
    first = f"22990119800101{serial:03}"
    return first + check_digit(first)


def told(desk: DeskHere) -> list[Notice]:
    with desk.db.reading(desk.caller().nums) as con:
        return notices.of(con, desk.caller(), NOW)


def test_one_person_in_two_stations_is_told_to_both_once(db: Database) -> None:
    a, b = DeskHere(db, "a", "r1"), DeskHere(db, "b", "r2")
    case(a, "mine", id_number=number(1))
    case(a, "other", id_number=number(2))
    a.push()
    case(b, "yours", id_number=number(1).lower())
    case(b, "no-number", id_number="229901198001010000")
    b.push()
    b.act(new=[sets("yours", Kind.FIELDS_SET, {"id_number": number(1)})])
    b.push()
    assert [(n.kind, n.subjects) for n in told(a)] == [("duplicate", ["mine", "yours"])]
    assert [(n.kind, n.subjects) for n in told(b)] == [("duplicate", ["yours", "mine"])]
    assert number(1) not in "".join(n.model_dump_json() for n in told(a))


def ask(desk: DeskHere, **said: str) -> Notice:
    caller = desk.caller()
    with desk.db.writing(caller.nums) as con:
        return notices.transfer(con, caller, TransferAsk.model_validate(said), NOW)


def test_a_request_is_answered_once_by_the_station_that_was_asked(db: Database) -> None:
    a, b = DeskHere(db, "a", "r1"), DeskHere(db, "b", "r2")
    case(a, "p")
    a.push()
    wish = {"id": "n1", "step": "request", "subject": "p", "to": "b", "text": "户籍已迁来\0"}
    assert ask(b, **wish) == ask(b, **wish)
    (seen,) = told(a)
    assert (seen.kind, seen.sender, seen.to, seen.text) == ("transfer_request", "b", "a", "户籍已迁来")
    for wrong in ({"id": "n2", "step": "accept", "answers": "n1"}, {"id": "n1", "step": "accept"}):
        if wrong["id"] == "n2":
            with pytest.raises(Refused) as refused:
                ask(b, **wrong)
            assert refused.value.error is ErrorCode.OUT_OF_SCOPE
    ask(a, id="n3", step="refuse", answers="n1", text="仍在本站")
    with pytest.raises(Refused):
        ask(a, id="n4", step="accept", answers="n1")
    assert [(n.kind, n.answers) for n in told(b)] == [("transfer_refuse", "n1")] and told(a) == []
    ask(a, id="n5", step="request", subject="p", to="b")
    assert [n.id for n in told(b) if n.kind == "transfer_request"] == ["n5"]
    moves(a, "p", "b")
    a.push()
    assert [n.id for n in told(b) if n.kind == "transfer_request"] == []


def test_nobody_asks_for_others(db: Database) -> None:
    a, county = DeskHere(db, "a", "r1"), DeskHere(db, "220102", "r3", "carrier")
    case(a, "p")
    a.push()
    for desk, said in ((a, {"subject": "unknown", "to": "b"}), (a, {"subject": "p", "to": "nowhere"}),
                       (a, {"subject": "p", "to": "a"}), (county, {"subject": "p", "to": "b"})):  # fmt: skip
        with pytest.raises(Refused) as refused:
            ask(desk, id="n", step="request", **said)
        assert refused.value.error is ErrorCode.OUT_OF_SCOPE


def test_witnesses_refill_a_server_that_lost_a_day(db: Database) -> None:
    lost, friend, far = DeskHere(db, "a", "r1"), DeskHere(db, "a", "r2"), DeskHere(db, "b", "r9")
    ops = [case(lost, f"p{n}")[0] for n in range(4)]
    known = [ops[0], ops[1], ops[3]]  # the third was kept apart: nobody else has it
    taken = friend.witness(lost, known)
    assert [v.verdict for v in taken.verdicts] == [Verdict.ACCEPTED] * 3 and taken.acked.seq == 2
    again = friend.witness(lost, known)
    assert [v.verdict for v in again.verdicts] == [Verdict.ALREADY] * 3
    told = {v.action: v.verdict.value for v in lost.push().verdicts}
    assert [told[o.action_id] for o in ops] == ["already", "already", "accepted", "already"]
    assert lost.acked.seq == 4
    far.act("x")
    far.push()
    with db.writing(EVERYTHING) as con:
        con.execute(t.device.insert().values(id="dev-r9", org="b", role="desk", public_key=b"k",
                                             enrolled_ms=0, valid_until_ms=0))  # fmt: skip
    with pytest.raises(Refused) as refused:
        friend.witness(far, [])
    assert refused.value.error is ErrorCode.OUT_OF_SCOPE
    check_streams(db)
