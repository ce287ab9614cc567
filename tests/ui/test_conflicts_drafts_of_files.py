"""What is typed about a question in a file, between two visits of 两处填写不一致."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from jobdesk.cases.ops import Json
from jobdesk.services.drafting import drop_draft, find_drafts, keep_draft
from jobdesk.ui.casefile.question_draft import Place, body_of, key_of
from jobdesk.ui.conflicts.pieces import ITEM
from jobdesk.ui.conflicts.screen import ConflictsScreen
from jobdesk.ui.hub import GoTo
from tests.ui.conflict_scene import Scene, two_pcs
from tests.ui.test_conflicts_screen import card, names
from tests.ui.test_conflicts_typing import decide, differ, shown

scene = two_pcs


def place_of_phone(case: str) -> Place:
    return (case, "case", case, "phone")


def typed_in_file(scene: Scene, case: str, **typed: Json) -> None:
    """Nobody waits for it: the page that is left tells it, and the next one is shown."""
    place = place_of_phone(case)
    keep_draft(scene.one.desk, key_of(place), body_of(place, dict(typed)) or {})


def away(screen: ConflictsScreen) -> None:
    screen.leave()
    screen.hide()


def back(qtbot: QtBot, screen: ConflictsScreen, case: str) -> None:
    """As the window does it."""
    board = screen.shown.board
    screen.show()
    screen.arrive(GoTo("conflicts", case))
    qtbot.waitUntil(lambda: screen.shown.board is not board and screen.front.owner == case)


def drafts(scene: Scene) -> list[dict[str, Json]]:
    return [dict(d.body) for d in find_drafts(scene.one.desk, "conflicts/").result()]


def test_words_typed_in_a_file_are_here_though_the_page_was_open_before(qtbot: QtBot, scene: Scene) -> None:
    """It read the drafts of this computer once a life of the program."""
    first, second, _ = differ(scene)
    screen = shown(qtbot, scene, first)
    away(screen)
    typed_in_file(scene, second, third="1997777")
    back(qtbot, screen, second)
    editor = card(screen, "电话").asking.editor
    assert editor is not None and editor.value() == "1997777"


def test_words_of_a_file_whose_question_a_colleague_settled_have_their_row(
    qtbot: QtBot, scene: Scene
) -> None:
    """They were in no file any more and not here: nothing told that they live."""
    first, second, _ = differ(scene)
    screen = shown(qtbot, scene, first)
    away(screen)
    typed_in_file(scene, second, third="1997777")
    decide(scene.two, second)
    scene.exchange()
    back(qtbot, screen, second)
    item = screen.view.list.currentItem().data(ITEM)
    assert (item.key, item.mark) == (second, "已有人处理")
    assert card(screen, "电话").asking.typed() == {"third": "1997777"}


def test_words_changed_in_a_file_are_here_as_they_were_left_there(qtbot: QtBot, scene: Scene) -> None:
    """The card in front had the former ones, and the next change wrote them over the file's."""
    first, *_ = differ(scene)
    typed_in_file(scene, first, report="两边都说是本人", third="199")
    screen = shown(qtbot, scene, first)
    assert card(screen, "电话").asking.typed() == {"report": "两边都说是本人", "third": "199"}
    away(screen)
    typed_in_file(scene, first, report="两边都说是本人", third="1990000")
    back(qtbot, screen, first)
    asking = card(screen, "电话").asking
    assert asking.typed() == {"report": "两边都说是本人", "third": "1990000"}
    assert asking.editor is not None
    away(screen)
    assert [d["typed"] for d in drafts(scene)] == [{"phone": "1990000"}]


def test_words_given_up_in_a_file_do_not_come_back(qtbot: QtBot, scene: Scene) -> None:
    first, second, _ = differ(scene)
    typed_in_file(scene, second, third="199")
    screen = shown(qtbot, scene, second)
    assert card(screen, "电话").asking.typed() == {"third": "199"}
    away(screen)
    drop_draft(scene.one.desk, key_of(place_of_phone(second)))
    decide(scene.one, second)
    back(qtbot, screen, first)
    assert "尉迟志远" not in names(screen)
    away(screen)
    assert drafts(scene) == []


def test_what_is_typed_here_while_drafts_are_read_stays(qtbot: QtBot, scene: Scene) -> None:
    first, *_ = differ(scene)
    screen = shown(qtbot, scene, first)
    screen.arrive(GoTo("conflicts", first))
    phone = card(screen, "电话")
    phone.asking.ask(next(d for d in phone.card.deeds if d.what == "third"))
    assert phone.asking.editor is not None
    phone.asking.editor.set_value("1991")
    phone.asking.editor.changed.emit()
    qtbot.wait(300)
    assert card(screen, "电话").asking.typed() == {"third": "1991"}
