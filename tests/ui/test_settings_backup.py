"""备份与恢复: backups made and proven, the way back explained, the second folder, a new recovery code."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.ids import id_source
from jobdesk.host.paths import StationPaths
from jobdesk.host.strings import text
from jobdesk.services.backing_up import BackupLine, BackupState
from jobdesk.services.second_folder import SecondState
from jobdesk.store import sync_moves
from jobdesk.store.creating import NewStation, create_station
from jobdesk.store.keyslots import open_with_recovery
from jobdesk.store.manifest import BackupInfo
from jobdesk.store.safekeeping import back_up
from jobdesk.store.sync_moves import Ask
from jobdesk.ui.hub import Changed
from jobdesk.ui.kit import Banner
from jobdesk.ui.recovery_sheet import code_sheet, pictures_of
from jobdesk.ui.settings import journal_choice
from jobdesk.ui.settings.backup_page import BackupPage
from jobdesk.ui.settings.state import backup_row, backup_said, journal_said, restore_said, second_said
from tests.ui.settings_scene import SettingsScene


@pytest.fixture
def scene(tmp_path: Path, qtbot: QtBot, dressed: QApplication) -> Iterator[SettingsScene]:
    made = SettingsScene(tmp_path, qtbot)
    yield made
    made.close()


def backup_page(scene: SettingsScene) -> BackupPage:
    page = scene.show("backup")
    assert isinstance(page, BackupPage)
    scene.until(lambda: page.words.text() != "" and page.second.folder.text() != "")
    return page


def banner(page: object) -> str:
    found = [b.sentence for b in page.findChildren(Banner) if not b.isHidden()]  # type: ignore[attr-defined]
    return " ".join(found)


def test_a_backup_is_made_proven_and_listed(scene: SettingsScene) -> None:
    page = backup_page(scene)
    assert page.words.text() == text("settings.backup_none")
    page.now.click()
    assert not page.now.isEnabled() and not page.line.isHidden()
    scene.until(lambda: page.listed.table.rows.rowCount() == 1)
    assert page.now.isEnabled() and page.line.isHidden()
    assert text("settings.backup_made", count=3) in banner(page)
    page.listed.prove.click()
    scene.until(lambda: "完好" in str(page.listed._proof.values()))
    page.listed.take_other(scene.folder / "nothing.jdbk")
    scene.until(lambda: "nothing.jdbk" in banner(page))


def test_the_way_back_says_what_would_be_missing_and_asks_the_root(scene: SettingsScene) -> None:
    asked: list[tuple[BackupInfo, Path | None]] = []
    scene.ctx.request_restore = lambda info, journal: asked.append((info, journal))
    info = back_up(scene.station, "manual").result()
    scene.person("王芳")
    page = backup_page(scene)
    scene.until(lambda: page.listed.restore.isEnabled())
    page.listed.restore.click()
    assert not page.listed.panel.isHidden() and not page.listed.go.isEnabled()
    scene.until(page.listed.go.isEnabled)
    assert (
        "1 条操作" in page.listed.panel_more.text() and "station.replaced-" in page.listed.panel_more.text()
    )
    go = page.listed.go  # in sight whole, without scrolling
    scene.until(lambda: go.visibleRegion().boundingRect() == go.rect())
    page.listed.go.click()
    assert asked == [(info, None)]
    assert not page.listed.go.isEnabled(), "not twice"


def test_the_way_back_counts_what_was_saved_since_the_list_was_read(scene: SettingsScene) -> None:
    """The list named the operations as of the opening of the page, and so did 从此备份恢复."""
    scene.ctx.request_restore = lambda _info, _journal: None
    info = back_up(scene.station, "manual").result()
    page = backup_page(scene)
    scene.until(lambda: page.listed.restore.isEnabled())
    scene.person("王芳")
    page.listed.restore.click()
    scene.until(page.listed.go.isEnabled)
    assert "备份之后的 1 条操作" in page.listed.panel_more.text()
    listed = page.listed._rows([str(info.path)])[0].cells["behind"]
    assert listed.text == backup_row(page.listed._lines[str(info.path)])["behind"] != "0"
    ask = Ask("k", "withdraw", "x", {"answers": "n"}, 1)
    scene.station.file.write(lambda w: sync_moves.put_ask(w.con, ask)).result()
    scene.person("李建")  # beside the open question
    scene.ctx.hub.changed.emit(Changed(whole=True))
    scene.until(lambda: "备份之后的 2 条操作" in page.listed.panel_more.text())
    assert "1 件请求或答复还没有送达" in page.listed.panel_more.text(), "no journal has them"


def test_the_folder_of_the_journal_is_looked_at_when_it_is_chosen(scene: SettingsScene) -> None:
    """It was found out after the station was closed for the restore."""
    asked: list[Path | None] = []
    scene.ctx.request_restore = lambda _info, journal: asked.append(journal)
    back_up(scene.station, "manual").result()
    scene.person("王芳")
    page = backup_page(scene)
    listed = page.listed
    scene.until(lambda: listed.restore.isEnabled())
    listed.restore.click()
    scene.until(listed.go.isEnabled)
    assert banner(page) == text("settings.restore_ready")
    nothing = scene.folder / "nothing"
    nothing.mkdir()
    listed.journal.take(nothing)
    assert not listed.go.isEnabled(), "not before it was looked at"
    scene.until(lambda: text("error.journal_missing", path=str(nothing)) in banner(page))
    assert not listed.go.isEnabled() and text("settings.restore_ready") not in banner(page)
    (nothing / "journal").mkdir()
    listed.journal.take(nothing)
    scene.until(lambda: text("settings.restore_journal_empty") in banner(page))
    assert listed.go.isEnabled(), "an empty one may be the right one"
    second = scene.folder / "second"
    listed.journal.take(second)
    scene.until(lambda: banner(page) == text("settings.restore_ready"))
    listed.go.click()
    assert asked == [second]


def test_before_the_list_is_read_no_button_does_nothing(scene: SettingsScene) -> None:
    scene.ctx.request_restore = lambda _info, _journal: None
    page = scene.show("backup")
    assert isinstance(page, BackupPage)
    assert not page.listed.restore.isEnabled() and not page.listed.prove.isEnabled()


def test_a_bug_of_ours_is_no_folder_that_is_away(
    scene: SettingsScene, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = backup_page(scene)

    def broken(_folder: Path, _station: str) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(journal_choice, "look_at_journal", broken)
    with qtbot.captureExceptions() as raised:
        page.listed.journal.take(None)
        scene.until(lambda: bool(raised))
    assert text("settings.restore_journal_away") not in banner(page)


def test_a_broken_backup_and_one_of_another_station_are_not_restored(scene: SettingsScene) -> None:
    scene.ctx.request_restore = lambda _i, _j: pytest.fail("must not be asked")
    info = back_up(scene.station, "manual").result()
    content = bytearray(info.path.read_bytes())
    content[5000] ^= 1
    info.path.write_bytes(content)
    page = backup_page(scene)
    scene.until(lambda: page.listed.restore.isEnabled())
    page.listed.restore.click()
    scene.until(lambda: info.path.name in banner(page))
    page.listed.go.click()
    clock = FixedClock.at(2026, 11, 16)
    other, _, _ = create_station(
        StationPaths(scene.folder / "other"), NewStation({"name": "x"}, "y"), clock, id_source(clock),
        key_file=scene.folder / "key2",
    )  # fmt: skip
    theirs = back_up(other, "manual").result()
    other.close()
    page.listed.take_other(theirs.path)
    scene.until(lambda: text("settings.restore_other_key") in banner(page))
    page.listed.go.click()


def test_a_folder_that_is_gone_is_said_with_what_still_works(scene: SettingsScene) -> None:
    shutil.move(scene.folder / "second", scene.folder / "pulled")
    scene.person("王芳")
    page = backup_page(scene)
    scene.until(lambda: page.second.standing.words.text() == text("settings.second_missing"))
    assert page.second.standing.more.text() == text("settings.second_still_works")
    assert not page.second.retry.isHidden()
    shutil.move(scene.folder / "pulled", scene.folder / "second")
    page.second.retry.click()
    scene.until(lambda: page.second.journal.words.text() == text("settings.journal_level"))


def test_another_second_folder_gets_a_backup_at_once(scene: SettingsScene) -> None:
    page = backup_page(scene)
    page.second.take(scene.folder / "elsewhere")
    scene.until(lambda: page.listed.table.rows.rowCount() == 1)
    assert list((scene.folder / "elsewhere" / "backups").glob("*.jdbk"))
    page.second.take(scene.paths.data / "inside")
    scene.until(lambda: str(scene.paths.data / "inside") in banner(page))


def test_a_new_code_counts_only_after_two_groups_were_asked_back(scene: SettingsScene) -> None:
    page = backup_page(scene)
    keys = page.keys
    scene.until(lambda: keys.slots.count() == 2)
    keys.new_code.click()
    code = keys._code
    assert code is not None and keys.grid.count() == 8
    keys.install.click()
    assert all(f.problem for f in keys.fields)
    page.leave()
    assert keys._code is None and keys.panel.isHidden()
    assert open_with_recovery(scene.paths.keyslots, scene.code.text)
    keys.new_code.click()
    code = keys._code
    assert code is not None
    for line, number in zip(keys.lines, keys._asked, strict=True):
        line.setText(code.groups[number].lower())
    keys.install.click()
    scene.until(lambda: keys.panel.isHidden())
    assert open_with_recovery(scene.paths.keyslots, code.text).key == scene.station.key


def test_the_sheet_with_the_code_has_every_group(scene: SettingsScene) -> None:
    from jobdesk.reports.preview import Pages

    groups = scene.code.groups
    data = code_sheet(groups, "南岭街道", "220102001", "/mnt/二", "于晓梅", scene.clock, False)
    with Pages(data) as pages:
        text_of = "".join(pages.text(n) for n in range(pages.count)).replace(" ", "")
    assert all(g in text_of for g in groups) and "南岭街道" in text_of
    assert pictures_of(data)[0].width > 2000


def test_the_words_say_what_the_numbers_mean(tmp_path: Path) -> None:
    info = BackupInfo(tmp_path / "x.jdbk", "f", "daily", 1_794_700_000_000, 1, 10, {"op": 20}, "", "")
    fresh = BackupState((BackupLine(info, 20, 0, True),), 20, 1)
    old = BackupState((BackupLine(info, 20, 7, True),), 27, 9)
    assert backup_said(fresh).tone == "ok" and backup_said(old).tone == "warn"
    assert "9" in backup_said(old).more and "7" in backup_said(old).more
    assert backup_said(BackupState((), 0, None)).tone == "bad"
    other_life = restore_said(BackupLine(info, None, None, False), "kept.db")
    assert text("settings.restore_lost_unknown") in other_life.more and "kept.db" in other_life.more
    assert text("settings.restore_lost_none") in restore_said(BackupLine(info, 20, 0, True), "k").more
    for behind in (7, None):  # what was sent is at the server
        synced = restore_said(BackupLine(info, 20, behind, False, synced=True), "k").more
        assert "联网同步后收回" in synced
        assert "联网" not in restore_said(BackupLine(info, 20, behind, False), "k").more
    none = SecondState(None, "none", 0, None)
    assert second_said(none).tone == "warn"
    # without a second folder nothing may say that a second copy was written
    assert journal_said(none).sentence == text("settings.journal_level_beside")
    assert second_said(none, practice=True).tone == "ink"
    assert journal_said(SecondState(tmp_path, "good", 0, None)).tone == "ok"
    assert journal_said(SecondState(tmp_path, "missing", 3, None)).sentence.startswith("有 3 条")
