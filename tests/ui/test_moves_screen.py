"""转入转出 in a window, over real station files and a real server in memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from jobdesk.cases.errors import Refused
from jobdesk.services import merging
from jobdesk.services.moving import answering, asking
from jobdesk.services.moving.reading import load_moves
from jobdesk.services.syncing import Pill, sync_now
from jobdesk.store import sync_moves, sync_told
from jobdesk.store.sync_moves import KnownStation
from jobdesk.ui.casefile.move_ask import MoveAsk, MoveInAsk, MoveOutAsk
from jobdesk.ui.casefile.panel import CaseFilePanel
from jobdesk.ui.households.screen import HouseholdsScreen
from jobdesk.ui.hub import GoTo
from jobdesk.ui.kit import Banner
from jobdesk.ui.moves.cards import MoveCard
from jobdesk.ui.moves.screen import MovesScreen
from jobdesk.ui.moves.state import sections
from jobdesk.ui.moves.view import CardView
from tests.sync.ground import PC
from tests.sync.test_transfers import asks, away, house, number, on_list, waits
from tests.ui.sync_scene import SyncScene


@pytest.fixture
def scene(tmp_path: Path, qtbot: QtBot, dressed: QApplication) -> Iterator[SyncScene]:
    with closing(SyncScene(tmp_path, qtbot)) as made:
        yield made


@pytest.fixture
def alone(tmp_path: Path, qtbot: QtBot, dressed: QApplication) -> Iterator[SyncScene]:
    """A desk that is not enrolled, before its window is there."""
    with closing(SyncScene(tmp_path, qtbot, enrolled=False)) as made:
        yield made


def place(scene: SyncScene, part: str = "") -> MovesScreen:
    scene.hub.go_to.emit(GoTo("moves", part=part))
    screen = scene.window.page("moves")
    assert isinstance(screen, MovesScreen)
    without = (screen.view.alone, screen.view.above)
    scene.until(lambda: bool(screen.found.own) or screen.view.stack.currentWidget() in without)
    return screen


def exchange(scene: SyncScene, *others: PC) -> None:
    def done(pc: PC) -> bool:
        """Not while the window's own exchange runs."""
        try:
            pc.sync_well()
        except Refused as busy:
            assert busy.code == "sync_running"
            return False
        return True

    for pc in (*others, scene.pc, *others, scene.pc):
        scene.until(lambda p=pc: done(p))


def card(scene: SyncScene, screen: MovesScreen, words: str) -> CardView:
    scene.until(lambda: any(words in c.card.title for c in screen.cards))
    return next(c for c in screen.cards if words in c.card.title)


def question(scene: SyncScene, owner: object) -> MoveAsk:
    scene.until(lambda: isinstance(getattr(owner, "_ask", None), MoveAsk))
    ask = owner._ask  # type: ignore[attr-defined]
    assert isinstance(ask, MoveAsk)
    return ask


def test_an_offer_is_read_refused_with_a_reason_and_agreed_to(scene: SyncScene) -> None:
    other = scene.other("b")
    other.open_case("c1", "王小梅")
    asking.ask_out(other.desk, "c1", "a", "户籍已迁来").result()
    exchange(scene, other)
    scene.start()
    screen = place(scene)
    offer = card(scene, screen, "乙站请求把 王** 转给本站")
    assert "原因：户籍已迁来" in offer.card.lines
    offer.buttons["refuse"].click()
    ask = question(scene, screen)
    ask.button.click()
    assert "请写明原因" in (ask.reason_field.problem or "")
    ask.close_ask()
    QApplication.processEvents()  # the question is gone
    offer.buttons["accept_take"].setFocus()
    offer.buttons["accept_take"].click()
    scene.until(lambda: not any("转给本站" in c.card.title for c in screen.cards))
    assert scene.said[-1].text == "已同意接收，档案随后转入" and scene.said[-1].undo is None
    assert screen.view.tabs.isAncestorOf(scene.window.focusWidget()), "not in the search of the header"
    agreed = card(scene, screen, "王** 将自乙站转入")
    assert "原因：户籍已迁来" in agreed.card.lines and agreed.card.does == ()
    exchange(scene, other)
    assert on_list(scene.pc) == {"c1"}


def test_enter_after_the_reason_sends_it(scene: SyncScene) -> None:
    other = scene.other("b")
    other.open_case("c1", "王小梅")
    asking.ask_out(other.desk, "c1", "a", "户籍已迁来").result()
    exchange(scene, other)
    scene.start()
    screen = place(scene)
    card(scene, screen, "乙站请求把 王** 转给本站").buttons["refuse"].click()
    ask = question(scene, screen)
    ask.reason.set_value("此人不在我站")
    QTest.keyClick(ask.reason, Qt.Key.Key_Return)
    scene.until(lambda: scene.said[-1:] != [] and scene.said[-1].text == "已答复不同意")
    scene.until(lambda: not any("转给本站" in c.card.title for c in screen.cards))


