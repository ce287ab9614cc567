"""查看依据 of a household leads to what it stands on: the line, the step, the rung, the file of a member."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from jobdesk.cases.ops import Subject
from jobdesk.services.editing import add_record
from jobdesk.services.households import found_household
from jobdesk.services.registering import Child
from jobdesk.services.today import load_board
from jobdesk.ui.casefile.household_detail import HouseholdDetail
from jobdesk.ui.casefile.panel import CaseFilePanel
from jobdesk.ui.households.form import FormAsk
from jobdesk.ui.households.screen import HouseholdsScreen
from jobdesk.ui.hub import GoTo
from jobdesk.ui.kit import BlankChip, Button, Text
from jobdesk.ui.kit.popover import Popover
from tests.ui.test_household_place import USUAL, Scene, arrive
from tests.ui.today_scene import open_today


@pytest.fixture
def scene(dressed: QApplication, tmp_path: Path) -> Iterator[Scene]:
    made = Scene(tmp_path)
    yield made
    made.close()


@pytest.fixture
def screen(scene: Scene, qtbot: QtBot) -> HouseholdsScreen:
    shown = HouseholdsScreen(scene.ctx)
    scene.screens.append(shown)
    qtbot.addWidget(shown)
    shown.resize(1300, 700)
    shown.show()
    return shown


def bases(detail: HouseholdDetail) -> list[Button]:
    return [b for b in detail.findChildren(Button) if b.text() == "查看依据"]


def popovers() -> list[Popover]:
    return [w for w in QApplication.topLevelWidgets() if isinstance(w, Popover) and w.isVisible()]


def opened(link: Button) -> Popover:
    for old in popovers():
        old.close()
    link.click()
    (found,) = popovers()
    return found


def words(popover: Popover) -> str:
    return " ".join(w.text() for w in popover.findChildren(Text))


def links(popover: Popover) -> dict[str, Button]:
    return {b.text(): b for b in popover.findChildren(Button)}


def test_every_basis_says_who_and_leads_somewhere(
    scene: Scene, screen: HouseholdsScreen, qtbot: QtBot
) -> None:
    household, _ = scene.family("钱一")
    scene.recognised(household)
    add_record(scene.desk, Subject("household", household), "rung",
               {"level": "community", "holder": "甲社区", "since": "2026-07-02"}).result()  # fmt: skip
    arrive(scene, screen, qtbot, household)
    found = bases(screen.detail)
    assert len(found) >= 4
    for link in found:
        popover = opened(link)
        assert "钱一" in words(popover)
        assert links(popover), words(popover)
        popover.close()


def test_what_a_sheet_said_of_a_member_is_confirmed_or_corrected_in_the_file(
    scene: Scene, screen: HouseholdsScreen, qtbot: QtBot
) -> None:
    household, case = scene.family("钱一")
    arrive(scene, screen, qtbot, household)
    member = next(b for b in bases(screen.detail) if "成员年龄" in words(opened(b)))
    popover = opened(member)
    assert "未核对" in [c.text() for c in popover.findChildren(BlankChip)]
    prove = next(b for t, b in links(popover).items() if t.startswith("核对"))
    prove.click()
    assert scene.went[-1] == GoTo("ledger", case, "overview", "prove:birth")
    popover = opened(member)
    next(b for b in popover.findChildren(Button) if b.text() == "更正").click()
    assert scene.went[-1].subject == case and scene.went[-1].part == "overview"


def test_a_member_without_a_file_is_corrected_in_the_household(
    scene: Scene, screen: HouseholdsScreen, qtbot: QtBot
) -> None:
    case = scene.person("钱一", USUAL, Child("registration", {"since": "2026-06-15", "registered": True}))
    made = found_household(scene.desk, {"head_name": "钱一", "kind": "zero"}, [
        {"case": case, "relation": "head", "lives_here": True},
        {"name": "钱小", "relation": "spouse", "birth_year": 1990, "state": "unemployed", "able": True},
    ]).result()  # fmt: skip
    household = next(s.id for s in made.subjects if s.kind == "household")
    arrive(scene, screen, qtbot, household)
    told = [(b, words(opened(b))) for b in bases(screen.detail)]
    popover = opened(next(b for b, said in told if "钱小" in said and "成员年龄" in said))
    next(b for b in popover.findChildren(Button) if b.text() == "更正").click()
    scene.settle(qtbot)
    ask = screen.detail.findChild(FormAsk)
    assert ask is not None and ask._form.editors["birth_year"].value() == 1990


def test_days_of_the_application_are_corrected(scene: Scene, screen: HouseholdsScreen, qtbot: QtBot) -> None:
    household, _ = scene.family("钱一")
    scene.recognised(household)
    screen.arrive(GoTo("households", household, "correct_claim"))
    qtbot.waitUntil(lambda: screen.detail.whole is not None)
    scene.settle(qtbot)
    ask = screen.detail.findChild(FormAsk)
    assert ask is not None
    assert ask._form.editors["decided_on"].value() == "2026-07-01" and "exited_on" not in ask._form.editors
    ask._form.editors["decided_on"].set_value("2026-07-02")
    ask.button.click()
    qtbot.waitUntil(lambda: scene.root(household).text("decided_on") == "2026-07-02")


def test_from_today_a_household_leads_to_its_place(scene: Scene, qtbot: QtBot) -> None:
    household, _ = scene.family("钱一")
    scene.recognised(household)
    board = load_board(scene.desk).result()
    assert household in board.lines
    today = open_today(qtbot, scene)
    entry = next(e for e in today.board.entries if e.subject == household)  # type: ignore[union-attr]
    assert today.view.list.go_to(entry.uid)
    today._show_why(entry.lines[0])
    (popover,) = popovers()
    assert "钱一" in words(popover)
    assert links(popover)
    before = len(scene.went)
    next(iter(links(popover).values())).click()
    assert len(scene.went) == before + 1 and scene.went[-1].place == "households"


def test_the_head_of_a_file_leads_to_what_it_counted(scene: Scene, qtbot: QtBot) -> None:
    case = scene.person("周雨桐", {"next_contact": "2026-07-20"})
    panel = CaseFilePanel(scene.ctx)
    qtbot.addWidget(panel)
    panel.show()
    panel.show_case(case)
    qtbot.waitUntil(lambda: panel.header.view.contact_basis.isVisible())
    scene.settle(qtbot)
    assert links(opened(panel.header.view.contact_basis))
    assert links(opened(panel.header.view.tier_basis))
