"""The form of a service: what it offers, what it asks for, and that nothing typed is lost."""

from collections.abc import Iterator
from concurrent.futures import Future
from datetime import date
from pathlib import Path

import pytest
from day_station import Ground
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from jobdesk.cases.errors import Trouble
from jobdesk.host.calendar_file import working_days
from jobdesk.host.strings import text
from jobdesk.services.settings import FIGURE, set_station_setting
from jobdesk.services.today import load_board
from jobdesk.services.vacancies import add_vacancy
from jobdesk.store import local
from jobdesk.ui.serviceform import ServiceForm, state
from jobdesk.ui.serviceform.finder import Finder

TODAY = date(2026, 7, 15)


@pytest.fixture
def ground(tmp_path: Path, dressed: QApplication) -> Iterator[Ground]:
    made = Ground(tmp_path)
    yield made
    made.close()


def _open(qtbot: QtBot, ground: Ground, case_id: str, **preset: str) -> ServiceForm:
    form = ServiceForm(ground.ctx)
    qtbot.addWidget(form)
    form.resize(400, 760)
    form.show()
    with qtbot.waitSignal(form.begun):
        form.begin(case_id, preset=preset)
    return form


def test_a_key_takes_a_type_by_number_or_by_the_only_letter() -> None:
    shown = ("ZCXJ", "ZYZD", "GWTJ", "HF")
    assert state.type_by_key("3", shown) == "GWTJ"
    assert state.type_by_key("h", shown) == "HF"
    assert state.type_by_key("z", shown) == ""
    assert state.type_by_key("9", shown) == ""


@pytest.mark.parametrize(
    ("typed", "ahead", "expected"),
    [
        ("7.20", True, date(2026, 7, 20)),
        ("7月1日", True, date(2027, 7, 1)),
        ("7-1", False, date(2026, 7, 1)),
        ("12.31", False, date(2025, 12, 31)),
        ("2026年8月3日", True, date(2026, 8, 3)),
        ("2026.8", True, None),
        ("2.30", True, None),
        ("哪天", True, None),
    ],
)
def test_month_and_day_mean_the_nearest_day_on_that_side(
    typed: str, ahead: bool, expected: date | None
) -> None:
    assert state.parse_day(typed, TODAY, ahead=ahead) == expected


def test_quick_days_are_working_days() -> None:
    days = working_days()
    for name in state.QUICK:
        assert days.is_working(state.quick_day(name, date(2026, 9, 24), days))
    assert state.quick_day("month", date(2026, 9, 1), days) == date(2026, 10, 8)


def test_tab_goes_down_the_form_also_after_controls_were_renewed(qtbot: QtBot, ground: Ground) -> None:
    above = QWidget()
    form = ServiceForm(ground.ctx, above)
    qtbot.addWidget(form)
    form.show()
    form.activateWindow()
    with qtbot.waitSignal(form.begun):
        form.begin(ground.person("周雨桐"), preset={"type": "HF", "channel": "visit"})
    view = form.view
    qtbot.keyClick(view.kind, Qt.Key.Key_Backtab)  # whoever has it loses it
    view.kind.setFocus()
    gone: list[QWidget | None] = []
    for _ in range(4):
        qtbot.keyClick(QApplication.focusWidget() or view.kind, Qt.Key.Key_Tab)
        gone.append(QApplication.focusWidget())
    assert gone[:3] == [view.channel, view.outcome, view.content]
    assert gone[3] is not None and view.next_field.isAncestorOf(gone[3])


def test_outcomes_follow_type_and_channel() -> None:
    assert state.outcomes_of("HF", "phone") == ("connected", "no_answer", "wrong_number")
    assert state.outcomes_of("HF", "visit") == ("met", "not_met")
    assert state.outcomes_of("QF", "online") == ("offered",)


def test_a_call_is_saved_with_the_next_contact(qtbot: QtBot, ground: Ground) -> None:
    case_id = ground.person("周雨桐", {"next_contact": "2026-07-13"})
    form = _open(qtbot, ground, case_id, type="HF", channel="phone")
    qtbot.keyClick(form.view.outcome, Qt.Key.Key_1)
    form.view.content.setPlainText("想报培训")
    form.view.quick["week"].click()
    with qtbot.waitSignal(form.saved) as told:
        form.save()
    assert told.args == [case_id]
    (service,) = ground.services(case_id)
    assert service["outcome"] == "connected" and service["content"] == "想报培训"
    assert service["entered_by"] == ground.desk.actor and service["served_on"] == "2026-07-15"
    assert ground.desk.case(case_id).result().root.get("next_contact") == "2026-07-22"
    assert "engagement" not in service


