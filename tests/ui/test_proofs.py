"""核对 of a field: two clicks from the field and from 查看依据, shown beside it, taken back, void when changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from jobdesk.cases.due import DueKind
from jobdesk.cases.errors import Refused
from jobdesk.cases.rules.verdict import Outcome
from jobdesk.cases.rules.vocabulary import judge
from jobdesk.services import editing
from jobdesk.services.case_files import CaseFile, load_case_file, load_history
from jobdesk.services.confirming import confirm
from jobdesk.ui.case_basis import shown_basis
from jobdesk.ui.case_words import Words
from jobdesk.ui.casefile import CaseFilePanel
from jobdesk.ui.casefile.conflict import ConflictBox
from jobdesk.ui.casefile.editors import Veiled
from jobdesk.ui.casefile.history_state import lines_of
from jobdesk.ui.casefile.overview import OverviewPage
from jobdesk.ui.casefile.proof_state import proof_mark
from jobdesk.ui.casefile.root_section import RootSection
from jobdesk.ui.today import kinds as today_kinds
from tests.ui.case_scene import Scene, conflict
from tests.ui.crowd import id_number
from tests.ui.test_casefile import looks, opened, settle, words


@pytest.fixture
def panel(scene: Scene, qtbot: QtBot) -> CaseFilePanel:
    made = CaseFilePanel(scene.ctx)
    qtbot.addWidget(made)
    made.resize(620, 900)
    made.show()
    return made


def graduate(scene: Scene) -> str:
    case = scene.person(
        birth="2002-09-17", sex="2", local_hukou=True, hukou_kind="10", work_capacity="able", willingness="yes",
        education="21", graduate_kind="university", graduated_on="2024-06-30", ever_employed=False,
        ever_insured=False, opened_on="2026-01-05",
    )  # fmt: skip
    scene.add(case, "registration", since="2025-01-02", registered=True, source="system")
    return case


def file_of(scene: Scene, case: str) -> CaseFile:
    return load_case_file(scene.desk, case).result()


def kinds(file: CaseFile) -> set[DueKind]:
    return {line.kind for line in file.due}


def education(panel: CaseFilePanel) -> RootSection:
    page = panel.pages["overview"]
    assert isinstance(page, OverviewPage)
    return page.sections["education"]


def texts(widget: QWidget) -> str:
    return " ".join(label.text() for label in widget.findChildren(QLabel) if not label.isHidden())


def press(widget: QWidget, words: str) -> None:
    (found,) = [b for b in widget.findChildren(QPushButton) if b.text() == words and not b.isHidden()]
    found.click()


def test_two_clicks_from_the_field_start_the_clock(scene: Scene, panel: CaseFilePanel, qtbot: QtBot) -> None:
    case = graduate(scene)
    assert DueKind.VERIFY in kinds(file_of(scene, case)) and DueKind.MAY_APPLY not in kinds(
        file_of(scene, case)
    )
    opened(scene, panel, qtbot, case)
    section = education(panel)
    assert "未核对" in texts(section)
    press(section, "核对")
    assert section.proofs.form is not None
    assert section.proofs.form.form.values()["document"] == "毕业证书"
    section.proofs.form.save.click()
    settle(scene, qtbot)
    assert "已核对 · 毕业证书 · 7月15日 · 于晓梅" in texts(education(panel))
    after = file_of(scene, case)
    assert DueKind.MAY_APPLY in kinds(after) and DueKind.VERIFY not in kinds(after)
    assert after.state.root.text("graduated_on") == "2024-06-30", "nothing was changed"
    press(education(panel), "撤回")
    assert education(panel).proofs.ask is not None
    undo = scene.said[-1].undo
    assert undo is not None
    undo()
    settle(scene, qtbot)
    assert DueKind.VERIFY in kinds(file_of(scene, case)), "撤销 brings the question back"
    assert "未核对" in texts(education(panel)) and "已核对" not in texts(education(panel))


def test_from_the_basis_it_is_the_same_question(scene: Scene, panel: CaseFilePanel, qtbot: QtBot) -> None:
    case = graduate(scene)
    opened(scene, panel, qtbot, case)
    file = file_of(scene, case)
    (line,) = [d for d in file.due if d.kind is DueKind.VERIFY]
    shown = shown_basis(line.basis, file, Words(scene.desk.today), panel.go)
    assert shown.outcome == "unknown" and dict(shown.facts)["毕业（离校）日期"]
    (fact,) = [f for f in shown.checked if "未核对，期限尚未起算" in f.value]
    assert fact.value.startswith("24") and fact.prove is not None and fact.prove[0] == "核对“毕业时间”"
    ways = [way for _, ways in shown.missing for way in ways]
    assert [words for words, _ in ways] == ["核对“毕业时间”"]
    ways[0][1]()
    assert education(panel).proofs.form is not None


def test_enter_in_今日_asks_it_too(scene: Scene, panel: CaseFilePanel, qtbot: QtBot) -> None:
    case = graduate(scene)
    (line,) = [d for d in file_of(scene, case).due if d.kind is DueKind.VERIFY]
    assert (today_kinds.part_of(line), today_kinds.detail_of(line)) == ("overview", "prove:graduated_on")
    panel.show_case(case, today_kinds.part_of(line), today_kinds.detail_of(line))
    settle(scene, qtbot)
    assert education(panel).proofs.form is not None


def test_another_value_makes_it_void_and_the_old_one_holds_again(scene: Scene) -> None:
    case = graduate(scene)
    confirm(scene.desk, case, "graduated_on", "2024-06-30", {"source": "system"}).result()
    assert DueKind.MAY_APPLY in kinds(file_of(scene, case))
    for value, sure in (("2024-06-29", False), ("2024-06-30", True)):
        state = scene.desk.case(case).result()
        editing.save_record(scene.desk, state.subject, state.root, {"graduated_on": value}).result()
        file = file_of(scene, case)
        assert (DueKind.MAY_APPLY in kinds(file)) is sure and (DueKind.VERIFY in kinds(file)) is not sure
        assert file.agenda is not None
        assert file.agenda.situation(file.facts).is_proven("graduated_on") is sure


@pytest.mark.parametrize(("values", "code"), [
    ({"source": "ledger", "document": "x"}, "proof_source"), ({}, "proof_source"),
    ({"source": "document"}, "proof_document"),
    ({"source": "system", "looked_on": "2026-07-16"}, "proof_day"),
])  # fmt: skip
def test_what_confirms_nothing_is_refused(scene: Scene, values: dict[str, str], code: str) -> None:
    with pytest.raises(Refused) as refused:
        confirm(scene.desk, "c", "graduated_on", "2024-06-30", dict(values))
    assert refused.value.code == code


def test_what_somebody_changed_meanwhile_is_looked_at_again(scene: Scene) -> None:
    case = graduate(scene)
    with pytest.raises(Refused) as refused:
        confirm(scene.desk, case, "graduated_on", "2024-07-01", {"source": "system"}).result()
    assert refused.value.code == "proof_changed"


def test_a_question_half_typed_is_asked_again(scene: Scene, panel: CaseFilePanel, qtbot: QtBot) -> None:
    case, other = graduate(scene), scene.person(name="何静")
    opened(scene, panel, qtbot, case)
    education(panel).proofs.open("graduated_on")
    form = education(panel).proofs.form
    assert form is not None
    form.form.set_typed({"number": "105551202405001234"})
    opened(scene, panel, qtbot, other)
    assert education(panel).proofs.form is None
    opened(scene, panel, qtbot, case)
    again = education(panel).proofs.form
    assert again is not None and again.form.values()["number"] == "105551202405001234"
    settle(scene, qtbot)


def test_a_clock_is_unknown_until_then(scene: Scene) -> None:
    file = file_of(scene, graduate(scene))
    assert file.agenda is not None
    assert judge("hardship.JL7", file.agenda.situation(file.facts)).outcome is Outcome.UNKNOWN


def test_what_a_valid_number_gives_is_not_said_to_be_unchecked(scene: Scene) -> None:
    """Rules read birth and sex in the number: the page says no other thing than the trace."""
    number = id_number(date(1973, 3, 9), 4)
    with_number = file_of(scene, scene.person(id_number=number, birth="1973-03-09", sex="2"))
    without = file_of(scene, scene.person(birth="1973-03-09", sex="2"))
    words = Words(scene.desk.today)
    for file, said in ((with_number, False), (without, True)):
        assert file.agenda is not None
        agenda = replace(file.agenda, from_sheet={file.case_id: frozenset({"birth", "sex"})})
        shown = replace(file, agenda=agenda)
        marks = [proof_mark(shown, name, words) for name in ("birth", "sex")]
        assert [m is not None for m in marks] == [said, said]


@pytest.mark.parametrize(("kind", "said"), [("F50", "未核对"), ("unknown", ""), ("M60", "")])
def test_a_womans_type_asks_for_its_record(scene: Scene, kind: str, said: str) -> None:
    file = file_of(scene, scene.person(birth="1977-03-10", sex="2", retirement_type=kind))
    mark = proof_mark(file, "retirement_type", Words(scene.desk.today))
    assert (mark.words if mark else "").startswith(said) and bool(mark) is bool(said)


def told_of(scene: Scene, case: str) -> str:
    entries = load_history(scene.desk, [case]).result()
    lines = lines_of(entries, Words(scene.desk.today), {})
    return "".join(line.sentence + "".join(line.details) for line in lines)


def test_a_birth_date_beside_a_masked_number_shows_its_year_until_a_look_is_logged(
    scene: Scene, panel: CaseFilePanel, qtbot: QtBot
) -> None:
    case = scene.person(id_number=id_number(date(1973, 3, 9), 42), birth="1973-03-09", sex="2")
    opened(scene, panel, qtbot, case)
    page = panel.findChild(OverviewPage)
    assert page is not None
    shown = [w.text() for w in page.findChildren(QLabel) if not w.isHidden()]
    assert "1973-**-**" in shown
    assert [s for s in shown if "03-09" in s or "3月9日" in s] == []
    veiled = page.sections["identity"].form._editors["birth"]
    assert isinstance(veiled, Veiled) and veiled.is_hidden
    assert page.sections["identity"].form.dirty == {}
    veiled.reveal()
    settle(scene, qtbot)
    assert not veiled.is_hidden and veiled.value() == "1973-03-09"
    told = told_of(scene, case)
    assert "1973-**-**" in told and "1973-03-09" not in told and "3月9日" not in told


def test_a_proof_of_a_birth_date_is_told_as_the_date_is(scene: Scene) -> None:
    case = scene.person(birth="1973-03-09", sex="2")
    confirm(
        scene.desk,
        case,
        "birth",
        "1973-03-09",
        {"source": "document", "document": "户口簿", "looked_on": "2026-01-05"},
    ).result()
    told = told_of(scene, case)
    assert "1973-**-**" in told and "1973-03-09" not in told and "3月9日" not in told


def test_versions_that_differ_where_they_are_veiled_are_shown_after_a_look_that_is_logged(
    scene: Scene, panel: CaseFilePanel, qtbot: QtBot
) -> None:
    case = scene.person(birth="1973-03-09")
    conflict(scene, case, "birth", "1973-03-19", "1973-08-09")
    opened(scene, panel, qtbot, case)
    (box,) = [b for b in panel.findChildren(ConflictBox) if not b.isHidden()]
    assert "1973-**-**" in words(box) and "3月19日" not in words(box)
    (eye,) = [b for b in box.findChildren(QPushButton) if "显示" in b.text()]
    before = len(looks(scene))
    eye.click()
    settle(scene, qtbot)
    assert "3月19日" in words(box) and "8月9日" in words(box)
    assert looks(scene)[before:] == [("reveal", "birth")]
