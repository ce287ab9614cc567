"""同步 over a real server: enrolling by typing, the pill from waiting to synced, no line, what waits for a person."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from jobdesk.cases.enrolment_code import enrolment_code
from jobdesk.host.strings import text
from jobdesk.services.registering import register
from jobdesk.services.second_folder import second_state
from jobdesk.services.syncing import Moving, receipts
from jobdesk.store import sync_facts, sync_told
from jobdesk.store.log import ops_of_subject
from jobdesk.sync import pacing
from jobdesk.ui.context import Context
from jobdesk.ui.hub import AppHub, Changed, GoTo
from jobdesk.ui.settings.state import second_said
from jobdesk.ui.settings.unit_page import UnitPage
from jobdesk.ui.sync.apart import ApartPanel
from jobdesk.ui.sync.notices import NoticesPanel
from jobdesk.ui.sync.receipts import ReceiptsPanel
from jobdesk.ui.sync.screen import SyncScreen
from jobdesk.ui.tasks import Tasks
from province import enrolling
from province.db.engine import EVERYTHING
from tests.ui.sync_scene import SyncScene

Make = Callable[..., SyncScene]


@pytest.fixture
def make(
    tmp_path: Path, qtbot: QtBot, dressed: QApplication, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Make]:
    monkeypatch.setattr("jobdesk.ui.shell.SYNC_MS", 1)
    monkeypatch.setattr(pacing, "SOON_S", 0.2)
    monkeypatch.setattr(pacing, "QUIET_S", 0.1)

    with ExitStack() as made:
        yield lambda **more: made.enter_context(closing(SyncScene(tmp_path, qtbot, **more)))


def words(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget))


def test_enrolled_by_typing_and_then_by_itself(make: Make) -> None:
    scene = make(enrolled=False).start()
    page = scene.overview
    scene.until(lambda: page.form.isVisible())
    assert scene.pill == "已保存 · 单机" and "单机使用" in words(page) and not page.view.now.isVisible()
    page.form.go.click()
    assert "还没有填" in words(page)
    page.form.server.set_value("http://sync.example")
    page.form.code.set_value("1234-5678")
    page.form.go.click()
    assert "须以 https:// 开头" in words(page) and "登记码应为 16 个字符" in words(page)
    assert scene.pc.wire.count == 0
    page.form.server.set_value("https://sync.example")
    page.form.code.set_value(enrolment_code(bytes(range(9))).text.lower().replace("-", " "))
    page.form.go.click()
    assert not page.form.go.isEnabled()
    scene.until(lambda: "登记码不能用" in words(page))
    assert "向县级机构要一个新的登记码" in words(page) and page.form.go.isEnabled()
    scene.pc.wire.fault = lambda _n: "lost"
    page.form.code.set_value(scene.server.code())
    page.form.go.click()
    scene.until(lambda: "连不上 https://sync.example" in words(page))
    scene.pc.wire.fault = lambda _n: ""
    page.form.go.setFocus()
    page.form.go.click()
    scene.until(lambda: "已同步，本机与服务器一致" in words(page))
    scene.until(lambda: "甲站" in words(page) and scene.pill == "已保存 · 已同步")
    assert not page.form.isVisibleTo(page)
    scene.until(lambda: scene.window.focusWidget() is page.view.now)  # it was in the search of the header
    assert any("已登记为甲站" in n.text for n in scene.said)
    assert page.form.code.value() == ""


def test_the_window_bears_the_name_that_the_machine_was_enrolled_for(make: Make) -> None:
    """Found by window: enrolled by policy for another station, the header went on with the place chosen before."""
    scene = make(enrolled=False).start()
    header = scene.window.header
    scene.until(lambda: bool(header.station.text()))
    assert header.station.text() != "甲站"
    scene.pc.enrol()
    scene.watch.now()
    scene.watch.renew()
    scene.until(lambda: header.station.text() == "甲站" and scene.window.windowTitle().startswith("甲站 "))


def test_the_settings_of_an_enrolled_machine_say_what_holds_there(make: Make) -> None:
    """本单位 promised the name typed there everywhere; 备份 that a broken disk loses what is on the server too."""
    scene = make()
    ctx = Context(AppHub(), Tasks(), scene.pc.station, scene.pc.desk)
    page = UnitPage(ctx)
    scene.qtbot.addWidget(page)
    page.arrive()
    scene.until(lambda: page.told.text() == text("settings.unit_told", name="甲站"))
    state = second_state(scene.pc.station, scene.pc.desk).result()
    alone = replace(state, standing="none")
    assert second_said(alone).more == text("settings.second_none_synced")


def test_the_pill_goes_from_waiting_to_synced_and_tells_since_when_there_is_no_line(make: Make) -> None:
    scene = make().start()
    scene.until(lambda: scene.pill == "已保存 · 已同步")
    gate = threading.Event()
    plain = scene.pc.wire.request

    def held_back(*given: object) -> object:
        gate.wait(30)
        return plain(*given)  # type: ignore[arg-type]

    scene.pc.wire.request = held_back  # type: ignore[method-assign]
    said: list[str] = []

    def heard(_seen: object) -> None:
        said.append(scene.pill)

    scene.watch.moved.connect(heard)
    done = register(scene.shell.ctx.desk, {"name": "周雨桐"}).result()
    scene.hub.changed.emit(Changed(frozenset({done.case_id})))
    scene.until(lambda: scene.pill == "已保存 · 正在同步")
    assert any("待上传" in one for one in said)
    scene.watch.moved.disconnect(heard)  # it is told once more while the window closes
    gate.set()
    scene.until(lambda: scene.pill == "已保存 · 已同步")
    scene.pc.wire.request = plain  # type: ignore[method-assign]
    scene.pc.wire.fault = lambda _n: "lost"
    scene.clock.tick(3 * 24 * 3600 * 1000)
    scene.pc.open_case("c2")
    scene.hub.changed.emit(Changed(frozenset({"c2"})))
    scene.until(lambda: scene.pill == "已保存 · 离线 3 天 · 待上传 1 条")
    page = scene.overview
    assert "离线 3 天，现在连不上省级服务器" in words(page) and "无网络交换" in words(page)
    scene.pc.wire.fault = lambda _n: ""
    page.view.now.click()
    scene.until(lambda: scene.pill == "已保存 · 已同步")


def test_who_pressed_it_finds_the_cursor_there_again(make: Make) -> None:
    scene = make()
    scene.pc.sync_well()
    scene.start()
    page = scene.overview
    scene.until(lambda: scene.pill == "已保存 · 已同步")
    page.view.now.setFocus()
    window = page.window()
    scene.until(lambda: window.focusWidget() is page.view.now)
    seen = page._seen  # pyright: ignore[reportPrivateUsage]
    assert seen is not None
    moving = Moving("push")
    page.show_seen(replace(seen, now=replace(seen.now, moving=moving)))
    assert not page.view.now.isEnabled() and window.focusWidget() is page
    page.show_seen(seen)
    assert window.focusWidget() is page.view.now


def test_pressing_the_pill_opens_the_place(make: Make, qtbot: QtBot) -> None:
    scene = make().start()
    qtbot.mouseClick(scene.window.header.pill, Qt.MouseButton.LeftButton)
    assert scene.window.at == "sync"
    scene.window.header.pill.set_state("second_behind")
    qtbot.mouseClick(scene.window.header.pill, Qt.MouseButton.LeftButton)
    assert scene.window.at == "settings"


def test_what_waits_for_a_person_has_its_number_and_a_door(make: Make) -> None:
    scene = make()
    scene.pc.sync_well()
    two = scene.other()
    scene.pc.open_case("c1", "单秀英")
    scene.pc.sync_well()
    two.sync_well()
    two.set("c1", phone="19900000002")
    two.sync_well()
    scene.pc.set("c1", phone="19900000003")
    scene.pc.sync_well()

    def told(w: object) -> None:
        con = w.con  # type: ignore[attr-defined]
        sync_told.put_apart(con, "gone", "r", "out_of_scope", scene.clock.now_ms())
        for kind, said in (("message", "周五前核对零就业家庭"), ("duplicate", "")):
            sync_told.put_notice(con, sync_told.Notice(kind, kind, ("c1",), said, scene.clock.now_ms(), 0))

    scene.pc.station.file.write(told).result()
    scene.start()
    page = scene.overview
    scene.until(lambda: scene.pill == "已保存 · 4 件待处理")
    for name in ("两处填写不一致", "转入转出", "未被接收", "通知"):
        scene.until(lambda name=name: name in words(page.view.doors_card))
    apart = scene.go("apart")
    assert isinstance(apart, ApartPanel)
    scene.until(lambda: "不在本站范围内" in words(apart))
    assert "人办了转入以后自动收下" in words(apart) and "1 件待处理，共 1 件" in words(apart)
    apart.look()
    scene.until(lambda: "0 件待处理，共 1 件" in words(apart) and scene.pill == "已保存 · 3 件待处理")
    assert not apart.seen.isEnabled()
    notices = scene.go("notices")
    assert isinstance(notices, NoticesPanel)
    scene.until(lambda: "周五前核对零就业家庭" in words(notices))
    button = next(b for b in notices.findChildren(QWidget) if b.accessibleName() == "知道了")
    button.click()  # type: ignore[attr-defined]
    scene.until(lambda: scene.pill == "已保存 · 2 件待处理" and "已看过" in words(notices))


def test_what_was_taken_after_all_says_whose_file_and_leads_there(make: Make) -> None:
    """It said 服务器升级后已经收下了 over what the county had listed, and named nobody."""
    scene = make()
    scene.pc.sync_well()
    scene.pc.open_case("c1", "单秀英")
    (op,) = scene.pc.station.file.read(lambda con: ops_of_subject(con, "c1")).result()
    now = scene.clock.now_ms()

    def told(w: object) -> None:
        con = w.con  # type: ignore[attr-defined]
        for number, action in enumerate((op.action_id, "of-others")):
            notice = sync_told.Notice(f"released-{number}", "released", (), action, now, 0)
            sync_told.put_notice(con, notice)

    scene.pc.station.file.write(told).result()
    scene.start()
    scene.until(lambda: scene.pill == "已保存 · 1 件待处理")
    notices = scene.go("notices")
    scene.until(lambda: "单秀英：" in words(notices))
    said = words(notices)
    assert said.count("已收下") == 2 and "升级" not in said and "of-others" not in said
    next(b for b in notices.findChildren(QWidget) if b.accessibleName() == "打开档案").click()  # type: ignore[attr-defined]
    scene.until(lambda: scene.window.at == "ledger")


def test_what_was_decided_can_be_reached_when_nothing_waits(make: Make) -> None:
    scene = make().start()
    scene.until(lambda: "没有等人处理的事" in words(scene.overview.view.doors_card))
    screen = scene.window.page("sync")
    assert isinstance(screen, SyncScreen)
    screen.view.to_conflicts.click()
    assert scene.window.at == "conflicts"


def test_a_revoked_machine_says_so_and_enrols_anew(make: Make) -> None:
    scene = make()
    scene.pc.sync_well()
    device = scene.pc.station.file.read(lambda con: sync_facts.get(con, "device")).result()
    with scene.server.db.writing(EVERYTHING) as con:
        enrolling.revoke(con, device, "stolen", scene.clock.now_ms())
    scene.pc.open_case("c1")
    scene.start()
    page = scene.overview
    scene.until(lambda: "同步停了，需要人处理" in words(page) and page.form.isVisible())
    assert "本机已有的内容都留着" in words(page)
    page.form.server.set_value("https://sync.example")
    page.form.code.set_value(scene.server.code())
    page.form.go.click()
    scene.until(lambda: "已同步，另有 1 次保存未被服务器接收" in words(page) and not page.form.isVisible())


def test_receipts_tell_what_went_came_and_agreed(make: Make) -> None:
    scene = make().start()
    panel = scene.go("receipts")
    assert isinstance(panel, ReceiptsPanel)
    scene.until(lambda: "与服务器一致" in words(panel))
    assert "2 条，共 1 次保存" in words(panel)
    scene.pc.wire.fault = lambda _n: "answer_cut"
    scene.watch.now()
    scene.until(lambda: len(receipts(scene.pc.desk).result()) >= 2)
    scene.until(lambda: panel.table.current_id() == next(iter(panel._found)) and len(panel._found) >= 2)  # pyright: ignore[reportPrivateUsage]
    scene.until(lambda: "读不懂" in words(panel))


def test_paused_nothing_goes_and_whoever_resumes_sends(make: Make) -> None:
    scene = make().start()
    scene.until(lambda: scene.pill == "已保存 · 已同步")
    page = scene.overview
    page.view.pause.click()
    scene.until(lambda: "已暂停同步" in words(page))
    assert page.view.line_now.isHidden(), "no empty line under the wish"
    asked = scene.pc.wire.count
    scene.pc.open_case("c1")
    scene.hub.changed.emit(Changed(frozenset({"c1"})))
    scene.until(lambda: scene.pill == "已保存 · 待上传 1 条 · 已暂停")
    assert scene.pc.wire.count == asked
    page.view.pause.click()
    scene.until(lambda: scene.pill == "已保存 · 已同步")


def test_the_practice_station_is_never_sent_anywhere(make: Make) -> None:
    scene = make(enrolled=False).start(practice=True)
    page = scene.overview
    scene.until(lambda: "练习站不同步" in words(page))
    assert scene.pill == "已保存" and not page.form.isVisibleTo(page)
    scene.watch.now()
    scene.until(lambda: page.view.form_opener.isVisible())
    page.view.form_opener.click()
    assert page.form.isVisibleTo(page) and "虚构的人会混进真实的台账" in words(page)
    assert scene.pc.wire.count == 0


def test_what_comes_in_leaves_alone_whoever_types(make: Make, qtbot: QtBot) -> None:
    scene = make()
    scene.pc.open_case("c1", "单秀英")
    scene.pc.sync_well()
    two = scene.other()
    two.sync_well()
    scene.start()
    scene.until(lambda: scene.pill == "已保存 · 已同步")
    scene.hub.go_to.emit(GoTo("ledger", "c1", part="overview"))
    scene.until(lambda: _editor(scene) is not None)
    editor = _editor(scene)
    assert editor is not None
    scene.window.activateWindow()
    editor.setFocus()
    scene.until(lambda: QApplication.focusWidget() is editor)
    assert scene.running is not None
    before = scene.running._typed  # pyright: ignore[reportPrivateUsage]
    qtbot.keyClicks(editor, "1990000")
    assert scene.running._typed > before  # pyright: ignore[reportPrivateUsage]
    two.set("c1", phone="19900000002", address="锦程社区12号楼")
    two.sync_well()
    scene.running.now()
    scene.until(lambda: scene.pc.case("c1").root.text("address") == "锦程社区12号楼")
    scene.until(lambda: scene.pill.startswith("已保存 · ") and "正在" not in scene.pill)
    still = _editor(scene)
    assert still is not None and still.text() == "1990000"


def test_another_tab_keeps_the_cursor_out_of_the_search_line(make: Make) -> None:
    """Found by window: after 回执, whose list has the cursor, what was typed went into the search."""
    scene = make().start()
    panel = scene.go("receipts")
    assert isinstance(panel, ReceiptsPanel)
    scene.until(lambda: bool(panel._found))  # pyright: ignore[reportPrivateUsage]
    panel.table.setFocus()
    assert scene.window.focusWidget() is panel.table
    screen = scene.window.page("sync")
    assert isinstance(screen, SyncScreen)
    screen.view.tabs._choose("usb")  # pyright: ignore[reportPrivateUsage]
    assert screen.view.tabs.isAncestorOf(scene.window.focusWidget())


def test_while_a_station_comes_in_pages_show_what_is_there(make: Make) -> None:
    scene = make().start()
    scene.until(lambda: scene.pill == "已保存 · 已同步")
    whole: list[Changed] = []
    scene.hub.changed.connect(whole.append)
    scene.watch._part.setInterval(5)  # pyright: ignore[reportPrivateUsage]
    running = scene.running
    assert running is not None
    running.stop()  # of its own it says nothing any more
    running._move(Moving("load", 300, 1000))  # pyright: ignore[reportPrivateUsage]
    scene.until(lambda: any(one.whole for one in whole))
    assert scene.pill == "已保存 · 接收 30%"
    running._move(Moving())  # pyright: ignore[reportPrivateUsage]
    scene.until(lambda: not scene.watch._part.isActive())  # pyright: ignore[reportPrivateUsage]
    assert scene.pc.waiting() == 0


def _editor(scene: SyncScene) -> QLineEdit | None:
    """The editor of the phone in the file, once it can be typed into."""
    for editor in scene.window.findChildren(QLineEdit):
        if editor.accessibleName() == "电话" and editor.isVisible() and editor.isEnabled():
            return editor
    return None


def test_the_clerk_says_that_the_line_is_paid_by_volume(make: Make) -> None:
    """Where the system cannot tell."""
    scene = make().start()
    scene.until(lambda: scene.pill.endswith("已同步"))
    panel = scene.overview
    scene.until(lambda: "不按流量计费" in words(panel))
    panel.view.line_wish.set_value("always")
    panel.view.line_wish.chosen.emit("always")
    scene.until(lambda: scene.pill.endswith("按流量计费"))
    scene.until(lambda: "每天自动同步一次" in words(panel))
    scene.pc.open_case("c9", "赵国强")
    scene.hub.changed.emit(Changed(frozenset({"c9"})))
    scene.until(lambda: scene.pill.endswith("待上传 1 条 · 按流量计费"))
    panel.view.now.click()
    scene.until(lambda: scene.pc.waiting() == 0 and scene.pill.endswith("按流量计费"))
    panel.arrive()
    scene.until(lambda: panel.view.line_wish.value() == "always")


@pytest.mark.parametrize("tab", ["receipts", "apart"])
def test_an_exchange_leaves_the_cursor_where_somebody_types(make: Make, tab: str) -> None:
    scene = make().start()
    scene.until(lambda: scene.pill.endswith("已同步"))
    scene.window.activateWindow()
    scene.until(scene.window.isActiveWindow)
    panel = scene.go(tab)
    assert isinstance(panel, ReceiptsPanel | ApartPanel)
    search = scene.window.header.search.line
    read = scene.shell.ctx.desk.read(lambda _con: None)
    scene.until(read.done)
    QApplication.processEvents()
    search.setFocus()
    ended: list[object] = []
    scene.watch.ended.connect(ended.append)
    scene.watch.now()
    scene.until(lambda: bool(ended))
    read = scene.shell.ctx.desk.read(lambda _con: None)
    scene.until(read.done)
    QApplication.processEvents()
    assert scene.window.focusWidget() is search


@pytest.mark.parametrize("width", [1366, 1093])
def test_the_longest_station_leaves_room_for_search_and_pill(make: Make, width: int) -> None:
    scene = make().start()
    scene.until(lambda: scene.pill.endswith("已同步"))
    header = scene.window.header
    header.set_station("长春市朝阳区南岭街道平阳社区人力资源和社会保障综合服务工作站（永昌路便民服务点）")
    header.pill.set_more("离线 112 天 · 待上传 12345 条", "待上传 12345 条", "ink_2")
    scene.window.resize(width, 700)
    QApplication.processEvents()
    search, pill = header.search.geometry(), header.pill.geometry()
    assert header.station.geometry().right() < search.left()
    assert search.right() + 8 <= pill.left() and pill.right() < header.staff.geometry().left()
    assert search.width() >= 220