def test_a_refusal_is_read_and_put_away(scene: SyncScene) -> None:
    other = scene.other("b")
    scene.pc.open_case("c1", "王小梅")
    scene.pc.sync_well()
    asking.ask_out(scene.pc.desk, "c1", "b", "已搬走").result()
    exchange(scene, other)
    answering.refuse(other.desk, waits(other)[0].id, "此人不在我站").result()
    exchange(scene, other)
    scene.start()
    screen = place(scene)
    assert screen.view.tabs.at() == "out"  # where something waits
    no = card(scene, screen, "乙站不同意：王小梅")
    assert no.card.lines == ("原因：此人不在我站",)
    no.buttons["open_file"].click()  # to ask once more, or another station
    scene.until(lambda: scene.window.at == "ledger")
    no = card(scene, place(scene, "out"), "乙站不同意：王小梅")
    no.buttons["known"].click()
    scene.until(lambda: [c.card.does for c in screen.cards] == [()])
    assert [c.card.title for c in screen.cards] == ["乙站不同意：王小梅"] and waits(scene.pc) == []
    assert screen.cards[0].card.lines == ("原因：此人不在我站",)  # it is read for a month


def test_a_refusal_about_somebody_who_never_was_here_offers_no_file(scene: SyncScene) -> None:
    """It said that the file had been taken back for a reason: it was never here."""
    other = scene.other("b")
    other.open_case("c1", "王小梅")
    other.set("c1", id_number=number(7))
    other.sync_well()
    asking.ask_in(scene.pc.desk, number(7), "已搬来").result()
    exchange(scene, other)
    answering.refuse(other.desk, waits(other)[0].id, "仍住本街道").result()
    exchange(scene, other)
    scene.start()
    no = card(scene, place(scene), "乙站不同意：229901")
    assert list(no.buttons) == ["known"]


def test_to_ask_for_the_twin_of_somebody_here_names_him_and_says_that_it_is_a_merge(scene: SyncScene) -> None:
    """“向乙站请求转入 此人” of somebody whose name was known, and nobody was to move in."""
    other, colleague = scene.other("b"), scene.other("a")
    for pc, case in ((scene.pc, "c1"), (other, "c2")):
        pc.open_case(case, "王小梅")
        pc.set(case, id_number=number(7))
    exchange(scene, other, colleague)
    colleague.sync_well()
    asking.ask_for(scene.pc.desk, "c2", "同一人", into="c1").result()
    exchange(scene, other, colleague)
    for pc in (scene.pc, colleague):
        cards = [c for s in sections("in", load_moves(pc.desk).result(), pc.desk.today) for c in s.cards]
        assert [c.title for c in cards] == ["请乙站把其档案并入本站 王小梅 的档案"]
    scene.start()


def test_somebody_is_asked_for_by_number(scene: SyncScene) -> None:
    scene.pc.wire.fault = lambda _n: "lost"  # the server would say at once that it knows nobody
    scene.start()
    screen = place(scene)
    scene.until(lambda: screen.view.stack.currentWidget() is screen.view.nothing["in"])
    screen.ask_in()
    ask = question(scene, screen)
    assert isinstance(ask, MoveInAsk)
    ask.number.set_value("229901198001010000")
    QTest.keyClick(ask.number, Qt.Key.Key_Return)  # nothing happened
    scene.until(lambda: scene.window.focusWidget() is ask.reason)
    ask.button.click()
    assert "请写明原因" in (ask.reason_field.problem or "")
    QTest.keyClicks(ask.reason, "x")
    assert not ask.reason_field.problem, "it is being written"
    ask.reason.set_value("已搬来")
    QTest.keyClick(ask.number, Qt.Key.Key_Return)
    assert "身份证号有误" in (ask.number_field.problem or "")
    QTest.keyClick(ask.number, Qt.Key.Key_End)
    QTest.keyClick(ask.number, Qt.Key.Key_Backspace)
    assert not ask.number_field.problem, "it is being corrected"
    ask.number.set_value(number(7))
    QTest.keyClick(ask.number, Qt.Key.Key_Return)
    asked = card(scene, screen, "请求转入 229901********")
    assert number(7) not in asked.card.title
    asked.buttons["take_back"].click()
    scene.until(lambda: not screen.cards)
    assert scene.said[-1].text == "请求已撤回" and asks(scene.pc) == []


