"""A ledger as LibreOffice writes it, through the window: in, undone, in again, and a third time.

``office/ledger.fods`` was written by hand (台账三 with two header rows, notes, a subtotal, hidden rows,
dates in many spellings, an ID number typed as a number) and saved by LibreOffice as the other three; the
.csv is its first sheet in GB18030. Everybody in it is invented.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from import_station import Importing
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from jobdesk.host.strings import text
from jobdesk.services.importing.verdicts import Counts, Verdict
from jobdesk.store import reads
from jobdesk.ui.kit import Button

OFFICE = Path(__file__).parent / "office"
BOTH, FIRST = Counts(30, 21, 0, 0, 9), Counts(24, 15, 0, 0, 9)
HELD = {9: "id_damaged", 13: "id_bad_checksum", 14: "sex_disagrees", 19: "id_scientific",
        21: "repeated_differs", 22: "date_impossible", 23: "number_of_two_people",
        24: "number_of_two_people"}  # fmt: skip


@pytest.fixture
def desk(tmp_path: Path, qtbot: QtBot, dressed: QApplication) -> Iterator[Importing]:
    importing = Importing(tmp_path, qtbot)
    yield importing
    importing.ground.close()


def counts(desk: Importing) -> Counts:
    """Past 对列, where something is asked there."""
    if desk.screen.at == "match":
        desk.screen.foot.next_button.click()
        desk.idle()
    preview = desk.screen.previewing.preview
    assert desk.screen.at == "preview" and preview is not None
    return preview.counts


def press(desk: Importing, key: str) -> None:
    """The newest button of these words on the page that tells the result."""
    words = text(f"import_ui.{key}")
    [b for b in desk.screen.done.findChildren(Button) if b.accessibleName() == words][-1].click()


def people(desk: Importing) -> list[tuple[str, ...]]:
    sql = (
        "SELECT name, id_number, phone, address, education, categories, employer, data FROM case_row "
        "ORDER BY name, id_number"
    )
    return desk.ground.desk.read(lambda con: con.execute(sql).fetchall()).result()


@pytest.mark.parametrize(
    ("name", "expected"), [("ledger.xlsx", BOTH), ("ledger.xls", BOTH), ("ledger.csv", FIRST)]
)
def test_in_undone_in_again_and_a_third_time(desk: Importing, name: str, expected: Counts) -> None:
    desk.open(OFFICE / name)
    assert counts(desk) == expected
    desk.apply()
    first = people(desk)
    assert len(first) == expected.new
    press(desk, "undo_all")
    press(desk, "undo_now")
    desk.idle()
    assert people(desk) == []
    desk.open(OFFICE / name)
    assert counts(desk) == expected
    desk.apply()
    assert people(desk) == first
    before = desk.operations()
    desk.open(OFFICE / name)
    third = counts(desk)
    assert (third.new, third.changed, third.unchanged, third.held) == (0, 0, expected.new, 9)
    assert not desk.screen.foot.next_button.isEnabled(), "there is nothing to do"
    assert desk.operations() == before
    waiting = [n for _, _, n in desk.ground.desk.read(reads.held_imports).result()]
    assert waiting == [9], "no held row is listed twice"


def test_each_row_is_held_for_its_own_reason(desk: Importing) -> None:
    desk.open(OFFICE / "ledger.xlsx")
    counts(desk)
    preview = desk.screen.previewing.preview
    assert preview is not None
    waiting = [r for r in preview.rows if r.verdict is Verdict.HELD]
    held = {r.read.number: {p.code for p in r.problems if p.holds} for r in waiting}
    for row, code in HELD.items():
        assert code in held[row]
    assert [r.read.number for r in preview.rows if r.read.hidden] == [15, 26]
    assert "连续失业1年以上的人员" in desk.screen.page.notes.text()
    assert "刑满" not in desk.screen.page.notes.text()
