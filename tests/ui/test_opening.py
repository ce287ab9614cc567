"""The page for a station that does not open: code, holder, damage."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.errors import (
    BadInput,
    DamagedFile,
    FileLocked,
    JobdeskError,
    ReadOnly,
    Refused,
    Trouble,
    WrongKey,
)
from jobdesk.cases.ids import id_source
from jobdesk.host.secrets import MemorySecrets, NoKeyring
from jobdesk.host.strings import text
from jobdesk.services import first_start
from jobdesk.services.session import Session
from jobdesk.store.holder import hold, this_process
from jobdesk.store.keyslots import open_with_account
from jobdesk.store.opening import open_station
from jobdesk.store.safekeeping import back_up
from jobdesk.ui.kit import Banner, Button
from jobdesk.ui.opening.screen import OpeningScreen
from jobdesk.ui.opening.state import groups_said, slip_said, way_of
from jobdesk.ui.tasks import Tasks
from tests.stations import make_station


class Door:
    """A closed station of another account, and the page before it."""

    def __init__(self, folder: Path, qtbot: QtBot) -> None:
        self.folder, self.qtbot = folder, qtbot
        self.clock = FixedClock.at(2026, 11, 16)
        made = make_station(folder, self.clock)
        self.paths, station = made.paths, made.station
        self.code, self.key = made.code.text, station.key
        self.backup = back_up(station, "manual").result()
        station.close()
        self.sessions: list[Session] = []
        self.tried: list[int] = []
        self.tasks = Tasks()

    def page(self, error: JobdeskError) -> OpeningScreen:
        made = OpeningScreen(
            error, self.paths, self.clock, self.tasks, self.sessions.append, lambda: self.tried.append(1)
        )
        self.qtbot.addWidget(made)
        made.show()
        return made


@pytest.fixture
def door(tmp_path: Path, qtbot: QtBot, dressed: QApplication) -> Iterator[Door]:
    made = Door(tmp_path, qtbot)
    yield made
    for session in made.sessions:
        session.close()


def banners(page: OpeningScreen) -> str:
    return " ".join(b.sentence for b in page.findChildren(Banner) if not b.isHidden())


def test_the_code_opens_once_and_this_account_gets_its_own_slot(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = MemorySecrets()
    monkeypatch.setattr(first_start, "open_secrets", lambda: kept)
    page = door.page(WrongKey("no_slot_for_account", path="x"))
    assert page.at == "code" and page.view.code.isVisible() and not page.view.damaged.isVisible()
    page.view.code.go.click()
    assert page.view.code.field.problem == text("opening.code_need")
    page.view.code.line.setText(door.code.lower().replace("-", " "))
    assert page.view.code.field.problem == ""
    page.view.code.go.click()
    door.qtbot.waitUntil(lambda: bool(door.sessions), timeout=8000)
    assert open_with_account(door.paths.keyslots, kept).key == door.key
    assert door.sessions[0].station.notes == []


def test_without_a_credential_store_it_opens_and_says_so(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first_start, "open_secrets", lambda: NoKeyring("none"))
    page = door.page(Refused("no_keyring"))
    page.view.code.line.setText(door.code)
    page.view.code.go.click()
    door.qtbot.waitUntil(lambda: bool(door.sessions), timeout=8000)
    assert [t.code for t in door.sessions[0].station.notes] == ["slot_not_kept"]


def test_a_slip_is_named_by_its_group_while_typing_and_after(door: Door) -> None:
    page = door.page(WrongKey("no_slot_for_account", path="x"))
    groups = door.code.split("-")
    wrong = groups[2][:-1] + ("2" if groups[2][-1] != "2" else "3")
    page.view.code.line.setText("-".join((*groups[:2], wrong)))
    assert page.view.code.field.problem == text("opening.group_bad", number="3")
    page.view.code.line.setText("-".join((*groups[:2], wrong, *groups[3:])))
    page.view.code.go.click()
    door.qtbot.waitUntil(lambda: page.view.code.go.isEnabled(), timeout=8000)
    assert page.view.code.field.problem == text("opening.group_bad", number="3") and not door.sessions
    page.view.code.line.setText(door.code[:20])
    page.view.code.go.click()
    door.qtbot.waitUntil(lambda: "40" in page.view.code.field.problem, timeout=8000)


def test_a_code_of_another_station_is_said_and_nothing_opens(door: Door) -> None:
    from jobdesk.store.recovery_code import new_recovery_code

    page = door.page(WrongKey("no_slot_for_account", path="x"))
    page.view.code.line.setText(new_recovery_code().text)
    page.view.code.go.click()
    door.qtbot.waitUntil(lambda: text("error.recovery_code_wrong") in banners(page), timeout=8000)
    assert page.view.code.go.isEnabled() and not door.sessions


def test_the_holder_is_named_and_trying_again_is_offered(door: Door) -> None:
    held = hold(door.paths.lock, this_process(1, "就业帮扶工作台"))
    try:
        with pytest.raises(FileLocked) as caught:
            open_station(door.paths, door.key, door.clock, id_source(door.clock))
        page = door.page(caught.value)
        assert page.at == "locked" and "就业帮扶工作台" in page.view.locked.heading.note.text()
        page.view.retry.click()
        assert door.tried == [1]
        page.show_way("code")
        page.view.code.line.setText(door.code)
        page.view.code.go.click()
        door.qtbot.waitUntil(lambda: page.at == "locked", timeout=8000)
    finally:
        held.release()


def test_a_damaged_file_is_restored_from_a_backup_and_kept(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(first_start, "open_secrets", MemorySecrets)
    door.paths.station.write_bytes(b"\0" * 8192)
    with pytest.raises(DamagedFile) as caught:
        open_station(door.paths, door.key, door.clock, id_source(door.clock))
    page = door.page(caught.value)
    form = page.view.damaged
    assert page.at == "damaged"
    door.qtbot.waitUntil(lambda: form.backups.count() == 1, timeout=8000)
    form.line.setText(door.code)
    form.go.click()
    enter = text("opening.enter")

    def done() -> bool:
        return any(b.accessibleName() == enter for b in page.findChildren(Button))

    door.qtbot.waitUntil(done, timeout=8000)
    next(b for b in page.findChildren(Button) if b.accessibleName() == enter).click()
    assert len(door.sessions) == 1 and door.sessions[0].staff[0].name == "于晓梅"
    assert list(door.paths.data.glob("station.replaced-*"))


def test_without_a_code_the_account_s_own_key_opens_the_backup(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    from jobdesk.store.keyslots import add_account_slot

    kept = MemorySecrets()
    add_account_slot(door.backup.keyslots, door.key, kept, now_ms=1)
    monkeypatch.setattr(first_start, "open_secrets", lambda: kept)
    door.paths.keyslots.unlink()
    page = door.page(DamagedFile("keyslots_damaged", path="x"))
    page.take_backup(door.backup.path)
    page.view.damaged.go.click()
    door.qtbot.waitUntil(lambda: page.view.pages.isHidden(), timeout=8000)
    enter = text("opening.enter")
    next(b for b in page.findChildren(Button) if b.accessibleName() == enter).click()
    assert len(door.sessions) == 1


def test_a_restore_without_a_backup_asks_for_one(door: Door) -> None:
    for left in door.paths.backups.iterdir():
        left.unlink()
    page = door.page(DamagedFile("station_damaged", path="x"))
    door.qtbot.waitUntil(lambda: page.view.damaged.nothing.isVisible(), timeout=8000)
    page.view.damaged.go.click()
    door.qtbot.waitUntil(lambda: text("opening.damaged_need_backup") in banners(page), timeout=8000)


def test_every_error_has_its_way() -> None:
    assert way_of(FileLocked("file_locked", holder="x")) == "locked"
    assert way_of(FileLocked("file_busy", path="x")) == "other"
    assert way_of(WrongKey("wrong_key")) == way_of(Trouble("keyring_unavailable")) == "code"
    assert way_of(DamagedFile("keyslots_missing")) == "damaged"
    assert way_of(ReadOnly("read_only", path="x")) == way_of(Trouble("newer_format")) == "other"
    assert slip_said(BadInput("recovery_code_group", groups=[2, 5])) == text(
        "opening.group_bad", number="2、5"
    )
    assert slip_said(BadInput("recovery_code_length", got=1, want=40)) == "" and groups_said("ABC") == ""