def test_an_unanswered_call_is_an_attempt_and_keeps_the_due_line(qtbot: QtBot, ground: Ground) -> None:
    case_id = ground.person("周雨桐", {"next_contact": "2026-07-13"})
    before = load_board(ground.desk).result().lines[case_id]
    form = _open(qtbot, ground, case_id, type="HF", channel="phone")
    qtbot.keyClick(form.view.outcome, Qt.Key.Key_2)
    assert form.view.note.text().startswith(text("service.note_attempt"))
    with qtbot.waitSignal(form.saved):
        form.save()
    assert ground.services(case_id)[0]["engagement"] == "attempt"
    after = load_board(ground.desk).result().lines[case_id]
    assert [line.key for line in after] == [line.key for line in before]


def test_what_is_missing_stands_beside_its_field_and_nothing_is_written(qtbot: QtBot, ground: Ground) -> None:
    case_id = ground.person("周雨桐")
    form = _open(qtbot, ground, case_id)
    form.save()
    assert form.view.kind_field.problem == text("problem.type_missing")
    assert form.view.channel_field.problem == text("service.channel_missing")
    form.view.kind.set_value("HF")
    form.view.day.setText("2026-08-01")
    form.save()
    assert form.view.day_field.problem == text("problem.served_in_future")
    form.view.next_on.setText("改天")
    form.save()
    assert form.view.next_field.problem
    ground.settle(qtbot)
    assert ground.services(case_id) == []


def test_a_late_entry_asks_why(qtbot: QtBot, ground: Ground) -> None:
    case_id = ground.person("周雨桐")
    form = _open(qtbot, ground, case_id, type="HF", channel="phone", outcome="connected")
    assert form.view.late_field.isHidden()
    form.view.day.setText("2026.7.1")
    form.view.day.read()
    assert not form.view.late_field.isHidden()
    form.save()
    assert form.view.late_field.problem
    form.view.late.setText("当时停电")
    with qtbot.waitSignal(form.saved):
        form.save()
    assert ground.services(case_id)[0]["late_reason"] == "当时停电"


def test_a_recommendation_picks_different_posts(qtbot: QtBot, ground: Ground) -> None:
    for name in ("保育员", "厨师"):
        add_vacancy(ground.desk, {"unit": "南岭幼儿园", "post": name}).result()
    add_vacancy(ground.desk, {"unit": "南岭幼儿园", "post": "门卫", "valid_until": "2026-07-01"}).result()
    case_id = ground.person("周雨桐")
    form = _open(qtbot, ground, case_id, type="GWTJ", channel="phone", outcome="offered")
    finder: Finder = form.view.post_finder
    for _ in range(2):
        finder.box.setText("幼儿")
        qtbot.keyClick(finder.box, Qt.Key.Key_Return)
    finder.box.setText("门卫")
    assert text("service.post_expired", post="南岭幼儿园 门卫") == finder.list.item(0).text()
    with qtbot.waitSignal(form.saved):
        form.save()
    (service,) = ground.services(case_id)
    vacancies = service["vacancies"]
    assert isinstance(vacancies, list) and len(set(map(str, vacancies))) == 2
    assert service["engagement"] == "offered"


def test_a_job_fair_is_one_form_for_many_and_one_undo(qtbot: QtBot, ground: Ground) -> None:
    case_id, other = ground.person("周雨桐"), ground.person("赵文博")
    form = _open(qtbot, ground, case_id, type="ZPH", channel="station", outcome="joined")
    form.view.people_finder.box.setText("赵文")
    qtbot.waitUntil(lambda: form.view.people_finder.list.count() == 1)
    qtbot.keyClick(form.view.people_finder.box, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: form.view.people.values() == (case_id, other))
    with qtbot.waitSignal(form.saved):
        form.save()
    ours, theirs = ground.services(case_id)[0], ground.services(other)[0]
    assert ours["group_event"] == theirs["group_event"]
    undo = ground.notices[-1].undo
    assert undo is not None
    undo()
    qtbot.waitUntil(lambda: not ground.services(case_id) and not ground.services(other))


def test_a_draft_comes_back_after_a_kill_with_the_bases_of_then(qtbot: QtBot, ground: Ground) -> None:
    case_id = ground.person("周雨桐", {"next_contact": "2026-07-13"})
    form = _open(qtbot, ground, case_id, type="HF", channel="phone")
    form.view.content.setPlainText("说到一半")
    form.view.next_on.setText("2026-07-20")
    form.view.next_on.read()
    form.keep()
    ground.settle(qtbot)
    assert form.view.draft.text() == text("service.draft_kept", at="09:00") or form.view.draft.text()
    known = form.typed()
    form.hide()
    again = _open(qtbot, ground, case_id)
    assert again.typed().values["content"] == "说到一半"
    assert again.typed().next_on == known.next_on == "2026-07-20"
    qtbot.keyClick(again.view.outcome, Qt.Key.Key_1)
    with qtbot.waitSignal(again.saved):
        again.save()
    ground.settle(qtbot)
    assert ground.desk.read(lambda con: local.drafts(con, "service/")).result() == []


