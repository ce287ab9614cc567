"""同步 while time passes: days without a line turn by themselves, a busy server says until when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from jobdesk.cases.clock import local_datetime
from jobdesk.services.syncing import Moving, Pill, Seen, state_of
from jobdesk.store.sync_told import Counts
from jobdesk.sync import pacing
from jobdesk.sync.receipts import Receipt
from jobdesk.ui.sync import watch
from jobdesk.ui.sync.receipts_state import sentence_of
from jobdesk.ui.sync.state import pill_words, standing
from tests.ui.sync_scene import SyncScene

HOUR = 3600 * 1000


@pytest.fixture
def scene(
    tmp_path: Path, qtbot: QtBot, dressed: QApplication, monkeypatch: pytest.MonkeyPatch
) -> Iterator[SyncScene]:
    monkeypatch.setattr("jobdesk.ui.shell.SYNC_MS", 1)
    monkeypatch.setattr(pacing, "QUIET_S", 0.1)
    made = SyncScene(tmp_path, qtbot)
    yield made
    made.close()


def test_days_without_a_line_turn_by_themselves(scene: SyncScene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is exchanged and nothing saved in between: only the clock goes on."""
    scene.pc.sync_well()
    scene.pc.wire.fault = lambda _n: "lost"
    scene.clock.tick(50 * HOUR)
    monkeypatch.setattr(watch, "MINUTE_MS", 30)
    scene.start()
    scene.until(lambda: "离线 2 天" in scene.pill)
    scene.clock.tick(24 * HOUR)
    scene.until(lambda: "离线 3 天" in scene.pill)
    page = scene.overview
    scene.until(lambda: page.view.sentence.text().startswith("离线 3 天"))
    scene.clock.tick(24 * HOUR)
    scene.until(lambda: page.view.sentence.text().startswith("离线 4 天"))


def test_a_busy_server_is_said_with_the_next_try(scene: SyncScene) -> None:
    scene.pc.sync_well()
    scene.pc.open_case("c1")
    scene.pc.wire.fault = lambda _n: "busy"
    scene.start()
    scene.until(lambda: "服务器忙" in scene.pill and "再试" in scene.pill)
    assert scene.running is not None
    again = scene.running.again_ms
    assert scene.clock.now_ms() + 40_000 <= again <= scene.clock.now_ms() + 80_000
    at = f"{local_datetime(again):%H:%M:%S}"
    assert scene.pill == f"已保存 · 服务器忙，{at} 再试 · 待上传 1 条" and "正在同步" not in scene.pill
    page = scene.overview
    scene.until(lambda: page.view.sentence.text() == f"服务器正忙，{at} 自动再试")
    said = "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisibleTo(page))
    assert "不影响填写" in said and "1 条改动已保存在本机" in said and page.view.now.isEnabled()
    scene.pc.wire.fault = lambda _n: ""
    page.view.now.click()
    scene.until(lambda: scene.pill == "已保存 · 已同步")


COUNTS = Counts(True, 0, 0, 0, 0, 1, 1, "sync_busy", 0, 0)


def test_busy_without_a_time_or_with_one_that_passed() -> None:
    now = state_of(COUNTS, Moving())
    assert now.pill is Pill.BUSY
    for again in (0, 900):
        seen = Seen(now, again_ms=again)
        assert pill_words(seen, 1000).more == "服务器忙"
        assert standing(seen, 1000).sentence == "服务器正忙，稍后自动再试"
    late = Seen(now, again_ms=1000 + HOUR)
    assert pill_words(late, 1000).more == f"服务器忙，{local_datetime(1000 + HOUR):%H:%M} 再试"
    assert pill_words(Seen(now, "person", again_ms=HOUR), 1000).more == "已暂停"


def test_a_server_that_is_stopped_is_no_login_page(scene: SyncScene) -> None:
    """Found by window: behind nginx a stopped service was 离线 and 可能是网络登录页或代理."""
    scene.pc.sync_well()
    scene.pc.open_case("c1")
    scene.pc.wire.fault = lambda _n: "down"
    scene.start()
    scene.until(lambda: "服务器没有应答，" in scene.pill and "再试" in scene.pill)
    page = scene.overview
    scene.until(lambda: page.view.sentence.text().startswith("服务器暂时没有应答，"))
    said = "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisibleTo(page))
    assert "升级、重启，或出了故障" in said and "1 条改动已保存在本机" in said
    assert "登录页" not in said and "离线" not in said
    assert sentence_of(Receipt(1, 1, error="sync_no_answer")) == "服务器没有应答，稍后再试"
    scene.pc.wire.fault = lambda _n: ""
    page.view.now.click()
    scene.until(lambda: scene.pill == "已保存 · 已同步")


def test_what_waits_for_a_person_does_not_hide_the_line() -> None:
    busy = Seen(state_of(replace(COUNTS, conflicts=2, waiting=3), Moving()))
    assert busy.now.pill is Pill.PERSON
    assert pill_words(busy, 1000).more == "2 件待处理 · 服务器忙 · 待上传 3 条"
    lost = Seen(state_of(replace(COUNTS, conflicts=2, last_error="no_line"), Moving()))
    said = pill_words(lost, 1 + 72 * HOUR)
    assert (said.more, said.short) == ("2 件待处理 · 离线 3 天", "2 件待处理")
    revoked = Seen(state_of(replace(COUNTS, last_error="sync_revoked"), Moving()))
    assert pill_words(revoked, 1000).more == "同步已停止"
