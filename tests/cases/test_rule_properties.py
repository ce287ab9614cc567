"""What holds of every rule that is shipped, whatever the facts: order, days, what is not read, the trace."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jobdesk.cases.facts import CaseFacts, facts
from jobdesk.cases.ops import Json
from jobdesk.cases.rules.engine import judge as judge_with
from jobdesk.cases.rules.situation import Reading, Situation
from jobdesk.cases.rules.verdict import Outcome, Value, Verdict
from jobdesk.cases.rules.vocabulary import FACTS, judge, outcome
from jobdesk.host import policy_files

PACKS = policy_files.shipped()
DAY = date(2026, 7, 15)
RULES = sorted(
    k for k in PACKS.keys("")
    if any(e.kind == "rule" for e in PACKS.versions(k)) and not k.startswith("households.")
)  # fmt: skip
"""Those that are judged on a person; a household's are judged on its own facts (see the household tests)."""
ROWS = list[tuple[str, str, dict[str, Json]]]
LAX = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])

PAST = st.dates(date(2018, 1, 1), DAY).map(date.isoformat) | st.sampled_from(
    ["2026-07", "2026", "2024-07", ""]
)
LATER = st.dates(DAY + timedelta(days=1), date(2029, 1, 1)).map(date.isoformat)
SOURCES = st.sampled_from(["system", "document", "ledger", "self", ""])
CODES: dict[str, dict[str, list[Json]]] = {
    "registration": {"registered": [True, False]},
    "recognition": {"state": ["applied", "recognised", "review", "refused", "exited", ""],
                    "category": ["JL2", "JL4", "JL7"]},
    "employment": {"form": ["10", "22", ""], "end_reason": [""]},
    "placement": {"form": ["10", "22"]},
    "absence": {"kind": ["study", "military", "custody"]},
    "business": {"first_time": [True, False]},
    "benefit": {}, "public_post": {"kind": ["", "hardship"]},
    "subsidy": {"kind": ["social", "post", ""], "months_before": [0, 12, 36]},
    "group": {"kind": ["disabled", "low_income", "veteran", "released"]},
    "statement": {"kind": ["wish", "no_wish", "study", "truth"]},
    "proof": {"field": ["graduated_on", "birth", "retirement_type"],
              "value": ["2024-07-15", "2024-07", "1966-07-16", "1976-07", "2004-03-01", "F50", "F55"]},
    "verification": {"kind": ["business", "insurance", "retirement", "visit"], "result": ["clear", "found"]},
}  # fmt: skip
DAYS = {
    "statement": ("stated_on",), "verification": ("looked_on",), "proof": ("looked_on",),
    "placement": ("since", "verified_on"), "recognition": ("since", "decided_on", "applied_on"),
}  # fmt: skip
ENDS = {"recognition": ("until", "exited_on")}
ROOT: dict[str, list[Json]] = {
    "birth": ["1966-07-16", "1976-07", "2004-03-01", "2012-01-01"], "sex": ["1", "2"],
    "hukou_kind": ["10", "20"], "urban_resident": [True, False], "local_hukou": [True, False],
    "work_capacity": ["able", "partly", "none", "unknown"], "willingness": ["yes", "none", "study"],
    "graduate_kind": ["university", "none"], "graduated_on": ["2024-07-15", "2024-07", "2026-06"],
    "retirement_type": ["F50", "F55", "M60", "unknown"], "pension_since": ["2026-01", "2024-07"],
    "laid_off_soe": [True], "land_taken": [True], "ever_employed": [True, False], "skills": ["焊工"],
    "disability_card": ["x"], "monthly_income": [0, 900, 5000],
}  # fmt: skip
DATED_ROOT = ("graduated_on", "pension_since", "deceased_on", "resident_since")


@st.composite
def records(draw: st.DrawFn, days: st.SearchStrategy[str] = PAST, prefix: str = "r") -> ROWS:
    made: ROWS = []
    for n in range(draw(st.integers(0, 5))):
        kind = draw(st.sampled_from(sorted(CODES)))
        values: dict[str, Json] = {k: draw(st.sampled_from(v)) for k, v in CODES[kind].items()}
        values["source"] = draw(SOURCES)
        values |= {name: draw(days) for name in DAYS.get(kind, ("since",))}
        made.append((kind, f"{prefix}{n}", {k: v for k, v in values.items() if v != ""}))
    return made


