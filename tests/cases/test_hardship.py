"""就业困难人员 by the examples of the notices: every category, every edge, every older version."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobdesk.cases.figures import add_months
from jobdesk.cases.hardship import snapshot, verdicts
from jobdesk.cases.ops import Json
from jobdesk.cases.rules.vocabulary import judge, outcome
from tests.cases.files import File
from tests.cases.hardship_files import at, household, registered

MET, NOT, OPEN = "met", "not_met", "unknown"
GRADUATE: dict[str, Json] = {
    "birth": "2002-09-17", "graduate_kind": "university", "graduated_on": "2024-06-30", "education": "21",
    "ever_employed": False, "ever_insured": False,
}  # fmt: skip


def said(code: str, file: File, day: str = "2026-07-15") -> str:
    verdict = judge(f"hardship.{code}", at(file, day))
    assert outcome(f"hardship.{code}", at(file, day)) is verdict.outcome, "quick and traced answers agree"
    return verdict.outcome.value


CASES: list[tuple[str, str, File, str, str]] = [
    # category, what, file, day, answer
    ("JL1", "原国有企业下岗", registered(laid_off_soe=True), "2026-07-15", MET),
    ("JL1", "不是国有企业下岗", registered(laid_off_soe=False), "2026-07-15", NOT),
    ("JL1", "没有写", registered(), "2026-07-15", OPEN),
    ("JL1", "外省户籍", registered(laid_off_soe=True, local_hukou=False), "2026-07-15", NOT),
    ("JL1", "没有失业登记", File(**registered().root, laid_off_soe=True).add("registration", since="2025-01-01", until="2025-02-01", registered=True, source="system"), "2026-07-15", NOT),
    ("JL1", "已享受养老待遇", registered(laid_off_soe=True, pension_since="2026-05"), "2026-07-15", NOT),
    ("JL2", "女 45 岁，登记 6 个月", registered(), "2026-07-15", MET),
    ("JL2", "满 6 个月前一天", registered(), "2026-07-01", NOT),
    ("JL2", "正好满 6 个月", registered(), "2026-07-02", MET),
    ("JL2", "8 月 31 日起，到 2 月最后一天", registered("2025-08-31"), "2026-02-28", MET),
    ("JL2", "8 月 31 日起，2 月 27 日", registered("2025-08-31"), "2026-02-27", NOT),
    ("JL2", "只知道登记的月份，可能不满", registered("2026-01"), "2026-07-15", OPEN),
    ("JL2", "女 39 岁", registered(birth="1986-07-16"), "2026-07-15", NOT),
    ("JL2", "女 40 岁生日当天", registered(birth="1986-07-15"), "2026-07-15", MET),
    ("JL2", "2 月 29 日生，40 岁前一天", registered("2026-01-02", birth="1988-02-29"), "2028-02-28", NOT),
    ("JL2", "2 月 29 日生，40 岁生日", registered("2026-01-02", birth="1988-02-29"), "2028-02-29", MET),
    ("JL2", "男 49 岁", registered(sex="1", birth="1976-07-16"), "2026-07-15", NOT),
    ("JL2", "男 50 岁", registered(sex="1", birth="1976-07-15"), "2026-07-15", MET),
    ("JL2", "农村户籍、城镇常住", registered(hukou_kind="20", urban_resident=True), "2026-07-15", MET),
    ("JL2", "农村户籍、不在城镇常住", registered(hukou_kind="20", urban_resident=False), "2026-07-15", NOT),
    ("JL2", "登记只见于台账，不起算", registered("2026-01-02", "ledger"), "2026-07-15", OPEN),
    ("JL2", "登记只是本人自述，不起算", registered("2026-01-02", "self"), "2026-07-15", OPEN),
    ("JL2", "没写性别", registered(sex=None), "2026-07-15", OPEN),
    ("JL2", "只知道出生年", registered(birth="1986"), "2026-07-15", OPEN),
    ("JL3", "持残疾人证", registered(disability_card="22990119810426042742"), "2026-07-15", MET),
    ("JL3", "没有写", registered(), "2026-07-15", OPEN),
    ("JL5", "低保，登记满一年", registered("2025-07-15").add("group", kind="allowance", since="2025-01", source="document"), "2026-07-15", MET),
    ("JL5", "低保，差一天一年", registered("2025-07-16").add("group", kind="allowance", since="2025-01", source="document"), "2026-07-15", NOT),
    ("JL5", "低保已经停发", registered("2025-01-01").add("group", kind="allowance", since="2025-01", until="2026-05", source="document"), "2026-07-15", NOT),
    ("JL5", "没有写低保", registered("2025-01-01"), "2026-07-15", OPEN),
    ("JL6", "统一征地", registered(land_taken=True), "2026-07-15", MET),
    ("JL6", "没有被征地", registered(land_taken=False), "2026-07-15", NOT),
    ("JL7", "离校满 24 个月", registered(**GRADUATE), "2026-06-30", MET),
    ("JL7", "差一天 24 个月", registered(**GRADUATE), "2026-06-29", NOT),
    ("JL7", "2 月 29 日离校，平年 2 月 28 日满", registered("2024-03-01", **{**GRADUATE, "graduated_on": "2024-02-29"}), "2026-02-28", MET),
    ("JL7", "2 月 29 日离校，2 月 27 日", registered("2024-03-01", **{**GRADUATE, "graduated_on": "2024-02-29"}), "2026-02-27", NOT),
    ("JL7", "只知道离校月份，月中", registered(**{**GRADUATE, "graduated_on": "2024-06"}), "2026-06-15", OPEN),
    ("JL7", "曾经就业", registered(**{**GRADUATE, "ever_employed": True}), "2026-07-15", NOT),
    ("JL7", "有参保记录", registered(**{**GRADUATE, "ever_insured": True}), "2026-07-15", NOT),
    ("JL7", "没有写是否曾就业", registered(**{**GRADUATE, "ever_employed": None}), "2026-07-15", OPEN),
    ("JL7", "继续升学，2025 年才毕业", registered(**GRADUATE).add("absence", kind="study", since="2024-09-01", until="2025-06-30", source="document"), "2026-07-15", NOT),
    ("JL7", "还在读研", registered(**GRADUATE).add("absence", kind="study", since="2024-09-01"), "2026-07-15", OPEN),
    ("JL7", "毕业后入伍两年，待确认", registered(**GRADUATE).add("absence", kind="military", since="2024-09-01", until="2026-06-01"), "2026-07-15", OPEN),
    ("JL7", "退伍也满两年", registered(**{**GRADUATE, "graduated_on": "2022-06-30"}).add("absence", kind="military", since="2022-09-01", until="2024-07-01"), "2026-07-15", MET),
    ("JL7", "技师学院高级工班", registered(**{**GRADUATE, "graduate_kind": "technician_senior"}), "2026-07-15", MET),
    ("JL7", "中职", registered(**{**GRADUATE, "graduate_kind": "secondary"}), "2026-07-15", NOT),
]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "what", "file", "day", "answer"), CASES, ids=[f"{c[0]} {c[1]}" for c in CASES]
)
def test_categories_by_the_examples_of_the_notices(
    code: str, what: str, file: File, day: str, answer: str
) -> None:
    file.root = {k: v for k, v in file.root.items() if v is not None}
    assert said(code, file, day) == answer, what


@pytest.mark.parametrize(("state", "answer"), [("recognised", MET), ("review", MET), ("refused", NOT)])
def test_a_member_of_a_household_the_county_recognised(state: str, answer: str) -> None:
    found = judge("hardship.JL4", at(registered(), "2026-07-15", (household(state),)))
    assert found.outcome.value == answer
    assert judge("hardship.JL4", at(registered(), "2026-07-15")).outcome.value == NOT


OLD = [
    ("JL2", "2016-05-01", registered("2016-04-01", birth="1976-01-01"), MET),
    ("JL5", "2016-05-01", registered("2016-04-01").add("group", kind="allowance", since="2015-01", source="document"), MET),
    ("JL2", "2018-05-01", registered("2016-04-01", birth="1970-01-01"), OPEN),
    ("JL1", "2018-05-01", registered("2016-04-01", laid_off_soe=True), OPEN),
    ("JL1", "2018-05-01", registered("2016-04-01", laid_off_soe=False), NOT),
    ("JL7", "2016-05-01", registered("2016-04-01", **GRADUATE), OPEN),
]  # fmt: skip


@pytest.mark.parametrize(("code", "day", "file", "answer"), OLD)
def test_older_versions_answer_by_their_own_words_and_gaps_stay_open(
    code: str, day: str, file: File, answer: str
) -> None:
    assert said(code, file, day) == answer


def test_2010_asked_for_no_six_months_and_today_does() -> None:
    file = registered("2016-04-01", birth="1976-01-01")
    then, now = judge("hardship.JL2", at(file, "2016-05-01")), judge("hardship.JL2", at(file, "2026-05-01"))
    assert then.entry is not None and then.entry.source.document == "吉人社办字〔2010〕177号"
    assert not any(f.name == "registered_months" for f in then.facts)
    assert any(f.name == "registered_months" for f in now.facts)


def test_a_county_raises_the_age_and_old_decisions_keep_theirs() -> None:
    from jobdesk.host import policy_files

    text = """
