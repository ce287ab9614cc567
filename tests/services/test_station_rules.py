"""What a station sets for itself reaches the day's lines and the progress."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.due import DueKind
from jobdesk.cases.ops import Subject
from jobdesk.cases.templates import Counts
from jobdesk.host import template_files
from jobdesk.services.case_files import load_case_file
from jobdesk.services.desk import Desk
from jobdesk.services.editing import add_record
from jobdesk.services.planning import add_measure, agree_plan
from jobdesk.services.registering import register
from jobdesk.services.settings import (
    FIGURE,
    STEPS_CIRCLES,
    STEPS_COUNTING,
    STEPS_TEMPLATE,
    set_station_setting,
)
from jobdesk.services.station_rules import rules_of, station_rules
from jobdesk.services.today import load_board
from tests.stations import make_station


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    clock = FixedClock.at(2026, 11, 16)
    made = make_station(tmp_path, clock)
    yield made.desk
    made.station.close()


def graduate(desk: Desk) -> str:
    values = {
        "name": "李想",
        "graduate_kind": "university",
        "graduated_on": "2026-06",
        "opened_on": "2026-11-02",
    }
    return register(desk, values).result().case_id


def test_without_settings_the_shipped_rules_stand() -> None:
    found = rules_of({})
    assert found.template.id == template_files.template().id and found.figures == template_files.figures()
    assert (found.counting, found.opened_to, found.unknown_template) == ("", (), "")


def test_a_template_that_this_version_does_not_have_is_said_and_replaced() -> None:
    found = rules_of(
        {STEPS_TEMPLATE: "JL-9", STEPS_COUNTING: "none", STEPS_CIRCLES: "x", FIGURE + "horizon_days": True}
    )
    assert found.unknown_template == "JL-9" and found.template.is_default
    assert found.counting == "" and found.opened_to == () and found.figures == template_files.figures()


def test_figures_move_the_lines_of_today(desk: Desk) -> None:
    case_id = (
        register(desk, {"name": "王芳", "opened_on": "2026-11-02", "notice_on": "2026-11-02"})
        .result()
        .case_id
    )
    assert [line.due.isoformat() for line in load_board(desk).result().lines[case_id]] == ["2026-12-02"]
    set_station_setting(desk, FIGURE + "contact_months", 2).result()
    assert case_id not in load_board(desk).result().lines, "beyond the 30 days looked ahead to"
    set_station_setting(desk, FIGURE + "horizon_days", 90).result()
    (line,) = load_board(desk).result().lines[case_id]
    assert line.due.isoformat() == "2027-01-02" and line.basis.status == "own"
    set_station_setting(desk, FIGURE + "contact_months", None).result()
    (line,) = load_board(desk).result().lines[case_id]
    assert line.due.isoformat() == "2026-12-02" and line.basis.status == "unconfirmed"


def test_a_step_figure_of_zero_asks_for_nothing(desk: Desk) -> None:
    case_id = graduate(desk)
    kinds = {x.kind for x in load_board(desk).result().lines[case_id]}
    assert DueKind.STEP in kinds
    set_station_setting(desk, FIGURE + "step_days_ZYZD", 0).result()
    steps = [x for x in load_board(desk).result().lines[case_id] if x.kind is DueKind.STEP]
    assert [x for x in steps if ":ZYZD." in x.key] == []


def test_counting_and_circles_reach_the_progress_of_a_file(desk: Desk) -> None:
    case_id = graduate(desk)
    service = {"type": "ZYZD", "served_on": "2026-11-10", "channel": "station", "engagement": "offered"}
    add_record(desk, Subject("case", case_id), "service", service).result()
    step = load_case_file(desk, case_id).result().progress.current.steps[0]
    assert step.done
    set_station_setting(desk, STEPS_COUNTING, "joined").result()
    step = load_case_file(desk, case_id).result().progress.current.steps[0]
    assert not step.done and step.step.counts is Counts.JOINED and step.step.counts_status == "own"
    other = register(desk, {"name": "王芳", "opened_on": "2026-11-02"}).result().case_id
    assert load_case_file(desk, other).result().progress.member.circle == ""
    set_station_setting(desk, STEPS_CIRCLES, ["unemployed"]).result()
    assert load_case_file(desk, other).result().progress.member.circle == "unemployed"
    assert load_case_file(desk, case_id).result().progress.member.circle == "graduates", "rates are not mixed"


def test_a_measure_for_a_step_dates_its_line(desk: Desk) -> None:
    case_id = graduate(desk)
    state = desk.case(case_id).result()
    measures = [{"what": "推荐三个岗位", "step": "GWTJ", "due": "2026-11-20"}]
    agree_plan(desk, state, {"goal": "就业"}, measures).result()
    lines = load_board(desk).result().lines[case_id]
    (line,) = [x for x in lines if x.kind is DueKind.STEP and x.record]
    assert line.due.isoformat() == "2026-11-20" and line.basis.rule == "step_agreed"
    plan = desk.case(case_id).result().of("plan")[0]
    add_measure(desk, case_id, plan.id, {"what": "见习", "step": "JYJX", "due": "2026-11-18"}).result()
    assert desk.read(lambda con: station_rules(con, desk)).result().template.step("JYJX") is not None
    assert {x.due.isoformat() for x in load_board(desk).result().lines[case_id] if x.record} == {
        "2026-11-20", "2026-11-18",
    }  # fmt: skip
