"""What was typed into a question of 转入转出 is there when somebody comes back, and gone once it was said."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from jobdesk.services.drafting import find_drafts
from jobdesk.services.households import found_household
from jobdesk.services.moving import asking
from jobdesk.store.sync_moves import KnownStation
from jobdesk.ui.casefile.move_ask import MoveAsk, MoveInAsk, MoveOutAsk
from jobdesk.ui.casefile.panel import CaseFilePanel
from jobdesk.ui.households.screen import HouseholdsScreen
from jobdesk.ui.hub import GoTo
from tests.sync.test_transfers import asks, number
from tests.ui.sync_scene import SyncScene
from tests.ui.test_moves_screen import card, exchange, place, question

THERE = KnownStation("b", "乙站", "县")


@pytest.fixture
def scene(tmp_path: Path, qtbot: QtBot, dressed: QApplication) -> Iterator[SyncScene]:
    made = SyncScene(tmp_path, qtbot)
    yield made
    made.close()


def again(scene: SyncScene) -> None:
    """The program ends as it stands and begins anew."""
    scene.shell.keep_drafts()
    scene.stop()
    scene.pc.reopen_closed()
    scene.start()


def drafts(scene: SyncScene) -> list[str]:
    return [d.key for d in find_drafts(scene.shell.ctx.desk).result()]


def panel(scene: SyncScene) -> CaseFilePanel:
    scene.hub.go_to.emit(GoTo("ledger", "c1"))
    found = scene.window.findChild(CaseFilePanel)
    assert found is not None
    scene.until(lambda: found.file is not None and found.file.case_id == "c1")
    return found


def test_a_number_and_a_reason_come_back(scene: SyncScene) -> None:
    scene.start()
    screen = place(scene)
    screen.ask_in()
    ask = question(scene, screen)
    assert isinstance(ask, MoveInAsk)
    ask.number.set_value(number(7))
    ask.reason.set_value("已搬来本街道")
    again(scene)
    screen = place(scene)
    ask = question(scene, screen)
    assert isinstance(ask, MoveInAsk)
    scene.until(lambda: ask.number.value() == number(7))
    assert ask.reason.value() == "已搬来本街道"
    ask.button.click()
    scene.until(lambda: bool(asks(scene.pc)) and drafts(scene) == [])


def test_where_to_comes_back_into_the_file(scene: SyncScene) -> None:
    scene.pc.open_case("c1", "王小梅")
    scene.start()
    panel(scene).actions_.ask_move_out()
    found = scene.window.findChild(MoveOutAsk)
    assert found is not None
    found.finder.take(THERE)
    found.reason.set_value("户籍迁出")
    again(scene)
    panel(scene)
    scene.until(lambda: scene.window.findChild(MoveOutAsk) is not None)
    ask = scene.window.findChild(MoveOutAsk)
    assert ask is not None
    scene.until(lambda: ask.reason.value() == "户籍迁出")
    assert ask.finder.station == THERE
    ask.button.click()
    scene.until(lambda: bool(asks(scene.pc)) and drafts(scene) == [])
    assert asks(scene.pc)[0].body["to"] == "b"


def test_words_searched_for_come_back_where_no_station_was_chosen(scene: SyncScene) -> None:
    scene.pc.open_case("c1", "王小梅")
    scene.start()
    panel(scene).actions_.ask_move_out()
    found = scene.window.findChild(MoveOutAsk)
    assert found is not None
    found.finder.line.set_value("河东")
    scene.shell.keep_drafts()
    scene.hub.go_to.emit(GoTo("today"))
    scene.until(lambda: drafts(scene) == ["casefile/c1/move_out"])
    found.close_ask()  # given up: forgotten
    scene.until(lambda: drafts(scene) == [])


def test_why_not_comes_back_under_its_card(scene: SyncScene) -> None:
    other = scene.other("b")
    other.open_case("c1", "王小梅")
    asking.ask_out(other.desk, "c1", "a", "户籍已迁来").result()
    exchange(scene, other)
    scene.start()
    screen = place(scene)
    card(scene, screen, "乙站请求把 王** 转给本站").buttons["refuse"].click()
    question(scene, screen).reason.set_value("此人仍住对方辖区")
    screen.view.tabs.set_at("out")
    screen._show()  # pyright: ignore[reportPrivateUsage]
    again(scene)
    screen = place(scene)
    scene.until(lambda: screen._ask is not None)  # pyright: ignore[reportPrivateUsage]
    ask = question(scene, screen)
    scene.until(lambda: ask.reason.value() == "此人仍住对方辖区")
    ask.button.click()
    scene.until(lambda: drafts(scene) == [] and [c.card.does for c in screen.cards] == [()])
    assert screen.cards[0].card.title == "本站不同意接收乙站的 王**"


def test_a_household_that_was_to_move_whole(scene: SyncScene) -> None:
    scene.pc.open_case("c1", "王小梅")
    head = {"head_name": "王大山", "kind": "1", "state": "found"}
    made = found_household(scene.pc.desk, head, [{"case": "c1"}])
    home = next(s.id for s in made.result().subjects if s.kind == "household")
    scene.start()
    for reason in ("", "全家搬走"):
        scene.hub.go_to.emit(GoTo("households", home))
        screen = scene.window.page("households")
        assert isinstance(screen, HouseholdsScreen)
        scene.until(lambda s=screen: s.detail.whole is not None)
        screen.acting.do("move_out")
        ask = screen.findChildren(MoveAsk)[-1]
        if reason:
            scene.until(lambda a=ask: a.reason.value() == "全家搬走")
            return
        ask.reason.set_value("全家搬走")
        again(scene)
