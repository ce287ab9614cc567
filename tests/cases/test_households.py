from collections.abc import Mapping
from datetime import date

import pytest
from household_scene import HEAD, PACKS, RECOGNISED, SPOUSE, TODAY, case, household, job, line, registered

from jobdesk.cases.households import double_members, found_on, outcome, situation_of, standing
from jobdesk.cases.ops import Json
from jobdesk.cases.rules.facts_household import (
    household_labour_force,
    household_members,
    household_zero_recognised,
)
from jobdesk.cases.rules.situation import Situation
from jobdesk.cases.rules.verdict import Outcome

BOTH = {"A": case("A", None, registered()), "B": case("B", None, registered("r2"))}


def answer(home, people=BOTH, day=TODAY) -> str:
    found = standing(home, day, PACKS, people)
    assert outcome(home, day, PACKS, people) is found.verdict.outcome
    return found.verdict.outcome.value


def test_a_family_in_which_nobody_works_may_apply() -> None:
    assert answer(household(None, HEAD, SPOUSE)) == "met"


def test_one_verified_job_decides() -> None:
    people = {**BOTH, "B": case("B", None, job())}
    assert answer(household(None, HEAD, SPOUSE), people) == "not_met"


def test_a_job_only_heard_of_leaves_it_open_and_names_it() -> None:
    people = {**BOTH, "B": case("B", None, ("placement", "p", {"since": "2025-05-01"}))}
    found = standing(household(None, HEAD, SPOUSE), TODAY, PACKS, people)
    assert found.verdict.outcome is Outcome.UNKNOWN
    assert ("m2", "member_at_work") in found.missing


@pytest.mark.parametrize(
    ("state", "why"),
    [("student", "member_studying"), ("soldier", "member_serving"), ("inmate", "member_in_custody"),
     ("retired", "member_pension"), ("incapable", "member_unable"), ("dead", "member_dead")],
)  # fmt: skip
def test_members_that_are_no_labour_force_stay_members(state: str, why: str) -> None:
    found = standing(household(None, HEAD, SPOUSE, line(state=state)), TODAY, PACKS, BOTH)
    assert found.verdict.met
    assert len(found.members) == 3
    assert [m.why for m in found.members] == ["counted", "counted", why]
    assert found.labour == 2


def test_a_family_of_pensioners_is_no_zero_employment_family() -> None:
    home = household(
        None,
        line(relation="head", state="retired", birth_year=1950),
        line(relation="spouse", state="retired"),
    )
    assert answer(home, {}) == "not_met"


@pytest.mark.parametrize("name", ["able", "willing", "state", "hukou_kind", "birth_year", "relation"])
def test_what_is_missing_of_a_member_is_named(name: str) -> None:
    whole = line(relation="spouse")
    values = {k: v for k, v in whole.items() if k != name}
    retired = line(relation="head", state="retired", birth_year=1950)
    assert standing(household(None, retired, whole), TODAY, PACKS, {}).verdict.met
    found = standing(household(None, retired, values), TODAY, PACKS, {})
    assert found.verdict.outcome is Outcome.UNKNOWN
    assert any(record == "m2" for record, _ in found.missing), found.missing


def test_what_is_missing_is_named_also_where_it_does_not_turn_the_answer() -> None:
    values = {k: v for k, v in line().items() if k != "willing"}
    found = standing(household(None, HEAD, SPOUSE, values), TODAY, PACKS, BOTH)
    assert found.verdict.met
    assert found.missing == (("m3", "member_willing"),)


def test_a_rural_member_decides_against() -> None:
    assert answer(household(None, HEAD, SPOUSE, line(hukou_kind="20"))) == "not_met"


def test_brothers_count_when_living_together() -> None:
    working = line(relation="sibling", state="employed")
    assert answer(household(None, HEAD, SPOUSE, working)) == "not_met"
    assert answer(household(None, HEAD, SPOUSE, {**working, "lives_here": False})) == "met"
    unsaid = {k: v for k, v in working.items() if k != "lives_here"}
    assert answer(household(None, HEAD, SPOUSE, unsaid)) == "unknown"


def test_a_couple_on_two_hukou_is_one_family() -> None:
    people = {**BOTH, "B": case("B", None, job())}
    assert answer(household(None, HEAD, {**SPOUSE, "hukou_here": False}), people) == "not_met"


def test_the_parents_of_the_unmarried_alone_on_a_hukou_count() -> None:
    people = {"A": case("A", {"marital": "10"}, registered())}
    alone = household(None, HEAD)
    assert answer(alone, people) == "unknown"
    assert "household_parents" in standing(alone, TODAY, PACKS, people).verdict.missing
    father = line(relation="father", state="employed", birth_year=1968, hukou_here=False)
    assert answer(household(None, HEAD, father), people) == "not_met"
    assert answer(household(None, HEAD, {**father, "state": "retired"}), people) == "met"
    married = {"A": case("A", {"marital": "20"}, registered())}
    assert answer(alone, married) == "met"


def test_the_definition_of_2017_asked_for_two_members() -> None:
    people = {"A": case("A", {"marital": "20"}, registered(since="2016-01-10"))}
    assert answer(household(None, HEAD), people, date(2018, 5, 2)) == "not_met"
    assert answer(household(None, HEAD), people, date(2022, 5, 2)) == "met"


