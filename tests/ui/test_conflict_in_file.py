"""两处填写不一致 in a file while an exchange brings that a colleague has settled it: hands, cursor and words."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from jobdesk.cases.errors import Refused
from jobdesk.cases.ops import Json, Subject
from jobdesk.host.strings import text
from jobdesk.services.drafting import drafts_left, find_drafts
from jobdesk.services.merging import merge
from jobdesk.services.telling import settle_version
from jobdesk.store.station_file import Changes
from jobdesk.ui.case_words import Words
from jobdesk.ui.casefile import CaseFilePanel
from jobdesk.ui.casefile.conflict import ConflictBox
from jobdesk.ui.casefile.question_draft import key_of
from jobdesk.ui.hub import Changed, GoTo
from jobdesk.ui.kit import column
from tests.ui.case_scene import Scene, conflict
from tests.ui.test_casefile import opened, settle, two_say

MINE = "Pingyang 3-2-502"


@pytest.fixture
def search(panel: CaseFilePanel, qtbot: QtBot) -> Iterator[QLineEdit]:
    """The line at the top of the window, into which a lost cursor fell."""
    window = QWidget()
    qtbot.addWidget(window)
    line = QLineEdit()
    window.setLayout(column(line, (panel, 1)))
    window.resize(560, 760)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    yield line
    panel.setParent(None)


def boxes(panel: CaseFilePanel, name: str) -> list[ConflictBox]:
    return [b for b in panel.findChildren(ConflictBox) if b.isVisible() and b.asks and b._name == name]


def shown(panel: CaseFilePanel, qtbot: QtBot, name: str) -> ConflictBox:
    qtbot.waitUntil(lambda: len(boxes(panel, name)) == 1)
    return boxes(panel, name)[0]


def in_doubt(scene: Scene, **known: Json) -> tuple[str, str]:
    """A file of which two say where the person lives, and the field."""
    case = scene.person(address="原址", **known)
    conflict(scene, case, "address", "平阳社区3号楼", "锦程社区12号楼")
    return case, "address"


def asked(scene: Scene, panel: CaseFilePanel, qtbot: QtBot) -> tuple[str, ConflictBox]:
    """Such a file, open, and what is asked in it."""
    case, name = in_doubt(scene)
    opened(scene, panel, qtbot, case)
    return case, shown(panel, qtbot, name)


def decide(scene: Scene, case: str, box: ConflictBox, value: Json) -> None:
    """A colleague does, and an exchange brings it."""
    settle_version(
        scene.desk.as_actor(scene.staff[1]), box._subject, box._record, box._name, value, box._known()
    ).result()
    scene.ctx.hub.changed.emit(Changed(subjects=frozenset({case, box._subject.id})))


def words(box: ConflictBox) -> str:
    return "\n".join(label.text() for label in box.findChildren(QLabel) if label.isVisible())


def cursor() -> QWidget:
    now = QApplication.focusWidget()
    assert now is not None
    return now


def type_third(box: ConflictBox, qtbot: QtBot, typed: str) -> None:
    box._ask_third()
    assert box.third.editor is not None and box.third.editor.isAncestorOf(cursor())
    qtbot.keyClicks(cursor(), typed)


def drafts(scene: Scene, box: ConflictBox) -> list[object]:
    place = box.third.place
    assert place is not None
    return [d.body for d in drafts_left(scene.desk, key_of(place)).result()]


def nobody_types(panel: CaseFilePanel, search: QLineEdit) -> bool:
    now = QApplication.focusWidget()
    return (
        now is not None and panel.isAncestorOf(now) and now is not search and not isinstance(now, QLineEdit)
    )


@pytest.mark.parametrize("part", ["form", "services", "overview", "job", "plan", "household", "member"])
def test_what_is_typed_stays_under_the_hands_when_a_colleague_has_settled_it(
    scene: Scene, panel: CaseFilePanel, search: QLineEdit, qtbot: QtBot, part: str
) -> None:
    """The box went without a word, and what was typed next searched for somebody else."""
    case, name = in_doubt(scene) if part == "form" else two_say(scene, part)
    opened(scene, panel, qtbot, case, {"member": "household", "form": "overview"}.get(part, part))
    box = shown(panel, qtbot, name)
    type_third(box, qtbot, "abc")
    line, place = cursor(), box.third.place
    assert place is not None
    decide(scene, case, box, box._held.value)
    qtbot.waitUntil(lambda: "已处理了这处" in shown(panel, qtbot, name).gone)
    assert shown(panel, qtbot, name) is box and box.third.place == place
    qtbot.waitUntil(lambda: cursor() is line)
    qtbot.waitUntil(lambda: "您填写时，郑立群" in words(box))
    assert "已有人处理" in words(box) and "您写的还在下面" in words(box)
    assert not any(b.isEnabled() for b in box.buttons)
    qtbot.keyClicks(cursor(), "d")
    qtbot.keyClick(cursor(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle(scene, qtbot)
    assert box.third.editor is not None and box.third.editor.value() == "abcd"
    assert search.text() == ""
    box.third.keep()
    assert len(drafts(scene, box)) == 1
    qtbot.keyClick(cursor(), Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not boxes(panel, name))
    assert nobody_types(panel, search)
    assert drafts_left(scene.desk, key_of(place)).result() == []


def test_the_value_that_stands_now_is_told_with_who_wrote_it(
    scene: Scene, panel: CaseFilePanel, search: QLineEdit, qtbot: QtBot
) -> None:
    case, box = asked(scene, panel, qtbot)
    type_third(box, qtbot, "abc")
    decide(scene, case, box, "又一处")
    qtbot.waitUntil(lambda: "又一处" in words(box) and "您填写时，郑立群" in words(box))
    lines = words(box).splitlines()
    at = lines.index("又一处")
    assert lines[at + 1].startswith("郑立群") and lines[at + 2] == "现在显示"
    assert lines.count("现在显示") == 1 and lines.count("另一处") == 2


def test_a_question_that_is_open_anew_can_be_answered(
    scene: Scene, panel: CaseFilePanel, search: QLineEdit, qtbot: QtBot
) -> None:
    case, box = asked(scene, panel, qtbot)
    type_third(box, qtbot, MINE)
    decide(scene, case, box, "又一处")
    qtbot.waitUntil(lambda: bool(box.gone))
    conflict(scene, case, "address", "甲", "乙")
    scene.ctx.hub.changed.emit(Changed(subjects=frozenset({case})))
    qtbot.waitUntil(lambda: not box.gone)
    assert all(b.isEnabled() for b in box.buttons)
    qtbot.waitUntil(lambda: box._decides)
    qtbot.keyClick(cursor(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not boxes(panel, "address"))
    assert scene.desk.case(case).result().root.get("address") == MINE


@pytest.mark.parametrize("part", ["form", "services", "overview"])
def test_a_box_in_which_nothing_is_typed_goes_and_leaves_the_cursor_on_the_page(
    scene: Scene, panel: CaseFilePanel, search: QLineEdit, qtbot: QtBot, part: str
) -> None:
    case, name = in_doubt(scene) if part == "form" else two_say(scene, part)
    opened(scene, panel, qtbot, case, "overview" if part == "form" else part)
    box = shown(panel, qtbot, name)
    box.buttons[0].setFocus()
    qtbot.waitUntil(lambda: cursor() is box.buttons[0])
    decide(scene, case, box, box._held.value)
    qtbot.waitUntil(lambda: not boxes(panel, name))
    assert nobody_types(panel, search)


def test_a_key_pressed_twice_is_typed_nowhere(
    scene: Scene, panel: CaseFilePanel, search: QLineEdit, qtbot: QtBot
) -> None:
    """It went into 备用电话, the next line of the form."""
    case = scene.person(phone="19937003300")
    conflict(scene, case, "phone", "19937003301", "19937003302")
    opened(scene, panel, qtbot, case)
    box = shown(panel, qtbot, "phone")
    box.setFocus()
    qtbot.keyClicks(box, "22")
    qtbot.waitUntil(lambda: not boxes(panel, "phone"))
    assert nobody_types(panel, search)
    qtbot.keyClicks(cursor(), "2")
    settle(scene, qtbot)
    root = scene.desk.case(case).result().root
    assert root.get("phone") == "19937003301" and scene.troubles == []
    form = next(s.form for s in panel.pages["overview"].sections.values() if "phone" in s.form.fields)  # type: ignore[attr-defined]
    assert form.value_of("phone_2") is None and search.text() == ""


def test_enter_writes_what_is_typed_and_it_does_not_come_back(
    scene: Scene, panel: CaseFilePanel, search: QLineEdit, qtbot: QtBot
) -> None:
    """Only the button did; and when the field was in question anew, the line stood open with the old words."""
    case, box = asked(scene, panel, qtbot)
    type_third(box, qtbot, MINE)
    qtbot.keyClick(cursor(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not boxes(panel, "address"))
    assert nobody_types(panel, search)
    assert scene.desk.case(case).result().root.get("address") == MINE
    conflict(scene, case, "address", "甲", "乙")
    scene.ctx.hub.changed.emit(Changed(subjects=frozenset({case})))
    box = shown(panel, qtbot, "address")
    settle(scene, qtbot)
    assert box.third.editor is None and drafts(scene, box) == []


def test_a_long_text_is_written_by_ctrl_enter_and_esc_gives_it_up(
    scene: Scene, panel: CaseFilePanel, search: QLineEdit, qtbot: QtBot
) -> None:
    case, name = two_say(scene, "services")
    opened(scene, panel, qtbot, case, "services")
    box = shown(panel, qtbot, name)
    type_third(box, qtbot, "abc")
    qtbot.keyClick(cursor(), Qt.Key.Key_Escape)
    assert box.third.editor is None and cursor() is box
    type_third(box, qtbot, "abc")
    qtbot.keyClick(cursor(), Qt.Key.Key_Return)
    qtbot.keyClicks(cursor(), "d")
    qtbot.keyClick(cursor(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: not boxes(panel, name))
    (held,) = scene.desk.case(case).result().of("service")
    assert held.get("content") == "abc\nd"


def test_an_answer_that_came_too_late_leaves_what_was_typed(
    scene: Scene, panel: CaseFilePanel, search: QLineEdit, qtbot: QtBot
) -> None:
    """A colleague was faster, and the file on the screen does not know yet."""
    case, box = asked(scene, panel, qtbot)
    type_third(box, qtbot, MINE)
    settle_version(
        scene.desk.as_actor(scene.staff[1]), box._subject, box._record, box._name, "又一处", box._known()
    ).result()
    qtbot.keyClick(cursor(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "已有人处理" in box.third.problem.text())
    assert box.third.is_typed and scene.desk.case(case).result().root.get("address") == "又一处"
    scene.ctx.hub.changed.emit(Changed(subjects=frozenset({case})))
    qtbot.waitUntil(lambda: bool(box.gone))
    assert box.third.editor is not None and box.third.editor.value() == MINE


def test_a_colleague_who_was_faster_while_the_answer_was_on_its_way(
    scene: Scene, panel: CaseFilePanel, search: QLineEdit, qtbot: QtBot
) -> None:
    """The box waits for the word about its own answer: perhaps that is what the file shows already."""
    case, box = asked(scene, panel, qtbot)
    type_third(box, qtbot, MINE)
    answer: Future[Changes] = Future()
    box._save(answer)
    decide(scene, case, box, "又一处")
    settle(scene, qtbot)
    assert shown(panel, qtbot, "address") is box and not box.gone
    answer.set_exception(Refused("conflict_gone"))
    qtbot.waitUntil(lambda: "郑立群" in box.gone)
    assert "已有人处理" in box.third.problem.text()
    assert box.third.editor is not None and box.third.editor.value() == MINE


def test_the_frame_shows_where_the_keys_are(
    scene: Scene, panel: CaseFilePanel, search: QLineEdit, qtbot: QtBot
) -> None:
    _, box = asked(scene, panel, qtbot)
    first = text("casefile.conflict_press_first")
    assert box.property("look") == "question" and first in words(box), "a blank line stood there"
    box.buttons[1].setFocus()
    assert box.property("look") == "question_on" and first not in words(box)
    box._ask_third()
    assert box.property("look") == "question", "digits are typed now"
    assert first in words(box)
    box.setFocus()
    assert box.property("look") == "question_on"
    search.setFocus()
    assert box.property("look") == "question" and first in words(box)


@pytest.mark.parametrize("part", ["form", "services", "plan"])
def test_the_head_leads_to_what_is_asked(
    scene: Scene, panel: CaseFilePanel, search: QLineEdit, qtbot: QtBot, part: str
) -> None:
    """The mark looked like a button, and nothing came of a click."""
    case, name = in_doubt(scene) if part == "form" else two_say(scene, part)
    opened(scene, panel, qtbot, case, "files")
    leads = panel.header.view.questions
    assert leads.isVisible() and leads.text().strip() == "两处填写不一致 1 处"
    leads.click()
    box = shown(panel, qtbot, name)
    qtbot.waitUntil(lambda: QRect(panel.mapFromGlobal(box.mapToGlobal(QPoint())), box.size()).bottom() < 760)
    assert cursor() is box and box.property("look") == "question_on"
    leads.setFocus()
    decide(scene, case, box, box._held.value)
    qtbot.waitUntil(leads.isHidden)
    settle(scene, qtbot)
    assert nobody_types(panel, search)


def test_what_is_asked_of_a_double_is_on_the_page_of_all(
    scene: Scene, panel: CaseFilePanel, search: QLineEdit, qtbot: QtBot
) -> None:
    gone: list[GoTo] = []
    scene.ctx.hub.go_to.connect(gone.append)
    kept, case = scene.person(), in_doubt(scene)[0]
    merge(scene.desk, kept, case, "同一人").result()
    opened(scene, panel, qtbot, kept)
    panel.header.view.questions.click()
    assert gone == [GoTo("conflicts", case)]


def test_numbers_that_differ_only_where_they_are_masked_are_said_to(
    scene: Scene, panel: CaseFilePanel, search: QLineEdit, qtbot: QtBot
) -> None:
    case = scene.person()
    conflict(scene, case, "phone", "19912340002", "19956780002")
    opened(scene, panel, qtbot, case)
    box = shown(panel, qtbot, "phone")
    qtbot.waitUntil(lambda: "各处号码不同，只是不同的几位被隐去了" in words(box))
    box._reveal()
    qtbot.waitUntil(lambda: "19956780002" in words(box))
    assert "各处号码不同" not in words(box)
    other = scene.person(name="高天宇")
    conflict(scene, other, "phone", "19912340002", "19956780003")
    opened(scene, panel, qtbot, other)
    box = shown(panel, qtbot, "phone")
    qtbot.waitUntil(lambda: "199****0003" in words(box))
    assert "各处号码不同" not in words(box)


@pytest.mark.parametrize("had", [False, True], ids=["none", "own words"])
def test_what_is_typed_about_one_person_is_no_draft_about_the_next(
    scene: Scene, panel: CaseFilePanel, search: QLineEdit, qtbot: QtBot, had: bool
) -> None:
    """With the cursor in the line while another person is shown: it stood as his, over what he had."""
    (first, _), (other, _) = in_doubt(scene), in_doubt(scene, name="高天宇")
    if had:
        opened(scene, panel, qtbot, other)
        type_third(shown(panel, qtbot, "address"), qtbot, "B")
    opened(scene, panel, qtbot, first)
    type_third(shown(panel, qtbot, "address"), qtbot, "A")
    opened(scene, panel, qtbot, other)
    settle(scene, qtbot)
    found = {d.key.split("/")[1]: d.body["typed"] for d in find_drafts(scene.desk, "conflicts/").result()}
    assert found == {first: {"address": "A"}} | ({other: {"address": "B"}} if had else {})


def test_the_line_itself_leaves_its_words_with_whom_they_are_about(
    scene: Scene, panel: CaseFilePanel, search: QLineEdit, qtbot: QtBot
) -> None:
    """Whoever moves the cursor: leaving the line keeps what stands in it."""
    (first, _), (other, _) = in_doubt(scene), in_doubt(scene, name="高天宇")
    opened(scene, panel, qtbot, first)
    box = shown(panel, qtbot, "address")
    type_third(box, qtbot, "A")
    state, today = scene.desk.case(other).result(), scene.desk.today
    box.third.begin(Subject("case", other), state.root, "address", Words(today))
    settle(scene, qtbot)
    found = {d.key.split("/")[1]: d.body["typed"] for d in find_drafts(scene.desk, "conflicts/").result()}
    assert found == {first: {"address": "A"}}
