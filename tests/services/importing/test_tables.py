"""Where the table is, and what is no row of a person."""

from __future__ import annotations

from jobdesk.services.importing import layouts
from jobdesk.services.importing.grid import Raw
from jobdesk.services.importing.tables import bare_key, find_table, label_key

from .corpus import grid, id_number, table_of

TWO_ROWS: list[list[Raw]] = [
    ["", "", "", "", "", "台账三"],
    ["就业困难人员管理台帐"],
    ["机构名称：示例社区"],
    ["序号", "姓 名", "身份\n证号", "安置情况", "", "联系电话"],
    ["", "", "", "再就业时间", "现就业单位", ""],
    [1.0, "解春梅", id_number(), "2026.3", "福满家政", 19900000001.0],
    [],
    [2.0, "单秀英", id_number(1980), "", "", 19900000002.0],
    ["合 计", "", 2.0],
    ["填报日期：2026年10月30日", "", "单位负责人："],
    ["填表说明："],
    ["1、就业困难人员类型：①大龄失业人员 ②残疾失业人员"],
]
MERGED = [
    (1, 0, 1, 5), (3, 0, 4, 0), (3, 1, 4, 1), (3, 2, 4, 2), (3, 3, 3, 4), (3, 5, 4, 5),
]  # fmt: skip


def labels(rows: list[list[Raw]], **facts: object) -> list[str]:
    return [c.label for c in table_of(grid(rows, **facts)).columns]


def test_two_row_merged_header() -> None:
    table = table_of(grid(TWO_ROWS, merged=list(MERGED)))
    wanted = ["序号", "姓名", "身份证号", "安置情况/再就业时间", "安置情况/现就业单位", "联系电话"]
    assert [c.label for c in table.columns] == wanted
    assert (table.first_header, table.last_header) == (3, 4)
    assert table.rows == [5, 7]
    assert table.left_out == {"blank": 1, "total": 1, "footer": 3}
    assert any("填表说明" in note for note in table.notes)


def test_the_same_without_merge_marks_as_a_csv_has_it() -> None:
    table = table_of(grid(TWO_ROWS))
    assert [c.label for c in table.columns][3:5] == ["安置情况/再就业时间", "安置情况/现就业单位"]
    assert table.rows == [5, 7]


def test_visit_blocks_whose_names_outnumber_the_top_row() -> None:
    top: list[Raw] = ["姓名", "身份证号", "跟踪服务记录", *[""] * 8]
    below: list[Raw] = ["", "", *["服务日期", "服务地点", "服务内容"] * 3]
    merged = [(0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 0, 10)]
    found = labels([top, below, ["解春梅", id_number(), "2026.3.1", "社区", "电话"]], merged=merged)
    assert found[:3] == ["姓名", "身份证号", "跟踪服务记录/服务日期"]
    assert found.count("跟踪服务记录/服务内容") == 3


def test_rows_that_are_no_people() -> None:
    header: list[Raw] = ["序号", "姓名", "性别", "身份证号", "联系电话"]
    person: list[Raw] = [1.0, "解春梅", "女", id_number(), "19900000001"]
    rows: list[list[Raw]] = [
        header,
        ["1", "2", "3", "4", "5"],
        person,
        ["南岭社区"],
        person,
        ["小计", "", "", "2人"],
        header,
        person,
        [4.0],
        ["", "总计", 3.0],
        ["注：本表一式两份"],
        ["制表人：", "", "审核人："],
    ]
    table = table_of(grid(rows))
    assert table.rows == [2, 4, 7]
    assert table.left_out == {"numbering": 1, "section": 1, "total": 2, "header": 1, "blank": 1, "footer": 2}


def test_a_person_called_like_a_footer_word_is_a_person() -> None:
    rows: list[list[Raw]] = [
        ["姓名", "性别", "身份证号"],
        ["负责", "男", id_number()],
        ["单立人", "男", id_number()],
    ]
    assert table_of(grid(rows)).rows == [1, 2]


def test_values_of_merged_cells_reach_down_and_are_marked() -> None:
    rows: list[list[Raw]] = [
        ["社区", "姓名", "身份证号"],
        ["南岭社区", "解春梅", id_number()],
        ["", "单秀英", id_number(1980)],
        ["", "仇凤兰", id_number(1981)],
    ]
    table = table_of(grid(rows, merged=[(1, 0, 3, 0)]))
    assert [table.sheet.raw(r, 0) for r in table.rows] == ["南岭社区"] * 3
    assert table.spread == {(2, 0), (3, 0)}


def test_no_header_no_table() -> None:
    sheet = grid([["会议记录"], ["2026年3月", "参加人员", "解春梅"]])
    assert find_table(sheet, layouts.vocabulary().knows) is None


def test_keys_of_headers() -> None:
    assert label_key(" 姓　名*：") == "姓名"
    assert label_key("就业困难人员管理台帐") == "就业困难人员管理台账"
    assert bare_key("登记就业时间（年/月/日）*") == "登记就业时间"
