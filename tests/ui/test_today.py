"""今日: sections, words, keys, postponing, midnight."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from day_station import Ground
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot
from today_scene import NOTED, TODAY, board_of, open_today, person_due, ready

from jobdesk.cases.due import Bucket
from jobdesk.cases.ops import Subject
from jobdesk.host.strings import text
from jobdesk.services.editing import opening
from jobdesk.services.policies import CALENDAR
from jobdesk.services.registering import Child
from jobdesk.services.rule_packs import offer, take_in
from jobdesk.services.vacancies import add_vacancy
from jobdesk.store import local
from jobdesk.ui.hub import Changed, GoTo
from jobdesk.ui.kit import BlankChip
from jobdesk.ui.today import kinds, state, words
from tests.services.packs_made import COUNTY, calendar, signed


@pytest.fixture
def ground(tmp_path: Path, dressed: QApplication) -> Iterator[Ground]:
    made = Ground(tmp_path)
    yield made
    made.close()


def test_lines_stand_in_their_sections_and_are_counted(ground: Ground) -> None:
    for name, due in (("甲", "2026-07-13"), ("乙", "2026-07-15"), ("丙", "2026-07-17"), ("丁", "2026-07-21")):
        person_due(ground, name, due)
    add_vacancy(ground.desk, {"unit": "某厂", "post": "普工", "valid_until": "2026-07-17"}).result()
    shown = state.day_of(board_of(ground))
    assert [(s.bucket, len(s.lines)) for s in shown.sections] == [
        (Bucket.OVERDUE, 2), (Bucket.TODAY, 1), (Bucket.THIS_WEEK, 1)
    ]  # fmt: skip
    assert shown.counts[""] == 4 and shown.counts["contact"] == 3 and shown.counts["other"] == 1
    assert shown.next_week == 1
    assert {line.kind.value for line in state.day_of(board_of(ground), "other").lines} == {"vacancy"}
    assert Bucket.LATER in {s.bucket for s in state.day_of(board_of(ground), ahead=True).sections}


def test_a_line_says_who_what_why_and_by_when(ground: Ground) -> None:
    served = Child(
        "service", {"type": "HF", "served_on": "2026-06-12", "outcome": "connected", "provider": "own"}
    )
    person_due(ground, "周雨桐", "2026-07-13", served)
    board = board_of(ground)
    said = state.words_of(board, board.ordered()[0])
    assert (said.who, said.about, said.what) == ("周雨桐", "女 24 岁", "回访")
    assert said.why == "上次联系 6月12日，已 33 天"
    assert (said.when, said.late, said.tone) == ("7月13日 周一", "逾期 2 个工作日", "bad")


def test_unconfirmed_and_own_figures_are_marked(ground: Ground) -> None:
    ground.person("甲", {**NOTED, "opened_on": "2026-06-15"})
    graduate = {**NOTED, "opened_on": "2026-05-01", "graduate_kind": "university", "graduated_on": "2025-06",
                "next_contact": "2026-09-01"}  # fmt: skip
    ground.person("乙", graduate)
    board = board_of(ground)
    by_kind = {line.kind.value: state.words_of(board, line).reason for line in board.ordered()}
    assert by_kind["contact_interval"].endswith("（待确认）")
    assert by_kind["step"].endswith("（自定）")


def test_a_list_never_names_what_a_counter_must_not_see(ground: Ground) -> None:
    low = Child("recognition", {"category": "JL3", "state": "recognised"})
    released = Child("group", {"kind": "released", "source": "self"})
    person_due(ground, "甲", "2026-07-15", low, released)
    board = board_of(ground)
    said = state.words_of(board, board.ordered()[0])
    assert said.chips == (text("category.hardship"),)


def test_a_category_that_nobody_recognised_says_so(qtbot: QtBot, ground: Ground) -> None:
    sheet = person_due(
        ground, "甲", "2026-07-15", Child("recognition", {"category": "JL2", "state": "ledger"})
    )
    county = Child("recognition", {"category": "JL2", "state": "recognised", "since": "2026-01-05"})
    person_due(ground, "乙", "2026-07-15", county)
    board = board_of(ground)
    told = {w.who: (w.chips, w.blanks) for w in (state.words_of(board, n) for n in board.ordered())}
    category = (text("category.hardship"),)
    assert told == {"甲": (category, ("未核对",)), "乙": (category, ())}
    screen = open_today(qtbot, ground)
    assert screen.shown is not None
    screen.view.list.go_to(next(n.uid for n in screen.shown.lines if n.subject == sheet))
    ready(qtbot, ground, screen)
    assert [b.text() for b in screen.brief.findChildren(BlankChip)] == ["未核对"]


def test_basis_tells_rule_document_status_and_records(ground: Ground) -> None:
    ground.person("甲", {**NOTED, "opened_on": "2026-06-15"})
    board = board_of(ground)
    (line,) = board.ordered()
    shown = words.shown_basis(line.basis, TODAY)
    assert shown.status == "unconfirmed" and "吉就组办" in shown.document
    assert shown.facts == ((text("basis_date.opened_on"), "6月15日"),)


def test_every_kind_of_line_has_words(ground: Ground) -> None:
    plan = {"version": 1, "agreed_on": "2026-06-01", "promise": "推荐三个岗位", "promise_due": "2026-07-15",
            "goal": "到岗", "goal_due": "2026-07-16", "review_on": "2026-07-17"}  # fmt: skip
    ground.person(
        "甲", {"opened_on": "2026-05-01"}, Child("plan", plan),
        Child("measure", {"what": "陪同面试", "due": "2026-07-14"}),
        Child("benefit", {"until": "2026-07-30"}), Child("subsidy", {"kind": "", "until": "2026-07-10"}),
        Child("service", {"type": "HF", "served_on": "2026-06-01", "outcome": "connected"}),
    )  # fmt: skip
    ground.person("乙", {**NOTED, "first_round_on": "2026-07-15"})
    held = Subject("import", ground.desk.new_id())
    ground.desk.act([
        opening(held, "import", held.id, {"file_name": "台账.xlsx", "imported_on": "2026-07-10"}),
        opening(held, "held_row", ground.desk.new_id(), {"row": 3, "state": "open"}),
    ]).result()  # fmt: skip
    add_vacancy(ground.desk, {"unit": "某厂", "post": "普工", "valid_until": "2026-07-17"}).result()
    board = board_of(ground)
    said = {line.kind.value: state.words_of(board, line) for line in board.ordered()}
    assert {"promise", "measure", "plan_goal", "plan_review", "benefit_end", "subsidy_end", "notice",
            "first_round", "held_rows", "vacancy", "contact_interval"} <= set(said)  # fmt: skip
    assert all(w.who and w.what and w.why and w.when and w.late for w in said.values())


def test_enter_opens_the_form_for_just_that_and_saving_goes_on(qtbot: QtBot, ground: Ground) -> None:
    first, second = person_due(ground, "甲", "2026-07-13"), person_due(ground, "乙", "2026-07-14")
    screen = open_today(qtbot, ground)
    assert screen.view.list.line is not None and screen.view.list.line.subject == first
    qtbot.keyClick(screen.view.list, Qt.Key.Key_Return)
    ready(qtbot, ground, screen)
    form = screen.form
    assert (form.view.kind.value(), form.view.channel.value()) == ("HF", "phone")
    qtbot.keyClick(form.view.outcome, Qt.Key.Key_1)
    form.save()
    qtbot.waitUntil(lambda: screen.board is not None and first not in screen.board.lines)
    ready(qtbot, ground, screen)
    assert screen.view.list.line.subject == second
    assert screen.view.done.text() == text("today.done_today", count=1)


def test_the_phone_is_masked_until_looked_at_and_the_look_is_logged(qtbot: QtBot, ground: Ground) -> None:
    case_id = person_due(ground, "甲", "2026-07-13")
    screen = open_today(qtbot, ground)
    ready(qtbot, ground, screen)

    def shown() -> str:
        return " ".join(w.property("text") or "" for w in screen.brief.findChildren(QWidget))

    assert "199****0031" in shown() and "19900000031" not in shown()
    screen.brief.reveal_asked.emit()
    qtbot.waitUntil(lambda: "19900000031" in shown())
    (entry,) = ground.desk.read(local.accesses).result()
    assert entry.reason.startswith("今日待办：")
    assert (entry.what, entry.subject_id, entry.field) == ("reveal", case_id, "phone")


def test_putting_off_needs_a_reason_and_keeps_the_first_date_in_sight(qtbot: QtBot, ground: Ground) -> None:
    case_id = person_due(ground, "甲", "2026-07-15")
    screen = open_today(qtbot, ground)
    qtbot.keyClick(screen.view.list, Qt.Key.Key_P)
    card = screen.put_off
    card.until.set_date(date(2026, 7, 17))
    card.save()
    assert card.reason_field.problem
    card.reason.setText("本人外出")
    card.until.set_date(date(2026, 7, 1))
    card.save()
    assert card.until_field.problem
    card.until.set_date(date(2026, 7, 17))
    card.save()
    qtbot.waitUntil(lambda: screen.board is not None and screen.board.lines[case_id][0].postponed != "")
    board = screen.board
    assert board is not None
    said = state.words_of(board, board.lines[case_id][0])
    assert said.moved == "原定 7月15日，延期：本人外出" and said.when == "7月17日 周五"


def test_other_keys_go_where_the_line_is_answered(qtbot: QtBot, ground: Ground) -> None:
    case_id = person_due(ground, "甲", "2026-07-13")
    add_vacancy(ground.desk, {"unit": "某厂", "post": "普工", "valid_until": "2026-07-20"}).result()
    screen = open_today(qtbot, ground)
    qtbot.keyClick(screen.view.list, Qt.Key.Key_O)
    assert (ground.went[-1].place, ground.went[-1].subject) == ("ledger", case_id)
    qtbot.keyClick(screen.view.list, Qt.Key.Key_Down)
    qtbot.keyClick(screen.view.list, Qt.Key.Key_Return)
    assert ground.went[-1].place == "vacancies"
    qtbot.keyClick(screen.view.list, Qt.Key.Key_P)
    assert ground.notices[-1].text == text("today.put_off_none")


def test_a_line_of_the_plan_shows_the_person_and_says_what_enter_does(qtbot: QtBot, ground: Ground) -> None:
    plan = Child("plan", {"version": 1, "agreed_on": "2026-03-01", "goal": "就业", "goal_due": "2026-07-13"})
    person_due(ground, "周雨桐", "2026-09-01", plan)
    screen = open_today(qtbot, ground)
    entry = next(x for x in screen.shown.lines if x.kind.value == "plan_goal")  # type: ignore[union-attr]
    line = entry.lead
    screen.view.list.go_to(entry.uid)
    qtbot.waitUntil(lambda: screen.side.currentWidget() is screen.side.other)
    ground.settle(qtbot)
    said = [w.text() for w in screen.plan_brief.findChildren(QLabel)]
    assert "周雨桐" in said and "199****0031" in said
    assert not screen.plan_brief.isHidden() and "周雨桐" not in screen.side.other.words.text()
    assert screen.board is not None
    assert text(f"today.{kinds.enter_key(screen.board, line)}") == "一人一策"
    screen.act("enter")
    assert ground.went[-1] == GoTo("ledger", line.subject, "plan", line.record)


def test_the_buttons_stand_right_under_the_sentence_where_there_is_nobody(
    qtbot: QtBot, ground: Ground
) -> None:
    screen = open_today(qtbot, ground)
    assert screen.view.middle.currentWidget() is screen.view.nobody
    said, button = screen.view.nobody.more, screen.view.do_import
    bottom = said.mapTo(screen, said.rect().bottomLeft()).y()
    assert 0 < button.mapTo(screen, button.rect().topLeft()).y() - bottom < 40


def test_midnight_and_a_clock_that_was_set_bring_another_day(qtbot: QtBot, ground: Ground) -> None:
    person_due(ground, "甲", "2026-07-16")
    screen = open_today(qtbot, ground)
    ground.clock.tick(24 * 3600 * 1000)
    screen.ctx.look_at_the_date()
    qtbot.waitUntil(lambda: screen.board is not None and screen.board.today == date(2026, 7, 16))
    assert "16" in screen.view.day.text()
    ground.settle(qtbot)
    assert not screen.view.doubt.isVisible()
    for years, kind in ((-5, "back"), (+10, "ahead")):
        ground.clock.tick(years * 365 * 24 * 3600 * 1000)
        screen.ctx.look_at_the_date()
        qtbot.waitUntil(lambda: screen.board is not None and screen.board.machine == ground.desk.today)
        board = screen.board
        assert board is not None and board.doubt is not None and board.doubt.kind == kind
        assert board.today == date(2026, 7, 16), "told, not silently used"
        assert screen.view.doubt.isVisible() and str(ground.desk.today.year) in screen.view.doubt_words.text()
        screen.ctx.look_at_the_date()
        assert screen.board is board, "and not loaded again every time somebody looks"
    screen.view.believe.click()
    qtbot.waitUntil(lambda: screen.board is not None and screen.board.today == ground.desk.today)
    assert not screen.view.doubt.isVisible()
    ground.clock.tick(-3 * 24 * 3600 * 1000)
    screen.ctx.look_at_the_date()
    qtbot.waitUntil(lambda: screen.board is not None and screen.board.doubt is not None)


def test_what_others_change_is_loaded_again(qtbot: QtBot, ground: Ground) -> None:
    screen = open_today(qtbot, ground)
    assert screen.view.middle.currentWidget() is screen.view.nobody
    case_id = person_due(ground, "甲", "2026-07-15")
    ground.hub.changed.emit(Changed(frozenset({case_id})))
    qtbot.waitUntil(lambda: screen.view.middle.currentWidget() is screen.view.list)
    later = person_due(ground, "乙", "2026-07-14")
    ground.hub.changed.emit(Changed(whole=True))
    qtbot.waitUntil(lambda: screen.board is not None and later in screen.board.lines)


def test_nothing_due_says_what_comes_next(qtbot: QtBot, ground: Ground) -> None:
    person_due(ground, "甲", "2026-07-30")
    screen = open_today(qtbot, ground)
    assert screen.view.middle.currentWidget() is screen.view.nothing
    assert "甲" in screen.view.nothing.more.text()


def test_a_calendar_that_cannot_be_used_is_said_at_the_foot_and_leads_to_the_packs(
    ground: Ground, qtbot: QtBot, tmp_path: Path
) -> None:
    person_due(ground, "甲", "2026-07-13")
    folder = tmp_path / "stick"
    folder.mkdir()
    path = signed(folder, calendar(2027, "2027-01-01"), name="2027年日历", kind=CALENDAR)
    take_in(ground.desk, offer(ground.desk, path, [COUNTY]).result()).result()
    screen = open_today(qtbot, ground)
    assert screen.view.left_out.isHidden() and screen.view.to_packs.isHidden()
    ground.desk.write(lambda w: w.con.execute("DELETE FROM blob").rowcount).result()
    screen = open_today(qtbot, ground)
    qtbot.waitUntil(lambda: not screen.view.left_out.isHidden())
    assert "2027年日历" in screen.view.left_out.text()
    screen.view.to_packs.click()
    assert (ground.went[-1].place, ground.went[-1].part) == ("settings", "packs")
