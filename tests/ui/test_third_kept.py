"""另填 in a file: what is typed there and not written is a draft, the same one as on 两处填写不一致."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from jobdesk.services.drafting import drafts_left
from jobdesk.ui.casefile import CaseFilePanel
from jobdesk.ui.casefile.conflict import ConflictBox
from jobdesk.ui.casefile.question_draft import key_of
from jobdesk.ui.conflicts.keeping import Keeping
from jobdesk.ui.conflicts.unsent import Unsent
from jobdesk.ui.hub import Changed
from tests.ui.case_scene import Scene, conflict
from tests.ui.test_casefile import opened, settle

TYPED = "平阳社区3号楼2单元"


def box_of(panel: CaseFilePanel) -> ConflictBox:
    (box,) = [b for b in panel.findChildren(ConflictBox) if not b.isHidden()]
    return box


def half_typed(scene: Scene, panel: CaseFilePanel, qtbot: QtBot) -> tuple[str, str]:
    """Of two people with the same question, the first, typed about; and the other."""
    first, other = scene.person(address="原址"), scene.person(name="高天宇", address="原址")
    for case in (first, other):
        conflict(scene, case, "address", "平阳社区3号楼", "锦程社区12号楼")
    opened(scene, panel, qtbot, first)
    box = box_of(panel)
    box._ask_third()
    assert box.third.editor is not None
    box.third.editor.set_value(TYPED)
    box.third.editor.changed.emit()
    return first, other


def drafts(scene: Scene, case: str) -> list[object]:
    return [d.body for d in drafts_left(scene.desk, key_of((case, "case", case, "address"))).result()]


def test_it_is_there_again_after_another_person_was_shown(
    scene: Scene, panel: CaseFilePanel, qtbot: QtBot
) -> None:
    """It was gone: the box of a field is one for whoever is shown."""
    first, other = half_typed(scene, panel, qtbot)
    opened(scene, panel, qtbot, other)
    assert box_of(panel).third.editor is None, "it stood at another person's question"
    opened(scene, panel, qtbot, first)
    box = box_of(panel)
    qtbot.waitUntil(lambda: box.third.editor is not None)
    assert box.third.editor is not None and box.third.editor.value() == TYPED
    box.third.write()
    settle(scene, qtbot)
    scene.ctx.hub.changed.emit(Changed(whole=True))
    settle(scene, qtbot)
    assert scene.desk.case(first).result().root.get("address") == TYPED
    assert drafts(scene, first) == [], "it is said: nothing is half-typed any more"


@pytest.mark.parametrize("way", ["pause", "line left", "page left"])
def test_it_is_kept_soon_and_when_it_is_left(
    scene: Scene, panel: CaseFilePanel, qtbot: QtBot, way: str
) -> None:
    panel.show()
    first, _other = half_typed(scene, panel, qtbot)
    box = box_of(panel)
    assert box.third.editor is not None
    if way == "line left":
        box.third.editor.left.emit()
    elif way == "page left":
        panel.hide()
    qtbot.waitUntil(lambda: bool(drafts(scene, first)), timeout=6000 if way == "pause" else 1500)
    assert drafts(scene, first) == [{"kind": "case", "last": "third", "typed": {"address": TYPED}}]


def test_the_page_of_all_questions_has_it_and_a_reason_typed_there_stays(
    scene: Scene, panel: CaseFilePanel, qtbot: QtBot
) -> None:
    first, other = half_typed(scene, panel, qtbot)
    opened(scene, panel, qtbot, other)
    place = (first, "case", first, "address")
    unsent = Unsent()
    page = Keeping(scene.ctx, panel, unsent)
    page.read(lambda _changed: None)
    qtbot.waitUntil(lambda: unsent.typed(place) == {"third": TYPED})
    unsent.put(place, {"third": TYPED, "report": "两边都说是本人"}, "", None, None)
    page.soon(place)
    page.keep()
    opened(scene, panel, qtbot, first)
    box = box_of(panel)
    qtbot.waitUntil(lambda: box.third.editor is not None)
    assert box.third.editor is not None
    box.third.editor.set_value("")
    box.third.editor.left.emit()
    settle(scene, qtbot)
    (body,) = drafts(scene, first)
    assert body == {"kind": "case", "last": "report", "line": "两边都说是本人"}