pack = "county_age"
title = "县级调整"
version = 1
[[entry]]
key = "hardship.JL2.women"
kind = "figure"
valid_from = 2026-07-01
region = "220102"
status = "confirmed"
source = { document = "测试文", clause = "一" }
sentence = "女性年满 45 周岁"
value = 45
unit = "year"
"""
    pack, faults = policy_files.parse("county.toml", text)
    assert pack is not None and not faults
    from dataclasses import replace

    from tests.cases.hardship_files import PACKS

    packs = replace(PACKS.replaced([pack]), region="220102")
    file = registered(birth="1984-01-01")
    before = replace(at(file, "2026-06-30"), packs=packs)
    after = replace(at(file, "2026-07-15"), packs=packs)
    assert not judge("hardship.JL2", before).met  # 6 个月未满
    assert judge("hardship.JL2", replace(at(file, "2026-07-15"))).met
    assert judge("hardship.JL2", after).outcome.value == NOT


def test_grounds_of_refusal_bar_an_application_and_unknown_ones_do_not() -> None:
    free = verdicts(at(registered(), "2026-07-15"))
    assert "JL2" in free.may_apply
    assert [g.outcome.value for g in free.grounds] == [OPEN, OPEN, OPEN]
    look: dict[str, Json] = {"kind": "business", "result": "found", "looked_on": "2026-07-10"}
    barred = verdicts(at(registered().add("verification", **look), "2026-07-15"))
    found = barred.of("JL2")
    assert found is not None and found.verdict.met and not found.may_apply
    clear = verdicts(at(registered().add("verification", **{**look, "result": "clear"}), "2026-07-15"))
    assert "JL2" in clear.may_apply


def test_income_is_judged_only_where_a_county_says_the_minimum_wage() -> None:
    found = judge("hardship.refuse.3", at(registered(monthly_income=2600), "2026-07-15"))
    assert found.outcome.value == OPEN and "figure:hardship.minimum_wage" in found.missing


def test_a_recognition_has_no_term_in_the_shipped_packs() -> None:
    from tests.cases.hardship_files import PACKS

    assert PACKS.figure("clocks.term", date(2026, 7, 15)) is None
    assert PACKS.figure("clocks.publicity.person", date(2026, 7, 15)) is None
    assert PACKS.number("clocks.publicity.household", date(2026, 7, 15)) == 3
    assert PACKS.number("clocks.decide", date(2026, 7, 15)) == 10


def test_the_snapshot_holds_every_fact_with_its_value_and_source() -> None:
    kept = snapshot(at(registered(), "2026-07-15"), "JL2")
    verdict = kept["verdict"]
    assert isinstance(verdict, dict) and verdict["outcome"] == MET and verdict["status"] == "unconfirmed"
    names = {f["name"] for f in verdict["facts"]}  # type: ignore[index,union-attr]
    assert {"age", "sex", "urban", "registered_months", "local_hukou"} <= names


@given(
    st.dates(date(2025, 1, 1), date(2026, 7, 15)), st.integers(1, 400), st.sampled_from(["study", "military"])
)
def test_what_is_dated_after_a_day_never_changes_the_verdict_of_that_day(
    start: date, later: int, kind: str
) -> None:
    file = registered("2024-03-01", **GRADUATE)
    day = "2026-07-15"
    before = {c.code: c.verdict.outcome for c in verdicts(at(file, day)).categories}
    after = (date(2026, 7, 15) + timedelta(days=later)).isoformat()
    file.add("absence", kind=kind, since=after).add(
        "registration", since=after, registered=True, source="system"
    )
    file.add("verification", kind="business", result="found", looked_on=after)
    assert {c.code: c.verdict.outcome for c in verdicts(at(file, day)).categories} == before


@given(st.dates(date(2023, 1, 1), date(2025, 12, 31)))
def test_the_two_years_are_full_on_one_day_and_stay_full(left: date) -> None:
    file = registered("2023-01-01", **{**GRADUATE, "graduated_on": left.isoformat()})
    full = add_months(left, 24)
    if full <= date(2022, 4, 29):
        return
    assert said("JL7", file, (full - timedelta(days=1)).isoformat()) == NOT
    for ahead in (0, 1, 30, 400):
        assert said("JL7", file, (full + timedelta(days=ahead)).isoformat()) == MET


def test_a_job_merely_heard_of_is_no_ground_of_refusal() -> None:
    heard = registered().add("placement", form="10", since="2026-07-01", source="self")
    found = judge("hardship.refuse.1", at(heard, "2026-07-15"))
    assert found.outcome.value == OPEN, "未核实"
    assert verdicts(at(heard, "2026-07-15")).may_apply == ("JL2",)
    sure = registered().add("placement", form="10", since="2026-07-01", verified_on="2026-07-03")
    assert judge("hardship.refuse.1", at(sure, "2026-07-15")).outcome.value == MET
    assert verdicts(at(sure, "2026-07-15")).may_apply == ()
    assert judge("hardship.refuse.1", at(sure, "2026-07-02")).outcome.value == OPEN, "verified later"
