"""Two desks of a station, the county's and another station's: weeks without a line, then everybody agrees.

Real windows over real station files and the real server's code: in memory, where only line and clock are
made up, and (``-m chaos``) as a process on PostgreSQL with HTTP, base backups and ``epoch``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from jobdesk.cases.clock import FixedClock
from jobdesk.store.safekeeping import back_up
from jobdesk.store.sync_moves import KnownStation
from jobdesk.ui.casefile.move_ask import MoveAsk, MoveOutAsk
from jobdesk.ui.conflicts.card import QuestionFrame
from jobdesk.ui.conflicts.pieces import ITEM
from jobdesk.ui.conflicts.screen import ConflictsScreen
from jobdesk.ui.moves.screen import MovesScreen
from jobdesk.ui.moves.view import CardView
from jobdesk.ui.sync.overview import OverviewPanel
from jobdesk.ui.sync.receipts import ReceiptsPanel
from jobdesk.ui.sync.usb_panel import UsbPanel
from tests.journeys.live_server import LiveServer, LiveWire
from tests.journeys.weeks_played import DeskWindow, stick
from tests.sync.ground import DAY_MS, PC, Server, Wire, same
from tests.ui.crowd import id_number

BORN = date(1975, 7, 14)


@dataclass
class Province:
    """Everybody with a window. ``near``: the other desk of the first one's station."""

    server: Server
    clock: FixedClock
    desk: DeskWindow
    near: DeskWindow
    far: DeskWindow
    county: DeskWindow

    @property
    def all(self) -> tuple[DeskWindow, ...]:
        return self.desk, self.near, self.far, self.county

    def everybody(self) -> None:
        for _ in range(2):
            for one in self.all:
                one.exchange()


@pytest.fixture(params=["memory", pytest.param("postgres", marks=pytest.mark.chaos)])
def played(
    tmp_path: Path, qtbot: QtBot, dressed: QApplication, request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Province]:  # fmt: skip
    clock = FixedClock.at(2026, 7, 1)
    live = request.param == "postgres"
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "*")
    folder = tmp_path / "server"
    server = cast("Server", LiveServer(folder)) if live else Server(folder, clock)
    who = (
        ("one", "于晓梅", "a"),
        ("two", "郑立群", "a"),
        ("far", "周长生", "b"),
        ("county", "孙立国", "220102"),
    )
    pcs = [PC(tmp_path / folder, server, clock, name) for folder, name, _ in who]
    for number, (case, name) in enumerate(
        (("c1", "单秀英"), ("c2", "曾庆海"), ("c3", "尉迟志远"), ("c4", "查文斌"))
    ):
        pcs[0].open_case(case, name)
        pcs[0].set(case, phone=f"1990000000{number}")
    for pc, (_, _, org) in zip(pcs, who, strict=True):
        if isinstance(server, LiveServer):
            pc.wire = cast("Wire", LiveWire(server))
        pc.enrol(org, "county" if org == "220102" else "desk")
        pc.sync_well()
    made = Province(server, clock, *(DeskWindow(pc, qtbot) for pc in pcs))
    yield made
    for one in made.all:
        one.close()
        one.pc.close()
        if isinstance(one.pc.wire, LiveWire):
            one.pc.wire.close()
    if isinstance(server, LiveServer):
        server.close()
    else:
        server.db.engine.dispose()


def questions(desk: DeskWindow, part: str = "here") -> ConflictsScreen:
    screen = desk.go("conflicts", ConflictsScreen, part=part)
    desk.until(lambda: bool(screen.cards))
    return screen


def question(desk: DeskWindow, title: str, part: str = "here") -> QuestionFrame:
    """The question of this name, whoever's it is."""
    screen = questions(desk, part)
    listing = screen.view.list

    def rows() -> list[int]:
        items = [listing.item(n).data(ITEM) for n in range(listing.count())]
        return [n for n, item in enumerate(items) if item.what.startswith(title)]

    def found() -> list[QuestionFrame]:
        return [c for c in screen.cards if c.card.title.startswith(title)]

    desk.until(lambda: bool(rows()))
    listing.setCurrentRow(rows()[0])
    desk.until(lambda: bool(found()))
    desk.until(lambda: bool(found()) and found()[0].decides)
    return found()[0]


