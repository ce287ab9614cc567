"""Decided on one PC while the other one handed it upward: 通知 says so, leads to the decision, and it can go back."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from jobdesk.cases.ops import Subject
from jobdesk.services.conflict_board import board
from jobdesk.services.conflict_log import decisions
from jobdesk.services.settling_many import Asked, Keep, report_up, settle, undo_decision
from jobdesk.services.syncing import notices
from jobdesk.ui.conflicts.decided import decided_groups
from jobdesk.ui.conflicts.saying import Saying
from jobdesk.ui.conflicts.screen import ConflictsScreen
from jobdesk.ui.hub import GoTo
from jobdesk.ui.kit import Button
from jobdesk.ui.sync.notices import NoticesPanel
from tests.sync.ground import PC
from tests.ui.conflict_scene import Scene, the_picture, two_pcs
from tests.ui.test_conflicts_screen import looked_at, names

scene = two_pcs


def phone_of(pc: PC, case: str) -> Asked:
    line = next(x for x in board(pc.desk).result().here if x.subject.id == case)
    return Subject("case", case), next(d for d in line.differences if d.field == "phone")


def words(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget))


def test_who_handed_it_upward_and_who_decided_both_see_it(qtbot: QtBot, scene: Scene) -> None:
    shan = the_picture(scene)
    settle(scene.one.desk, phone_of(scene.one, shan), Keep()).result()
    report_up(scene.two.desk, [phone_of(scene.two, shan)], "两个号码都打不通").result()
    scene.exchange()
    went: list[GoTo] = []
    scene.ctx.hub.go_to.connect(went.append)
    panel = NoticesPanel(scene.ctx)
    qtbot.addWidget(panel)
    panel.show()
    panel.arrive()
    qtbot.waitUntil(lambda: "报上级核定" in words(panel))
    said = words(panel)
    assert "单秀英 · 电话：郑立群" in said and "两个号码都打不通" in said and "您" in said
    assert (
        "在一号电脑先处理了（保留原显示的），当时那台电脑还没有收到上报" in said and "重新等上级核定" in said
    )
    next(b for b in panel.findChildren(Button) if b.accessibleName() == "去看看").click()
    assert (went[0].place, went[0].part) == ("conflicts", "settled")
    screen = ConflictsScreen(scene.ctx)
    qtbot.addWidget(screen)
    screen.resize(1290, 712)
    screen.show()
    screen.arrive(went[0])
    qtbot.waitUntil(lambda: len(screen.cards) == 1 and "单秀英" in names(screen))
    (card,) = screen.cards
    assert card.card.note.startswith("郑立群") and "已报上级核定（两个号码都打不通）" in card.card.note
    told = decisions(scene.two.desk).result()
    assert told.lines[0].crossed is not None and told.lines[0].crossed.by == scene.two.staff
    saying = Saying("", scene.one.desk.today, told.names, paper=True)
    ((_day, rows),) = decided_groups(told.lines, saying)
    assert any("郑立群" in cell and "已报上级核定，处理时还没有收到" in cell for cell in rows[0])
    looked_at(card).buttons[0].click()
    qtbot.waitUntil(lambda: any(n.text == "已撤销这次处理，重新等上级核定" for n in scene.said))
    qtbot.waitUntil(lambda: screen.view.tabs["handed"].text().endswith("1"))
    panel.arrive()
    qtbot.waitUntil(lambda: "这次处理后来已撤销，仍等上级核定" in words(panel))


def test_what_was_taken_back_first_and_handed_upward_then_crossed_nothing(scene: Scene) -> None:
    shan = the_picture(scene)
    one, two = scene.one, scene.two
    settle(one.desk, phone_of(one, shan), Keep()).result()
    (line,) = decisions(one.desk).result().lines
    undo_decision(one.desk, line.op_id).result()
    report_up(one.desk, [phone_of(one, shan)], "两个号码都打不通").result()
    scene.exchange()
    for pc in (one, two):
        (told,) = decisions(pc.desk).result().lines
        assert told.undone and told.crossed is None
        assert notices(pc.desk).result() == []
