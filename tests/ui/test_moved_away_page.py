"""台账 beside or under the page of somebody whose file is at another station by now."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from jobdesk.services.moving import answering, asking
from jobdesk.ui.casefile.panel import CaseFilePanel
from jobdesk.ui.hub import GoTo
from jobdesk.ui.ledger.screen import LedgerScreen
from tests.sync.ground import PC
from tests.sync.test_transfers import away, waits
from tests.ui.sync_scene import SyncScene


@pytest.fixture
def scene(tmp_path: Path, qtbot: QtBot, dressed: QApplication) -> Iterator[SyncScene]:
    made = SyncScene(tmp_path, qtbot)
    yield made
    made.close()


def exchange(*pcs: PC) -> None:
    for pc in (*pcs, *pcs):
        pc.sync_well()


def test_the_page_of_somebody_who_moved_away_has_a_name_and_a_cross(scene: SyncScene) -> None:
    """In a narrow window it lay over 登记人员 and the filters, and nothing took it away."""
    other = scene.other("b")
    scene.pc.open_case("c1", "赵大")
    scene.pc.open_case("c2", "钱芳")
    exchange(other, scene.pc)
    asking.ask_out(scene.pc.desk, "c2", "b", "已搬走").result()
    exchange(other, scene.pc)
    answering.accept(other.desk, waits(other)[0].id).result()
    exchange(other, scene.pc)
    assert away(scene.pc) == {"c2": "b"}
    scene.start()
    scene.window.resize(1093, 614)
    scene.hub.go_to.emit(GoTo("ledger", "c1"))
    ledger = scene.window.page("ledger")
    panel = scene.window.findChild(CaseFilePanel)
    assert isinstance(ledger, LedgerScreen) and isinstance(panel, CaseFilePanel)
    scene.until(lambda: panel.file is not None and panel.file.case_id == "c1")
    scene.hub.go_to.emit(GoTo("ledger", "c2"))
    scene.until(lambda: panel.file is not None and panel.file.case_id == "c2")
    gone = panel._gone  # pyright: ignore[reportPrivateUsage]
    scene.until(lambda: not ledger.table.current_id())
    assert gone.isVisible() and gone.cross.isVisible() and gone.name.text() == "钱*"
    assert ledger.view.page.is_folded and ledger.table.selected_count() == 0
    gone.cross.click()
    assert not panel.isVisible() and ledger.view.filters.isVisible()
    ledger.open_person("c1")
    scene.until(lambda: panel.file is not None and panel.file.case_id == "c1" and not gone.isVisible())
