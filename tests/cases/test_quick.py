"""The bare answers of rules are those of the engine, on every person and day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobdesk.cases.basis import Source
from jobdesk.cases.facts import facts
from jobdesk.cases.ops import Json
from jobdesk.cases.rules.bare import BARE, PLAIN
from jobdesk.cases.rules.pack import Entry, Pack, PackSet
from jobdesk.cases.rules.situation import Situation
from jobdesk.cases.rules.terms import All, AnyOf, Compare, Not, Op, RuleRef, Term
from jobdesk.cases.rules.verdict import Outcome
from jobdesk.cases.rules.vocabulary import FACTS, judge, met, outcome
from jobdesk.host import policy_files

PACKS = policy_files.shipped()
RULES = [e.key for e in PACKS.entries() if e.kind == "rule"]
_DAYS = st.dates(date(2014, 1, 1), date(2029, 12, 31)).map(date.isoformat)
_CODES = st.sampled_from(
    ["10", "20", "22", "1", "2", "yes", "none", "able", "JL1", "JL4", "recognised", "ledger"]
)
_ROOT = st.fixed_dictionaries({}, optional={
    "birth": _DAYS, "sex": st.sampled_from(["1", "2"]), "willingness": st.sampled_from(["yes", "none", "unknown"]),
    "work_capacity": st.sampled_from(["able", "partly", "none"]), "hukou_kind": st.sampled_from(["10", "20"]),
    "local_hukou": st.booleans(), "skills": st.just("电工"), "graduate_kind": st.just("university"),
    "graduated_on": _DAYS, "pension_since": _DAYS, "ever_employed": st.booleans(), "laid_off_soe": st.booleans(),
})  # fmt: skip
_ROWS = st.tuples(
    st.sampled_from(["registration", "recognition", "placement", "employment", "subsidy", "business", "absence",
                     "group", "public_post", "statement", "verification", "proof"]),
    st.fixed_dictionaries({}, optional={
        "since": _DAYS, "until": _DAYS, "verified_on": _DAYS, "registered": st.booleans(), "form": _CODES,
        "category": _CODES, "state": _CODES, "kind": _CODES, "source": st.sampled_from(["system", "ledger"]),
        "field": st.sampled_from(["graduated_on", "birth"]), "value": _DAYS, "stated_on": _DAYS, "looked_on": _DAYS, "result": st.sampled_from(["clear", "found"]),
    }),
)  # fmt: skip


def situation(
    root: dict[str, Json], rows: list[tuple[str, dict[str, Json]]], day: date, packs: PackSet
) -> Situation:
    return Situation(facts("c", root, [(k, f"{k}{n}", v) for n, (k, v) in enumerate(rows)]), day, packs)


@given(_ROOT, st.lists(_ROWS, max_size=6), _DAYS)
def test_every_shipped_rule_answers_the_same(
    root: dict[str, Json], rows: list[tuple[str, dict[str, Json]]], day: str
) -> None:
    at = situation(root, rows, date.fromisoformat(day), PACKS)
    for key in RULES:
        assert outcome(key, at) is judge(key, at).outcome, key


@given(_ROOT, st.lists(_ROWS, max_size=6), _DAYS)
def test_and_whether_it_is_met(
    root: dict[str, Json], rows: list[tuple[str, dict[str, Json]]], day: str
) -> None:
    at = situation(root, rows, date.fromisoformat(day), PACKS)
    for key in RULES:
        assert met(key, at) is (judge(key, at).outcome is Outcome.MET), key


_ODD: st.SearchStrategy[Json] = (
    st.sampled_from(["", "x", "2026-13", "2026", "2026-07", 3, 0, True, False]) | _DAYS
)
_NUMBERS = st.sampled_from(
    ["229901197001010013", "22990119700101001X", "229901200001010000", "22990", "229901700101001", " "]
)


@given(
    root=st.fixed_dictionaries({}, optional={
        **dict.fromkeys(sorted({n for n in FACTS if n in PLAIN} | {"birth", "sex", "unreachable_agreed_by"}), _ODD),
        "id_number": _NUMBERS, "hukou_kind": st.sampled_from(["10", "20", ""]), "urban_resident": st.booleans(),
        "work_capacity": st.sampled_from(["able", "partly", "none", "unknown"]),
        "willingness": st.sampled_from(["yes", "none", "study", "unknown"]),
        "deceased_on": _DAYS | st.just("?"), "pension_since": _DAYS | st.sampled_from(["2026-07", "2026", "?"]),
        "unreachable_agreed_on": _DAYS, "skills": st.sampled_from(["", "电工"]),
    }),
    rows=st.lists(_ROWS | st.tuples(st.just("service"), st.fixed_dictionaries({"served_on": _DAYS})), max_size=6),
    day=_DAYS,
)  # fmt: skip
def test_a_bare_value_is_that_of_the_reading(
    root: dict[str, Json], rows: list[tuple[str, dict[str, Json]]], day: str
) -> None:
    at = situation(root, rows, date.fromisoformat(day), PACKS)
    for how, bare in BARE.items():
        assert bare(at) == how(at).value, how.__name__


_LEAVES = st.sampled_from([
    Compare("sex", Op.IS, "1"), Compare("willing", Op.IS_NOT, True), Compare("age", Op.AT_LEAST, 40),
    Compare("age", Op.LESS_THAN, "figure:f"), Compare("age", Op.MORE_THAN, "figure:missing"),
    Compare("willing", Op.KNOWN, False), Compare("groups", Op.CONTAINS, "1"), Compare("sex", Op.IN, ("1", "2")),
    RuleRef("other"), RuleRef("nowhere"),
])  # fmt: skip
_TERMS = st.recursive(
    _LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda p: All(tuple(p))),
        st.lists(inner, min_size=1, max_size=3).map(lambda p: AnyOf(tuple(p))),
        inner.map(Not),
    ),
    max_leaves=8,
)


def entry(key: str, term: Term | None, value: int | None = None) -> Entry:
    return Entry(key, "rule" if term else "figure", date(2000, 1, 1), None, "22", "own", Source("d", "自定"), "s",
                 term, value)  # fmt: skip


@given(_TERMS, _LEAVES.filter(lambda x: not isinstance(x, RuleRef)), _ROOT, st.lists(_ROWS, max_size=3))
def test_and_so_does_every_rule_that_could_be_written(
    term: Term, other: Term, root: dict[str, Json], rows: list[tuple[str, dict[str, Json]]]
) -> None:
    packs = PackSet((Pack("p", "p", 1, (entry("mine", term), entry("other", other), entry("f", None, 50))),))
    at = situation(root, rows, date(2026, 7, 15), packs)
    assert outcome("mine", at) is judge("mine", at).outcome
    assert met("mine", situation(root, rows, date(2026, 7, 15), packs)) is judge("mine", at).met
    assert outcome("other", at) is judge("other", at).outcome


@pytest.mark.parametrize("off", [-1, 0, 1])
def test_a_rule_ends_at_the_end_of_its_last_day(off: int) -> None:
    last = date(2024, 2, 29)
    old = Entry("r", "rule", date(2020, 1, 1), last, "22", "own", Source("d", "自定"), "s",
                Compare("sex", Op.IS, "1"))  # fmt: skip
    new = Entry("r", "rule", last + timedelta(days=1), None, "22", "own", Source("d", "自定"), "s",
                Compare("sex", Op.IS, "2"))  # fmt: skip
    at = situation({"sex": "1"}, [], last + timedelta(days=off), PackSet((Pack("p", "p", 1, (old, new)),)))
    assert outcome("r", at).value == ("met" if off <= 0 else "not_met")
    assert outcome("r", at) is judge("r", at).outcome


def test_facts_are_read_once_and_only_as_many_as_are_needed() -> None:
    read: list[str] = []
    at = situation({"sex": "1", "willingness": "yes"}, [], date(2026, 7, 15), PACKS)
    for name in ("willing", "able", "employed"):
        assert name in FACTS
    outcome("tiers.tier_3", at)
    read += at.values
    assert not at.readings
    assert set(read) == {"employed", "willing"}
