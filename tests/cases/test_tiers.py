"""服务等级: computed with its trace, overruled with a reason, recorded without one."""

from __future__ import annotations

from datetime import date

import pytest
from files import TODAY, File, agenda

from jobdesk.cases.due import Agenda
from jobdesk.cases.tiers import tier, tier_basis, tier_code
from jobdesk.host import policy_files

PACKS = policy_files.shipped()
SYSTEM = {"source": "system"}


def at(file: File, day: date = TODAY) -> Agenda:
    made = agenda(day)
    made.packs = PACKS
    return made


def seeking(since: str = "2026-01-10", **root: str) -> File:
    file = File(willingness="yes", **root)
    return file.add("registration", since=since, registered=True, **SYSTEM)


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (seeking("2025-07-15", skills="电工"), "1"),  # 12 months today
        (seeking("2025-07-16", skills="电工"), "2"),  # tomorrow
        (seeking("2026-01-15"), "1"),  # six months and no skill
        (seeking("2026-01-15", skills="电工"), "2"),
        (seeking("2026-06-01"), "2"),
        (File(willingness="none"), "3"),
        (File(willingness="yes").add("employment", since="2026-03-01", **SYSTEM), "3"),
        (File().add("recognition", category="JL1", state="recognised", since="2026-01-01", **SYSTEM), "1"),
        (File().add("recognition", category="JL1", state="recognised", since="2026-01-01", source="ledger"), ""),
        (File(), ""),  # nobody has asked whether work is wanted
        (File(willingness="yes").add("placement", since="2026-03-01"), ""),  # a job merely heard of
    ],
)  # fmt: skip
def test_the_tier_follows_from_facts(file: File, code: str) -> None:
    facts = file.facts()
    situation = at(file).situation(facts)
    found = tier(facts, situation)
    assert (found.code, found.origin) == (code, "computed" if code else "unknown")
    basis = tier_basis(facts, situation)
    assert basis.outcome == ("met" if code else "unknown") and bool(basis.missing) is not bool(code)
    assert basis.status == "own" and basis.source.clause.startswith("自定")


def test_a_clerk_overrules_with_a_reason_and_the_trace_stays() -> None:
    facts = seeking("2025-01-01", tier="3", tier_reason="本人在外地照料老人").facts()
    situation = at(File()).situation(facts)
    found = tier(facts, situation)
    assert (found.code, found.computed, found.origin) == ("3", "1", "overruled")
    basis = tier_basis(facts, situation)
    assert basis.rule == "tier_overruled" and dict(basis.params)["reason"] == "本人在外地照料老人"
    assert {f.name for f in basis.facts} >= {"months_unemployed", "willing"}


def test_what_a_sheet_says_is_recorded_not_overruled() -> None:
    facts = seeking(tier="2").facts()
    situation = at(File()).situation(facts)
    assert tier(facts, situation).origin == "recorded" and tier_code(facts, situation) == "2"
    assert tier_basis(facts, situation).rule == "tier_recorded"


def test_facts_after_the_day_do_not_count() -> None:
    file = seeking("2025-06-01", skills="电工").add("employment", since="2026-08-01", **SYSTEM)
    assert tier_code(file.facts(), at(file).situation(file.facts())) == "1"
    later = at(file, date(2026, 8, 2)).situation(file.facts())
    assert tier_code(file.facts(), later) == "3"
