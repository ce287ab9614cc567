"""What was cut off on the pictures of the screens stays whole."""

from __future__ import annotations

from datetime import date

from pytestqt.qtbot import QtBot

from jobdesk.ui.kit import DateInput
from jobdesk.ui.ledger.state import USUAL, columns
from jobdesk.ui.table.columns import chosen, fitting
from jobdesk.ui.table.delegate import two_lines

ROOM = 746
"""Pixels of the list beside an open file in a window of 1366."""


def test_names_in_two_lines_are_parted_at_the_dot() -> None:
    assert two_lines("阿依古丽·买买提吐尔逊") == ("阿依古丽·", "买买提吐尔逊")
    assert two_lines("司马欧阳慧") == ("司马欧", "阳慧")
    assert two_lines("额尔德尼巴特尔·巴图孟克") == ("额尔德尼巴特", "尔·巴图孟克")


def test_four_characters_have_room_beside_an_open_file() -> None:
    shown = {column.key: column.width for column in fitting(chosen(columns(), USUAL), ROOM)}
    assert shown["name"] - 2 * 8 >= 4 * 14
    assert set(USUAL) - set(shown) == {"sex", "community"}


def test_a_narrow_date_field_shows_one_example_whole(qtbot: QtBot) -> None:
    field: DateInput[date] = DateInput(lambda _typed: None, str, width=128)
    qtbot.addWidget(field)
    field.show()
    room = field.width() - 26
    assert field.fontMetrics().horizontalAdvance(field.placeholderText()) <= room
    assert "、" not in field.placeholderText()