def test_what_is_dated_later_changes_nothing() -> None:
    home = household(None, HEAD, SPOUSE)
    later = {**BOTH, "B": case("B", None, registered("r2"), job(since="2025-05-15"))}
    assert answer(home, later) == answer(home)
    joined = household(None, HEAD, SPOUSE, line(state="employed", since="2025-05-15"))
    assert answer(joined) == "met"


def test_the_order_of_members_means_nothing() -> None:
    son = line(state="student")
    assert answer(household(None, son, SPOUSE, HEAD)) == answer(household(None, HEAD, SPOUSE, son))


def test_somebody_in_two_lines_counts_once_by_the_one_that_belongs_to_the_family() -> None:
    again: Mapping[str, Json] = {"case": "A", "relation": "other", "since": "2025-02-01"}
    twice = household(None, HEAD, SPOUSE, again, {**SPOUSE, "since": "2025-03-01"})
    found, plain = (
        standing(twice, TODAY, PACKS, BOTH),
        standing(household(None, HEAD, SPOUSE), TODAY, PACKS, BOTH),
    )
    assert (found.labour, found.working, len(found.members)) == (2, 0, 2)
    assert found.verdict.outcome is plain.verdict.outcome
    assert {m.record.id: [r.id for r in m.also] for m in found.members} == {"m1": ["m3"], "m2": ["m4"]}
    assert {s.id for s in found.basis().counted} == {"m1", "m2"}
    at = situation_of(twice, TODAY, PACKS, BOTH)
    assert household_members(at).value == household_labour_force(at).value == 2
    over = household(None, {**HEAD, "until": "2025-03-01"}, {**HEAD, "since": "2025-03-02"})
    (one,) = standing(over, TODAY, PACKS, BOTH).members
    assert one.record.id == "m2" and one.also == ()


def test_the_trace_names_every_member_and_says_unchecked() -> None:
    found = standing(household(None, HEAD, SPOUSE, line(state="student")), TODAY, PACKS, BOTH)
    basis = found.basis()
    assert [s.id for s in basis.counted] == ["m1", "m2"]
    assert [(s.id, s.why) for s in basis.not_counted] == [("m3", "member_studying")]
    assert basis.status == "unconfirmed"
    told = standing(household(None, HEAD, line()), TODAY, PACKS, {"A": BOTH["A"]})
    assert told.verdict.unchecked


def test_only_the_county_recognises() -> None:
    def recognised(**root: Json) -> object:
        home = household({**RECOGNISED, **root}, HEAD)
        at = Situation(BOTH["A"], TODAY, PACKS, (home,))
        return household_zero_recognised(at).value

    assert recognised() is True
    assert recognised(state="reported") is False
    assert recognised(decided_on="2025-05-15") is False
    assert recognised(decided_on=None) is None
    assert recognised(state="exited", exited_on="2025-05-01") is False
    assert recognised(state="exited", exited_on="2025-05-15") is True
    assert recognised(kind="allowance") is False


def test_who_left_the_household_is_no_member_of_it() -> None:
    home = household(RECOGNISED, {**HEAD, "until": "2025-05-01"})
    assert household_zero_recognised(Situation(BOTH["A"], TODAY, PACKS, (home,))).value is False


def test_one_household_at_a_time_and_kind() -> None:
    first = household(None, HEAD)
    second = type(first)("H2", first.root, first.records)
    other = type(first)("H3", {**first.root, "kind": "allowance"}, first.records)
    homes = {h.case_id: h for h in (first, second, other)}
    assert double_members(homes, "H", "A", TODAY) == ("H2",)
    assert double_members(homes, "H3", "A", TODAY) == ()


def test_it_is_found_on_the_day_of_the_last_fact() -> None:
    assert found_on(household(None, HEAD, SPOUSE), TODAY, BOTH) == date(2025, 1, 10)


def test_nobody_starts_overdue() -> None:
    people = {**BOTH, "B": case("B", {"opened_on": "2025-05-06"}, registered("r2"))}
    assert found_on(household(None, HEAD, SPOUSE), TODAY, people) == date(2025, 5, 6)


def test_who_moved_to_another_station_is_gone_from_that_day_on_and_a_usual_last_day_counts() -> None:
    """On the day of the move the rule still asked what was missing of somebody whose file was not here."""
    day, eve = TODAY.isoformat(), date(2025, 5, 13)
    people = {"A": case("A", None, registered()), "B": case("B", None, job())}
    leaves = {**SPOUSE, "until": day}
    moved = household(None, HEAD, {**leaves, "moved_to": "b"}, line())
    assert [m.case_id for m in standing(moved, TODAY, PACKS, people).members] == ["A", ""]
    assert answer(moved, people) == "met", "counted anew by those who stay"
    assert [m.case_id for m in standing(moved, eve, PACKS, people).members] == ["A", "B", ""]
    assert answer(household(None, HEAD, leaves, line()), people) == "not_met", "a last day counts"
    assert not double_members({"H": moved, "H2": household()}, "H2", "B", TODAY)
