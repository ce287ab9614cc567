"""A household bears one name: in the list, with what moves, and in 今日."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.ops import Json, Subject, opened
from jobdesk.services.household.naming import called
from jobdesk.services.household_facts import one_household
from jobdesk.services.household_list import load_household
from jobdesk.services.registering import case_opening
from jobdesk.services.today import household_item
from jobdesk.store.called import head_of
from jobdesk.ui.casefile.household_words import title
from tests.stations import make_station

HOME = Subject("household", "h")


@pytest.mark.parametrize(
    ("head", "members", "name"),
    [
        ("钱一", [{"name": "李四"}], "钱一"),
        ("", [{"name": "李四"}, {"case": "file"}], "李四"),
        ("", [{"case": "file", "name": "王*"}, {"name": "李四"}], "王五"),
        ("", [{"name": "赵六", "until": "2026-07-01"}, {"name": "孙七"}], "孙七"),
        ("", [{"name": "孙七", "relation": "son"}, {"case": "file", "relation": "head"}], "王五"),
        ("", [], ""),
    ],
)
def test_one_name(tmp_path: Path, head: str, members: list[dict[str, Json]], name: str) -> None:
    made = make_station(tmp_path, FixedClock.at(2026, 7, 15))
    desk = made.desk
    person, ops = case_opening(desk, {"name": "王五", "opened_on": "2026-07-01"}, ())
    lines: list[dict[str, Json]] = [{**m, **({"case": person.id} if "case" in m else {})} for m in members]
    desk.act([
        *ops, opened(HOME, "household", "h", {"kind": "zero", "head_name": head or None}),
        *(opened(HOME, "member", f"m{n}", line) for n, line in enumerate(lines)),
    ]).result()  # fmt: skip
    whole = load_household(desk, "h").result()
    home, people = desk.read(lambda con: one_household(con, "h")).result()
    assert whole is not None and home is not None
    assert title(whole.row) == called(name)
    assert desk.read(lambda con: head_of(con, "h")).result() == name
    assert household_item(home, people).name == name
    made.station.close()
