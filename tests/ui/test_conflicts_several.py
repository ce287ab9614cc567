"""A critical field that two settled apart from each other: several former values, and every place says so."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QPoint
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication, QListWidget
from pytestqt.qtbot import QtBot

from jobdesk.cases.differing import Why
from jobdesk.cases.ops import Subject
from jobdesk.cases.settling import versions
from jobdesk.host.strings import text
from jobdesk.services.case_files import load_case_file
from jobdesk.services.conflict_board import questions_of
from jobdesk.services.conflict_log import decisions
from jobdesk.services.listing import Line
from jobdesk.services.settling_many import Take, settle
from jobdesk.store import ledger
from jobdesk.ui import paint
from jobdesk.ui.case_words import Words
from jobdesk.ui.casefile.conflict import ConflictBox
from jobdesk.ui.casefile.state import header_of
from jobdesk.ui.conflicts.card import QuestionFrame
from jobdesk.ui.conflicts.decided import card_of_decision, decided_groups, item_of_decision
from jobdesk.ui.conflicts.question import cards_of
from jobdesk.ui.conflicts.saying import Saying, plain
from jobdesk.ui.conflicts.screen import ConflictsScreen
from jobdesk.ui.hub import GoTo
from jobdesk.ui.kit import Text
from jobdesk.ui.kit.layouts import bring_into_sight
from jobdesk.ui.ledger.state import Look, columns, row_of
from jobdesk.ui.palette import tokens
from jobdesk.ui.table.delegate import PADDING
from tests.ui.conflict_scene import DAY_MS, Scene, two_pcs
from tests.ui.crowd import id_number
from tests.ui.test_conflicts_screen import looked_at, shown

BORN = date(1971, 7, 20)
FIRST, MINE, THEIRS = (id_number(BORN, n) for n in (4, 5, 6))


scene = two_pcs


def settled_apart(scene: Scene) -> str:
    """Both PCs see the same two numbers, and each takes its own one before it hears of the other."""
    case = scene.person("曹永福", sex="1", birth=BORN.isoformat(), id_number=FIRST)
    scene.exchange()
    for pc, number in ((scene.one, MINE), (scene.two, THEIRS)):
        scene.write(pc, case, id_number=number)
        scene.clock.tick(3_600_000)
    scene.exchange()
    for pc, number in ((scene.one, MINE), (scene.two, THEIRS)):
        told = questions_of(pc.desk, Subject("case", case)).result()
        (question,) = told.questions
        head = next(v for v in question.difference.versions if v.value == number)
        settle(pc.desk, (told.subject, question.difference), Take(head.op_id)).result()
        scene.clock.tick(3_600_000)
    scene.exchange()
    scene.clock.tick(DAY_MS)
    return case


def test_several_former_values_are_told_as_several(scene: Scene) -> None:
    """The card said that nobody knew a former value, and the time line below it named one."""
    case = settled_apart(scene)
    told = questions_of(scene.one.desk, Subject("case", case)).result()
    saying = Saying(scene.one.staff, scene.one.desk.today, told.names, revealed=True)
    (card,) = cards_of(told, saying)
    assert told.questions[0].difference.why is Why.BLANK
    said = plain(card.sentence)
    assert f"双方此前都看到过的又不止一个（{MINE}、{THEIRS}），没有唯一的原值" in said
    assert "没有双方都知道的原值" not in said
    before = card.versions[0]
    assert (before.who, before.value, before.meta) == (
        "此前", "空白", "双方此前都看到过的不止一个，没有唯一的原值"
    )  # fmt: skip
    assert [(d.value, d.note) for d in card.dots[:2]] == [
        (MINE, "双方此前都看到过"), (THEIRS, "双方此前都看到过")
    ]  # fmt: skip
    assert not any(d.note.startswith(("双方共同", "共同")) for d in card.dots)


def test_a_blank_that_was_kept_is_told_as_the_answer_it_was(qtbot: QtBot, scene: Scene) -> None:
    """都不用，留空白 was told back as 已保留现在的, and listed and printed as 保留原显示的：空白."""
    screen = shown(qtbot, scene, settled_apart(scene))
    looked_at(screen.cards[0]).buttons[2].click()
    qtbot.waitUntil(lambda: bool(scene.said))
    assert scene.said[-1].text == "曹永福 · 身份证号：都不用，留空白"
    told = decisions(scene.one.desk).result()
    saying = Saying(scene.one.staff, scene.one.desk.today, told.names)
    assert item_of_decision(told.lines[0], saying).what == "身份证号：都不用，留空白"
    card = card_of_decision(told.lines[0], saying, above=False)
    assert "定为都不用，留空白" in plain(card.sentence) and "空白】" not in plain(card.sentence)
    assert (card.versions[0].value, card.versions[0].meta) == ("空白", "都不用，留空白")
    assert decided_groups(told.lines[:1], saying)[0][1][0][3] == "都不用，留空白"


def test_dates_that_look_alike_are_not_called_numbers(scene: Scene) -> None:
    case = scene.person("曹永福", sex="1")
    scene.exchange()
    for pc, day in ((scene.one, "1977-06-20"), (scene.two, "1977-08-02")):
        scene.write(pc, case, birth=day, phone="19937003308" if pc is scene.one else "19937013308")
    scene.exchange()
    told = questions_of(scene.one.desk, Subject("case", case)).result()
    notes = {
        c.title: c.note for c in cards_of(told, Saying(scene.one.staff, scene.one.desk.today, told.names))
    }
    assert notes["出生日期"] == "各处填写不同，只是不同的部分被隐去了：选之前请点开核对。"
    assert notes["电话"] == "各处号码不同，只是不同的几位被隐去了：选之前请点开显示全号核对。"


def test_a_blank_is_not_the_answer_that_suggests_itself(qtbot: QtBot, scene: Scene) -> None:
    case = settled_apart(scene)
    told = questions_of(scene.one.desk, Subject("case", case)).result()
    (card,) = cards_of(told, Saying(scene.one.staff, scene.one.desk.today, told.names))
    assert [d.what for d in card.deeds] == ["take", "take", "keep", "report", "third"]
    frame = QuestionFrame(card, (), scene.one.desk.today)
    qtbot.addWidget(frame)
    frame.set_current(True)
    assert {b.property("kind") for b in frame.buttons} == {"quiet"}
    box = ConflictBox(scene.ctx)
    qtbot.addWidget(box)
    state = scene.one.case(case)
    words = Words(scene.one.desk.today, {}, {})
    box.show_conflict(Subject("case", case), state.root, "id_number", words)
    said = [w.text() for w in box.findChildren(Text)]
    assert any("没有唯一的、双方都知道的原值，现在暂留空白" in s for s in said)
    assert not any("现在显示改动前的共同原值" in s for s in said)
    assert [b.accessibleName() for b in box.buttons][len(versions(state.root.fields["id_number"])) :] == [
        "都不用，留空白",
        "另填",
    ]


def test_what_is_in_question_is_not_called_blank(scene: Scene) -> None:
    """The ledger and 完整度 said 未填 of a number that two people had filled in."""
    case = settled_apart(scene)
    desk = scene.one.desk
    (item,) = desk.read(lambda con: ledger.items(con, [case])).result()
    assert item.id_number == "" and "id_number" not in item.missing
    cell = row_of(Line(item, None), Look(desk.today, {})).cells["id_number"]
    assert (cell.text, cell.kind) == ("待核定", "blank")
    file = load_case_file(desk, case).result()
    assert "id_number" not in {m.code for m in file.completeness.missing}
    assert header_of(file, Words(desk.today, {}, {})).id_disputed


def test_the_chosen_row_stands_whole_after_what_is_above_it_came(qtbot: QtBot, scene: Scene) -> None:
    """After a decision it was half below the list: the same questions of many took room from it."""
    cases = [scene.person(f"某某{n}") for n in range(14)]
    scene.exchange()
    for case in cases:
        scene.write(scene.two, case, tier="1")
    scene.clock.tick(DAY_MS)
    for case in cases:
        scene.write(scene.one, case, tier="2")
    scene.exchange()
    screen = ConflictsScreen(scene.ctx)
    qtbot.addWidget(screen)
    screen.resize(1290, 560)
    screen.show()
    screen.arrive(GoTo("conflicts"))
    qtbot.waitUntil(lambda: bool(screen.cards))
    listing, row = screen.view.list, 9
    listing.setCurrentRow(row)
    listing.scrollToItem(listing.item(row), QListWidget.ScrollHint.PositionAtBottom)
    before = listing.viewport().height()
    screen.view.same.addWidget(Text("又一个同样的问题"))
    qtbot.waitUntil(lambda: listing.viewport().height() < before)
    box = listing.visualItemRect(listing.item(row))
    assert listing.currentRow() == row
    assert box.top() >= 0 and box.bottom() <= listing.viewport().height()


def test_a_card_higher_than_the_page_arrives_with_its_top(qtbot: QtBot, scene: Scene) -> None:
    case = settled_apart(scene)
    screen = ConflictsScreen(scene.ctx)
    qtbot.addWidget(screen)
    screen.resize(900, 430)
    screen.show()
    screen.arrive(GoTo("conflicts", case))
    qtbot.waitUntil(lambda: bool(screen.cards))
    qtbot.wait(100)
    page = screen.view.person.page
    card = screen.cards[0]
    assert card.height() > page.viewport().height()
    top = card.mapTo(page.viewport(), QPoint(0, 0)).y()
    assert 0 <= top <= 40
    page.verticalScrollBar().setValue(page.verticalScrollBar().maximum())
    low = page.verticalScrollBar().value()
    card.entered.emit(True)
    assert page.verticalScrollBar().value() == low, "the button under the hand does not run away"
    bring_into_sight(card, from_top=True)
    assert 0 <= card.mapTo(page.viewport(), QPoint(0, 0)).y() <= 40


def test_the_chips_of_a_file_in_question_have_room_in_their_column(
    qtbot: QtBot, dressed: QApplication
) -> None:
    """两处不一致 ended against the number beside it."""
    column = next(c for c in columns() if c.key == "categories")
    font = QFont(dressed.font())
    font.setPixelSize(tokens().type.caption)
    chips = ("+1", text("ledger.unverified"), text("ledger.two_values"))
    needed = sum(paint.chip_width(one, font) + paint.CHIPS_APART for one in chips) - paint.CHIPS_APART
    assert needed <= column.width - 2 * PADDING
