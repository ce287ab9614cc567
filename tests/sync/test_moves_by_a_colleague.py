"""What a colleague did about a file while this PC had no line: it is not done a second time."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.errors import Refused
from jobdesk.cases.ops import Kind, Op, Subject
from jobdesk.services.merging import unmerge
from jobdesk.services.moving import answering, asking, pairing, reading
from jobdesk.services.moving.following import follow
from jobdesk.store import sync_moves, sync_told
from jobdesk.store.log import ops_of_subject
from jobdesk.store.sync_told import Notice
from tests.sync.ground import DAY_MS, PC, Server
from tests.sync.test_transfers import (
    ab,
    asks,
    away,
    colleague,
    house,
    number,
    on_list,
    rounds,
    third_station,
    waits,
)

__all__ = ["ab", "colleague"]


def moves_of(pc: PC, subject: str) -> list[Op]:
    ops = pc.station.file.read(lambda con: ops_of_subject(con, subject)).result()
    return [op for op in ops if op.kind is Kind.TRANSFERRED]


def ended(pc: PC) -> list[tuple[str, str]]:
    """(step, why it came to nothing) of this PC's words that are over."""
    found = pc.station.file.read(sync_moves.asks).result()
    return [(a.step, a.error) for a in found if a.done_ms]


def agrees(pc: PC) -> None:
    """It says yes to the first that it is asked."""
    answering.accept(pc.desk, waits(pc, "transfer_request")[0].id).result()


def asks_out(pc: PC, there: PC, *also: PC, target: str = "b") -> None:
    """It asks to move the file to ``there``, where everybody named has heard it and the answer is yes."""
    asking.ask_out(pc.desk, "c1", target, "已搬走").result()
    rounds(pc, *also, there, times=1)
    agrees(there)


def fetches(pc: PC, there: PC) -> None:
    """It asks for the file, and ``there`` moves it."""
    asking.ask_for(pc.desk, "c1", "转错了").result()
    rounds(pc, there, times=1)
    agrees(there)
    rounds(there, pc, times=2)


def agreed_on(here: PC, there: PC, colleague: PC, *also: PC) -> None:
    """The first PC has asked and goes off the line; 乙站 has agreed."""
    colleague.enrol("a").sync_well()
    here.open_case("c1", "王小梅")
    asks_out(here, there, *also, colleague)


def carried_out(here: PC, there: PC, colleague: PC) -> None:
    """The same, and the colleague moves the file."""
    agreed_on(here, there, colleague)
    rounds(there, colleague, times=1)
    (agreed,) = waits(colleague, "transfer_accept")
    answering.carry_out(colleague.desk, agreed.id).result()
    rounds(colleague, there, times=2)


def test_a_pc_that_comes_back_moves_nobody_a_second_time(
    ab: tuple[PC, PC], colleague: PC, clock: FixedClock
) -> None:
    here, there = ab
    carried_out(here, there, colleague)
    clock.ms += 28 * DAY_MS
    rounds(here, there, colleague)
    for pc in (here, there, colleague):
        (moved,) = moves_of(pc, "c1")
        assert moved.replica_id in _lives(colleague)
        assert pc.case("c1").root.text("moved_on") == "2026-07-01"
    assert asks(here) == [] and ended(here) == [("request", "")]
    assert waits(here) == waits(there) == waits(colleague) == []


def test_who_was_asked_back_meanwhile_stays(ab: tuple[PC, PC], colleague: PC, clock: FixedClock) -> None:
    here, there = ab
    carried_out(here, there, colleague)
    clock.ms += 7 * DAY_MS
    fetches(colleague, there)
    clock.ms += 14 * DAY_MS
    rounds(here, there, colleague)
    assert on_list(here) == on_list(colleague) == {"c1"} and on_list(there) == set()
    assert len(moves_of(here, "c1")) == 2
    assert asks(here) == [] and ended(here) == [("request", "")] and waits(here) == []


def test_who_was_asked_back_can_be_sent_once_more(
    ab: tuple[PC, PC], colleague: PC, clock: FixedClock
) -> None:
    """A move that was known when a request was said is none by it, also where the clock went back since."""
    here, there = ab
    carried_out(here, there, colleague)
    fetches(colleague, there)
    rounds(here)
    clock.ms -= 300 * DAY_MS
    asks_out(here, there)
    rounds(there, here, there)
    assert on_list(there) == {"c1"} and on_list(here) == set()
    assert len(moves_of(there, "c1")) == 3


