"""月报: what is shown, opened, hidden, saved and printed, on a real station."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from day_station import Ground
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from jobdesk.reports.preview import Pages
from jobdesk.services.closing import end_help
from jobdesk.services.serving import ServiceEntry, record_service
from jobdesk.services.settings import FORBID_UNMASKED, set_station_setting
from jobdesk.store.local import accesses
from jobdesk.ui.hub import Changed, GoTo
from jobdesk.ui.kit import column, frame
from jobdesk.ui.month.printer import usual_printer
from jobdesk.ui.month.screen import MonthScreen
from jobdesk.ui.month.state import Line
from jobdesk.ui.month.totals import TotalLine
from jobdesk.ui.month.whole_lines import WholeLines

NUMBER = "229901198406110048"


@pytest.fixture
def ground(tmp_path: Path, dressed: QApplication) -> Iterator[Ground]:
    made = Ground(tmp_path)
    yield made
    made.close()


def populate(ground: Ground) -> tuple[str, str]:
    """Somebody who was visited and somebody who left."""
    one = ground.person("王甲", {"id_number": NUMBER, "birth": "1984-06-11", "opened_on": "2026-06-02"})
    two = ground.person("李乙", {"opened_on": "2026-06-03"})
    entry = ServiceEntry(
        {"type": "ZYZD", "channel": "visit", "served_on": "2026-07-03", "staff": ground.desk.actor,
         "content": "改简历", "outcome": "completed", "engagement": "completed"}
    )  # fmt: skip
    record_service(ground.desk, [one], entry).result()
    end_help(ground.desk, ground.desk.case(two).result(), "employed", on="2026-07-10").result()
    return one, two


@pytest.fixture
def screen(ground: Ground, qtbot: QtBot) -> Iterator[MonthScreen]:
    populate(ground)
    made = MonthScreen(ground.ctx)
    qtbot.addWidget(made)
    made.resize(1290, 710)
    made.show()
    made.arrive(GoTo("month"))
    ready(qtbot, made)
    yield made
    made.drawing.close()


def ready(qtbot: QtBot, screen: MonthScreen) -> None:
    """Wait until the paper of what was asked for last is in sight."""

    def standing() -> bool:
        d, n = screen.drawn, screen.numbers
        return d is not None and n is not None and d.report is n.report and screen.view.save.isEnabled()

    qtbot.waitUntil(standing, timeout=15000)


def again(qtbot: QtBot, screen: MonthScreen) -> None:
    """Wait for another count and its paper."""
    before = screen.numbers
    qtbot.waitUntil(lambda: screen.numbers is not before, timeout=15000)
    ready(qtbot, screen)


def words(screen: MonthScreen) -> str:
    assert screen.drawn is not None
    with Pages(screen.drawn.printout.data) as pages:
        return "".join(pages.text(i) for i in range(pages.count))


def test_the_running_month_is_counted_and_drawn(screen: MonthScreen, qtbot: QtBot):
    assert screen.shown is not None and screen.shown.agreed
    assert screen.view.cutoff.text() == "截至 7月15日"
    assert [k for k, line in screen.view.totals.lines.items() if line.line.ok is False] == []
    assert screen.view.totals.lines["services"].line.number == 1
    assert screen.view.totals.lines["ended"].line.number == 1
    assert screen.view.pages.count == 3
    qtbot.waitUntil(lambda: screen.view.pages.image() is not None, timeout=8000)


def test_keys_turn_the_pages_and_the_person_in_sight_opens(screen: MonthScreen, ground: Ground, qtbot: QtBot):
    pages = screen.view.pages
    qtbot.keyClick(pages, Qt.Key.Key_PageDown)
    assert pages.at == 1 and "第 1 张 共 2 张" in screen.view.place.text()
    qtbot.keyClick(pages, Qt.Key.Key_End)
    assert pages.at == 2
    qtbot.keyClick(pages, Qt.Key.Key_End)
    assert not screen.view.down.isEnabled()
    screen.view.person.click()
    assert ground.went[-1].place == "ledger" and ground.went[-1].subject
    qtbot.keyClick(pages, Qt.Key.Key_Home)
    assert pages.at == 0 and "汇总封面" in screen.view.place.text()
    qtbot.keyClick(pages, Qt.Key.Key_W)
    assert pages.by_width


def test_a_number_opens_its_people(screen: MonthScreen, ground: Ground):
    line = screen.view.totals.lines["ended"]
    screen.open_people(("ended", line.number))
    from jobdesk.ui.month.lists import PeopleList

    found = screen.popover.findChild(PeopleList)
    assert found is not None and [found.item(i).name for i in range(found.count())] == ["李乙"]
    found.opened.emit(found.item(0))
    assert ground.went[-1].subject == found.item(0).case_id


def test_what_is_missing_leads_to_the_place(screen: MonthScreen, ground: Ground):
    gaps = screen.view.gaps
    items = [gaps.item(i) for i in range(gaps.count())]
    assert {i.name for i in items} == {"王甲", "李乙"}
    assert any("户籍地" in i.note for i in items)
    gaps.opened.emit(items[0])
    assert ground.went[-1] == GoTo("ledger", items[0].case_id, items[0].part, items[0].record)


def test_masking_goes_off_only_with_a_reason_that_is_logged(
    screen: MonthScreen, ground: Ground, qtbot: QtBot
):
    assert NUMBER not in words(screen) and "1984-06-11" not in words(screen)
    view = screen.view
    view.masked.click()
    assert view.masked.isChecked() and not view.reason_box.isHidden()
    view.reason_go.click()
    assert not view.reason_problem.isHidden() and screen.unmasking.masked
    view.reason.set_value("县局核对")
    view.reason_go.click()
    again(qtbot, screen)
    assert NUMBER in words(screen) and not view.masked.isChecked()
    (entry,) = ground.desk.read(lambda con: accesses(con)).result()
    assert (entry.what, entry.field, entry.reason, entry.count) == ("reveal", "month_sheets", "县局核对", 2)
    view.masked.click()
    again(qtbot, screen)
    assert NUMBER not in words(screen)


def test_a_station_can_forbid_it(screen: MonthScreen, ground: Ground, qtbot: QtBot):
    set_station_setting(ground.desk, FORBID_UNMASKED, True).result()
    view = screen.view
    view.masked.click()
    view.reason.set_value("县局核对")
    view.reason_go.click()
    qtbot.waitUntil(lambda: screen.forbidden, timeout=5000)
    assert screen.unmasking.masked and view.masked.isChecked() and view.reason_box.isHidden()
    assert not view.masked.isEnabled()
    assert ground.desk.read(lambda con: accesses(con)).result() == []


def test_saved_as_one_file_and_as_one_each(screen: MonthScreen, ground: Ground, tmp_path: Path, qtbot: QtBot):
    target = tmp_path / "out" / "month"
    target.parent.mkdir()
    screen.out.ask_file = lambda _owner, name: target
    screen.view.save.click()
    qtbot.waitUntil(lambda: bool(ground.notices), timeout=8000)
    assert (tmp_path / "out" / "month.pdf").read_bytes()[:5] == b"%PDF-"
    folder = tmp_path / "each"
    folder.mkdir()
    screen.out.ask_folder = lambda _owner: folder
    screen.view.files.set_value("each")
    screen.view.save.click()
    qtbot.waitUntil(lambda: len(ground.notices) > 1, timeout=8000)
    assert len(list(folder.glob("*.pdf"))) == 3
    assert not [p for p in folder.iterdir() if NUMBER in p.name]
    assert [a.what for a in ground.desk.read(lambda con: accesses(con)).result()] == ["export", "export"]


def test_a_folder_that_cannot_be_written_is_told(
    screen: MonthScreen, ground: Ground, tmp_path: Path, qtbot: QtBot
):
    screen.out.ask_file = lambda _owner, name: tmp_path / "nowhere" / "month.pdf"
    screen.view.save.click()
    qtbot.waitUntil(lambda: bool(ground.troubles), timeout=8000)
    assert screen.view.save.isEnabled()


def test_printing_sends_the_pages_in_sight(screen: MonthScreen, ground: Ground, tmp_path: Path, qtbot: QtBot):
    target = tmp_path / "printed.pdf"

    def printer(_owner: object, title: str, _pages: int) -> QPrinter:
        made = usual_printer(title)
        made.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        made.setOutputFileName(str(target))
        made.setResolution(120)
        return made

    screen.out.ask_printer = printer
    screen.view.print.click()
    qtbot.waitUntil(lambda: bool(ground.notices), timeout=20000)
    with Pages(target.read_bytes()) as pages:
        assert pages.count == 3
        wide, high = pages.size(0)
        assert abs(wide - 595) < 3 and abs(high - 842) < 3
    assert ground.desk.read(lambda con: accesses(con)).result()[0].what == "print"


def test_the_signature_block_can_be_left_out_of_a_print(screen: MonthScreen, qtbot: QtBot):
    screen.view.signature.click()
    again(qtbot, screen)
    assert screen.numbers is not None and not screen.numbers.report.own_signature
    assert "本站不要求本人在本表签字" in words(screen)


def test_another_month_and_other_days(screen: MonthScreen, qtbot: QtBot):
    assert not screen.view.period.on.isEnabled()
    screen.view.period.back.click()
    again(qtbot, screen)
    assert screen.shown is not None and screen.shown.cutoff == "统计截止 6月30日"
    assert screen.view.totals.lines["closing"].line.number == 2
    from jobdesk.ui.month.state import stretches

    week = stretches(screen.ctx.desk.today)[0][1]
    screen.view.period.choose(week)
    again(qtbot, screen)
    assert not screen.shown.monthly and screen.view.sheets.isHidden()
    assert screen.view.pages.count == 1


def test_what_was_entered_late_opens_its_people_too(screen: MonthScreen, qtbot: QtBot):
    from jobdesk.ui.month.people import people_items

    assert screen.numbers is not None
    line = screen.view.totals.lines["late_before"]
    assert line.line.number == 2 and line.line.ok is None
    assert {i.name for i in people_items(screen.numbers, "late_before")} == {"王甲", "李乙"}


def test_a_change_elsewhere_is_counted_again(screen: MonthScreen, ground: Ground, qtbot: QtBot):
    third = ground.person("张丙")
    ground.hub.changed.emit(Changed(frozenset({third})))
    again(qtbot, screen)
    assert screen.view.totals.lines["new"].line.number == 1


def test_cancelled_while_counting_leaves_the_totals_and_no_paper(screen: MonthScreen, qtbot: QtBot):
    before = screen.numbers
    screen.reload()
    screen.view.progress.cancel.click()
    qtbot.waitUntil(lambda: screen.numbers is not before, timeout=8000)
    assert screen.drawn is None and not screen.view.save.isEnabled()
    assert not screen.view.pages.said.isHidden() and not screen.view.progress.isVisible()
    screen.view.period.choose(screen.view.period.asked)
    again(qtbot, screen)


def test_a_month_to_come_is_refused_in_words(screen: MonthScreen, qtbot: QtBot):
    screen.arrive(GoTo("month", detail="2027-01"))
    from jobdesk.ui.kit import Banner

    banners = screen.findChildren(Banner)
    assert banners and "2027-01" in banners[0].sentence
    assert screen.view.period.asked.month == "2026-07"


def test_no_people_is_said_and_prints_a_cover(ground: Ground, qtbot: QtBot):
    made = MonthScreen(ground.ctx)
    qtbot.addWidget(made)
    made.show()
    made.arrive(GoTo("month", detail="2026-05"))
    ready(qtbot, made)
    assert made.shown is not None and "没有" in made.shown.summary
    assert not made.view.gaps_none.isHidden()
    made.drawing.close()


def test_state_offers_no_day_that_has_not_begun():
    from datetime import date

    from jobdesk.ui.month.state import Asked, beside, offers

    day = date(2026, 1, 15)
    assert beside(Asked("2026-01"), 1, day) is None
    assert beside(Asked("2026-01"), -1, day) == Asked("2025-12")
    assert all(a.span(day).until <= day for _, a in offers(day))


def test_any_days_are_typed_in_the_popover(screen: MonthScreen, qtbot: QtBot):
    from jobdesk.ui.month.period import _Choices

    found: list[object] = []
    page = _Choices(screen.ctx.desk.today, found.append)
    qtbot.addWidget(page)
    page._take()
    assert not page.problem.isHidden() and not found
    page.since.setText("2026.6.20")
    page.until.setText("2026-06-01")
    page._take()
    assert "早于" in page.problem.text() and not found
    page.until.setText("2026年7月5日")
    page.name.setText("春风行动")
    page._take()
    assert len(found) == 1
    title = found[0].span(screen.ctx.desk.today).title  # type: ignore[attr-defined]
    assert title == "春风行动　2026-06-20 至 2026-07-05"


def test_the_totals_end_below_a_whole_line(dressed: QApplication, qtbot: QtBot) -> None:
    lines = [QWidget() for _ in range(12)]
    for line in lines:
        line.setFixedHeight(30)
    area = WholeLines(frame(column(*lines, gap=0)), lambda: lines)
    qtbot.addWidget(area)
    area.resize(200, 100)
    area.show()
    qtbot.waitUntil(lambda: area.viewport().height() == 90)
    area.resize(200, 400)
    qtbot.waitUntil(lambda: area.viewport().height() == 400)


def test_a_total_without_parts_has_no_arrow(dressed: QApplication, qtbot: QtBot) -> None:
    line = TotalLine(Line("services", "服务", 0, "人次", None, parts=(("按类型", ()),)))
    qtbot.addWidget(line)
    line.set_unfolded(True)
    assert line.more.isHidden() and not line.unfolded
