"""What only the whole window shows: header, page and toast together, over a real station."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton

from jobdesk.cases.clock import local_date
from jobdesk.cases.errors import Trouble
from jobdesk.cases.ops import Json
from jobdesk.services import doubts
from jobdesk.services.desk import Desk
from jobdesk.services.household_list import load_household, load_households
from jobdesk.services.households import found_household
from jobdesk.services.policy_finding import policy_board
from jobdesk.store import local
from jobdesk.store.journaling import OpSink
from jobdesk.store.safekeeping import last_backup
from jobdesk.ui.hub import GoTo, Notice
from jobdesk.ui.ledger.screen import LedgerScreen
from jobdesk.ui.notices import sentence_of
from tests.ui.whole_window import WholeWindow


def test_enter_in_the_header_opens_who_alone_was_found(whole: WholeWindow) -> None:
    wanted = whole.person("周雨桐")
    whole.person("单秀英")
    whole.window.resize(900, 600)  # folded: nobody's file lies over the list by itself
    whole.begin()
    line = whole.window.header.search.line
    line.setFocus()
    whole.qtbot.keyClicks(line, "zyt")
    whole.qtbot.keyClick(line, Qt.Key.Key_Return)
    whole.until(lambda: isinstance(whole.window.page("ledger"), LedgerScreen))
    ledger = whole.window.page("ledger")
    assert isinstance(ledger, LedgerScreen) and ledger.panel is not None
    whole.until(lambda: ledger._shown_case == wanted)  # pyright: ignore[reportPrivateUsage]
    whole.until(lambda: ledger.view.page.is_folded and ledger.view.page.side_shown)


@pytest.mark.parametrize("size", [(1366, 768), (1093, 614), (900, 600)])
def test_a_toast_leaves_the_buttons_of_today_free(whole: WholeWindow, size: tuple[int, int]) -> None:
    for name in ("阿不都热依木·买买提江", "乙", "丙"):
        whole.person(name, next_contact="2026-07-14")
    whole.window.resize(*size)
    screen = whole.begin()
    whole.until(lambda: bool(screen.shown and screen.shown.lines))
    screen.act("enter")
    whole.until(lambda: screen.form.view.save.isVisible())
    words = "已登记：阿不都热依木·买买提江　回访　未接通（联系尝试），下次联系 7月16日（周四）"
    whole.hub.notice.emit(Notice(words, lambda: None))
    toast = whole.window.toast
    assert toast.width() < 800, "as wide as what it says"
    QApplication.processEvents()
    whole.picture(f"toast-{size[0]}")

    def free() -> bool:
        found = [
            b for b in whole.window.findChildren(QPushButton) if b.isVisible() and not toast.isAncestorOf(b)
        ]
        boxes = [
            b.visibleRegion().boundingRect().translated(b.mapTo(whole.window, b.rect().topLeft()))
            for b in found
        ]
        return not any(toast.geometry().intersects(box) for box in boxes)

    whole.until(free)
    assert whole.window.rect().contains(toast.geometry())


def test_midnight_passes_with_the_window_open(whole: WholeWindow) -> None:
    """One look at the date serves them all: today's list and its word, the ledger, the backup of the new day."""
    person = whole.person("周雨桐", next_contact="2026-07-15")
    screen = whole.begin()
    whole.until(lambda: last_day(whole.desk) == "2026-07-15")
    whole.hub.go_to.emit(GoTo("ledger"))
    ledger = whole.window.page("ledger")
    assert isinstance(ledger, LedgerScreen)
    whole.until(lambda: ledger.found is not None and ledger.found.tally.overdue == 0)
    whole.clock.tick(24 * 3600 * 1000)
    assert whole.shell._date.isActive()  # pyright: ignore[reportPrivateUsage]
    whole.shell._date.timeout.emit()  # pyright: ignore[reportPrivateUsage]
    whole.until(lambda: screen.board is not None and screen.board.today == date(2026, 7, 16))
    whole.until(lambda: "7月16日" in whole.window.toast.words.text())
    whole.until(lambda: ledger.found is not None and ledger.found.tally.overdue == 1)
    ledger.narrow_to("overdue")
    whole.until(lambda: ledger.found is not None and ledger.found.page.ids == (person,))
    station = whole.shell.session.station

    def backed_up_on() -> date | None:
        made = last_backup(station)
        return local_date(made.created_ms) if made is not None else None

    whole.until(lambda: backed_up_on() == date(2026, 7, 16))


