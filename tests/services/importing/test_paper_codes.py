"""Circled and bracketed codes, and the sheet's own word on them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobdesk.host import code_lists
from jobdesk.services.importing import columns, layouts
from jobdesk.services.importing.grid import Raw
from jobdesk.services.importing.notes import notes
from jobdesk.services.importing.paper_codes import codes_in, legend_for, legends, sign_and_text
from jobdesk.services.importing.problems import Problem
from jobdesk.services.importing.rows import read_rows
from jobdesk.services.importing.showing import problem_text

from .corpus import TODAY, grid, id_number, plan_of, read_cells


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("①", (1,)),
        ("①④", (1, 4)),
        ("① ④", (1, 4)),
        ("⑴、⑶", (1, 3)),
        ("⒀", (13,)),
        ("⑳", (20,)),
        ("㉑", (21,)),
        ("(3)", (3,)),
        ("（3）（5）", (3, 5)),
        ("1、3", (1, 3)),
        ("11", (11,)),
        ("大龄", None),
        ("①大龄", None),
        ("2026", None),
        ("", None),
    ],
)
def test_cells_of_codes(text: str, numbers: tuple[int, ...] | None) -> None:
    assert codes_in(text) == numbers


def test_code_written_out_in_the_cell() -> None:
    assert sign_and_text("①大龄失业人员") == (1, "大龄失业人员")
    assert sign_and_text("(2)、残疾") == (2, "残疾")
    assert sign_and_text("①②") is None and sign_and_text("大龄") is None


def test_notes_in_one_paragraph_and_in_lines() -> None:
    one = "填表说明：1、就业困难人员类型：①大龄失业人员 ②残疾失业人员；2、就业去向：①机关 ②企业。"
    lines = [
        "填表说明：",
        "就业困难人员类型：①大龄失业人员",
        "②残疾失业人员",
        "“就业去向”填写代码：①机关②企业",
    ]
    for said in ([one], lines):
        found = legends(said)
        kind, way = legend_for("就业困难\n人员类型", found), legend_for("安置情况/就业去向", found)
        assert kind is not None and kind.meanings == {1: "大龄失业人员", 2: "残疾失业人员"}
        assert way is not None and way.meanings == {1: "机关", 2: "企业"}


def test_bracketed_notes_with_lists_inside_a_meaning() -> None:
    found = legends(["失业人员类型：⑴年满16周岁，从各类学校毕业、肄业 ⑵从企业、机关失业"])
    assert found[0].meanings == {1: "年满16周岁，从各类学校毕业、肄业", 2: "从企业、机关失业"}


def ledger(code: str, *notes: str) -> list[list[Raw]]:
    return [
        ["序号", "姓名", "身份证号", "就业困难人员类型"],
        [1.0, "解春梅", id_number(), code],
        *[[note] for note in notes],
    ]


def test_the_sheets_own_notes_decide() -> None:
    row = read_cells(ledger("②", "填表说明：就业困难人员类型：①残疾失业人员 ②大龄失业人员")).rows[0]
    assert row.values["recognition.category"] == "JL2"
    assert row.values["recognition.category_text"] == "大龄失业人员"


def test_without_notes_the_clerk_is_asked_once_and_it_is_remembered() -> None:
    plan = plan_of(grid(ledger("②")))
    (question,) = plan.questions
    assert question.suggested == "paper_hardship"
    unanswered = read_rows(plan, TODAY)[0]
    assert unanswered.values["recognition.category_text"] == "②"
    assert "recognition.category" not in unanswered.values
    assert [p.code for p in unanswered.problems if p.holds] == []
    answered = plan.choose_paper(3, "paper_hardship")
    memory = columns.LayoutMemory.from_json(answered.memory().to_json())
    again = plan_of(grid(ledger("⑩")), memory)
    assert not again.questions
    row = read_rows(again, TODAY)[0]
    assert row.values["recognition.category"] == "JL4"


def test_kept_as_text_and_unknown_codes_are_to_be_checked() -> None:
    row = read_cells(ledger("⑲", "填表说明：就业困难人员类型：①残疾失业人员 ②大龄失业人员")).rows[0]
    assert row.values["recognition.category_text"] == "⑲"
    assert "code_to_check" in [p.code for p in row.problems] and not row.held


def test_a_type_without_a_key_of_jilins_is_told_once_for_the_layout() -> None:
    told = "填表说明：就业困难人员类型：①大龄失业人员 ②连续失业1年以上的人员 ③刑满释放人员"
    rows = ledger("②", told)
    rows[2:2] = [[2.0, "查文斌", id_number(1976), "②"], [3.0, "单秀英", id_number(1977), "③"]]
    found = read_cells(rows)
    assert all("code_unknown" not in [p.code for p in row.problems] for row in found.rows)
    assert found.rows[0].values["recognition.category_text"] == "连续失业1年以上的人员"
    (note,) = notes(found)
    assert note.code == "category_kept" and note.params["count"] == 3
    assert note.params["names"] == "连续失业1年以上的人员", "what is restricted is not named"


def test_a_word_of_nobodys_list_is_still_told_at_its_row() -> None:
    row = read_cells(ledger("未知类型")).rows[0]
    assert [p.code for p in row.problems if p.code == "code_unknown"]


def test_a_sentence_does_not_repeat_what_a_code_reveals() -> None:
    unknown = Problem("code_to_check", "recognition.category", "D", {"text": "⑧"})
    assert "⑧" not in problem_text(unknown)
    said = Problem("code_unknown", "registration.reason", "K", {"text": "刑满释放"})
    assert "刑满" not in problem_text(said)
    assert "长途" in problem_text(Problem("code_unknown", "placement.form", "K", {"text": "长途"}))


def test_several_codes_become_several_records() -> None:
    notes = "填表说明：就业困难人员类型：①大龄失业人员 ②连续失业1年以上的人员 ③零就业家庭"
    row = read_cells(ledger("①、③", notes)).rows[0]
    assert row.values["recognition.category"] == "JL2"
    assert row.values["recognition#2.category"] == "JL4"


def test_suggested_lists_exist() -> None:
    for layout in layouts.vocabulary().layouts:
        for column in layout.columns.values():
            if column.paper:
                assert code_lists.table(column.paper).entries


@given(st.text(max_size=60))
def test_any_text_is_answered(text: str) -> None:
    codes_in(text)
    sign_and_text(text)
    legends([text, f"类型：①{text}②乙"])
