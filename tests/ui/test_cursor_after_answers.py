"""After an answer the cursor stays on the page: in the search line the next key would look for somebody else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from jobdesk.store import sync_told
from jobdesk.ui.casefile.cursor import holds_cursor
from jobdesk.ui.casefile.editors import Veiled
from jobdesk.ui.casefile.move_ask import MoveOutAsk
from jobdesk.ui.casefile.panel import CaseFilePanel
from jobdesk.ui.hub import GoTo
from jobdesk.ui.kit import Scroll
from jobdesk.ui.sync.apart import ApartPanel
from jobdesk.ui.sync.notices import NoticesPanel
from tests.ui.sync_scene import SyncScene
from tests.ui.test_sync_screen import words


@pytest.fixture
def scene(
    tmp_path: Path, qtbot: QtBot, dressed: QApplication, monkeypatch: pytest.MonkeyPatch
) -> Iterator[SyncScene]:
    monkeypatch.setattr("jobdesk.ui.shell.SYNC_MS", 1)
    made = SyncScene(tmp_path, qtbot)
    yield made
    made.close()


def file_found_by_the_header(scene: SyncScene) -> CaseFilePanel:
    scene.pc.open_case("c1", "解春梅")
    scene.pc.set("c1", id_number="229901198311150427")
    scene.pc.sync_well()
    scene.other("b")
    scene.start()
    scene.until(lambda: scene.pill == "已保存 · 已同步")
    scene.window.activateWindow()
    scene.hub.go_to.emit(GoTo("ledger", "c1"))
    scene.until(
        lambda: (panel := scene.window.findChild(CaseFilePanel)) is not None and panel.file is not None
    )
    panel = scene.window.findChild(CaseFilePanel)
    assert panel is not None
    return panel


def test_a_request_that_was_sent_leaves_the_cursor_on_the_page(scene: SyncScene, qtbot: QtBot) -> None:
    panel = file_found_by_the_header(scene)
    line = scene.window.header.search.line
    line.setFocus()
    scene.until(lambda: QApplication.focusWidget() is line)
    panel.actions_.ask_move_out()
    scene.until(lambda: scene.window.findChild(MoveOutAsk) is not None)
    ask = scene.window.findChild(MoveOutAsk)
    assert ask is not None
    scene.until(lambda: QApplication.focusWidget() is ask.finder.line)
    ask.put_back({"words": "乙站", "reason": "已搬走"})
    scene.until(lambda: ask.finder.station is not None or bool(ask.finder.line.value()))
    ask._send = lambda reason: panel.ctx.desk.write(lambda _w: None)  # pyright: ignore
    ask.reason.setFocus()
    qtbot.keyClick(ask.reason, Qt.Key.Key_Return)
    scene.until(lambda: ask not in scene.window.findChildren(MoveOutAsk))
    page = scene.window.page("ledger")
    now = QApplication.focusWidget()
    assert page is not None and now is not None and (now is page or page.isAncestorOf(now))


def test_a_notice_that_was_seen_leaves_the_cursor_on_the_page(scene: SyncScene, qtbot: QtBot) -> None:
    now = scene.clock.now_ms()
    notices = [sync_told.Notice(f"m{n}", "message", (), f"第{n}句", now - n, 0) for n in range(2)]
    scene.pc.station.file.write(lambda w: [sync_told.put_notice(w.con, n) for n in notices]).result()
    scene.start()
    scene.window.activateWindow()
    panel = scene.go("notices")
    assert isinstance(panel, NoticesPanel)

    def buttons() -> list[QPushButton]:
        return [
            b for b in panel.findChildren(QPushButton) if b.accessibleName() == "知道了" and b.isVisible()
        ]

    scene.until(lambda: len(buttons()) == 2)
    buttons()[0].setFocus()
    scene.until(lambda: QApplication.focusWidget() is buttons()[0])
    qtbot.keyClick(buttons()[0], Qt.Key.Key_Space)
    scene.until(lambda: len(buttons()) == 1 and "已看过" in words(panel))
    scene.until(lambda: scene.pill == "已保存 · 1 件待处理")
    where = QApplication.focusWidget()
    assert where is not None and (where is panel or panel.isAncestorOf(where))


def test_looking_behind_the_eye_scrolls_nothing(scene: SyncScene, qtbot: QtBot) -> None:
    panel = file_found_by_the_header(scene)
    panel.go("overview", "")
    scene.until(lambda: any(v.is_hidden and v.isVisible() for v in panel.findChildren(Veiled)))
    veiled = next(v for v in panel.findChildren(Veiled) if v.is_hidden and v.isVisible())
    page = next(s for s in panel.findChildren(Scroll) if s.isAncestorOf(veiled))
    bar = page.verticalScrollBar()
    scene.window.resize(1366, 560)
    scene.until(lambda: bar.maximum() > 400 and page.viewport().height() < 360)
    eye = veiled._eye  # pyright: ignore
    inside = eye.mapTo(page.widget(), eye.rect().bottomLeft()).y()
    bar.setValue(inside - page.viewport().height() + 6)  # at the lower edge, what comes next below it
    moved: list[int] = []
    bar.valueChanged.connect(moved.append)
    eye.setFocus()
    moved.clear()
    qtbot.mouseClick(eye, Qt.MouseButton.LeftButton)
    scene.until(lambda: not veiled.is_hidden and holds_cursor(veiled))
    assert moved == []


def test_what_is_kept_apart_and_was_looked_at_leaves_the_cursor_on_the_page(scene: SyncScene) -> None:
    """The button is refused then, and who had pressed it typed into the search line."""
    scene.pc.sync_well()
    now = scene.clock.now_ms()
    scene.pc.station.file.write(
        lambda w: sync_told.put_apart(w.con, "gone", "r", "out_of_scope", now)
    ).result()
    scene.start()
    scene.window.activateWindow()
    panel = scene.go("apart")
    assert isinstance(panel, ApartPanel)
    scene.until(lambda: panel.seen.isVisible() and panel.seen.isEnabled() and panel.table.hasFocus())
    panel.seen.setFocus()
    scene.until(lambda: QApplication.focusWidget() is panel.seen)
    panel.seen.click()
    scene.until(lambda: not panel.seen.isEnabled())
    assert holds_cursor(panel)
