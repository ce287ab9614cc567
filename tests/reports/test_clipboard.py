"""What is copied out of a list."""

from __future__ import annotations

from jobdesk.reports.clipboard import clip
from jobdesk.reports.secrecy import Secret
from jobdesk.reports.xlsx_out import XlsxColumn, XlsxSheet

SHEET = XlsxSheet(
    "甲",
    [XlsxColumn("姓名"), XlsxColumn("身份证号", secret=Secret.ID_NUMBER)],
    [["=1+1", "229901200209170010"], ["甲\t乙\n丙 <b>", None]],
)


def test_nothing_copied_becomes_a_formula_and_secrets_are_masked() -> None:
    copied = clip(SHEET)
    assert copied.plain == "姓名\t身份证号\n'=1+1\t229901********0010\n甲 乙 丙 <b>\t"
    assert "<td>=1+1</td><td>229901********0010</td>" in copied.html
    assert "&lt;b&gt;" in copied.html and "mso-number-format" in copied.html


def test_whole_numbers_only_when_asked() -> None:
    assert "229901200209170010" in clip(SHEET, mask=False).plain
    assert "229901200209170010" not in clip(SHEET).html