def test_somebody_who_wrote_since_the_draft_is_not_overwritten(qtbot: QtBot, ground: Ground) -> None:
    from jobdesk.services.desk import case_subject
    from jobdesk.services.editing import save_record

    case_id = ground.person("周雨桐", {"next_contact": "2026-07-13"})
    form = _open(qtbot, ground, case_id, type="HF", channel="phone")
    form.view.next_on.set_date(date(2026, 7, 20))
    form.view.content.setPlainText("约好了")
    form.keep()
    ground.settle(qtbot)
    root = ground.desk.case(case_id).result().root
    save_record(ground.desk, case_subject(case_id), root, {"next_contact": "2026-07-30"}).result()
    form.hide()
    again = _open(qtbot, ground, case_id)
    qtbot.keyClick(again.view.outcome, Qt.Key.Key_1)
    with qtbot.waitSignal(again.saved):
        again.save()
    heads = ground.desk.case(case_id).result().root.fields["next_contact"].heads
    assert {str(h.value) for h in heads} == {"2026-07-20", "2026-07-30"}


def test_a_save_that_fails_loses_nothing(
    qtbot: QtBot, ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full_disk(*_args: object) -> Future[object]:
        failed: Future[object] = Future()
        failed.set_exception(Trouble("disk_full"))
        return failed

    case_id, other = ground.person("周雨桐"), ground.person("赵文博")
    form = _open(qtbot, ground, case_id, type="HF", channel="phone", outcome="connected")
    form.view.content.setPlainText("很长的一段话")
    with monkeypatch.context() as patched:
        patched.setattr("jobdesk.ui.serviceform.form.record_service", full_disk)
        form.save()
        form.begin(other)
        ground.settle(qtbot)
    assert len(ground.troubles) == 1
    with qtbot.waitSignal(form.begun):
        form.begin(case_id)
    assert form.typed().values["content"] == "很长的一段话"


def test_another_person_chosen_while_a_save_is_under_way_keeps_both(qtbot: QtBot, ground: Ground) -> None:
    case_id, other = ground.person("周雨桐"), ground.person("赵文博")
    form = _open(qtbot, ground, case_id, type="HF", channel="phone", outcome="connected")
    with qtbot.waitSignal(form.saved) as told:
        form.save()
        form.begin(other, preset={"type": "ZYZD"})
    ground.settle(qtbot)
    assert told.args == [case_id] and len(ground.services(case_id)) == 1
    assert form.case_id == other and form.typed().values["type"] == "ZYZD"
    assert ground.services(other) == []


def test_esc_puts_the_form_away_and_the_toast_brings_it_back(qtbot: QtBot, ground: Ground) -> None:
    case_id = ground.person("周雨桐")
    form = _open(qtbot, ground, case_id, type="HF", channel="phone")
    form.view.content.setPlainText("差点丢了")
    with qtbot.waitSignal(form.cancelled):
        qtbot.keyClick(form, Qt.Key.Key_Escape)
    ground.settle(qtbot)
    assert form.typed().values.get("content") is None
    undo = ground.notices[-1].undo
    assert undo is not None
    undo()
    qtbot.waitUntil(lambda: form.typed().values.get("content") == "差点丢了")


def test_a_statement_is_written_with_its_day(qtbot: QtBot, ground: Ground) -> None:
    case_id = ground.person("周雨桐")
    form = _open(qtbot, ground, case_id)
    form.view.statement.click()
    box = form.view.declared
    box.save.click()
    assert box.kind_field.problem
    box.kind.set_value("study")
    box.save.click()
    qtbot.waitUntil(lambda: bool(ground.desk.case(case_id).result().of("statement")))
    (record,) = ground.desk.case(case_id).result().of("statement")
    assert (record.get("kind"), record.get("stated_on")) == ("study", "2026-07-15")


def test_ctrl_enter_saves_from_inside_the_content(qtbot: QtBot, ground: Ground) -> None:
    case_id = ground.person("周雨桐")
    form = _open(qtbot, ground, case_id, type="HF", channel="phone", outcome="connected")
    form.activateWindow()
    form.view.content.setFocus()
    with qtbot.waitSignal(form.saved):
        qtbot.keyClick(form.view.content, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert len(ground.services(case_id)) == 1


def test_what_counts_as_late_is_what_the_station_set(qtbot: QtBot, ground: Ground) -> None:
    case_id = ground.person("王芳")
    form = _open(qtbot, ground, case_id)
    form.view.day.set_date(date(2026, 7, 12))
    form._react()
    assert form.view.late_field.isHidden(), "three days are shipped as in time"
    set_station_setting(ground.desk, FIGURE + "late_entry_days", 2).result()
    again = _open(qtbot, ground, case_id)
    again.view.day.set_date(date(2026, 7, 12))
    again._react()
    assert not again.view.late_field.isHidden()


def test_the_statement_opens_in_sight(qtbot: QtBot, ground: Ground) -> None:
    form = _open(qtbot, ground, ground.person("周雨桐"), type="HF")
    form.resize(400, 420)
    form.view.statement.click()
    qtbot.waitUntil(lambda: not form.view.declared.kind.visibleRegion().isEmpty())
