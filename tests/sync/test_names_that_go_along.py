"""What another station reads in a file that came: names of clerks and stations, and no way to undo the move."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.errors import Refused
from jobdesk.cases.ops import Kind, Subject, opened
from jobdesk.reports.month_numbers_facts import staff_name
from jobdesk.reports.month_numbers_people import read_books
from jobdesk.reports.month_numbers_span import month_span
from jobdesk.services.case_files import CaseFile, case_file, load_history
from jobdesk.services.listing import choices
from jobdesk.services.moving import answering, asking
from jobdesk.services.moving.leaving import depart
from jobdesk.services.undoing import undo_action, withdraw_case
from jobdesk.store.log import ops_of_subject
from jobdesk.ui.case_words import Words, clerk_said
from jobdesk.ui.casefile.history_state import HistoryLine, lines_of
from jobdesk.ui.casefile.services_state import service_line
from jobdesk.ui.casefile.state import words_of
from jobdesk.ui.notices import sentence_of
from tests.sync.ground import PC, Server
from tests.sync.test_transfers import (
    house,
    rounds,
    third_station,
    waits,
)


@pytest.fixture
def ab(pcs: tuple[PC, PC]) -> tuple[PC, PC]:
    """A station each."""
    here, there = pcs
    here.enrol("a").sync_well()
    there.enrol("b").sync_well()
    return here, there


STRANGER = "01a201b9-d5fd-7444-858b-1000f48ec993"


def read(pc: PC, case: str = "c1") -> CaseFile:
    return pc.desk.read(lambda con: case_file(con, pc.desk, case)).result()


def words(pc: PC, case: str = "c1") -> Words:
    return words_of(read(pc, case), pc.desk.today)


def lines(pc: PC, case: str = "c1") -> list[HistoryLine]:
    file = read(pc, case)
    ids = [file.case_id, *(h.state.subject.id for h in file.households)]
    return lines_of(load_history(pc.desk, ids).result(), words(pc, case), {})


def said(line: HistoryLine) -> str:
    return "\n".join((line.sentence, *line.details, *line.marks))


def moved(here: PC, there: PC, case: str = "c1") -> str:
    """The file goes to the other station; the action that moved it."""
    asking.ask_out(here.desk, case, "b", "已搬走").result()
    rounds(here, there, times=1)
    answering.accept(there.desk, waits(there, "transfer_request")[0].id).result()
    rounds(there, here, there)
    return move_of(there, case)


def move_of(pc: PC, case: str) -> str:
    ops = pc.desk.read(lambda con: ops_of_subject(con, case)).result()
    return next(o.action_id for o in ops if o.kind is Kind.TRANSFERRED)


def served(pc: PC, staff: str) -> None:
    values = {"content": "回访", "served_on": "2026-07-01", "staff": staff, "entered_by": pc.staff}
    pc.desk.act([opened(Subject("case", "c1"), "service", pc.desk.new_id(), values)]).result()


def test_clerks_are_named_where_the_file_came_to(ab: tuple[PC, PC]) -> None:
    here, there = ab
    here.open_case("c1", "王小雨")
    here.set("c1", owner=here.staff)
    served(here, here.staff)
    moved(here, there)
    file = read(there)
    (held,) = file.held("service")
    assert service_line(held, file, words(there), None).people.count("于晓梅") == 2
    told = "\n".join(said(one) for one in lines(there))
    assert here.staff not in told and "另一条记录" not in told and "经办人：" not in told
    assert "于晓梅 把本档案由甲站转到乙站" in told and "于晓梅 建立档案" in told
    assert "清空经办人（原为“于晓梅”）" in told
    assert words(there).value("case", "moved_from", "a") == "甲站"
    span = month_span("2026-07", there.desk.today)
    books = there.desk.read(lambda con: read_books(con, there.desk, span)).result()
    assert staff_name(books, here.staff) == "于晓梅"


def test_names_go_on_to_a_third_station(
    ab: tuple[PC, PC], server: Server, tmp_path: Path, clock: FixedClock
) -> None:
    here, there = ab
    third_station(server)
    third = PC(tmp_path / "three", server, clock, "钱敏").enrol("c")
    here.open_case("c1", "王小雨")
    served(here, here.staff)
    moved(here, there)
    served(there, there.staff)
    names = {there.staff: "孙立国"}
    there.desk.write(lambda w: depart(w, there.staff, ["c1"], "c", "2026-07-02", "又搬", names)).result()
    rounds(there, third)
    known = words(third)
    assert (known.who(here.staff), known.who(there.staff)) == ("于晓梅", "孙立国")
    third.close()


def test_an_id_that_nobody_knows_is_never_shown(ab: tuple[PC, PC]) -> None:
    here, _ = ab
    here.open_case("c1")
    known = words(here)
    assert known.value("service", "staff", STRANGER) == clerk_said({}, STRANGER) == "其他站经办人"
    assert known.value("case", "owner", "刘主任") == "刘主任", "what a ledger said stays"
    assert known.who(STRANGER) == "其他单位经办人"
    span = month_span("2026-07", here.desk.today)
    books = here.desk.read(lambda con: read_books(con, here.desk, span)).result()
    assert staff_name(books, STRANGER) == "其他站经办人"


def test_only_clerks_of_the_file_go_along(ab: tuple[PC, PC]) -> None:
    here, there = ab
    here.open_case("c1")
    names = {here.staff: "于晓梅", STRANGER: "与此档案无关的人"}
    here.desk.write(lambda w: depart(w, here.staff, ["c1"], "b", "2026-07-01", "搬走", names)).result()
    rounds(here, there)
    assert words(there).clerks == {here.staff: "于晓梅"}


def test_the_county_reads_the_names_of_its_stations(
    server: Server, tmp_path: Path, clock: FixedClock, ab: tuple[PC, PC]
) -> None:
    here, there = ab
    here.open_case("c1", "王建军")
    here.set("c1", owner=here.staff)
    served(here, here.staff)
    here.sync_well()
    county = PC(tmp_path / "county", server, clock, "周明").enrol("220102", "county")
    county.sync_well()
    told = "\n".join(said(one) for one in lines(county))
    assert (
        "于晓梅 建立档案" in told and "未知" not in told and "其他单位" not in told and here.staff not in told
    )
    offered = county.desk.read(lambda con: choices(con, county.desk)).result()
    assert offered.names[here.staff] == "于晓梅"
    assert here.staff not in {s.id for s in offered.staff}, "nobody of a station acts or is chosen here"
    action = moved(here, there)
    county.sync_well()
    with pytest.raises(Refused) as no:
        undo_action(county.desk, action).result()
    assert "由甲站转往乙站" in sentence_of(no.value) and "由服务站办理" in sentence_of(no.value)
    county.close()


def test_no_undo_stands_beside_a_move(ab: tuple[PC, PC]) -> None:
    here, there = ab
    here.open_case("c1", "赵大")
    here.open_case("c2", "钱芳")
    house(here)
    action = moved(here, there, "c2")
    for pc, case in ((here, "c1"), (there, "c2")):
        assert all(not one.undo for one in lines(pc, case) if one.action_id == action)
    for pc, station, way in ((here, "乙站", "“请求转回”"), (there, "甲站", "“转出到其他站”")):
        with pytest.raises(Refused) as no:
            undo_action(pc.desk, action).result()
        assert way in sentence_of(no.value) and station in sentence_of(no.value)
    with pytest.raises(Refused) as no:
        withdraw_case(here.desk, "c2", "误录").result()
    assert "已转往乙站" in sentence_of(no.value)


def test_the_household_says_who_left_and_names_its_members(ab: tuple[PC, PC]) -> None:
    here, there = ab
    here.open_case("c1", "赵大")
    here.open_case("c2", "钱芳")
    house(here)
    action = moved(here, there, "c2")
    (left,) = [one for one in lines(here, "c1") if one.action_id == action]
    name = words(here, "c1").cases["c2"]
    assert name.endswith("*")
    assert left.sentence == f"于晓梅 把家庭成员{name}转到乙站，在本家庭的成员关系随之结束"
    assert left.details == ("填写截止日期“7月1日”",)
    assert "另一条记录" not in "\n".join(said(one) for one in lines(here, "c1"))
