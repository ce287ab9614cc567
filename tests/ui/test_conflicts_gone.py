"""两处填写不一致 where the question went while somebody typed: with an erasure, a move, or a kill in between."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from jobdesk.cases.ops import Kind, NewOp, Subject
from jobdesk.services.conflict_board import questions_of
from jobdesk.services.drafting import drafts_about, find_drafts
from jobdesk.services.settling_many import Take, report_up, settle
from jobdesk.store.log import Connection
from jobdesk.ui.conflicts.pieces import ITEM
from jobdesk.ui.conflicts.screen import ConflictsScreen
from jobdesk.ui.hub import Changed, GoTo
from tests.sync.test_moves import move
from tests.ui.conflict_scene import Scene, two_pcs
from tests.ui.crowd import id_number
from tests.ui.test_conflicts_screen import card, looked_at, names, tabs
from tests.ui.test_conflicts_typing import brought, decide, differ, press, shown

scene = two_pcs


def half_typed(qtbot: QtBot, screen: ConflictsScreen, *, key: Qt.Key = Qt.Key.Key_4) -> None:
    """另填 (or, by its key, the reason) with two digits in it."""
    phone = looked_at(card(screen, "电话"))
    qtbot.keyClick(phone, key)
    for typed in (Qt.Key.Key_1, Qt.Key.Key_9):
        press(typed)


def erase(scene: Scene, case: str) -> None:
    """By the colleague."""
    scene.two.desk.act([NewOp(Kind.ERASED, Subject("case", case), {"reason": "request"})]).result()


def said(part: QWidget) -> str:
    """Every word on it."""
    return "\n".join(label.text() for label in part.findChildren(QLabel) if label.isVisible())


def drafts(scene: Scene) -> list[str]:
    return [d.key for d in find_drafts(scene.one.desk, "conflicts/").result()]


def about(screen: ConflictsScreen) -> set[str]:
    """Whom the page holds anything about."""
    held = {line.subject.id for tab in ("here", "handed") for line in screen.shown.lines(tab)}
    return held | screen.shown.subjects() | screen.deciding.unsent.subjects() | {screen.front.owner}


def test_who_is_erased_goes_at_once_with_what_is_typed(qtbot: QtBot, scene: Scene) -> None:
    """Card, name and both phones stayed, could be looked at in full, and were typed on."""
    _, second, _ = differ(scene)
    screen = shown(qtbot, scene, second)
    half_typed(qtbot, screen)
    screen.keep()
    qtbot.waitUntil(lambda: bool(drafts(scene)))
    erase(scene, second)
    brought(qtbot, scene, screen)
    assert second not in about(screen) and "尉迟志远" not in names(screen)
    assert "尉迟志远" not in said(screen) and "基本信息" not in "".join(names(screen))
    (notice,) = [n.text for n in scene.said]
    assert notice == "1 个人的个人信息已依法删除，这里正在填写的内容一并清除。"
    after, ops = screen.cards[0], scene.one.ops()
    assert after.held_words.isVisible() and screen.front.owner != second
    press(Qt.Key.Key_1)
    assert scene.one.ops() == ops, "what was typed on decides nothing of another person"
    screen.leave()
    qtbot.wait(100)
    assert drafts(scene) == []
    scene.ctx.hub.changed.emit(Changed(whole=True))
    qtbot.wait(200)
    assert len(scene.said) == 1


def test_who_is_erased_while_another_page_is_in_front(qtbot: QtBot, scene: Scene) -> None:
    _, second, _ = differ(scene)
    screen = shown(qtbot, scene, second)
    half_typed(qtbot, screen)
    screen.leave()
    screen.hide()
    erase(scene, second)
    scene.exchange()
    scene.ctx.hub.changed.emit(Changed(whole=True))
    qtbot.waitUntil(lambda: second not in about(screen))
    screen.show()
    assert "尉迟志远" not in said(screen)
    assert drafts(scene) == []


def test_out_of_sight_the_page_reads_no_board(
    qtbot: QtBot, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While anything was half-typed every save anywhere read the whole board."""
    _, second, _ = differ(scene)
    screen = shown(qtbot, scene, second)
    half_typed(qtbot, screen)
    screen.leave()
    screen.hide()
    read: list[int] = []
    monkeypatch.setattr(screen, "reload", lambda: read.append(1))
    for changed in (Changed(whole=True), Changed(subjects=frozenset({"somebody"}))):
        scene.ctx.hub.changed.emit(changed)
        qtbot.wait(200)
    assert read == []


