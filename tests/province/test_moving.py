"""Moves, merges, late work, erasures over streams, one person twice: both streams in one transaction."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from sqlalchemy import event, select

from jobdesk.cases.codec import decode, encode
from jobdesk.cases.fold import fold
from jobdesk.cases.id_number import check_digit
from jobdesk.cases.ops import Json, Kind, NewOp, Op, Subject, fields_set, opened
from jobdesk.protocol.chains import EMPTY, StreamPoint, add, element, walk
from jobdesk.protocol.codes import ErrorCode, Reason, Verdict
from jobdesk.protocol.messages import BootstrapAsk, Cursor, Notice, TransferAsk
from jobdesk.protocol.validity import TOLD_MS
from province import bootstrap, notices, orgs, pull, streams, transfers
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


def test_a_third_station_hears_nothing_of_what_two_others_do(db: Database) -> None:
    """A merge, its end, a move, what comes after it and an erasure: listed where the files are, or were."""
    with db.writing(EVERYTHING) as con:
        orgs.add(con, [orgs.Org("c", "丙站", "station", "220102", "")])
    a, b, third = DeskHere(db, "a", "r1"), DeskHere(db, "b", "r2"), DeskHere(db, "c", "r3")
    case(a, "alias")
    case(b, "kept")
    a.push()
    b.push()
    a.act(new=[sets("alias", Kind.MERGED, {"merged_into": "kept"})])
    a.act(new=[sets("alias", Kind.UNMERGED, {"merged_into": None})])
    moves(a, "alias", "b")
    a.push()
    b.act("alias")
    b.act(new=[NewOp(Kind.ERASED, Subject("case", "alias"), {"reason": "request"})])
    b.push()
    assert pulled(third, "c") == []
    assert [o.kind for o in pulled(b, "b")][-2:] == [Kind.OPENED, Kind.ERASED]
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
        return [n for n in notices.of(con, desk.caller(), NOW) if n.sender != desk.org]


def test_one_person_in_two_stations_is_told_to_both_once(db: Database) -> None:
    a, b = DeskHere(db, "a", "r1"), DeskHere(db, "b", "r2")
    case(a, "mine", id_number=number(1), name="王小梅", birth="1980-01-01", opened_on="2026-01-05")
    case(a, "other", id_number=number(2))
    a.push()
    case(b, "yours", id_number=number(1).lower(), name="王晓梅", birth="1980-01-01", help_state="open")
    case(b, "no-number", id_number="229901198001010000")
    b.push()
    b.act(new=[sets("yours", Kind.FIELDS_SET, {"id_number": number(1)})])
    b.push()
    assert [(n.kind, n.subjects) for n in told(a)] == [("duplicate", ["mine", "yours"])]
    assert [(n.kind, n.subjects) for n in told(b)] == [("duplicate", ["yours", "mine"])]
    assert number(1) not in "".join(n.model_dump_json() for n in (*told(a), *told(b)))
    (fact,), (there,) = told(a)[0].facts, told(b)[0].facts
    assert (fact.subject, fact.name, fact.birth, fact.help_state) == ("yours", "王**", "1980", "open")
    assert fact.same == there.same == ["birth"] and there.opened_on == "2026-01-05"
    assert told(a)[0].sender == "b" and told(b)[0].sender == "a"
    b.act(new=[NewOp(Kind.ERASED, Subject("case", "yours"), {"reason": "request"})])
    b.push()
    assert [(n.kind, n.why, n.subjects) for n in told(a)] == [("transfer_over", "erased", ["yours"])]
    assert told(b) == []


def test_two_people_after_all_is_said_once_by_whom_it_concerns(db: Database) -> None:
    a, b, carrier = DeskHere(db, "a", "r1"), DeskHere(db, "b", "r2"), DeskHere(db, "220102", "r3", "carrier")
    for desk in (a, b):
        case(desk, f"of-{desk.org}", id_number=number(1))
        desk.push()
    (twin,) = told(a)
    assert refused(carrier, id="n0", step="apart", answers=twin.id)[1] == "no_request"
    assert refused(b, id="n0", step="apart", answers=twin.id)[1] == "no_request"  # its own has another id
    assert ask(a, id="n1", step="apart", answers=twin.id) == ask(a, id="n1", step="apart", answers=twin.id)
    (heard,) = told(b)
    assert (heard.kind, heard.subjects, heard.sender) == ("transfer_apart", ["of-b", "of-a"], "a")
    assert told(a) == [] and refused(a, id="n2", step="apart", answers=twin.id)[1] == "answered"
    b.act(new=[sets("of-b", Kind.FIELDS_SET, {"id_number": number(1)})])
    b.push()
    assert [n.kind for n in (*told(a), *told(b))] == ["transfer_apart"]


def test_a_merge_answers_the_duplicate(db: Database) -> None:
    a, b = DeskHere(db, "a", "r1"), DeskHere(db, "b", "r2")
    case(a, "mine", id_number=number(1))
    a.push()
    case(b, "yours", id_number=number(1))
    b.push()
    assert len(told(a)) == len(told(b)) == 1
    a.act(new=[sets("mine", Kind.MERGED, {"merged_into": "yours"}),
               sets("mine", Kind.TRANSFERRED, {"station": "b"})])  # fmt: skip
    a.push()
    assert told(a) == [] and told(b) == []
    assert [o.kind for o in pulled(b, "b")] == [Kind.OPENED, Kind.MERGED, Kind.OPENED, Kind.TRANSFERRED]
    b.act(new=[sets("mine", Kind.UNMERGED, {"merged_into": None})])
    b.push()
    assert pulled(a, "a")[-1].kind is Kind.UNMERGED
    check_streams(db)


def ask(desk: DeskHere, **said: object) -> Notice:
    caller = desk.caller()
    with desk.db.writing(caller.nums) as con:
        return transfers.transfer(con, caller, TransferAsk.model_validate(said), NOW, b"s" * 32)


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
    lost, friend = DeskHere(db, "a", "r1"), DeskHere(db, "a", "r2")
    ops = [case(lost, f"p{n}")[0] for n in range(4)]
    known = [ops[0], ops[1], ops[3]]  # the third was kept apart: nobody else has it
    taken = friend.witness(lost, known)
    assert [v.verdict for v in taken.verdicts] == [Verdict.ACCEPTED] * 3 and taken.acked.seq == 2
    again = friend.witness(lost, known)
    assert [v.verdict for v in again.verdicts] == [Verdict.ALREADY] * 3
    told = {v.action: v.verdict.value for v in lost.push().verdicts}
    assert [told[o.action_id] for o in ops] == ["already", "already", "accepted", "already"]
    assert lost.acked.seq == 4
    check_streams(db)


def refused(desk: DeskHere, **said: object) -> tuple[ErrorCode, str]:
    with pytest.raises(Refused) as no:
        ask(desk, **said)
    return no.value.error, no.value.detail


def test_a_person_is_asked_for_by_number_and_nothing_of_the_file_is_told(db: Database) -> None:
    a, b = DeskHere(db, "a", "r1"), DeskHere(db, "b", "r2")
    case(a, "p", id_number=number(1), name="王小梅")
    a.push()
    made = ask(b, id="n1", step="request", number=number(1), to="b", text="已迁入我街道")
    assert (made.to, made.subjects, made.target, made.facts) == ("a", ["p"], "b", [])
    (seen,) = told(a)
    assert (seen.sender, seen.target, seen.text) == ("b", "b", "已迁入我街道")
    with db.reading(EVERYTHING) as con:
        assert number(1) not in str([tuple(r) for r in con.execute(select(t.notice)).all()])
        copy = next(n for n in notices.of(con, b.caller(), NOW) if n.sender == "b")
        assert (copy.to, copy.subjects) == ("a", ["p"])
    for _ in range(2):
        assert refused(b, id="n2", step="request", number=number(2), to="b") == (
            ErrorCode.OUT_OF_SCOPE, "nobody",
        )  # fmt: skip
    assert refused(a, id="n3", step="request", number=number(1), to="a")[1] == "here"
    assert refused(a, id="n4", step="request", number=number(1), to="b")[0] is ErrorCode.OUT_OF_SCOPE
    assert refused(b, id="n5", step="request", number=number(1), subject="p", to="b")[0] is ErrorCode.BODY


def test_nobody_goes_through_the_numbers(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transfers, "MOST_A_DAY", 3)
    b = DeskHere(db, "b", "r2")
    for n in range(3):
        with pytest.raises(transfers.NobodyFound) as nobody:
            ask(b, id=f"n{n}", step="request", number=number(n), to="b")
        with db.writing(b.caller().nums) as con:
            transfers.count_nobody(con, nobody.value)
    assert refused(b, id="n9", step="request", number=number(9), to="b") == (ErrorCode.BUSY, "requests")


def test_a_request_is_taken_back_by_who_asked(db: Database) -> None:
    a, b = DeskHere(db, "a", "r1"), DeskHere(db, "b", "r2")
    case(a, "p")
    a.push()
    ask(a, id="n1", step="request", subject="p", to="b", facts=[{"subject": "p", "name": "王*"}])
    assert told(b)[0].facts[0].name == "王*"
    assert refused(b, id="n2", step="withdraw", answers="n1")[1] == "no_request"
    ask(a, id="n3", step="withdraw", answers="n1")
    assert [(n.kind, n.answers) for n in told(b)] == [("transfer_withdraw", "n1")]
    assert refused(b, id="n4", step="accept", answers="n1")[1] == "answered"


def test_requests_whose_long_ids_differ_at_their_end_have_a_copy_each(db: Database) -> None:
    a, b = DeskHere(db, "a", "r1"), DeskHere(db, "b", "r2")
    with db.writing(EVERYTHING) as con:
        con.execute(t.org.insert().values(id="c", name="丙站", level="station", parent="220102"))
        streams.new_stream(con, "c")
    case(a, "p")
    case(a, "q")
    a.push()
    first, second = (f"{'n' * 63}{end}" for end in "12")
    for one, subject in ((first, "p"), (second, "q")):
        ask(b, id=one, step="request", subject=subject, to="b")

    def copies() -> list[list[str]]:
        with db.reading(EVERYTHING) as con:
            return sorted(n.subjects for n in notices.of(con, b.caller(), NOW) if n.sender == "b")

    assert copies() == [["p"], ["q"]]
    ask(a, id="n3", step="refuse", answers=second)
    assert copies() == [["p"]], "the other one is open"
    ask(DeskHere(db, "c", "r4"), id=f"{'n' * 63}3", step="request", subject="p", to="c")
    ask(DeskHere(db, "c", "r4"), id=f"{'n' * 63}4", step="request", subject="q", to="c")
    moves(a, "p", "b")
    moves(a, "q", "b")
    a.push()
    over = [n.subjects for n in told(DeskHere(db, "c", "r4")) if n.kind == "transfer_over"]
    assert sorted(over) == [["p"], ["q"]]


def test_who_asked_in_vain_is_told_where_it_is_over(db: Database) -> None:
    a, b = DeskHere(db, "a", "r1"), DeskHere(db, "b", "r2")
    with db.writing(EVERYTHING) as con:
        con.execute(t.org.insert().values(id="c", name="丙站", level="station", parent="220102"))
        streams.new_stream(con, "c")
    c = DeskHere(db, "c", "r4")
    case(a, "p", id_number=number(1))
    a.push()
    ask(b, id="n1", step="request", number=number(1), to="b")
    ask(c, id="n2", step="request", number=number(1), to="c")
    moves(a, "p", "b")
    a.push()
    assert ask(a, id="n3", step="accept", answers="n1").answers == "n1"  # the move was faster than the word
    assert told(a) == [] and [n.kind for n in told(b)] == ["transfer_accept"]
    assert [(n.kind, n.answers) for n in told(c)] == [("transfer_over", "n2")]
    assert refused(a, id="n4", step="refuse", answers="n2")[1] == "answered"


def test_a_household_is_asked_for_as_one(db: Database) -> None:
    a, b = DeskHere(db, "a", "r1"), DeskHere(db, "b", "r2")
    case(a, "p")
    case(a, "q")
    house = Subject("household", "h")
    a.act(new=[opened(house, "household", "h", {"head_name": "王某"})])
    a.push()
    case(b, "x")
    b.push()
    assert (
        refused(a, id="n0", step="request", subject="h", more=["p", "x"], to="b")[0] is ErrorCode.OUT_OF_SCOPE
    )
    ask(a, id="n1", step="request", subject="h", more=["p", "q"], to="b")
    assert told(b)[0].subjects == ["h", "p", "q"]
    a.act(new=[fields_set(house, "household", "h", {"station": "b"}, {"station": []}, kind=Kind.TRANSFERRED),
               sets("p", Kind.TRANSFERRED, {"station": "b"}),
               sets("q", Kind.TRANSFERRED, {"station": "b"})])  # fmt: skip
    a.push()
    assert told(b) == [] and {o.subject.id for o in pulled(b, "b")} == {"x", "h", "p", "q"}
    check_streams(db)


def test_a_pull_tells_where_somebody_really_is(db: Database) -> None:
    a, late, b = DeskHere(db, "a", "r1"), DeskHere(db, "a", "r3"), DeskHere(db, "b", "r2")
    with db.writing(EVERYTHING) as con:
        con.execute(t.org.insert().values(id="c", name="丙站", level="station", parent="220102"))
        streams.new_stream(con, "c")
    case(a, "p")
    a.push()
    moves(a, "p", "b")
    moves(late, "p", "c")  # by a PC that did not know
    a.push()
    late.push()
    for desk, stream in ((a, "a"), (b, "b")):
        with db.reading(desk.caller().nums) as con:
            answer = pull.answer(con, desk.caller(), [], 1 << 20)
            assert [(h.subject, h.stream) for h in answer.homes] == [("p", "b")]
            head, _ = bootstrap.page(con, desk.caller(), BootstrapAsk(stream=stream), "e", bootstrap.Orders())
            assert head.homes == answer.homes


def test_a_thousand_notices_are_all_told_in_the_end(db: Database) -> None:
    station = DeskHere(db, "a")
    with db.writing(EVERYTHING) as con:
        num = station.caller().home
        assert num is not None
        for n in range(1000):
            notices.tell(con, num, "released", f"n{n:04}", "", NOW - n)
    told: set[str] = set()
    with db.reading(station.caller().nums) as con:
        for minute in range(0, 5 * 400, 5):
            some = notices.of(con, station.caller(), NOW + minute * 60_000)
            assert len(some) == 200 and {f"n{n:04}" for n in range(100)} <= {n.id for n in some}
            told |= {n.id for n in some}
    assert len(told) == 1000


def test_a_request_is_told_until_it_is_answered_however_long_nobody_came(db: Database) -> None:
    station = DeskHere(db, "a")
    with db.writing(EVERYTHING) as con:
        row = {"home": station.caller().home, "subjects": "[]", "text": "", "at_ms": NOW, "sender": "b"}
        notices.put(con, [{"id": k, "kind": k, **row} for k in ("transfer_request", "transfer_refused")])
    with db.reading(station.caller().nums) as con:
        assert len(notices.of(con, station.caller(), NOW)) == 2
        later = NOW + 2 * TOLD_MS
        assert [n.id for n in notices.of(con, station.caller(), later)] == ["transfer_request"]


def test_a_county_asks_once_for_all_its_stations(db: Database) -> None:
    with db.writing(EVERYTHING) as con:
        orgs.add(con, (orgs.Org(f"s{n}", f"站{n}", "station", "220102") for n in range(40)))
    ours, county = DeskHere(db, "a"), DeskHere(db, "220102", "r9", "county")
    ours.act("p")
    ours.push()
    county.pull()
    caller, asked = county.caller(), 0

    def count(*_: object) -> None:
        nonlocal asked
        asked += 1

    with db.reading(caller.nums) as con:
        event.listen(con, "before_cursor_execute", count)
        cursors = [Cursor(stream=s, at=at) for s, at in county.cursors.items()]
        assert len(pull.answer(con, caller, cursors, 1 << 20).pages) == 42
    assert asked < 5


def test_who_takes_a_file_over_is_told_of_the_same_persons_others(db: Database) -> None:
    with db.writing(EVERYTHING) as con:
        orgs.add(con, [orgs.Org("c", "丙站", "station", "220102")])
    a, b, c = (DeskHere(db, org, f"r-{org}") for org in "abc")
    for desk in (a, b):
        case(desk, f"of-{desk.org}", id_number=number(1), name="王小梅")
        desk.push()
    case(a, "again", id_number=number(1))  # at one station: its own matter until one of them leaves
    case(a, "plain", id_number=number(2))
    a.push()
    before = {n.id for n in told(b)}
    wish = ask(c, id="n1", step="request", number=number(1), to="c")
    assert wish.subjects == ["again"]  # one of them; the others are heard of with it
    for subject in ("again", "plain"):
        moves(a, subject, "c")
    a.push()
    mine = {tuple(n.subjects): n.sender for n in told(c) if n.kind == "duplicate"}
    assert mine == {("again", "of-b"): "b", ("again", "of-a"): "a"}
    assert {tuple(n.subjects): n.sender for n in told(b)} == {("of-b", "of-a"): "a", ("of-b", "again"): "c"}
    assert before <= {n.id for n in told(b)}
    assert {tuple(n.subjects) for n in told(a) if n.kind == "duplicate"} == {
        ("of-a", "of-b"),
        ("of-a", "again"),
    }


def test_files_that_were_one_already_are_not_told_again(db: Database) -> None:
    a, c = DeskHere(db, "a", "r1"), DeskHere(db, "b", "r2")
    case(a, "kept", id_number=number(1))
    case(a, "alias", id_number=number(1))
    a.act(new=[sets("alias", Kind.MERGED, {"merged_into": "kept"})])
    a.push()
    moves(a, "kept", "b")
    a.push()
    assert [n for n in (*told(a), *told(c)) if n.kind == "duplicate"] == []
