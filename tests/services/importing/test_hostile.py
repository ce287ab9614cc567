"""Whatever a file holds, reading ends in rows or in BadInput."""

from __future__ import annotations

import functools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jobdesk.cases.errors import BadInput
from jobdesk.host import strings
from jobdesk.services.importing import files, limits, read
from jobdesk.services.importing.grid import Raw, Sheet, Workbook

from .corpus import TODAY, grid, id_number, xls_rows, xlsx_of

ROWS: list[list[object]] = [
    ["序号", "姓名", "身份证号", "失业时间", "联系电话"],
    *[[i, "解春梅", id_number(1960 + i), 46082 + i, 19900000000 + i] for i in range(40)],
]


@functools.cache
def real(kind: str) -> bytes:
    if kind == "xlsx":
        return xlsx_of(ROWS)
    if kind == "csv":
        return "\n".join(",".join(str(v) for v in line) for line in ROWS).encode("gb18030")
    return xls_rows(ROWS)


def attempt(content: bytes) -> None:
    try:
        read.read_book(files.read_bytes(content, "台账.xlsx"), "台账.xlsx", TODAY)
    except BadInput as fault:
        assert strings.text(f"error.{fault.code}", **fault.params)


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.binary(max_size=400), st.text(max_size=200).map(lambda t: t.encode("utf-8", "ignore"))))
def test_arbitrary_bytes(content: bytes) -> None:
    attempt(content)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"]),
    st.binary(max_size=2000),
)
def test_arbitrary_bytes_behind_a_known_signature(start: bytes, content: bytes) -> None:
    attempt(start + content)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(["xlsx", "xls", "csv"]), st.data())
def test_mutated_real_files(kind: str, data: st.DataObject) -> None:
    content = bytearray(real(kind))
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at] = data.draw(st.integers(0, 255))
    if data.draw(st.booleans()):
        del content[data.draw(st.integers(0, len(content) - 1)) :]
    attempt(bytes(content))


_VALUE = st.one_of(
    st.just(""), st.text(max_size=20), st.floats(), st.integers(), st.dates(), st.datetimes(), st.booleans(),
    st.times(), st.timedeltas(), st.sampled_from(["①", "至今", "2026.3", id_number(), "男", "合计", "是"]),
)  # fmt: skip
_HEADERS = ["姓名", "身份证号", "性别", "年龄", "联系电话", "失业时间", "就业困难人员类型", "毕业院校及专业"]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(_VALUE, max_size=10), max_size=6))
def test_arbitrary_cells_under_a_header(body: list[list[Raw]]) -> None:
    sheet = grid([_HEADERS, *body])
    result = read.read_book(Workbook([sheet], "xlsx"), "台账.xlsx", TODAY)
    for row in result.rows:
        assert row.number >= 2 and row.key() and row.cells()
        for target in row.values:
            assert row.address(target) or target.endswith(".note")


@pytest.mark.parametrize("extra", [0, 1])
def test_fifty_thousand_rows_and_one(extra: int) -> None:
    body: list[list[Raw]] = [["甲", "x"] for _ in range(limits.MAX_ROWS + extra)]
    book = Workbook([Sheet("表", [["姓名", "身份证号"], *body])], "xlsx")
    if extra:
        with pytest.raises(BadInput) as caught:
            read.open_tables(book, "台账.xlsx")
        assert caught.value.params["rows"] == limits.MAX_ROWS + 1
    else:
        assert len(read.open_tables(book, "台账.xlsx")[0][0].rows) == limits.MAX_ROWS


def test_sheets_without_header_are_passed_over_unless_named() -> None:
    notes = Sheet("说明", [["会议记录"], ["无"]])
    people = Sheet("名单", [["姓名", "身份证号"], ["解春梅", id_number()]])
    choices = Sheet("字典", [["性别", "学历", "民族"], ["男", "本科", "汉族"]])
    result = read.read_book(Workbook([notes, people, choices], "xlsx"), "台账.xlsx", TODAY)
    assert result.passed_over == ["说明", "字典"] and len(result.rows) == 1
    for sheet, code in (("说明", "no_header"), ("没有", "sheet_missing")):
        with pytest.raises(BadInput) as caught:
            read.read_book(Workbook([notes, people], "xlsx"), "台账.xlsx", TODAY, sheet=sheet)
        assert caught.value.code == code