def test_a_decision_about_who_is_erased_is_not_held(qtbot: QtBot, scene: Scene) -> None:
    first, second, _ = differ(scene)
    decide(scene.one, second)
    screen = shown(qtbot, scene, first)
    screen.choose("settled")
    qtbot.waitUntil(lambda: names(screen) == ["尉迟志远"])
    screen.choose("here")
    erase(scene, second)
    brought(qtbot, scene, screen)
    screen.choose("settled")
    assert names(screen) == []
    assert tabs(screen)[2] == "已处理 0", "it counted whom the list did not show"
    assert not screen.view.print.isVisible()
    qtbot.wait(100)
    assert screen.shown.decided is not None and screen.shown.decided.total == 0


def test_of_who_moved_away_nothing_is_shown_and_the_words_are_kept(qtbot: QtBot, scene: Scene) -> None:
    _, second, _ = differ(scene)
    screen = shown(qtbot, scene, second)
    half_typed(qtbot, screen)
    move(scene.two, second, "b")
    brought(qtbot, scene, screen)
    assert second not in about(screen) and "尉迟志远" not in names(screen)
    (after, *_) = screen.cards
    assert after.held_words.isVisible(), "the toast is gone when somebody looks up"
    assert after.held_words.text().startswith(
        "尉迟志远已转到别的服务站。写了没送出的内容在其档案页。刚才换成了这一处"
    )
    press(Qt.Key.Key_Down)
    assert "尉迟志远" not in said(screen)
    (notice,) = [n.text for n in scene.said]
    assert notice.startswith("1 个人已转到别的服务站") and "其档案页" in notice
    (draft,) = drafts_about(scene.one.desk, second).result()
    assert draft.body["typed"] == {"phone": "19"}
    screen.leave()
    screen.arrive(GoTo("conflicts"))
    qtbot.wait(300)
    assert second not in about(screen) and len(scene.said) == 1
    assert len(drafts(scene)) == 1


def test_words_in_composition_are_kept_of_who_moved_away(qtbot: QtBot, scene: Scene) -> None:
    """No draft of them had begun, and with the card they went."""
    _, second, _ = differ(scene)
    screen = shown(qtbot, scene, second)
    phone = looked_at(card(screen, "电话"))
    qtbot.keyClick(phone, Qt.Key.Key_3)
    assert phone.asking.reason is not None
    half = QInputMethodEvent("yi", [])
    half.setCommitString("两")
    QApplication.sendEvent(phone.asking.reason, half)
    assert phone.asking.composing and not drafts(scene)
    move(scene.two, second, "b")
    brought(qtbot, scene, screen)
    assert second not in about(screen)
    qtbot.waitUntil(lambda: bool(drafts(scene)))
    (draft,) = drafts_about(scene.one.desk, second).result()
    assert draft.body["line"] == "两"


def after_a_kill(qtbot: QtBot, scene: Scene) -> ConflictsScreen:
    """Another page, of which only the drafts know anything."""
    screen = ConflictsScreen(scene.ctx)
    qtbot.addWidget(screen)
    screen.resize(1290, 712)
    screen.show()
    screen.arrive(GoTo("conflicts"))
    qtbot.waitUntil(lambda: bool(screen.cards))
    return screen


def killed(qtbot: QtBot, scene: Scene, case: str, *, key: Qt.Key = Qt.Key.Key_4) -> None:
    """Something is half-typed about the phone, and the program is no more."""
    screen = shown(qtbot, scene, case)
    half_typed(qtbot, screen, key=key)
    screen.keep()
    qtbot.waitUntil(lambda: bool(drafts(scene)))
    screen.close()
    node: Any = qtbot._request.node  # pyright: ignore[reportPrivateUsage] # it would close what is gone
    node.qt_widgets = [(w, before) for w, before in node.qt_widgets if w() is not screen]
    screen.deleteLater()
    qtbot.wait(10)


