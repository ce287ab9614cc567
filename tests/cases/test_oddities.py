"""Facts that cannot be true together: found from either side, told once, standing only with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobdesk.cases.facts import CaseFacts, Rec, facts
from jobdesk.cases.oddities import memberships, oddities
from jobdesk.cases.ops import Json
from jobdesk.cases.problem import Severity
from jobdesk.cases.problems import problems_of
from jobdesk.host.template_files import figures

TODAY = date(2026, 7, 15)
Row = tuple[str, str, Mapping[str, Json]]


def found(*rows: Row, **root: Json) -> dict[str, str]:
    """Code → kind of the record that says it."""
    return {one.problem.code: one.record[0] for one in oddities(facts("c", root, rows), TODAY)}


REG = ("registration", "r", {"since": "2026-03-01"})

CASES: tuple[tuple[str, tuple[Row, ...], dict[str, Json], dict[str, str]], ...] = (
    ("school before birth", (), {"birth": "2000-05-01", "graduated_on": "1999-07"},
     {"graduated_before_birth": "case"}),
    ("school in the year of birth may be a slip, not a contradiction", (),
     {"birth": "2000-05-01", "graduated_on": "2000"}, {}),
    ("two open spells", (REG, ("registration", "r2", {"since": "2026-05-01"})), {},
     {"open_spell_exists": "registration"}),
    ("a closed and an open one", (("registration", "r0", {"since": "2024-01", "until": "2025-01"}), REG), {}, {}),
    ("a job before the registration", (REG, ("placement", "p", {"since": "2026-02-01"})), {},
     {"job_before_registration": "placement"}),
    ("the job ended first", (REG, ("placement", "p", {"since": "2025-02", "until": "2026-02-20"})), {}, {}),
    ("a job after it", (REG, ("employment", "e", {"since": "2026-04-01"})), {}, {}),
    ("the same month cannot be told", (("registration", "r", {"since": "2026-03"}),
     ("employment", "e", {"since": "2026-03"})), {}, {}),
    ("a subsidy before the recognition", (
        ("recognition", "g", {"since": "2026-06-01", "state": "recognised"}),
        ("subsidy", "s", {"kind": "social_unit", "since": "2026-05"})), {},
     {"subsidy_before_recognition": "subsidy"}),
    ("a graduate's subsidy before the recognition at 24 months", (
        ("recognition", "g", {"since": "2026-06-01", "state": "recognised", "category": "JL7"}),
        ("subsidy", "s", {"kind": "social_flexible", "policy": "social_flexible_graduate", "since": "2025-05"})),
     {}, {}),
    ("an older recognition carries it", (
        ("recognition", "g", {"since": "2026-06-01"}), ("recognition", "h", {"since": "2024-01"}),
        ("subsidy", "s", {"kind": "social_unit", "since": "2026-05"})), {}, {}),
    ("flexible work subsidised while registered", (REG,
        ("subsidy", "s", {"kind": "social_flexible", "since": "2026-04"})), {},
     {"flexible_during_registration": "subsidy"}),
    ("after deregistration", (("registration", "r", {"since": "2026-03-01", "until": "2026-03-31"}),
        ("subsidy", "s", {"kind": "social_flexible", "since": "2026-04"})), {}, {}),
    ("a post for hardship cases before the recognition", (
        ("recognition", "g", {"since": "2026-06-01"}),
        ("public_post", "p", {"kind": "hardship", "since": "2026-01-01"})), {},
     {"post_before_recognition": "public_post"}),
    ("a graduate's post needs none", (
        ("recognition", "g", {"since": "2026-06-01"}),
        ("public_post", "p", {"kind": "graduate", "since": "2026-01-01"})), {}, {}),
    ("dead before birth", (), {"birth": "1970-01-01", "deceased_on": "1969"}, {"died_before_birth": "case"}),
)  # fmt: skip


@pytest.mark.parametrize(("rows", "root", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_examples(rows: tuple[Row, ...], root: dict[str, Json], expected: dict[str, str]) -> None:
    assert found(*rows, **root) == expected


def test_a_reason_at_either_record_answers_the_pair() -> None:
    rows: list[Row] = [REG, ("subsidy", "s", {"kind": "social_flexible", "since": "2026-04"})]
    for kind, record in (("registration", "r"), ("subsidy", "s")):
        said: Row = ("override", "o", {"problem": "flexible_during_registration", "record_kind": kind,
                                       "record": record, "reason": "已申请注销", "stated_on": "2026-07-01"})  # fmt: skip
        (one,) = oddities(facts("c", {}, [*rows, said]), TODAY)
        assert (one.record, one.reason, one.said_on) == ((kind, record), "已申请注销", "2026-07-01")


def typed(file: CaseFacts, record_id: str = "") -> list[Severity]:
    values: dict[str, Json] = {"kind": "social_flexible", "since": "2026-04"}
    problems = problems_of("subsidy", values, TODAY, figures(), others=file, record_id=record_id)
    return [p.severity for p in problems if p.code == "flexible_during_registration"]


def test_a_reason_answers_its_own_pair_and_no_other() -> None:
    rows: list[Row] = [
        ("recognition", "g", {"since": "2026-06-01", "state": "recognised"}),
        ("subsidy", "s1", {"kind": "social_unit", "since": "2025-05"}),
        ("subsidy", "s2", {"kind": "social_unit", "since": "2025-09"}),
        ("registration", "r1", {"since": "2024-03-01", "until": "2025-01-01"}),
        ("employment", "e1", {"since": "2024-01-05", "until": "2024-06-01"}),
        ("registration", "r2", {"since": "2026-03-01"}),
        ("employment", "e2", {"since": "2026-02-01"}),
        ("override", "o1", {"problem": "subsidy_before_recognition", "record": "s1", "reason": "县里补记"}),
        ("override", "o2", {"problem": "job_before_registration", "record": "r1", "reason": "已核实"}),
    ]
    told = {
        (one.problem.code, one.record[1]): bool(one.reason) for one in oddities(facts("c", {}, rows), TODAY)
    }
    assert told == {
        ("subsidy_before_recognition", "s1"): True,
        ("subsidy_before_recognition", "s2"): False,
        ("job_before_registration", "r1"): True,
        ("job_before_registration", "e2"): False,
    }


def test_a_form_is_kept_from_saving_until_a_reason_stands_and_then_only_reminded() -> None:
    said: Row = (
        "override",
        "o",
        {"problem": "flexible_during_registration", "record": "s", "reason": "核实中"},
    )
    assert typed(facts("c", {}, [REG])) == [Severity.ODD]
    assert typed(facts("c", {}, [REG, said]), "s") == [Severity.HINT]
    assert typed(facts("c", {}, [REG, said]), "other") == [Severity.ODD]
    blank: Row = ("override", "o", {"problem": "flexible_during_registration", "record": "s", "reason": " "})
    assert typed(facts("c", {}, [REG, blank]), "s") == [Severity.ODD]


DAYS = st.sampled_from(["", "2025", "2025-12", "2026-01-10", "2026-03", "2026-05-02"])
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["registration", "employment", "placement", "subsidy", "recognition", "public_post"]),
        DAYS, DAYS, st.sampled_from(["social_flexible", "hardship", "social_unit"]),
    ),
    max_size=6,
)  # fmt: skip


@given(ROWS)
def test_the_order_of_records_means_nothing(rows: list[tuple[str, str, str, str]]) -> None:
    made: list[Row] = [
        (kind, f"{n}", {"since": since, "until": until, "kind": what})
        for n, (kind, since, until, what) in enumerate(rows)
    ]
    assert found(*made) == found(*reversed(made))


def home(home_id: str, *members: Mapping[str, Json], kind: str = "zero") -> CaseFacts:
    return CaseFacts(
        home_id, {"kind": kind}, {"member": tuple(Rec("member", f"{home_id}{n}", m) for n, m in enumerate(members))}
    )  # fmt: skip


@pytest.mark.parametrize(
    ("homes", "records"),
    [
        ((home("a", {"case": "c", "since": "2026-01-01"}), home("b", {"case": "c", "since": "2026-03-01"})),
         ["b0"]),
        ((home("a", {"case": "c"}), home("b", {"case": "c"})), ["b0"]),
        ((home("a", {"case": "c", "since": "2026-01-01", "until": "2026-03-01"}),
          home("b", {"case": "c", "since": "2026-03-01"})), []),
        ((home("a", {"case": "c", "since": "2025-01-01", "until": "2025-06-01"}),
          home("b", {"case": "c", "since": "2025-02-01", "until": "2025-03-01"})), ["b0"]),
        ((home("a", {"case": "c"}), home("b", {"case": "c"}, kind="allowance")), []),
        ((home("a", {"case": "c", "since": "2026-01"}, {"case": "c", "since": "2026-02"}),), []),
        ((home("a", {"case": "c"}), home("b", {"case": "d"})), []),
    ],
)  # fmt: skip
def test_a_member_of_two_households_of_a_kind(homes: tuple[CaseFacts, ...], records: list[str]) -> None:
    told = memberships(facts("c", {}, []), homes, TODAY)
    assert [one.record[1] for one in told] == records
    assert all(one.problem.code == "member_elsewhere" and one.problem.odd for one in told)
    for record in ("a0", "b0"):
        said: Row = ("override", "o", {"problem": "member_elsewhere", "record": record, "reason": "两户待并"})
        answered_ = memberships(facts("c", {}, [said]), homes, TODAY)
        assert all(one.reason for one in answered_)
