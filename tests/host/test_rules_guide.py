"""docs/rules.md: its example is a pack that passes, and it names everything a pack may use."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

import jobdesk
from jobdesk.cases.facts import facts
from jobdesk.cases.rules import reading
from jobdesk.cases.rules.pack import PackSet
from jobdesk.cases.rules.situation import Situation
from jobdesk.cases.rules.terms import Op
from jobdesk.cases.rules.verdict import Outcome
from jobdesk.cases.rules.vocabulary import FACTS, TABLES, judge
from jobdesk.host import calendar_file, policy_files

GUIDE = Path(jobdesk.__file__).parent.parent / "docs" / "rules.md"
TEXT = GUIDE.read_text(encoding="utf-8")
PACK, CALENDAR = re.findall(r"```toml\n(.*?)```", TEXT, re.S)


def test_the_example_passes() -> None:
    assert policy_files.check_all({"county.toml": PACK}, policy_files.shipped().packs) == []


def test_the_example_means_what_it_says() -> None:
    pack, faults = policy_files.parse("county.toml", PACK)
    assert pack is not None and not faults
    here = PackSet((*policy_files.shipped().packs, pack), "220182001")
    root = {"sex": "2", "birth": "1980-01-01", "willingness": "yes"}
    rows = [("registration", "r", {"since": "2026-01-10", "registered": True, "source": "system"})]
    person = facts("c", root, rows)
    assert judge("example.older", Situation(person, date(2026, 5, 1), here)).outcome is Outcome.MET
    assert judge("example.older", Situation(person, date(2026, 4, 1), here)).outcome is Outcome.NOT_MET
    later = judge("example.older", Situation(person, date(2027, 1, 1), here))
    assert later.outcome is Outcome.UNKNOWN and later.entry is None
    elsewhere = PackSet(here.packs, "220102001")
    assert judge("example.older", Situation(person, date(2026, 5, 1), elsewhere)).outcome is Outcome.UNKNOWN
    replaced = here.on("registration.youngest", date(2026, 5, 1))
    assert replaced is not None and replaced.pack == "example-county"
    assert elsewhere.on("registration.youngest", date(2026, 5, 1)).pack == "registration"  # type: ignore[union-attr]


def test_the_calendar_of_the_guide_can_be_read() -> None:
    days = calendar_file.of_pack({"2027.toml": CALENDAR.encode()})
    assert days.known_through == date(2027, 12, 31)


@pytest.mark.parametrize(
    "words",
    [
        sorted(FACTS), sorted({f"`{t}`" for t in TABLES.values()}), [o.value for o in Op], sorted(reading.KINDS),
        sorted(reading.STATUSES), sorted(reading.UNITS), ["valid_from", "valid_to", "replaces", "region", "note"],
    ],
    ids=["facts", "tables", "ops", "kinds", "statuses", "units", "keys"],
)  # fmt: skip
def test_the_guide_names_everything(words: list[str]) -> None:
    assert [w for w in words if (w if w.startswith("`") else f"`{w}`") not in TEXT] == []


def test_the_guide_names_no_fact_that_is_not_there() -> None:
    table = TEXT.split("## 九、可用的信息")[1].split("## 十、")[0]
    assert set(re.findall(r"^\| `(\w+)`", table, re.M)) == set(FACTS)
