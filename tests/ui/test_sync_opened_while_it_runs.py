"""同步 opened for the first time while an exchange runs."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from jobdesk.services.desk import Desk
from jobdesk.services.syncing import notices
from jobdesk.store.sync_told import Notice, put_notice
from jobdesk.ui.kit import ElidedText
from jobdesk.ui.sync.overview_view import Door
from tests.ui.sync_scene import SyncScene


@pytest.fixture
def scene(tmp_path: Path, qtbot: QtBot, dressed: QApplication) -> Iterator[SyncScene]:
    made = SyncScene(tmp_path, qtbot)
    yield made
    made.close()


def test_what_waits_is_told_whole_or_not_yet(scene: SyncScene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Found by window: 2 under 等人处理 beside a badge of 3, until the notices had been read."""
    read: list[Future[list[Notice]]] = []

    def late(desk: Desk, *, unseen_only: bool = False) -> Future[list[Notice]]:
        del desk, unseen_only
        read.append(Future())
        return read[-1]

    pc, now = scene.pc, scene.clock.now_ms()
    pc.sync_well()
    told = [Notice("m1", "message", (), "周五前核对", now, 0)]
    pc.station.file.write(lambda w: put_notice(w.con, told[0])).result()
    gate, plain = threading.Event(), pc.wire.request

    def slow(*given: object, **more: object) -> object:
        assert gate.wait(20)
        return plain(*given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(pc.wire, "request", slow)
    monkeypatch.setattr("jobdesk.ui.sync.overview.notices", late)
    try:
        scene.start()
        scene.watch.now()
        scene.until(lambda: scene.pill.startswith("已保存 · 正在"))
        page = scene.overview
        scene.until(lambda: bool(read) and page.view.sentence.text().startswith("正在同步"))
        assert page.view.doors_card.isHidden() and not page.findChildren(Door)
        for one in read:
            one.set_result(told)
        scene.until(lambda: page.view.doors_card.isVisible() and len(page.findChildren(Door)) == 1)
        scene.until(lambda: len(page.findChildren(ElidedText)) >= 5)
        for line in page.findChildren(ElidedText):
            scene.until(lambda line=line: line.isVisible() and line.height() >= line.sizeHint().height())
    finally:
        gate.set()
    assert len(notices(pc.desk).result()) == 1
