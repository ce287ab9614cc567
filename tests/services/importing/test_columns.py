"""Which column is which field, why, and how it is remembered."""

from __future__ import annotations

import pytest

from jobdesk.host import assets
from jobdesk.services.importing import columns, layouts
from jobdesk.services.importing.grid import Raw
from jobdesk.services.importing.rows import read_rows

from .corpus import TODAY, grid, id_number, plan_of, read_cells


def header_of(name: str) -> tuple[list[list[Raw]], list[tuple[int, int, int, int]]]:
    """The two header rows of a layout as Excel has them, and their merges."""
    raw = assets.toml(f"layouts/{name}.toml")
    headers = [c["header"] for c in raw["column"]]
    if name == "ledger_6":
        headers = headers[:14]
    top, below, merged = [], [], []
    for index, header in enumerate(headers):
        group, slash, leaf = header.rpartition("/") if "(年/月/日)" not in header else ("", "", header)
        top.append(group if slash else header)
        below.append(leaf if slash else "")
        if not slash:
            merged.append((0, index, 1, index))
    start = 0
    for index in range(1, len(top) + 1):
        if index == len(top) or top[index] != top[start]:
            if below[start]:
                merged.append((0, start, 0, index - 1))
                top[start + 1 : index] = [""] * (index - start - 1)
            start = index
    return [top, below], merged


@pytest.mark.parametrize(
    "name",
    [
        "ledger_3",
        "ledger_4",
        "ledger_5",
        "ledger_6",
        "ledger_12",
        "new_employment_template",
        "graduate_tracking",
        "graduate_real_name",
        "vacancies",
    ],
)
def test_every_column_of_every_known_layout_is_found(name: str) -> None:
    rows, merged = header_of(name)
    layout = next(x for x in layouts.vocabulary().layouts if x.id == name)
    body: list[Raw] = ["x"] * len(rows[0])
    plan = plan_of(grid([*rows, body], merged=merged))
    assert plan.layout is not None and plan.layout.id == name
    assert plan.kind == layout.kind
    lost = [g.column.label for g in plan.guesses if g.target is None and "repeated" not in g.reasons]
    assert lost == []
    assert all("layout" in g.reasons or "repeated" in g.reasons for g in plan.guesses)


def test_home_made_sheet_by_synonyms_likeness_and_content() -> None:
    rows: list[list[Raw]] = [
        ["人员姓名", "公民身份证号码", "本人手机号码", "？", "户籍", "家属姓名"],
        ["解春梅", id_number(), 19900000001.0, "女", "城镇", "赵国强"],
        ["单秀英", id_number(1980), 19900000002.0, "女", "农村", "钱玉"],
    ]
    by = {g.column.label: g for g in plan_of(grid(rows)).guesses}
    assert by["人员姓名"].target == "case.name" and by["人员姓名"].reasons[0] == "synonym"
    assert by["公民身份证号码"].target == "case.id_number"
    assert by["本人手机号码"].target == "case.phone" and by["本人手机号码"].reasons[0] == "alike"
    assert by["?"].target == "case.sex" and by["?"].reasons == ("content",)
    assert by["家属姓名"].target is None


def test_content_that_contradicts_the_header_is_told() -> None:
    rows: list[list[Raw]] = [["姓名", "联系电话"], *[["解春梅", id_number(1970 + i)] for i in range(9)]]
    guess = plan_of(grid(rows)).column_of("case.phone")
    assert guess is not None and "content_disagrees" in guess.reasons


def test_repeated_visit_blocks_become_further_records() -> None:
    top: list[Raw] = ["姓名", "身份证号", *["服务日期", "服务方式", "服务内容"] * 2]
    body: list[Raw] = ["解春梅", id_number(), "2026.3.1", "电话", "介绍岗位", "2026.4.2", "上门", "回访"]
    row = read_cells([top, body]).rows[0]
    assert row.values["service.served_on"] == "2026-03-01"
    assert row.values["service#2.served_on"] == "2026-04-02"
    assert row.values["service#2.channel"] == "visit"


def test_second_phone_column() -> None:
    rows: list[list[Raw]] = [["姓名", "联系电话", "联系电话"], ["解春梅", "19900000001", "19900000002"]]
    assert [g.target for g in plan_of(grid(rows)).guesses] == ["case.name", "case.phone", "case.phone_2"]


def test_the_clerks_word_is_remembered_for_the_layout_and_no_other() -> None:
    rows: list[list[Raw]] = [["姓名", "身份证号", "自定列"], ["解春梅", id_number(), "电焊"]]
    plan = plan_of(grid(rows)).choose(2, "case.skills").choose(1, None)
    memory = columns.LayoutMemory.from_json(plan.memory().to_json())
    again = plan_of(grid(rows), memory)
    assert [g.target for g in again.guesses] == ["case.name", None, "case.skills"]
    assert all(g.reasons == ("remembered",) for g in again.guesses)
    other = plan_of(grid([["姓名", "身份证号", "别的列"], ["解春梅", id_number(), "电焊"]]), memory)
    assert other.guesses[1].target == "case.id_number"


def test_choosing_a_field_twice_gives_up_the_first() -> None:
    rows: list[list[Raw]] = [["姓名", "曾用名", "身份证号"], ["解春梅", "解梅", id_number()]]
    plan = plan_of(grid(rows)).choose(1, "case.name")
    assert [g.target for g in plan.guesses][:2] == [None, "case.name"]
    assert read_rows(plan, TODAY)[0].name == "解梅"


def test_ticks_mean_their_code() -> None:
    rows, merged = header_of("ledger_6")
    body: list[Raw] = [1.0, "长春", "解春梅", "女", id_number(), "19900000001", "2026/3/1", "自由职业"]
    body += ["", "", "", "√", "是", ""]
    row = read_cells([*rows, body], merged=merged).rows[0]
    assert row.values["placement.form"] == "22"
    assert row.values["placement.note"] == "失业人员再就业：是"
