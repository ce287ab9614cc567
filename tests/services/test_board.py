"""The board after edits is the board made anew: people, households, members and all."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.due import DueLine
from jobdesk.cases.due_order import DayLine
from jobdesk.cases.facts import CaseFacts
from jobdesk.cases.ops import Subject
from jobdesk.host import policy_files
from jobdesk.services import board as board_of_a_day
from jobdesk.services.board import Board, Scope
from jobdesk.services.desk import Desk
from jobdesk.services.editing import add_record, opening, save_record
from jobdesk.services.registering import Child, register
from jobdesk.services.today import load_board, load_today, refresh_board
from jobdesk.store.station_file import Writing
from tests.stations import Made, make_station


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Made]:
    found = make_station(tmp_path, FixedClock.at(2026, 7, 15))
    yield found
    found.station.close()


def said(board: Board) -> list[tuple[object, ...]]:
    return [(e.uid, e.rank, [(x.key, x.due, x.basis) for x in e.lines]) for e in board.entries]


def person(desk: Desk, name: str, *children: Child, **values: str) -> str:
    body = {"name": name, "opened_on": "2026-05-01", "notice_on": "2026-05-01", **values}
    return register(desk, dict(body), children).result().case_id


def household(desk: Desk, *members: str) -> str:
    subject = Subject("household", desk.new_id())
    values = {"head_name": "甲", "kind": "zero", "state": "recognised", "decided_on": "2026-06-01",
              "first_help_on": "2026-06-05", "community": "南岭社区", "source": "document"}  # fmt: skip
    ops = [opening(subject, "household", subject.id, dict(values))]
    ops += [
        opening(subject, "member", desk.new_id(), {"case": m, "relation": "head", "lives_here": True})
        for m in members
    ]
    desk.act(ops).result()
    return subject.id


def test_an_edit_of_a_member_or_of_the_household_reaches_both(made: Made) -> None:
    desk = made.desk
    one, two = person(desk, "甲", next_contact="2026-07-14"), person(desk, "乙", next_contact="2026-07-16")
    alone = person(desk, "丙", next_contact="2026-07-13")
    home = household(desk, one, two)
    board = load_board(desk).result()
    assert home in board.lines and board.items[home].is_household
    subject = Subject("household", home)
    add_record(desk, subject, "rung", {"level": "county", "since": "2026-07-01", "holder": "县"}).result()
    board = refresh_board(desk, board, [home]).result()
    assert said(board) == said(load_board(desk).result())
    assert any(p.key == "order.ladder.county" for e in board.entries if e.subject == one for p in e.parts)
    job = {
        "since": "2026-07-10",
        "form": "10",
        "unit": "某厂",
        "verified_on": "2026-07-12",
        "source": "document",
    }
    add_record(desk, Subject("case", two), "placement", dict(job)).result()
    board = refresh_board(desk, board, [two]).result()
    assert said(board) == said(load_board(desk).result())
    third = desk.case(alone).result()
    save_record(desk, third.subject, third.root, {"next_contact": "2026-12-01"}).result()
    new = household(desk, alone)
    board = refresh_board(desk, board, [alone, new]).result()
    assert said(board) == said(load_board(desk).result())


def test_traces_made_late_are_those_made_at_once(made: Made) -> None:
    desk = made.desk
    person(desk, "甲", Child("registration", {"since": "2025-01-01", "registered": True, "source": "system"}),
           Child("subsidy", {"kind": "social_flexible", "since": "2024-01", "until": "2026-08-01"}),
           Child("public_post", {"kind": "hardship", "since": "2025-01-01", "until": "2026-09-01"}),
           Child("measure", {"what": "一", "due": "2026-07-14"}), Child("measure", {"what": "二", "due": "2026-07-14"}),
           birth="1975-03-01", sex="2", willingness="yes", work_capacity="able")  # fmt: skip
    first, second = load_board(desk).result(), load_board(desk).result()
    at_once: dict[str, object] = {}
    for line in second.ordered():
        at_once[line.uid] = line.basis
    assert {x.uid: x.basis for x in reversed(first.ordered())} == at_once
    assert len({repr(x.basis) for x in first.ordered() if x.kind.value == "measure"}) == 2


def test_a_day_is_kept_as_believed_and_doubted_only_once(made: Made) -> None:
    from jobdesk.services.day_in_use import believe_today

    desk = made.desk
    person(desk, "甲", next_contact="2026-07-14")
    board = load_today(desk).result()
    assert board.doubt is None and board.keep_day
    believe_today(desk).result()
    assert not load_today(desk).result().keep_day
    made.station.file.clock.tick(-24 * 3600 * 1000)  # type: ignore[attr-defined]
    doubted = load_today(desk).result()
    assert doubted.doubt is not None and doubted.today == date(2026, 7, 15)
    believe_today(desk).result()
    assert load_today(desk).result().today == date(2026, 7, 14)


def test_a_pack_that_changes_in_the_middle_counts_from_its_day(made: Made) -> None:
    desk = made.desk
    person(desk, "甲", willingness="yes")
    packs = policy_files.shipped()
    (old,) = packs.versions("contact.months")
    new = replace(old, valid_from=date(2026, 7, 16), value=2, index=99)
    pack = next(p for p in packs.packs if p.name == "contact")
    entries = tuple(replace(e, valid_to=date(2026, 7, 15)) if e.key == old.key else e for e in pack.entries)
    changed = packs.replaced([replace(pack, entries=(*entries, new))])
    assert changed.number("contact.months", date(2026, 7, 15)) == 1
    assert changed.number("contact.months", date(2026, 7, 16)) == 2


def test_a_board_goes_by_itself_when_it_is_dropped(made: Made) -> None:
    """The collector is told to leave it alone: a circle in it would stay for ever."""
    desk = made.desk
    one, two = person(desk, "甲", next_contact="2026-07-14"), person(desk, "乙", next_contact="2026-07-16")
    household(desk, one, two)
    gc.collect()
    gc.disable()
    try:
        board = load_board(desk).result()
        assert [line.basis for entry in board.entries for line in entry.lines]
        board = refresh_board(desk, board, [one]).result()
        assert board.entries
        del board
        assert not [x for x in gc.get_objects() if isinstance(x, DueLine | DayLine | CaseFacts)]
    finally:
        gc.enable()


def test_what_comes_too_late_is_left_out_as_soon_as_it_is_known(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(24):
        day = f"2026-07-{(n * 7) % 28 + 1:02d}"
        person(made.desk, f"测试{n}", next_contact=day, community=f"第{n % 3}社区")
    wide = load_board(made.desk, scope=Scope(5)).result()
    monkeypatch.setattr(board_of_a_day, "SPARE", 1)
    strict = load_board(made.desk, scope=Scope(5)).result()
    assert len(strict.entries) == 5 and sum(strict.hidden_counts.values()) > 15
    assert said(strict) == said(wide)
    assert strict.hidden == wide.hidden and strict.hidden_counts == wide.hidden_counts
    assert strict.lines.keys() == wide.lines.keys() and strict.marks == wide.marks


def test_who_has_left_stands_in_no_board(made: Made) -> None:
    """A household too: its clock runs at the station it moved to."""
    desk = made.desk
    one, two = person(desk, "甲", next_contact="2026-07-14"), person(desk, "乙", next_contact="2026-07-16")
    home = household(desk, two)
    old = load_board(desk).result()
    assert {one, two, home} <= old.lines.keys()

    def left(w: Writing) -> None:
        for subject in (one, two, home):
            w.con.execute(
                "INSERT INTO left_subject(subject_id, stream, at_ms, blanked_ms) VALUES (?,'b',1,0)",
                (subject,),
            )

    desk.write(left).result()
    for board in (load_board(desk).result(), refresh_board(desk, old, {one, two, home}).result()):
        assert not {one, two, home} & board.lines.keys()
