"""What the merged file holds and the kept one lacks stands beside its field on 概况, and is one press away."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from jobdesk.cases.ops import Json
from jobdesk.services import merging
from jobdesk.store import local
from jobdesk.ui.casefile import CaseFilePanel
from tests.ui.case_scene import Scene, make_scene
from tests.ui.test_casefile import opened, overview, settle, words


@pytest.fixture
def scene(tmp_path: Path, dressed: QApplication) -> Iterator[Scene]:
    made = make_scene(tmp_path)
    yield made
    made.close()
    assert made.troubles == []


def two(scene: Scene, kept: dict[str, Json], merged: dict[str, Json]) -> str:
    found = scene.person(**kept)
    alias = scene.person(**merged)
    merging.merge(scene.desk, found, alias, "同一人").result()
    return found


def take(panel: CaseFilePanel, section: str) -> list[QPushButton]:
    card = overview(panel).sections[section]
    return [b for b in card.findChildren(QPushButton) if b.text().strip() == "采用" and not b.isHidden()]


@pytest.fixture
def panel(scene: Scene, qtbot: QtBot) -> CaseFilePanel:
    made = CaseFilePanel(scene.ctx)
    qtbot.addWidget(made)
    made.resize(520, 700)
    return made


def test_what_the_merged_file_holds_is_taken_by_one_press_and_taken_back(
    scene: Scene, panel: CaseFilePanel, qtbot: QtBot
) -> None:
    """文化程度 and 技能特长 stood in the merged file only, nobody saw them, and they were typed again."""
    case = two(scene, {"skills": None}, {"education": "21", "skills": "缝纫", "certificate_no": "ZS-1"})
    opened(scene, panel, qtbot, case)
    said = words(panel)
    assert "取自并入的档案：缝纫" in said and "取自并入的档案：ZS-1" in said
    assert "本档没填的 3 项" in said
    (education,) = take(panel, "education")
    education.click()
    qtbot.waitUntil(lambda: scene.desk.case(case).result().root.get("education") == "21")
    settle(scene, qtbot)
    assert not take(panel, "education") and "本档没填的 2 项" in words(panel)
    undo = scene.said[-1].undo
    assert undo is not None
    undo()
    qtbot.waitUntil(lambda: scene.desk.case(case).result().root.get("education") is None)
    settle(scene, qtbot)
    assert take(panel, "education")


def test_another_value_is_said_masked_and_offers_no_press(
    scene: Scene, panel: CaseFilePanel, qtbot: QtBot
) -> None:
    case = two(scene, {"phone": "19912340001"}, {"phone": "19912340002", "phone_2": "19912340003"})
    opened(scene, panel, qtbot, case)
    said = words(overview(panel).sections["contact"])
    assert "并入的档案填的是：199****0002" in said and "取自并入的档案：199****0003" in said
    (second,) = take(panel, "contact")
    second.click()
    qtbot.waitUntil(lambda: scene.desk.case(case).result().root.get("phone_2") == "19912340003")
    settle(scene, qtbot)
    assert "19912340003" not in words(panel), "taken, it is behind its eye"
    assert scene.station.file.read(local.accesses).result() == []


def test_a_value_that_cannot_stand_beside_the_rest_goes_into_its_field(
    scene: Scene, panel: CaseFilePanel, qtbot: QtBot
) -> None:
    case = two(scene, {"birth": "1990-05-01"}, {"birth": "1990-05-01", "deceased_on": "1980-01-01"})
    opened(scene, panel, qtbot, case)
    (taken,) = take(panel, "care")
    taken.click()
    settle(scene, qtbot)
    form = overview(panel).sections["care"].form
    assert scene.desk.case(case).result().root.get("deceased_on") is None
    assert form.dirty == {"deceased_on": "1980-01-01"}


def test_what_is_typed_in_another_field_stays_typed(scene: Scene, panel: CaseFilePanel, qtbot: QtBot) -> None:
    case = two(scene, {}, {"skills": "缝纫"})
    opened(scene, panel, qtbot, case)
    form = overview(panel).sections["wishes"].form
    form.set_typed({"wish_post": "保洁"})
    (skills,) = take(panel, "wishes")
    skills.click()
    qtbot.waitUntil(lambda: scene.desk.case(case).result().root.get("skills") == "缝纫")
    settle(scene, qtbot)
    assert form.dirty == {"wish_post": "保洁"} and form.value_of("skills") == "缝纫"


def test_for_a_field_that_is_being_typed_in_it_goes_into_the_field(
    scene: Scene, panel: CaseFilePanel, qtbot: QtBot
) -> None:
    """Written beside what was typed, and that saved behind it, a clerk disagreed with herself."""
    case = two(scene, {}, {"skills": "缝纫"})
    opened(scene, panel, qtbot, case)
    section = overview(panel).sections["wishes"]
    section.form.set_typed({"skills": "剪"})
    (skills,) = take(panel, "wishes")
    skills.click()
    settle(scene, qtbot)
    assert section.form.dirty == {"skills": "缝纫"} and not scene.desk.case(case).result().root.get("skills")
    section.save()
    settle(scene, qtbot)
    root = scene.desk.case(case).result().root
    assert root.get("skills") == "缝纫" and not root.conflicts
