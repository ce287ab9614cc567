from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from jobdesk.cases.errors import DiskFull, ReadOnly, Trouble
from jobdesk.ui.first_run.screen import FirstRunScreen
from jobdesk.ui.first_run.state import (
    FolderState,
    PlaceFound,
    RestoreAnswers,
    StationAnswers,
    Typed,
    asked_groups,
    groups_of,
    problems_of,
    restore_problems,
    same_group,
)
from jobdesk.ui.hub import AppHub
from jobdesk.ui.kit import Text, TextInput
from jobdesk.ui.tasks import Tasks
from jobdesk.ui.window import MainWindow

pytestmark = pytest.mark.usefixtures("dressed")
CODE = "7KQ2M-X4RWB-9PLTD-C3VHN-F6YSJ"
NANLING = PlaceFound("220102001", "南岭街道", "长春市南关区")


class Actions:
    """What the page asked for."""

    def __init__(self) -> None:
        self.created: list[tuple[StationAnswers, str]] = []
        self.restored: list[RestoreAnswers] = []
        self.printed: list[str] = []
        self.practised = self.done = 0
        self.codes = 0
        self.folder: FolderState = "good"
        self.fault: Exception | None = None

    def find_places(self, typed: str) -> Sequence[PlaceFound]:
        return [NANLING, PlaceFound("220102", "南关区", "长春市")] if typed in ("nljd", "南岭") else []

    def suggested_second_folder(self) -> str:
        return ""

    def check_folder(self, folder: str) -> FolderState:
        return self.folder

    def new_recovery_code(self) -> str:
        self.codes += 1
        return CODE

    def print_recovery_code(self, code: str, answers: StationAnswers) -> None:
        if self.fault:
            raise self.fault
        self.printed.append(code)

    def create_station(self, answers: StationAnswers, recovery_code: str) -> Future[None]:
        self.created.append((answers, recovery_code))
        return self._answer(None)

    def restore(self, answers: RestoreAnswers) -> Future[str]:
        self.restored.append(answers)
        return self._answer("412 人")

    def open_practice(self) -> Future[None]:
        self.practised += 1
        return self._answer(None)

    def finished(self) -> None:
        self.done += 1

    def _answer(self, value: object) -> Future:  # type: ignore[type-arg]
        future: Future[object] = Future()
        if self.fault:
            future.set_exception(self.fault)
        else:
            future.set_result(value)
        return future


@pytest.fixture
def actions() -> Actions:
    return Actions()


@pytest.fixture
def screen(qtbot: QtBot, actions: Actions) -> FirstRunScreen:
    tasks = Tasks(QApplication.instance())
    result = FirstRunScreen(actions, tasks, sample=lambda _count: (3, 1))
    qtbot.addWidget(result)
    result.resize(1093, 614)
    result.show()
    return result


def fill(screen: FirstRunScreen, qtbot: QtBot) -> None:
    start = screen.view.start
    qtbot.keyClicks(start.unit.editor, "Nanling")
    qtbot.keyClicks(start.place_editor.line, "nljd")
    qtbot.keyClick(start.place_editor.line, Qt.Key.Key_Return)
    qtbot.keyClicks(start.clerk.editor, "Yu")


def test_nothing_is_asked_of_the_disk_before_the_code_was_kept(
    screen: FirstRunScreen, actions: Actions, qtbot: QtBot
) -> None:
    fill(screen, qtbot)
    start, code = screen.view.start, screen.view.code
    assert start.place_editor.line.text() == "长春市南关区南岭街道"
    start.next.click()
    assert screen.view.pages.currentWidget() is code
    code.print.click()
    assert actions.printed == [CODE]
    code.make.click()
    assert actions.created == []
    assert code.first.problem
    for field, group in ((code.first, "x4rwb"), (code.second, " C3VHN ")):
        editor = field.editor
        assert isinstance(editor, TextInput)
        editor.setText(group)
    code.make.click()
    assert actions.created == [(StationAnswers("Nanling", "220102001", "", "Yu", ""), CODE)]
    qtbot.waitUntil(lambda: actions.done == 1)


def test_what_is_missing_stands_beside_its_field(screen: FirstRunScreen, actions: Actions) -> None:
    screen.view.start.next.click()
    start = screen.view.start
    assert start.unit.problem
    assert start.place.problem
    assert start.clerk.problem
    assert actions.codes == 0


def test_typing_stays_in_the_field_it_is_typed_into(screen: FirstRunScreen, qtbot: QtBot) -> None:
    start = screen.view.start
    start.next.click()
    qtbot.waitUntil(start.unit.editor.hasFocus)
    community = start.community.editor
    assert isinstance(community, TextInput)
    community.setFocus()
    for letter in "ab":
        qtbot.keyClicks(screen.window().focusWidget(), letter)
    assert community.text() == "ab"
    assert start.unit.problem, "what is missing stays said"


