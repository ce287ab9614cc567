"""无网络交换 by its buttons: out, carried by another window, back; wrong sticks and what is told."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot

from jobdesk.cases.clock import local_datetime
from jobdesk.cases.errors import BadInput, Refused, Trouble
from jobdesk.services.moving import asking
from jobdesk.store.sync_carried import OUT, READ, WRITING, CarriedFile
from jobdesk.sync import carrier
from jobdesk.sync.carried_desk import BroughtBack, Read
from jobdesk.sync.carrier import Delivered
from jobdesk.ui.palette import tokens
from jobdesk.ui.sync import apart_state, receipts_state, usb_panel, usb_state, usb_work
from jobdesk.ui.sync.state import when
from jobdesk.ui.sync.usb_panel import UsbPanel
from jobdesk.ui.table.delegate import LEAD, PADDING
from tests.sync.sticks import out
from tests.sync.test_carrier import Line
from tests.ui.sync_scene import SyncScene

DAY_MS = 24 * 3600 * 1000
NOW = 1_795_266_000_000


def words(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget))


@pytest.fixture
def scene(
    tmp_path: Path, qtbot: QtBot, dressed: QApplication, monkeypatch: pytest.MonkeyPatch
) -> Iterator[SyncScene]:
    monkeypatch.setattr("jobdesk.ui.shell.SYNC_MS", 1)
    made = SyncScene(tmp_path, qtbot)
    made.pc.wire.fault = lambda _n: "lost"
    yield made
    made.close()


@pytest.fixture
def stick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Whatever dialog opens, somebody chooses this folder in it."""
    folder = tmp_path / "U盘"
    folder.mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(folder))
    return folder


def panel_of(scene: SyncScene) -> UsbPanel:
    panel = scene.go("usb")
    assert isinstance(panel, UsbPanel)
    panel._line = lambda _server: Line(scene.server)  # pyright: ignore[reportPrivateUsage]
    scene.until(lambda: panel.view.out.standing.text() != "")
    return panel


def done(scene: SyncScene, panel: UsbPanel, press: Callable[[], object]) -> str:
    press()
    told = panel.view.told

    def shown() -> bool:
        banners = [item.widget() for i in range(told.count()) if (item := told.itemAt(i)) is not None]
        return bool(banners) and all(b is not None and b.isVisibleTo(panel) for b in banners)

    scene.until(lambda: not panel._busy and shown())  # pyright: ignore[reportPrivateUsage]
    return words(panel)


def test_there_and_back(scene: SyncScene, stick: Path) -> None:
    scene.pc.open_case("c1")
    scene.start()
    panel = panel_of(scene)
    assert "现在带出：3 条改动" in words(panel) and not panel.view.files.isVisible()
    panel.view.out.go.setFocus()
    said = done(scene, panel, panel.view.out.go.click)
    assert scene.window.focusWidget() is panel.view.out.go, "not in the search of the header"
    (path,) = stick.iterdir()
    assert path.name in said and "安全弹出" in said
    scene.until(lambda: panel.view.files.isVisible())
    assert "1 份带出文件等带回" in words(panel)
    assert "这里没有给本机的回执" in done(scene, panel, panel.view.back.go.click)
    assert "1 份带出文件还没有经过服务器" in words(panel)
    assert "已传送 1 份" in done(scene, panel, panel.view.carry.go.click)
    assert "已送达 3 条" in done(scene, panel, panel.view.back.go.click)
    scene.until(lambda: "没有等带回的文件" in words(panel))
    assert "没有等待上传的内容" in words(panel)
    assert "这份回执 2026年11月21日 已经读回过" in done(scene, panel, panel.view.back.go.click)
    assert scene.pc.waiting() == 0
    assert "1 份已有回执" in done(scene, panel, panel.view.carry.go.click)


def test_what_comes_is_seen_on_the_other_screens(scene: SyncScene, stick: Path) -> None:
    other = scene.other()
    other.open_case("of-other")
    other.sync_well()
    scene.start()
    changed: list[object] = []
    scene.hub.changed.connect(changed.append)
    panel = panel_of(scene)
    done(scene, panel, panel.view.out.go.click)
    done(scene, panel, panel.view.carry.go.click)
    said = done(scene, panel, panel.view.back.go.click)
    assert "条新内容" in said
    assert any("of-other" in c.subjects for c in changed)  # type: ignore[attr-defined]
    assert scene.pc.case("of-other").root.text("name") == "赵某"