def press(desk: DeskWindow, title: str, key: Qt.Key, part: str = "here") -> QuestionFrame:
    """A number key in the question of this name."""
    found = question(desk, title, part)
    desk.qtbot.keyClick(found, key)
    return found


def weeks_apart(played: Province) -> None:
    """Both desks write the same two fields, three weeks and four without a line."""
    desk, near, clock = played.desk, played.near, played.clock
    desk.cut()
    near.cut()
    clock.tick(21 * DAY_MS)
    desk.type("c1", {"phone": "19939000021"})
    desk.type("c2", {"id_number": id_number(BORN, 53)})
    clock.tick(7 * DAY_MS)
    near.type("c1", {"phone": "19938000045"})
    near.type("c2", {"id_number": id_number(BORN, 31)})
    near.type("c4", {"address": "柳河社区2号"})
    near.shell.sync.now()
    near.until(lambda: near.pill() == "已保存 · 离线 28 天 · 待上传 3 条")


def card(desk: DeskWindow, words: str) -> CardView:
    screen = desk.go("moves", MovesScreen)
    desk.until(lambda: any(words in c.card.title for c in screen.cards))
    return next(c for c in screen.cards if words in c.card.title)


def says(desk: DeskWindow, words: str) -> None:
    """The toast comes after what it tells."""
    desk.until(lambda: bool(desk.said) and desk.said[-1].text.startswith(words))


def ask_out(desk: DeskWindow, case: str, reason: str) -> None:
    panel = desk.file(case)
    panel.actions_.ask_move_out()
    ask = panel.actions_._ask  # pyright: ignore[reportPrivateUsage]
    assert isinstance(ask, MoveOutAsk)
    desk.until(lambda: ask.finder.findChildren(type(ask.button)) != [])
    ask.finder.take(KnownStation("b", "乙站", "县"))
    ask.reason.set_value(reason)
    said = len(desk.said)
    ask.button.click()
    desk.until(lambda: len(desk.said) > said)


def usb(desk: DeskWindow) -> UsbPanel:
    panel = desk.go("sync", UsbPanel, part="usb")
    panel._line = desk.stick_line  # pyright: ignore[reportPrivateUsage]
    desk.until(lambda: panel.view.out.standing.text() != "" and panel.view.carry.go.isEnabled())
    return panel


def stick_work(desk: DeskWindow, panel: UsbPanel, press: str) -> str:
    getattr(panel.view, press).go.click()
    desk.until(lambda: not panel._busy and panel.view.told.count() > 0)  # pyright: ignore[reportPrivateUsage]
    banner = panel.view.told.itemAt(0).widget()
    return str(getattr(banner, "sentence", ""))


def test_conflicts_are_settled_on_screen_here_and_above(played: Province) -> None:
    desk, near, county = played.desk, played.near, played.county
    weeks_apart(played)
    for one in (desk, near, desk):
        assert one.exchange().agreed
    desk.until(lambda: "2 件待处理" in desk.pill())
    overview = desk.go("sync", OverviewPanel, part="overview")
    desk.until(lambda: overview.view.doors.count() > 0)
    assert desk.shown("c2", "id_number") == (None,), "of an ID number nobody wins by clock"

    press(desk, "电话", Qt.Key.Key_2)
    says(desk, "单秀英 · 电话：已改用")
    assert desk.shown("c1", "phone") == ("19939000021",)
    undo = desk.said[-1].undo
    assert undo is not None
    undo()
    says(desk, "已撤销")
    desk.until(lambda: desk.shown("c1", "phone") == ("19938000045",))
    desk.exchange()  # undone, and known to be: nothing changes under the hand of whoever presses next
    press(desk, "电话", Qt.Key.Key_2)
    desk.until(lambda: desk.shown("c1", "phone") == ("19939000021",))

    asked = press(desk, "身份证号", Qt.Key.Key_4)
    assert asked.asking.reason is not None
    asked.asking.reason.set_value("两人都说核对过证件")
    desk.qtbot.keyClick(asked, Qt.Key.Key_Return)
    desk.until(lambda: "待处理" not in desk.pill())
    desk.exchange()
    county.exchange()
    county.until(lambda: "1 件待处理" in county.pill())
    press(county, "身份证号", Qt.Key.Key_2, "handed")
    county.until(lambda: county.shown("c2", "id_number") != (None,))
    for one in (county, desk, near):
        one.exchange()
    assert "孙立国" in question(desk, "身份证号", "settled").accessibleDescription()
    assert desk.shown("c2", "id_number") == near.shown("c2", "id_number") == county.shown("c2", "id_number")
    assert near.shown("c1", "phone") == ("19939000021",)
    near.until(lambda: "待处理" not in near.pill())
    target = played.server.folder / "log.pdf"
    desk.go("conflicts", ConflictsScreen, part="settled").print_to(target)
    desk.until(target.exists)
    same(played.server, desk.pc, near.pc)