def test_going_back_keeps_the_answers_and_the_code(
    screen: FirstRunScreen, actions: Actions, qtbot: QtBot
) -> None:
    fill(screen, qtbot)
    screen.view.start.next.click()
    screen.view.code.back.click()
    screen.view.start.next.click()
    assert actions.codes == 1, "a printed code must stay the code"


def test_a_place_typed_over_is_not_taken(screen: FirstRunScreen, qtbot: QtBot) -> None:
    fill(screen, qtbot)
    qtbot.keyClicks(screen.view.start.place_editor.line, "x")
    screen.view.start.next.click()
    assert screen.view.start.place.problem


def test_the_second_folder_is_checked_when_left(screen: FirstRunScreen, actions: Actions) -> None:
    actions.folder = "not_writable"
    start = screen.view.start
    start.folder_editor.line.setText("X:/")
    start.folder_editor.line.left.emit()
    assert start.second.problem
    actions.folder = "same_disk"
    start.folder_editor.line.left.emit()
    assert start.second.problem == ""


def test_restore_tells_what_came_back(screen: FirstRunScreen, actions: Actions, qtbot: QtBot) -> None:
    screen.view.ways.restore.click()
    view = screen.view.restore
    view.restore.click()
    assert view.backup.problem
    assert view.code.problem
    view.backup_editor.line.setText("E:/b.db")
    code = view.code.editor
    assert isinstance(code, TextInput)
    code.setText(CODE)
    view.restore.click()
    assert actions.restored == [RestoreAnswers("E:/b.db", "", CODE)]
    qtbot.waitUntil(lambda: screen.view.notices.count() == 2)
    assert actions.done == 0, "the clerk reads the answer before going on"
    QTest.keyClick(screen.view.notices.itemAt(1).widget(), Qt.Key.Key_Return)
    assert actions.done == 1


def test_trouble_is_said_and_the_page_goes_on(screen: FirstRunScreen, actions: Actions, qtbot: QtBot) -> None:
    actions.fault = DiskFull("disk_full", path="E:/")
    screen.view.ways.practice.click()
    qtbot.waitUntil(lambda: screen.view.notices.count() == 1)
    assert screen.view.ways.practice.isEnabled()
    actions.fault = None
    screen.view.ways.practice.click()
    qtbot.waitUntil(lambda: actions.done == 1)


def test_a_printer_in_trouble_does_not_lose_the_code(
    screen: FirstRunScreen, actions: Actions, qtbot: QtBot
) -> None:
    fill(screen, qtbot)
    screen.view.start.next.click()
    actions.fault = ReadOnly("read_only", path="x")
    screen.view.code.print.click()
    assert screen.view.notices.count() == 1
    assert screen.view.code.printed.text() == ""


def test_one_click_into_the_practice_station(screen: FirstRunScreen, actions: Actions, qtbot: QtBot) -> None:
    screen.view.ways.practice.click()
    qtbot.waitUntil(lambda: actions.done == 1)
    assert actions.practised == 1


def test_ctrl_enter_belongs_to_the_page_in_sight(screen: FirstRunScreen) -> None:
    assert screen.view.start.next.isEnabled()
    assert not screen.view.code.make.isEnabled()
    screen.show_page("restore")
    assert not screen.view.start.next.isEnabled()
    assert screen.view.restore.restore.isEnabled()


def test_groups() -> None:
    assert groups_of("AB-CD-") == ("AB", "CD")
    assert asked_groups(8, lambda _n: (5, 2)) == (2, 5)
    assert same_group("ａｂ cd", "ABCD")
    assert not same_group("abce", "ABCD")
    assert not same_group("", "ABCD")


def test_problems_are_pure() -> None:
    assert list(problems_of(Typed())) == ["unit", "place", "clerk"]
    full = Typed("a", NANLING, "", "b", "X:/", "missing")
    assert problems_of(full) == {"second": "first_run.folder_missing"}
    assert restore_problems(RestoreAnswers("a", "", "b")) == {}


def test_a_banner_above_takes_neither_the_cursor_nor_the_room_of_words(
    qtbot: QtBot, actions: Actions
) -> None:
    """Found by window at 125 %: the cursor stood on the cross of a banner, and the words beside were cut."""
    hub = AppHub()
    window = MainWindow(hub)
    qtbot.addWidget(window)
    window.resize(1093, 590)
    window.show()
    for name in ("Server", "EnrolmentCode"):
        hub.trouble.emit(Trouble("policy_value", said=f"单位设置的{name}没有采用。"))
    page = FirstRunScreen(actions, Tasks(QApplication.instance()))
    window.show_alone(page)
    qtbot.waitUntil(lambda: window.focusWidget() is page.view.start.unit.editor)
    said = [t for t in page.view.ways.findChildren(Text) if t.wordWrap()]
    assert len(said) == 5
    qtbot.waitUntil(lambda: all(t.height() >= t.heightForWidth(t.width()) for t in said))
