"""Rule files that are wrong: each fault has its code, its line and words; none brings the program down."""

from __future__ import annotations

from datetime import date

import pytest

from jobdesk.cases.facts import facts
from jobdesk.cases.rules.situation import Situation
from jobdesk.cases.rules.verdict import Outcome
from jobdesk.cases.rules.vocabulary import judge
from jobdesk.host import policy_files
from jobdesk.host.strings import has

HEAD = 'pack = "x"\ntitle = "x"\nversion = 1\n'
USUAL = """region = "22"
status = "unconfirmed"
source = { document = "某文", clause = "一" }
sentence = "句"
"""


def entry(key: str, what: str, since: str = "valid_from = 2020-01-01") -> str:
    return f'\n[[entry]]\nkey = "{key}"\n{what}\n{since}\n{USUAL}'


FIGURE = 'kind = "figure"\nvalue = 3\nunit = "day"'
WRONG = (
    ("not_toml", HEAD + "[[entry\n", 4),
    ("entries_not_listed", HEAD + "[entry]\nkey = 1\n", 4),
    ("entries_not_listed", HEAD + "entry = 3\n", 4),
    ("not_a_table", HEAD + "entry = [3]\n", 0),
    ("missing_key", HEAD.replace("1", "true"), 3),
    ("overlap", HEAD + entry("x.a", FIGURE) + entry("x.a", FIGURE, "valid_from = 2021-01-01"), 16),
    ("gap", HEAD + entry("x.a", FIGURE, "valid_from = 2020-01-01\nvalid_to = 2020-12-31")
     + entry("x.a", FIGURE, "valid_from = 2021-01-02"), 17),
    ("unknown_fact", HEAD + entry("x.r", 'test = { fact = "agge", at_least = 3 }'), 5),
    ("unknown_rule", HEAD + entry("x.r", 'test = { rule = "x.s" }'), 5),
    ("unknown_figure", HEAD + entry("x.r", 'test = { fact = "age", at_least = "figure:x.s" }'), 5),
    ("circle", HEAD + entry("x.r", 'test = { not = { rule = "x.s" } }') + entry("x.s", 'test = { rule = "x.r" }'), 5),
    ("circle", HEAD + entry("x.r", 'test = { rule = "x.r" }'), 5),
    ("unknown_code", HEAD + entry("x.r", 'test = { fact = "sex", is = "9x" }'), 7),
    ("unknown_code", HEAD + entry("x.r", 'test = { fact = "sex", is = 2 }'), 7),
    ("own_unmarked", HEAD + entry("x.a", FIGURE).replace("某文", "jobdesk"), 12),
    ("bad_value", HEAD + entry("x.a", FIGURE).replace("2020-01-01", '"2020"'), 10),
    ("ends_before_start", HEAD + entry("x.a", FIGURE, "valid_from = 2020-01-01\nvalid_to = 2019-01-01"), 11),
)  # fmt: skip


@pytest.mark.parametrize(("code", "content", "line"), WRONG)
def test_each_fault_is_told_at_its_line(code: str, content: str, line: int) -> None:
    faults = policy_files.check_all({"x.toml": content}, policy_files.shipped().packs)
    assert code in {f.fault.code for f in faults}
    first = next(f for f in faults if f.fault.code == code)
    assert (first.file, first.line, has(f"rules.fault.{code}")) == ("x.toml", line, True)


def test_what_is_right_has_no_fault() -> None:
    content = HEAD + entry("x.a", FIGURE) + entry("x.r", 'test = { fact = "sex", is = "2" }')
    assert policy_files.check_all({"x.toml": content}, policy_files.shipped().packs) == []


def test_a_declared_gap_says_what_is_not_known_and_where_it_would_stand() -> None:
    packs, day = policy_files.shipped(), date(2018, 6, 1)
    verdict = judge("hardship.JL2", Situation(facts("c", {}, []), day, packs))
    assert verdict.outcome is Outcome.UNKNOWN and verdict.entry is None
    basis = verdict.basis()
    assert basis.source.document == "吉人社办字〔2017〕80号" and "2017年口径" in basis.sentence
    assert (basis.status, basis.outcome) == ("unconfirmed", "unknown")
    assert packs.gap("hardship.JL2", date(2022, 6, 1)) is None
