"""Rule files that are wrong: each fault has its code, its line and words; none brings the program down."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from jobdesk.cases.facts import facts
from jobdesk.cases.rules.fact_types import type_of
from jobdesk.cases.rules.situation import Situation
from jobdesk.cases.rules.verdict import Outcome
from jobdesk.cases.rules.vocabulary import FACTS, TABLES, judge
from jobdesk.host import policy_files
from jobdesk.host.fault_words import fault_words
from jobdesk.host.strings import has

ROOT = Path(__file__).parents[2]
HEAD = 'pack = "x"\ntitle = "x"\nversion = 1\n'
USUAL = """region = "22"
status = "unconfirmed"
source = { document = "某文", clause = "一" }
sentence = "句"
"""


def entry(key: str, what: str, since: str = "valid_from = 2020-01-01") -> str:
    return f'\n[[entry]]\nkey = "{key}"\n{what}\n{since}\n{USUAL}'


FIGURE = 'kind = "figure"\nvalue = 3\nunit = "year"'
LITERAL = entry("x.a", FIGURE) + entry("x.r", 'test = { fact = "age", at_least = "figure:x.a" }').replace(
    "句", "满3年"
)
WRONG = (
    ("not_toml", HEAD + "[[entry\n", 4),
    ("entries_not_listed", HEAD + "[entry]\nkey = 1\n", 4),
    ("entries_not_listed", HEAD + "entry = 3\n", 4),
    ("not_a_table", HEAD + "entry = [3]\n", 0),
    ("missing_key", HEAD.replace("1", "true"), 3),
    ("missing_key", HEAD + entry("x.a", FIGURE).replace('region = "22"\n', ""), 5),
    ("overlap", HEAD + entry("x.a", FIGURE) + entry("x.a", FIGURE, "valid_from = 2021-01-01"), 16),
    ("gap", HEAD + entry("x.a", FIGURE, "valid_from = 2020-01-01\nvalid_to = 2020-12-31")
     + entry("x.a", FIGURE, "valid_from = 2021-01-02"), 17),
    ("uncovered", HEAD + entry("x.a", FIGURE, "valid_from = 2021-01-01")
     + entry("x.r", 'test = { fact = "age", at_least = "figure:x.a" }'), 16),
    ("uncovered", HEAD + entry("x.a", FIGURE, "valid_from = 2019-01-01\nvalid_to = 2025-12-31")
     + entry("x.r", 'test = { fact = "age", at_least = "figure:x.a" }'), 17),
    ("uncovered", HEAD + entry("x.a", FIGURE).replace('"22"', '"2201"')
     + entry("x.r", 'test = { fact = "age", at_least = "figure:x.a" }'), 16),
    ("uncovered", HEAD + entry("x.s", 'test = { fact = "age", at_least = 3 }', "valid_from = 2022-01-01")
     + entry("x.r", 'test = { rule = "x.s" }'), 14),
    ("unknown_fact", HEAD + entry("x.r", 'test = { fact = "agge", at_least = 3 }'), 5),
    ("unknown_rule", HEAD + entry("x.r", 'test = { rule = "x.s" }'), 5),
    ("unknown_figure", HEAD + entry("x.r", 'test = { fact = "age", at_least = "figure:x.s" }'), 5),
    ("circle", HEAD + entry("x.r", 'test = { not = { rule = "x.s" } }') + entry("x.s", 'test = { rule = "x.r" }'), 5),
    ("circle", HEAD + entry("x.r", 'test = { rule = "x.r" }'), 5),
    ("unknown_code", HEAD + entry("x.r", 'test = { fact = "sex", is = "9x" }'), 7),
    ("unknown_code", HEAD + entry("x.r", 'test = { fact = "sex", is = 2 }'), 7),
    ("wrong_unit", HEAD + entry("x.a", FIGURE.replace("year", "month"))
     + entry("x.r", 'test = { fact = "age", at_least = "figure:x.a" }'), 18),
    ("wrong_unit", HEAD + entry("x.a", FIGURE)
     + entry("x.a", FIGURE.replace("year", "month")).replace('"22"', '"2201"'), 20),
    ("wrong_type", HEAD + entry("x.r", 'test = { fact = "age", is = "40" }'), 7),
    ("wrong_type", HEAD + entry("x.r", 'test = { fact = "willing", is = "yes" }'), 7),
    ("wrong_type", HEAD + entry("x.r", 'test = { fact = "sex", at_least = 1 }'), 7),
    ("wrong_type", HEAD + entry("x.r", 'test = { fact = "groups", is = "zero" }'), 7),
    ("wrong_type", HEAD + entry("x.r", 'test = { fact = "birth", at_least = 2000 }'), 7),
    ("stale_sentence", HEAD + LITERAL + entry("x.a", 'kind = "figure"\nvalue = 4\nunit = "day"\nreplaces = "x"',
     "valid_from = 2026-01-01"), 25),
    ("unknown_figure", HEAD + entry("x.a", FIGURE).replace("句", "满{x.b}天").replace("figure", "list").replace(
        "value = 3", "data = {}").replace('unit = "year"\n', ""), 13),
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


def test_a_period_or_a_declared_gap_after_another_covers_what_is_referred_to() -> None:
    rule = entry("x.r", 'test = { fact = "age", at_least = "figure:x.a" }')
    two = entry("x.a", FIGURE, "valid_from = 2019-01-01\nvalid_to = 2025-12-31") + entry(
        "x.a", 'kind = "gap"', "valid_from = 2026-01-01"
    )
    ended = rule.replace("2020-01-01", "2020-01-01\nvalid_to = 2025-12-31")
    alone = entry("x.a", FIGURE, "valid_from = 2019-01-01\nvalid_to = 2025-12-31")
    for content in (HEAD + two + rule, HEAD + alone + ended):
        assert policy_files.check_all({"x.toml": content}, policy_files.shipped().packs) == []


def test_a_declared_gap_says_what_is_not_known_and_where_it_would_stand() -> None:
    packs, day = policy_files.shipped(), date(2018, 6, 1)
    verdict = judge("hardship.JL2", Situation(facts("c", {}, []), day, packs))
    assert verdict.outcome is Outcome.UNKNOWN and verdict.entry is None
    basis = verdict.basis()
    assert basis.source.document == "吉人社办字〔2017〕80号" and "2017年口径" in basis.sentence
    assert (basis.status, basis.outcome) == ("unconfirmed", "unknown")
    assert packs.gap("hardship.JL2", date(2022, 6, 1)) is None


def test_a_fault_of_type_or_of_words_says_what_to_do() -> None:
    wrong = HEAD + entry("x.r", 'test = { fact = "age", is = "40" }')
    (fault,) = policy_files.check_all({"x.toml": wrong}, policy_files.shipped().packs)
    said = fault_words(fault)
    assert "x.toml" in said and "第 7 行" in said and 'age is "40"' in said and "应为整数" in said
    stale = HEAD + LITERAL + entry("x.a", 'kind = "figure"\nvalue = 4\nunit = "day"\nreplaces = "x"')
    told = [fault_words(f) for f in policy_files.check_all({"x.toml": stale}, policy_files.shipped().packs)]
    assert any("x.r" in t and "原数“3”" in t and "一并代替" in t for t in told), told


def test_a_figure_replaced_alone_changes_the_words_of_every_rule() -> None:
    """Of all rules that are shipped: none spells a figure out that a county may replace."""
    base, day = policy_files.shipped(), date(2026, 7, 1)
    content = HEAD + entry(
        "graduates.months", 'kind = "figure"\nvalue = 18\nunit = "month"\nreplaces = "graduates"'
    )
    assert policy_files.check_all({"x.toml": content}, base.packs) == []
    pack, _ = policy_files.parse("x.toml", content)
    assert pack is not None
    before, after = base.on("hardship.JL7", day), base.replaced([pack]).on("hardship.JL7", day)
    assert before is not None and "离校2年及以上" in before.sentence
    assert after is not None and "离校18个月及以上" in after.sentence
    for figure in [e for e in base.entries() if e.kind == "figure" and e.status != "own"]:
        other = HEAD + (
            f'\n[[entry]]\nkey = "{figure.key}"\nkind = "figure"\nvalue = {(figure.value or 0) + 1}\n'
            f'unit = "{figure.unit}"\nvalid_from = {figure.valid_from}\nreplaces = "{figure.pack}"\n'
            + USUAL.replace('"22"', f'"{figure.region}"')
        )
        found = policy_files.check_all({"x.toml": other}, base.packs)
        assert "stale_sentence" not in {f.fault.code for f in found}, (figure.key, found)


@pytest.mark.parametrize("fact", sorted(FACTS))
def test_every_fact_is_of_the_type_it_is_declared_to_be(fact: str) -> None:
    """The guide's table says the same."""
    said = {"number": "整数", "flag": "是／否", "day": "日期", "code": "代码", "codes": "多个代码"}[
        type_of(fact)
    ]
    guide = (ROOT / "docs" / "rules.md").read_text("utf-8")
    (row,) = [line for line in guide.splitlines() if line.startswith(f"| `{fact}` |")]
    assert row.split("|")[3].strip().startswith(said), row
    assert (fact in TABLES) is (type_of(fact) in ("code", "codes"))


@pytest.mark.parametrize(("unit", "wrong"), (("day", True), ("month", False)))
def test_a_pack_of_the_name_of_a_shipped_one_keeps_its_units(unit: str, wrong: bool) -> None:
    """It takes the place of the whole shipped pack: what the program counts in is then nowhere else said."""
    shipped = next(p for p in policy_files.shipped().packs if p.name == "contact")
    content = next(f for f in policy_files.shipped_files() if f.name == "contact.toml").read_text("utf-8")
    key = 'key = "contact.months"'
    at = content.index(key)
    unit_at = content.index('unit = "month"', at)
    county = content[:unit_at] + f'unit = "{unit}"' + content[unit_at + len('unit = "month"') :]
    county = county.replace("version = 1", f"version = {shipped.version + 1}", 1)
    faults = policy_files.check_all({"contact.toml": county}, policy_files.shipped().packs)
    told = [(f.fault.code, f.fault.name, f.line) for f in faults]
    line = county[:unit_at].count("\n") + 1
    assert told == ([("wrong_unit", "contact: contact.months", line)] if wrong else [])
