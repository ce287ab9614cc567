"""今日: one line a person, its place, filters, handing over, a board too long to keep."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from day_station import Ground
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from today_scene import NOTED, board_of, lines_in_sight, open_today, person_due

from jobdesk.cases.due_order import DayLine
from jobdesk.host.strings import text
from jobdesk.services.registering import Child
from jobdesk.services.today import Board, Scope, load_board, refresh_board
from jobdesk.ui.hub import Changed
from jobdesk.ui.today import saying, state


@pytest.fixture
def ground(tmp_path: Path, dressed: QApplication) -> Iterator[Ground]:
    made = Ground(tmp_path)
    yield made
    made.close()


def test_ten_thousand_lines_are_drawn_as_fast_as_ten(qtbot: QtBot, ground: Ground) -> None:
    from dataclasses import replace

    case_id = person_due(ground, "甲", "2026-07-13")
    screen = open_today(qtbot, ground)
    board = screen.board
    assert board is not None
    line = board.lines[case_id][0]
    many = Board(board.today, board.agenda, Scope(20_000))
    for n in range(10_000):
        one = replace(line, subject=f"k{n:05d}")
        many.add([one], [DayLine(one.subject, (one,))], "", "")
    many.settle()
    asked: list[str] = []
    tasks = screen.view.list
    tasks._words = lambda one, _reason: (asked.append(one.uid), state.entry_words(many, one))[1]  # pyright: ignore
    tasks.show_day(state.day_of(many))
    tasks.grab()
    qtbot.keyClick(tasks, Qt.Key.Key_End)
    tasks.grab()
    assert tasks.line is not None and tasks.line.subject == "k09999"
    assert len(asked) < 60


def test_reasons_of_one_person_and_day_are_one_line_that_opens(qtbot: QtBot, ground: Ground) -> None:
    measure = Child("measure", {"what": "陪同面试", "due": "2026-07-14", "state": "planned"})
    benefit = Child("benefit", {"until": "2026-07-30"})
    case_id = ground.person(
        "甲", {**NOTED, "opened_on": "2026-05-01", "next_contact": "2026-07-15"}, measure, benefit
    )
    screen = open_today(qtbot, ground)
    tasks = screen.view.list
    entry = tasks.entry
    assert entry is not None and entry.subject == case_id and len(entry.lines) >= 3
    assert screen.shown is not None and screen.shown.counts[""] == 1
    said = tasks.words(entry)
    assert said.count == len(entry.lines) and str(said.count - 1) in said.more
    qtbot.keyClick(tasks, Qt.Key.Key_Right)
    qtbot.keyClick(tasks, Qt.Key.Key_Down)
    qtbot.keyClick(tasks, Qt.Key.Key_Down)
    assert tasks.line is entry.lines[1] and not tasks.whole
    qtbot.keyClick(tasks, Qt.Key.Key_P)
    screen.put_off.until.set_date(date(2026, 7, 17))
    screen.put_off.reason.setText("对方改期")
    screen.put_off.save()
    qtbot.waitUntil(lambda: len(ground.desk.case(case_id).result().of("postponement")) == 1)
    ground.settle(qtbot)
    qtbot.keyClick(tasks, Qt.Key.Key_Left)
    qtbot.keyClick(tasks, Qt.Key.Key_Home)
    assert tasks.whole and tasks.entry is not None
    left = len(tasks.entry.lines)
    qtbot.keyClick(tasks, Qt.Key.Key_P)
    screen.put_off.until.set_date(date(2026, 7, 20))
    screen.put_off.reason.setText("本人外出")
    screen.put_off.save()
    qtbot.waitUntil(lambda: len(ground.desk.case(case_id).result().of("postponement")) == 1 + left)


def test_the_place_of_a_line_is_told_by_its_points(ground: Ground) -> None:
    plain, heavy = person_due(ground, "甲", "2026-07-14"), "2026-07-14"
    recognised = Child("recognition", {"category": "JL1", "state": "recognised", "since": "2026-01-01"})
    first = ground.person(
        "乙", {**NOTED, "next_contact": heavy, "tier": "1", "tier_reason": "评定"}, recognised
    )
    board = board_of(ground)
    assert [e.subject for e in board.entries] == [first, plain]
    entry = board.entries[0]
    facts = saying.place_facts(board, entry)
    assert facts[0][1] == text("today.place_total", points=entry.score)
    assert entry.score == sum(p.points for p in entry.parts) and len(facts) == 1 + len(entry.parts)
    assert all(said.endswith("（自定）") for _, said in facts[1:])
    assert {p.key for p in entry.parts} == {"order.overdue", "order.category.hardship", "order.tier.1"}


def test_lines_are_filtered_by_community_and_by_who_looks_after_them(qtbot: QtBot, ground: Ground) -> None:
    for name, community in (("甲", "南岭社区"), ("乙", "柳河社区"), ("丙", "南岭社区")):
        ground.person(name, {**NOTED, "next_contact": "2026-07-14", "community": community})
    screen = open_today(qtbot, ground)
    screen.view.community.chosen.emit("南岭社区")
    assert screen.shown is not None
    assert len(lines_in_sight(screen)) == 2 and screen.shown.counts["contact"] == 2
    assert dict(screen.shown.communities) == {"南岭社区": 2, "柳河社区": 1}
    screen.view.community.chosen.emit("")
    assert len(lines_in_sight(screen)) == 3
    mine = ground.person("丁", {**NOTED, "next_contact": "2026-07-14", "owner": "somebody-else"})
    ground.hub.changed.emit(Changed(frozenset({mine})))
    qtbot.waitUntil(lambda: screen.board is not None and mine in screen.board.lines)
    screen.view.owner.chosen.emit("somebody-else")
    assert [e.subject for e in lines_in_sight(screen)] == [mine]


def test_a_person_is_handed_over_with_measures(qtbot: QtBot, ground: Ground) -> None:
    from jobdesk.services.staffing import add_staff, staff_of

    add_staff(ground.desk, "周同事").result()
    other = next(
        s for s in ground.desk.read(lambda con: staff_of(con, ground.desk)).result() if s.name == "周同事"
    )
    measure = Child(
        "measure", {"what": "陪同", "due": "2026-09-01", "state": "planned", "owner": ground.desk.actor}
    )
    case_id = ground.person(
        "甲", {**NOTED, "next_contact": "2026-07-14", "owner": ground.desk.actor}, measure
    )
    screen = open_today(qtbot, ground)
    ground.settle(qtbot)
    qtbot.keyClick(screen.view.list, Qt.Key.Key_T)
    assert screen.side.currentWidget() is screen.hand_over
    screen.hand_over.save()
    assert screen.hand_over.field.problem
    screen.hand_over.staff.set_value(other.id)
    screen.hand_over.save()
    qtbot.waitUntil(lambda: ground.desk.case(case_id).result().root.get("owner") == other.id)
    assert ground.desk.case(case_id).result().of("measure")[0].get("owner") == other.id


def test_a_board_that_keeps_a_few_lines_counts_the_rest_and_brings_them_forward(ground: Ground) -> None:
    for n in range(8):
        ground.person(
            f"甲{n}", {**NOTED, "next_contact": f"2026-07-{14 + n % 3}", "community": f"社区{n % 2}"}
        )
    whole = load_board(ground.desk).result()
    few = load_board(ground.desk, scope=Scope(3)).result()
    assert [e.uid for e in few.entries] == [e.uid for e in whole.entries][:3]
    shown, all_of_it = state.day_of(few), state.day_of(whole)
    assert (shown.counts, shown.communities) == (all_of_it.counts, all_of_it.communities)
    assert shown.unlisted == 5 and all_of_it.unlisted == 0
    last = whole.entries[-1]
    again = refresh_board(ground.desk, few, [last.subject]).result()
    assert state.day_of(again).counts == all_of_it.counts
    narrowed = load_board(ground.desk, scope=Scope(3, community="社区1")).result()
    asked = state.Filters(community="社区1")
    assert state.day_of(narrowed, asked).counts == state.day_of(whole, asked).counts
    assert {narrowed.items[e.subject].community for e in narrowed.entries} == {"社区1"}


def test_why_is_asked_of_any_line_with_one_click(qtbot: QtBot, ground: Ground) -> None:
    """The line that closes above the pointer moves the others up; the click is meant for what was under it."""
    for name, due in (("甲", "2026-07-13"), ("乙", "2026-07-14"), ("丙", "2026-07-15")):
        person_due(ground, name, due)
    screen = open_today(qtbot, ground)
    shown = screen.view.list
    shown.viewport().repaint()
    asked: list[str] = []
    shown.pressed.connect(asked.append)
    first = shown.entry
    uid = list(shown._basis)[-1]
    box = shown._basis[uid]
    assert first is not None and first.uid != uid
    qtbot.mouseClick(shown.viewport(), Qt.MouseButton.LeftButton, pos=box.center())
    assert shown.entry is not None and shown.entry.uid == uid
    assert asked == ["basis"]
    assert shown._basis[uid] != box, "it did move"
