"""A county's desk, place by place: what only a station can do is greyed with the reason, or not there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from jobdesk.host.strings import text
from jobdesk.services.vacancies import add_vacancy
from jobdesk.services.walk_ins import note_walk_in
from jobdesk.ui.casefile.panel import CaseFilePanel
from jobdesk.ui.hub import GoTo
from jobdesk.ui.walk_ins.screen import WalkInsScreen
from tests.ui.sync_scene import SyncScene

PLACES = (
    "today", "ledger", "households", "walk_ins", "vacancies", "policies", "month", "sync", "settings",
    "doubts", "conflicts", "moves", "assignments",
)  # fmt: skip
BEGIN = (
    "ledger.register", "ledger.bring_in", "ledger.import", "today.do_import", "today.do_register",
    "households.new", "vacancies.new", "vacancies.take_button", "walk_ins.keep", "assignments.take_in",
    "moves.ask_in", "casefile.add_household", "settings.import_more",
)  # fmt: skip


@pytest.fixture
def county(tmp_path: Path, qtbot: QtBot, dressed: QApplication) -> Iterator[SyncScene]:
    with closing(SyncScene(tmp_path, qtbot, enrolled=False)) as made:
        station = made.other("a")
        made.pc.enrol("220102", "county")
        station.open_case("c1", "赵国强")
        note_walk_in(station.desk, {"name": "孙某", "matter": "问政策"}).result()
        add_vacancy(station.desk, {"unit": "某厂", "post": "保洁"}).result()
        station.sync_well()
        made.pc.sync()
        made.start()
        made.until(lambda: made.shell.ctx.above)
        yield made


def offered(scene: SyncScene) -> list[str]:
    """Words of the buttons in sight that can be pressed."""
    return [
        b.accessibleName() or b.text() for b in scene.window.findChildren(QPushButton)
        if b.isVisible() and b.isEnabled()
    ]  # fmt: skip


def test_no_place_offers_to_begin_a_file(county: SyncScene) -> None:
    begin = {text(key) for key in BEGIN}
    for place in PLACES:
        county.hub.go_to.emit(GoTo(place))
        assert not begin.intersection(offered(county)), place
    county.hub.go_to.emit(GoTo("settings", part="imports"))
    assert not begin.intersection(offered(county))


def test_what_is_greyed_says_why(county: SyncScene) -> None:
    county.hub.go_to.emit(GoTo("ledger"))
    buttons = [b for b in county.window.findChildren(QPushButton) if b.accessibleName() == "登记人员"]
    shown = [b for b in buttons if b.isVisible()]
    assert shown and all(not b.isEnabled() and b.toolTip() == text("error.only_stations") for b in shown)


def test_keys_and_doors_say_it_too(county: SyncScene) -> None:
    for place in ("ledger", "households", "vacancies"):
        county.hub.go_to.emit(GoTo(place))
        page = county.window.page(place)
        assert page is not None
        county.said.clear()
        keys = [k for k in page.findChildren(QShortcut) if k.key() == QKeySequence("Ctrl+N")]
        assert len(keys) == 1
        keys[0].activated.emit()
        assert county.said[-1].text == text("error.only_stations")
        assert county.window.at == place
    county.shell.ctx.go("register")
    county.shell.ctx.go("import")
    assert county.window.at == "vacancies"


def test_lines_of_stations_are_read_and_none_is_written(county: SyncScene) -> None:
    county.hub.go_to.emit(GoTo("walk_ins"))
    page = county.window.page("walk_ins")
    assert isinstance(page, WalkInsScreen)
    county.until(lambda: bool(page.table.current_id()) or page.table.rows.rowCount() == 1)
    assert page.view.above.isVisible() and not page.view.name.isVisible()
    page.table.setCurrentIndex(page.table.rows.index(0, 0))
    county.until(lambda: page.view.open_file.toolTip() == text("error.only_stations"))
    page.open_file()
    assert county.said[-1].text == text("error.only_stations")


def test_the_menu_of_a_file_moves_nobody(county: SyncScene) -> None:
    county.hub.go_to.emit(GoTo("ledger", "c1"))
    panel = county.window.findChild(CaseFilePanel)
    assert panel is not None
    county.until(lambda: panel.file is not None)
    words = [line[0] for line in panel.actions_.menu() if line]
    assert text("moves.ask_out") not in words and "结束帮扶" in words


def test_a_station_offers_all_of_it(tmp_path: Path, qtbot: QtBot, dressed: QApplication) -> None:
    with closing(SyncScene(tmp_path, qtbot)) as scene:
        scene.start()
        scene.hub.go_to.emit(GoTo("ledger"))
        scene.until(lambda: "登记人员" in offered(scene))
        scene.hub.go_to.emit(GoTo("walk_ins"))
        scene.until(lambda: text("walk_ins.keep") in offered(scene))