def test_others_files_and_damaged_ones(scene: SyncScene, stick: Path) -> None:
    other = scene.other("b")
    out(other, stick)
    scene.start()
    panel = panel_of(scene)
    done(scene, panel, panel.view.carry.go.click)
    said = done(scene, panel, panel.view.back.go.click)
    assert "另有 1 份回执是给其他电脑的" in said and "没有给本机的回执" in said
    answer = next(stick.glob("*回执*"))
    answer.write_bytes(answer.read_bytes()[:-5])
    assert "不完整或被改动过" in done(scene, panel, panel.view.back.go.click)
    answer.unlink()
    for path in stick.iterdir():
        path.write_bytes(path.read_bytes()[:-5])
    assert "1 份没有传送" in done(scene, panel, panel.view.carry.go.click)


def test_a_stick_that_is_gone_is_told_and_the_buttons_come_back(scene: SyncScene, stick: Path) -> None:
    scene.start()
    panel = panel_of(scene)
    stick.rmdir()
    told = done(scene, panel, panel.view.out.go.click)
    assert "U 盘不见了" in told and "插好以后再做一次" in told
    for press in (panel.view.back.go.click, panel.view.carry.go.click):
        done(scene, panel, press)
    scene.until(
        lambda: all(b.isEnabled() for b in (panel.view.out.go, panel.view.back.go, panel.view.carry.go))
    )