def test_who_went_on_to_a_third_station_is_left_there(
    ab: tuple[PC, PC], colleague: PC, clock: FixedClock, server: Server, tmp_path: Path
) -> None:
    here, there = ab
    third_station(server)
    third = PC(tmp_path / "four", server, clock, "钱敏").enrol("c")
    third.sync_well()
    carried_out(here, there, colleague)
    clock.ms += 7 * DAY_MS
    asks_out(there, third, target="c")
    rounds(third, there, third, times=2)
    clock.ms += 14 * DAY_MS
    rounds(here, there, third, colleague)
    root = third.case("c1").root
    assert root.conflicts == () and root.text("moved_on") == "2026-07-08"
    assert on_list(third) == {"c1"} and len(moves_of(third, "c1")) == 2
    assert ended(here) == [("request", "")] and away(here) == {"c1": "c"}
    third.close()


def test_what_was_agreed_counts_no_longer_once_the_file_went_elsewhere(
    ab: tuple[PC, PC], colleague: PC, clock: FixedClock, server: Server, tmp_path: Path
) -> None:
    """It came home again, and nobody has asked since whether it is to go where it was first to go."""
    here, there = ab
    third_station(server)
    third = PC(tmp_path / "four", server, clock, "钱敏").enrol("c")
    agreed_on(here, there, colleague, third)
    rounds(there, times=1)
    fetches(third, colleague)
    fetches(colleague, third)
    rounds(here, there, colleague)
    assert on_list(here) == {"c1"} and on_list(there) == on_list(third) == set()
    assert asks(here) == [] and ended(here) == [("request", "gone")]
    third.close()


def test_a_pc_that_did_not_ask_is_not_offered_to_move_who_came_back(
    ab: tuple[PC, PC], colleague: PC, clock: FixedClock, server: Server, tmp_path: Path
) -> None:
    here, there = ab
    third = PC(tmp_path / "third", server, clock, "郑立群").enrol("a")
    third.sync_well()
    carried_out(here, there, colleague)
    clock.ms += 7 * DAY_MS
    fetches(colleague, there)
    new = PC(tmp_path / "new", server, clock, "何雨").enrol("a")
    for pc in (third, new):
        rounds(pc, times=1)
        assert on_list(pc) == {"c1"} and waits(pc) == []
        assert reading.load_moves(pc.desk).result().answers == ()
        pc.close()


def test_a_click_on_an_old_page_moves_nobody(ab: tuple[PC, PC], colleague: PC) -> None:
    """The page that offers it was drawn before the exchange that brought the move, and who came back."""
    here, there = ab
    agreed_on(here, there, colleague)
    rounds(there, colleague, times=1)
    (agreed,) = waits(colleague, "transfer_accept")
    rounds(here, there, times=2)
    fetches(here, there)
    rounds(colleague)
    assert on_list(colleague) == {"c1"}
    with pytest.raises(Refused, match="move_answered"):
        answering.carry_out(colleague.desk, agreed.id).result()


def test_who_was_asked_for_and_has_gone_on_is_not_waited_for(
    ab: tuple[PC, PC], colleague: PC, clock: FixedClock
) -> None:
    """The first PC asks 乙站 for a file; it comes and goes back while that PC has no line."""
    here, there = ab
    colleague.enrol("a").sync_well()
    there.open_case("c1", "王小梅")
    there.set("c1", id_number=number(1))
    there.sync_well()
    asking.ask_in(here.desk, number(1), "已搬来").result()
    rounds(here, there, times=1)
    agrees(there)
    rounds(there, colleague, times=2)
    asks_out(colleague, there)
    rounds(there, colleague, there, times=1)
    assert on_list(there) == {"c1"} and on_list(colleague) == set()
    clock.ms += 14 * DAY_MS
    rounds(here, there)
    assert on_list(there) == {"c1"} and len(moves_of(there, "c1")) == 2
    assert asks(here) == [] and ended(here) == [("request", "")] and waits(here) == []


