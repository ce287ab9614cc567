"""The cursor in a file while an exchange has its page drawn anew: what is typed next stays in the file."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from jobdesk.cases.ops import Subject
from jobdesk.services.drafting import drafts_left
from jobdesk.services.editing import save_record
from jobdesk.services.staffing import add_staff
from jobdesk.services.telling import settle_version
from jobdesk.ui.casefile import CaseFilePanel
from jobdesk.ui.casefile.cursor import holds_cursor
from jobdesk.ui.casefile.files_page import FilesPage
from jobdesk.ui.casefile.household_page import HouseholdPage
from jobdesk.ui.casefile.question_draft import key_of
from jobdesk.ui.casefile.record_editor import RecordEditor
from jobdesk.ui.casefile.record_section import RecordCard, RecordSection
from jobdesk.ui.casefile.services_page import ServicesPage
from jobdesk.ui.hub import Changed
from jobdesk.ui.ledger.screen import LedgerScreen
from tests.ui.case_scene import Scene, conflict
from tests.ui.test_casefile import opened, settle, two_say
from tests.ui.test_conflict_in_file import (
    MINE,
    boxes,
    cursor,
    decide,
    nobody_types,
    search,
    shown,
    type_third,
)
from tests.ui.whole_window import WholeWindow

__all__ = ["search"]  # a fixture


def exchange(scene: Scene, qtbot: QtBot, case: str, address: str = "新址") -> None:
    """Brings that a colleague has written something else."""
    loaded = scene.desk.case(case).result().root
    save_record(scene.desk, Subject("case", case), loaded, {"address": address}, reason="更正").result()
    scene.ctx.hub.changed.emit(Changed(subjects=frozenset({case})))
    settle(scene, qtbot)


def corrected(panel: CaseFilePanel, qtbot: QtBot, kind: str, record_id: str) -> RecordEditor:
    """The form of a record, opened."""
    page = panel.pages[panel.tabs.at()]
    if isinstance(page, ServicesPage | FilesPage):
        page.edit(record_id)
    elif isinstance(page, HouseholdPage):
        (view,) = page._file.households  # type: ignore[union-attr]
        if kind == "household":
            page.edit(view)
        else:
            page.edit_member(view, next(m for m in view.state.of("member") if m.id == record_id))
    else:
        next(s for s in page.findChildren(RecordSection) if s.kind == kind).edit(record_id)

    def standing() -> list[RecordEditor]:
        return [e for e in panel.findChildren(RecordEditor) if e.isVisible()]

    qtbot.waitUntil(lambda: len(standing()) == 1)
    form = standing()[0]
    qtbot.waitUntil(lambda: holds_cursor(form))  # it takes the cursor a moment later
    return form


@pytest.mark.parametrize("part", ["services", "job", "household", "member", "files"])
def test_who_corrects_a_record_goes_on_typing(
    scene: Scene, panel: CaseFilePanel, search: QLineEdit, qtbot: QtBot, part: str
) -> None:
    """The form was laid out anew, and what was typed next searched for somebody else."""
    kind, record = "attachment", ""
    if part == "files":
        case = scene.person()
        values = {"title": "证明", "file_name": "a.png", "media_type": "image/png", "added_on": "2026-07-01"}
        record = scene.add(case, "attachment", **values)
        opened(scene, panel, qtbot, case, part)
    else:
        case, name = two_say(scene, part)
        opened(scene, panel, qtbot, case, "household" if part == "member" else part)
        box = shown(panel, qtbot, name)
        kind, record = box._record
    form = corrected(panel, qtbot, kind, record)
    lines = [*form.findChildren(QLineEdit), *form.findChildren(QPlainTextEdit)]
    line = next(w for w in lines if w.isVisible())
    line.setFocus()
    qtbot.waitUntil(lambda: cursor() is line)
    for address in ("新址", "更新的地址"):
        exchange(scene, qtbot, case, address)
        qtbot.waitUntil(lambda: cursor() is line)
        assert form.isVisible() and not form.isWindow()
    assert search.text() == ""


def test_the_line_under_the_hands_keeps_its_place_on_the_screen(
    scene: Scene, panel: CaseFilePanel, search: QLineEdit, qtbot: QtBot
) -> None:
    """A long page jumped to its top, and the line was far below what could be seen."""
    case, name = two_say(scene, "services")
    for n in range(20):
        scene.serve(case, "HF", f"2026-0{n % 6 + 1}-{n % 28 + 1:02d}")
    opened(scene, panel, qtbot, case, "services")
    box = shown(panel, qtbot, name)
    page = panel.pages["services"]
    assert isinstance(page, ServicesPage)
    bar = page._scroll.verticalScrollBar()
    type_third(box, qtbot, "abc")
    qtbot.waitUntil(lambda: bar.value() > 0 and not cursor().visibleRegion().isEmpty())

    def at() -> int:
        return cursor().mapToGlobal(QPoint(0, 0)).y()

    before = at()
    exchange(scene, qtbot, case)
    qtbot.waitUntil(lambda: abs(at() - before) < 3)
    decide(scene, case, box, "另一样")
    qtbot.waitUntil(lambda: "郑立群" in box.gone)
    qtbot.waitUntil(lambda: abs(at() - before) < 3 and not cursor().visibleRegion().isEmpty())


def test_who_stood_on_a_button_of_a_card_stays_on_the_page(
    scene: Scene, panel: CaseFilePanel, search: QLineEdit, qtbot: QtBot
) -> None:
    case, name = two_say(scene, "job")
    opened(scene, panel, qtbot, case, "job")
    shown(panel, qtbot, name)
    card = next(c for c in panel.findChildren(RecordCard) if c.isVisible())
    card.edit.setFocus()
    qtbot.waitUntil(lambda: cursor() is card.edit)
    exchange(scene, qtbot, case)
    qtbot.waitUntil(lambda: nobody_types(panel, search) and not isinstance(cursor(), QPushButton))


def test_esc_and_ctrl_enter_in_a_third_value_are_not_for_the_form_around_it(
    scene: Scene, panel: CaseFilePanel, search: QLineEdit, qtbot: QtBot
) -> None:
    case, name = two_say(scene, "services")
    opened(scene, panel, qtbot, case, "services")
    form = corrected(panel, qtbot, *shown(panel, qtbot, name)._record)
    qtbot.waitUntil(lambda: any(form.isAncestorOf(b) for b in boxes(panel, name)))
    box = shown(panel, qtbot, name)
    type_third(box, qtbot, "abc")
    qtbot.keyClick(cursor(), Qt.Key.Key_Escape)
    settle(scene, qtbot)
    assert form.isVisible() and cursor() is box
    type_third(box, qtbot, "abc")
    qtbot.keyClick(cursor(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: not boxes(panel, name))
    settle(scene, qtbot)
    assert form.isVisible() and nobody_types(panel, search)


def test_an_answer_on_its_way_when_somebody_else_is_shown_leaves_no_draft(
    scene: Scene, panel: CaseFilePanel, search: QLineEdit, qtbot: QtBot
) -> None:
    case, other = scene.person(address="原址"), scene.person(name="高天宇", address="原址")
    conflict(scene, case, "address", "平阳社区3号楼", "锦程社区12号楼")
    opened(scene, panel, qtbot, case)
    box = shown(panel, qtbot, "address")
    type_third(box, qtbot, MINE)
    place = box.third.place
    assert place is not None
    qtbot.keyClick(cursor(), Qt.Key.Key_Return)
    opened(scene, panel, qtbot, other)
    assert scene.desk.case(case).result().root.get("address") == MINE
    assert drafts_left(scene.desk, key_of(place)).result() == []


def test_in_the_whole_window_nothing_typed_in_a_file_becomes_a_search(whole: WholeWindow) -> None:
    """As somebody met it: found by the search, 另填 half-typed, and a colleague was faster."""
    case = whole.person("周雨桐", phone="19937003300")
    whole.person("单秀英")
    whole.begin()
    desk, qtbot = whole.desk, whole.qtbot
    loaded, subject = desk.case(case).result().root, Subject("case", case)
    colleague = desk.as_actor(str((add_staff(desk, "郑立群").result().ops[0].payload or {})["id"]))
    save_record(desk, subject, loaded, {"phone": "19912340002"}).result()
    save_record(colleague, subject, loaded, {"phone": "19956780002"}).result()
    line = whole.window.header.search.line
    line.setFocus()
    qtbot.keyClicks(line, "zyt")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    whole.until(lambda: isinstance(whole.window.page("ledger"), LedgerScreen))
    ledger = whole.window.page("ledger")
    assert isinstance(ledger, LedgerScreen) and isinstance(ledger.panel, CaseFilePanel)
    panel = ledger.panel
    box = shown(panel, qtbot, "phone")
    box.setFocus()
    qtbot.keyClick(box, str(len(box.buttons)))
    third = cursor()
    assert box.third.isAncestorOf(third)
    qtbot.keyClicks(third, "1995555")
    whole.picture("typed")
    settle_version(colleague, subject, box._record, "phone", "19956780002", box._known()).result()
    whole.hub.changed.emit(Changed(subjects=frozenset({case})))
    whole.until(lambda: "郑立群" in box.gone)
    assert cursor() is third
    qtbot.keyClicks(cursor(), "66")
    whole.picture("gone")
    assert box.third.editor is not None and box.third.editor.value() == "199555566"
    qtbot.keyClick(cursor(), Qt.Key.Key_Escape)
    whole.until(lambda: not boxes(panel, "phone"))
    qtbot.keyClicks(cursor(), "77")
    whole.picture("after")
    assert line.text() == "zyt" and ledger._shown_case == case
    assert panel.isAncestorOf(cursor())
