"""What the file shows, without Qt: drafts, dates, sentences of the history, the head."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from jobdesk.cases.clock import Stamp
from jobdesk.cases.history import Change, Entry, UndoneBy
from jobdesk.cases.ops import Kind
from jobdesk.cases.state import FieldState, Head, RecordState
from jobdesk.cases.summary import Chip
from jobdesk.ui.case_words import Words, day
from jobdesk.ui.casefile.drafts import freeze, renewed, thaw
from jobdesk.ui.casefile.history_state import lines_of
from jobdesk.ui.casefile.record_editor import corrects
from jobdesk.ui.casefile.record_state import has_ended, spell_mark
from jobdesk.ui.casefile.state import age_words, chips_of

TODAY = date(2026, 7, 15)


def record(**values: str) -> RecordState:
    """Each field written by an operation of its own."""
    fields = {n: FieldState(v, (Head(f"op-{n}-{v}", v, Stamp(1, 0, "r"), "a"),)) for n, v in values.items()}
    return RecordState("case", "c", fields)


def test_draft_brings_back_the_versions_its_author_saw() -> None:
    seen = record(address="3号楼", phone="199")
    body = freeze(seen, {"address": "5号楼"})
    now = record(address="9号楼", phone="188")
    back = thaw(body, now)
    assert back.bases("address") == {"address": ["op-address-3号楼"]}
    assert back.get("address") == "3号楼"
    assert back.get("phone") == "188", "what was not typed follows the file"


def test_draft_of_a_field_that_was_blank_knows_of_nothing() -> None:
    back = thaw(freeze(record(), {"address": "5号楼"}), record(address="9号楼"))
    assert back.bases("address") == {"address": []}


def test_form_follows_the_file_except_where_it_is_typed_in() -> None:
    kept = renewed(record(address="3号楼", phone="199"), record(address="9号楼", phone="188"), ["address"])
    assert kept.get("address") == "3号楼" and kept.get("phone") == "188"


def test_filling_a_blank_or_moving_a_state_is_no_correction() -> None:
    held = RecordState("recognition", "r", dict(record(state="ledger", category="JL1").fields))
    assert not corrects(held, {"authority": "测试区就业局"})
    assert not corrects(held, {"state": "recognised"})
    assert corrects(held, {"category": "JL2"})
    assert not corrects(RecordState("recognition", "", {}), {"category": "JL2"})


@pytest.mark.parametrize(
    ("iso", "said"),
    [
        ("2026-07-13", "7月13日"),
        ("2025-07-13", "2025年7月13日"),
        ("2026-03", "2026年3月"),
        ("2026", "2026年"),
    ],
)
def test_dates_are_as_exact_as_they_were_written(iso: str, said: str) -> None:
    assert day(iso, TODAY) == said


def test_age_of_a_month_is_said_to_be_about() -> None:
    assert age_words("2002-04-26", TODAY) == "24 岁"
    assert age_words("2002", TODAY).startswith("约")
    assert age_words("", TODAY) == ""


def test_same_words_are_one_chip_and_one_proof_is_enough() -> None:
    found = chips_of((Chip("zero_household", False), Chip("zero", True), Chip("graduate")))
    assert [(c.words, c.verified) for c in found] == [("零就业家庭成员", True), ("离校未就业毕业生", True)]


def entry(kind: Kind, text: str, *changes: Change, record: tuple[str, str] = ("case", "c")) -> Entry:
    return Entry(f"op-{text}-{record[1]}", "act", 0, "s", kind, text, record, tuple(changes), can_undo=True)


def test_history_masks_and_offers_one_undo_for_one_action() -> None:
    phone = Change("phone", ("19911112222",), "19933334444", masked=True)
    address = Change("address", (), "3号楼")
    told = [
        ("c", entry(Kind.FIELDS_SET, "fields_set", phone)),
        ("c", entry(Kind.FIELDS_SET, "fields_set", address)),
    ]
    lines = lines_of(told, Words(TODAY, {"s": "于晓梅"}), {})
    (line,) = lines
    assert line.sentence == "于晓梅 填写常住地址“3号楼”"
    assert line.details == ("把电话由“199****2222”改为“199****4444”",)
    assert line.undo and line.action_id == "act"


def test_history_of_a_restricted_group_says_nothing_of_it() -> None:
    opening = entry(
        Kind.OPENED, "opened", Change("kind", (), "released", table="groups"), record=("group", "g")
    )
    later = entry(Kind.FIELDS_SET, "fields_set", Change("until", (), "2026-01"), record=("group", "g"))
    (line,) = lines_of([("c", later), ("c", opening)], Words(TODAY, {"s": "于晓梅"}), {})
    assert line.sentence == "于晓梅 添加受限信息" and len(line.details) == 1
    assert "刑满" not in line.details[0] and "2026" not in line.details[0]


def test_a_service_and_the_next_contact_are_one_entry_with_one_undo() -> None:
    moved = entry(Kind.FIELDS_SET, "fields_set", Change("next_contact", ("2026-07-01",), "2026-08-01"))
    service = entry(
        Kind.SERVICE_RECORDED, "service_recorded",
        Change("type", (), "HF"), Change("content", (), "约了面试。"), Change("channel", (), "phone"),
        record=("service", "v"),
    )  # fmt: skip
    (line,) = lines_of([("c", moved), ("c", service)], Words(TODAY, {"s": "于晓梅"}), {})
    assert line.sentence == "于晓梅 登记服务记录" and line.undo and not line.gone
    assert line.details[1] == "把下次联系由“7月1日”改为“8月1日”"
    assert "。；" not in line.details[0] and "约了面试" in line.details[0]


def test_an_action_taken_back_in_part_says_which_part() -> None:
    by = UndoneBy("w", "s", 0)
    goal = entry(Kind.PLAN_AGREED, "plan_agreed", Change("goal", (), "就业"), record=("plan", "p"))
    review = replace(
        entry(Kind.OPENED, "opened", Change("text", (), "进展顺利。"), record=("review", "r")), undone_by=by
    )
    (line,) = lines_of([("c", review), ("c", goal)], Words(TODAY, {"s": "于晓梅"}), {})
    assert not line.gone and line.details[-1].startswith("登记阶段评估：")
    assert line.details[-1].endswith("（此项已撤销）")
    both = [("c", review), ("c", replace(goal, undone_by=by))]
    assert lines_of(both, Words(TODAY, {"s": "于晓梅"}), {})[0].gone


def test_settled_conflict_tells_every_version() -> None:
    told = entry(Kind.CONFLICT_SETTLED, "conflict_settled", Change("address", ("3号楼", "12号楼"), "3号楼"))
    line = lines_of([("c", told)], Words(TODAY, {"s": "于晓梅"}), {})[0]
    assert line.details == ("把常住地址由“3号楼”与“12号楼”改为“3号楼”",)


def test_what_was_agreed_reads_as_one_sentence() -> None:
    agreed = entry(
        Kind.PLAN_AGREED, "plan_agreed",
        Change("analysis", (), "离家近的岗位都愿意试。"),
        Change("barriers", (), None, added=("skill",)),
        Change("goal", (), "半年内稳定就业"), record=("plan", "p"),
    )  # fmt: skip
    (line,) = lines_of([("c", agreed)], Words(TODAY, {"staff-1": "于晓梅"}), {})
    assert "。；" not in line.details[0] and "增加" not in line.details[0]
    assert "就业障碍：技能" in line.details[0]


@pytest.mark.parametrize(
    ("since", "until", "said"),
    [
        ("2024-09-08", "2027-09-08", "在续"),
        ("2024-09-08", "2026-07-15", "在续"),
        ("2024-09-08", "2026-07-14", "已结束"),
        ("2024-09", "2026-07", "在续"),
        ("2024", "2026-06", "已结束"),
        ("", "", "在续"),
        ("2026-08-01", "", "未开始"),
        ("2026", "2027", "在续"),
    ],
)
def test_a_spell_ends_when_its_last_day_has_passed(since: str, until: str, said: str) -> None:
    held = RecordState("subsidy", "s", dict(record(since=since, until=until).fields))
    assert spell_mark(held, TODAY).words == said
    assert has_ended(held, TODAY) == (said == "已结束")
