"""What the preview may not show openly."""

from __future__ import annotations

from jobdesk.services.importing.columns import Guess
from jobdesk.services.importing.grid import Raw
from jobdesk.services.importing.rows import ReadRow
from jobdesk.services.importing.shielding import Shield, of_cell

from .corpus import id_number, read_cells

NOTES = "填表说明：就业困难人员类型：①大龄失业人员 ②残疾失业人员 ③刑满释放、假释、监外执行"


def row_and(code: str, note: str = NOTES) -> tuple[ReadRow, dict[str, Guess]]:
    header: list[Raw] = ["姓名", "身份证号", "联系电话", "就业困难人员类型", "备注"]
    body: list[Raw] = ["解春梅", id_number(), "19900000001", code, "母亲重病"]
    row = read_cells([header, body, [note]]).rows[0]
    return row, {g.column.label: g for g in row.plan.guesses}


def kinds(code: str, note: str = NOTES) -> Shield:
    row, by = row_and(code, note)
    return of_cell(row, by["就业困难人员类型"])


def test_numbers_are_masked_and_names_are_open() -> None:
    row, by = row_and("①")
    assert of_cell(row, by["身份证号"]) is Shield.MASKED
    assert of_cell(row, by["联系电话"]) is Shield.MASKED
    assert of_cell(row, by["姓名"]) is Shield.OPEN
    assert of_cell(row, by["备注"]) is Shield.SENSITIVE


def test_a_code_hides_as_much_as_it_reveals() -> None:
    assert kinds("①") is Shield.OPEN
    assert kinds("②") is Shield.SENSITIVE
    assert kinds("③") is Shield.RESTRICTED
    assert kinds("①③") is Shield.RESTRICTED
    assert kinds("残疾失业人员") is Shield.SENSITIVE


def test_a_code_nobody_has_explained_is_not_shown_openly() -> None:
    assert kinds("⑧", "无说明") is Shield.SENSITIVE


def test_an_id_number_in_a_column_that_is_not_taken_is_masked_too() -> None:
    row = read_cells([["姓名", "身份证号", "家属身份证号"], ["解春梅", id_number(), id_number(1980)]]).rows[0]
    assert of_cell(row, row.plan.guesses[2]) is Shield.MASKED
