from __future__ import annotations

import sys
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event, get_ident

import pytest
import shiboken6
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from jobdesk.cases.errors import BadInput, DiskFull, Refused
from jobdesk.ui.hub import AppHub, Changed
from jobdesk.ui.notices import NoticeBar, catch_everything, report_of, words_of
from jobdesk.ui.tasks import Tasks

pytestmark = pytest.mark.usefixtures("dressed")


def test_answers_come_on_the_gui_thread(qtbot: QtBot) -> None:
    tasks, owner = Tasks(), QObject()
    seen: list[tuple[int, int]] = []
    with ThreadPoolExecutor(1) as pool:
        tasks.deliver(
            pool.submit(get_ident), owner=owner, done=lambda other: seen.append((other, get_ident()))
        )
        qtbot.waitUntil(lambda: bool(seen))
    assert seen[0][0] != get_ident()
    assert seen[0][1] == get_ident()


def test_a_dead_owner_gets_no_answer(qtbot: QtBot) -> None:
    tasks, owner, other = Tasks(), QObject(), QObject()
    go = Event()
    dead: list[object] = []
    alive: list[object] = []
    with ThreadPoolExecutor(1) as pool:
        tasks.deliver(pool.submit(go.wait), owner=owner, done=dead.append)
        tasks.deliver(pool.submit(lambda: 1), owner=other, done=alive.append)
        shiboken6.delete(owner)
        go.set()
        qtbot.waitUntil(lambda: bool(alive))
    assert dead == []


def test_an_answer_after_the_window_is_gone_is_dropped(qtbot: QtBot) -> None:
    tasks, owner = Tasks(), QObject()
    future: Future[int] = Future()
    tasks.deliver(future, owner=owner, done=lambda _n: pytest.fail("delivered"))
    shiboken6.delete(tasks)
    future.set_result(1)
    QApplication.processEvents()


def test_errors_go_to_who_asked_or_to_everybody(qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    tasks, owner = Tasks(), QObject()
    mine: list[Exception] = []
    everybody: list[BaseException] = []
    tasks.failed.connect(everybody.append)
    for failed in (mine.append, None):
        future: Future[int] = Future()
        tasks.deliver(future, owner=owner, done=lambda _n: None, failed=failed)
        future.set_exception(DiskFull("disk_full", path="/x"))
    qtbot.waitUntil(lambda: bool(everybody))
    assert len(mine) == len(everybody) == 1


def test_a_cancelled_job_says_nothing(qtbot: QtBot) -> None:
    tasks, owner = Tasks(), QObject()
    future: Future[int] = Future()
    tasks.deliver(future, owner=owner, done=lambda _n: pytest.fail("delivered"))
    future.cancel()
    QApplication.processEvents()


def test_later_dies_with_its_owner(qtbot: QtBot) -> None:
    tasks, owner = Tasks(), QObject()
    timer = tasks.later(1, owner, lambda: pytest.fail("called"))
    shiboken6.delete(owner)
    assert not shiboken6.isValid(timer)


def test_four_kinds_of_trouble_look_different() -> None:
    assert words_of(Refused("not_allowed")).kind == "refusal"
    assert words_of(BadInput("file_missing", path="a.xlsx")).kind == "problem"
    assert words_of(DiskFull("disk_full", path="E:/")).kind == "trouble"
    assert words_of(ValueError("身份证 229901")).kind == "bug"
    assert "not_known_yet" in words_of(Refused("not_known_yet")).sentence


def failing() -> BaseException:
    try:
        name, number = "周雨桐", "229901200203040426"
        raise ValueError(f"{name} {number}")
    except ValueError as inner:
        try:
            raise KeyError("周雨桐") from inner
        except KeyError as error:
            return error


def test_a_report_holds_no_personal_data() -> None:
    report = report_of(failing())
    assert "周雨桐" not in report
    assert "229901" not in report
    assert "/root" not in report
    assert "KeyError" in report
    assert "ValueError" in report
    assert "failing" in report


def test_banners_do_not_pile_up(qtbot: QtBot) -> None:
    hub = AppHub()
    bar = NoticeBar(hub)
    qtbot.addWidget(bar)
    bar.show()
    for _ in range(3):
        hub.trouble.emit(DiskFull("disk_full", path="E:/"))
    assert [banner.kind for banner in bar.banners] == ["trouble"]
    for code in ("read_only", "damaged_file", "key_file_missing", "file_missing"):
        hub.trouble.emit(DiskFull(code, path="E:/"))
    assert len(bar.banners) == 3
    for banner in bar.banners:
        banner.close_banner()
    assert not bar.isVisible()


def test_a_bug_in_a_slot_becomes_a_banner_and_the_window_stays(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    hub = AppHub()
    bar, button = NoticeBar(hub), QPushButton()
    qtbot.addWidget(bar)
    qtbot.addWidget(button)
    monkeypatch.setattr(sys, "excepthook", lambda *_: None)
    restore = catch_everything(hub)
    try:
        sys.excepthook(ValueError, ValueError("x"), None)
    finally:
        restore()
    assert [banner.kind for banner in bar.banners] == ["bug"]
    bar.banners[0].buttons[0].click()
    assert "ValueError" in QApplication.clipboard().text()
    assert len(bar.banners) == 1, "copying keeps the banner"


def test_an_error_while_showing_an_error_does_not_go_round(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    hub = AppHub()
    calls: list[BaseException] = []

    def show(error: BaseException) -> None:
        calls.append(error)
        sys.excepthook(KeyError, KeyError(), None)

    monkeypatch.setattr(sys, "excepthook", lambda *_: None)
    hub.trouble.connect(show)
    restore = catch_everything(hub)
    try:
        sys.excepthook(ValueError, ValueError(), None)
    finally:
        restore()
    assert len(calls) == 1


def test_changed_knows_what_it_touches() -> None:
    assert Changed(frozenset({"a"})).touches("a")
    assert not Changed(frozenset({"a"})).touches("b")
    assert Changed(whole=True).touches("b")
