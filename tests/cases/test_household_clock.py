from datetime import date

import pytest
from household_scene import DAYS, HEAD, PACKS, RECOGNISED, SPOUSE, TODAY, case, household, job, registered

from jobdesk.cases.counting import quarter_end
from jobdesk.cases.due import Agenda
from jobdesk.cases.due_lines import household_lines
from jobdesk.cases.household_clock import clock_of
from jobdesk.host.template_files import figures, service_rules

PEOPLE = {"A": case("A", None, registered()), "B": case("B", None, registered("r2"))}
FIRST = {"level": "community", "holder": "社区", "since": "2025-04-14"}


def clock(root=None, people=PEOPLE, day=TODAY, choice="", rungs=(FIRST,)):
    home = household({**RECOGNISED, **(root or {})}, HEAD, SPOUSE, rungs=rungs)
    return clock_of(home, day, PACKS, people, DAYS, choice)


def lines(root=None, people=PEOPLE, day=TODAY, rungs=(FIRST,)):
    home = household({**RECOGNISED, **(root or {})}, HEAD, SPOUSE, rungs=rungs)
    agenda = Agenda(
        day,
        DAYS,
        figures(),
        service_rules(),
        packs=PACKS,
        households={"A": (home,), "B": (home,)},
        people=people,
    )
    return {f"{n.kind.value}:{dict(n.params).get('part', dict(n.params).get('act', ''))}": n
            for n in household_lines(home, agenda)}  # fmt: skip


@pytest.mark.parametrize(
    ("day", "end"), [("2025-01-01", "2025-03-31"), ("2024-02-29", "2024-03-31"), ("2025-06-30", "2025-06-30"),
                     ("2025-10-01", "2025-12-31")],
)  # fmt: skip
def test_the_end_of_a_quarter(day: str, end: str) -> None:
    assert quarter_end(date.fromisoformat(day)).isoformat() == end


def test_the_deadline_is_the_end_of_the_quarter_or_as_the_station_chose() -> None:
    assert clock().deadline == date(2025, 6, 30)
    assert clock(choice="days_30").deadline == date(2025, 5, 14)
    assert clock(choice="months_3").deadline == date(2025, 7, 14)
    assert clock(choice="working_10").deadline == DAYS.add(date(2025, 4, 14), 10)
    assert clock(choice="nonsense").deadline == date(2025, 6, 30)
    rule = clock().deadline_rule
    assert rule is not None and rule.status == "unconfirmed"


@pytest.mark.parametrize(
    ("root", "why"),
    [({"source": "ledger"}, "unchecked"), ({"state": "reported"}, "not_recognised"),
     ({"kind": "ordinary"}, "no_duty"), ({"decided_on": None}, "no_day"),
     ({"state": "exited", "exited_on": "2025-05-01"}, "exited")],
)  # fmt: skip
def test_only_a_decision_on_paper_starts_it(root, why: str) -> None:
    assert clock(root).why_not == why
    assert clock(root).start is None


def test_families_on_allowance_run_from_their_filing() -> None:
    found = clock({"kind": "allowance", "state": "found", "decided_on": None, "filed_on": "2025-05-06"})
    assert found.start == date(2025, 5, 6)


def test_a_verified_job_lets_it_be_cleared_and_nothing_clears_by_itself() -> None:
    people = {**PEOPLE, "B": case("B", None, job())}
    found = clock(people=people)
    assert found.job is not None and found.job.case_id == "B"
    assert found.runs
    assert set(lines(people=people)) >= {"household_job:clear"}
    assert "household_ladder:up" not in lines(people=people)
    heard = {**PEOPLE, "B": case("B", None, ("placement", "p1", {"since": "2025-05-06"}))}
    assert clock(people=heard).job is None


def test_the_job_that_ends_asks_for_a_look_and_reopens_nothing() -> None:
    done = {"cleared_on": "2025-05-07", "cleared_by": "p1"}
    running = {**PEOPLE, "B": case("B", None, job())}
    assert clock(done, running).ended is None
    assert "household_reverify:" not in lines(done, running)
    over = {**PEOPLE, "B": case("B", None, job(until="2025-05-12"))}
    found = clock(done, over)
    assert (found.why_not, found.ended) == ("cleared", date(2025, 5, 12))
    assert lines(done, over)["household_reverify:"].due == DAYS.add(date(2025, 5, 12), 5)
    assert clock({**done, "reverified_on": "2025-05-13"}, over).ended is None
    gone = {**PEOPLE, "B": case("B")}
    assert clock(done, gone).ended is not None


def test_a_look_that_finds_nobody_at_work_starts_it_anew() -> None:
    found = clock({"reverified_on": "2025-05-13"})
    assert found.start == date(2025, 5, 13)


def test_the_ladder_is_climbed_after_its_days() -> None:
    found = clock().rung
    assert found is not None
    assert (found.level, found.up, found.holder) == ("community", "street", "社区")
    assert found.due == DAYS.add(date(2025, 4, 14), 10)
    line = lines()["household_ladder:up"]
    own, (ladder,) = line.basis.source.document, line.basis.steps
    assert own == "jobdesk", "the days are our own"
    assert ladder.source is not None
    assert ladder.source.document == "2015年实施意见" and ladder.status == "confirmed", "the ladder is not"
    assert line.subject == "H" and line.bucket.code == "overdue"
    assert line.basis.status == "own"
    top = {"level": "county", "holder": "县", "since": "2025-04-20"}
    highest = clock(rungs=(top,)).rung
    assert highest is not None and highest.due is None
    assert "household_ladder:begin" in lines(rungs=())


def test_warnings_come_before_the_deadline_and_are_answered_by_a_service() -> None:
    line = lines()["household_job:warning"]
    assert line.due == date(2025, 5, 31)
    served = {
        **PEOPLE, "A": case("A", None, registered(), ("service", "s", {"type": "GWTJ", "channel": "visit",
                            "served_on": "2025-06-02", "engagement": "joined"})),
    }  # fmt: skip
    later = date(2025, 6, 3)
    assert lines(day=later)["household_job:warning"].due == date(2025, 5, 31)
    assert lines(people=served, day=later)["household_job:warning"].due == DAYS.add(date(2025, 6, 30), -10)
    last = lines(day=date(2025, 7, 1))["household_job:deadline"]
    assert last.due == date(2025, 6, 30) and last.bucket.code == "overdue"


def test_the_basis_of_the_job_shows_the_standing_duty_and_the_plan_that_ran_out() -> None:
    basis = lines()["household_job:warning"].basis
    assert (basis.source.document, basis.status) == ("2015年实施意见", "confirmed")
    plan = next(s for s in basis.steps if s.key == "households.plan_2020")
    assert plan.status == "lapsed"


def test_a_family_that_may_apply_is_told_of_and_its_application_followed() -> None:
    assert "may_apply:" in lines({"state": "found", "decided_on": None})
    working = {**PEOPLE, "B": case("B", None, job())}
    assert "may_apply:" not in lines({"state": "found", "decided_on": None}, working)
    public = {
        "state": "publicity", "decided_on": None, "applied_on": "2025-04-28", "accepted_on": "2025-04-28",
        "station_checked_on": "2025-05-07", "publicity_from": "2025-05-08", "publicity_until": "2025-05-13",
    }  # fmt: skip
    assert {"publicity:evidence", "publicity:take_down"} <= set(lines(public))
