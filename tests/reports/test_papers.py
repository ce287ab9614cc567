"""Notices, plan, lists and the recovery code."""

from __future__ import annotations

from dataclasses import replace

import people
import pytest
from test_month_pdf import CLOCK, pages

from jobdesk.reports.list_pdf import Column, Group, ListPaper, list_pdf
from jobdesk.reports.notices import Notice, notice_pdf, recovery_pdf
from jobdesk.reports.plan_pdf import Review, plan_pdf
from jobdesk.reports.secrecy import Secret

CODE = ["K7QF2", "M9X4T", "RWH8C", "NP3VD", "6YJEB", "5ZA9K"]


def test_recovery_code_is_large_in_order_and_goes_to_the_county() -> None:
    facts = [("站点编号", "229901001"), ("生成日期", "2026-11-02"), ("经办人", "周试用")]
    (page,) = pages(recovery_pdf(CODE, facts, people.PRINTED, CLOCK))
    places = [page.index(group) for group in CODE]
    assert places == sorted(places)
    assert "密封交县级机构，登记交接" in page and "229901001" in page and "交接登记" in page


@pytest.mark.parametrize("group", ["AAAA", "ABCDE-FGHJK-MNPQR", "W" * 24])
def test_groups_of_any_length_stay_inside_the_frame(group: str) -> None:
    (page,) = pages(recovery_pdf([group] * 5, [], people.PRINTED, CLOCK))
    assert page.count(group) == 5


@pytest.mark.parametrize("kind", list(Notice))
def test_notices_say_that_the_text_is_our_own(kind: Notice) -> None:
    shown = pages(notice_pdf(kind, [people.GRADUATE, people.NOBODY], people.PRINTED, CLOCK))
    assert len(shown) == 2
    assert all("自拟文本，以当地文书为准" in p and "本人签字" in p for p in shown)
    assert "2002-09-17" not in shown[0] and "{" not in shown[0]
    whole = pages(notice_pdf(kind, [people.GRADUATE], people.PRINTED, CLOCK, mask=False))[0]
    assert people.GRADUATE.id_number and people.GRADUATE.id_number in whole


def test_plan_for_signature_prints_what_was_agreed() -> None:
    reviews = [Review("2026-11-30"), Review("2026-10-15", "按方案推进", "周试用")]
    (page,) = pages(plan_pdf(people.GRADUATE, reviews, people.BARRIERS, people.PRINTED, CLOCK))
    assert "一人一策帮扶方案" in page and "按方案推进" in page and "帮扶对象（本人）" in page
    assert "2026-11-30 — —" in page


def _list(rows: int, wide: float = 5) -> ListPaper:
    columns = [
        Column("姓名", wide),
        Column("单位", wide, "l", "安置情况"),
        Column("岗位", wide, "c", "安置情况"),
    ]
    return ListPaper(
        "名册",
        "2026 年 10 月",
        columns,
        [Group("", [(f"甲{k:04d}", "便民超市", "理货员") for k in range(rows)])],
    )


def test_a_long_list_repeats_its_heads_and_loses_no_row() -> None:
    shown = pages(list_pdf(_list(400), people.PRINTED, CLOCK))
    assert len(shown) > 5
    assert all("安置情况" in p and "单位" in p for p in shown)
    text = "".join(shown)
    assert all(text.count(f"甲{k:04d}") == 1 for k in range(400))
    assert "共 400 条" in shown[0]


def test_a_row_is_cut_only_where_it_is_very_tall_and_then_says_whose_it_is() -> None:
    columns = [Column("姓名", 5), Column("住址", 20)]
    rows = [(f"甲{k:02d}", "幸福家园二期" * (30 if k == 7 else 9)) for k in range(60)]
    shown = pages(list_pdf(ListPaper("名册", "", columns, [Group("", rows)]), people.PRINTED, CLOCK))
    assert len(shown) > 2 and not any("（续）" in p for p in shown)
    (*_, last) = pages(
        list_pdf(
            ListPaper("名册", "", columns, [Group("", [("甲", "幸福家园二期\n" * 90)])]),
            people.PRINTED,
            CLOCK,
        )
    )
    assert "1\n（续）" in last


def test_an_empty_group_says_so() -> None:
    listing = replace(_list(0), groups=[Group("已逾期", []), Group("今天", [("甲", "乙", "丙")])])
    (page,) = pages(list_pdf(listing, people.PRINTED, CLOCK))
    assert "没有符合条件的记录" in page and "今天" in page


def test_a_list_masks_what_its_columns_call_secret() -> None:
    columns = [
        Column("姓名", 5),
        Column("身份证号", 11, secret=Secret.ID_NUMBER),
        Column("电话", 7, secret=Secret.PHONE),
        Column("出生", 6, secret=Secret.BIRTH),
    ]
    row = ("甲", "229901200209170010", "19900000012", "2002-09-17")
    listing = ListPaper("名册", "", columns, [Group("", [row])])
    masked = pages(list_pdf(listing, people.PRINTED, CLOCK))[0]
    assert "229901********0010" in masked and "199****0012" in masked and "2002" not in masked
    whole = pages(list_pdf(listing, people.PRINTED, CLOCK, mask=False))[0]
    assert all(value in whole for value in row) and "含完整证件号" in whole
