"""The side of 回执: each from its top, a file's name to its end, a wrong clock before everything else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from jobdesk.store import sync_told
from jobdesk.sync.receipts import Receipt, StreamLine
from jobdesk.ui.kit import ElidedText, Text
from jobdesk.ui.sync.receipts import ReceiptsPanel
from tests.ui.sync_scene import SyncScene

FILE = "南岭街道就业服务站（示例）-回执-20261123-001-72E8.jobdesk"
DAY = 24 * 3600 * 1000
MANY = [StreamLine(f"s{n}", f"南岭街道第{n}就业服务站", 3, 3, True) for n in range(20)]


@pytest.fixture
def scene(
    tmp_path: Path, qtbot: QtBot, dressed: QApplication, monkeypatch: pytest.MonkeyPatch
) -> Iterator[SyncScene]:
    monkeypatch.setattr("jobdesk.ui.shell.SYNC_MS", 1)
    made = SyncScene(tmp_path, qtbot)
    yield made
    made.close()


def shown(scene: SyncScene, *kept: Receipt) -> ReceiptsPanel:
    """The tab in a window of a screen of 1366×768 at 125 %."""
    scene.start()
    scene.until(lambda: scene.pill == "已保存 · 已同步")
    assert scene.running is not None
    scene.running.stop()  # of its own it leaves none any more
    for one in kept:
        body = one.body()
        scene.pc.station.file.write(lambda w, b=body: sync_told.put_receipt(w.con, b["ended_ms"], b)).result()
    scene.window.resize(1093, 614)
    panel = scene.go("receipts")
    assert isinstance(panel, ReceiptsPanel)
    scene.until(lambda: len(panel._found) > len(kept))  # pyright: ignore[reportPrivateUsage]
    return panel


def test_another_receipt_begins_at_its_top(scene: SyncScene) -> None:
    now = scene.clock.now_ms()
    panel = shown(scene, *(Receipt(now - n, now - n, streams=MANY) for n in (5000, 4000, 3000)))
    bar = panel.page.verticalScrollBar()
    scene.until(lambda: bar.maximum() > 100)
    bar.setValue(90)
    panel.renew()
    first, second, *_ = panel._found  # pyright: ignore[reportPrivateUsage]
    assert panel.table.current_id() == first
    panel._show(first)  # pyright: ignore[reportPrivateUsage]
    assert bar.value() == 90
    panel.table.go_to(second)
    scene.until(lambda: bar.value() == 0)


def test_a_files_name_is_told_with_its_end(scene: SyncScene) -> None:
    """72E8.jobdes stood there: a name in Latin letters breaks nowhere."""
    now = scene.clock.now_ms()
    panel = shown(scene, Receipt(now, now, carried=FILE, streams=MANY[:1]))
    scene.until(lambda: [w.text() for w in panel.page.findChildren(ElidedText) if w.isVisible()] == [FILE])
    (name,) = (w for w in panel.page.findChildren(ElidedText) if w.isVisible())
    scene.until(lambda: name.width() > 200)
    right = name.mapTo(panel.page.widget(), name.rect().topRight()).x()
    assert right < panel.page.viewport().width() == panel.page.widget().width()
    name.grab()  # as it is painted
    assert name.toolTip() == FILE


def test_a_wrong_clock_is_told_under_the_heading(scene: SyncScene) -> None:
    now = scene.clock.now_ms()
    told = Receipt(now + 400 * DAY, now + 400 * DAY, server_ms=now, skew_ms=400 * DAY, streams=MANY[:1])
    panel = shown(scene, told)
    scene.until(lambda: any("400 天" in w.text() for w in panel.page.findChildren(Text) if w.isVisible()))
    texts = [w for w in panel.page.findChildren(Text) if w.isVisible()]
    assert texts[0].text().startswith("2026年11月21日") and "比服务器快 400 天" in texts[2].text()
    assert texts[2].mapTo(panel.page.widget(), texts[2].rect().bottomLeft()).y() < 160
