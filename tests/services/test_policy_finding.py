"""政策找人 on a real station: counts, people behind them, telling one and many, the paper, the page's data."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date
from itertools import combinations_with_replacement
from pathlib import Path

import pypdfium2
import pytest

from jobdesk.cases.errors import Refused
from jobdesk.cases.ops import Json
from jobdesk.host.fact_words import lack_words
from jobdesk.reports.furniture import Printed
from jobdesk.reports.month_data import PersonSheet
from jobdesk.reports.person_papers import person_paper
from jobdesk.reports.policy_paper import policy_pdf, worth_telling
from jobdesk.services.bulk import undo_set
from jobdesk.services.confirming import confirm
from jobdesk.services.merging import merge
from jobdesk.services.policies import packs_of
from jobdesk.services.policy_finding import PolicyBoard, load_person, load_policies, matches_of
from jobdesk.services.policy_telling import Telling, tell
from jobdesk.services.today import open_facts
from tests.ui.case_scene import Scene, make_scene
from tests.ui.crowd import id_number

TODAY = "2026-07-15"
SHAMING = ("就业困难", "低保", "残疾", "重病", "贫困", "脱贫", "刑满", "零就业", "困难家庭", "特困")


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    made = make_scene(tmp_path)
    yield made
    made.close()


def hardship(scene: Scene, number: int = 1, **values: Json) -> str:
    body: dict[str, Json] = {
        "id_number": id_number(date(1980, 3, 5), number), "graduate_kind": "none", "opened_on": "2026-01-05",
        "work_capacity": "able", "education": "61", **values,
    }  # fmt: skip
    case = scene.person(**body)
    scene.add(case, "recognition", category="JL2", state="recognised", since="2025-01-05", source="document")
    return case


def board(scene: Scene) -> PolicyBoard:
    return load_policies(scene.desk).result()


def untold(scene: Scene, code: str) -> tuple[str, ...]:
    return next(c for c in board(scene).counts if c.card.code == code).untold


def test_counts_are_the_people_behind_them_and_telling_takes_them_off(scene: Scene) -> None:
    people = [hardship(scene, n) for n in (1, 3, 5)]
    scene.person(name="王建国", graduate_kind="none", education="61", opened_on="2026-01-05")
    assert sorted(untold(scene, "social_flexible")) == sorted(people)
    codes = {p: ["social_flexible"] for p in people[:2]}
    made = tell(scene.desk, Telling(codes, "phone", TODAY, "下周带材料来")).result()
    assert (made.asked, made.changed) == (2, 2)
    assert untold(scene, "social_flexible") == (people[2],)
    service = scene.desk.case(people[0]).result().of("service")[0]
    assert service.get("policies") == ["social_flexible"]
    assert service.text("type") == "ZCXJ"
    assert service.text("staff") == scene.desk.actor
    assert not any(word in service.text("content") for word in SHAMING), "free text may be printed"
    undo_set(scene.desk, made.actions).result()
    assert sorted(untold(scene, "social_flexible")) == sorted(people)


def test_telling_in_a_group_is_in_person_or_it_is_none(scene: Scene) -> None:
    case = hardship(scene)
    with pytest.raises(Refused) as refused:
        tell(scene.desk, Telling({case: ["social_flexible"]}, "online", TODAY, event="宣讲会"))
    assert refused.value.code == "telling_mass"
    for bad, code in (
        (Telling({case: ["x"]}, "pigeon", TODAY), "telling_channel"),
        (Telling({case: ["x"]}, "phone", "2026-07-16"), "telling_day"),
        (Telling({case: []}, "phone", TODAY), "telling_nobody"),
    ):
        with pytest.raises(Refused) as refused:
            tell(scene.desk, bad)
        assert refused.value.code == code
    tell(scene.desk, Telling({case: ["social_flexible"]}, "station", TODAY, event="7月宣讲会")).result()
    assert case not in untold(scene, "social_flexible")


def test_many_are_told_in_several_actions(scene: Scene) -> None:
    people = [hardship(scene, 2 * n + 1) for n in range(125)]
    steps: list[tuple[int, int]] = []
    telling = Telling({p: ["social_unit", "social_flexible"] for p in people}, "station", TODAY)
    made = tell(scene.desk, telling, lambda done, whole: steps.append((done, whole)) is None).result()
    assert (made.changed, len(made.actions)) == (125, 2)
    assert steps == [(120, 125), (125, 125)]
    assert untold(scene, "social_unit") == ()


def test_a_list_that_would_tell_of_an_allowance_is_veiled(scene: Scene) -> None:
    veiled = {c.card.code for c in board(scene).counts if c.veiled}
    assert veiled == {"aid_deduction", "job_seeking", "social_flexible_disabled"}


def test_the_page_has_months_post_and_cards_of_the_person(scene: Scene) -> None:
    case = hardship(scene)
    scene.add(case, "subsidy", kind="social_flexible", since="2026-01", source="document", months_before=12)
    scene.add(case, "public_post", kind="hardship", since="2026-05-01", unit="社区", source="document")
    facts = next(f for f in scene.desk.read(lambda con: list(open_facts(con, [case]))).result())
    found = load_person(scene.desk, facts).result()
    assert [(u.family, u.months.high) for u in found.usages] == [("social", 19), ("post", 3)]
    assert found.posts[0].entitled.verdict.met
    assert found.after["post"]
    assert found.matches[0].standing.value == "possible"


def _words(data: bytes) -> str:
    found = pypdfium2.PdfDocument(io.BytesIO(data))
    return "".join(page.get_textpage().get_text_range() for page in found)


def test_the_paper_promises_nothing_names_no_category_and_no_number(scene: Scene) -> None:
    case = hardship(scene, phone="19912340031")
    scene.add(case, "group", kind="allowance", since="2025-01-01", source="ledger")
    scene.add(case, "placement", form="22", since="2026-03-01", insured="是", verified_on="2026-03-05")
    said = _words(scene.desk.read(lambda con: person_paper(con, scene.desk, case, "policies")).result())
    flat = "".join(said.split())
    assert "灵活就业社会保险补贴" in flat
    assert "核算家庭收入时扣减就业成本" in flat
    assert "灵活就业并缴纳社会保险费，失业登记已注销" in flat, "what is asked"
    assert "（36个月）（2015年实施意见，2015年起）" in flat
    assert "材料清单未见文件，自拟" in flat
    assert "以经办机构核定为准" in flat
    assert "待确认" in flat
    assert not [word for word in SHAMING if word in flat]
    assert "2299" not in flat
    assert "1991" not in flat
    empty = scene.person(name="王建国", graduate_kind="none", education="61", opened_on="2026-01-05")
    said = _words(scene.desk.read(lambda con: person_paper(con, scene.desk, empty, "policies")).result())
    assert "暂没有可告知的政策" in "".join(said.split())
    assert "0项" not in "".join(said.split())
    assert scene.desk.read(lambda con: matches_of(con, scene.desk, "nobody")).result() == []


def test_the_paper_says_what_is_paid_already(scene: Scene) -> None:
    case = hardship(scene)
    scene.add(case, "subsidy", kind="social_flexible", since="2026-01-01", source="document")
    said = _words(scene.desk.read(lambda con: person_paper(con, scene.desk, case, "policies")).result())
    assert "正在享受" in said
    assert case not in untold(scene, "social_flexible")


def test_nobody_signs_a_page_that_tells_nothing(scene: Scene) -> None:
    case = hardship(scene)
    desk = scene.desk
    found = desk.read(lambda con: worth_telling(matches_of(con, desk, case))).result()
    packs = desk.read(lambda con: packs_of(con, desk)).result()
    sheet = PersonSheet("1", "王建国", *[None] * 11)  # type: ignore[arg-type]
    for picks in combinations_with_replacement(range(len(found)), 4):
        told = [found[n] for n in picks]
        data = policy_pdf(sheet, told, packs, desk.today, Printed("甲站", "乙", "2026-07-15"), desk.clock)
        last = list(pypdfium2.PdfDocument(io.BytesIO(data)))[-1].get_textpage().get_text_range()
        assert "依据文件" in "".join(last.split()), picks
        assert last.count("就业创业政策告知单") == 1, "a following page says the day, and the title once"
        assert "".join(last.split()).count("年月日") == 2, "a telephone number is not dated"


def test_the_month_sheet_counts_the_months_of_all_payers_against_the_limit(scene: Scene) -> None:
    case = hardship(scene)
    scene.add(case, "subsidy", kind="social_flexible", since="2026-01", until="2026-03", source="document")
    scene.add(case, "subsidy", kind="social_unit", since="2026-03", source="document", months_before=5)
    said = _words(scene.desk.read(lambda con: person_paper(con, scene.desk, case, "sheet")).result())
    assert "12／36" in "".join(said.split())
    assert "正在享受；文书" in "".join(said.split()), (
        "本月情况 says how it stands, not only by what it is known"
    )
    scene.add(case, "benefit", since="2025-08", until="2026-07", source="ledger")
    said = _words(scene.desk.read(lambda con: person_paper(con, scene.desk, case, "sheet")).result())
    assert "本期到期；台账记载（未核对）" in "".join(said.split())


def test_the_paper_reads_what_stands_in_a_merged_file_too(scene: Scene) -> None:
    kept = scene.person(
        id_number=id_number(date(1980, 3, 5), 7), graduate_kind="none", opened_on="2026-01-05"
    )
    other = hardship(scene, 8)

    def circle() -> bool:
        found = scene.desk.read(lambda con: matches_of(con, scene.desk, kept)).result()
        return next(m for m in found if m.card.code == "social_flexible").in_circle

    assert not circle()
    merge(scene.desk, kept, other, "同一人").result()
    assert circle()


def test_who_stands_within_a_window_is_known_once_the_date_is_confirmed(scene: Scene) -> None:
    case = scene.person(
        graduate_kind="university", graduated_on="2025-06-30", education="21", birth="2002-01-02"
    )

    def counted() -> tuple[bool, bool]:
        here = next(c for c in board(scene).counts if c.card.code == "internship")
        return case in (*here.untold, *here.possible), case in here.open

    def lacking() -> list[str]:
        found = scene.desk.read(lambda con: matches_of(con, scene.desk, case)).result()
        return [lack_words(n) for n in next(m for m in found if m.card.code == "internship").lacks]

    assert counted() == (False, True)
    assert any("未核对" in words for words in lacking())
    confirm(scene.desk, case, "graduated_on", "2025-06-30", {"source": "system"}).result()
    assert counted() == (True, False) and not any("未核对" in words for words in lacking())
