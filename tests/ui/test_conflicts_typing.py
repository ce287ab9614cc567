"""What is being typed in 两处填写不一致 while others decide, and while the list is walked: all of it stays."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from jobdesk.cases.ops import Subject
from jobdesk.services.conflict_board import questions_of
from jobdesk.services.conflict_log import decisions
from jobdesk.services.drafting import find_drafts
from jobdesk.services.settling_many import Keep, report_up, settle, undo_decision
from jobdesk.ui.conflicts.pieces import ITEM
from jobdesk.ui.conflicts.screen import ConflictsScreen
from jobdesk.ui.conflicts.sight import LOOK_MS
from jobdesk.ui.hub import Changed, GoTo
from jobdesk.ui.kit import KeyCap
from tests.sync.ground import PC
from tests.ui.conflict_scene import DAY_MS, Scene, two_pcs
from tests.ui.test_conflicts_screen import card, looked_at, names, tabs
from tests.ui.test_conflicts_several import settled_apart

scene = two_pcs
NAMES = ("单秀英", "尉迟志远", "解春梅")


def differ(scene: Scene) -> list[str]:
    """Three people: the first one with two questions, the others with one."""
    cases = [scene.person(name, phone="19937003308") for name in NAMES]
    scene.exchange()
    for pc, number in ((scene.two, 45), (scene.one, 21)):
        for n, case in enumerate(cases):
            scene.write(pc, case, phone=f"199380{n}00{number}")
        scene.write(pc, cases[0], address=f"平阳社区{number}号楼")
        scene.clock.tick(DAY_MS)
    scene.exchange()
    return cases


def shown(qtbot: QtBot, scene: Scene, case: str) -> ConflictsScreen:
    screen = ConflictsScreen(scene.ctx)
    qtbot.addWidget(screen)
    screen.resize(1290, 712)
    screen.show()
    screen.activateWindow()
    qtbot.waitUntil(screen.isActiveWindow)
    screen.arrive(GoTo("conflicts", case))
    qtbot.waitUntil(lambda: screen.front.owner == (case or screen.front.owner) and bool(screen.cards))
    return screen


def decide(pc: PC, case: str) -> None:
    """Somebody keeps what is shown in every question of this person."""
    told = questions_of(pc.desk, Subject("case", case)).result()
    for question in told.questions:
        settle(pc.desk, (told.subject, question.difference), Keep()).result()


def brought(qtbot: QtBot, scene: Scene, screen: ConflictsScreen) -> None:
    """An exchange has ended, and the page has read what it brought."""
    scene.exchange()
    board = screen.shown.board
    scene.ctx.hub.changed.emit(Changed(whole=True))
    qtbot.waitUntil(lambda: screen.shown.board is not board)
    qtbot.wait(LOOK_MS + 300)


def to(qtbot: QtBot, screen: ConflictsScreen, name: str) -> None:
    """Somebody clicks this row of the list."""
    listing = screen.view.list
    item = next(listing.item(n) for n in range(listing.count()) if listing.item(n).data(ITEM).name == name)
    spot = listing.visualItemRect(item).center()
    qtbot.mouseClick(listing.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    qtbot.waitUntil(lambda: screen.front.owner == item.data(ITEM).key)


def press(key: Qt.Key) -> None:
    """Where the cursor is."""
    at = QApplication.focusWidget()
    assert at is not None
    QTest.keyClick(at, key)


def test_who_types_a_reason_keeps_card_and_words_while_a_colleague_settles(
    qtbot: QtBot, scene: Scene
) -> None:
    """The card was taken away, and the next digit typed decided another person."""
    _, second, _ = differ(scene)
    screen = shown(qtbot, scene, second)
    phone = card(screen, "电话")
    qtbot.keyClick(phone, Qt.Key.Key_3)
    for key in (Qt.Key.Key_1, Qt.Key.Key_2):
        press(key)
    decide(scene.two, second)
    brought(qtbot, scene, screen)
    ops = scene.one.ops()
    press(Qt.Key.Key_2)
    assert screen.cards == [phone] and phone.asking.reason is not None
    assert phone.asking.reason.value() == "122" and phone.asking.reason.hasFocus()
    assert (
        phone.gone.text().startswith("您填写时，郑立群 ")
        and "已在二号电脑处理了这处（保留" in phone.gone.text()
    )
    assert "可以复制" in phone.gone.text() and phone.gone.isVisible()
    item = screen.view.list.currentItem().data(ITEM)
    assert (item.key, item.mark) == (second, "已有人处理")
    assert tabs(screen)[0] == "待处理 3"
    assert not any(b.isEnabled() for b in phone.buttons)
    send = phone.asking._send  # pyright: ignore[reportPrivateUsage]
    assert send is not None and not send.isEnabled() and send.toolTip() == phone.gone.text()
    assert phone.buttons[0].property("kind") == "quiet"
    assert [c.isVisible() for c in phone.findChildren(KeyCap)] == [False] * 4
    press(Qt.Key.Key_Return)
    assert scene.one.ops() == ops
    press(Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: phone not in screen.cards and bool(screen.cards))
    assert "尉迟志远" not in names(screen) and screen.front.owner != second


def test_a_card_among_others_of_the_same_person_stays_too(qtbot: QtBot, scene: Scene) -> None:
    first, *_ = differ(scene)
    screen = shown(qtbot, scene, first)
    last = looked_at(screen.cards[1])
    qtbot.keyClick(last, Qt.Key.Key_4)
    press(Qt.Key.Key_1)
    told = questions_of(scene.two.desk, Subject("case", first)).result()
    field = last.card.question.difference.field  # type: ignore[union-attr]
    asked = [(told.subject, q.difference) for q in told.questions if q.difference.field == field]
    report_up(scene.two.desk, asked, "两个都打不通").result()
    brought(qtbot, scene, screen)
    assert screen.cards[1] is last and last.asking.editor is not None and last.asking.editor.value() == "1"
    assert (
        last.gone.text().startswith("您填写时，郑立群 ") and "已报上级核定：两个都打不通" in last.gone.text()
    )
    assert screen.view.person.pending.text().startswith("1 处待定")
    screen.choose("handed")
    qtbot.waitUntil(lambda: len(screen.cards) == 1 and bool(screen.cards[0].card.handed))
    assert screen.cards[0].gone.text() == ""


@pytest.mark.parametrize("opened", [False, True])
def test_digits_decide_nothing_on_a_card_that_came_by_itself(
    qtbot: QtBot, scene: Scene, opened: bool
) -> None:
    """However long it stands: until whoever sits there has made a move."""
    _, second, _ = differ(scene)
    screen = shown(qtbot, scene, second)
    phone = card(screen, "电话")
    phone.setFocus()
    if opened:  # and nothing typed in it yet
        press(Qt.Key.Key_3)
    decide(scene.two, second)
    brought(qtbot, scene, screen)
    assert phone not in screen.cards and screen.front.owner != second
    after, ops = looked_at(screen.cards[0]), scene.one.ops()
    assert after.held_words.isVisible()
    for key in (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_Return):
        press(key)
    qtbot.keyClick(screen.view.list, Qt.Key.Key_1)
    qtbot.wait(100)
    assert scene.one.ops() == ops and screen.cards[0] is after
    press(Qt.Key.Key_Down)
    assert not after.held_words.isVisible()
    press(Qt.Key.Key_1)
    qtbot.waitUntil(lambda: after not in screen.cards)
    assert not any(c.held_words.isVisible() for c in screen.cards), "they have decided themselves"


def test_a_click_frees_the_keys_too(qtbot: QtBot, scene: Scene) -> None:
    _, second, _ = differ(scene)
    screen = shown(qtbot, scene, second)
    looked_at(screen.cards[0]).setFocus()
    decide(scene.two, second)
    brought(qtbot, scene, screen)
    after = looked_at(screen.cards[0])
    assert after.held_words.isVisible()
    QTest.mouseClick(after, Qt.MouseButton.LeftButton)
    assert not after.held_words.isVisible()


def test_a_row_that_somebody_chose_answers_keys(qtbot: QtBot, scene: Scene) -> None:
    first, *_ = differ(scene)
    screen = shown(qtbot, scene, first)
    to(qtbot, screen, "解春梅")
    assert not screen.cards[0].held_words.isVisible()
    screen.choose("settled")
    qtbot.wait(200)
    screen.choose("here")
    qtbot.waitUntil(lambda: bool(screen.cards))
    assert not screen.cards[0].held_words.isVisible()


def test_who_takes_a_decision_back_is_not_told_of_another_in_its_place(qtbot: QtBot, scene: Scene) -> None:
    """Nothing was in its place, and no digit answers there."""
    _, second, _ = differ(scene)
    decide(scene.one, second)
    screen = shown(qtbot, scene, "")
    screen.choose("settled")
    qtbot.waitUntil(lambda: names(screen) == ["尉迟志远"] and len(screen.cards) == 1)
    looked_at(screen.cards[0]).buttons[0].click()
    qtbot.waitUntil(lambda: bool(screen.cards) and not screen.cards[0].buttons)
    qtbot.wait(300)
    assert not screen.cards[0].held_words.isVisible()


def drafts(scene: Scene) -> list[str]:
    return [d.key for d in find_drafts(scene.one.desk, "conflicts/").result()]


def test_what_is_typed_is_back_with_its_row(qtbot: QtBot, scene: Scene) -> None:
    """It was lost when another row of the list was clicked."""
    first, second, _ = differ(scene)
    screen = shown(qtbot, scene, first)
    phone = card(screen, "电话")
    qtbot.keyClick(phone, Qt.Key.Key_4)
    for key in (Qt.Key.Key_1, Qt.Key.Key_9, Qt.Key.Key_9):
        press(key)
    phone.buttons[2].click()  # the reason as well
    for key in (Qt.Key.Key_A, Qt.Key.Key_B):
        press(key)
    to(qtbot, screen, "尉迟志远")
    assert card(screen, "电话").asking.open == ""
    to(qtbot, screen, "单秀英")
    phone = card(screen, "电话")
    assert phone.asking.typed() == {"third": "199", "report": "ab"}
    assert phone.asking.reason is not None and phone.asking.reason.value() == "ab"
    assert not phone.holds_focus, "whoever walks the list goes on walking it"
    screen.leave()
    qtbot.waitUntil(lambda: drafts(scene) == [f"conflicts/{first}/case/{first}/phone"])
    (draft,) = find_drafts(scene.one.desk, "conflicts/").result()
    assert draft.body == {"kind": "case", "typed": {"phone": "199"}, "line": "ab", "last": "report"}

    later = shown(qtbot, scene, second)  # the program was killed, and another page stands now
    later.view.list.setCurrentRow(next(n for n, name in enumerate(names(later)) if name == "单秀英"))
    qtbot.waitUntil(lambda: later.front.owner == first)
    phone = card(later, "电话")
    assert phone.asking.typed() == {"third": "199", "report": "ab"}
    assert phone.asking.reason is not None
    phone.asking.reason.setFocus()
    press(Qt.Key.Key_Escape)
    assert phone.asking.typed() == {"third": "199"} and phone.asking.open == ""
    phone.buttons[3].click()
    assert phone.asking.editor is not None and phone.asking.editor.value() == "199"
    later.leave()
    qtbot.waitUntil(lambda: bool(drafts(scene)))
    press(Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not drafts(scene))


def test_what_was_said_is_no_draft_any_more(qtbot: QtBot, scene: Scene) -> None:
    first, *_ = differ(scene)
    screen = shown(qtbot, scene, first)
    phone = card(screen, "电话")
    qtbot.keyClick(phone, Qt.Key.Key_3)
    for key in (Qt.Key.Key_A, Qt.Key.Key_B):
        press(key)
    screen.keep()
    qtbot.waitUntil(lambda: bool(drafts(scene)))
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: phone not in screen.cards)
    qtbot.waitUntil(lambda: not drafts(scene))
    undo = scene.said[-1].undo
    assert undo is not None
    undo()
    qtbot.waitUntil(lambda: any(c.card.title == "电话" for c in screen.cards))
    assert card(screen, "电话").asking.typed() == {}


def test_a_third_value_is_written_not_left_blank(qtbot: QtBot, scene: Scene) -> None:
    """An empty line and Enter wrote a blank over both."""
    first, *_ = differ(scene)
    screen = shown(qtbot, scene, first)
    phone, ops = card(screen, "电话"), scene.one.ops()
    qtbot.keyClick(phone, Qt.Key.Key_4)
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(
        lambda: phone.asking.problem.isVisible() and phone.asking.problem.text() == "请先填写内容。"
    )
    assert phone.asking.editor is not None
    phone.asking.editor.set_value("  ")
    press(Qt.Key.Key_Return)
    qtbot.wait(100)
    assert scene.one.ops() == ops and phone in screen.cards


def test_who_wants_a_blank_is_told_which_answer_that_is(qtbot: QtBot, scene: Scene) -> None:
    screen = shown(qtbot, scene, settled_apart(scene))
    number = looked_at(screen.cards[0])
    number.buttons[-1].click()
    press(Qt.Key.Key_Return)
    assert number.asking.problem.text() == "请先填写内容；要留空白，请选“都不用，留空白”。"


def test_the_key_that_writes_several_lines_is_told(qtbot: QtBot, scene: Scene) -> None:
    """Enter made a new line, and nothing named the key that does not."""
    case = scene.person("马德福")
    scene.exchange()
    for pc, skills in ((scene.two, "电焊"), (scene.one, "瓦工")):
        scene.write(pc, case, skills=skills, phone="19937003308" if pc is scene.one else "19937003309")
        scene.clock.tick(DAY_MS)
    scene.exchange()
    screen = shown(qtbot, scene, case)
    skills, phone = card(screen, "技能"), card(screen, "电话")
    for one in (skills, phone):
        looked_at(one).buttons[-1].click()
    assert skills.asking._send is not None and phone.asking._send is not None  # pyright: ignore[reportPrivateUsage]
    assert skills.asking._send.toolTip() == "按 Ctrl+Enter 填写，Enter 换行"  # pyright: ignore[reportPrivateUsage]
    caps = [cap.text() for cap in skills.findChildren(KeyCap)]
    assert "Ctrl+Enter" in caps
    assert not phone.asking._send.toolTip()  # pyright: ignore[reportPrivateUsage]
    assert skills.asking.editor is not None
    skills.take_focus()
    press(Qt.Key.Key_A)
    press(Qt.Key.Key_Return)
    assert skills.asking.open == "third"
    at = QApplication.focusWidget()
    assert at is not None
    qtbot.keyClick(at, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: skills not in screen.cards)
    assert scene.one.case(case).root.text("skills") == "a"


def test_the_tab_of_decisions_counts_those_that_stand(qtbot: QtBot, scene: Scene) -> None:
    """What was taken back stood in 待处理 again and was counted as settled as well."""
    first, second, _ = differ(scene)
    decide(scene.one, first)
    decide(scene.one, second)
    screen = shown(qtbot, scene, "")
    assert tabs(screen) == ["待处理 1", "待上级核定 0", "已处理 3"]
    lines = decisions(scene.one.desk).result().lines
    undo_decision(scene.one.desk, lines[0].op_id).result()
    scene.ctx.hub.changed.emit(Changed(whole=True))
    qtbot.waitUntil(lambda: tabs(screen) == ["待处理 2", "待上级核定 0", "已处理 2"])
    for line in lines[1:]:
        undo_decision(scene.one.desk, line.op_id).result()
    scene.ctx.hub.changed.emit(Changed(whole=True))
    qtbot.waitUntil(lambda: tabs(screen) == ["待处理 4", "待上级核定 0", "已处理 0"])
    screen.choose("settled")
    qtbot.waitUntil(lambda: screen.view.list.count() == 3)
    assert screen.view.print.isVisible(), "the log tells those taken back too"
