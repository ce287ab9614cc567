"""Every code list loads, names its source, and hides what it must."""

from __future__ import annotations

import re
from datetime import date

import pytest

from jobdesk.cases.codes import CodeEntry, CodeTable, without_restricted
from jobdesk.cases.schema import RECORDS
from jobdesk.host import assets, code_lists

REVEALING = re.compile("刑|戒毒|收监|劳教")


@pytest.mark.parametrize("table_id", code_lists.table_ids())
def test_table(table_id: str) -> None:
    table = code_lists.table(table_id)
    assert table.entries and table.name and table.document
    assert table.status in {"confirmed", "unconfirmed", "lapsed", "own"}
    for entry in table.entries:
        assert table.find(entry.code) is entry and table.find(f" {entry.name} ") is entry
        assert entry.restricted == bool(REVEALING.search(entry.name)), entry


@pytest.mark.parametrize(
    "table_id", [t for t in code_lists.table_ids() if t not in {"service_type", "outcome"}]
)
def test_neighbours_lists_say_so(table_id: str) -> None:
    table = code_lists.table(table_id)
    if "黑龙江" in table.document and table.status != "own":
        assert table.status == "unconfirmed" and table.note


def test_every_field_of_the_schema_has_its_table() -> None:
    wanted = {field.table for fields in RECORDS.values() for field in fields if field.table}
    assert wanted <= set(code_lists.table_ids()), wanted - set(code_lists.table_ids())


def test_reasons_for_leaving_are_dated() -> None:
    table = code_lists.table("recognition_exit")
    assert table.on(date(2014, 12, 31)) == () and len(table.on(date(2026, 7, 15))) == len(table.entries)


def test_five_paper_lists_are_suggested() -> None:
    assert len(code_lists.suggestions_for_circled_codes()) == 5
    hardship = code_lists.table("paper_hardship")
    assert hardship.name_of("①") == "大龄失业人员" and hardship.is_restricted("⑧")
    assert without_restricted(hardship, ["①", "⑧", "⑪"]) == ("①", "⑪")


@pytest.mark.parametrize(
    ("table_id", "text", "code"),
    [
        ("sex", "男", "1"),
        ("sex", "female", "2"),
        ("nation", "汉", "01"),
        ("nation", "朝鲜族", "10"),
        ("education", "大专", "30"),
        ("education", "本科", "20"),
        ("education", "中专", "41"),
        ("hukou_kind", "农业", "20"),
        ("channel", "入户", "visit"),
        ("sources", "省系统", "system"),
        ("service_type", "岗位推荐", "GWTJ"),
        ("outcome", "未接通", "no_answer"),
        ("industry_section", "制造业", "C"),
    ],
)
def test_ledger_words_lead_to_codes(table_id: str, text: str, code: str) -> None:
    found = code_lists.table(table_id).find(text)
    assert found is not None and found.code == code


def test_unknown() -> None:
    sex = code_lists.table("sex")
    assert sex.find("男女") is None and sex.name_of("男女") == "男女"
    with pytest.raises(code_lists.UnknownTable):
        code_lists.table("no_such")


def test_dated_entries() -> None:
    old = CodeEntry("1", "旧", valid_to=date(2020, 12, 31))
    new = CodeEntry("2", "新", valid_from=date(2021, 1, 1))
    table = CodeTable("t", "t", (old, new), "d")
    assert table.on(date(2020, 12, 31)) == (old,) and table.on(date(2021, 1, 1)) == (new,)
    assert table.get("1") is old


def test_doubles_are_refused() -> None:
    with pytest.raises(ValueError):
        CodeTable("t", "t", (CodeEntry("1", "甲"), CodeEntry("1", "乙")), "d")
    with pytest.raises(ValueError):
        CodeTable("t", "t", (CodeEntry("1", "甲"), CodeEntry("2", "乙", aliases=("甲",))), "d")


def test_templates_stand_on_known_types() -> None:
    templates = assets.toml("templates/services.toml")
    types = {t["code"]: t for t in assets.toml("templates/service_types.toml")["type"]}
    graduates = code_lists.table("graduate_kind")
    assert [t["id"] for t in templates["template"] if t["default"]] == ["JL-1311-A"]
    by_id = {t["id"]: t for t in templates["template"]}
    assert by_id["CN-131"]["status"] == "confirmed"
    assert {by_id[i]["status"] for i in ("JL-1311-A", "JL-1311-B", "CN-1131")} == {"unconfirmed"}
    for template in templates["template"]:
        assert template["circle"] in templates["circle"] and template["source"]["document"]
        for step in template["step"]:
            for code in step.get("any_of", [step["code"]]):
                assert types[code]["step"]
            assert step["counts"] == "offered" and step["required"] >= 1
    assert [s["required"] for s in by_id["JL-1311-A"]["step"]] == [1, 3, 1, 1]
    assert not types["HF"]["step"]
    assert all(graduates.get(k) for c in templates["circle"].values() for k in c["graduate_kinds"])


def test_service_types_use_known_channels_and_outcomes() -> None:
    raw = assets.toml("templates/service_types.toml")
    outcomes = {o["code"] for o in raw["outcome"]}
    channels = {e.code for e in code_lists.table("channel").entries}
    engagements = {e.code for e in code_lists.table("engagement").entries} | {""}
    for kind in raw["type"]:
        assert set(kind["channels"]) <= channels and set(kind["outcomes"]) <= outcomes
    for outcome in raw["outcome"]:
        assert set(outcome["channels"]) <= channels and outcome["engagement"] in engagements
