"""Only 省系统 and 文书 start a legal clock; what a sheet or a person says is named, and starts nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from jobdesk.cases import schema
from jobdesk.cases.facts import CaseFacts, Rec, facts
from jobdesk.cases.household_clock import clock_of
from jobdesk.cases.id_number import IdKind, examine
from jobdesk.cases.ops import Json
from jobdesk.cases.rules.facts_household import household_zero_recognised
from jobdesk.cases.rules.proofs import PROVABLE
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


def verdict(
    key: str, *rows: Row, sheet: frozenset[str] = frozenset(), root: Mapping[str, Json] | None = None
) -> Verdict:
    found = facts("c", {**ROOT, **(root or {})}, list(rows))
    return judge(key, Situation(found, DAY, PACKS, from_sheet=sheet))


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


GRADUATE: dict[str, Json] = {"graduate_kind": "university", "graduated_on": "2024-06-30", "education": "21",
                             "ever_employed": False, "ever_insured": False}  # fmt: skip


def proof(name: str, value: str, source: str = "document", on: str = "2026-07-01") -> Row:
    return ("proof", f"p-{name}", {"field": name, "value": value, "source": source, "looked_on": on})


@pytest.mark.parametrize("sheet", [frozenset({"graduated_on"}), frozenset[str]()])
def test_a_day_of_graduation_starts_no_clock_until_it_is_confirmed(sheet: frozenset[str]) -> None:
    found = verdict("hardship.JL7", spell("system"), sheet=sheet, root=GRADUATE)
    (used,) = [f for f in found.facts if f.name == "out_of_school_months"]
    assert found.outcome is Outcome.UNKNOWN and found.missing == ("out_of_school_months",)
    assert used.unchecked and used.shown == "" and used.heard == "24"
    for source in SURE:
        seen = proof("graduated_on", "2024-06-30", source)
        found = verdict("hardship.JL7", spell("system"), seen, sheet=sheet, root=GRADUATE)
        assert found.outcome is Outcome.MET and not any(f.unchecked for f in found.facts if f.seen)
        assert ("proof", "p-graduated_on") in {(s.kind, s.id) for f in found.facts for s in f.seen}
    for source in HEARD:
        seen = proof("graduated_on", "2024-06-30", source)
        assert verdict("hardship.JL7", spell("system"), seen, root=GRADUATE).outcome is Outcome.UNKNOWN, (
            source
        )


def test_a_proof_is_of_one_value_and_of_its_day() -> None:
    seen = proof("graduated_on", "2024-06-30")
    changed = verdict("hardship.JL7", spell("system"), seen, root={**GRADUATE, "graduated_on": "2024-06-29"})
    assert changed.outcome is Outcome.UNKNOWN, "void when the value changes"
    later = proof("graduated_on", "2024-06-30", on="2026-07-16")
    assert verdict("hardship.JL7", spell("system"), later, root=GRADUATE).outcome is Outcome.UNKNOWN, (
        "not yet seen"
    )
    undated = proof("graduated_on", "2024-06-30", on="")
    assert verdict("hardship.JL7", spell("system"), undated, root=GRADUATE).outcome is Outcome.UNKNOWN


def test_further_study_that_only_somebody_says_ends_starts_no_clock() -> None:
    seen = proof("graduated_on", "2024-06-30")
    for source in (*SURE, *HEARD):
        study: Row = (
            "absence",
            "a",
            {"kind": "study", "since": "2022-09", "until": "2024-07-01", "source": source},
        )
        found = verdict("hardship.JL7", spell("system"), study, seen,
                        root={**GRADUATE, "graduated_on": "2022-06-30"})  # fmt: skip
        assert found.outcome is (Outcome.MET if source in SURE else Outcome.UNKNOWN), source


@pytest.mark.parametrize("key", ["policies.common.recent_graduate"])
def test_a_window_of_a_graduate_opens_by_a_confirmed_date(key: str) -> None:
    young = {**GRADUATE, "graduated_on": "2025-06-30"}
    assert verdict(key, root=young).outcome is Outcome.UNKNOWN
    assert verdict(key, proof("graduated_on", "2025-06-30"), root=young).outcome is Outcome.MET


def test_the_age_of_retirement_waits_for_a_confirmed_birth() -> None:
    old: dict[str, Json] = {"birth": "1963-03-01", "sex": "1"}
    heard = verdict("retirement.check_pension", root=old)
    (used,) = [f for f in heard.facts if f.name == "retirement_age_reached"]
    assert heard.outcome is Outcome.UNKNOWN and used.heard == "yes" and used.unchecked
    assert verdict("retirement.check_pension", proof("birth", "1963-03-01"), root=old).outcome is Outcome.MET
    number = {**old, "id_number": "229901196303010018"}
    plain = verdict("retirement.check_pension", root=number)
    assert plain.outcome is (
        Outcome.MET if examine("229901196303010018", DAY).kind is IdKind.VALID else heard.outcome
    )


def test_what_is_confirmed_is_no_longer_unchecked() -> None:
    sheet = frozenset({"work_capacity"})
    (loose,) = [f for f in verdict("hardship.JL2", spell("system"), sheet=sheet).facts if f.name == "able"]
    seen = proof("work_capacity", "able")
    (sure,) = [
        f for f in verdict("hardship.JL2", spell("system"), seen, sheet=sheet).facts if f.name == "able"
    ]
    assert loose.unchecked and not sure.unchecked


def test_every_field_that_can_be_confirmed_is_one_of_the_file_and_shows_no_number() -> None:
    for name in PROVABLE:
        declared = schema.field("case", name)
        assert declared is not None and not declared.sensitive, name
        assert not declared.masked or name == "birth", name  # its line shows the year where a number stands


def test_a_household_of_which_only_a_sheet_says_that_it_was_recognised_makes_nobody_a_member() -> None:
    def answer(source: str) -> object:
        home = CaseFacts(
            "h", {"kind": "zero", "state": "recognised", "decided_on": "2026-01-05", "source": source},
            {"member": (Rec("member", "m", {"case": "c"}),)},
        )  # fmt: skip
        reading = household_zero_recognised(Situation(CaseFacts("c", {}), DAY, PACKS, (home,)))
        return reading.value, reading.unchecked

    assert answer("document") == answer("system") == (True, False)
    assert answer("ledger") == answer("self") == answer("") == (None, True)