def test_before_enrolment_nothing_can_be_taken_out(
    tmp_path: Path, qtbot: QtBot, dressed: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jobdesk.ui.shell.SYNC_MS", 1)
    with closing(SyncScene(tmp_path, qtbot, enrolled=False)) as scene:
        panel = panel_of(scene.start())
        assert not panel.view.out.go.isEnabled() and not panel.view.back.go.isEnabled()
        assert "登记" in panel.view.out.go.toolTip()


@pytest.mark.parametrize(
    ("found", "said", "tone"),
    [
        (CarriedFile("e", 1, "n", 0, state=OUT), "等带回", "ink"),
        (CarriedFile("e", 1, "n", 0, state=WRITING), "没有写完", "warn"),
        (CarriedFile("e", 1, "n", 0, state=OUT, overtaken=True), "不必再读", "ink_2"),
        (CarriedFile("e", 1, "n", -70 * DAY_MS, state=OUT), "过期：71 天", "warn"),
        (CarriedFile("e", 1, "n", 0, state=READ, read_ms=DAY_MS, came=7), "收到 7 条", "ok"),
        (CarriedFile("e", 1, "n", 0, state=READ, read_ms=DAY_MS, more=True), "再带出一次", "warn"),
    ],
)
def test_every_state_of_a_file(found: CarriedFile, said: str, tone: str) -> None:
    told, toned = usb_state.state_said(found, DAY_MS)
    assert said in told and toned == tone


def test_every_reason_has_its_sentence() -> None:
    path = Path("甲.jobdesk")
    codes = sorted(carrier._DETAILS | set(carrier._TOLD.values()))  # pyright: ignore[reportPrivateUsage]
    for code in (*codes, "carried_not_ours", "carried_forged", "carried_before_restore", "carried_went_out"):
        (line,) = usb_state.read_said(BroughtBack((Read(path, problem=BadInput(code)),)))
        assert "甲.jobdesk" in line.sentence and "。" in line.sentence
    lost = [Delivered(path, "failed", Trouble("no_line", what="x")) for _ in range(3)]
    told = usb_state.carried_said(lost, "https://sync.example.cn", "E:/")
    assert len(told) == 2 and "3 份没有传送" in told[0].sentence and "再点一次" in told[1].more
    assert "自动发送" not in told[1].sentence + told[1].more  # nobody sends them by himself
    before = [Read(path, problem=Refused("carried_read_before", day="2026-11-21")) for _ in range(4)]
    assert [x.sentence for x in usb_state.read_said(BroughtBack(tuple(before)))] == [
        "4 份回执没有新内容（以前读过，或已通过别的方式收到）。"
    ]


@pytest.mark.parametrize(
    ("what", "said", "way"),
    [
        ("ConnectError", "这台电脑现在没有网络", "换一处网络"),
        ("ReadTimeout", "很久没有答复", "再点一次"),
        ("RemoteProtocolError", "连接断了", "再点一次"),
        ("UnsupportedProtocol", "服务器地址不可用", "核对服务器地址"),
    ],
)
def test_a_line_that_fails_names_the_server_the_stick_and_the_way_out(what: str, said: str, way: str) -> None:
    lost = [Delivered(Path("甲.jobdesk"), "failed", Trouble("no_line", what=what))]
    _, line = usb_state.carried_said(lost, "https://sync.example.cn", "E:/乙站")
    assert said in line.sentence and "https://sync.example.cn" in line.sentence
    assert "E:/乙站" in line.more and "1 份" in line.more and way in line.more


def test_nothing_is_carried_before_the_server_is_known(scene: SyncScene) -> None:
    """Pressed at once it went to no address at all, and said that there was no line."""
    scene.start()
    panel = UsbPanel(scene.shell.ctx)
    assert not panel.view.carry.go.isEnabled() and panel.view.carry.go.toolTip()
    panel.arrive()
    scene.until(panel.view.carry.go.isEnabled)
    panel.deleteLater()


def test_a_busy_server_is_said_while_its_pause_lasts(
    scene: SyncScene, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Up to a minute passes without a byte: that is not 正在传送."""
    out(scene.other("b"), stick)
    scene.start()
    panel = panel_of(scene)
    line = Line(scene.server)
    line.fault = "busy"
    panel._line = lambda _server: line  # pyright: ignore[reportPrivateUsage]
    slept, go_on = list[float](), threading.Event()

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        go_on.wait(20)

    monkeypatch.setattr(usb_work, "sleep", sleep)
    panel.view.carry.go.click()
    scene.until(lambda: "服务器正忙" in words(panel))
    at = local_datetime(scene.clock.now_ms() + 7000)
    assert f"服务器正忙，{at:%H:%M:%S} 再试，请不要拔出 U 盘" in words(panel)
    assert "正在传送" not in words(panel)
    assert "服务器正忙" in panel.view.carry.go.toolTip()
    go_on.set()
    scene.until(lambda: "已传送 1 份" in words(panel))
    assert slept == [7] and panel.view.carry.go.isEnabled()


def test_a_day_of_another_year_has_room_in_every_list(dressed: QApplication) -> None:
    """Found by window after New Year: 2026年11月2…"""
    font = QFont(dressed.font())
    font.setPixelSize(tokens().type.body)
    lists = ((usb_state.columns(), "made", 0), (apart_state.columns(), "when", 0),
             (receipts_state.columns(), "when", LEAD))  # fmt: skip
    for columns, key, lead in lists:
        width = next(c.width for c in columns if c.key == key)
        for made in (NOW - 400 * DAY_MS, NOW - 40 * DAY_MS):
            said = when(made, NOW)
            assert QFontMetrics(font).horizontalAdvance(said) + 2 * PADDING + lead <= width, said


def test_a_request_to_another_station_goes_along_and_is_counted(scene: SyncScene, stick: Path) -> None:
    scene.pc.open_case("c1", "王小梅")
    scene.pc.wire.fault = lambda _n: ""
    scene.pc.sync_well()
    scene.pc.wire.fault = lambda _n: "lost"
    asking.ask_out(scene.pc.desk, "c1", "b", "已搬走").result()
    scene.start()
    panel = panel_of(scene)
    assert "现在带出：1 条改动" in words(panel)
    assert "（1 条改动" in done(scene, panel, panel.view.out.go.click)


def test_the_chooser_begins_where_it_was_last_and_shows_files(
    scene: SyncScene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It began in the program's folder and hid files: a stick with the answer on it looked empty."""
    begun: list[tuple[str, QFileDialog.Option]] = []
    stick = tmp_path / "U盘"

    def choose(_owner: object, _title: str, begin: str, shown: QFileDialog.Option) -> str:
        begun.append((begin, shown))
        return str(stick) if stick.exists() else ""

    monkeypatch.setattr(QFileDialog, "getExistingDirectory", choose)
    monkeypatch.setattr(usb_panel, "likely_stick", lambda: "")
    scene.start()
    panel = panel_of(scene)
    panel.view.back.go.clicked.emit()
    assert begun.pop() == (str(Path.home()), QFileDialog.Option(0))
    stick.mkdir()
    done(scene, panel, panel.view.back.go.clicked.emit)
    panel._folder = ""  # pyright: ignore[reportPrivateUsage]  # the program was closed
    panel.arrive()
    scene.until(lambda: panel._folder == str(stick))  # pyright: ignore[reportPrivateUsage]
    done(scene, panel, panel.view.back.go.clicked.emit)
    assert begun[-1][0] == str(stick)
    stick.rmdir()  # another stick, or none
    panel.view.back.go.clicked.emit()
    assert begun[-1][0] == str(Path.home())
