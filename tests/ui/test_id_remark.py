"""The remark beside an ID number: known, abolished and unknown codes; never a fault."""

from __future__ import annotations

import pytest

from jobdesk.host import assets
from jobdesk.services.importing.regions import standing
from jobdesk.ui.id_remark import region_remark


@pytest.mark.parametrize(
    ("number", "parts"),
    [
        ("220102199001011234", ("南关区", "不等于户籍地")),
        ("220181198001011234", ("九台市", "历史区划")),
        ("110101199001011234", ("北京市", "不等于户籍地")),
        ("229901199001011234", ("吉林省", "查不到代码 229901")),
        ("990101199001011234", ("查不到首次编码地代码 990101", "不算有误")),
        ("２２０１０２", ("南关区", "不等于户籍地")),
        ("220102800101123", ("南关区", "不等于户籍地")),
    ],
)
def test_remarks(number: str, parts: tuple[str, str]) -> None:
    said = region_remark(number)
    assert all(part in said for part in parts)


@pytest.mark.parametrize("number", ["", "2201", "abcdef199001011234", "X20102"])
def test_nothing_is_said_of_what_is_no_code(number: str) -> None:
    assert region_remark(number) == ""


def test_every_code_that_ever_stood_is_known() -> None:
    codes = {row["code"] for row in assets.csv_rows("regions/history.csv")}
    assert len(codes) > 60 and all(standing(code) in ("current", "historic") for code in codes)
