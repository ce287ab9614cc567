"""设置 · 规则包: a file is looked at, taken in, rolled back; what is refused says why."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from jobdesk.host.settings_file import AppConfig
from jobdesk.host.strings import text
from jobdesk.services.policies import CALENDAR, forget_standing, packs_of
from jobdesk.services.rule_packs import load_packs
from jobdesk.ui.settings.packs_page import PacksPage
from tests.services.packs_made import COUNTY, age_pack, calendar, signed
from tests.ui.settings_scene import SettingsScene


@pytest.fixture
def scene(tmp_path: Path, qtbot: QtBot, dressed: QApplication) -> Iterator[SettingsScene]:
    folder = tmp_path / "station"
    folder.mkdir()
    made = SettingsScene(folder, qtbot)
    made.ctx.read_config = lambda: AppConfig(data="", publishers=COUNTY.text)  # type: ignore[method-assign]
    yield made
    made.close()


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def said(page: QWidget) -> str:
    return "\n".join(label.text() for label in page.findChildren(QLabel) if not label.isHidden())


def page_of(scene: SettingsScene) -> PacksPage:
    page = scene.show("packs")
    assert isinstance(page, PacksPage)
    scene.until(lambda: text("packs.now_none") in said(page))
    return page


def youngest(scene: SettingsScene) -> int:
    desk = scene.ctx.desk
    return desk.read(lambda con: packs_of(con, desk).number("registration.youngest", desk.today)).result()


def take(scene: SettingsScene, page: PacksPage, path: Path) -> None:
    page.read(path)
    scene.until(
        lambda: page.offer.isVisible() and page.offer.take.isEnabled() and page.offer.offered is not None
    )
    page.offer.take.click()
    scene.until(lambda: page.offer.isHidden())


def test_looked_at_taken_in_and_rolled_back(scene: SettingsScene, out: Path) -> None:
    young = scene.person("小甲", birth="2009-12-01", sex="1")
    page = page_of(scene)
    page.read(signed(out, age_pack(18)))
    scene.until(lambda: page.offer.effects is not None and "劳动年龄从年满16周岁起" in said(page))
    told = said(page)
    assert COUNTY.name in told and "劳动年龄从年满18周岁起" in told and "劳动年龄从年满16周岁起" in told
    effects = page.offer.effects
    assert effects is not None and young in {c.subject for c in effects.changes}
    assert page.offer.names.isVisible() and youngest(scene) == 16
    page.offer.names.table.opened.emit("0")
    assert scene.gone[-1].subject == young
    page.offer.take.click()
    scene.until(lambda: "使用中" in said(page))
    assert youngest(scene) == 18 and "已启用" in scene.said[-1].text
    line = load_packs(scene.ctx.desk).result().history[0]
    page._ask(next(x for x in _lines(page, scene) if x.taken.record == line.record))
    page.go_back.click()
    scene.until(lambda: text("error.rollback_needs_reason") in said(page))
    page._ask(next(x for x in _lines(page, scene) if x.taken.record == line.record))
    page.reason.set_value("文件有误")
    page.go_back.click()
    scene.until(lambda: "退回：文件有误" in said(page))
    assert youngest(scene) == 16


def test_names_that_cannot_be_written_say_why(scene: SettingsScene, out: Path) -> None:
    """The reason stood there in English."""
    scene.person("小甲", birth="2009-12-01", sex="1")
    page = page_of(scene)
    page.read(signed(out, age_pack(18)))
    scene.until(lambda: page.offer.effects is not None and page.offer.names.isVisible())
    there = out / "gone" / "names.xlsx"
    page.offer.names.export_to(there)
    scene.until(lambda: text("error.file_missing", path=str(there)) in said(page))


def _lines(page: PacksPage, scene: SettingsScene) -> list:  # type: ignore[type-arg]
    from jobdesk.ui.settings.packs_state import lines_of

    return lines_of(load_packs(scene.ctx.desk).result(), {})[0]


def test_a_faulty_file_is_refused_by_line(scene: SettingsScene, out: Path) -> None:
    page = page_of(scene)
    page.read(signed(out, age_pack().replace("unit =", "units =")))
    scene.until(lambda: "第 14 行" in said(page))
    assert not page.offer.take.isVisible() and "继续使用原来的规定" in said(page)


def test_an_unknown_publisher_is_told(scene: SettingsScene, out: Path) -> None:
    scene.ctx.read_config = lambda: AppConfig(data="")  # type: ignore[method-assign]
    page = page_of(scene)
    page.read(signed(out, age_pack()))
    scene.until(lambda: page.beside.isVisible())
    assert page.offer.isHidden() and "发布" in said(page.beside)


def test_a_calendar_counts_at_once(scene: SettingsScene, out: Path) -> None:
    page = page_of(scene)
    take(scene, page, signed(out, calendar(2027, "2027-01-01"), name="工作日历", kind=CALENDAR))
    scene.until(lambda: scene.ctx.desk.working_days.known_through.year == 2027)
    scene.until(lambda: "工作日历" in said(page))


def test_a_pack_that_cannot_be_read_is_told(scene: SettingsScene, out: Path) -> None:
    page = page_of(scene)
    take(scene, page, signed(out, age_pack(18)))
    scene.settle()  # else a question that is still open remembers the file once more
    scene.ctx.desk.write(lambda w: w.con.execute("DELETE FROM blob").rowcount).result()
    forget_standing()
    page.arrive()
    scene.until(lambda: "未能使用" in said(page))
    assert youngest(scene) == 16


def test_the_keyboard_stays_on_the_page_after_taking_in_dropping_and_rolling_back(
    scene: SettingsScene, out: Path
) -> None:
    page = page_of(scene)
    before = QLineEdit(page.window())  # as the search box: whoever loses the focus loses it to it
    before.show()
    QWidget.setTabOrder(page.offer.take, before)
    page.window().activateWindow()
    path = signed(out, age_pack(18))
    page.read(path)
    scene.until(lambda: page.offer.effects is not None)
    assert page.window().focusWidget() is page.offer.take
    page.offer.drop.setFocus()
    page.offer.drop.click()
    assert page.window().focusWidget() is page.choose
    take(scene, page, path)
    scene.until(lambda: "使用中" in said(page))
    assert page.window().focusWidget() is page.choose
    page._ask(_lines(page, scene)[0])
    page.reason.set_value("文件有误")
    page.go_back.setFocus()
    page.go_back.click()
    scene.until(lambda: "退回：文件有误" in said(page))
    assert page.window().focusWidget() is page.choose


def test_a_calendar_that_cannot_be_read_is_told_and_can_be_rolled_back(
    scene: SettingsScene, out: Path
) -> None:
    page = page_of(scene)
    take(scene, page, signed(out, calendar(2027, "2027-01-01"), name="工作日历", kind=CALENDAR))
    scene.until(lambda: scene.ctx.desk.working_days.known_through.year == 2027)
    scene.ctx.desk.write(lambda w: w.con.execute("DELETE FROM blob").rowcount).result()
    page.arrive()
    scene.until(lambda: "工作日历“工作日历”第 1 版未能使用：文件不在本机" in said(page))
    assert "按周一至周五推算" in said(page.window())
    (line,) = _lines(page, scene)
    assert line.in_use and not line.usable
    page._ask(line)
    page.reason.set_value("文件丢失")
    page.go_back.click()
    scene.until(lambda: "退回：文件丢失" in said(page))
    scene.until(lambda: "未能使用" not in said(page))
