"""转入转出 after the answer: who is on the way, who came and whose he is now, what was refused and why."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from jobdesk.cases.ops import Subject
from jobdesk.protocol.validity import TOLD_DAYS
from jobdesk.services.moving import answering, asking
from jobdesk.services.moving.reading import load_moves
from jobdesk.store import blanking
from jobdesk.ui.moves.handing import HandAsk
from jobdesk.ui.moves.screen import MovesScreen
from jobdesk.ui.moves.state import sections
from tests.sync.ground import DAY_MS, PC
from tests.sync.test_transfers import house, number, on_list, waits
from tests.ui.sync_scene import SyncScene
from tests.ui.test_moves_screen import card, place


@pytest.fixture
def scene(tmp_path: Path, qtbot: QtBot, dressed: QApplication) -> Iterator[SyncScene]:
    made = SyncScene(tmp_path, qtbot)
    yield made
    made.close()


def shown(pc: PC, tab: str) -> dict[str, list[tuple[str, str]]]:
    """(title, chip) of the cards by heading."""
    found = sections(tab, load_moves(pc.desk).result(), pc.desk.today)
    return {s.key: [(c.title, c.chip) for c in s.cards] for s in found}


def offered(scene: SyncScene, other: PC, case: str = "c1", name: str = "王小梅") -> str:
    """乙站 asks us to take somebody; id of what waits here."""
    other.open_case(case, name)
    other.sync_well()
    asking.ask_out(other.desk, case, "a", "户籍已迁来").result()
    for pc in (other, scene.pc):
        pc.sync_well()
    (asked,) = waits(scene.pc, "transfer_request")
    return asked.id


def test_who_was_agreed_on_is_shown_until_he_comes(scene: SyncScene) -> None:
    """After 同意接收 the card went, and while the other station was away nothing said that he was to come."""
    other, colleague = scene.other("b"), scene.other("a")
    answering.accept(scene.pc.desk, offered(scene, other)).result()
    title = "王** 将自乙站转入"
    assert shown(scene.pc, "in") == {"agreed": [(title, "等待联网")]}
    for pc in (scene.pc, colleague):
        pc.sync_well()
    scene.clock.ms += 28 * DAY_MS
    assert shown(scene.pc, "in") == {"agreed": [(title, "等对方转出")]}
    assert [chip for _who, chip in shown(colleague, "in")["agreed"]] == ["等对方转出"]
    for pc in (other, scene.pc, colleague):
        pc.sync_well()
    for pc in (scene.pc, colleague):
        assert shown(pc, "in") == {"came": [("王小梅 自乙站转入", "")]}
    scene.start()


def test_what_is_agreed_on_and_never_moved_goes_with_the_word(scene: SyncScene) -> None:
    """The other station hears it for as long as a PC may sleep; after 90 days it was shown to nobody."""
    answering.accept(scene.pc.desk, offered(scene, scene.other("b"))).result()
    scene.pc.sync_well()
    scene.clock.ms += (TOLD_DAYS - 1) * DAY_MS
    assert "agreed" in shown(scene.pc, "in")
    scene.clock.ms += 2 * DAY_MS
    assert shown(scene.pc, "in") == {}
    scene.start()


def test_who_came_and_went_on_waits_for_nobody(scene: SyncScene) -> None:
    other = scene.other("b")
    answering.accept(scene.pc.desk, offered(scene, other)).result()
    for pc in (scene.pc, other, scene.pc):
        pc.sync_well()
    asking.ask_out(scene.pc.desk, "c1", "b", "又迁回").result()
    for pc in (scene.pc, other):
        pc.sync_well()
    answering.accept(other.desk, waits(other, "transfer_request")[0].id).result()
    for pc in (other, scene.pc, other):
        pc.sync_well()
    assert on_list(other) == {"c1"} and shown(scene.pc, "in") == {}
    assert list(shown(other, "in")) == ["came"]
    scene.start()


def test_who_came_is_opened_and_gets_a_clerk(scene: SyncScene) -> None:
    """Nothing said that somebody came, and his name was not known from what was agreed on."""
    other = scene.other("b")
    answering.accept(scene.pc.desk, offered(scene, other)).result()
    for pc in (scene.pc, other, scene.pc):
        pc.sync_well()
    scene.start()
    screen = place(scene)
    came = card(scene, screen, "王小梅 自乙站转入")
    assert came.card.lines == ("还没有指定经办人",) and came.card.when.endswith("转入")
    came.buttons["hand"].click()
    ask = the_question(scene, screen)
    ask.button.click()
    assert "请选择经办人" in (ask.to_field.problem or "")
    ask.to.set_value(scene.pc.staff)
    ask.button.click()
    scene.until(lambda: scene.said[-1:] != [] and scene.said[-1].text == "王小梅 由 于晓梅 经办")
    scene.until(lambda: [list(c.buttons) for c in screen.cards] == [["open_file"]])
    assert scene.pc.case("c1").root.text("owner") == scene.pc.staff and screen.cards[0].card.lines == ()
    undo = scene.said[-1].undo
    assert undo is not None
    undo()
    scene.until(lambda: [list(c.buttons) for c in screen.cards] == [["hand", "open_file"]])
    screen.cards[0].buttons["open_file"].click()
    scene.until(lambda: scene.window.at == "ledger")


def the_question(scene: SyncScene, screen: MovesScreen) -> HandAsk:
    scene.until(lambda: bool(screen.findChildren(HandAsk)))
    (ask,) = screen.findChildren(HandAsk)
    return ask


def test_who_came_is_listed_for_a_month_and_longer_without_a_clerk(scene: SyncScene) -> None:
    other = scene.other("b")
    for case, name in (("c1", "王小梅"), ("c2", "李建")):
        answering.accept(scene.pc.desk, offered(scene, other, case, name)).result()
        for pc in (scene.pc, other, scene.pc):
            pc.sync_well()
    scene.pc.set("c1", owner=scene.pc.staff)
    scene.clock.ms += 31 * DAY_MS
    assert len(shown(scene.pc, "in")["came"]) == 2
    scene.clock.ms += DAY_MS
    assert shown(scene.pc, "in")["came"] == [("李建 自乙站转入", "")]
    scene.clock.ms += 60 * DAY_MS
    assert shown(scene.pc, "in") == {}
    scene.start()


def test_a_household_that_came_stands_above_its_members(scene: SyncScene) -> None:
    other = scene.other("b")
    for case, name in (("c1", "赵大"), ("c2", "钱芳")):
        other.open_case(case, name)
    house(other)
    other.sync_well()
    asking.ask_household_out(other.desk, "h1", "a", "全家迁来").result()
    for pc in (other, scene.pc):
        pc.sync_well()
    answering.accept(scene.pc.desk, waits(scene.pc, "transfer_request")[0].id).result()
    for pc in (scene.pc, other, scene.pc):
        pc.sync_well()
    scene.start()
    screen = place(scene)
    home = card(scene, screen, "赵大户 自乙站转入")
    assert screen.cards[0] is home and len(screen.cards) == 3 and list(home.buttons) == ["open_file"]
    home.buttons["open_file"].click()
    scene.until(lambda: scene.window.at == "households")


def test_a_refusal_is_kept_with_its_reason_on_both_sides(scene: SyncScene) -> None:
    """The one who refused saw nothing of it, the other one nothing after 知道了."""
    other, colleague = scene.other("b"), scene.other("a")
    answering.refuse(scene.pc.desk, offered(scene, other), "此人不住在我街道").result()
    title = "本站不同意接收乙站的 王**"
    assert shown(scene.pc, "in") == {"refused": [(title, "等待联网")]}
    for pc in (scene.pc, other, colleague):
        pc.sync_well()
    assert shown(scene.pc, "in") == {"refused": [(title, "")]}
    assert list(shown(colleague, "in")) == ["refused"]
    (section,) = sections("in", load_moves(scene.pc.desk).result(), scene.pc.desk.today)
    assert section.cards[0].lines == ("对方请求的原因：户籍已迁来", "原因：此人不住在我街道")
    assert list(shown(other, "out")) == ["answers"]
    scene.clock.ms += 20 * DAY_MS
    answering.acknowledge(other.desk, waits(other, "transfer_refuse")[0].id).result()
    scene.clock.ms += 20 * DAY_MS
    assert shown(scene.pc, "in") == {}, "a month after it was said"
    (section,) = sections("out", load_moves(other.desk).result(), other.desk.today)
    assert section.key == "refused" and section.cards[0].title == "甲站不同意：王小梅"
    assert section.cards[0].lines == ("原因：此人不住在我街道",)
    scene.clock.ms += 12 * DAY_MS
    assert shown(other, "out") == {}
    scene.start()


def test_what_was_merged_came_too_and_what_was_asked_for_can_be_refused(scene: SyncScene) -> None:
    other = scene.other("b")
    for pc, case in ((scene.pc, "xa"), (other, "xb")):
        pc.open_case(case, "王小梅")
        pc.set(case, id_number=number(1))
    scene.pc.open_case("z", "李建")
    scene.pc.set("z", id_number=number(2))
    for pc in (scene.pc, other, scene.pc, other):
        pc.sync_well()
    asking.ask_for(other.desk, "xa", "由乙站服务", into="xb").result()
    asking.ask_in(other.desk, number(2), "住在我街道").result()
    for pc in (other, scene.pc):
        pc.sync_well()
    asked = {n.subjects: n.id for n in waits(scene.pc, "transfer_request")}
    answering.accept(scene.pc.desk, asked["xa",]).result()
    answering.refuse(scene.pc.desk, asked["z",], "还住本站").result()
    for pc in (scene.pc, other, scene.pc):
        pc.sync_well()
    answering.acknowledge(other.desk, waits(other, "transfer_refuse")[0].id).result()
    came, no = sections("in", load_moves(other.desk).result(), other.desk.today)
    assert (came.key, no.key) == ("came", "refused")
    (one,) = came.cards
    assert one.lines == ("已并入 王小梅 的档案",) and one.subject == "xb"
    assert [d.verb for d in one.does] == ["open_file"], "the file that was kept has the clerk"
    (one,) = no.cards  # known by what was asked for, never by the name
    assert one.title == f"甲站不同意：{number(2)[:6]}********{number(2)[-4:]}"
    no = sections("out", load_moves(scene.pc.desk).result(), scene.pc.desk.today)[0]
    assert no.cards[0].title == "本站不同意把 李建 转往乙站"
    assert no.cards[0].lines == ("对方请求的原因：住在我街道", "原因：还住本站")
    scene.start()


def test_of_the_erased_nothing_is_told(scene: SyncScene) -> None:
    other = scene.other("b")
    answering.accept(scene.pc.desk, offered(scene, other)).result()
    answering.refuse(scene.pc.desk, offered(scene, other, "c2", "李建"), "此人不住在我街道").result()
    scene.pc.sync_well()
    assert list(shown(scene.pc, "in")) == ["agreed", "refused"]
    gone = [Subject("case", "c1"), Subject("case", "c2")]
    scene.pc.station.file.write(lambda w: blanking.erase(w, gone, w.clock.now_ms())).result()
    assert shown(scene.pc, "in") == {}
    scene.start()