def test_a_station_is_found_by_pinyin_and_taken_with_keys(scene: SyncScene) -> None:
    """Found by window: Tab went past the station that was found, and Enter and ↓ did nothing."""
    scene.pc.open_case("c1", "赵大")
    known = [
        KnownStation("b", "乙站", "县"),
        KnownStation("c", "以勒站", "县"),
        KnownStation("d", "丁站", "县"),
    ]
    scene.pc.station.file.write(lambda w: sync_moves.put_stations(w.con, known)).result()
    scene.pc.wire.fault = lambda _n: "lost"
    scene.start()
    scene.hub.go_to.emit(GoTo("ledger", "c1"))
    panel = scene.window.findChild(CaseFilePanel)
    assert isinstance(panel, CaseFilePanel)
    scene.until(lambda: panel.file is not None)
    panel.actions_.ask_move_out()
    ask = question(scene, panel.actions_)
    assert isinstance(ask, MoveOutAsk)
    finder = ask.finder
    scene.until(lambda: scene.window.focusWidget() is finder.line)
    QTest.keyClicks(finder.line, "yizh")
    QTest.keyClick(finder.line, Qt.Key.Key_Return)  # before anything was found
    scene.until(lambda: finder.station is not None and finder.station.name == "乙站")
    assert scene.window.focusWidget() is ask.reason
    finder.line.set_value("y")
    finder.look()
    scene.until(lambda: len(finder.choices) == 2 and all(c.isVisible() for c in finder.choices))
    QTest.keyClick(finder.line, Qt.Key.Key_Return)
    assert scene.window.focusWidget() is finder.choices[0], "two: it is not guessed who is meant"
    QTest.keyClick(finder.choices[0], Qt.Key.Key_Up)
    QTest.keyClick(finder.line, Qt.Key.Key_Tab)
    assert scene.window.focusWidget() is finder.choices[0]
    QTest.keyClick(finder.choices[0], Qt.Key.Key_Down)
    QTest.keyClick(finder.choices[1], Qt.Key.Key_Return)
    assert finder.station is not None and finder.station.name == "以勒站"
    ask.close_ask()
    back = scene.window.focusWidget()
    assert back is ask._before, "where it was asked"  # pyright: ignore[reportPrivateUsage]


def test_a_person_is_asked_out_from_the_file_and_stands_as_a_stub(scene: SyncScene) -> None:
    other = scene.other("b")
    scene.pc.open_case("c1", "赵大")
    scene.pc.open_case("c2", "钱芳")
    house(scene.pc)
    exchange(scene, other)
    scene.start()
    scene.hub.go_to.emit(GoTo("ledger", "c2"))
    panel = scene.window.findChild(CaseFilePanel)
    assert isinstance(panel, CaseFilePanel)
    scene.until(lambda: panel.file is not None)
    assert "转出到其他站" in [line[0] for line in panel.actions_.menu() if line]
    panel.actions_.ask_move_out()
    ask = question(scene, panel.actions_)
    assert isinstance(ask, MoveOutAsk)
    ask.reason.set_value("离婚迁出")
    ask.button.setFocus()
    ask.button.click()
    scene.until(lambda: bool(ask.finder.field.problem))
    assert scene.window.focusWidget() is ask.finder.line
    scene.until(lambda: ask.finder.findChildren(type(ask.button)) != [])
    ask.finder.take(KnownStation("b", "乙站", "县"))
    ask.reason.set_value("")
    ask.button.setFocus()
    ask.button.click()
    scene.until(lambda: bool(ask.reason_field.problem))
    assert scene.window.focusWidget() is ask.reason, "what lacks is typed at once"
    ask.reason.set_value("离婚迁出")
    ask.button.click()
    scene.until(lambda: asks(scene.pc) != [])
    exchange(scene, other)
    answering.accept(other.desk, waits(other)[0].id).result()
    exchange(scene, other)
    assert away(scene.pc) == {"c2": "b"}
    panel.reload()
    scene.until(lambda: panel._empty.sentence.text() == "已转出至乙站")  # pyright: ignore[reportPrivateUsage]
    screen = place(scene, "out")
    left = card(scene, screen, "钱* 已转出至乙站")
    left.buttons["ask_back"].click()
    back = question(scene, screen)
    back.reason.set_value("复婚迁回")
    back.button.click()
    scene.until(lambda: [a.subjects for a in asks(scene.pc)] == [("c2",)])


