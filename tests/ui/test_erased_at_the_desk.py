"""The word that somebody is erased comes while the file lies open: it is said, and nothing more is written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from jobdesk.cases.ops import Kind, NewOp, Subject
from jobdesk.host.strings import text
from jobdesk.services.drafting import find_drafts
from jobdesk.services.editing import add_record
from jobdesk.ui.casefile.overview import OverviewPage
from jobdesk.ui.casefile.panel import CaseFilePanel
from jobdesk.ui.hub import GoTo
from jobdesk.ui.notices import NoticeBar, words_of
from tests.sync.ground import PC
from tests.ui.sync_scene import SyncScene


@pytest.fixture
def scene(tmp_path: Path, qtbot: QtBot, dressed: QApplication) -> Iterator[SyncScene]:
    made = SyncScene(tmp_path, qtbot)
    yield made
    made.close()


def opened(scene: SyncScene) -> tuple[CaseFilePanel, PC]:
    """The file beside the list, and a colleague's PC that has it too."""
    scene.pc.open_case("c1", "赵国强")
    scene.pc.sync_well()
    two = scene.other()
    two.sync_well()
    scene.start()
    scene.until(lambda: scene.pill.endswith("已同步"))
    scene.hub.go_to.emit(GoTo("ledger", "c1"))
    panel = scene.window.findChild(CaseFilePanel)
    assert panel is not None
    scene.until(lambda: panel.file is not None and panel.file.state.exists)
    return panel, two


def erase(scene: SyncScene, two: PC) -> None:
    """By the colleague; this PC asks at once."""
    two.desk.act([NewOp(Kind.ERASED, Subject("case", "c1"), {"reason": "request"})]).result()
    two.sync_well()
    scene.watch.now()


def test_it_is_said_and_nothing_more_is_written(scene: SyncScene) -> None:
    panel, two = opened(scene)
    erase(scene, two)
    scene.until(lambda: panel._empty.sentence.text() == text("casefile.erased"))  # pyright: ignore
    scene.until(lambda: panel._outer.currentWidget() is panel._gone)  # pyright: ignore
    ctx, ops = scene.shell.ctx, scene.pc.ops()
    ctx.save(add_record(ctx.desk, Subject("case", "c1"), "service", {"content": "电话"}), panel, "")
    scene.until(lambda: bool(scene.troubles))
    (told,) = scene.troubles
    scene.troubles.clear()
    assert words_of(told).sentence == text("error.subject_erased") and words_of(told).kind != "bug"
    assert isinstance(scene.window.notices, NoticeBar) and scene.pc.ops() == ops


def test_what_was_typed_goes_with_the_person(scene: SyncScene) -> None:
    """The form that lay open wrote it anew when it was left."""
    panel, two = opened(scene)
    page = panel.pages["overview"]
    assert isinstance(page, OverviewPage)
    form = page.sections["contact"].form
    form.set_typed({"phone": "19966660001"})
    form.keep()
    scene.until(lambda: len(find_drafts(scene.pc.desk).result()) == 1)
    form.set_typed({"phone": "19966660002"})
    erase(scene, two)
    gone = panel._gone  # pyright: ignore[reportPrivateUsage]
    scene.until(lambda: panel._empty.sentence.text() == text("casefile.erased"))  # pyright: ignore
    scene.until(lambda: gone.isVisible())
    scene.hub.go_to.emit(GoTo("today"))
    scene.shell.keep_drafts()
    assert find_drafts(scene.pc.desk).result() == [] and gone.unsaved.rows == []
