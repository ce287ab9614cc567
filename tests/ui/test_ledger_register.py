from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from jobdesk.cases.id_number import convert15
from jobdesk.cases.rules.proofs import proof_of
from jobdesk.host.template_files import figures
from jobdesk.services.case_files import load_case_file
from jobdesk.services.drafting import find_drafts
from jobdesk.services.settings import FIGURE, set_station_setting
from jobdesk.ui.hub import GoTo
from jobdesk.ui.kit import DropDown, Segments, TextInput
from jobdesk.ui.register.screen import RegisterScreen
from jobdesk.ui.register.state import DRAFT_KEY, case_values, children_of, identity, problems
from jobdesk.ui.walk_ins.screen import WalkInsScreen
from tests.ui.crowd import id_number
from tests.ui.day_station import Ground

DAY = date(2026, 7, 15)
NUMBER = id_number(date(2003, 5, 9), 6)
OLD = "229901800101002"


@pytest.fixture
def ground(tmp_path: Path, dressed: QApplication) -> Iterator[Ground]:
    made = Ground(tmp_path)
    yield made
    made.close()


@pytest.fixture
def form(ground: Ground, qtbot: QtBot) -> Iterator[RegisterScreen]:
    made = RegisterScreen(ground.ctx)
    qtbot.addWidget(made)
    made.resize(1290, 700)
    made.show()
    made.arrive(GoTo("register"))
    ground.settle(qtbot)
    yield made
    made.leave()


def put(form: RegisterScreen, name: str, value: str) -> None:
    editor: QWidget = form.view.fields[name].editor
    assert isinstance(editor, TextInput | DropDown | Segments)
    editor.set_value(value)
    form._typed()


def test_the_number_says_sex_birth_and_age_and_never_fills_the_place(form: RegisterScreen) -> None:
    put(form, "id_number", NUMBER)
    assert "23 岁" in form.view.says.text()
    assert "女" in form.view.says.text()
    assert "吉林省" in form.view.region.text()
    assert "hukou_place" not in form.values()
    assert form.view.fields["birth"].editor.value() == "2003-05-09"  # type: ignore[attr-defined]
    assert "birth" not in form.values(), "what the number says is derived when saved, not typed"


def test_another_number_says_something_else_but_typed_values_stay(form: RegisterScreen) -> None:
    put(form, "id_number", NUMBER)
    put(form, "id_number", id_number(date(1980, 1, 2), 7))
    assert form.view.fields["birth"].editor.value() == "1980-01-02"  # type: ignore[attr-defined]
    put(form, "birth", "1980-01-03")
    put(form, "id_number", NUMBER)
    assert form.values()["birth"] == "1980-01-03"
    assert form.view.fields["birth"].problem


def test_saving_opens_the_file_with_its_records(form: RegisterScreen, ground: Ground, qtbot: QtBot) -> None:
    put(form, "id_number", NUMBER)
    put(form, "name", "张三丰")
    put(form, "graduate_kind", "technician_preparatory")
    put(form, "school", "柳河技师学院")
    put(form, "category", "JL2")
    put(form, "category_source", "ledger")
    put(form, "registered_since", "2026.3")
    form.view.group_ticks["released"].setChecked(True)
    form.save()
    qtbot.waitUntil(lambda: bool(ground.went))
    case = ground.desk.case(ground.went[-1].subject).result()
    assert case.root.text("sex") == "2"
    assert case.root.text("birth") == "2003-05-09"
    assert case.root.text("owner") == ground.desk.actor
    assert case.root.text("school") == "柳河技师学院"
    (recognition,) = case.of("recognition")
    assert (recognition.text("state"), recognition.text("source")) == ("ledger", "ledger")
    (registration,) = case.of("registration")
    assert registration.text("since") == "2026-03", "a month stays a month"
    assert [g.text("kind") for g in case.of("group")] == ["released"]
    assert form.values() == {}
    ground.settle(qtbot)
    assert find_drafts(ground.desk, DRAFT_KEY).result() == []


def test_a_duplicate_is_told_while_typing_and_not_saved(
    form: RegisterScreen, ground: Ground, qtbot: QtBot
) -> None:
    here = ground.person("张三丰", {"id_number": NUMBER})
    put(form, "id_number", NUMBER)
    qtbot.waitUntil(lambda: bool(form.same))
    assert form.view.twins.count() == 1
    put(form, "name", "张三丰")
    form.save()
    assert not form._saving
    form._open_twin(here)
    assert ground.went[-1] == GoTo("ledger", here)


@pytest.mark.parametrize("typed", ["229901800101123", convert15("229901800101123")])
def test_an_old_number_of_15_digits_is_found_by_either_form_and_lets_pass(
    form: RegisterScreen, ground: Ground, qtbot: QtBot, typed: str
) -> None:
    ground.person("张三丰", {"old_id_number": "229901800101123"})
    put(form, "id_number", typed)
    qtbot.waitUntil(lambda: bool(form.same))
    assert [t.reason for t in form.same] == ["old_number"] and form.view.twins.count() == 1
    put(form, "name", "张三峰")
    form.save(then_next=True)
    qtbot.waitUntil(lambda: bool(ground.notices))


def test_a_name_alike_is_a_hint_and_lets_pass(form: RegisterScreen, ground: Ground, qtbot: QtBot) -> None:
    ground.person("李四", {"phone": "19900000077"})
    put(form, "name", "李四")
    put(form, "phone", "19900000077")
    qtbot.waitUntil(lambda: bool(form.same))
    form.save(then_next=True)
    qtbot.waitUntil(lambda: bool(ground.notices))
    assert not ground.went, "Ctrl+Shift+Enter stays for the next person"


