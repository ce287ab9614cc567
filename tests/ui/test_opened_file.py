"""A double click on a file from a stick: it is looked at, and the way to the station stays open."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from jobdesk.host.opened_file import lines_of, look_at
from jobdesk.host.pack_kinds import EXCHANGE_MAGIC
from jobdesk.host.signed_pack import new_key, packed, public_bytes_of, publisher_key
from jobdesk.protocol.sealing import MAGIC
from jobdesk.ui.first_run.screen import FirstRunScreen
from jobdesk.ui.opening.file_page import OpenedFilePage
from jobdesk.ui.settings.screen import SettingsScreen
from jobdesk.ui.shell import Shell
from tests.ui import test_start
from tests.ui.test_start import Program

KEY = new_key()
OURS = publisher_key(public_bytes_of(KEY), "某县就业局")


def file_of(folder: Path, kind: str) -> Path:
    path = folder / "来自县里的 文件.jobdesk"
    path.write_bytes(packed(kind, "某县", 2, date(2026, 11, 1), {"a": b"x"}, KEY))
    return path


@pytest.mark.parametrize(
    ("kind", "keys", "title", "problem", "way"),
    [
        ("letter", (OURS,), "letter", "", "不认识"),
        ("rules", (OURS,), "规则包", "", "“规则包”"),
        ("calendar", (OURS,), "工作日历", "", "“规则包”"),
        ("update", (OURS,), "程序更新", "", "管理员"),
        ("poem", (OURS,), "poem", "", "不认识"),
        ("rules", (), "规则包", "不在本机认可的名单", "没有改动"),
    ],
)
def test_what_is_said(
    tmp_path: Path, kind: str, keys: tuple[object, ...], title: str, problem: str, way: str
) -> None:
    found = look_at(file_of(tmp_path, kind), keys)  # type: ignore[arg-type]
    assert found.title == title and way in found.way_on
    assert problem in found.problem and bool(problem) == bool(found.problem)
    assert (found.publisher == "某县就业局") == (not problem)


def test_what_cannot_be_read(tmp_path: Path) -> None:
    whole = file_of(tmp_path, "rules")
    whole.write_bytes(whole.read_bytes()[:100])
    for path in (whole, tmp_path / "absent.jobdesk", tmp_path):
        found = look_at(path, (OURS,))
        assert found.header is None and found.problem and found.title == "读不出来的文件"


def test_an_exchange_file_is_told_though_nobody_here_can_read_it(
    qtbot: QtBot, dressed: QApplication, tmp_path: Path
) -> None:
    path = tmp_path / "南岭街道服务站-回执-20261121-003-7F2A.jobdesk"
    path.write_bytes(MAGIC + bytes(400))
    assert MAGIC == EXCHANGE_MAGIC
    found = look_at(path, (OURS,))
    assert (found.title, found.problem, found.can_be_taken) == ("无网络交换文件", "", False)
    page = OpenedFilePage(found, lambda: None, lambda: None)
    qtbot.addWidget(page)
    assert "读回" in page.told.sentence and lines_of(found)[0] == "无网络交换文件"


def test_the_page_and_on_to_the_station(
    qtbot: QtBot, dressed: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = file_of(tmp_path, "exchange")
    parse = test_start.arguments.parse
    monkeypatch.setattr(test_start.arguments, "parse", lambda argv: parse([*argv, str(file)]))
    program = Program(qtbot, tmp_path / "d")
    try:
        program.until(lambda: isinstance(program.page, OpenedFilePage))
        page = program.page
        assert isinstance(page, OpenedFilePage)
        assert "不在本机认可的名单" in page.told.sentence
        page.to_station.click()
        program.until(lambda: isinstance(program.page, FirstRunScreen))
        assert program.troubles == []
    finally:
        program.close()


def test_a_rule_pack_leads_to_where_it_is_taken_in(
    qtbot: QtBot, dressed: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Program(qtbot, tmp_path / "d")
    test_start._first_run(first, tmp_path / "stick")
    first.until_open()
    first.close()
    (tmp_path / "policy.json").write_text(
        json.dumps({"Publishers": {"某县就业局": OURS.text.partition("=")[2]}})
    )
    monkeypatch.setattr("jobdesk.host.policy_settings.POLICY_FILE", tmp_path / "policy.json")
    file = file_of(tmp_path, "rules")
    parse = test_start.arguments.parse
    monkeypatch.setattr(test_start.arguments, "parse", lambda argv: parse([*argv, "open", str(file)]))
    program = Program(qtbot, tmp_path / "d")
    try:
        program.until(lambda: isinstance(program.page, OpenedFilePage))
        page = program.page
        assert isinstance(page, OpenedFilePage)
        page.to_station.click()
        program.until(lambda: isinstance(program.start._shell, Shell) and program.window.at == "settings")
        screen = program.window.page("settings")
        assert isinstance(screen, SettingsScreen) and screen.at == "packs"
    finally:
        program.close()