ROOTS = st.fixed_dictionaries({}, optional={k: st.sampled_from(v) for k, v in ROOT.items()})
CASES = st.tuples(ROOTS, records())


def situation(root: dict[str, Json], rows: ROWS, day: date = DAY) -> Situation:
    found: CaseFacts = facts("c", {"name": "x", **root}, rows)
    return Situation(found, day, PACKS)


def verdicts(root: dict[str, Json], rows: ROWS, day: date = DAY) -> dict[str, Verdict]:
    at = situation(root, rows, day)
    return {key: judge(key, at) for key in RULES}


def told(verdict: Verdict) -> object:
    used = {
        (f.name, f.shown, f.op, f.wanted, f.outcome, f.unchecked, frozenset(f.seen)) for f in verdict.facts
    }
    return verdict.outcome, verdict.entry, used, set(verdict.missing)


@given(CASES, st.randoms(use_true_random=False))
@LAX
def test_the_order_of_facts_means_nothing(case: tuple[dict[str, Json], ROWS], chance: object) -> None:
    root, rows = case
    other, turned = list(rows), dict(reversed(list(root.items())))
    chance.shuffle(other)  # type: ignore[attr-defined]
    first, second = verdicts(root, rows), verdicts(turned, other)
    assert {k: told(v) for k, v in first.items()} == {k: told(v) for k, v in second.items()}


@given(CASES, records(LATER, "later"), st.data())
@LAX
def test_a_fact_dated_after_the_day_changes_nothing_as_of_the_day(
    case: tuple[dict[str, Json], ROWS], later: ROWS, data: st.DataObject
) -> None:
    root, rows = case
    before = {k: v.outcome for k, v in verdicts(root, rows).items()}
    for kind, _id, values in later:
        if kind == "placement" and data.draw(st.booleans()):
            values.pop("verified_on", None)
    ended: ROWS = []
    for kind, record, values in rows:
        grown = dict(values)
        if kind in ("statement", "verification", "proof") or grown.get("state") == "exited":
            ended.append((kind, record, grown))
            continue
        if data.draw(st.booleans()):
            for name in ENDS.get(kind, ("until",)):
                grown.setdefault(name, data.draw(LATER))
            if kind == "recognition" and grown.get("state") in ("recognised", "review"):
                grown["state"] = "exited"  # it stood on the day and was left later
        ended.append((kind, record, grown))
    grown_root = dict(root)
    for name in DATED_ROOT:
        if name not in root and data.draw(st.booleans()):
            grown_root[name] = data.draw(LATER)
    found = verdicts(grown_root, [*ended, *later])
    if grown_root.get("graduated_on") != root.get("graduated_on"):
        found = {k: v for k, v in found.items() if not _asks_for_the_year(v)}
    assert {k: before[k] for k in found} == {k: v.outcome for k, v in found.items()}


def _asks_for_the_year(verdict: Verdict) -> bool:
    """毕业年度 is known before the day of graduation itself: an expected date, not an event."""
    return any(f.name == "graduation_year" for f in verdict.facts)


@given(CASES)
@LAX
def test_what_no_rule_reads_changes_nothing(case: tuple[dict[str, Json], ROWS]) -> None:
    root, rows = case
    more: ROWS = [
        ("plan", "x1", {"agreed_on": "2026-01-01"}), ("measure", "x2", {"due": "2026-02-01"}),
        ("postponement", "x3", {"line": "a", "until": "2026-08-01"}), ("attachment", "x4", {"title": "x"}),
    ]  # fmt: skip
    wider: dict[str, Json] = {**root, "note": "x", "nation": "01", "phone": "19912345678", "major": "x"}
    first, second = verdicts(root, rows), verdicts(wider, [*rows, *more])
    assert {k: told(v) for k, v in first.items()} == {k: told(v) for k, v in second.items()}


FLIPS: tuple[Value | None, ...] = (
    None, True, False, 0, 15, 24, 41, 55, 70, "1", "2", "10", "university", "JL4", date(2020, 1, 1),
    frozenset({"JL1", "low_income", "zero"}), frozenset[str](),
)  # fmt: skip