def test_of_a_household_those_leave_who_have_not_left_by_themselves(
    ab: tuple[PC, PC], colleague: PC, clock: FixedClock
) -> None:
    here, there = ab
    colleague.enrol("a").sync_well()
    here.open_case("c1", "赵大")
    here.open_case("c2", "钱芳")
    house(here)
    rounds(here, colleague, times=1)
    asking.ask_household_out(here.desk, "h1", "b", "全家迁走").result()
    rounds(here, there, times=1)
    agrees(there)
    rounds(there, times=1)
    asking.ask_for(there.desk, "c1", "先转来").result()
    rounds(there, colleague, times=1)
    (wanted,) = [n for n in waits(colleague, "transfer_request") if n.subjects == ("c1",)]
    answering.accept(colleague.desk, wanted.id).result()
    rounds(colleague, there, times=2)
    fetches(colleague, there)
    rounds(here, there, colleague)
    assert on_list(here) == {"c1"} and on_list(there) == {"c2"}
    assert there.state(Subject("household", "h1")).exists
    assert len(moves_of(there, "c1")) == 2 and ended(here) == [("request", "")]


def test_a_request_said_late_is_after_the_moves_that_came_with_it(ab: tuple[PC, PC], colleague: PC) -> None:
    here, there = ab
    colleague.enrol("a").sync_well()
    here.open_case("c1", "王小梅")
    rounds(here, colleague, times=1)
    asking.ask_out(here.desk, "c1", "b", "已搬走").result()  # here has no line for a while
    asks_out(colleague, there)
    rounds(there, colleague, there, times=1)
    fetches(colleague, there)
    rounds(here, there, times=1)
    agrees(there)
    rounds(there, here, there, colleague)
    assert on_list(there) == {"c1"} and on_list(here) == on_list(colleague) == set()
    assert asks(here) == [] and waits(here) == waits(colleague) == waits(there) == []


def test_a_request_is_shown_to_a_pc_that_hears_with_it_how_the_file_came(
    ab: tuple[PC, PC], colleague: PC, server: Server, clock: FixedClock, tmp_path: Path
) -> None:
    here, there = ab
    third_station(server)
    third = PC(tmp_path / "four", server, clock, "钱敏").enrol("c")
    colleague.enrol("a").sync_well()
    third.open_case("c1", "王小梅")
    asks_out(third, here, target="a")
    rounds(here, third, here, times=1)
    there.sync_well()
    asking.ask_for(there.desk, "c1", "住在我街道").result()
    rounds(there, colleague)
    (wanted,) = waits(colleague, "transfer_request")
    assert wanted.more["target"] == "b" and on_list(colleague) == {"c1"}
    answering.accept(colleague.desk, wanted.id).result()
    rounds(colleague, there, here)
    assert on_list(there) == {"c1"} and waits(here) == []
    third.close()


def test_what_was_agreed_waits_until_the_whole_answer_was_read(ab: tuple[PC, PC], colleague: PC) -> None:
    """An answer on a stick may end before the move of a colleague, and begins with what was agreed on."""
    here, there = ab
    colleague.enrol("a").sync_well()
    here.open_case("c1", "王小梅")
    asks_out(here, there)
    rounds(there, times=1)
    here.station.file.write(
        lambda w: w.con.execute("UPDATE stream_state SET head = head + 5 WHERE stream = 'a'") and None
    ).result()
    (agreed,) = [n for n in _told(there) if n.kind == "transfer_request"]
    here.station.file.write(lambda w: sync_told.put_notice(w.con, _yes(agreed)) and None).result()
    assert here.station.file.write(lambda w: follow(w, 0)).result() is False
    assert on_list(here) == {"c1"} and len(asks(here)) == 1
    rounds(here, there)
    assert on_list(there) == {"c1"} and len(moves_of(there, "c1")) == 1


# ---------------------------------------------------------------------- one person twice


def one_person_twice(here: PC, there: PC, colleague: PC) -> str:
    """A file at either station; the id of what the first PC is asked."""
    colleague.enrol("a").sync_well()
    for pc, case in ((here, "mine"), (there, "yours")):
        pc.open_case(case, "王小梅")
        pc.set(case, id_number=number(1))
    here.serve("mine", "本站的服务")
    rounds(here, there, here, colleague, times=1)
    assert waits(colleague, "duplicate") and waits(there, "duplicate")
    return waits(here, "duplicate")[0].id


