"""今日: sections, words, keys, postponing, midnight, the phone round."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from day_station import Ground
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from jobdesk.cases.due import Bucket
from jobdesk.cases.due_order import DayLine
from jobdesk.cases.ops import Subject
from jobdesk.host.strings import text
from jobdesk.services.editing import opening
from jobdesk.services.registering import Child
from jobdesk.services.today import Board, Scope, load_board, refresh_board
from jobdesk.services.vacancies import add_vacancy
from jobdesk.store import local
from jobdesk.ui.hub import Changed, GoTo
from jobdesk.ui.today import TodayScreen, kinds, saying, state, words

TODAY = date(2026, 7, 15)
NOTED = {"notice_on": "2026-01-01"}


@pytest.fixture
def ground(tmp_path: Path, dressed: QApplication) -> Iterator[Ground]:
    made = Ground(tmp_path)
    yield made
    made.close()


def _screen(qtbot: QtBot, ground: Ground, where: GoTo | None = None) -> TodayScreen:
    screen = TodayScreen(ground.ctx)
    ground.screens.append(screen)
    qtbot.addWidget(screen)
    screen.resize(1290, 712)
    screen.show()
    screen.arrive(where or GoTo("today"))
    qtbot.waitUntil(lambda: screen.board is not None)
    ground.settle(qtbot)
    return screen


def _board(ground: Ground) -> Board:
    return load_board(ground.desk).result()


def _person(ground: Ground, name: str, due: str, *children: Child) -> str:
    return ground.person(name, {**NOTED, "next_contact": due}, *children)


def _ready(qtbot: QtBot, ground: Ground, screen: TodayScreen) -> None:
    """The side has caught up with the cursor."""

    def beside() -> bool:
        line = screen.view.list.line
        return line is not None and screen.form.case_id == line.subject and screen.form.view.body.isVisible()

    qtbot.waitUntil(beside)
    ground.settle(qtbot)


def test_lines_stand_in_their_sections_and_are_counted(ground: Ground) -> None:
    for name, due in (("甲", "2026-07-13"), ("乙", "2026-07-15"), ("丙", "2026-07-17"), ("丁", "2026-07-21")):
        _person(ground, name, due)
    add_vacancy(ground.desk, {"unit": "某厂", "post": "普工", "valid_until": "2026-07-17"}).result()
    shown = state.day_of(_board(ground))
    assert [(s.bucket, len(s.lines)) for s in shown.sections] == [
        (Bucket.OVERDUE, 2), (Bucket.TODAY, 1), (Bucket.THIS_WEEK, 1)
    ]  # fmt: skip
    assert shown.counts[""] == 4 and shown.counts["contact"] == 3 and shown.counts["other"] == 1
    assert shown.next_week == 1
    assert {line.kind.value for line in state.day_of(_board(ground), "other").lines} == {"vacancy"}
    assert Bucket.LATER in {s.bucket for s in state.day_of(_board(ground), ahead=True).sections}


def test_a_line_says_who_what_why_and_by_when(ground: Ground) -> None:
    served = Child("service", {"type": "HF", "served_on": "2026-06-12", "outcome": "connected", "provider": "own"})
    _person(ground, "周雨桐", "2026-07-13", served)
    board = _board(ground)
    said = state.words_of(board, board.ordered()[0])
    assert (said.who, said.about, said.what) == ("周雨桐", "女 24 岁", "回访")
    assert said.why == "上次联系 6月12日，已 33 天"
    assert (said.when, said.late, said.tone) == ("7月13日 周一", "逾期 2 个工作日", "bad")


def test_unconfirmed_and_own_figures_are_marked(ground: Ground) -> None:
    ground.person("甲", {**NOTED, "opened_on": "2026-06-15"})
    graduate = {**NOTED, "opened_on": "2026-05-01", "graduate_kind": "university", "graduated_on": "2025-06",
                "next_contact": "2026-09-01"}  # fmt: skip
    ground.person("乙", graduate)
    board = _board(ground)
    by_kind = {line.kind.value: state.words_of(board, line).reason for line in board.ordered()}
    assert by_kind["contact_interval"].endswith("（待确认）")
    assert by_kind["step"].endswith("（自定）")


def test_a_list_never_names_what_a_counter_must_not_see(ground: Ground) -> None:
    low = Child("recognition", {"category": "JL3", "state": "recognised"})
    released = Child("group", {"kind": "released", "source": "self"})
    _person(ground, "甲", "2026-07-15", low, released)
    board = _board(ground)
    said = state.words_of(board, board.ordered()[0])
    assert said.chips == (text("category.hardship"),)


def test_basis_tells_rule_document_status_and_records(ground: Ground) -> None:
    ground.person("甲", {**NOTED, "opened_on": "2026-06-15"})
    board = _board(ground)
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
    board = _board(ground)
    said = {line.kind.value: state.words_of(board, line) for line in board.ordered()}
    assert {"promise", "measure", "plan_goal", "plan_review", "benefit_end", "subsidy_end", "notice",
            "first_round", "held_rows", "vacancy", "contact_interval"} <= set(said)  # fmt: skip
    assert all(w.who and w.what and w.why and w.when and w.late for w in said.values())


def test_enter_opens_the_form_for_just_that_and_saving_goes_on(qtbot: QtBot, ground: Ground) -> None:
    first, second = _person(ground, "甲", "2026-07-13"), _person(ground, "乙", "2026-07-14")
    screen = _screen(qtbot, ground)
    assert screen.view.list.line is not None and screen.view.list.line.subject == first
    qtbot.keyClick(screen.view.list, Qt.Key.Key_Return)
    _ready(qtbot, ground, screen)
    form = screen.form
    assert (form.view.kind.value(), form.view.channel.value()) == ("HF", "phone")
    qtbot.keyClick(form.view.outcome, Qt.Key.Key_1)
    form.save()
    qtbot.waitUntil(lambda: screen.board is not None and first not in screen.board.lines)
    _ready(qtbot, ground, screen)
    assert screen.view.list.line.subject == second
    assert screen.view.done.text() == text("today.done_today", count=1)


def test_the_phone_is_masked_until_looked_at_and_the_look_is_logged(qtbot: QtBot, ground: Ground) -> None:
    case_id = _person(ground, "甲", "2026-07-13")
    screen = _screen(qtbot, ground)
    _ready(qtbot, ground, screen)

    def shown() -> str:
        return " ".join(w.property("text") or "" for w in screen.brief.findChildren(QWidget))

    assert "199****0031" in shown() and "19900000031" not in shown()
    screen.brief.reveal_asked.emit()
    qtbot.waitUntil(lambda: "19900000031" in shown())
    (entry,) = ground.desk.read(local.accesses).result()
    assert entry.reason.startswith("今日待办：")
    assert (entry.what, entry.subject_id, entry.field) == ("reveal", case_id, "phone")


def test_putting_off_needs_a_reason_and_keeps_the_first_date_in_sight(qtbot: QtBot, ground: Ground) -> None:
    case_id = _person(ground, "甲", "2026-07-15")
    screen = _screen(qtbot, ground)
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
    case_id = _person(ground, "甲", "2026-07-13")
    add_vacancy(ground.desk, {"unit": "某厂", "post": "普工", "valid_until": "2026-07-20"}).result()
    screen = _screen(qtbot, ground)
    qtbot.keyClick(screen.view.list, Qt.Key.Key_O)
    assert (ground.went[-1].place, ground.went[-1].subject) == ("ledger", case_id)
    qtbot.keyClick(screen.view.list, Qt.Key.Key_Down)
    qtbot.keyClick(screen.view.list, Qt.Key.Key_Return)
    assert ground.went[-1].place == "vacancies"
    qtbot.keyClick(screen.view.list, Qt.Key.Key_P)
    assert ground.notices[-1].text == text("today.put_off_none")


def test_a_line_of_the_plan_shows_the_person_and_says_what_enter_does(qtbot: QtBot, ground: Ground) -> None:
    plan = Child("plan", {"version": 1, "agreed_on": "2026-03-01", "goal": "就业", "goal_due": "2026-07-13"})
    _person(ground, "周雨桐", "2026-09-01", plan)
    screen = _screen(qtbot, ground)
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
    screen = _screen(qtbot, ground)
    assert screen.view.middle.currentWidget() is screen.view.nobody
    said, button = screen.view.nobody.more, screen.view.do_import
    bottom = said.mapTo(screen, said.rect().bottomLeft()).y()
    assert 0 < button.mapTo(screen, button.rect().topLeft()).y() - bottom < 40


def test_midnight_and_a_clock_that_was_set_bring_another_day(qtbot: QtBot, ground: Ground) -> None:
    _person(ground, "甲", "2026-07-16")
    screen = _screen(qtbot, ground)
    ground.clock.tick(24 * 3600 * 1000)
    screen.look_at_the_date()
    qtbot.waitUntil(lambda: screen.board is not None and screen.board.today == date(2026, 7, 16))
    assert "16" in screen.view.day.text()
    ground.settle(qtbot)
    assert not screen.view.doubt.isVisible()
    for years, kind in ((-5, "back"), (+10, "ahead")):
        ground.clock.tick(years * 365 * 24 * 3600 * 1000)
        screen.look_at_the_date()
        qtbot.waitUntil(lambda: screen.board is not None and screen.board.machine == ground.desk.today)
        board = screen.board
        assert board is not None and board.doubt is not None and board.doubt.kind == kind
        assert board.today == date(2026, 7, 16), "told, not silently used"
        assert screen.view.doubt.isVisible() and str(ground.desk.today.year) in screen.view.doubt_words.text()
        screen.look_at_the_date()
        assert screen.board is board, "and not loaded again every time somebody looks"
    screen.view.believe.click()
    qtbot.waitUntil(lambda: screen.board is not None and screen.board.today == ground.desk.today)
    assert not screen.view.doubt.isVisible()
    ground.clock.tick(-3 * 24 * 3600 * 1000)
    screen.look_at_the_date()
    qtbot.waitUntil(lambda: screen.board is not None and screen.board.doubt is not None)


def test_what_others_change_is_loaded_again(qtbot: QtBot, ground: Ground) -> None:
    screen = _screen(qtbot, ground)
    assert screen.view.middle.currentWidget() is screen.view.nobody
    case_id = _person(ground, "甲", "2026-07-15")
    ground.hub.changed.emit(Changed(frozenset({case_id})))
    qtbot.waitUntil(lambda: screen.view.middle.currentWidget() is screen.view.list)
    later = _person(ground, "乙", "2026-07-14")
    ground.hub.changed.emit(Changed(whole=True))
    qtbot.waitUntil(lambda: screen.board is not None and later in screen.board.lines)


def test_nothing_due_says_what_comes_next(qtbot: QtBot, ground: Ground) -> None:
    _person(ground, "甲", "2026-07-30")
    screen = _screen(qtbot, ground)
    assert screen.view.middle.currentWidget() is screen.view.nothing
    assert "甲" in screen.view.nothing.more.text()


def test_a_round_of_calls_needs_no_mouse(qtbot: QtBot, ground: Ground) -> None:
    people = [_person(ground, name, "2026-07-14") for name in ("甲", "乙", "丙")]
    screen = _screen(qtbot, ground)
    qtbot.keyClick(screen.view.list, Qt.Key.Key_B)
    round_, grid = screen.round, screen.round.grid
    assert [c.line.subject for c in grid.round.calls] == people
    ground.settle(qtbot)
    qtbot.keyClick(grid.result, Qt.Key.Key_1)
    grid.content.insert("想去幼儿园")
    grid.next_on.insert("8.14")
    qtbot.keyClick(grid.next_on, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: grid.at == 1)
    ground.settle(qtbot)
    qtbot.keyClick(grid.result, Qt.Key.Key_2)
    qtbot.keyClick(grid.next_on, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: grid.at == 2)
    (call,) = ground.services(people[0])
    assert (call["outcome"], call["content"], call["type"]) == ("connected", "想去幼儿园", "HF")
    assert ground.desk.case(people[0]).result().root.get("next_contact") == "2026-08-14"
    assert ground.services(people[1])[0]["engagement"] == "attempt"
    board = _board(ground)
    assert people[0] not in {line.subject for line in state.day_of(board).lines}
    assert people[1] in {line.subject for line in state.day_of(board).lines}
    qtbot.keyClick(grid.result, Qt.Key.Key_Return)
    assert grid.round.calls[2].problem == "no_result"
    round_.undo_last()
    qtbot.waitUntil(lambda: not ground.services(people[1]))
    assert len(ground.services(people[0])) == 1


def test_a_round_shows_numbers_only_with_a_reason_in_the_log(qtbot: QtBot, ground: Ground) -> None:
    for name in ("甲", "乙"):
        _person(ground, name, "2026-07-14")
    screen = _screen(qtbot, ground)
    screen.open_round()
    call = screen.round.grid.round.calls[0]
    assert call.shown_phone(screen.round.grid.revealed) == "199****0031"
    screen.round.reveal_all()
    ground.settle(qtbot)
    assert not screen.round.grid.revealed
    screen.round.reason.setText("七月回访")
    screen.round.reveal_all()
    qtbot.waitUntil(lambda: screen.round.grid.revealed)
    (entry,) = ground.desk.read(local.accesses).result()
    assert (entry.count, entry.reason) == (2, "七月回访")


def test_what_is_typed_in_a_round_is_there_after_a_kill(qtbot: QtBot, ground: Ground) -> None:
    _person(ground, "甲", "2026-07-14")
    screen = _screen(qtbot, ground)
    screen.open_round()
    ground.settle(qtbot)
    qtbot.keyClick(screen.round.grid.result, Qt.Key.Key_1)
    screen.round.grid.content.insert("说到一半")
    screen.round.keep()
    ground.settle(qtbot)
    again = _screen(qtbot, ground)
    again.open_round()
    ground.settle(qtbot)
    assert again.round.grid.content.value() == "说到一半"


def test_the_paper_of_a_round_is_masked_and_names_no_category(
    qtbot: QtBot, ground: Ground, tmp_path: Path
) -> None:
    import pypdfium2

    _person(ground, "周雨桐", "2026-07-14", Child("recognition", {"category": "JL1", "state": "recognised"}))
    screen = _screen(qtbot, ground)
    screen.open_round()
    path = tmp_path / "round.pdf"
    screen.round.print_to(path)
    qtbot.waitUntil(path.exists)
    page = pypdfium2.PdfDocument(path)[0].get_textpage().get_text_range()
    assert "周雨桐" in page and "199****0031" in page
    assert "19900000031" not in page and text("category.hardship") not in page


def test_a_measure_is_finished_with_the_service_that_did_it(qtbot: QtBot, ground: Ground) -> None:
    measure = Child("measure", {"what": "陪同面试", "due": "2026-07-14", "state": "planned"})
    case_id = ground.person("甲", {**NOTED, "next_contact": "2026-09-01"}, measure)
    screen = _screen(qtbot, ground)
    _ready(qtbot, ground, screen)
    view = screen.form.view
    assert view.finish.isVisible() and "陪同面试" in view.finish.text()
    view.kind.set_value("QT")
    view.channel.set_value("visit")
    screen.form._kind_chosen()  # pyright: ignore[reportPrivateUsage]
    view.outcome.set_value("met")
    view.finish.setChecked(True)
    screen.form.save()
    qtbot.waitUntil(lambda: screen.board is not None and case_id not in state_subjects(screen))
    done = ground.desk.case(case_id).result().of("measure")[0]
    assert (done.get("state"), done.get("done_on")) == ("done", "2026-07-15")


def test_a_notice_is_given_with_the_service(qtbot: QtBot, ground: Ground) -> None:
    served = Child("service", {"type": "HF", "served_on": "2026-07-01", "outcome": "connected"})
    case_id = ground.person("甲", {"opened_on": "2026-06-01", "next_contact": "2026-09-01"}, served)
    screen = _screen(qtbot, ground)
    _ready(qtbot, ground, screen)
    view = screen.form.view
    assert view.kind.value() == "QT" and view.notice.isChecked()
    view.channel.set_value("station")
    view.outcome.set_value("offered")
    screen.form.save()
    qtbot.waitUntil(lambda: ground.desk.case(case_id).result().root.get("notice_on") == "2026-07-15")


def test_ten_thousand_lines_are_drawn_as_fast_as_ten(qtbot: QtBot, ground: Ground) -> None:
    from dataclasses import replace

    case_id = _person(ground, "甲", "2026-07-13")
    screen = _screen(qtbot, ground)
    board = screen.board
    assert board is not None
    line = board.lines[case_id][0]
    many = Board(board.today, board.agenda, Scope(20_000))
    for n in range(10_000):
        one = replace(line, subject=f"k{n:05d}")
        many.add([one], [DayLine(one.subject, (one,))], "", "")
    many.settle()
    asked: list[str] = []
    tasks = screen.view.list
    tasks._words = lambda one, _reason: (asked.append(one.uid), state.entry_words(many, one))[1]  # pyright: ignore
    tasks.show_day(state.day_of(many))
    tasks.grab()
    qtbot.keyClick(tasks, Qt.Key.Key_End)
    tasks.grab()
    assert tasks.line is not None and tasks.line.subject == "k09999"
    assert len(asked) < 60


def test_reasons_of_one_person_and_day_are_one_line_that_opens(qtbot: QtBot, ground: Ground) -> None:
    measure = Child("measure", {"what": "陪同面试", "due": "2026-07-14", "state": "planned"})
    benefit = Child("benefit", {"until": "2026-07-30"})
    case_id = ground.person("甲", {**NOTED, "opened_on": "2026-05-01", "next_contact": "2026-07-15"}, measure, benefit)
    screen = _screen(qtbot, ground)
    tasks = screen.view.list
    entry = tasks.entry
    assert entry is not None and entry.subject == case_id and len(entry.lines) >= 3
    assert screen.shown is not None and screen.shown.counts[""] == 1
    said = tasks.words(entry)
    assert said.count == len(entry.lines) and str(said.count - 1) in said.more
    qtbot.keyClick(tasks, Qt.Key.Key_Right)
    qtbot.keyClick(tasks, Qt.Key.Key_Down)
    qtbot.keyClick(tasks, Qt.Key.Key_Down)
    assert tasks.line is entry.lines[1] and not tasks.whole
    qtbot.keyClick(tasks, Qt.Key.Key_P)
    screen.put_off.until.set_date(date(2026, 7, 17))
    screen.put_off.reason.setText("对方改期")
    screen.put_off.save()
    qtbot.waitUntil(lambda: len(ground.desk.case(case_id).result().of("postponement")) == 1)
    ground.settle(qtbot)
    qtbot.keyClick(tasks, Qt.Key.Key_Left)
    qtbot.keyClick(tasks, Qt.Key.Key_Home)
    assert tasks.whole and tasks.entry is not None
    left = len(tasks.entry.lines)
    qtbot.keyClick(tasks, Qt.Key.Key_P)
    screen.put_off.until.set_date(date(2026, 7, 20))
    screen.put_off.reason.setText("本人外出")
    screen.put_off.save()
    qtbot.waitUntil(lambda: len(ground.desk.case(case_id).result().of("postponement")) == 1 + left)


def test_the_place_of_a_line_is_told_by_its_points(ground: Ground) -> None:
    plain, heavy = _person(ground, "甲", "2026-07-14"), "2026-07-14"
    recognised = Child("recognition", {"category": "JL1", "state": "recognised", "since": "2026-01-01"})
    first = ground.person("乙", {**NOTED, "next_contact": heavy, "tier": "1", "tier_reason": "评定"}, recognised)
    board = _board(ground)
    assert [e.subject for e in board.entries] == [first, plain]
    entry = board.entries[0]
    facts = saying.place_facts(board, entry)
    assert facts[0][1] == text("today.place_total", points=entry.score)
    assert entry.score == sum(p.points for p in entry.parts) and len(facts) == 1 + len(entry.parts)
    assert all(said.endswith("（自定）") for _, said in facts[1:])
    assert {p.key for p in entry.parts} == {"order.overdue", "order.category.hardship", "order.tier.1"}


def test_lines_are_filtered_by_community_and_by_who_looks_after_them(qtbot: QtBot, ground: Ground) -> None:
    for name, community in (("甲", "南岭社区"), ("乙", "柳河社区"), ("丙", "南岭社区")):
        ground.person(name, {**NOTED, "next_contact": "2026-07-14", "community": community})
    screen = _screen(qtbot, ground)
    screen.view.community.chosen.emit("南岭社区")
    assert screen.shown is not None
    assert len(_lines(screen)) == 2 and screen.shown.counts["contact"] == 2
    assert dict(screen.shown.communities) == {"南岭社区": 2, "柳河社区": 1}
    screen.view.community.chosen.emit("")
    assert len(_lines(screen)) == 3
    mine = ground.person("丁", {**NOTED, "next_contact": "2026-07-14", "owner": "somebody-else"})
    ground.hub.changed.emit(Changed(frozenset({mine})))
    qtbot.waitUntil(lambda: screen.board is not None and mine in screen.board.lines)
    screen.view.owner.chosen.emit("somebody-else")
    assert [e.subject for e in _lines(screen)] == [mine]


def test_a_person_is_handed_over_with_measures(qtbot: QtBot, ground: Ground) -> None:
    from jobdesk.services.staffing import add_staff, staff_of

    add_staff(ground.desk, "周同事").result()
    other = next(s for s in ground.desk.read(lambda con: staff_of(con, ground.desk)).result() if s.name == "周同事")
    measure = Child("measure", {"what": "陪同", "due": "2026-09-01", "state": "planned", "owner": ground.desk.actor})
    case_id = ground.person("甲", {**NOTED, "next_contact": "2026-07-14", "owner": ground.desk.actor}, measure)
    screen = _screen(qtbot, ground)
    ground.settle(qtbot)
    qtbot.keyClick(screen.view.list, Qt.Key.Key_T)
    assert screen.side.currentWidget() is screen.hand_over
    screen.hand_over.save()
    assert screen.hand_over.field.problem
    screen.hand_over.staff.set_value(other.id)
    screen.hand_over.save()
    qtbot.waitUntil(lambda: ground.desk.case(case_id).result().root.get("owner") == other.id)
    assert ground.desk.case(case_id).result().of("measure")[0].get("owner") == other.id


def test_a_board_that_keeps_a_few_lines_counts_the_rest_and_brings_them_forward(ground: Ground) -> None:
    for n in range(8):
        ground.person(f"甲{n}", {**NOTED, "next_contact": f"2026-07-{14 + n % 3}", "community": f"社区{n % 2}"})
    whole = load_board(ground.desk).result()
    few = load_board(ground.desk, scope=Scope(3)).result()
    assert [e.uid for e in few.entries] == [e.uid for e in whole.entries][:3]
    shown, all_of_it = state.day_of(few), state.day_of(whole)
    assert (shown.counts, shown.communities) == (all_of_it.counts, all_of_it.communities)
    assert shown.unlisted == 5 and all_of_it.unlisted == 0
    last = whole.entries[-1]
    again = refresh_board(ground.desk, few, [last.subject]).result()
    assert state.day_of(again).counts == all_of_it.counts
    narrowed = load_board(ground.desk, scope=Scope(3, community="社区1")).result()
    asked = state.Filters(community="社区1")
    assert state.day_of(narrowed, asked).counts == state.day_of(whole, asked).counts
    assert {narrowed.items[e.subject].community for e in narrowed.entries} == {"社区1"}


def _lines(screen: TodayScreen) -> tuple[DayLine, ...]:
    """The lines in sight."""
    assert screen.shown is not None
    return screen.shown.lines


def state_subjects(screen: TodayScreen) -> set[str]:
    """Subjects with a line up to the end of the week."""
    assert screen.board is not None
    return {line.subject for line in state.day_of(screen.board).lines}
