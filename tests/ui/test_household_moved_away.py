"""家庭 with the side page of a household open that moves to another station meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from jobdesk.cases.errors import Refused
from jobdesk.cases.ops import Json, Subject
from jobdesk.host.strings import text
from jobdesk.services.editing import save_record
from jobdesk.services.household import filing, joining, withdrawing
from jobdesk.services.household_list import load_household
from jobdesk.services.households import found_household
from jobdesk.services.moving import answering, asking
from jobdesk.ui.casefile.household_words import t as words
from jobdesk.ui.casefile.panel import CaseFilePanel
from jobdesk.ui.households.form import FormAsk
from jobdesk.ui.households.screen import HouseholdsScreen
from jobdesk.ui.hub import Changed, GoTo
from jobdesk.ui.kit import Scroll, Text
from tests.sync.ground import PC
from tests.sync.test_transfers import away, waits
from tests.ui.sync_scene import SyncScene
from tests.ui.test_moves_screen import exchange


@pytest.fixture
def scene(tmp_path: Path, qtbot: QtBot, dressed: QApplication) -> Iterator[SyncScene]:
    made = SyncScene(tmp_path, qtbot)
    yield made
    made.close()


def family(pc: PC) -> str:
    """谢雅琴 and her household."""
    pc.open_case("c1", "谢雅琴")
    members: list[dict[str, Json]] = [{"case": "c1", "relation": "head", "since": "2026-06-20"}]
    made = found_household(pc.desk, {"head_name": "谢雅琴", "kind": "zero"}, members).result()
    pc.sync_well()
    return next(s.id for s in made.subjects if s.kind == "household")


def leave(pc: PC, other: PC, home: str) -> None:
    asking.ask_household_out(pc.desk, home, "b", "全家搬走").result()
    pc.sync_well()
    other.sync_well()
    answering.accept(other.desk, waits(other, "transfer_request")[0].id).result()
    other.sync_well()


def test_a_household_that_moved_away_is_written_on_no_more(scene: SyncScene) -> None:
    pc, other = scene.pc, scene.other("b")
    home = family(pc)
    loaded = pc.state(Subject("household", home)).root
    leave(pc, other, home)
    pc.sync_well()
    assert away(pc) == {home: "b", "c1": "b"}
    assert load_household(pc.desk, home).result() is None
    for write in (
        lambda: save_record(pc.desk, Subject("household", home), loaded, {"note": "写错了地方"}),
        lambda: filing.file_household(
            pc.desk, home, loaded, {"filed_on": "2026-06-30", "source": "document"}
        ),
        lambda: joining.join(pc.desk, home, {"name": "谢小宝", "relation": "child"}),
        lambda: withdrawing.withdraw_household(pc.desk, home, "录错"),
    ):
        with pytest.raises(Refused, match="household_moved"):
            write().result()


def test_its_page_says_where_it_is_and_what_was_typed(scene: SyncScene) -> None:
    pc, other = scene.pc, scene.other("b")
    home = family(pc)
    scene.start()
    scene.hub.go_to.emit(GoTo("households", home))
    screen = scene.window.page("households")
    assert isinstance(screen, HouseholdsScreen)
    scene.until(lambda: screen.detail.whole is not None)
    screen.acting.do("edit")
    (ask,) = screen.findChildren(FormAsk)
    ask._form.editors["note"].set_value("三楼左门")  # pyright: ignore
    ask._form.edited.emit()  # pyright: ignore
    leave(pc, other, home)
    scene.watch.now()
    scene.until(lambda: screen.side.currentWidget() is screen.gone)
    scene.until(lambda: screen.gone.name.text() == "谢**户" and not screen.acting.is_open)
    scene.until(lambda: len(screen.gone.unsaved.rows) == 1)
    (row,) = screen.gone.unsaved.rows
    assert row.unsaved.title == text("households.correct_title")
    assert [v.whole for v in row.unsaved.values] == ["三楼左门"]
    screen.gone.cross.click()
    assert screen.side.currentWidget() is screen.rest
    scene.hub.go_to.emit(GoTo("households", home))
    scene.until(lambda: screen.side.currentWidget() is screen.gone)
    scene.window.resize(1093, 614)
    scene.hub.go_to.emit(GoTo("households", home))
    scene.until(lambda: screen.view.page.is_folded and screen.gone.isVisible())
    scene.until(screen.gone.cross.isHidden)  # two crosses, one above the other
    scene.window.resize(1366, 768)
    scene.until(lambda: not screen.view.page.is_folded and screen.gone.cross.isVisible())


def test_who_moved_away_alone_leaves_the_household_at_once_and_it_says_where_to(scene: SyncScene) -> None:
    """谢雅琴 counted for the rest of the day, and no line said where she went, nor that she was asked for."""
    pc, other = scene.pc, scene.other("b")
    pc.open_case("c2", "谢小宝")
    home = family(pc)
    more: dict[str, Json] = {"case": "c2", "relation": "son", "since": "2026-06-20"}
    joining.join(pc.desk, home, more).result()
    pc.sync_well()
    asking.ask_out(pc.desk, "c1", "b", "已搬走").result()
    scene.start()
    scene.hub.go_to.emit(GoTo("households", home))
    screen = scene.window.page("households")
    assert isinstance(screen, HouseholdsScreen)
    scene.until(lambda: any("已请求转往乙站" in w.text() for w in screen.findChildren(Text)))
    exchange(scene, other)
    answering.accept(other.desk, waits(other, "transfer_request")[0].id).result()
    exchange(scene, other)
    assert away(pc) == {"c1": "b"}
    whole = load_household(pc.desk, home).result()
    assert whole is not None and [m.case_id for m in whole.row.standing.members] == ["c2"]
    scene.hub.changed.emit(Changed(whole=True))
    scene.until(lambda: any("11月21日转往乙站" in w.text() for w in screen.findChildren(Text)))
    assert any(w.text() == text("households.members", count=1) for w in screen.findChildren(Text))
    assert whole.row.stations == {"b": "乙站"}
    scene.hub.go_to.emit(GoTo("ledger", "c2", part="household"))
    panel = scene.window.findChild(CaseFilePanel)
    assert panel is not None
    scene.until(lambda: any("档案在乙站" in w.text() for w in panel.findChildren(Text)))


def test_a_member_who_is_asked_for_by_a_station_of_a_long_name_keeps_within_the_page(
    scene: SyncScene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page was as wide as 已请求转往 and the name: the right edges of all cards were out of sight."""
    pc, _other = scene.pc, scene.other("b")
    home = family(pc)
    asking.ask_out(pc.desk, "c1", "b", "已搬走").result()
    monkeypatch.setattr("jobdesk.ui.casefile.household_words.t", _long_names)
    scene.start()
    scene.window.resize(1366, 768)
    scene.hub.go_to.emit(GoTo("households", home))
    screen = scene.window.page("households")
    assert isinstance(screen, HouseholdsScreen)
    scene.until(lambda: any("自强街道就业和社会保障服务站" in w.text() for w in screen.findChildren(Text)))
    (said,) = (w for w in screen.findChildren(Text) if "自强街道就业和社会保障服务站" in w.text())
    page = next(s for s in screen.findChildren(Scroll) if s.isAncestorOf(said))
    scene.until(lambda: page.widget().width() <= page.viewport().width())
    assert said.height() >= said.heightForWidth(said.width()) > said.fontMetrics().height() * 1.5
    assert said.mapTo(page.widget(), said.rect().topRight()).x() < page.viewport().width()


def _long_names(key: str, /, **params: object) -> str:
    if "station" in params:
        params["station"] = "自强街道就业和社会保障服务站（示例）" * 2
    return words(key, **params)