def test_one_moves_one_stays_and_a_stick_goes_there_and_back(
    played: Province, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, near, far, county = played.all
    ask_out(desk, "c3", "已搬走")
    ask_out(desk, "c4", "说是搬走了")
    desk.exchange()
    far.exchange()
    far.until(lambda: "2 件待处理" in far.pill())
    no = card(far, "请求把 查** 转给本站")
    no.buttons["refuse"].click()
    ask = far.window.findChildren(MoveAsk)[-1]
    ask.reason.set_value("此人不在我站辖区")
    ask.button.click()
    says(far, "已答复不同意")
    card(far, "请求把 尉迟** 转给本站").buttons["accept_take"].click()
    says(far, "已同意接收")
    for one in (far, desk, far):
        one.exchange()
    assert far.shown("c3", "name") == ("尉迟志远",)
    assert card(desk, "不同意：查文斌").card.lines == ("原因：此人不在我站辖区",)
    assert "已转出至" in card(desk, "尉").card.title

    folder = stick(tmp_path)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(folder))
    near.cut()
    near.type("c3", {"phone": "19937007777"})  # nobody there knows yet that he moved
    panel = usb(near)
    assert "已写出并核对" in stick_work(near, panel, "out")
    assert "已传送 1 份" in stick_work(county, usb(county), "carry")
    assert "已送达 1 条" in stick_work(near, panel, "back")
    near.until(lambda: near.pc.waiting() == 0)
    near.until(lambda: "2 件待处理" in near.pill())  # to be read: the refusal, and where the phone went
    far.exchange()
    assert far.shown("c3", "phone") == ("19937007777",)
    county.exchange()
    county.until(lambda: "待处理" not in county.pill())  # what stations settle among themselves
    receipts = near.go("sync", ReceiptsPanel, part="receipts")
    near.until(lambda: receipts.table.rows.rowCount() > 0)
    for one in (near, desk):
        one.exchange()
        assert one.pc.digest() == played.server.digest() and one.pc.faults() == []
    stays = [{k: v for k, v in one.pc.folds().items() if k != "c3"} for one in (desk, near)]
    assert stays[0] == stays[1]  # of who left, each keeps what it wrote until it goes


def test_a_desk_and_then_the_server_lose_weeks(played: Province) -> None:
    desk, near, far, county = played.all
    old = back_up(desk.pc.station, "manual").result()
    lost = played.server.copy("before.db")
    weeks_apart(played)
    played.everybody()
    before = near.pc.folds()

    desk.cut()  # else its first exchange, which begins by itself, may come before the look
    desk.restore(old)
    assert desk.shown("c1", "phone") == ("19900000000",)
    assert desk.exchange().agreed
    desk.type("c3", {"address": "恢复以后写的"})
    played.everybody()
    assert {k: v for k, v in desk.pc.folds().items() if k != "c3"} == {
        k: v for k, v in before.items() if k != "c3"
    }
    same(played.server, desk.pc, near.pc)

    played.server.restore(lost, epoch=True)
    played.everybody()
    assert near.shown("c3", "address") == county.shown("c3", "address") == ("恢复以后写的",)
    assert all(one.receipts[-1].agreed for one in played.all)
    desk.until(lambda: "2 件待处理" in desk.pill())
    county.until(lambda: "待处理" not in county.pill() + far.pill())
    same(played.server, desk.pc, near.pc)