def test_a_whole_household_is_asked_out(scene: SyncScene) -> None:
    other = scene.other("b")
    scene.pc.open_case("c1", "赵大")
    scene.pc.open_case("c2", "钱芳")
    house(scene.pc)
    exchange(scene, other)
    scene.start()
    scene.hub.go_to.emit(GoTo("households", "h1"))
    screen = scene.window.page("households")
    assert isinstance(screen, HouseholdsScreen)
    scene.until(lambda: screen.detail.whole is not None)
    screen.acting.do("move_out")
    ask = screen.acting._open  # pyright: ignore[reportPrivateUsage]
    assert isinstance(ask, MoveOutAsk)
    ask.finder.take(KnownStation("b", "乙站", "县"))
    ask.reason.set_value("全家迁走")
    ask.button.click()
    scene.until(lambda: [a.subjects for a in asks(scene.pc)] == [("h1", "c1", "c2")])


def test_one_person_twice_is_given_away_or_told_apart(scene: SyncScene) -> None:
    other = scene.other("b")
    for case, name, serial in (("x", "王小梅", 1), ("y", "李建", 2)):
        for pc, mark in ((scene.pc, "a"), (other, "b")):
            pc.open_case(case + mark, name)
            pc.set(case + mark, id_number=number(serial))
    exchange(scene, other)
    scene.start()
    screen = place(scene)
    assert screen.view.tabs.at() == "twins"
    first = card(scene, screen, "王小梅 在乙站也有一份档案")
    assert "两份相同：身份证号、姓名" in first.card.lines
    first.buttons["give_twin"].click()
    ask = question(scene, screen)
    ask.reason.set_value("此人由乙站服务")
    ask.button.click()
    scene.until(lambda: len(screen.cards) == 1)
    card(scene, screen, "李建").buttons["not_twin"].click()
    scene.until(lambda: not screen.cards)
    exchange(scene, other)
    assert on_list(scene.pc) == {"ya"} and on_list(other) == {"xb", "yb"}
    assert other.case("xa").root.text("merged_into") == "xb" and len(waits(other)) == 1


def test_a_number_in_very_many_files_says_that_more_wait(scene: SyncScene) -> None:
    """A placeholder: nobody shall think that the few which are told are all; once they are, it says no more."""
    other = scene.other("b")
    other.open_case("one", "王小梅")
    other.set("one", id_number=number(1))
    for n in range(6):
        scene.pc.open_case(f"m{n}", f"占位{n}")
        scene.pc.set(f"m{n}", id_number=number(1))
    exchange(scene, other)
    scene.start()
    screen = place(scene)
    assert len(screen.cards) == 5
    assert all("其余的随后提示" in c.card.lines[-1] for c in screen.cards)
    card(scene, screen, "占位0").buttons["not_twin"].click()
    scene.until(lambda: not any("占位0" in c.card.title for c in screen.cards))
    exchange(scene, other)
    scene.until(lambda: len(screen.cards) == 5)
    assert not any("其余的" in line for c in screen.cards for line in c.card.lines)


def test_taken_apart_here_can_be_taken_back_as_in_the_file(scene: SyncScene) -> None:
    """The same deed had 撤销 in its word from the file, and none from here."""
    other = scene.other("b")
    for pc, case in ((scene.pc, "xa"), (other, "xb")):
        pc.open_case(case, "王小梅")
        pc.set(case, id_number=number(1))
    scene.pc.open_case("z", "王小梅")
    exchange(scene, other)
    merging.merge(scene.pc.desk, "z", "xa", "同一人").result()
    scene.start()
    screen = place(scene, "twins")
    made = MoveCard("n1", "", into="xa", subject="z")
    apart = screen._question(made, "unmerge")  # pyright: ignore[reportPrivateUsage]
    assert apart.reason.placeholderText() == "", "no other station hears why two files are taken apart"
    apart.reason.set_value("是两个人")
    apart.button.click()
    scene.until(lambda: any(s.undo for s in scene.said))
    assert on_list(scene.pc) == {"xa", "z"}
    undo = scene.said[-1].undo
    assert undo is not None
    undo()
    scene.until(lambda: on_list(scene.pc) == {"z"})


def test_a_twin_that_was_asked_for_says_whether_the_word_went(scene: SyncScene) -> None:
    """Found by window while the exchange was paused: 已送达, and the request lay here."""
    other = scene.other("b")
    for pc, mark in ((scene.pc, "a"), (other, "b")):
        pc.open_case("x" + mark, "王小梅")
        pc.set("x" + mark, id_number=number(1))
    exchange(scene, other)
    asking.ask_for(scene.pc.desk, "xb", "由本站服务", into="xa").result()

    def chip() -> tuple[str, str]:
        (section,) = sections("twins", load_moves(scene.pc.desk).result(), scene.pc.desk.today)
        return section.cards[0].chip, section.cards[0].chip_look

    assert chip() == ("等待联网", "warn")
    scene.pc.sync_well()
    assert chip() == ("已送达，等待答复", "accent")
    scene.start()


