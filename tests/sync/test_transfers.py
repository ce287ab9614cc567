"""Two stations and a server: asked without a line, agreed, refused, late work, one person twice, households."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.errors import Refused
from jobdesk.cases.id_number import check_digit
from jobdesk.cases.ops import Kind, Subject, opened
from jobdesk.reports.month_numbers_people import read_books
from jobdesk.reports.month_numbers_span import month_span
from jobdesk.services.editing import opening
from jobdesk.services.merging import unmerge
from jobdesk.services.moving import answering, asking, pairing, reading
from jobdesk.services.moving.leaving import depart
from jobdesk.services.undoing import undo_action
from jobdesk.store import ledger, sync_moves, sync_scope, sync_told
from jobdesk.store.log import ops_of_subject
from jobdesk.store.sync_told import Notice
from jobdesk.ui.moves import state
from province.db import tables as t
from province.db.engine import EVERYTHING
from province.streams import new_stream
from tests.sync.ground import PC, Server
from tests.sync.test_moves import backed_up, blank


def number(serial: int) -> str:
    first = f"22990119800101{serial:03}"
    return first + check_digit(first)


@pytest.fixture
def ab(server: Server, pcs: tuple[PC, PC]) -> tuple[PC, PC]:
    """A station each."""
    here, there = pcs
    here.enrol("a").sync_well()
    there.enrol("b").sync_well()
    return here, there


@pytest.fixture
def colleague(server: Server, tmp_path: Path, clock: FixedClock) -> Iterator[PC]:
    """A second PC of the first station."""
    made = PC(tmp_path / "three", server, clock, "刘芳")
    yield made
    made.close()


def waits(pc: PC, kind: str = "") -> list[Notice]:
    found = pc.station.file.read(lambda con: sync_told.notices(con, unseen_only=True)).result()
    return [n for n in found if not kind or n.kind == kind]


def asks(pc: PC) -> list[sync_moves.Ask]:
    return pc.station.file.read(lambda con: sync_moves.asks(con, open_only=True)).result()


def away(pc: PC) -> dict[str, str]:
    return {s.id: s.stream for s in pc.station.file.read(sync_scope.stubs).result()}


def on_list(pc: PC) -> set[str]:
    return set(pc.station.file.read(lambda con: ledger.find_ids(con, ledger.LedgerQuery())).result().ids)


def rounds(*pcs: PC, times: int = 3) -> None:
    for _ in range(times):
        for pc in pcs:
            pc.sync_well()


def third_station(server: Server) -> None:
    """丙站, with the id ``c``, beside the two of ``ab``."""
    with server.db.writing(EVERYTHING) as con:
        con.execute(t.org.insert().values(id="c", name="丙站", level="station", parent="220102"))
        new_stream(con, "c")


def test_asked_without_a_line_agreed_and_gone(ab: tuple[PC, PC], server: Server) -> None:
    here, there = ab
    here.open_case("c1", "王小梅")
    here.set("c1", id_number=number(1), owner=here.staff)
    measure = opening(Subject("case", "c1"), "measure", "m1",
                      {"what": "推荐岗位", "state": "planned", "owner": here.staff, "due": "2026-08-01"})  # fmt: skip
    here.desk.act([measure]).result()
    here.wire.fault = lambda _n: "lost"
    asking.ask_out(here.desk, "c1", "b", "户籍已迁往乙站辖区").result()
    with pytest.raises(Refused, match="move_asked_already"):
        asking.ask_out(here.desk, "c1", "b", "又一次").result()
    assert here.sync().error and not asks(here)[0].is_sent
    here.wire.fault = lambda _n: ""
    rounds(here, there, times=1)
    (asked,) = waits(there, "transfer_request")
    assert asked.text == "户籍已迁往乙站辖区" and asked.more["facts"][0]["name"] == "王**"
    assert "王小梅" not in str(asked) and number(1) not in str(asked)
    assert on_list(here) == {"c1"} and waits(here) == []
    answering.accept(there.desk, asked.id).result()
    assert waits(there) == []
    rounds(there, here, there, times=1)
    assert on_list(here) == set() and away(here) == {"c1": "b"} and asks(here) == []
    assert on_list(there) == {"c1"} and waits(there) == [] and waits(here) == []
    root = there.case("c1").root
    assert (root.text("name"), root.text("moved_from"), root.text("owner")) == ("王小梅", "a", "")
    assert there.case("c1").record("measure", "m1").text("owner_text") == "于晓梅"
    backed_up(server)
    rounds(here, there)
    assert blank(here, "c1")
    (stub,) = here.station.file.read(sync_scope.stubs).result()
    assert (stub.name, stub.moved_on, stub.blanked) == ("王**", "2026-07-01", True)
    assert here.faults() == there.faults() == []


def test_refused_with_a_reason(ab: tuple[PC, PC]) -> None:
    here, there = ab
    here.open_case("c1")
    asking.ask_out(here.desk, "c1", "b", "已搬走").result()
    rounds(here, there, times=1)
    (asked,) = waits(there)
    with pytest.raises(Refused, match="move_reason_needed"):
        answering.refuse(there.desk, asked.id, " ")
    answering.refuse(there.desk, asked.id, "此人仍住在甲站辖区").result()
    with pytest.raises(Refused, match="move_answered"):
        answering.accept(there.desk, asked.id).result()
    rounds(there, here)
    (no,) = waits(here, "transfer_refuse")
    assert no.text == "此人仍住在甲站辖区" and asks(here) == [] and on_list(here) == {"c1"}
    answering.acknowledge(here.desk, no.id).result()
    asking.ask_out(here.desk, "c1", "b", "户口本已核对").result()
    rounds(here, there, times=1)
    assert len(waits(there, "transfer_request")) == 1


def test_asked_for_by_number_without_seeing_the_file(ab: tuple[PC, PC]) -> None:
    here, there = ab
    here.open_case("c1", "王小梅")
    here.set("c1", id_number=number(1))
    with pytest.raises(Refused, match="move_number_wrong"):
        asking.ask_in(there.desk, "229901198001010000", "已迁入").result()
    asking.ask_in(there.desk, number(1), "已迁入我街道").result()
    asking.ask_in(there.desk, number(2), "已迁入我街道").result()
    rounds(here, there, times=1)
    (still,) = asks(there)
    assert still.subjects == ("c1",) and number(1) not in str(still.body)
    assert there.case("c1").exists is False
    lost = there.station.file.read(sync_moves.asks).result()
    assert [a.error for a in lost if a.done_ms] == ["nobody"] and number(2) not in str(lost)
    here.sync_well()
    (asked,) = waits(here, "transfer_request")
    answering.accept(here.desk, asked.id).result()
    assert on_list(here) == set()  # at once, without a line
    rounds(here, there)
    assert on_list(there) == {"c1"} and asks(there) == [] and waits(there) == [] and waits(here) == []
    with pytest.raises(Refused, match="move_is_here"):
        asking.ask_in(there.desk, number(1), "已迁入我街道").result()


def test_one_number_in_several_stations_is_asked_for_at_each(
    ab: tuple[PC, PC], server: Server, tmp_path: Path, clock: FixedClock
) -> None:
    here, there = ab
    third_station(server)
    third = PC(tmp_path / "third", server, clock, "周敏").enrol("c")
    for pc, case in ((here, "c1"), (third, "c3")):
        pc.open_case(case, "王小梅")
        pc.set(case, id_number=number(1))
        pc.sync_well()
    asking.ask_in(there.desk, number(1), "已迁入我街道").result()
    there.wire.fault = lambda _n: "answer_lost" if there.wire.paths[-1] == "/v1/transfer" else ""
    there.sync()  # the server has it, the desk does not know
    there.wire.fault = lambda _n: ""
    rounds(there, here, third, times=1)
    both = asks(there)
    assert {(a.subjects, a.body["shown"]["asked"]) for a in both} == {(("c1",), "a"), (("c3",), "c")}
    assert all(a.body["text"] == "已迁入我街道" and number(1) not in str(a.body) for a in both)
    (asked,), (also,) = waits(here, "transfer_request"), waits(third, "transfer_request")
    answering.refuse(here.desk, asked.id, "本人仍住我街道").result()
    answering.accept(third.desk, also.id).result()
    rounds(here, third, there)
    assert on_list(there) == {"c3"} and on_list(here) == {"c1"} and asks(there) == []
    assert [n.kind for n in waits(there)] == ["transfer_refuse", "duplicate"]
    third.close()


def test_both_ask_for_the_same_move_at_once(ab: tuple[PC, PC]) -> None:
    here, there = ab
    here.open_case("c1")
    here.set("c1", id_number=number(1))
    here.sync_well()
    asking.ask_out(here.desk, "c1", "b", "已搬走").result()
    asking.ask_in(there.desk, number(1), "已搬来").result()
    rounds(here, there)
    assert on_list(there) == {"c1"} and on_list(here) == set()
    for pc in (here, there):
        assert asks(pc) == [] and waits(pc) == []


def test_a_request_is_taken_back(ab: tuple[PC, PC]) -> None:
    here, there = ab
    here.open_case("c1")
    unsent = asking.ask_out(here.desk, "c1", "b", "已搬走").result()
    asking.take_back(here.desk, unsent.id).result()
    rounds(here, there, times=1)
    assert waits(there) == [] and asks(here) == []
    sent = asking.ask_out(here.desk, "c1", "b", "已搬走").result()
    rounds(here, there, times=1)
    assert len(waits(there)) == 1
    asking.take_back(here.desk, sent.id).result()
    rounds(here, there)
    assert waits(there) == [] and waits(here) == [] and on_list(here) == {"c1"}


def test_a_colleague_knows_what_was_asked_and_carries_it_out(ab: tuple[PC, PC], colleague: PC) -> None:
    here, there = ab
    colleague.enrol("a").sync_well()
    here.open_case("c1")
    asking.ask_out(here.desk, "c1", "b", "已搬走").result()
    rounds(here, colleague, there, times=1)
    copy = next(n for n in colleague.station.file.read(sync_told.notices).result() if n.sender == "a")
    assert (copy.kind, copy.to, copy.seen_ms > 0) == ("transfer_request", "b", True)
    answering.accept(there.desk, waits(there)[0].id).result()
    rounds(there, colleague, times=1)
    (agreed,) = waits(colleague, "transfer_accept")  # the first PC is not at work
    answering.carry_out(colleague.desk, agreed.id).result()
    rounds(colleague, here, there)
    assert on_list(there) == {"c1"} and on_list(here) == on_list(colleague) == set()
    assert asks(here) == [] and waits(here) == [] and waits(colleague) == []


def test_two_pcs_of_a_station_move_one_person_to_two_others(
    ab: tuple[PC, PC], colleague: PC, server: Server, clock: FixedClock
) -> None:
    """Only the first moves; whoever wrote the later one, with the greater stamp, learns where the person is."""
    here, there = ab
    third_station(server)
    colleague.enrol("a")
    here.open_case("c1")
    rounds(here, colleague, times=1)
    for pc, to in ((here, "b"), (colleague, "c")):
        clock.ms += 60_000
        pc.station.file.write(
            lambda w, p=pc, to=to: depart(w, p.staff, ["c1"], to, "2026-07-01", "搬走", {})
        ).result()
        assert away(pc) == {"c1": to}
    rounds(here, there, colleague, there, times=1)
    assert on_list(there) == {"c1"} and away(there) == {}
    assert there.case("c1").root.conflicts == ("station",)
    for pc in (here, colleague):
        assert on_list(pc) == set() and away(pc) == {"c1": "b"}
    backed_up(server)
    rounds(colleague, there, here)
    assert blank(colleague, "c1") and not blank(there, "c1")


def test_late_work_arrives_as_a_record_or_a_suggestion(ab: tuple[PC, PC], colleague: PC) -> None:
    here, there = ab
    colleague.enrol("a")
    here.open_case("c1")
    here.set("c1", phone="19900000001", address="甲街1号")
    rounds(here, colleague, times=1)
    colleague.serve("c1", "下乡时记的服务")
    colleague.set("c1", phone="19900000002", address="甲街2号")
    asking.ask_out(here.desk, "c1", "b", "已搬走").result()
    rounds(here, there, times=1)
    answering.accept(there.desk, waits(there)[0].id).result()
    rounds(there, here, there, times=1)
    there.set("c1", phone="19900000003")
    rounds(there, colleague, there, times=1)
    file = there.case("c1")
    assert [s.text("content") for s in file.of("service")] == ["下乡时记的服务"]
    assert file.root.conflicts == ("phone",)  # what the new station wrote meanwhile stands beside it
    assert {str(h.value) for h in file.root.fields["phone"].heads} == {"19900000002", "19900000003"}
    assert file.root.text("address") == "甲街2号"  # nobody had written there since
    assert on_list(colleague) == set() and away(colleague) == {"c1": "b"}
    assert there.faults() == colleague.faults() == []


def test_a_move_is_not_undone_and_comes_back_by_asking(ab: tuple[PC, PC]) -> None:
    here, there = ab
    here.open_case("c1")
    here.serve("c1", "第一次服务")
    asking.ask_out(here.desk, "c1", "b", "已搬走").result()
    rounds(here, there, times=1)
    answering.accept(there.desk, waits(there)[0].id).result()
    rounds(there, here, times=1)
    action = here.station.file.read(
        lambda con: next(o.action_id for o in ops_of_subject(con, "c1") if o.kind is Kind.TRANSFERRED)
    ).result()
    with pytest.raises(Refused, match="undo_transferred"):
        undo_action(here.desk, action).result()
    there.sync_well()
    asking.ask_for(here.desk, "c1", "转错了人").result()
    rounds(here, there, times=1)
    answering.accept(there.desk, waits(there, "transfer_request")[0].id).result()
    rounds(there, here)
    assert on_list(here) == {"c1"} and away(here) == {} and away(there) == {"c1": "a"}
    assert len(here.case("c1").of("service")) == 1 and asks(here) == []


def house(pc: PC) -> None:
    subject = Subject("household", "h1")
    pc.desk.act([
        opened(subject, "household", "h1", {"head_name": "赵大", "kind": "zero"}),
        opened(subject, "member", "m1", {"case": "c1", "relation": "head", "since": "2026-01-01"}),
        opened(subject, "member", "m2", {"case": "c2", "relation": "spouse", "since": "2026-01-01"}),
        opened(subject, "member", "m3", {"name": "赵小", "relation": "son", "since": "2026-01-01"}),
    ]).result()  # fmt: skip


def test_a_household_splits_when_one_of_it_moves(ab: tuple[PC, PC]) -> None:
    here, there = ab
    here.open_case("c1", "赵大")
    here.open_case("c2", "钱芳")
    house(here)
    asking.ask_out(here.desk, "c2", "b", "离婚迁出").result()
    rounds(here, there, times=1)
    answering.accept(there.desk, waits(there)[0].id).result()
    rounds(there, here, there, times=1)
    left = here.state(Subject("household", "h1"))
    assert left.record("member", "m2").text("until") == "2026-07-01"
    assert left.record("member", "m2").text("name") == "钱*"
    assert left.record("member", "m1").get("until") is None
    assert on_list(here) == {"c1"} and on_list(there) == {"c2"}
    assert not there.state(Subject("household", "h1")).exists


def test_a_whole_household_moves_in_one(ab: tuple[PC, PC]) -> None:
    here, there = ab
    here.open_case("c1", "赵大")
    here.open_case("c2", "钱芳")
    house(here)
    here.open_case("c3", "邻居")
    asking.ask_household_out(here.desk, "h1", "b", "全家迁走").result()
    rounds(here, there, times=1)
    (asked,) = waits(there)
    assert asked.subjects == ("h1", "c1", "c2")
    answering.accept(there.desk, asked.id).result()
    rounds(there, here, there, times=1)
    assert on_list(here) == {"c3"} and on_list(there) == {"c1", "c2"}
    assert set(away(here)) == {"h1", "c1", "c2"}
    come = there.state(Subject("household", "h1"))
    assert [m.text("until") for m in come.of("member")] == ["", "", ""] and come.root.text("kind") == "zero"
    action = {
        o.action_id for s in ("h1", "c1", "c2")
        for o in here.station.file.read(lambda con, s=s: ops_of_subject(con, s)).result()
        if o.kind is Kind.TRANSFERRED
    }  # fmt: skip
    assert len(action) == 1


def test_one_person_at_two_stations_is_merged_and_taken_apart(ab: tuple[PC, PC], server: Server) -> None:
    here, there = ab
    copy = server.copy("before.db")
    for pc, case, name in ((here, "mine", "王小梅"), (there, "yours", "王小梅")):
        pc.open_case(case, name)
        pc.set(case, id_number=number(1))
        pc.serve(case, f"{case} 的服务")
    rounds(here, there, here, times=1)
    (twin,) = waits(here, "duplicate")
    (other,) = waits(there, "duplicate")
    assert twin.subjects == ("mine", "yours") and twin.sender == "b" and other.sender == "a"
    (fact,) = twin.more["facts"]
    assert fact["name"] == "王**" and fact["same"] == ["name"]
    asking.ask_for(there.desk, "mine", "此人现住本站辖区", into="yours").result()
    rounds(there, here, times=1)
    (asked,) = waits(here, "transfer_request")
    answering.accept(here.desk, asked.id).result()
    rounds(here, there)
    assert waits(here) == [] and waits(there) == [] and asks(there) == []
    assert on_list(here) == set() and on_list(there) == {"yours"}
    assert there.case("mine").root.text("merged_into") == "yours"
    assert len(there.case("mine").of("service")) == 1
    server.restore(copy, epoch=True)
    rounds(there, here)
    rounds(there, here)
    assert on_list(here) == set() and on_list(there) == {"yours"}
    assert (
        there.case("mine").root.text("merged_into") == "yours" and len(there.case("mine").of("service")) == 1
    )
    assert waits(here) == [] and waits(there) == []
    unmerge(there.desk, "mine", "原来是两个人").result()
    rounds(there, here)
    assert on_list(there) == {"mine", "yours"} and on_list(here) == set()
    backed_up(server)
    rounds(there, here)
    assert blank(here, "mine") and on_list(there) == {"mine", "yours"}
    for org, pc in (("a", here), ("b", there)):
        assert pc.digest(org) == server.digest(org) and pc.faults() == []


def test_two_people_after_all_is_known_on_both_sides_and_on_every_pc(
    ab: tuple[PC, PC], colleague: PC, server: Server
) -> None:
    here, there = ab
    colleague.enrol("a")
    for pc, case in ((here, "mine"), (there, "yours")):
        pc.open_case(case, "王小梅")
        pc.set(case, id_number=number(1))
    rounds(here, there, here, colleague, times=1)
    (twin,) = waits(here, "duplicate")
    assert waits(there, "duplicate") and waits(colleague, "duplicate")
    pairing.not_the_same(here.desk, twin.id).result()
    assert waits(here) == [] and len(asks(here)) == 1
    rounds(here, there, colleague, times=2)
    assert asks(here) == [] and waits(here) == [] and waits(colleague) == []
    (told,) = waits(there)
    assert (told.kind, told.subjects, told.sender) == ("transfer_apart", ("yours", "mine"), "a")
    found = reading.load_moves(there.desk).result()
    assert found.twins == () and [n.id for n in found.answers] == [told.id]
    (section,) = state.sections("twins", found, date(2026, 7, 1))
    assert "不是同一人" in section.cards[0].title and state.waiting(found) == {"in": 0, "out": 0, "twins": 1}
    answering.acknowledge(there.desk, told.id).result()
    there.set("yours", id_number=number(1), phone="19900000001")
    rounds(there, here, colleague)
    assert waits(here) == waits(there) == waits(colleague) == []


def test_who_takes_a_file_over_hears_of_the_same_persons_other_file(
    ab: tuple[PC, PC], server: Server, tmp_path: Path, clock: FixedClock
) -> None:
    here, there = ab
    third_station(server)
    third = PC(tmp_path / "third", server, clock, "丙")
    third.enrol("c")
    for pc, case in ((here, "mine"), (there, "yours")):
        pc.open_case(case, "王小梅")
        pc.set(case, id_number=number(1))
    rounds(here, there, here, third, times=1)
    assert [n.sender for n in waits(here, "duplicate")] == ["b"]
    there.station.file.write(
        lambda w: depart(w, there.staff, ["yours"], "c", "2026-07-01", "搬走", {})
    ).result()
    rounds(there, third, here, there, times=1)
    assert waits(there, "duplicate") == []
    (told,) = waits(third, "duplicate")
    assert (told.subjects, told.sender) == (("yours", "mine"), "a")
    assert [(n.subjects, n.sender) for n in waits(here, "duplicate")] == [(("mine", "yours"), "c")]
    third.close()


def test_words_that_a_restored_server_lost_are_said_again(ab: tuple[PC, PC], server: Server) -> None:
    here, there = ab
    here.open_case("c1")
    here.sync_well()
    copy = server.copy("before.db")
    asking.ask_out(here.desk, "c1", "b", "已搬走").result()
    rounds(here, there, times=1)
    answering.accept(there.desk, waits(there)[0].id).result()
    there.sync_well()
    server.restore(copy, epoch=True)
    rounds(there, here)
    assert on_list(there) == {"c1"} and on_list(here) == set()
    assert waits(here) == waits(there) == [] and asks(here) == []


def test_stations_are_known_without_a_line(ab: tuple[PC, PC]) -> None:
    here, _ = ab
    here.wire.fault = lambda _n: "lost"
    found = asking.find_stations(here.desk).result()
    assert [(s.stream, s.name, s.under) for s in found] == [("b", "乙站", "县")]
    assert asking.find_stations(here.desk, "乙").result() == found
    assert asking.find_stations(here.desk, "丙").result() == []


def month(pc: PC, year: int, number: int) -> tuple[set[str], list[tuple[str, str]]]:
    """(who stood on the books at the end of a month, comings and goings)."""
    span = month_span(f"{year}-{number:02}", pc.desk.today)
    found = pc.station.file.read(lambda con: read_books(con, pc.desk, span)).result()
    moves = sorted((p.name, m.move.value) for p in found.people for m in p.moves)
    return {p.name for p in found.people if p.here(span.until)}, moves


def test_the_books_of_both_stations_add_up_before_and_after(
    ab: tuple[PC, PC], server: Server, clock: FixedClock
) -> None:
    here, there = ab
    for case, name in (("0190a1b2c3d4", "王小梅"), ("0190a1b2c3d5", "赵大")):
        here.open_case(case, name)
        here.set(case, opened_on="2026-05-10")
    assert month(here, 2026, 6)[0] == {"王小梅", "赵大"}
    asking.ask_out(here.desk, "0190a1b2c3d4", "b", "已搬走").result()
    rounds(here, there, times=1)
    answering.accept(there.desk, waits(there)[0].id).result()
    rounds(there, here, there, times=1)
    clock.ms += 40 * 24 * 3600 * 1000
    for blanked in (False, True):
        if blanked:
            backed_up(server)
            rounds(here, there)
        name = "王**" if blanked else "王小梅"
        assert blank(here, "0190a1b2c3d4") is blanked
        assert month(here, 2026, 5) == ({name, "赵大"}, [(name, "new"), ("赵大", "new")])
        assert month(here, 2026, 7) == ({"赵大"}, [(name, "moved_out")])
        assert month(here, 2026, 8) == ({"赵大"}, [])
    assert month(there, 2026, 6) == (set(), [])
    assert month(there, 2026, 7) == ({"王小梅"}, [("王小梅", "moved_in")])


def test_the_new_station_comes_first_to_a_server_that_lost_the_move(
    ab: tuple[PC, PC], server: Server
) -> None:
    """Its work on a file that the server believes elsewhere waits, and is listed once the move is there again."""
    here, there = ab
    here.open_case("c1", "王小梅")
    here.sync_well()
    copy = server.copy("before.db")
    asking.ask_out(here.desk, "c1", "b", "已搬走").result()
    rounds(here, there, times=1)
    answering.accept(there.desk, waits(there)[0].id).result()
    rounds(there, here, there, times=1)
    there.serve("c1", "在新站的服务")
    there.sync_well()
    server.restore(copy, epoch=True)
    there.sync_well()
    there.serve("c1", "服务器恢复以后的服务")
    there.sync_well()
    rounds(here, there, here, there)
    apart = there.station.file.read(sync_told.apart).result()
    assert apart == []
    assert on_list(there) == {"c1"} and on_list(here) == set()
    assert len(there.case("c1").of("service")) == 2
    for org, pc in (("a", here), ("b", there)):
        assert pc.digest(org) == server.digest(org) and pc.faults() == []
