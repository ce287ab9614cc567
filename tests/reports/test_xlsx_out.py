"""Workbooks as Excel reads them."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import openpyxl
import pytest

from jobdesk.cases.clock import FixedClock
from jobdesk.reports.secrecy import Secret
from jobdesk.reports.xlsx_out import XlsxColumn, XlsxSheet, xlsx

CLOCK = FixedClock.at(2026, 11, 2)
COLUMNS = [
    XlsxColumn("姓名"),
    XlsxColumn("身份证号"),
    XlsxColumn("单位", group="安置情况"),
    XlsxColumn("月数", group="安置情况", number=True),
]


def book(sheet: XlsxSheet) -> Any:
    return openpyxl.load_workbook(BytesIO(xlsx([sheet], CLOCK))).worksheets[0]


@pytest.mark.parametrize(
    "value", ["=1+1", "+86", "-5", "@SUM(A1)", '=HYPERLINK("http://x")', "{=A1}", "http://x.cn", "007", "1e5"]
)
def test_whatever_is_typed_stays_text(value: str) -> None:
    page = book(XlsxSheet("甲", [XlsxColumn("值")], [[value]]))
    assert page["A2"].value == value
    assert page["A2"].data_type == "s"
    assert page["A2"].hyperlink is None


def test_numbers_of_people_are_text_and_counts_are_numbers() -> None:
    page = book(
        XlsxSheet("甲", COLUMNS, [["欧阳𬭎喆", "229901200209170010", None, 9]], title="名册", notes=["注"])
    )
    assert page["A1"].value == "名册"
    assert [c.value for c in page[2]] == ["姓名", "身份证号", "安置情况", None]
    assert [c.value for c in page[3]] == [None, None, "单位", "月数"]
    assert [c.value for c in page[4]] == ["欧阳𬭎喆", "229901200209170010", None, 9]
    assert page["A5"].value == "注"
    merged = {str(r) for r in page.merged_cells.ranges}
    assert {"A1:D1", "A2:A3", "B2:B3", "C2:D2"} <= merged


def test_same_rows_same_bytes_and_odd_sheet_names() -> None:
    sheet = XlsxSheet("台账[三]:甲/乙?" * 5, COLUMNS, [["a\x00b", "x", "y", 1]])
    assert xlsx([sheet], CLOCK) == xlsx([sheet], CLOCK)
    assert book(sheet)["A3"].value == "ab"


def test_secret_columns_are_masked_unless_asked() -> None:
    columns = [XlsxColumn("身份证号", secret=Secret.ID_NUMBER), XlsxColumn("出生", secret=Secret.BIRTH)]
    sheet = XlsxSheet("甲", columns, [["229901200209170010", "2002-09-17"]])
    assert [c.value for c in book(sheet)[2]] == ["229901********0010", None]
    whole = openpyxl.load_workbook(BytesIO(xlsx([sheet], CLOCK, mask=False))).worksheets[0]
    assert [c.value for c in whole[2]] == ["229901200209170010", "2002-09-17"]