@pytest.mark.parametrize(("key", "what"), [(Qt.Key.Key_3, "report"), (Qt.Key.Key_4, "third")])
def test_what_was_settled_after_a_kill_is_back_with_the_words(
    qtbot: QtBot, scene: Scene, key: Qt.Key, what: str
) -> None:
    """Both stood in the file and on no screen."""
    _, second, _ = differ(scene)
    killed(qtbot, scene, second, key=key)
    decide(scene.two, second)
    scene.exchange()
    screen = after_a_kill(qtbot, scene)
    item = screen.view.list.item(0).data(ITEM)
    assert (item.key, item.name, item.mark, item.what) == (second, "尉迟志远", "已有人处理", "电话")
    (phone,) = screen.cards
    assert phone.asking.typed() == {what: "19"} and phone.asking.open == what
    assert phone.gone.text().startswith("您填写时，郑立群 ") and "已在二号电脑处理了这处" in phone.gone.text()
    assert len(phone.card.versions) == 2 and not any(b.isEnabled() for b in phone.buttons)
    phone.take_focus()
    press(Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: "尉迟志远" not in names(screen))
    qtbot.waitUntil(lambda: not drafts(scene))


def test_what_was_settled_before_somebody_looked_again_is_back_too(qtbot: QtBot, scene: Scene) -> None:
    """After the kill its row still waited, and nobody had opened it."""
    first, second, _ = differ(scene)
    killed(qtbot, scene, second)
    screen = shown(qtbot, scene, first)
    decide(scene.two, second)
    brought(qtbot, scene, screen)
    assert "尉迟志远" in names(screen)
    (line,) = screen.shown.kept
    assert line[1].subject.id == second


def test_what_was_handed_upward_after_a_kill(qtbot: QtBot, scene: Scene) -> None:
    _, second, _ = differ(scene)
    killed(qtbot, scene, second)
    told = questions_of(scene.two.desk, Subject("case", second)).result()
    report_up(scene.two.desk, [(told.subject, q.difference) for q in told.questions], "打不通").result()
    scene.exchange()
    screen = after_a_kill(qtbot, scene)
    assert names(screen)[0] == "尉迟志远"
    (phone,) = screen.cards
    assert phone.asking.typed() == {"third": "19"} and "已报上级核定：打不通" in phone.gone.text()


def test_where_the_log_does_not_tell_the_words_stand_alone(qtbot: QtBot, scene: Scene) -> None:
    """With the name of their field."""
    _, second, _ = differ(scene)

    def lay(con: Connection) -> None:
        body = '{"kind": "case", "typed": {"wish_post": "保洁"}, "line": "问过", "last": "third"}'
        key = f"conflicts/{second}/case/{second}/wish_post"
        con.execute("INSERT INTO draft(key, actor, saved_ms, body) VALUES (?,?,?,?)", (key, "x", 1, body))

    scene.one.desk.write(lambda w: lay(w.con)).result()
    screen = shown(qtbot, scene, second)
    alone = screen.cards[0]
    assert alone.card.title == "意向岗位" and alone.asking.typed() == {"report": "问过", "third": "保洁"}
    assert alone.gone.text() == ("您填写时，这处已不再待定。您写的还在下面，可以复制；按 Esc 或“先不”放下。")
    assert len(screen.cards) == 2


def test_a_critical_question_that_was_settled_says_nothing_of_now(qtbot: QtBot, scene: Scene) -> None:
    """现在仍显示改动前的…3378 stood under a header with the new number, and in its row."""
    born = date(1985, 3, 2)
    case = scene.person("马德福", sex="1", birth=born.isoformat(), id_number=id_number(born, 4))
    scene.exchange()
    for pc, n in ((scene.two, 5), (scene.one, 6)):
        scene.write(pc, case, id_number=id_number(born, n))
        scene.clock.tick(3_600_000)
    scene.exchange()
    screen = shown(qtbot, scene, case)
    asked = looked_at(card(screen, "身份证号"))
    assert "现在仍显示改动前的" in said(asked) and "现在显示" in said(asked)
    qtbot.keyClick(asked, Qt.Key.Key_5)
    for typed in (Qt.Key.Key_2, Qt.Key.Key_2):
        press(typed)
    assert asked.asking.typed() == {"third": "22"}
    told = questions_of(scene.two.desk, Subject("case", case)).result()
    (question,) = told.questions
    head = next(v for v in question.difference.versions if v.value == id_number(born, 5))
    settle(scene.two.desk, (told.subject, question.difference), Take(head.op_id)).result()
    brought(qtbot, scene, screen)
    item = screen.view.list.item(0).data(ITEM)
    assert (item.mark, item.what) == ("已有人处理", "身份证号")
    assert screen.cards[0] is asked and asked.asking.typed() == {"third": "22"}
    assert "现在" not in said(asked).replace("保留现在的", "") and "当时显示" in said(asked)
    assert "已在二号电脑处理了这处" in asked.gone.text()
