"""What IT has decided is shown greyed on the first page and is never in the clerk's way."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from jobdesk.ui.first_run.screen import FirstRunScreen
from tests.ui.test_start import Program

Make = Callable[..., Program]


@pytest.fixture
def begin(
    qtbot: QtBot, dressed: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Make]:
    made: list[Program] = []

    def one(**policy: object) -> Program:
        (tmp_path / "policy.json").write_text(json.dumps(policy))
        monkeypatch.setattr("jobdesk.host.policy_settings.POLICY_FILE", tmp_path / "policy.json")
        made.append(Program(qtbot, tmp_path / "d"))
        return made[-1]

    yield one
    for program in made:
        program.close()


def page_of(program: Program) -> FirstRunScreen:
    page = program.page
    assert isinstance(page, FirstRunScreen)
    return page


def fill_and_make(program: Program) -> None:
    page = page_of(program)
    page.view.start.unit.editor.set_value("南岭街道")  # type: ignore[attr-defined]
    page.view.start.clerk.editor.set_value("于晓梅")  # type: ignore[attr-defined]
    page._read_start()
    page.view.start.next.click()
    groups = page._code.split("-")
    for field, number in zip((page.view.code.first, page.view.code.second), page._asked, strict=True):
        field.editor.set_value(groups[number])  # type: ignore[attr-defined]
    page.view.code.make.click()
    program.until_open()


def test_station_and_second_folder_are_taken_and_greyed(begin: Make, tmp_path: Path) -> None:
    (tmp_path / "share").mkdir()
    program = begin(StationCode="220102001", SecondFolder=str(tmp_path / "share" / "pc"))
    start = page_of(program).view.start
    assert not start.place_editor.isEnabled() and not start.folder_editor.isEnabled()
    assert "由单位统一设置" in start.place._hint.text() and "220102001" in start.place._hint.text()
    assert "由单位统一设置" in start.second._hint.text()
    fill_and_make(program)
    assert program.shell.session.station.paths.second == tmp_path / "share" / "pc"
    assert list((tmp_path / "share" / "pc" / "journal").iterdir())
    assert not (tmp_path / "d" / "jobdesk.toml").exists()
    assert program.troubles == []


def test_a_folder_that_is_not_there_yet_does_not_stop_the_station(begin: Make, tmp_path: Path) -> None:
    program = begin(SecondFolder=str(tmp_path / "nowhere" / "deep"))
    assert "现在写不进去" in page_of(program).view.start.second._hint.text()
    page_of(program)._search_place("nljd")
    page_of(program)._take_place(page_of(program).view.start.place_editor.finds.item(0))
    fill_and_make(program)
    assert program.people() == 0


def test_a_code_that_is_in_no_list_is_told_and_the_clerk_chooses(begin: Make) -> None:
    program = begin(StationCode="999999999")
    start = page_of(program).view.start
    assert start.place_editor.isEnabled() and "999999999" in start.place._hint.text()


def test_a_wrong_enrolment_code_is_told_and_the_program_works(begin: Make, tmp_path: Path) -> None:
    program = begin(EnrolmentCode="0020-G30G-2GC1-R83G", StationCode="220102001")
    assert [getattr(e, "code", "") for e in program.troubles] == ["policy_value"]
    assert "登记码有错字" in str(getattr(program.troubles[0], "params", ""))
    fill_and_make(program)
    logs = "".join(p.read_text("utf-8") for p in (tmp_path / "d" / "logs").iterdir())
    assert "EnrolmentCode enrolment_code_check" in logs and "R83" not in logs
