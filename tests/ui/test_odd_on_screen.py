"""What is not counted with is said where it stands: on the card, in the form, on 今日 and in 台账."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from day_station import Ground
from PySide6.QtWidgets import QApplication
from today_scene import board_of, person_due

from jobdesk.cases.due_lines import unworkable_line
from jobdesk.cases.fold import fold
from jobdesk.cases.ops import Json
from jobdesk.host.strings import text
from jobdesk.store import ledger
from jobdesk.ui.casefile.record_state import has_odd_value
from jobdesk.ui.ledger.state import next_of
from jobdesk.ui.today import saying
from jobdesk.ui.today.kinds import group_of
from tests.cases.test_odd_values import body, op


@pytest.mark.parametrize(
    ("values", "odd"),
    [
        ({"since": "2026-01", "until": "2026-12-31"}, False),
        ({"since": "2026-01", "until": "9999-12-31"}, True),
        ({"since": ["2026-01"]}, True),
        ({"since": "2026-02-30"}, True),
    ],
)
def test_a_card_says_that_something_in_it_is_not_counted(values: dict[str, Json], odd: bool) -> None:
    assert has_odd_value(fold([op(1, body("benefit", **values))]).record("benefit", "r1")) is odd


def test_a_file_at_which_the_rules_fail_is_said_in_plain_words(tmp_path: Path, dressed: QApplication) -> None:
    ground = Ground(tmp_path)
    case_id = person_due(ground, "甲", "2026-07-13")
    board = board_of(ground)
    (line,) = unworkable_line(case_id, board.agenda)
    assert saying.what_of(line) == text("due.unworkable")
    assert saying.why_of(board, line) == text("rule.unworkable").rstrip("。")
    assert group_of(line.kind) == "other"
    (item,) = ground.desk.read(lambda con: ledger.items(con, [case_id])).result()
    assert next_of(replace(item, extra={"unworkable": True}), board.today).text == text("ledger.unworkable")
    ground.close()
