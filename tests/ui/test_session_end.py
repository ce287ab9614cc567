"""An upgrade, a sign-out or the cross at the corner while somebody types: the draft is there afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import SIGNAL
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from jobdesk.cases.ops import Json
from jobdesk.services.drafting import find_drafts
from jobdesk.services.registering import register
from jobdesk.ui.casefile.panel import CaseFilePanel
from jobdesk.ui.hub import GoTo
from jobdesk.ui.kit import TextInput
from jobdesk.ui.register.screen import RegisterScreen
from tests.ui.test_start import Program, _first_run


@pytest.fixture
def program(qtbot: QtBot, dressed: QApplication, tmp_path: Path) -> Iterator[Program]:
    made = Program(qtbot, tmp_path / "d")
    _first_run(made, tmp_path / "stick")
    made.until_open()
    yield made
    made.close()


def drafts(program: Program) -> list[Json]:
    return [dict(d.body) for d in find_drafts(program.shell.session.desk).result()]


def type_a_name(program: Program, name: str) -> None:
    program.hub.go_to.emit(GoTo("register"))
    page = program.window.page("register")
    assert isinstance(page, RegisterScreen)
    editor = page.view.fields["name"].editor
    assert isinstance(editor, TextInput)
    editor.set_value(name)


def test_the_system_asks_for_the_data(program: Program) -> None:
    type_a_name(program, "王桂兰")
    assert drafts(program) == []
    program.start.session_ends()
    assert "王桂兰" in str(drafts(program)), "on the disk when the answer is given"
    page = program.window.page("register")
    assert isinstance(page, QWidget) and page.isVisible(), "a sign-out that is called off changes nothing"
    type_a_name(program, "王桂芳")
    program.start.session_ends()
    assert "王桂芳" in str(drafts(program))


def test_both_requests_of_the_system_are_heard(program: Program, dressed: QApplication) -> None:
    for name in ("commitDataRequest(QSessionManager&)", "saveStateRequest(QSessionManager&)"):
        assert dressed.receivers(SIGNAL(name)) >= 1, name


def test_the_window_is_closed_while_somebody_types_in_a_file(
    program: Program, tmp_path: Path, qtbot: QtBot
) -> None:
    case = register(program.shell.session.desk, {"name": "周雨桐"}).result().case_id
    program.hub.go_to.emit(GoTo("ledger", subject=case))
    panels = lambda: program.window.findChildren(CaseFilePanel)  # noqa: E731
    program.until(lambda: bool(panels()) and panels()[0].file is not None)
    (panel,) = panels()
    panel.go("overview", "address")

    def lines_in_sight() -> list[TextInput]:
        return [e for e in panel.findChildren(TextInput) if e.isVisible() and not e.isReadOnly()]

    program.until(lambda: bool(lines_in_sight()))
    lines = lines_in_sight()
    lines[0].set_value("刚刚键入的字")
    lines[0].typed.emit("刚刚键入的字")
    program.window.close()
    again = Program(qtbot, tmp_path / "d")
    try:
        again.until_open()
        assert "刚刚键入的字" in str(drafts(again))
    finally:
        again.close()
