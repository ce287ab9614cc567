"""Papers of an application: what they must say, and what a 公示 must never show."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import people
import pypdfium2
import pytest
from test_month_pdf import CLOCK, pages

from jobdesk.cases.errors import Refused
from jobdesk.host import policy_files
from jobdesk.reports.fonts import FILES, load
from jobdesk.reports.recognition_data import ClaimPaper, Limit, Looked, remedy_words
from jobdesk.reports.recognition_papers import CLAIM_PAPERS, draw

LIMIT = Limit(
    "自受理之日起 10 个工作日内完成审核认定（2017年口径，现行待确认）", "吉人社办字〔2017〕80号", "2026-11-16"
)
CLAIM = ClaimPaper(
    values={
        "state": "reported", "applied_on": "2026-10-30", "accepted_on": "2026-11-02",
        "receipt_no": "20261102-7F3A21", "supplement_on": "2026-11-02",
        "supplement_list": "居住证明\n与原单位解除劳动关系的证明", "station_opinion": "经比对和走访，符合大龄失业人员条件，建议认定。",
    },
    categories=(("下岗失业人员", False), ("大龄失业人员", True), ("残疾失业人员", False), ("零就业家庭成员", False),
                ("低保失业人员", False), ("失地农民", False), ("就业困难高校毕业生", False)),
    looked=(Looked("参保", "省社保系统", "2026-11-03", "未发现不符", "周试用"),
            Looked("走访", "上门", "2026-11-04", "未发现不符", "周试用、社区网格员")),
    community="平阳社区", certificate="2299010025000123", registration="2026-01-02", work_capacity="有劳动能力",
    checker="周试用", limit=LIMIT, exit_reason="已就业", remedy="可自收到告知之日起 60 日内申请行政复议", publicity=True,
)  # fmt: skip
REFUSED = replace(
    CLAIM,
    values={
        **CLAIM.values, "state": "refused", "decided_on": "2026-11-10", "decided_by": "测试区就业服务局",
        "decision_no": "测就认〔2026〕9号", "refusal_reason": "申请时仍在单位参加社会保险。",
    },
)  # fmt: skip
PUT_UP = replace(
    CLAIM, values={**CLAIM.values, "publicity_from": "2026-11-05", "publicity_until": "2026-11-10"}
)
LEFT = replace(CLAIM, values={**CLAIM.values, "state": "exited", "exited_on": "2026-11-20", "exit_code": "employed",
                              "decided_by": "测试区就业服务局", "decision_no": "测就认〔2026〕2号"})  # fmt: skip


def drawn(paper: str, claim: ClaimPaper, mask: bool = True) -> str:
    return "\n".join(pages(draw(paper, people.GRADUATE, claim, people.PRINTED, CLOCK, mask)))


def test_the_form_leaves_the_countys_opinion_to_the_county() -> None:
    said = drawn("claim_form", CLAIM)
    assert "√ 大龄失业人员" in said and "□ 残疾失业人员" in said
    assert "自拟版式" in said and "只有县级机构能认定" in said and "省社保系统" in said
    assert "转记县级认定" not in said
    assert "测试区就业服务局" in drawn("claim_form", REFUSED)


def test_what_nobody_wrote_down_is_ruled_on_the_form_and_not_called_未填() -> None:
    bare = replace(CLAIM, certificate="", registration="", work_capacity="")
    assert "未填" not in drawn("claim_form", bare)


def test_the_form_says_why_the_county_refused() -> None:
    assert "申请时仍在单位参加社会保险" in drawn("claim_form", REFUSED).replace("\n", "")


def test_a_paper_that_there_is_not_is_refused_by_name() -> None:
    with pytest.raises(Refused) as refused:
        drawn("claim_from", CLAIM)
    assert (refused.value.code, refused.value.params) == ("paper_unknown", {"paper": "claim_from"})


def test_the_form_without_look_ups_says_so() -> None:
    assert "缺核对记录" in drawn("claim_form", replace(CLAIM, looked=()))


def test_receipt_with_number_and_term_whose_rule_is_待确认() -> None:
    said = drawn("claim_receipt", CLAIM)
    assert "20261102-7F3A21" in said and "2026年11月16日" in said
    assert "待确认" in said and "吉人社办字〔2017〕80号" in said.replace("\n", "")
    assert "没有见到文件规定" in drawn("claim_receipt", replace(CLAIM, limit=None))


def test_the_list_of_what_is_missing_is_numbered_and_told_once() -> None:
    said = drawn("claim_supplement", CLAIM)
    assert "1. 居住证明" in said and "2. 与原单位解除劳动关系的证明" in said and "只告知这一次" in said


def test_a_refusal_names_who_why_and_the_remedy() -> None:
    said = drawn("claim_refusal", REFUSED).replace("\n", "")
    assert "申请时仍在单位参加社会保险" in said and "行政复议" in said and "测就认〔2026〕9号" in said


def test_a_remedy_in_other_words_is_marked_as_well() -> None:
    packs, day = policy_files.shipped(), date(2026, 7, 15)
    assert "待县级确认" in remedy_words("", packs, day)
    other = remedy_words("可于30日内向市里反映。", packs, day)
    assert other.startswith("可于30日内向市里反映（") and "待确认" in other
    assert remedy_words("60日内申请行政复议（待确认）", packs, day) == "60日内申请行政复议（待确认）"


def test_leaving_says_that_help_and_subsidies_go_on() -> None:
    said = drawn("claim_exit", LEFT).replace("\n", "")
    assert "已就业" in said and "不等于结束帮扶" in said and "不因退出认定自动停发" in said
    assert "见决定文书" in drawn("claim_exit", replace(LEFT, exit_reason=""))


def test_nobody_tells_the_dead_that_they_may_apply_again() -> None:
    dead = replace(LEFT, values={**LEFT.values, "exit_code": "dead"}, exit_reason="已故")
    said = drawn("claim_exit", dead).replace("\r\n", "")
    name = people.GRADUATE.name
    assert f"{name}的家属" in said and f"{name}的就业困难人员认定" in said and "家属签收" in said
    assert not [word for word in ("你的", "重新申请", "不等于结束帮扶", "本人签收") if word in said]


def test_the_number_of_the_recognition_is_not_that_of_the_exit() -> None:
    assert "测就认〔2026〕2号" not in drawn("claim_exit", LEFT), "nobody wrote down a decision of the exit"
    own = {"exit_decided_by": "测试区就业局", "exit_decision_no": "测就退〔2026〕5号"}
    said = drawn("claim_exit", replace(LEFT, values={**LEFT.values, **own}))
    assert "测就退〔2026〕5号" in said and "测试区就业局" in said


@pytest.mark.parametrize("mask", [True, False])
def test_a_公示_shows_nothing_sensitive_masked_or_not(mask: bool) -> None:
    person = people.GRADUATE
    said = drawn("claim_publicity", PUT_UP, mask).replace("\n", "")
    assert person.name in said and "平阳社区" in said and "2026年11月5日" in said and "监督电话" in said
    hidden = [person.id_number, person.phone, person.address, str(person.birth), "大龄", "残疾", "低保"]
    assert not [h for h in hidden if h and h in said]
    assert person.id_number and person.id_number[-4:] not in said


def test_a_公示_can_be_read_from_the_wall() -> None:
    person = replace(people.GRADUATE, name="周岩")
    data = draw("claim_publicity", person, PUT_UP, people.PRINTED, CLOCK, True)
    page = pypdfium2.PdfDocument(data)[0].get_textpage()
    words = page.get_text_range()
    for said in ("周岩", "平阳社区", "正在办理", "年11月10日"):
        left, _bottom, right, _top = page.get_charbox(words.index(said), loose=True)
        assert right - left >= 13.5, said


def test_no_公示_where_no_pack_asks_for_one() -> None:
    with pytest.raises(Refused, match="claim_paper_no_publicity"):
        drawn("claim_publicity", replace(CLAIM, publicity=False))


@pytest.mark.parametrize("paper", ["claim_refusal", "claim_exit"])
def test_what_has_not_happened_is_not_printed(paper: str) -> None:
    with pytest.raises(Refused, match="claim_paper_not_yet"):
        drawn(paper, CLAIM)


@pytest.mark.parametrize("paper", CLAIM_PAPERS)
def test_the_longest_names_and_texts_stay_on_the_paper(paper: str) -> None:
    long = "与原单位解除劳动关系的证明，及原单位出具的社会保险停缴证明（加盖公章）" * 3
    values = {**CLAIM.values, **REFUSED.values, **LEFT.values, **PUT_UP.values, "refusal_reason": long,
              "supplement_list": "\n".join([long] * 6), "station_opinion": long}  # fmt: skip
    claim = replace(CLAIM, values=values, looked=CLAIM.looked * 6, community="向阳社区第三居民小组" * 3)
    shown = pages(draw(paper, people.LONGEST, claim, people.PRINTED, CLOCK, True))
    assert "古丽巴哈尔" in shown[0].replace("\n", "") and "{" not in "".join(shown)


@pytest.mark.parametrize("paper", CLAIM_PAPERS)
def test_every_mark_on_a_paper_can_be_drawn(paper: str) -> None:
    """A character that no bundled face has comes out as a crossed box, and reads like a ticked one."""
    claim = replace(PUT_UP, values={**REFUSED.values, **PUT_UP.values, **LEFT.values})
    faces = [load(face).widths for face in FILES]
    said = "".join(drawn(paper, claim).split())
    assert said and not {c for c in said if not any(ord(c) in f for f in faces)}
