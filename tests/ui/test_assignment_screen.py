"""下发名单 on screen: taken in, answered with the number keys, given back; nobody invented."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from crowd import id_number
from day_station import Ground
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from jobdesk.services.assignments.reading import load_people
from jobdesk.services.registering import Child
from jobdesk.ui.assignments.screen import AssignmentsScreen
from jobdesk.ui.hub import Changed, GoTo

NUMBERS = [id_number(date(1999, 1, 1), n) for n in range(4)]


@pytest.fixture
def ground(tmp_path: Path, dressed: QApplication) -> Iterator[Ground]:
    made = Ground(tmp_path)
    made.person(
        "韩冬",
        {"id_number": NUMBERS[0]},
        Child("placement", {"since": "2026-05-01", "verified_on": "2026-05-09"}),
    )
    made.person("赵宁", {"id_number": NUMBERS[1]})
    yield made
    made.close()


@pytest.fixture
def screen(ground: Ground, qtbot: QtBot, tmp_path: Path) -> AssignmentsScreen:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["姓名", "身份证号", "反馈情况"])
    for name, number in zip(["韩冬", "赵宁", "不在册"], NUMBERS, strict=False):
        sheet.append([name, number, ""])
    book.save(tmp_path / "七月核查名单.xlsx")
    made = AssignmentsScreen(ground.ctx)
    ground.screens.append(made)
    qtbot.addWidget(made)
    made.resize(1290, 712)
    made.show()
    made.arrive(GoTo("assignments"))
    ground.settle(qtbot)
    return made


def take(screen: AssignmentsScreen, ground: Ground, qtbot: QtBot, folder: Path) -> None:
    screen.read_file(folder / "七月核查名单.xlsx")
    qtbot.waitUntil(screen.view.strip.isVisible)
    screen.view.strip.due.insert("2026.7.31")
    screen.view.strip.take.click()
    ground.settle(qtbot)


def test_an_empty_place_says_what_to_do(screen: AssignmentsScreen) -> None:
    assert screen.view.stack.currentIndex() == 1
    assert not screen.view.bar.isVisible() and not screen.view.give_back.isVisible()


def test_a_list_is_taken_answered_by_key_and_given_back(
    screen: AssignmentsScreen, ground: Ground, qtbot: QtBot, tmp_path: Path
) -> None:
    screen.read_file(tmp_path / "七月核查名单.xlsx")
    strip = screen.view.strip
    qtbot.waitUntil(strip.isVisible)
    assert strip.title.value() == "七月核查名单"
    strip.take.click()
    assert screen._at == "", "no list without a deadline"
    strip.due.insert("2026.7.31")
    strip.take.click()
    ground.settle(qtbot)
    assert not strip.isVisible()
    assert screen.view.deadline.text() == "7月31日前报回，还有 12 个工作日。"
    assert screen.view.count.text() == "共 3 人，未反馈 3 人"
    screen.table.go_to(next(iter(screen._people)))
    qtbot.keyClick(screen.table, Qt.Key.Key_0)  # what the file says
    ground.settle(qtbot)
    screen.table.go_to(list(screen._people)[1])
    qtbot.keyClick(screen.table, Qt.Key.Key_6)  # 信息有误 needs a note
    ground.settle(qtbot)
    assert screen.view.problem.isVisible()
    assert screen.view.answers.value() == "wrong", "the key pressed is not forgotten"
    screen.view.note.set_value("姓名不符")
    ground.hub.changed.emit(Changed(frozenset({screen._at})))  # somebody else at the desk saves
    ground.settle(qtbot)
    assert screen.view.note.value() == "姓名不符", "what is typed stays"
    qtbot.keyClick(screen.view.note, Qt.Key.Key_Return)
    ground.settle(qtbot)
    screen.table.go_to(list(screen._people)[2])
    qtbot.keyClick(screen.table, Qt.Key.Key_5)
    ground.settle(qtbot)
    people = load_people(ground.desk, screen._at).result()
    assert [(p.answer, p.record.text("note")) for p in people] == [
        ("employed", ""), ("wrong", "姓名不符"), ("no_contact", ""),
    ]  # fmt: skip
    assert screen.view.stack.currentIndex() == 2, "all answered"
    screen.give_back_to(tmp_path / "反馈.xlsx")
    qtbot.waitUntil(
        lambda: (tmp_path / "反馈.xlsx").exists() and screen.view.deadline.text() == "7月15日已报回。"
    )
    sheet = openpyxl.load_workbook(tmp_path / "反馈.xlsx").active
    assert sheet is not None
    assert [c.value for c in sheet["C"]] == ["反馈情况", "已就业", "信息有误", "无法联系"]


def test_nothing_is_answered_from_a_file_that_says_nothing(
    screen: AssignmentsScreen, ground: Ground, qtbot: QtBot, tmp_path: Path
) -> None:
    take(screen, ground, qtbot, tmp_path)
    screen.table.go_to(list(screen._people)[1])
    screen.answer_as_proposed()
    assert screen.view.problem.text() == "所选的人，档案里没有已核实的情况。"
    assert not any(p.answer for p in load_people(ground.desk, screen._at).result())


def test_a_damaged_file_is_told_and_nothing_is_taken(
    screen: AssignmentsScreen, ground: Ground, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "坏.xlsx").write_bytes(b"PK\x03\x04")
    screen.read_file(tmp_path / "坏.xlsx")
    qtbot.waitUntil(lambda: bool(ground.troubles))
    assert not screen.view.strip.isVisible()
