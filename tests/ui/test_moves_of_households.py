"""A whole household is asked about: the same words and the same count on both sides, and on its own page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from jobdesk.cases.errors import Refused
from jobdesk.cases.ops import Json
from jobdesk.host.strings import text
from jobdesk.services.household_list import load_household
from jobdesk.services.households import found_household
from jobdesk.services.moving import answering, asking, reading
from jobdesk.ui.households.screen import HouseholdsScreen
from jobdesk.ui.hub import GoTo
from jobdesk.ui.kit import Banner, Text
from jobdesk.ui.moves import state
from jobdesk.ui.moves.cards import MoveCard
from tests.sync.ground import PC
from tests.sync.test_transfers import number, waits
from tests.ui.sync_scene import SyncScene


@pytest.fixture
def scene(tmp_path: Path, qtbot: QtBot, dressed: QApplication) -> Iterator[SyncScene]:
    made = SyncScene(tmp_path, qtbot)
    yield made
    made.close()


def family(pc: PC, head: str = "") -> str:
    """谢雅琴 and 谢小宝; without a head where none is written down."""
    for case, name, serial in (("c1", "谢雅琴", 1), ("c2", "谢小宝", 2)):
        pc.open_case(case, name)
        pc.set(case, id_number=number(serial), birth="1980-01-01")
    members: list[dict[str, Json]] = [
        {"case": "c1", "relation": "head", "since": "2026-06-20"},
        {"case": "c2", "relation": "child", "since": "2026-06-20"},
    ]
    body: dict[str, Json] = {"kind": "zero", **({"head_name": head} if head else {})}
    made = found_household(pc.desk, body, members).result()
    pc.sync_well()
    return next(s.id for s in made.subjects if s.kind == "household")


def cards(pc: PC, section: str) -> list[MoveCard]:
    found = reading.load_moves(pc.desk).result()
    return [c for tab in state.TABS for s in state.sections(tab, found, pc.desk.day)
            if s.key == section for c in s.cards]  # fmt: skip


def test_both_sides_count_alike_and_name_it_alike(scene: SyncScene) -> None:
    pc, other = scene.pc, scene.other("b")
    home = family(pc)
    asking.ask_household_out(pc.desk, home, "b", "全家搬走").result()
    pc.sync_well()
    other.sync_well()
    (sent,), (came,) = cards(pc, "asked_out"), cards(other, "offers")
    assert "谢雅琴户（家庭和 2 位有档案的成员）" in sent.title
    assert "谢**户（家庭和 2 位有档案的成员）" in came.title
    assert sent.lines == came.lines and len(came.lines) == 3
    for line, serial in zip(came.lines, (1, 2), strict=False):
        assert "1980年生" in line and number(serial)[-4:] in line
    answering.accept(other.desk, waits(other, "transfer_request")[0].id).result()
    for one in (other, pc, other):
        one.sync_well()
    assert any("谢**户 已转出至乙站" in c.title for c in cards(pc, "left"))
    assert any(c.title.startswith("谢雅琴户 自") for c in cards(other, "came"))


def test_its_page_says_that_it_is_asked_for_and_asks_no_second_time(scene: SyncScene) -> None:
    pc = scene.pc
    scene.other("b").sync_well()
    home = family(pc, "谢雅琴")
    pc.sync_well()
    asking.ask_household_out(pc.desk, home, "b", "全家搬走").result()
    whole = load_household(pc.desk, home).result()
    assert whole is not None and whole.move is not None and whole.move.station == "乙站"
    two = scene.other()
    pc.sync_well()
    two.sync_well()
    with pytest.raises(Refused, match="move_asked_there"):
        asking.ask_household_out(two.desk, home, "b", "又一次").result()
    scene.start()
    scene.hub.go_to.emit(GoTo("households", home))
    screen = scene.window.page("households")
    assert isinstance(screen, HouseholdsScreen)
    scene.until(lambda: screen.detail.whole is not None)
    told = [w.text() for b in screen.detail.findChildren(Banner) for w in b.findChildren(Text)]
    assert told == [text("moves.file_out", station="乙站")]
    links = [b.text() for b in screen.detail.findChildren(QPushButton)]
    assert text("households.edit") in links and text("households.move_out") not in links
