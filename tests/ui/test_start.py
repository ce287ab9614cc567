"""From the first page of a bare PC to a working window, and back from a backup; nothing is stood in for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from jobdesk.cli import arguments
from jobdesk.services import session as session_services
from jobdesk.services import staffing
from jobdesk.services.registering import register
from jobdesk.store.holder import who_holds
from jobdesk.ui.choosing import ChoosingPage
from jobdesk.ui.first_run.screen import FirstRunScreen
from jobdesk.ui.hub import AppHub, GoTo, Notice
from jobdesk.ui.kit import Button
from jobdesk.ui.opening.screen import OpeningScreen
from jobdesk.ui.settings.backup_page import BackupPage
from jobdesk.ui.settings.screen import SettingsScreen
from jobdesk.ui.shell import Shell
from jobdesk.ui.start import Start
from jobdesk.ui.tasks import Tasks
from jobdesk.ui.window import MainWindow


class Program:
    """What ``app`` puts together, with the errors and sentences it said."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.qtbot = qtbot
        args = arguments.parse(["--data", str(folder), "--key-file", str(folder) + ".key"])
        self.hub, self.tasks = AppHub(), Tasks()
        self.tasks.failed.connect(self.hub.trouble.emit)
        self.troubles: list[BaseException] = []
        self.notices: list[Notice] = []
        self.hub.trouble.connect(self.troubles.append)
        self.hub.notice.connect(self.notices.append)
        self.window = MainWindow(self.hub)
        self.opener = ThreadPoolExecutor(1)
        self.window.show()
        self.start = Start(args, self.window, self.hub, self.tasks, self.opener)
        self.start.begin()

    @property
    def page(self) -> object:
        return self.window.stack.currentWidget()

    @property
    def shell(self) -> Shell:
        found = self.start._shell
        assert isinstance(found, Shell)
        return found

    def until(self, held: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(held, timeout=20000)

    def until_open(self) -> None:
        self.until(lambda: isinstance(self.start._shell, Shell) and self.window.at == "today")

    def people(self) -> int:
        found = self.shell.session.desk.read(
            lambda con: con.execute("SELECT count(*) FROM case_row").fetchone()
        )
        return found.result()[0]

    def close(self) -> None:
        self.window.close()
        self.qtbot.wait(1)
        self.opener.shutdown()


@pytest.fixture
def begin(qtbot: QtBot, dressed: QApplication) -> Iterator[Callable[[Path], Program]]:
    made: list[Program] = []

    def one(folder: Path) -> Program:
        made.append(Program(qtbot, folder))
        return made[-1]

    yield one
    for program in made:
        program.close()


def _first_run(program: Program, second: Path) -> str:
    page = program.page
    assert isinstance(page, FirstRunScreen)
    start, code = page.view.start, page.view.code
    start.place_editor.line.set_value("nljd")
    page._search_place("nljd")
    page._take_place(start.place_editor.finds.item(0))
    for field, value in ((start.unit, "南岭街道综合服务中心"), (start.clerk, "于晓梅")):
        field.editor.set_value(value)  # type: ignore[attr-defined]
    start.folder_editor.line.set_value(str(second))
    start.next.click()
    groups = page._code.split("-")
    for field, number in zip((code.first, code.second), page._asked, strict=True):
        field.editor.set_value(groups[number])  # type: ignore[attr-defined]
    code.make.click()
    return page._code


def test_a_bare_pc_a_second_window_and_a_new_pc(begin: Callable[[Path], Program], tmp_path: Path) -> None:
    second = tmp_path / "stick"
    first = begin(tmp_path / "d")
    code = _first_run(first, second)
    first.until_open()
    assert first.troubles == []
    held = who_holds(tmp_path / "d" / "station.lock")
    assert held is not None and held.title == "就业帮扶工作台"
    other = begin(tmp_path / "d")
    other.until(lambda: isinstance(other.page, OpeningScreen) and other.page.at == "locked")
    backup = session_services.back_up(first.shell.session.station, "manual").result()
    register(first.shell.session.desk, {"name": "张秀英"}).result()
    first.close()
    again = begin(tmp_path / "d")
    again.until_open()
    held = who_holds(tmp_path / "d" / "station.lock")
    assert held is not None and held.title == "就业帮扶工作台", "what a second window says of every start"
    again.close()

    new = begin(tmp_path / "new")
    page = new.page
    assert isinstance(page, FirstRunScreen)
    page.show_page("restore")
    form = page.view.restore
    form.backup_editor.line.set_value(str(backup.path))
    form.journal_editor.line.set_value(str(second))  # the folder a person knows, not the one inside it
    form.code.editor.set_value(code.lower())  # type: ignore[attr-defined]
    form.restore.click()
    new.until(lambda: page._actions._session is not None)  # type: ignore[attr-defined]
    page._actions.finished()
    new.until_open()
    assert new.people() == 1, "saved after the backup: from the journal"
    new.close()
    again = begin(tmp_path / "new")
    again.until_open()  # the key file named was made by the restore
    assert again.people() == 1 and again.troubles == []


def test_back_to_a_backup_from_the_settings(begin: Callable[[Path], Program], tmp_path: Path) -> None:
    program = begin(tmp_path / "d")
    _first_run(program, tmp_path / "stick")
    program.until_open()
    session_services.back_up(program.shell.session.station, "manual").result()
    register(program.shell.session.desk, {"name": "张秀英"}).result()
    before = program.shell
    program.hub.go_to.emit(GoTo("settings", part="backup"))
    page = program.page
    assert isinstance(page, SettingsScreen)
    section = page.section("backup")
    assert isinstance(section, BackupPage)
    listed = section.listed
    program.until(lambda: bool(listed._lines))
    listed._ask_restore(next(iter(listed._lines.values())))
    program.until(listed.go.isEnabled)
    listed.go.click()
    program.until(lambda: program.start._shell not in (None, before))
    program.until_open()
    assert program.people() == 1 and program.shell.session.station.renewed
    assert any("补回" in n.text for n in program.notices), "what came back is said"
    assert list((tmp_path / "d").glob("station.replaced-*-restore.jobdesk.db"))
    assert program.troubles == []


def test_the_banner_of_a_restore_that_came_to_nothing_goes_with_the_next_one(
    begin: Callable[[Path], Program], tmp_path: Path
) -> None:
    program = begin(tmp_path / "d")
    _first_run(program, tmp_path / "stick")
    program.until_open()
    info = session_services.back_up(program.shell.session.station, "manual").result()
    before = _at_backups(program)
    (tmp_path / "empty").mkdir()
    assert before.ctx.request_restore is not None
    before.ctx.request_restore(info, tmp_path / "empty")  # its journal went after it was looked at
    program.until(lambda: program.start._shell not in (None, before))
    program.until_open()
    assert len(program.window.notices.banners) == 1
    again = _at_backups(program)
    assert again.ctx.request_restore is not None
    again.ctx.request_restore(info, None)
    program.until(lambda: program.start._shell not in (None, again))
    program.until_open()
    program.until(lambda: any("补回" in n.text for n in program.notices))
    assert program.window.notices.banners == ()


def test_what_a_restore_brought_back_is_said_to_who_has_chosen_himself(
    begin: Callable[[Path], Program], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was said while 今天谁在用 was asked, and gone before the window stood."""
    program = begin(tmp_path / "d")
    _first_run(program, tmp_path / "stick")
    program.until_open()
    staffing.add_staff(program.shell.session.desk, "王强").result()
    info = session_services.back_up(program.shell.session.station, "manual").result()
    before = _at_backups(program)
    assert before.ctx.request_restore is not None
    monkeypatch.setattr(session_services, "this_account", lambda: "another")
    before.ctx.request_restore(info, None)
    program.until(lambda: isinstance(program.page, ChoosingPage))
    assert not any("补回" in n.text for n in program.notices)
    page = program.page
    assert isinstance(page, ChoosingPage)
    page.findChildren(Button)[0].click()
    program.until_open()
    program.until(lambda: any("补回" in n.text for n in program.notices))


def _at_backups(program: Program) -> Shell:
    program.hub.go_to.emit(GoTo("settings", part="backup"))
    page = program.page
    assert isinstance(page, SettingsScreen)
    section = page.section("backup")
    assert isinstance(section, BackupPage)
    program.until(lambda: bool(section.listed._lines))
    return program.shell


def test_a_bug_of_ours_while_opening_leaves_a_window_with_ways_on(
    begin: Callable[[Path], Program], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = begin(tmp_path / "d")
    _first_run(program, tmp_path / "stick")
    program.until_open()
    program.close()

    def broken(*_args: object, **_named: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(session_services, "open_session", broken)
        again = begin(tmp_path / "d")
        again.until(lambda: isinstance(again.page, OpeningScreen))
    assert [type(t) for t in again.troubles] == [ZeroDivisionError]
    page = again.page
    assert isinstance(page, OpeningScreen) and not page.view.retry.isHidden()
    page.view.retry.click()
    again.until_open()