def test_a_desk_that_is_not_enrolled_is_led_to_it(alone: SyncScene) -> None:
    scene = alone.start()
    screen = place(scene)
    scene.until(lambda: screen.view.stack.currentWidget() is screen.view.alone)
    assert screen.view.ask_in.isHidden()
    screen.view.to_sync.click()
    assert scene.window.at == "sync"


def test_a_desk_above_the_stations_is_told_who_moves_people(alone: SyncScene) -> None:
    alone.pc.enrol("220102", "county")
    scene = alone.start()
    screen = place(scene)
    scene.until(lambda: screen.view.stack.currentWidget() is screen.view.above)
    assert not screen.view.ask_in.isVisible() and not screen.view.tabs.isVisible()


def test_the_place_opens_where_the_open_request_is(scene: SyncScene) -> None:
    scene.pc.open_case("c1", "王小梅")
    scene.pc.sync_well()
    asking.ask_out(scene.pc.desk, "c1", "b", "已搬走").result()
    scene.start()
    screen = place(scene)
    scene.until(lambda: bool(screen.cards))
    assert screen.view.tabs.at() == "out" and "王小梅" in screen.cards[0].card.title


def test_a_request_that_waits_for_a_line_is_not_told_as_sent(scene: SyncScene) -> None:
    """Found by window on a line that is paid by volume: 已同步，本机与服务器一致, and the request lay here."""
    scene.pc.open_case("c1", "王小梅")
    scene.pc.sync_well()
    assert sync_now(scene.pc.desk).result().waiting == 0
    asking.ask_out(scene.pc.desk, "c1", "b", "已搬走").result()
    now = sync_now(scene.pc.desk).result()
    assert (now.waiting, now.pill) == (1, Pill.WAITING)
    scene.pc.sync_well()
    assert sync_now(scene.pc.desk).result().waiting == 0
    scene.start()


def test_a_file_says_that_a_request_to_move_it_is_open(scene: SyncScene) -> None:
    """A clerk who looked at the file went on with it as if nothing was asked."""
    other = scene.other("b")
    for case, name in (("c1", "王小梅"), ("c2", "赵国强")):
        scene.pc.open_case(case, name)
    exchange(scene, other)
    asking.ask_out(scene.pc.desk, "c1", "b", "户籍已迁走").result()
    scene.start().hub.go_to.emit(GoTo("ledger", "c2"))
    scene.until(lambda: scene.window.findChild(CaseFilePanel) is not None)
    panel = scene.window.findChild(CaseFilePanel)
    assert panel is not None

    def at(case: str) -> str:
        scene.hub.go_to.emit(GoTo("ledger", case))
        scene.until(lambda: panel.file is not None and panel.file.case_id == case)
        return "\n".join(b.sentence for b in panel.findChildren(Banner))

    scene.until(lambda: scene.pc.station.file.read(sync_moves.unsent).result() == 0)
    scene.until(lambda: "已请求转往乙站，等对方答复" in at("c1"))
    assert "转往" not in at("c2")
    asked = sync_told.Notice("w", "transfer_request", ("c2",), "", 1, 0, "b", more={"target": "b"})
    scene.pc.station.file.write(lambda w: sync_told.put_notice(w.con, asked)).result()
    panel.reload()
    scene.until(lambda: "乙站请求转走这份档案，等本站答复" in at("c2"))


def test_an_open_file_hears_that_its_request_went(scene: SyncScene) -> None:
    other = scene.other("b")
    scene.pc.open_case("c1", "王小梅")
    exchange(scene, other)
    scene.start().hub.go_to.emit(GoTo("ledger", "c1"))
    scene.until(lambda: scene.window.findChild(CaseFilePanel) is not None)
    panel = scene.window.findChild(CaseFilePanel)
    assert panel is not None
    scene.until(lambda: panel.file is not None and panel.file.case_id == "c1")
    scene.until(lambda: scene.pill.endswith("已同步"))
    scene.pc.wire.fault = lambda _n: "lost"
    asking.ask_out(scene.pc.desk, "c1", "b", "户籍已迁走").result()
    panel.reload()
    scene.watch.now()

    def said() -> str:
        return "".join(b.sentence for b in panel.findChildren(Banner))

    scene.until(lambda: "联网后送达" in said() and "离线" in scene.pill)
    scene.pc.wire.fault = lambda _n: ""
    scene.watch.now()
    scene.until(lambda: "等对方答复" in said())
