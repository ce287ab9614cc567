"""The way of a household: founded, applied for, recognised, held, cleared, looked at again."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from jobdesk.cases.claim import Act
from jobdesk.cases.errors import Refused
from jobdesk.cases.household_clock import clock_of
from jobdesk.cases.ops import Json, Subject
from jobdesk.cases.rules.facts_household import household_zero_recognised
from jobdesk.cases.rules.situation import Situation
from jobdesk.cases.state import RecordState, SubjectState
from jobdesk.services.desk import case_subject
from jobdesk.services.doubts import load_doubts
from jobdesk.services.editing import add_record, save_record
from jobdesk.services.household import claiming, clearing, filing, helping, joining, withdrawing
from jobdesk.services.household.looking_up import look_up
from jobdesk.services.household_facts import every_household, one_household
from jobdesk.services.households import found_household
from jobdesk.services.policies import packs_of
from jobdesk.services.registering import Child
from jobdesk.services.today import board
from jobdesk.store import reads
from tests.services.desk_here import DeskHere

USUAL: dict[str, Json] = {
    "birth": "1985-03-02", "hukou_kind": "10", "work_capacity": "able", "willingness": "yes", "marital": "20",
}  # fmt: skip
OUT = Child("registration", {"since": "2026-01-05", "registered": True, "source": "system"})


class Home(DeskHere):
    """A couple without work, with a schoolchild."""

    def __init__(self, folder: Path, **values: Json) -> None:
        super().__init__(folder)
        self.a = self.person("钱一", OUT, **USUAL)
        self.b = self.person("孙二", OUT, **USUAL)
        members: list[dict[str, Json]] = [
            {"case": self.a, "relation": "head", "since": "2026-02-01"},
            {"case": self.b, "relation": "spouse", "since": "2026-02-01"},
            {"name": "钱三", "relation": "son", "birth_year": 2014, "state": "student", "hukou_kind": "10",
             "since": "2026-02-01"},
        ]  # fmt: skip
        body: dict[str, Json] = {"head_name": "钱一", "community": "甲社区", "kind": "zero", **values}
        made = found_household(self.desk, body, members).result()
        self.id = next(s.id for s in made.subjects if s.kind == "household")

    @property
    def state(self) -> SubjectState:
        return self.desk.read(lambda con: reads.subject_state(con, Subject("household", self.id))).result()

    @property
    def root(self) -> RecordState:
        return self.state.root

    def act(self, what: Act, **values: Json) -> None:
        claiming.act(self.desk, self.id, self.root, what, values).result()

    def to_report(self) -> None:
        self.act(Act.APPLY, applied_on="2026-06-15")
        self.act(Act.ACCEPT, accepted_on="2026-06-15")
        for kind in ("insurance", "business", "retirement", "death", "visit"):
            look_up(self.desk, self.id, {"kind": kind, "result": "clear", "looked_on": "2026-06-16"}).result()
        self.act(Act.CHECK, station_checked_on="2026-06-17", station_opinion="符合")
        self.act(Act.POST, publicity_from="2026-06-18", publicity_until="2026-06-24")
        self.act(Act.EVIDENCE, publicity_evidence_on="2026-06-18")
        self.act(Act.TAKE_DOWN, publicity_down_on="2026-06-25")
        self.act(Act.REPORT, reported_on="2026-06-25")

    def recognise(self) -> None:
        self.to_report()
        self.act(
            Act.RECOGNISE, decided_on="2026-07-01", decided_by="某县人社局", decision_no="〔2026〕1号",
            source="document", filing_no="B-1",
        )  # fmt: skip

    def place(self, case_id: str, **values: Json) -> str:
        body: dict[str, Json] = {"since": "2026-07-06", "unit": "甲厂", **values}
        made = add_record(self.desk, case_subject(case_id), "placement", body).result()
        assert made.subjects
        state = self.desk.read(lambda con: reads.case_state(con, case_id)).result()
        return state.of("placement")[-1].id

    def clock(self):
        def job(con):
            home, people = one_household(con, self.id)
            assert home is not None
            return clock_of(home, self.desk.today, packs_of(con, self.desk), people, self.desk.working_days)

        return self.desk.read(job).result()

    def lines(self) -> set[str]:
        made = self.desk.read(lambda con: board(con, self.desk)).result()
        return {f"{n.kind.value}:{dict(n.params).get('part', '')}" for n in made.lines.get(self.id, [])}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def refused(verb: Callable[[], Future[Any]]) -> str:
    with pytest.raises(Refused) as said:
        verb().result()
    return said.value.code


def test_a_family_is_found_recognised_helped_and_cleared(home: Home) -> None:
    assert "may_apply:" in home.lines()
    home.recognise()
    root = home.root
    assert (root.text("state"), root.text("filing_no"), root.text("filed_on")) == (
        "recognised", "B-1", "2026-07-01",
    )  # fmt: skip
    kept = root.get("snapshot")
    assert isinstance(kept, dict) and set(kept) == {"station", "county"}
    county = kept["county"]
    assert isinstance(county, dict) and county["outcome"] == "met"
    assert isinstance(county["members"], list) and len(county["members"]) == 3
    assert "钱" not in str(kept)
    for day in ("station", "county"):  # each of the two days holds by which versions it was judged
        then = kept[day]
        assert isinstance(then, dict)
        versions = then["versions"]
        assert isinstance(versions, list) and versions[0] == root.text("rule_version") != ""
        assert len(versions) == len(set(map(str, versions))) and all(" v" in str(v) for v in versions)
    assert [(r.text("level"), r.text("holder")) for r in home.state.of("rung")] == [("community", "甲社区")]
    assert home.clock().deadline == date(2026, 9, 30)
    assert {"household_ladder:first_help", "household_ladder:up"} <= home.lines() | {"household_ladder:up"}
    helping.first_help(home.desk, home.id, home.root, "2026-07-02").result()
    assert "household_ladder:first_help" not in home.lines()
    helping.hand_up(home.desk, home.id, "street", "某街道", "2026-07-15").result()
    assert [bool(r.text("until")) for r in home.state.of("rung")] == [True, False]
    assert refused(lambda: clearing.clear_household(home.desk, home.id, home.root)) == "clear_without_job"
    record = home.place(home.b)
    assert refused(lambda: clearing.clear_household(home.desk, home.id, home.root)) == "clear_without_job"
    state = home.desk.read(lambda con: reads.case_state(con, home.b)).result()
    save_record(
        home.desk, case_subject(home.b), state.record("placement", record), {"verified_on": "2026-07-08"}
    ).result()
    assert "household_job:clear" in home.lines()
    assert not home.root.text("cleared_on")
    clearing.clear_household(home.desk, home.id, home.root).result()
    assert home.root.text("cleared_by") == record
    assert not [line for line in home.lines() if line.startswith("household")]


def test_when_the_job_ends_a_look_is_asked_for_and_nothing_reopens(home: Home) -> None:
    home.recognise()
    record = home.place(home.b, verified_on="2026-07-08")
    clearing.clear_household(home.desk, home.id, home.root).result()
    state = home.desk.read(lambda con: reads.case_state(con, home.b)).result()
    save_record(
        home.desk, case_subject(home.b), state.record("placement", record), {"until": "2026-07-14"}
    ).result()
    assert "household_reverify:" in home.lines()
    assert home.root.text("cleared_on")
    assert refused(lambda: clearing.reverify(home.desk, home.id, home.root, True)) == "clear_without_job"
    clearing.reverify(home.desk, home.id, home.root, False, note="两人均失业").result()
    assert not home.root.text("cleared_on")
    assert home.clock().start == date(2026, 7, 15)
    assert "household_reverify:" not in home.lines()


def test_only_the_county_recognises_and_only_from_paper(home: Home) -> None:
    home.to_report()
    typed: dict[str, Json] = {
        "decided_on": "2026-07-01", "decided_by": "县", "decision_no": "1", "source": "self",
    }  # fmt: skip
    assert (
        refused(lambda: claiming.act(home.desk, home.id, home.root, Act.RECOGNISE, typed)) == "claim_source"
    )

    def holds(con):
        homes, people = every_household(con)
        at = Situation(people[home.a], home.desk.today, packs_of(con, home.desk), (homes[home.id],))
        return household_zero_recognised(at).value

    assert home.desk.read(holds).result() is False
    home.act(Act.RECOGNISE, **{**typed, "source": "document"})
    assert home.desk.read(holds).result() is True


def test_the_first_check_does_not_pass_on_what_the_rule_denies(home: Home) -> None:
    home.act(Act.APPLY)
    home.act(Act.ACCEPT)
    home.place(home.b, verified_on="2026-07-08")
    check = {"station_opinion": "符合"}
    assert refused(lambda: claiming.act(home.desk, home.id, home.root, Act.CHECK, check)) == "claim_unfounded"


def test_the_first_check_waits_for_missing_facts(home: Home) -> None:
    joining.join(home.desk, home.id, {"name": "李四", "relation": "mother"}).result()
    home.act(Act.APPLY)
    home.act(Act.ACCEPT)
    check = {"station_opinion": "符合"}
    assert refused(lambda: claiming.act(home.desk, home.id, home.root, Act.CHECK, check)) == "claim_undecided"


def test_three_working_days_of_publicity_are_kept(home: Home) -> None:
    home.act(Act.APPLY, applied_on="2026-07-01")
    home.act(Act.ACCEPT, accepted_on="2026-07-01")
    home.act(Act.CHECK, station_checked_on="2026-07-02", station_opinion="符合")
    short = {"publicity_from": "2026-07-03", "publicity_until": "2026-07-07"}
    assert refused(lambda: claiming.act(home.desk, home.id, home.root, Act.POST, short)) == "claim_too_short"
    home.act(Act.POST, publicity_from="2026-07-03", publicity_until="2026-07-08")


def test_one_person_in_one_household_of_a_kind(home: Home, tmp_path: Path) -> None:
    assert refused(lambda: joining.join(home.desk, home.id, {"case": home.a})) == "member_twice"
    made = found_household(home.desk, {"kind": "zero", "head_name": "周五"}, [{"name": "周五"}]).result()
    other = next(s.id for s in made.subjects if s.kind == "household")
    assert refused(lambda: joining.join(home.desk, other, {"case": home.a})) == "member_elsewhere"
    joining.join(home.desk, other, {"case": home.a}, reason="刚离婚，户口未迁").result()
    state = home.desk.read(lambda con: reads.case_state(con, home.a)).result()
    assert [r.text("reason") for r in state.of("override")] == ["刚离婚，户口未迁"]
    (odd,) = load_doubts(home.desk).result().odd
    assert (odd.case_id, odd.problem.code, odd.reason) == (home.a, "member_elsewhere", "刚离婚，户口未迁")
    added = {"case": home.b, "relation": "spouse", "since": "2026-07-01"}
    add_record(
        home.desk, Subject("household", other), "member", added
    ).result()  # as another desk may send it
    assert {(o.case_id, o.reason) for o in load_doubts(home.desk).result().odd} == {
        (home.a, "刚离婚，户口未迁"), (home.b, ""),
    }  # fmt: skip
    made = found_household(home.desk, {"kind": "allowance"}, [{"name": "周五"}]).result()
    third = next(s.id for s in made.subjects if s.kind == "household")
    joining.join(home.desk, third, {"case": home.a}).result()


def test_who_leaves_stays_in_the_books_with_an_end(home: Home) -> None:
    spouse = home.state.of("member")[1]
    assert refused(lambda: joining.leave(home.desk, home.id, spouse, "2026-01-01")) == "member_leaves_before"
    joining.leave(home.desk, home.id, spouse, "2026-07-10").result()
    assert home.state.of("member")[1].text("until") == "2026-07-10"
    joining.join(home.desk, home.id, {"case": home.b, "relation": "spouse"}).result()


def test_the_clock_of_an_allowance_family_starts_with_its_filing(tmp_path: Path) -> None:
    home = Home(tmp_path, kind="allowance")
    assert home.clock().why_not == "no_day"
    values: dict[str, Json] = {"filed_on": "2026-07-06", "filing_no": "D-2", "source": "ledger"}
    assert refused(lambda: filing.file_household(home.desk, home.id, home.root, values)) == "claim_source"
    filing.file_household(home.desk, home.id, home.root, {**values, "source": "document"}).result()
    assert home.clock().start == date(2026, 7, 6)
    assert refused(lambda: claiming.act(home.desk, home.id, home.root, Act.APPLY, {})) == "claim_kind"


def test_rungs_go_up_one_at_a_time(home: Home) -> None:
    home.recognise()
    assert refused(lambda: helping.hand_up(home.desk, home.id, "county", "县")) == "rung_order"
    assert refused(lambda: helping.hand_up(home.desk, home.id, "street", " ")) == "rung_needs_holder"
    assert refused(lambda: helping.hand_up(home.desk, home.id, "street", "街", "2026-06-01")) == "rung_before"


def test_a_household_entered_by_mistake_is_taken_back_a_recognised_one_is_not(home: Home) -> None:
    made = found_household(home.desk, {"kind": "ordinary"}, [{"name": "吴六"}]).result()
    other = next(s.id for s in made.subjects if s.kind == "household")
    assert refused(lambda: withdrawing.withdraw_household(home.desk, other, " ")) == "withdraw_needs_reason"
    withdrawing.withdraw_household(home.desk, other, "录错").result()
    assert other not in home.desk.read(lambda con: every_household(con)[0]).result()
    home.recognise()
    assert refused(lambda: withdrawing.withdraw_household(home.desk, home.id, "录错")) == "household_decided"


def test_a_family_that_left_may_apply_again_with_clean_dates(home: Home) -> None:
    home.recognise()
    home.act(Act.EXIT, exited_on="2026-07-10", exit_code="employed", exit_decided_by="测试区就业服务局")
    assert home.root.text("state") == "exited"
    home.act(Act.APPLY)
    assert home.root.text("state") == "applied"
    assert not home.root.text("decided_on") and not home.root.text("filing_no")