def test_what_blocks_is_said_beside_the_field_and_gets_the_cursor(form: RegisterScreen, qtbot: QtBot) -> None:
    put(form, "id_number", NUMBER[:-1] + ("0" if NUMBER[-1] != "0" else "1"))
    form.save()
    assert form.view.fields["name"].problem
    assert form.view.fields["id_number"].problem
    assert form.view.problem_count.isVisible()


def test_a_draft_is_back_after_a_kill(form: RegisterScreen, ground: Ground, qtbot: QtBot) -> None:
    put(form, "name", "没登完")
    put(form, "phone", "19900000088")
    form.keep()
    ground.settle(qtbot)
    again = RegisterScreen(ground.ctx)
    qtbot.addWidget(again)
    again.arrive(GoTo("register"))
    qtbot.waitUntil(lambda: again.values().get("name") == "没登完")
    assert again.values()["phone"] == "19900000088"
    again.leave()


def test_the_station_says_how_long_a_text_may_be(ground: Ground, form: RegisterScreen, qtbot: QtBot) -> None:
    put(form, "address", "南" * 30)
    assert "address" not in {told.field for told in form.told}
    set_station_setting(ground.desk, FIGURE + "text_limit", 20).result()
    form.arrive(GoTo("register"))
    ground.settle(qtbot)
    put(form, "address", "南" * 30)
    assert "address" in {told.field for told in form.told}


def test_words_searched_in_vain_become_the_name(form: RegisterScreen, qtbot: QtBot) -> None:
    form.arrive(GoTo("register", part="new", detail="欧阳新来"))
    qtbot.waitUntil(lambda: form.values().get("name") == "欧阳新来")


def test_fifteen_digits_are_the_old_number_and_ask_for_eighteen() -> None:
    values = case_values({"name": "老人", "id_number": OLD})
    assert values["old_id_number"] == OLD
    assert "id_number" not in values
    told = problems({"name": "老人", "id_number": OLD}, DAY, figures())
    assert any(t.field == "id_number" and not t.blocks for t in told)
    assert identity(OLD, DAY).birth == "1980-01-01"


def test_school_is_asked_of_graduates_only() -> None:
    assert "school" not in case_values({"name": "甲", "school": "某校", "graduate_kind": "none"})
    special = {"name": "甲", "school": "某校", "graduate_kind": "special_education"}
    assert case_values(special)["school"] == "某校"


def test_a_category_is_never_recognised_here() -> None:
    (child,) = children_of({"category": "JL1"}, DAY)
    assert child.values["state"] == "ledger"
    assert child.values["source"] == "self"


def test_a_notice_is_printed_from_what_is_typed(
    form: RegisterScreen, ground: Ground, tmp_path: Path, qtbot: QtBot
) -> None:
    path, opened = tmp_path / "notice.pdf", list[Path]()
    form.ask_path = lambda owner, name: path
    form.open_file = opened.append
    put(form, "name", "张三丰")
    form.view.print_buttons["notice_on"].click()
    qtbot.waitUntil(lambda: bool(opened), timeout=15_000)
    assert path.read_bytes().startswith(b"%PDF")


def test_a_caller_is_one_line_and_becomes_a_file(ground: Ground, qtbot: QtBot) -> None:
    screen = WalkInsScreen(ground.ctx)
    qtbot.addWidget(screen)
    screen.show()
    screen.arrive(GoTo("walk_ins"))
    ground.settle(qtbot)
    screen.save()
    assert screen.view.problem.isVisible()
    screen.view.name.setText("王某")
    screen.view.phone.setText("19900000099")
    screen.view.matter.setText("问社保补贴")
    screen.save()
    qtbot.waitUntil(lambda: screen.table.rows.rowCount() == 1)
    row = screen.table.rows.row(0)
    assert row is not None
    assert row.cells["phone"].text == "199****0099"
    screen.table.setCurrentIndex(screen.table.rows.index(0, 0))
    screen.open_file()
    qtbot.waitUntil(lambda: bool(ground.went))
    case = ground.desk.case(ground.went[-1].subject).result()
    assert (case.root.text("name"), case.root.text("phone")) == ("王某", "19900000099")


def test_a_certificate_on_the_desk_confirms_the_date_at_once(
    form: RegisterScreen, ground: Ground, qtbot: QtBot
) -> None:
    put(form, "name", "周雨桐")
    put(form, "education", "21")
    put(form, "graduate_kind", "university")
    seen = form.view.fields["graduated_seen"]
    assert not seen.isVisible()
    form.view.fields["graduated_on"].editor.set_value("2025-06-30")  # type: ignore[attr-defined]
    form._typed()
    assert seen.isVisible() and "graduated_seen" not in form.values()
    put(form, "graduated_seen", "document")
    form.save()
    qtbot.waitUntil(lambda: any(w.place == "ledger" for w in ground.went))
    file = load_case_file(ground.desk, ground.went[-1].subject).result()
    proof = proof_of(file.facts, "graduated_on", "2026-07-15")
    assert (
        proof is not None
        and proof.text("document") == "毕业证书"
        and proof.text("staff") == ground.desk.actor
    )
    assert form.view.fields["graduated_seen"].editor.value() == "unseen"  # type: ignore[attr-defined]


def test_nothing_is_confirmed_of_who_did_not_graduate() -> None:
    values = {"graduate_kind": "none", "graduated_on": "2025-06-30", "graduated_seen": "system"}
    assert children_of(values, DAY) == []
    (proof,) = children_of({**values, "graduate_kind": "university"}, DAY, "s1")
    assert (proof.record, proof.values["value"], proof.values["staff"]) == ("proof", "2025-06-30", "s1")
    assert "graduated_seen" not in case_values({**values, "graduate_kind": "university"})
