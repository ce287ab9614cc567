"""What 今日 says of recognition: never a category or reason that a list may not show."""

from __future__ import annotations

from datetime import date

import pytest

from jobdesk.cases.basis import Basis, Params
from jobdesk.cases.due import Bucket, DueKind, DueLine
from jobdesk.ui.today.saying_claims import why

TODAY = date(2026, 7, 15)


def said(kind: DueKind, **params: str | int) -> str:
    given: Params = tuple(params.items())
    return why(DueLine("k", "s", kind, "r", TODAY, TODAY, Bucket.TODAY, 0, Basis("x"), params=given), TODAY)


@pytest.mark.parametrize("codes", ["JL3", "JL5", "JL2,JL3"])
def test_残疾_and_低保_stand_in_the_file_only(codes: str) -> None:
    line = said(DueKind.MAY_APPLY, categories=codes)
    assert "残疾" not in line and "低保" not in line and "类别见档案" in line
    assert "大龄失业人员" in said(DueKind.MAY_APPLY, categories="JL2")


@pytest.mark.parametrize("codes", ["custody", "incapable", "employed,custody"])
def test_收监_and_丧失劳动能力_are_not_named(codes: str) -> None:
    line = said(DueKind.LEAVE, reasons=codes)
    assert "收监" not in line and "劳动能力" not in line and "不自动退出" in line
    assert "已就业" in said(DueKind.LEAVE, reasons="employed")


def test_the_next_act_and_a_missing_look_up_are_said() -> None:
    assert said(DueKind.CLAIM, act="accept", no_verification=0) == "下一步：受理"
    assert "缺核对记录" in said(DueKind.CLAIM, act="check", no_verification=1)
    assert said(DueKind.PUBLICITY, act="take_down", no_verification=0) == "下一步：撤下公示"


def test_other_lines_say_it_their_own_way() -> None:
    assert said(DueKind.STEP) == ""
    assert "8月30日" in said(DueKind.WINDOW_END, until="2026-08-30", days=46)
    assert "未核实" in said(DueKind.DEREGISTER, verified=0, unit="测试超市")
