"""What holds of the rules about households and their members, whatever the facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jobdesk.cases.facts import CaseFacts, facts
from jobdesk.cases.households import outcome, standing
from jobdesk.cases.ops import Json
from jobdesk.cases.rules import facts_household, facts_member
from jobdesk.cases.rules.engine import judge as judge_with
from jobdesk.cases.rules.situation import Reading, Situation
from jobdesk.cases.rules.verdict import Outcome, Value, Verdict
from jobdesk.cases.rules.vocabulary import FACTS, judge
from jobdesk.host import policy_files

PACKS = policy_files.shipped()
DAY = date(2026, 7, 15)
ZERO = "households.zero"
LAX = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
MORE = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])

PAST = st.dates(date(2018, 1, 1), DAY).map(date.isoformat)
LATER = st.dates(DAY + timedelta(days=1), date(2029, 1, 1)).map(date.isoformat)
MEMBER: dict[str, list[Json]] = {
    "relation": ["head", "spouse", "son", "father", "sibling", "other"], "lives_here": [True, False],
    "hukou_here": [True, False], "hukou_kind": ["10", "20"], "birth_year": [1950, 1980, 2010, 2012],
    "state": ["unemployed", "employed", "student", "soldier", "inmate", "retired", "incapable", "dead"],
    "able": [True, False], "willing": [True, False],
}  # fmt: skip
FILE: dict[str, list[Json]] = {
    "birth": ["1970-01-01", "1985-05", "2012-01-01"], "hukou_kind": ["10", "20"],
    "work_capacity": ["able", "none"], "willingness": ["yes", "none"], "marital": ["10", "20"],
    "pension_since": ["2026-01"], "deceased_on": ["2026-02-01"],
}  # fmt: skip
RECORDS: dict[str, dict[str, list[Json]]] = {
    "registration": {"registered": [True], "source": ["system", "ledger"]},
    "employment": {"source": ["system", "self"]},
    "placement": {"verified_on": ["2026-01-05", ""]},
    "absence": {"kind": ["study", "military", "custody"]},
}
Rows = list[tuple[str, str, dict[str, Json]]]
Home = tuple[Rows, dict[str, tuple[dict[str, Json], Rows]]]


def _some(values: Mapping[str, list[Json]]) -> st.SearchStrategy[dict[str, Json]]:
    return st.fixed_dictionaries({}, optional={k: st.sampled_from(v) for k, v in values.items()})


@st.composite
def homes(draw: st.DrawFn) -> Home:
    members: Rows = []
    people: dict[str, tuple[dict[str, Json], Rows]] = {}
    for n in range(draw(st.integers(1, 3))):
        values = draw(_some(MEMBER))
        values["since"] = draw(PAST)
        if draw(st.booleans()):
            values["case"] = f"p{n}"
            rows: Rows = []
            for m in range(draw(st.integers(0, 2))):
                kind = draw(st.sampled_from(sorted(RECORDS)))
                row: dict[str, Json] = {k: draw(st.sampled_from(v)) for k, v in RECORDS[kind].items()}
                rows.append((kind, f"p{n}r{m}", {"since": draw(PAST), **row}))
            people[f"p{n}"] = ({"name": "x", **draw(_some(FILE))}, rows)
        members.append(("member", f"m{n}", values))
    return members, people


def read(home: Home, day: date = DAY) -> Situation:
    members, people = home
    files: dict[str, CaseFacts] = {i: facts(i, root, rows) for i, (root, rows) in people.items()}
    return Situation(facts("H", {"kind": "zero"}, members), day, PACKS, people=files)


def verdict(home: Home) -> Verdict:
    return judge(ZERO, read(home))


def told(found: Verdict) -> object:
    used = {(f.name, f.shown, f.outcome, f.unchecked, frozenset(f.seen)) for f in found.facts}
    return found.outcome, used, set(found.missing)


@given(homes(), st.randoms(use_true_random=False))
@LAX
def test_the_order_of_members_and_facts_means_nothing(home: Home, chance: object) -> None:
    members, people = home
    turned = list(members)
    chance.shuffle(turned)  # type: ignore[attr-defined]
    others = {i: (dict(reversed(root.items())), rows[::-1]) for i, (root, rows) in reversed(people.items())}
    assert told(verdict((turned, others))) == told(verdict(home))


@given(homes(), st.data())
@LAX
def test_what_is_dated_after_the_day_changes_nothing(home: Home, data: st.DataObject) -> None:
    members, people = home
    later: Rows = [("member", "late", {**data.draw(_some(MEMBER)), "since": data.draw(LATER)})]
    ended = [
        (k, i, {**v, "until": data.draw(LATER)} if data.draw(st.booleans()) else v) for k, i, v in members
    ]
    grown: dict[str, tuple[dict[str, Json], Rows]] = {}
    for case_id, (root, rows) in people.items():
        kind = data.draw(st.sampled_from(["employment", "absence", "registration"]))
        row: dict[str, Json] = {"since": data.draw(LATER), "kind": "study", "source": "system"}
        more = dict(root)
        if "pension_since" not in root and data.draw(st.booleans()):
            more["pension_since"] = data.draw(LATER)
        grown[case_id] = (more, [*rows, (kind, f"{case_id}late", row)])
    assert told(verdict(([*ended, *later], grown))) == told(verdict(home))


@given(homes())
@LAX
def test_what_no_rule_reads_changes_nothing(home: Home) -> None:
    members, people = home
    wider = {
        i: ({**root, "phone": "19912345678", "note": "x", "nation": "01"},
            [*rows, ("plan", f"{i}x", {"agreed_on": "2026-01-01"})])
        for i, (root, rows) in people.items()
    }  # fmt: skip
    noted = [(k, i, {**v, "note": "x"}) for k, i, v in members]
    assert told(verdict((noted, wider))) == told(verdict(home))


@given(homes())
@LAX
def test_the_bare_answer_is_that_of_the_trace(home: Home) -> None:
    at = read(home)
    assert outcome(at.facts, DAY, PACKS, at.people) is verdict(home).outcome


FLIPS: tuple[Value | None, ...] = (None, True, False, 0, 1, 2, 15, 40, "10", "zero")


def _flipped(
    key: str, at: Callable[[], Situation], words: Mapping[str, Callable[[Situation], Reading]]
) -> None:
    plain = judge_with(key, at(), words)
    named = {f.name for f in plain.facts}
    for fact in words:
        for value in FLIPS:
            other = {**words, fact: lambda _at, v=value: Reading(v)}
            if judge_with(key, at(), other).outcome is not plain.outcome:
                assert fact in named, (key, fact, value)
    assert plain.outcome is not Outcome.UNKNOWN or plain.missing


@given(homes())
@MORE
def test_the_trace_names_every_fact_that_flips_the_verdict(home: Home) -> None:
    _flipped(ZERO, lambda: read(home), FACTS)
    for member, _ in facts_household.situations(read(home)):
        file = read(home).people.get(member.text("case"))
        for key in (facts_member.LABOUR, facts_member.AT_WORK):
            _flipped(
                key, lambda m=member, f=file: facts_member.member_situation(m, f, read(home)),
                {**FACTS, **facts_member.MEMBER_FACTS},
            )  # fmt: skip


def _ways(home: Home) -> set[tuple[str, str]]:
    """Every field that the trace of the household and of its members sends a person to."""
    at = read(home)
    whole = standing(at.facts, DAY, PACKS, at.people)
    verdicts = [whole.verdict, *(v for m in whole.members for v in (m.labour, m.work))]
    return {way for v in verdicts for f in v.facts for way in f.change}


@given(homes())
@LAX
def test_a_field_of_a_member_that_flips_the_verdict_is_named_as_what_to_change(home: Home) -> None:
    members, people = home
    plain = verdict(home).outcome
    for n, (kind, record, values) in enumerate(members):
        for name, options in MEMBER.items():
            for value in options:
                turned = list(members)
                turned[n] = (kind, record, {**values, name: value})
                other = (turned, people)
                if verdict(other).outcome is not plain:
                    ways = _ways(home) | (_ways(other) if "case" in values else set())
                    assert ("member", name) in ways, (name, value)  # with a file, that may be the way
