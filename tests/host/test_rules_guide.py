"""docs/rules.md: its example is a pack that passes, and it names everything a pack may use."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

import jobdesk
from jobdesk.cases.facts import facts
from jobdesk.cases.policy_matching import Standing, match
from jobdesk.cases.rules import policy_cards, reading
from jobdesk.cases.rules.pack import PackSet
from jobdesk.cases.rules.policy_cards import amounts, card
from jobdesk.cases.rules.situation import Situation
from jobdesk.cases.rules.terms import Op
from jobdesk.cases.rules.verdict import Outcome
from jobdesk.cases.rules.vocabulary import FACTS, TABLES, judge
from jobdesk.host import calendar_file, policy_files

GUIDE = Path(jobdesk.__file__).parent.parent / "docs" / "rules.md"
TEXT = GUIDE.read_text(encoding="utf-8")
PARTS = policy_cards.KEYS
PACK, CALENDAR = re.findall(r"```toml\n(.*?)```", TEXT, re.S)


def test_the_example_passes() -> None:
    assert policy_files.check_all({"county.toml": PACK}, policy_files.shipped().packs) == []


def test_the_example_means_what_it_says() -> None:
    pack, faults = policy_files.parse("county.toml", PACK)
    assert pack is not None and not faults
    here = PackSet((*policy_files.shipped().packs, pack), "220182001")
    elsewhere = PackSet(here.packs, "220102001")
    day = date(2026, 5, 1)
    root = {
        "sex": "2", "birth": "1980-01-01", "willingness": "yes", "work_capacity": "able", "local_hukou": True,
        "hukou_kind": "10", "id_number": "229901198001010027",
    }  # fmt: skip
    rows = [("registration", "r", {"since": "2026-01-10", "registered": True, "source": "system"})]
    person = facts("c", root, rows)

    def judged(key: str, on: date, packs: PackSet) -> Outcome:
        return judge(key, Situation(person, on, packs)).outcome

    assert judged("hardship.JL2", day, here) is Outcome.MET
    assert judged("hardship.JL2", date(2026, 4, 1), here) is Outcome.NOT_MET
    assert judged("hardship.JL2", day, elsewhere) is Outcome.NOT_MET, "six months elsewhere"
    said = here.on("hardship.JL2", day)
    assert said is not None and "失业3个月以上" in said.sentence
    assert (
        here.number("clocks.publicity.person", day) == 3
        and elsewhere.figure("clocks.publicity.person", day) is None
    )
    one = card(here, day, "example_bonus")
    assert one is not None and card(elsewhere, day, "example_bonus") is None
    assert match(one, Situation(person, day, here)).standing is Standing.LACKING
    (amount,) = amounts(one, here, date(2027, 1, 1))
    assert amount.now is None and amount.gap is not None and amount.before is not None
    assert (
        here.number("households.warning.days", day) == 20
        and elsewhere.number("households.warning.days", day) == 30
    )


def test_the_guide_names_every_part_of_a_card() -> None:
    part = TEXT.split("## 九、政策卡")[1].split("## 十、")[0]
    first = " ".join(re.findall(r"^\| (`.*?`) \|", part, re.M))
    assert set(re.findall(r"`(\w+)`", first)) == PARTS


def test_every_name_that_the_guide_gives_is_there() -> None:
    keys = set(policy_files.shipped().keys(""))
    part = TEXT.split("### 能改什么，能加什么")[1].split("## 三、")[0]
    named = re.findall(r"`((?:hardship|clocks|households|contact|tiers|subsidies)\.[\w.]*\w)`", part)
    wanted = {n for n in named if n != "contact.follow_up.4" and not n.endswith("名称")}
    assert wanted and wanted <= keys, wanted - keys


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
    table = TEXT.split("## 十、可用的信息")[1].split("## 十一、")[0]
    assert set(re.findall(r"^\| `(\w+)`", table, re.M)) == set(FACTS)
