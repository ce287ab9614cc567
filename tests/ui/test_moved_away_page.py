"""台账 beside or under the page of somebody whose file is at another station by now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from jobdesk.cases.ops import Subject
from jobdesk.cases.state import RecordState, SubjectState
from jobdesk.services.closing import end_help
from jobdesk.services.drafting import find_drafts
from jobdesk.services.moving import answering, asking
from jobdesk.services.settings import FORBID_UNMASKED, set_station_setting
from jobdesk.store import local
from jobdesk.store.local import Access, Draft
from jobdesk.ui.case_words import Words
from jobdesk.ui.casefile.drafts import freeze
from jobdesk.ui.casefile.gone_page import GonePage
from jobdesk.ui.casefile.overview import OverviewPage
from jobdesk.ui.casefile.panel import CaseFilePanel
from jobdesk.ui.casefile.root_section import RootSection
from jobdesk.ui.casefile.unsaved import unsaved
from jobdesk.ui.hub import Changed, GoTo
from jobdesk.ui.kit import Text
from jobdesk.ui.ledger.screen import LedgerScreen
from tests.sync.ground import PC
from tests.sync.test_transfers import away, waits
from tests.ui.sync_scene import SyncScene
from tests.ui.test_moves_screen import exchange as exchange_open


@pytest.fixture
def scene(tmp_path: Path, qtbot: QtBot, dressed: QApplication) -> Iterator[SyncScene]:
    made = SyncScene(tmp_path, qtbot)
    yield made
    made.close()


def exchange(*pcs: PC) -> None:
    for pc in (*pcs, *pcs):
        pc.sync_well()


def one_moved_away(scene: SyncScene, name: str) -> None:
    """c1 is here; c2, of this name, went to station b."""
    other = scene.other("b")
    scene.pc.open_case("c1", "赵大")
    scene.pc.open_case("c2", name)
    exchange(other, scene.pc)
    asking.ask_out(scene.pc.desk, "c2", "b", "已搬走").result()
    exchange(other, scene.pc)
    answering.accept(other.desk, waits(other)[0].id).result()
    exchange(other, scene.pc)


def test_the_page_of_somebody_who_moved_away_has_a_name_and_a_cross(scene: SyncScene) -> None:
    """In a narrow window it lay over 登记人员 and the filters, and nothing took it away."""
    one_moved_away(scene, "钱芳")
    assert away(scene.pc) == {"c2": "b"}
    scene.start()
    scene.window.resize(1093, 614)
    scene.hub.go_to.emit(GoTo("ledger", "c1"))
    ledger = scene.window.page("ledger")
    panel = scene.window.findChild(CaseFilePanel)
    assert isinstance(ledger, LedgerScreen) and isinstance(panel, CaseFilePanel)
    scene.until(lambda: panel.file is not None and panel.file.case_id == "c1")
    scene.hub.go_to.emit(GoTo("ledger", "c2"))
    scene.until(lambda: panel.file is not None and panel.file.case_id == "c2")
    gone = panel._gone  # pyright: ignore[reportPrivateUsage]
    scene.until(lambda: not ledger.table.current_id())
    assert gone.isVisible() and gone.cross.isVisible() and gone.name.text() == "钱*"
    assert ledger.view.page.is_folded and ledger.table.selected_count() == 0
    gone.cross.click()
    assert not panel.isVisible() and ledger.view.filters.isVisible()
    ledger.open_person("c1")
    scene.until(lambda: panel.file is not None and panel.file.case_id == "c1" and not gone.isVisible())


def test_the_search_finds_who_moved_away_before_it_offers_to_register(scene: SyncScene) -> None:
    """登记 stood under 没有符合条件的人: the way to a second file of one person."""
    one_moved_away(scene, "王秀兰")
    scene.start()
    scene.hub.go_to.emit(GoTo("ledger", "c1"))
    ledger = scene.window.page("ledger")
    assert isinstance(ledger, LedgerScreen)
    ledger.view.search.searched.emit("王秀兰")
    scene.until(lambda: ledger.away.isVisible())
    (line,) = [w.text() for w in ledger.away.findChildren(Text)]
    assert "王**" in line and "乙站" in line and "11月21日" in line
    (see,) = ledger.away.findChildren(QPushButton)
    see.click()
    panel = scene.window.findChild(CaseFilePanel)
    assert panel is not None
    scene.until(lambda: panel.file is not None and panel.file.case_id == "c2")
    ledger.view.search.searched.emit("没有这个人")
    scene.until(lambda: not ledger.away.isVisible())
    ledger.view.search.searched.emit("王秀兰")
    scene.until(lambda: ledger.away.isVisible())
    ledger.away.look("没有这个人")
    assert ledger.away.isHidden() and not ledger.away.lines.count(), "another one's line until the answer"


def test_the_search_finds_whose_help_has_ended_before_it_offers_to_register(scene: SyncScene) -> None:
    """没有符合条件的人, and 登记人员 under it: the way to a second file of one person."""
    scene.pc.open_case("c1", "于海")
    scene.pc.open_case("c2", "查文斌")
    end_help(scene.pc.desk, scene.pc.case("c2"), "employed").result()
    scene.start()
    scene.hub.go_to.emit(GoTo("ledger", "c1"))
    ledger = scene.window.page("ledger")
    assert isinstance(ledger, LedgerScreen)
    ledger.view.search.searched.emit("查文斌")
    scene.until(lambda: ledger.away.isVisible())
    (line,) = [w.text() for w in ledger.away.findChildren(Text)]
    assert "查文斌" in line and "已结束帮扶" in line and not ledger.view.nothing_register.isVisible()
    ledger.search_key("enter")
    panel = scene.window.findChild(CaseFilePanel)
    assert panel is not None
    scene.until(lambda: panel.file is not None and panel.file.case_id == "c2")
    ledger.view.search.searched.emit("没有这个人")
    scene.until(lambda: not ledger.away.isVisible() and ledger.view.nothing_register.isVisible())


def test_an_empty_drawer_never_lies_over_who_moved_away(scene: SyncScene) -> None:
    """从名册中选一个人 covered half of a narrow page: 查看 and 登记人员 were out of reach, and Esc left it there."""
    one_moved_away(scene, "尉迟志远")
    scene.start()
    scene.window.resize(1093, 614)
    scene.hub.go_to.emit(GoTo("ledger", "c1"))
    ledger = scene.window.page("ledger")
    panel = scene.window.findChild(CaseFilePanel)
    assert isinstance(ledger, LedgerScreen) and isinstance(panel, CaseFilePanel)
    scene.until(lambda: panel.file is not None and panel.file.case_id == "c1" and panel.isVisible())
    header = scene.window.header.search
    header.line.setFocus()
    header.set_text("尉迟")
    header.searched.emit("尉迟")
    scene.until(lambda: ledger.away.isVisible() and not panel.isVisible())
    assert QApplication.focusWidget() is header.line, "the words go on being typed"
    header.pressed.emit("enter")
    scene.until(lambda: panel.file is not None and panel.file.case_id == "c2" and panel.isVisible())
    assert ledger.query.text == "尉迟" == header.text() and not ledger.table.rows.rowCount()
    panel.closed.emit()
    assert not panel.isVisible()
    scene.until(lambda: ledger.away.isVisible())
    ledger.away.findChildren(QPushButton)[0].click()
    assert panel.isVisible()
    scene.hub.go_to.emit(GoTo("ledger", "c1"))
    scene.until(lambda: ledger.table.rows.rowCount() == 1)
    assert header.text() == "", "it said 尉迟 over the list of everybody"


PHONE = "19966660001"


def keys(scene: SyncScene) -> list[str]:
    return [d.key for d in find_drafts(scene.pc.desk).result()]


def looks(scene: SyncScene) -> list[Access]:
    found = scene.pc.station.file.read(local.accesses).result()
    return [a for a in found if a.what == "reveal"]


def on_page(scene: SyncScene) -> CaseFilePanel:
    """The file of c2 in sight, which the other station asked for and nobody has given yet."""
    scene.start()
    scene.hub.go_to.emit(GoTo("ledger", "c2"))
    panel = scene.window.findChild(CaseFilePanel)
    assert panel is not None
    scene.until(lambda: panel.file is not None and panel.file.state.exists)
    return panel


def contact(panel: CaseFilePanel) -> RootSection:
    page = panel.pages["overview"]
    assert isinstance(page, OverviewPage)
    return page.sections["contact"]


def moves_away(scene: SyncScene, panel: CaseFilePanel, other: PC) -> GonePage:
    """A colleague of the other station says yes, and the word comes by itself."""
    answering.accept(other.desk, waits(other)[0].id).result()
    exchange_open(scene, other)
    assert away(scene.pc) == {"c2": "b"}
    scene.hub.changed.emit(Changed(frozenset({"c2"})))
    gone = panel._gone  # pyright: ignore[reportPrivateUsage]
    scene.until(lambda: gone.isVisible())
    return gone


@pytest.fixture
def other(scene: SyncScene) -> PC:
    """The station where c2 is asked to go."""
    made = scene.other("b")
    scene.pc.open_case("c2", "钱芳")
    exchange(made, scene.pc)
    asking.ask_out(scene.pc.desk, "c2", "b", "已搬走").result()
    exchange(made, scene.pc)
    return made


def test_what_was_typed_is_named_where_the_file_is_gone(scene: SyncScene, other: PC) -> None:
    """It stood in the station file as a draft, and no way led to it."""
    panel = on_page(scene)
    contact(panel).form.set_typed({"phone": PHONE})
    gone = moves_away(scene, panel, other)
    scene.until(lambda: len(gone.unsaved.rows) == 1)
    (row,) = gone.unsaved.rows
    assert gone.unsaved.isVisible() and row.unsaved.title == "联系方式"
    assert [v.label for v in row.unsaved.values] == ["电话"]
    assert row.values[0].text() == "199****0001" and keys(scene) == ["casefile/c2/contact"]
    for button in (row.copy, row.eye, row.drop):
        assert button.focusPolicy() & Qt.FocusPolicy.TabFocus and "联系方式" in button.accessibleName()
    before = len(looks(scene))
    row.copy.click()
    scene.until(lambda: QGuiApplication.clipboard().text() == f"电话：{PHONE}")
    assert row.values[0].text() == "199****0001"
    row.eye.click()
    scene.until(lambda: row.values[0].text() == PHONE)
    seen = looks(scene)
    assert len(seen) == before + 2 and (seen[0].subject_id, seen[0].field) == ("c2", "phone")
    scene.hub.go_to.emit(GoTo("today"))
    assert row.values[0].text() == "199****0001"


def test_it_is_let_go_and_brought_back(scene: SyncScene, other: PC) -> None:
    panel = on_page(scene)
    contact(panel).form.set_typed({"phone": PHONE})
    gone = moves_away(scene, panel, other)
    scene.until(lambda: len(gone.unsaved.rows) == 1)
    gone.unsaved.rows[0].drop.click()
    scene.until(lambda: not gone.unsaved.isVisible() and keys(scene) == [])
    scene.hub.go_to.emit(GoTo("today"))
    scene.shell.keep_drafts()
    assert keys(scene) == []
    scene.hub.go_to.emit(GoTo("ledger", "c2"))
    undo = scene.said[-1].undo
    assert undo is not None and scene.said[-1].text == "“联系方式”里没保存的内容不再保留"
    undo()
    scene.until(lambda: gone.unsaved.isVisible() and len(gone.unsaved.rows) == 1)
    assert keys(scene) == ["casefile/c2/contact"]


def test_it_is_back_in_its_form_when_the_file_is(scene: SyncScene, other: PC) -> None:
    panel = on_page(scene)
    contact(panel).form.set_typed({"phone": PHONE})
    gone = moves_away(scene, panel, other)
    scene.until(lambda: len(gone.unsaved.rows) == 1)
    asking.ask_out(other.desk, "c2", "a", "又搬回来").result()
    scene.stop()
    scene.pc.reopen_closed()
    exchange(other, scene.pc)
    answering.accept(scene.pc.desk, waits(scene.pc, "transfer_request")[0].id).result()
    exchange(other, scene.pc)
    panel = on_page(scene)
    scene.until(lambda: contact(panel).form.dirty == {"phone": PHONE})


def test_it_comes_back_while_the_page_is_in_sight(scene: SyncScene, other: PC) -> None:
    panel = on_page(scene)
    contact(panel).form.set_typed({"phone": PHONE})
    gone = moves_away(scene, panel, other)
    scene.until(lambda: len(gone.unsaved.rows) == 1)
    asking.ask_out(other.desk, "c2", "a", "又搬回来").result()
    exchange_open(scene, other)
    answering.accept(scene.pc.desk, waits(scene.pc, "transfer_request")[0].id).result()
    exchange_open(scene, other)
    assert away(scene.pc) == {}
    scene.hub.changed.emit(Changed(frozenset({"c2"})))
    scene.until(lambda: not gone.isVisible())
    scene.until(lambda: contact(panel).form.dirty == {"phone": PHONE})
    assert gone.unsaved.rows == []


def test_where_nothing_leaves_unmasked_it_is_copied_masked(scene: SyncScene, other: PC) -> None:
    set_station_setting(scene.pc.desk, FORBID_UNMASKED, True).result()
    panel = on_page(scene)
    contact(panel).form.set_typed({"phone": PHONE})
    gone = moves_away(scene, panel, other)
    scene.until(lambda: len(gone.unsaved.rows) == 1)
    before = len(looks(scene))
    gone.unsaved.rows[0].copy.click()
    assert QGuiApplication.clipboard().text() == "电话：199****0001"
    assert "没有复制全号" in scene.said[-1].text and len(looks(scene)) == before


def test_every_sort_of_draft_is_named() -> None:
    subject = Subject("case", "c1")
    state = SubjectState(subject, {})
    blank = RecordState("group", "", {})
    drafts = [
        Draft("casefile/c1/record/group/new", "s1", 0, freeze(blank, {"kind": "released"})),
        Draft("casefile/c1/move_out", "s1", 0, {"typed": {"reason": "迁出", "to": ["b", "乙站", "县"]}}),
        Draft("asks/c1/withdraw/r1", "s1", 0, {"line": "登错人"}),
        Draft("casefile/c1/proof/birth", "s1", 0, freeze(RecordState("proof", "", {}), {"document": "户口簿"})),
        Draft("casefile/c1/contact", "s1", 0, freeze(RecordState("case", "c1", {}), {"phone_2": None})),
        Draft("conflicts/c1/case/c1/address", "s1", 0,
              {"kind": "case", "last": "report", "typed": {"address": "某路 1 号"}, "line": "请核定"}),
        Draft(
            "service/c1", "s1", 0,
            {"values": {"type": "HF", "content": "已上班", "staff": "s1"}, "next_on": "2026-12-01",
             "next_reason": "", "notice": True, "people": ["c1", "c9"]},
        ),
    ]  # fmt: skip
    words = Words(date(2026, 11, 21), {"s1": "于晓梅"}, {"c9": "赵大"})
    found = {one.title: [(v.label, v.shown) for v in one.values] for one in unsaved(drafts, state, words)}
    assert found["添加人群类别"] == [("人群类别", "已隐藏")]
    assert found["转出到其他站"] == [("转往", "乙站"), ("原因", "迁出")]
    assert found["撤回"] == [("原因", "登错人")]
    assert [shown for _, shown in found["两处填写不一致"]] == ["请核定", "某路 1 号"]
    assert found["核对“出生日期”"][0][1] == "户口簿"
    assert found["联系方式"] == [("备用电话", "（空）")]
    service = dict(found["登记服务"])
    assert "已上班" in service.values() and "赵大" in service.values() and "12月1日" in service.values()
    assert len(found) == len(drafts)