def test_a_wrong_clock_moves_no_place(whole: WholeWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two years back: 今日 falls back to the last day believed, and every other place with it."""
    person = whole.person("周雨桐", next_contact="2026-07-13")
    here: dict[str, Json] = {"case": person, "relation": "head", "since": "2020-01-01"}
    found_household(whole.desk, {"head_name": "周雨桐", "kind": "zero"}, [here]).result()
    screen = whole.begin()
    ctx = whole.shell.ctx
    whole.until(lambda: last_day(whole.desk) == "2026-07-15")
    whole.hub.go_to.emit(GoTo("ledger"))
    ledger = whole.window.page("ledger")
    assert isinstance(ledger, LedgerScreen)
    whole.until(lambda: ledger.found is not None and ledger.found.tally.overdue == 1)
    whole.clock.tick(-730 * 24 * 3600 * 1000)
    ctx.look_at_the_date()
    day = date(2026, 7, 15)
    whole.until(lambda: screen.board is not None and screen.board.doubt is not None and ctx.desk.day == day)
    assert ctx.desk.today == date(2024, 7, 15)
    assert "2024" not in whole.window.toast.words.text(), "a day in doubt is not told as the day it is"
    whole.until(lambda: ledger.rules.day == day and ledger.look().day == day)
    ledger.narrow_to("overdue")
    whole.until(lambda: ledger.found is not None and ledger.found.page.ids == (person,))
    assert ctx.desk.read(lambda con: policy_board(con, ctx.desk)).result().today == day
    home = load_households(ctx.desk).result().rows[0]
    one = load_household(ctx.desk, home.id).result()
    assert one is not None and one.row.standing.day == home.standing.day == day
    asked: list[date] = []
    monkeypatch.setattr(doubts, "oddities", lambda _person, today: asked.append(today) or [])
    doubts.load_doubts(ctx.desk).result()
    assert asked == [day]
    whole.picture("doubt")
    screen.view.believe.click()
    whole.until(lambda: ctx.desk.day == date(2024, 7, 15) == ledger.rules.day)


def last_day(desk: Desk) -> str | None:
    return desk.read(lambda con: local.settings(con).get("day.last")).result()


class Gone:
    """A journal in a folder that is not there; any save meets it, whenever it comes."""

    def append(self, frames: list[bytes]) -> None:
        raise Trouble("second_folder_missing", path="U:/")

    def rewrite(self, change: Callable[[bytes], bytes | None]) -> int:
        raise Trouble("second_folder_missing", path="U:/")


def test_the_banner_of_a_second_copy_goes_when_it_is_level_again(whole: WholeWindow) -> None:
    """Found by window: the pill said 已保存, and the banner above the page still that the folder is not there."""
    whole.begin()
    station = whole.shell.session.station
    file, notices = station.file, whole.window.notices
    assert station.journal is not None

    def journal_to(sink: OpSink) -> None:
        file.work.on_writer(lambda _con: file.journaling.attach(sink, 0, 0)).result()
        file.catch_up().result()

    journal_to(Gone())
    sentence = sentence_of(Trouble("second_folder_missing", path="U:/"))
    whole.until(lambda: [b.sentence for b in notices.banners] == [sentence])
    journal_to(station.journal)
    whole.until(lambda: notices.banners == ())
    assert not notices.isVisible()