def test_a_second_pc_is_not_asked_about_a_double_that_was_merged_and_taken_apart(
    ab: tuple[PC, PC], colleague: PC
) -> None:
    """The merge and its taking apart reach the second PC in one exchange; so they do a restored file."""
    here, there = ab
    one_person_twice(here, there, colleague)
    before = here.copied()
    pairing.give_to_theirs(there.desk, waits(there, "duplicate")[0].id, "户籍在对方").result()
    rounds(there, here, times=1)
    unmerge(here.desk, "yours", "不是同一人").result()
    rounds(here, times=1)
    here.put_back(before)
    assert len(waits(here, "duplicate")) == 1
    rounds(here, colleague, times=1)
    for pc in (here, colleague):
        assert on_list(pc) == {"mine", "yours"} and waits(pc, "duplicate") == []
        assert reading.load_moves(pc.desk).result().twins == ()
    rounds(there)
    assert waits(there, "duplicate") == [] and on_list(there) == set()


def test_nobody_gives_a_file_away_to_one_that_is_here(ab: tuple[PC, PC], colleague: PC) -> None:
    """Before an exchange has settled the question: a program before this one left it open."""
    here, there = ab
    one_person_twice(here, there, colleague)
    pairing.give_to_theirs(there.desk, waits(there, "duplicate")[0].id, "户籍在对方").result()
    rounds(there, here, times=1)
    unmerge(here.desk, "yours", "不是同一人").result()
    rounds(here, colleague, times=1)
    told = next(n for n in _told(colleague) if n.kind == "duplicate")
    _open_again(colleague, told.id)
    with pytest.raises(Refused, match="move_is_here"):
        pairing.give_to_theirs(colleague.desk, told.id, "按号码是同一人").result()
    with pytest.raises(Refused, match="move_is_here"):
        asking.ask_for(colleague.desk, "yours", "按号码是同一人", into="mine").result()
    assert on_list(colleague) == {"mine", "yours"}
    rounds(colleague, there, here)
    assert waits(colleague, "duplicate") == [] and on_list(here) == {"mine", "yours"}


def test_a_double_that_was_taken_apart_and_went_back_is_not_asked_again(
    ab: tuple[PC, PC], colleague: PC
) -> None:
    """All of it in one exchange: somebody decided it, wherever the files are by now."""
    here, there = ab
    one_person_twice(here, there, colleague)
    pairing.give_to_theirs(there.desk, waits(there, "duplicate")[0].id, "户籍在对方").result()
    rounds(there, here, times=1)
    unmerge(here.desk, "yours", "不是同一人").result()
    rounds(here, there, times=1)
    asking.ask_for(there.desk, "yours", "本站的人").result()
    rounds(there, here, times=1)
    agrees(here)
    rounds(here, there)
    assert on_list(there) == {"yours"} and on_list(here) == {"mine"}
    rounds(colleague)
    assert waits(colleague, "duplicate") == [] and on_list(colleague) == {"mine"}


def test_a_double_that_nobody_decided_is_still_asked(ab: tuple[PC, PC], colleague: PC) -> None:
    here, there = ab
    one_person_twice(here, there, colleague)
    rounds(here, there, colleague)
    for pc in (here, there, colleague):
        assert len(waits(pc, "duplicate")) == 1


def _lives(pc: PC) -> set[str]:
    rows = pc.station.file.read(
        lambda con: con.execute("SELECT replica FROM replica_mark WHERE own = 1").fetchall()
    ).result()
    return {row[0] for row in rows}


def _told(pc: PC) -> list[Notice]:
    return list(pc.station.file.read(sync_told.notices).result())


def _yes(asked: Notice) -> Notice:
    return replace(asked, id=f"yes-{asked.id}", kind="transfer_accept", sender="b", to="a", answers=asked.id,
                   seen_ms=0)  # fmt: skip


def _open_again(pc: PC, notice_id: str) -> None:
    pc.station.file.write(
        lambda w: w.con.execute("UPDATE notice SET seen_ms = 0 WHERE id = ?", (notice_id,)) and None
    ).result()
