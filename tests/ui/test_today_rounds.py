"""Rounds of calls and of visits: their order, by household, the same on the screen and on paper."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from day_station import Ground
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from today_scene import open_today

from jobdesk.cases.ops import Json


@pytest.fixture
def ground(tmp_path: Path, dressed: QApplication) -> Iterator[Ground]:
    made = Ground(tmp_path)
    yield made
    made.close()


def _at(ground: Ground, name: str, community: str, address: str, due: str = "2026-07-14") -> str:
    values = {"next_contact": due, "community": community, "address": address, "id_number": ""}
    return ground.person(name, values)


def test_a_round_of_visits_goes_by_community_and_home_and_comes_back_in_that_order(
    qtbot: QtBot, ground: Ground, tmp_path: Path
) -> None:
    import pypdfium2

    from jobdesk.services.households import found_household

    far = _at(ground, "甲", "平阳社区", "平阳社区9号楼")
    one = _at(ground, "乙", "南岭社区", "南岭社区1号楼")
    two = _at(ground, "丙", "南岭社区", "南岭社区5号楼")
    mate = _at(ground, "丁", "南岭社区", "南岭社区1号楼302")
    members: list[dict[str, Json]] = [{"case": one, "relation": "head"}, {"case": mate, "relation": "son"}]
    found_household(ground.desk, {"head_name": "乙", "kind": "ordinary"}, members).result()
    screen = open_today(qtbot, ground)
    qtbot.keyClick(screen.view.list, Qt.Key.Key_V)
    round_, grid = screen.round, screen.round.grid
    ground.settle(qtbot)
    assert [c.line.subject for c in grid.round.calls] == [one, mate, two, far]
    assert [c.home for c in grid.round.calls] == [
        "南岭社区 乙家庭",
        "南岭社区 乙家庭",
        "南岭社区",
        "平阳社区",
    ]
    assert not round_.reveal.isVisible()
    assert round_.note.text().startswith("未见到本人记为联系尝试") and not round_.hints["phone"].isVisible()
    round_.print_to(tmp_path / "路线.pdf")
    qtbot.waitUntil(lambda: (tmp_path / "路线.pdf").exists())
    page = pypdfium2.PdfDocument(tmp_path / "路线.pdf")[0].get_textpage().get_text_range()
    assert "上门走访路线" in page and "□见到本人" in page and "9号楼" in page
    assert "199" not in page and "就业困难" not in page
    assert page.index("乙家庭") < page.index("5号楼") < page.index("平阳社区9号楼")
    qtbot.keyClick(grid.result, Qt.Key.Key_2)
    qtbot.keyClick(grid.next_on, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: grid.at == 1)
    (visit,) = ground.services(one)
    assert (visit["channel"], visit["outcome"], visit["engagement"]) == ("visit", "not_met", "attempt")


def test_calls_stand_by_household_and_paper_and_screen_in_one_order(
    qtbot: QtBot, ground: Ground, tmp_path: Path
) -> None:
    import pypdfium2

    from jobdesk.services.households import found_household

    first = _at(ground, "甲一", "南岭社区", "南岭社区9号楼", "2026-07-11")
    one = _at(ground, "乙二", "南岭社区", "南岭社区1号楼", "2026-07-12")
    two = _at(ground, "丙三", "南岭社区", "南岭社区5号楼", "2026-07-13")
    mate = _at(ground, "丁四", "南岭社区", "南岭社区1号楼", "2026-07-14")
    members: list[dict[str, Json]] = [
        {"case": one, "relation": "head"}, {"case": mate, "relation": "son"},
        {"case": two, "relation": "son", "since": "2020-01-01", "until": "2024-01-01"},
    ]  # fmt: skip
    found_household(ground.desk, {"head_name": "乙二", "kind": "ordinary"}, members).result()
    screen = open_today(qtbot, ground)
    for key, name in ((Qt.Key.Key_P, "电话"), (Qt.Key.Key_V, "走访")):
        screen.open_round() if key is Qt.Key.Key_P else qtbot.keyClick(screen.view.list, key)
        ground.settle(qtbot)
        assert [c.line.subject for c in screen.round.grid.round.calls] == [first, one, mate, two], name
        path = tmp_path / f"{name}.pdf"
        screen.round.print_to(path)
        qtbot.waitUntil(path.exists)
        page = pypdfium2.PdfDocument(path)[0].get_textpage().get_text_range()
        assert "乙二家庭" in page
        places = [page.index("甲一"), page.rindex("乙二"), page.index("丁四"), page.index("丙三")]
        assert places == sorted(places), page
        screen.round.close_round()


def test_a_blank_place_and_a_blank_number_stay_visible_on_paper(
    qtbot: QtBot, ground: Ground, tmp_path: Path
) -> None:
    import pypdfium2

    _at(ground, "甲一", "", "幸福小区9号楼")
    ground.person("乙二", {"next_contact": "2026-07-14", "id_number": "", "phone": ""})
    screen = open_today(qtbot, ground)
    for key, name in ((Qt.Key.Key_P, "电话"), (Qt.Key.Key_V, "走访")):
        screen.open_round() if key is Qt.Key.Key_P else qtbot.keyClick(screen.view.list, key)
        ground.settle(qtbot)
        path = tmp_path / f"{name}.pdf"
        screen.round.print_to(path)
        qtbot.waitUntil(path.exists)
        page = pypdfium2.PdfDocument(path)[0].get_textpage().get_text_range()
        assert page.count("未填") == (1 if name == "电话" else 2), page
        assert name == "电话" or ("未填社区" in page and "□未见到本人" in page and "9号楼" in page)
        screen.round.close_round()


@pytest.mark.parametrize("key", ["B", "V"])
def test_a_round_is_not_left_over_a_day_that_cannot_be_read(qtbot: QtBot, ground: Ground, key: str) -> None:
    """Esc holds it and says so; another place keeps it as it was typed, and the round brings it back."""
    _at(ground, "甲一", "南岭社区", "南岭社区9号楼")
    screen = open_today(qtbot, ground)
    open_ = Qt.Key.Key_B if key == "B" else Qt.Key.Key_V
    qtbot.keyClick(screen.view.list, open_)
    ground.settle(qtbot)
    round_, grid = screen.round, screen.round.grid
    qtbot.waitUntil(lambda: grid.call is not None)
    qtbot.keyClicks(grid.next_on, "next week")
    qtbot.keyClick(grid.next_on, Qt.Key.Key_Escape)
    call = grid.call
    assert screen.view.pages.currentWidget() is round_, "Esc left the round and dropped what was typed"
    assert call is not None and call.problem == "bad_day" and grid.next_on.value() == "next week"
    if shot := os.environ.get("JOBDESK_PICTURES"):
        screen.grab().save(f"{shot}/round-{key}.png")
    screen.leave()
    ground.settle(qtbot)
    again = open_today(qtbot, ground)
    qtbot.keyClick(again.view.list, open_)
    ground.settle(qtbot)
    back = again.round.grid
    qtbot.waitUntil(lambda: back.next_on.value() == "next week")
    assert back.call is not None and back.call.problem == "bad_day"
    back.next_on.set_value("")
    qtbot.keyClick(back.next_on, Qt.Key.Key_Escape)
    assert again.view.pages.currentWidget() is not again.round, "nothing is held once it is emptied"