@given(CASES, st.data())
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_trace_names_every_fact_that_flips_the_verdict(
    case: tuple[dict[str, Json], ROWS], data: st.DataObject
) -> None:
    root, rows = case
    key = data.draw(st.sampled_from(RULES))
    plain = judge(key, situation(root, rows))
    named = {f.name for f in plain.facts}
    for fact in FACTS:
        for value in FLIPS:
            words: dict[str, Callable[[Situation], Reading]] = {
                **FACTS,
                fact: lambda _at, v=value: Reading(v),
            }
            if judge_with(key, situation(root, rows), words).outcome is not plain.outcome:
                assert fact in named, (key, fact, value)
    if plain.outcome is Outcome.UNKNOWN:
        assert plain.missing


@given(CASES, st.sampled_from(RULES))
@LAX
def test_a_field_that_flips_the_verdict_is_named_as_what_to_change(
    case: tuple[dict[str, Json], ROWS], key: str
) -> None:
    root, rows = case
    plain = judge(key, situation(root, rows))
    ways = {way for f in plain.facts for way in f.change}
    for name, options in ROOT.items():
        for value in options:
            other = judge(key, situation({**root, name: value}, rows))
            if other.outcome is not plain.outcome:
                assert ("case", name) in ways, (key, name, value)


@given(CASES)
@LAX
def test_the_bare_answer_is_that_of_the_trace(case: tuple[dict[str, Json], ROWS]) -> None:
    root, rows = case
    at = situation(root, rows)
    assert {k: outcome(k, at) for k in RULES} == {k: v.outcome for k, v in verdicts(root, rows).items()}


def test_a_fact_entered_late_but_dated_before_may_change_it() -> None:
    root: dict[str, Json] = {"birth": "1990-01-01", "work_capacity": "able", "willingness": "yes",
                             "hukou_kind": "10"}  # fmt: skip
    looked: ROWS = [("verification", "v", {"kind": "business", "result": "clear", "looked_on": "2026-07-01"})]
    key = "registration.may_register"
    assert judge(key, situation(root, looked)).outcome is Outcome.MET
    late: ROWS = [*looked, ("employment", "e", {"since": "2026-07-10", "source": "system"})]
    assert judge(key, situation(root, late)).outcome is Outcome.NOT_MET


@pytest.mark.parametrize(
    ("now", "later"),
    [
        ({"state": "recognised", "since": "2025-01-01"},
         {"state": "exited", "since": "2025-01-01", "exited_on": "2026-07-16"}),
        ({"state": "recognised", "decided_on": "2025-01-01"},
         {"state": "exited", "decided_on": "2025-01-01", "until": "2026-08"}),
        ({"state": "reported"}, {"state": "recognised", "decided_on": "2026-07-16"}),
        ({"state": "reported"}, {"state": "recognised", "since": "2026-07-16"}),
    ],
)  # fmt: skip
def test_a_recognition_is_as_it_was_on_the_day(now: dict[str, Json], later: dict[str, Json]) -> None:
    first = FACTS["recognised"](situation({}, [("recognition", "r", {"category": "JL2", **now})]))
    second = FACTS["recognised"](situation({}, [("recognition", "r", {"category": "JL2", **later})]))
    assert first.value == second.value


def test_a_later_date_of_graduation_does_not_undo_an_earlier_leaving() -> None:
    study: dict[str, Json] = {
        "kind": "study",
        "since": "2022-09",
        "until": "2024-07-01",
        "source": "document",
    }
    rows: ROWS = [("absence", "a", study)]
    plain = FACTS["months_since_graduation"](situation({}, rows)).value
    assert plain == FACTS["months_since_graduation"](situation({"graduated_on": "2027-07"}, rows)).value == 24


def test_only_the_system_or_a_document_starts_a_legal_clock() -> None:
    for source in ("system", "document", "ledger", "self"):
        at = situation({}, [("registration", "r", {"since": "2025-01-01", "source": source})])
        used = FACTS["registered"](at)
        assert used.unchecked is (source not in ("system", "document"))


def test_a_rule_that_ends_leaves_the_day_after_to_the_next_one() -> None:
    for key in RULES:
        versions = [e for e in PACKS.versions(key) if e.valid_to and e.status != "lapsed" and e.kind != "gap"]
        for entry in versions:
            assert entry.valid_to is not None
            on, after = PACKS.on(key, entry.valid_to), PACKS.on(key, entry.valid_to + timedelta(days=1))
            assert on is not None and (after is None or after.valid_from > entry.valid_to), key
