"""待核对: an odd fact asks for its reason in the form, is listed, opens at its record, and can be told later."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from day_station import Ground
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from jobdesk.cases import odd_checks, oddities
from jobdesk.host import policy_files
from jobdesk.services.desk import case_subject
from jobdesk.services.doubts import load_doubts
from jobdesk.services.editing import add_record
from jobdesk.services.registering import Child
from jobdesk.ui.casefile.panel import CaseFilePanel
from jobdesk.ui.casefile.record_editor import RecordEditor
from jobdesk.ui.doubts.screen import DoubtsScreen
from jobdesk.ui.hub import GoTo
from jobdesk.ui.kit import Button, Text
from jobdesk.ui.kit.popover import Popover

_CODE = re.compile(r'"([a-z]+_(?:before|during|elsewhere)\w*|open_spell_exists)"')
_SOURCES = (Path(str(m.__file__)).read_text("utf-8") for m in (odd_checks, oddities))
ODD_CODES = {c for s in _SOURCES for c in re.findall(_CODE, s)}


@pytest.fixture
def ground(tmp_path: Path, dressed: QApplication) -> Iterator[Ground]:
    made = Ground(tmp_path)
    yield made
    made.close()


def odd_person(ground: Ground, name: str = "周雨桐") -> str:
    """Registered as unemployed, with a flexible-work subsidy at the same time."""
    case = ground.person(name, {}, Child("registration", {"since": "2026-03-01", "source": "system"}))
    values = {"kind": "social_flexible", "since": "2026-04"}
    add_record(ground.desk, case_subject(case), "subsidy", values).result()
    return case


def test_the_form_saves_an_odd_fact_only_with_a_reason(qtbot: QtBot, ground: Ground) -> None:
    case = ground.person("周雨桐", {}, Child("registration", {"since": "2026-03-01"}))
    panel = CaseFilePanel(ground.ctx)
    qtbot.addWidget(panel)
    panel.resize(700, 700)
    panel.show()
    panel.show_case(case, "subsidy", "add:subsidy")
    found = lambda: panel.findChild(RecordEditor)  # noqa: E731
    qtbot.waitUntil(lambda: (editor := found()) is not None and editor.isVisible())
    ground.settle(qtbot)
    editor = found()
    assert editor is not None and not editor.odd.isVisible()
    editor.form.set_typed({"kind": "social_flexible", "since": "2026-04"})
    editor.form.changed.emit()
    editor.save()
    qtbot.waitUntil(editor.odd.isVisible)
    assert not ground.desk.case(case).result().of("subsidy")
    editor.odd._input.set_value("已申请注销，等系统办结")
    closed: list[bool] = []
    editor.closed.connect(lambda: closed.append(True))
    editor.save()
    qtbot.waitUntil(lambda: bool(closed))
    file = ground.desk.case(case).result()
    (subsidy,), (said,) = file.of("subsidy"), file.of("override")
    assert (said.get("problem"), said.get("record")) == ("flexible_during_registration", subsidy.id)
    assert said.get("staff") == ground.desk.actor and said.get("stated_on") == "2026-07-15"
    panel.hide()


def test_facts_that_stand_already_are_listed_and_answered(qtbot: QtBot, ground: Ground) -> None:
    case = odd_person(ground)
    ground.person("无事", {})
    screen = DoubtsScreen(ground.ctx)
    ground.screens.append(screen)
    qtbot.addWidget(screen)
    screen.resize(1290, 712)
    screen.show()
    screen.arrive(GoTo("doubts"))
    ground.settle(qtbot)
    assert screen.view.count.text() == "待说明 1 处，已写明理由 0 处"
    screen.table.go_to(next(iter(screen._by_id)))
    screen.open_file()
    assert ground.went[-1] == GoTo(
        "ledger", case, "subsidy", screen._by_id[next(iter(screen._by_id))].record[1]
    )
    screen.ask_reason()
    screen.keep()
    assert screen.view.problem.isVisible()
    screen.view.reason.set_value("7 月 1 日已申请注销")
    screen.keep()
    ground.settle(qtbot)
    assert screen.view.count.text() == "待说明 0 处，已写明理由 1 处"
    (one,) = load_doubts(ground.desk).result().odd
    assert one.reason == "7 月 1 日已申请注销"
    assert not screen.view.bar.isVisible()


def test_an_empty_list_says_so(qtbot: QtBot, ground: Ground) -> None:
    ground.person("无事", {})
    screen = DoubtsScreen(ground.ctx)
    ground.screens.append(screen)
    qtbot.addWidget(screen)
    screen.show()
    screen.arrive(GoTo("doubts"))
    ground.settle(qtbot)
    assert screen.view.stack.currentIndex() == 1


def test_each_says_why_and_leads_to_both_records(qtbot: QtBot, ground: Ground) -> None:
    case = odd_person(ground)
    screen = DoubtsScreen(ground.ctx)
    ground.screens.append(screen)
    qtbot.addWidget(screen)
    screen.resize(1200, 600)
    screen.show()
    screen.arrive(GoTo("doubts"))
    ground.settle(qtbot)
    screen.table.go_to(next(iter(screen._by_id)))
    screen.view.basis.click()
    ground.settle(qtbot)
    (popover,) = [w for w in QApplication.topLevelWidgets() if isinstance(w, Popover) and w.isVisible()]
    said = " ".join(w.text() for w in popover.findChildren(Text))
    assert "不应处于失业登记" in said and "周雨桐" in said and "自定" in said
    file = ground.desk.case(case).result()
    by_words = {b.text(): b for b in popover.findChildren(Button)}
    assert set(by_words) == {"失业登记", "补贴"}
    by_words["失业登记"].click()
    assert ground.went[-1] == GoTo("ledger", case, "job", file.of("registration")[0].id)


@pytest.mark.parametrize("code", sorted(ODD_CODES))
def test_every_kind_of_doubt_has_its_sentence_and_source(code: str) -> None:
    entry = policy_files.shipped().on(f"doubts.{code}", date(2026, 7, 15))
    assert entry is not None and entry.sentence and entry.source.clause
