"""Papers of households: what they show, and what they never do."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest

from jobdesk.cases.claim import Act
from jobdesk.cases.errors import Refused
from jobdesk.cases.ops import Json, Subject
from jobdesk.reports.household_evidence import EVIDENCE, evidence_of
from jobdesk.reports.household_letters import EXIT, RECEIPT, REFUSAL, SUPPLEMENT
from jobdesk.reports.household_papers import FORM, LIST, PUBLICITY, household_paper
from jobdesk.services.editing import add_record, save_record
from jobdesk.services.household_list import load_household
from jobdesk.services.station_facts import change_station, load_station_facts
from tests.services.test_household_verbs import Home

NUMBER = "229901201403070017"


def words(home: Home, key: str, masked: bool = True) -> str:
    data = home.desk.read(lambda con: household_paper(con, home.desk, home.id, key, masked)).result()
    pdf = pypdfium2.PdfDocument(data)
    return "".join(page.get_textpage().get_text_range() for page in pdf)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path, address="幸福小区12号楼")
    child: dict[str, Json] = {
        "name": "钱六", "relation": "daughter", "birth_year": 2001, "state": "inmate", "hukou_kind": "10",
        "id_number": NUMBER,
    }  # fmt: skip
    add_record(made.desk, Subject("household", made.id), "member", child).result()
    return made


def test_the_form_names_every_member_and_masks_numbers(home: Home) -> None:
    said = words(home, FORM)
    for name in ("钱一", "孙二", "钱三", "钱六"):
        assert name in said
    assert NUMBER not in said
    assert NUMBER in words(home, FORM, masked=False)
    for secret in ("收监", "服刑"):
        assert secret not in said


def test_the_notice_shows_the_applicant_and_nothing_of_the_members(home: Home) -> None:
    with pytest.raises(Refused):
        words(home, PUBLICITY)
    home.to_report()
    said = words(home, PUBLICITY)
    assert "钱一" in said and "甲社区" in said and "2026年6月18日" in said
    for name in ("孙二", "钱三", "钱六", "幸福小区", NUMBER[:6], "失业"):
        assert name not in said


@pytest.mark.parametrize("key", ["", "claim_form", "household_from", "household_form:1"])
def test_a_paper_that_there_is_not_is_refused_by_name(home: Home, key: str) -> None:
    with pytest.raises(Refused) as refused:
        words(home, key)
    assert refused.value.code == "paper_unknown"
    assert refused.value.params == {"paper": key}


def test_the_list_holds_the_recognised_only(home: Home) -> None:
    with pytest.raises(Refused):
        words(home, LIST)
    home.to_report()
    with pytest.raises(Refused):
        words(home, LIST)
    home.act(
        Act.RECOGNISE,
        decided_on="2026-07-01",
        decided_by="县",
        decision_no="1",
        source="document",
        filing_no="B-1",
    )
    said = words(home, LIST)
    assert "钱一" in said and "B-1" in said and "幸福小区" not in said


def test_the_applicant_of_a_household_gets_a_receipt_one_list_and_a_refusal_with_its_remedy(
    home: Home,
) -> None:
    for key in (RECEIPT, SUPPLEMENT, REFUSAL, EXIT):
        with pytest.raises(Refused, match="claim_paper_not_yet"):
            words(home, key)
    home.act(Act.APPLY, applied_on="2026-06-15")
    home.act(Act.ACCEPT, accepted_on="2026-06-15")
    home.act(Act.SUPPLEMENT, supplement_on="2026-06-15", supplement_list="户口簿\n离婚证")
    home.act(Act.SUPPLEMENTED, supplemented_on="2026-06-16")
    said = words(home, RECEIPT)
    assert "一、" not in said, "a letter of one part is not numbered"
    number = home.root.text("receipt_no")
    assert f"回执号 {number}" in words(home, FORM)
    assert "吉人社办字〔2017〕80号 " in said.replace("\r\n", ""), "document and clause stand apart"
    assert "2026年6月15日" in said and "零就业家庭认定申请" in said and "待确认" in said
    said = words(home, SUPPLEMENT)
    assert "____" not in said, "nothing is blank"
    assert "1. 户口簿" in said and "2. 离婚证" in said and "只告知这一次" in said
    home.act(Act.CHECK, station_checked_on="2026-06-17", station_opinion="符合")
    home.act(Act.POST, publicity_from="2026-06-18", publicity_until="2026-06-24")
    home.act(Act.TAKE_DOWN, publicity_down_on="2026-06-25")
    home.act(Act.REPORT, reported_on="2026-06-25")
    home.act(
        Act.REFUSE, decided_on="2026-07-01", decided_by="县", source="document", refusal_reason="成员已就业",
        remedy="见决定文书",
    )  # fmt: skip
    said = words(home, REFUSAL)
    assert "成员已就业" in said and "见决定文书" in said and "零就业家庭" in said
    for name in ("孙二", "钱三", "钱六", "幸福小区", NUMBER[:6]):
        assert name not in said


def test_the_notice_names_the_supervision_phone_of_the_station(home: Home) -> None:
    home.to_report()
    facts = load_station_facts(home.desk).result()
    change_station(home.desk, facts.loaded, "测试街道", None, "", "0431-00000000").result()
    assert "0431-00000000" in words(home, PUBLICITY)


def test_what_is_not_written_down_is_a_line_for_the_pen(home: Home) -> None:
    home.recognise()
    home.act(Act.EXIT, exited_on="2026-07-10", exit_code="employed", exit_decided_by="某县人社局")
    save_record(home.desk, Subject("household", home.id), home.root, {"head_name": None}).result()
    said = words(home, EXIT)
    assert "____：" in said and "决定机关：某县人社局" in said and "文号：____" in said and "未填" not in said


def test_what_was_known_on_the_day_stays_readable_and_is_printed(home: Home) -> None:
    with pytest.raises(Refused, match="claim_paper_not_yet"):
        words(home, EVIDENCE)
    home.recognise()
    save_record(  # known only afterwards: the evidence of the day does not change
        home.desk, Subject("case", home.a), home.desk.case(home.a).result().root, {"name": "钱一一"}
    ).result()
    whole = load_household(home.desk, home.id).result()
    assert whole is not None
    station, county = evidence_of(whole)
    assert (station.on, county.on) == ("2026-06-17", "2026-07-01")
    assert station.outcome == county.outcome == "符合" and station.sentence and station.source
    assert {m.name for m in station.members} == {"钱一一", "孙二", "钱三", "钱六"}
    spouse = next(m for m in station.members if m.name == "孙二")
    assert spouse.stands == "计入，未就业" and dict(spouse.facts)["有劳动能力"].startswith("是")
    assert len(station.looked) == 5 and "成员均为城镇户籍" in dict(station.facts)
    on_paper = next(m for m in evidence_of(whole, on_paper=True)[0].members if m.name == "钱六")
    assert on_paper.stands == "不计入" and [name for name, _ in on_paper.facts] == ["年龄（周岁）"]
    assert "收监" not in "".join(m.told + m.stands for m in station.members)
    kinds = ["参保", "工商", "退休", "死亡", "走访"]
    assert [r[0] for r in station.looked] == kinds, "of one day: as the list of kinds has them"
    form = words(home, FORM)
    assert sorted(kinds, key=form.rindex) == kinds
    assert "households 第1版，2021年7月1日起" in words(home, EVIDENCE)
    assert station.source.count(" ") == 1, "document and clause stand apart"
    assert f"回执号 {home.root.text('receipt_no')}" in words(home, EVIDENCE)
    said = "".join(words(home, EVIDENCE).split())
    for shown in ("2026年6月17日", "2026年7月1日", "孙二", "配偶", "计入，未就业", "工商"):
        assert shown in said
    for hidden in (NUMBER, NUMBER[:6], "收监", "服刑", "幸福小区", "无劳动能力"):
        assert hidden not in said
