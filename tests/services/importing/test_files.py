"""What a file is, its content says."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlwt

from jobdesk.cases.errors import BadInput
from jobdesk.host import strings
from jobdesk.services.importing import files, limits
from jobdesk.services.importing.grid import CellKind, address, column_number, letters, shown

from .corpus import grid, id_number, xls_of, xls_rows, xlsx, xlsx_of

HEADER = ["序号", "姓名", "身份证号"]


def refused(content: bytes, name: str = "台账.xlsx") -> BadInput:
    with pytest.raises(BadInput) as caught:
        files.read_bytes(content, name)
    assert strings.text(f"error.{caught.value.code}", **caught.value.params)
    return caught.value


def test_xlsx_tells_hidden_merged_formulas_and_months() -> None:
    def fill(book: Any, sheet: Any) -> None:
        month = book.add_format({"num_format": 'yyyy"年"m"月"'})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.merge_range(0, 0, 0, 2, "标题")
        sheet.write_row(1, 0, HEADER)
        sheet.write_datetime(2, 0, date(2026, 3, 1), month)
        sheet.write_datetime(2, 1, date(2026, 3, 1), day)
        sheet.write_datetime(2, 3, date(2026, 3, 15), month)
        sheet.write_formula(2, 2, "=1+1", None, "")
        sheet.set_row(3, None, None, {"hidden": True})
        sheet.write(3, 0, "隐藏行")
        sheet.set_column(4, 5, None, None, {"hidden": True})

    sheet = files.read_bytes(xlsx(fill), "台账.xlsx").sheets[0]
    assert sheet.merged == [(0, 0, 0, 2)]
    assert sheet.hidden_rows == {3} and sheet.cell(3, 0).hidden
    assert sheet.hidden_columns == {4, 5}
    assert sheet.raw(2, 0) == "2026-03"
    assert sheet.raw(2, 3) == date(2026, 3, 15)
    assert sheet.raw(2, 1) == date(2026, 3, 1) and sheet.cell(2, 1).kind is CellKind.DATE
    assert sheet.unfilled == {(2, 2)} and sheet.cell(2, 2).unfilled


def test_xls_tells_the_same() -> None:
    def fill(sheet: Any) -> None:
        sheet.write_merge(0, 0, 0, 2, "标题")
        for c, text in enumerate(HEADER):
            sheet.write(1, c, text)
        month = xlwt.easyxf(num_format_str='yyyy"年"m"月"')
        sheet.write(2, 0, date(2026, 3, 1), month)
        sheet.write(2, 1, 229901197506180211)
        for r in range(3, 200):
            sheet.write(r, 0, f"人{r}" * 10)
        sheet.row(5).hidden = True
        sheet.col(3).hidden = True

    book = files.read_bytes(xls_of(fill), "其实是什么.xlsx")
    sheet = book.sheets[0]
    assert book.kind == "xls"
    assert sheet.merged == [(0, 0, 0, 2)]
    assert 5 in sheet.hidden_rows and 4 not in sheet.hidden_rows
    assert 3 in sheet.hidden_columns
    assert sheet.raw(2, 0) == "2026-03"
    assert shown(sheet.raw(2, 1)) == "229901197506180000"


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("mark", [",", "\t", ";"])
def test_text_tables(encoding: str, mark: str) -> None:
    lines = [HEADER, ["1", "解春梅", id_number()], ["2", "𬭎", '="229901"']]
    text = "\r\n".join(mark.join(line) for line in lines)
    sheet = files.read_bytes(text.encode(encoding), "台账.xls").sheets[0]
    assert sheet.rows[1] == lines[1]
    assert sheet.raw(2, 1) == "𬭎"
    assert sheet.raw(2, 2) == "229901"


def test_pasted_cells_keep_line_breaks() -> None:
    book = files.read_pasted('姓名\t身份证号\n"解\n春梅"\t229901')
    assert book.kind == "pasted"
    assert book.sheets[0].rows[1] == ["解\n春梅", "229901"]
    with pytest.raises(BadInput):
        files.read_pasted("  \n ")


def test_empty_files() -> None:
    for content in (b"", b"  \r\n", b"\xef\xbb\xbf", b"\x00" * 50):
        assert refused(content).code == "file_empty"


def test_renamed_files() -> None:
    assert refused(b"%PDF-1.7\n%\xe2\xe3").code == "file_not_table"
    assert refused(b"\x89PNG\r\n\x1a\n....").code == "file_not_table"
    assert refused(b"<html><table><tr><td>1</td></tr></table></html>", "台账.xls").code == "file_web_page"
    assert refused(bytes(range(256)) * 4).code == "file_not_table"
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert refused(other.getvalue()).code == "file_not_table"


def test_truncated_files() -> None:
    content = xlsx_of([HEADER, [1, "解春梅", id_number()]])
    for cut in (30, len(content) // 2, len(content) - 10):
        assert refused(content[:cut]).code == "file_damaged"
    old = xls_rows([["内容" * 40]] * 300)
    for cut in (520, len(old) // 2):
        assert refused(old[:cut]).code in {"file_damaged", "file_not_table"}


def test_password_protected_xlsx_is_an_ole_file_with_an_encrypted_package() -> None:
    assert refused(_compound("EncryptedPackage")).code == "file_password"
    assert refused(_compound("WordDocument")).code == "file_not_table"


def _compound(stream: str) -> bytes:
    """A compound file of one directory sector and one allocation sector."""
    head = bytearray(512)
    head[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    head[30:32] = (9).to_bytes(2, "little")
    head[44:48] = (1).to_bytes(4, "little")
    head[48:52] = (1).to_bytes(4, "little")
    head[68:72] = (0xFFFFFFFE).to_bytes(4, "little")
    head[76:80] = (0).to_bytes(4, "little")
    head[80:512] = b"\xff" * 432
    table = bytearray(b"\xff" * 512)
    table[0:4] = (0xFFFFFFFD).to_bytes(4, "little")
    table[4:8] = (0xFFFFFFFE).to_bytes(4, "little")
    directory = bytearray(512)
    name = stream.encode("utf-16-le")
    directory[: len(name)] = name
    directory[64:66] = (len(name) + 2).to_bytes(2, "little")
    return bytes(head + table + directory)


def test_macro_files_are_read_and_marked() -> None:
    content = io.BytesIO(xlsx_of([HEADER, [1, "解春梅", id_number()]]))
    with zipfile.ZipFile(content, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"never run")
    book = files.read_bytes(content.getvalue(), "台账.xlsm")
    assert book.macros and book.sheets[0].raw(1, 1) == "解春梅"


def _with_sheet(xml: str) -> bytes:
    source = io.BytesIO(xlsx_of([HEADER]))
    target = io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            data = old.read(info)
            new.writestr(info.filename, xml if info.filename == "xl/worksheets/sheet1.xml" else data)
    return target.getvalue()


_SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'


def test_bombs_of_bytes_and_of_cells() -> None:
    blank = " " * (limits.RATIO_FROM_BYTES + 10)
    assert refused(_with_sheet(_SHEET.format(blank))).code == "file_bomb"
    far = '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1"><v>1</v></c></row>'
    assert refused(_with_sheet(_SHEET.format(far))).code == "too_many_columns"
    deep = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="AZ1048576"><v>1</v></c></row>'
    assert refused(_with_sheet(_SHEET.format(deep))).code == "scattered_cells"
    hostile = '<row r="1"><c r="A1"><v>1</v></c><c r="AZ1048576"><v>1</v></c></row>'
    assert refused(_with_sheet(_SHEET.format(hostile))).code == "scattered_cells"


def test_blank_formatted_cells_far_out_are_no_reason_to_refuse() -> None:
    styled = '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1" s="0"/></row>'
    styled += '<row r="1048576"><c r="B1048576" s="0"/></row>'
    assert files.read_bytes(_with_sheet(_SHEET.format(styled)), "台账.xlsx").sheets[0].raw(0, 0) == 1.0


def test_too_many_rows_are_refused_with_how_to_split() -> None:
    text = "姓名,身份证号\n" + "甲,1\n" * (limits.MAX_SHEET_ROWS + 1)
    fault = refused(text.encode(), "台账.csv")
    assert fault.code == "too_many_rows" and fault.params["limit"] == 50_000


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        files.read_path(tmp_path / "没有.xlsx")
    assert caught.value.code == "file_missing"
    with pytest.raises(BadInput):
        files.read_path(tmp_path)


def test_values_as_a_clerk_would_write_them() -> None:
    assert shown(5.0) == "5" and shown(2026.3) == "2026.3"
    assert shown(19900001234.0) == "19900001234"
    assert shown(2.29901197506180211e17) == "229901197506180000"
    assert shown(229901750618021.0) == "229901750618021"
    assert shown(date(2026, 3, 1)) == "2026-03-01" and shown(True) == "TRUE"


def test_addresses() -> None:
    assert [letters(c) for c in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
    assert all(column_number(letters(c)) == c for c in range(1000))
    assert address(9, 5) == "F10"
    assert grid([["a"]]).raw(5, 5) == ""
