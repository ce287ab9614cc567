"""Only 省系统 and 文书 start a legal clock; what a sheet or a person says is named, and starts nothing."""

from __future__ import annotations

from datetime import date

import pytest

from jobdesk.cases.facts import facts
from jobdesk.cases.household_clock import clock_of
from jobdesk.cases.ops import Json
from jobdesk.cases.rules.situation import Situation
from jobdesk.cases.rules.subsidy_ends import usages
from jobdesk.cases.rules.verdict import Outcome, Verdict
from jobdesk.cases.rules.vocabulary import judge
from jobdesk.host import policy_files
from tests.cases.household_scene import DAYS, HEAD, RECOGNISED, household

PACKS = policy_files.shipped()
DAY = date(2026, 7, 15)
SURE, HEARD = ("system", "document"), ("ledger", "self", "")
Row = tuple[str, str, dict[str, Json]]
ROOT: dict[str, Json] = {
    "birth": "1975-03-01", "sex": "1", "local_hukou": True, "hukou_kind": "10", "work_capacity": "able",
    "willingness": "yes",
}  # fmt: skip


def verdict(key: str, *rows: Row, sheet: frozenset[str] = frozenset(), **root: Json) -> Verdict:
    return judge(key, Situation(facts("c", {**ROOT, **root}, list(rows)), DAY, PACKS, from_sheet=sheet))


def spell(source: str, since: str = "2025-01-01") -> Row:
    return ("registration", "r", {"since": since, "registered": True, "source": source})


ALLOWANCE: Row = ("group", "g", {"kind": "allowance", "since": "2024-01-01", "source": "document"})


@pytest.mark.parametrize("key", ["hardship.JL2", "hardship.JL5", "policies.tax_unit.circle"])
def test_months_unemployed(key: str) -> None:
    for source in SURE:
        assert verdict(key, spell(source), ALLOWANCE).outcome is Outcome.MET, source
    for source in HEARD:
        found = verdict(key, spell(source), ALLOWANCE)
        assert found.outcome is Outcome.UNKNOWN and "registered_months" in found.missing, source
        (used,) = [f for f in found.facts if f.name == "registered_months"]
        assert [s.why for s in used.seen] == ["unchecked_source"] and used.unchecked
        assert ("registration", "source") in used.change


def test_every_rule_on_months_of_unemployment_that_is_not_our_own_counts_from_checked_spells() -> None:
    for entry in PACKS.entries():
        if entry.term is not None and entry.status != "own":
            assert "months_unemployed" not in str(entry.term), entry.key


@pytest.mark.parametrize("key", ["public_posts.hardship", "policies.common.hardship"])
def test_a_recognition(key: str) -> None:
    held: dict[str, Json] = {"category": "JL1", "state": "recognised", "since": "2025-06-01"}
    for source in SURE:
        found = verdict(key, ("recognition", "k", {**held, "source": source}))
        assert found.outcome is Outcome.MET and not any(
            f.unchecked for f in found.facts if f.name == "recognised"
        )
    for source in HEARD:
        found = verdict(key, ("recognition", "k", {**held, "source": source}))
        assert found.outcome is Outcome.UNKNOWN and "recognised" in found.missing, source
    both = verdict(key, ("recognition", "k", {**held, "source": "ledger"}),
                   ("recognition", "l", {**held, "source": "document"}))  # fmt: skip
    assert both.outcome is Outcome.MET


def test_a_household() -> None:
    for source in (*SURE, *HEARD):
        home = household({**RECOGNISED, "source": source}, HEAD)
        clock = clock_of(home, date(2025, 5, 14), PACKS, {}, DAYS)
        assert (clock.start is not None) is (source in SURE), source
        assert source in SURE or clock.why_not == "unchecked"


def test_a_subsidy_from_a_sheet_only_prompts_and_says_so() -> None:
    for source in (*SURE, *HEARD):
        paid: Row = ("subsidy", "s", {"kind": "social_unit", "since": "2024-01", "source": source})
        (usage,) = usages(facts("c", ROOT, [paid]), PACKS, DAY)
        basis = usage.basis()
        assert ("subsidy_unchecked" in basis.notes) is (source in HEARD)
        assert basis.status == ("confirmed" if source in SURE else "unconfirmed")
        room = verdict("policies.social_unit.circle", paid)
        (used,) = [f for f in room.facts if f.name == "social_room"]
        assert used.unchecked is (source in HEARD)


def test_a_day_of_graduation_from_a_sheet_is_unchecked_in_the_trace() -> None:
    root: dict[str, Json] = {"graduate_kind": "university", "graduated_on": "2024-06-30",
                             "ever_employed": False, "ever_insured": False}  # fmt: skip
    for sheet in (frozenset({"graduated_on"}), frozenset[str]()):
        found = verdict("hardship.JL7", spell("system"), sheet=sheet, **root)
        (used,) = [f for f in found.facts if f.name == "out_of_school_months"]
        assert used.unchecked is bool(sheet)
