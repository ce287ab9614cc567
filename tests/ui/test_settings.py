"""设置: sections by keyboard, name and people, rules, records, the theme."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from jobdesk.cases.ops import Subject, fields_set
from jobdesk.host import template_files
from jobdesk.host.settings_file import read_settings
from jobdesk.host.strings import text
from jobdesk.services import staffing
from jobdesk.services.editing import opening
from jobdesk.services.revealing import log_look
from jobdesk.services.settings import FIGURE, FORBID_UNMASKED, STEPS_CIRCLES, station_settings
from jobdesk.ui import theme
from jobdesk.ui.hub import GoTo
from jobdesk.ui.kit import DropDown
from jobdesk.ui.settings.about_page import AboutPage
from jobdesk.ui.settings.conflicts_page import ConflictsPage
from jobdesk.ui.settings.display_page import DisplayPage
from jobdesk.ui.settings.imports_page import ImportsPage
from jobdesk.ui.settings.practice_page import PracticePage
from jobdesk.ui.settings.privacy_page import PrivacyPage
from jobdesk.ui.settings.rules_page import RulesPage
from jobdesk.ui.settings.staff_page import StaffPage
from jobdesk.ui.settings.state import (
    FIGURE_LIMITS,
    SECTIONS,
    figure_name,
    read_figure,
    reason,
    size,
    unit_name,
)
from jobdesk.ui.settings.unit_page import UnitPage
from tests.ui.settings_scene import SettingsScene


@pytest.fixture
def scene(tmp_path: Path, qtbot: QtBot, dressed: QApplication) -> Iterator[SettingsScene]:
    made = SettingsScene(tmp_path, qtbot)
    yield made
    made.close()


def press(page: QWidget, name: str, at: int = 0) -> None:
    found = [b for b in page.findChildren(QPushButton) if b.accessibleName() == name and not b.isHidden()]
    found[at].click()


def settings(scene: SettingsScene) -> dict[str, object]:
    desk = scene.ctx.desk
    return dict(desk.read(lambda con: station_settings(con, desk)).result())


def test_every_section_opens_by_keyboard(scene: SettingsScene) -> None:
    scene.show("unit")
    places = scene.screen.view.places
    for key, _ in SECTIONS[1:]:
        scene.qtbot.keyClick(places, Qt.Key.Key_Down)
        assert scene.screen.at == key
        assert scene.screen.view.pages.currentWidget() is scene.screen.section(key)
    scene.show("staff")
    assert scene.screen.at == "staff"
    scene.screen.arrive(GoTo("settings", part="nowhere"))
    assert scene.screen.at == "staff", "an unknown part leaves the section that was in sight"


def test_the_unit_is_renamed_and_the_former_name_stays_in_sight(scene: SettingsScene) -> None:
    page = scene.show("unit")
    assert isinstance(page, UnitPage)
    scene.until(lambda: page.name_line.value() == "南岭街道")
    assert page.told.text() == text("settings.unit_shown")
    page.name_line.setText("")
    page.save.click()
    assert page.name.problem == text("settings.unit_name_needed")
    scene.clock.tick()
    page.name_line.setText("南岭街道综合服务中心")
    page.place_editor.line.setText("nljd")
    page.save.click()
    assert page.place.problem == text("settings.unit_place_choose")
    page.arrive()
    scene.until(lambda: page.place_editor.finds.count() > 0)
    assert page.name_line.value() == "南岭街道综合服务中心", "a reload leaves what was typed"
    scene.qtbot.keyClick(page.place_editor.line, Qt.Key.Key_Return)
    assert page.place_editor.taken is not None
    page.save.click()
    scene.until(lambda: bool(scene.said))
    scene.until(lambda: page.past.count() > 2)
    assert scene.said[0].undo is not None


def test_somebody_leaves_and_hands_over_and_comes_back(scene: SettingsScene) -> None:
    case = scene.person("王芳", owner=scene.staff)
    page = scene.show("staff")
    assert isinstance(page, StaffPage)
    end = text("settings.staff_end")
    scene.until(lambda: len([b for b in page.findChildren(QPushButton) if b.accessibleName() == end]) == 2)
    press(page, end)
    do = text("settings.staff_end_do")

    def ready() -> bool:
        return any(b.accessibleName() == do and b.isEnabled() for b in page.findChildren(QPushButton))

    scene.until(ready)
    press(page, do)
    pick = next(d for d in page.findChildren(DropDown) if d.isVisible())
    assert not scene.said, "without a successor nothing is done"
    pick.set_value(pick._options[0].value)
    press(page, do)
    scene.until(lambda: bool(scene.said))
    desk = scene.ctx.desk
    assert desk.actor != scene.staff, "the successor goes on at the desk"
    assert desk.case(case).result().root.text("owner") == desk.actor
    undo = scene.said[0].undo
    assert undo is not None and "1" in scene.said[0].text
    undo()
    scene.until(lambda: desk.case(case).result().root.text("owner") == scene.staff)


def test_a_name_is_asked_for_and_two_alike_are_told_apart(scene: SettingsScene) -> None:
    page = scene.show("staff")
    assert isinstance(page, StaffPage)
    scene.until(lambda: page._list.count() == 2)
    page.add_button.click()
    assert page.add.problem == text("settings.staff_name_needed")
    page.add_name.setText("王强")
    page.add_button.click()
    assert page.add.problem == text("settings.staff_same_name")
    page.add_name.setText("尉迟单秀英")
    page.add_button.click()
    scene.until(lambda: page._list.count() == 3)
    press(page, text("settings.staff_act"), 0)
    assert scene.ctx.desk.actor != scene.staff
    press(page, text("settings.staff_bind"), 0)
    scene.until(lambda: any(s.account for s in staff(scene)))


def staff(scene: SettingsScene) -> list[staffing.StaffMember]:
    desk = scene.ctx.desk
    return desk.read(lambda con: staffing.staff_of(con, desk)).result()


def test_figures_are_read_when_left_and_given_back_when_emptied(scene: SettingsScene) -> None:
    page = scene.show("rules")
    assert isinstance(page, RulesPage)
    scene.until(lambda: "contact_months" in page.figures.inputs)
    line = page.figures.inputs["contact_months"]
    line.setText("很久")
    line.editingFinished.emit()
    assert page.figures.problems["contact_months"].text() == text("settings.figure_range", least=0, most=999)
    line.setText("2")
    line.editingFinished.emit()
    scene.until(lambda: settings(scene).get(FIGURE + "contact_months") == 2)
    scene.until(lambda: page.figures.inputs["contact_months"] is not line)
    again = page.figures.inputs["contact_months"]
    assert again.value() == "2"
    again.setText("")
    again.editingFinished.emit()
    scene.until(lambda: settings(scene).get(FIGURE + "contact_months") is None)
    scene.until(lambda: page.figures.inputs["contact_months"].value() == "1")


def test_template_counting_and_circles_are_saved_at_once(scene: SettingsScene) -> None:
    page = scene.show("rules")
    assert isinstance(page, RulesPage)
    scene.until(lambda: "unemployed" in page.ticks)
    page.ticks["unemployed"].click()
    scene.until(lambda: settings(scene).get(STEPS_CIRCLES) == ["unemployed"])
    scene.until(lambda: page.ticks["unemployed"].isChecked())
    page.counting.chosen.emit("joined")
    scene.until(lambda: page.counting.value() == "joined")
    page.templates.chosen.emit("CN-131")
    scene.until(lambda: page.templates.value() == "CN-131")
    assert len(scene.said) == 3 and all(n.undo for n in scene.said)


def test_unmasked_is_forbidden_and_the_log_is_filtered_and_exported(
    scene: SettingsScene, tmp_path: Path
) -> None:
    case = scene.person("欧阳王芳")
    log_look(scene.desk, "reveal", subject_id=case, field="id_number").result()
    log_look(scene.desk, "export", field="unmasked", count=12, reason="县局核对").result()
    page = scene.show("privacy")
    assert isinstance(page, PrivacyPage)
    scene.until(lambda: page.table.rows.rowCount() == 2)
    page.search.setText("县局")
    scene.until(lambda: page.table.rows.rowCount() == 1)
    page.export_to(tmp_path / "log.csv")
    scene.until(lambda: (tmp_path / "log.csv").exists() and bool(scene.said))
    written = (tmp_path / "log.csv").read_text("utf-8-sig")
    assert "县局核对" in written and "于晓梅" in written and "王芳" not in written
    page.forbid.click()
    scene.until(lambda: settings(scene).get(FORBID_UNMASKED) is True)


def test_a_conflict_opens_the_file_at_its_field(scene: SettingsScene) -> None:
    case = scene.person("王芳", hukou_place="长春")
    state = scene.desk.case(case).result()
    base = state.root.bases("hukou_place")
    page = scene.show("conflicts")
    assert isinstance(page, ConflictsPage)
    scene.until(lambda: page.stack.currentIndex() == 1)
    for value in ("四平", "吉林"):
        op = fields_set(state.subject, "case", case, {"hukou_place": value}, base)
        scene.station.file.write(lambda w, op=op: w.append(scene.staff, [op])).result()
    scene.show("conflicts")
    scene.until(lambda: page.table.rows.rowCount() == 1)
    page.open.click()
    assert [(g.place, g.subject, g.part, g.detail) for g in scene.gone] == [
        ("ledger", case, "overview", "hukou_place")
    ]


def test_imports_lead_to_their_rows_and_to_their_undoing(scene: SettingsScene) -> None:
    page = scene.show("imports")
    assert isinstance(page, ImportsPage)
    scene.until(lambda: page.stack.currentIndex() == 1)
    one = scene.desk.new_id()
    body = {
        "file_name": "台账三.xlsx",
        "state": "applied",
        "imported_on": "2026-11-02",
        "counts": {"rows": 3},
    }
    scene.desk.act([opening(Subject("import", one), "import", one, body)]).result()
    scene.show("imports")
    scene.until(lambda: page.table.rows.rowCount() == 1)
    page.open.click()
    page.undo.click()
    assert [(g.place, g.subject, g.part) for g in scene.gone] == [
        ("import", one, ""),
        ("import", one, "undo"),
    ]


def test_the_theme_switches_at_once_and_is_kept(scene: SettingsScene) -> None:
    page = scene.show("display")
    assert isinstance(page, DisplayPage)
    scene.until(lambda: page.themes.value() == "system")
    page.themes.chosen.emit("dark")
    assert theme.mode() == "dark"
    scene.until(lambda: read_settings(scene.paths.settings).get("theme") == "dark")
    page.themes.chosen.emit("light")
    assert theme.mode() == "light"
    scene.until(lambda: read_settings(scene.paths.settings).get("theme") == "light")


def test_the_file_is_proven_with_every_check_said(scene: SettingsScene) -> None:
    page = scene.show("about")
    assert isinstance(page, AboutPage)
    page.check.click()
    assert not page.check.isEnabled()
    scene.until(lambda: page.results.count() == 10)
    assert page.check.isEnabled() and page.line.isHidden()


def test_practice_is_refused_where_nobody_can_open_it(scene: SettingsScene) -> None:
    page = scene.show("practice")
    assert isinstance(page, PracticePage)
    assert not page.open.isEnabled() and not page.reset.isEnabled()
    asked: list[str] = []
    scene.ctx.request_practice = lambda: asked.append("open")
    scene.ctx.request_practice_reset = lambda: asked.append("reset")
    page.arrive()
    page.reset.click()
    assert asked == [], "asked once more before everything there is thrown away"
    page.sure.click()
    page.open.click()
    assert asked == ["reset", "open"]


def test_words_of_the_settings() -> None:
    for figure in template_files.figures().by_key.values():
        assert figure_name(figure.key) != figure.key and unit_name(figure)
        least, most = FIGURE_LIMITS.get(figure.key, (0, 999))
        assert least <= figure.value <= most
    assert read_figure("week_ends_on", "8")[1] and read_figure("week_ends_on", "")[0] is None
    assert read_figure("horizon_days", " 45 ") == (45, "")
    assert read_figure("notice_days", "１２") == (12, ""), "full-width digits are digits"
    assert size(2048) == "2 KB" and size(5 * 1024 * 1024) == "5.0 MB"
    assert reason("before-import") == "导入前" and reason("other") == "other"
