"""What stands in a file that was merged away counts with the one that was kept, wherever people are counted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.due import DueKind
from jobdesk.cases.errors import Refused
from jobdesk.cases.ops import Subject
from jobdesk.host.template_files import service_rules
from jobdesk.services.board import Board
from jobdesk.services.case_files import case_file
from jobdesk.services.confirming import confirm
from jobdesk.services.doubts import load_doubts
from jobdesk.services.editing import add_record, opening
from jobdesk.services.household.joining import join
from jobdesk.services.household_list import load_households
from jobdesk.services.households import household
from jobdesk.services.listing import Rules, lines
from jobdesk.services.merging import merge, unmerge
from jobdesk.services.policy_finding import load_policies, matches_of
from jobdesk.services.registering import Child, register
from jobdesk.services.station_rules import station_rules
from jobdesk.services.today import load_board, refresh_board
from tests.stations import Made, make_station

GRADUATE = {"graduate_kind": "university", "education": "21", "opened_on": "2026-05-01", "notice_on": "2026-05-01",
            "birth": "2002-01-02", "willingness": "yes", "work_capacity": "able"}  # fmt: skip


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Made]:
    found = make_station(tmp_path, FixedClock.at(2026, 7, 15))
    yield found
    found.station.close()


def person(made: Made, name: str, *children: Child, **values: str) -> str:
    return register(made.desk, {"name": name, **GRADUATE, **values}, children).result().case_id


def two_files(made: Made, left: str) -> tuple[str, str]:
    """One graduate with two files; the date was confirmed on the one that is merged away."""
    kept, other = person(made, "周岩", graduated_on=left), person(made, "周岩", graduated_on=left)
    confirm(made.desk, other, "graduated_on", left, {"source": "system"}).result()
    return kept, other


def kinds(board: Board, case: str) -> set[DueKind]:
    return {line.kind for line in board.lines.get(case, ())}


def said(board: Board) -> list[tuple[object, ...]]:
    return [(e.uid, e.rank, [(x.key, x.due, x.basis) for x in e.lines]) for e in board.entries]


def test_today_says_what_the_page_says(made: Made) -> None:
    kept, other = two_files(made, "2024-07-30")
    desk = made.desk
    assert DueKind.VERIFY in kinds(load_board(desk).result(), kept)
    merge(desk, kept, other, "同一人").result()
    page = desk.read(lambda con: {line.kind for line in case_file(con, desk, kept).due}).result()
    assert kinds(load_board(desk).result(), kept) == page
    assert DueKind.PREPARE in page and DueKind.VERIFY not in page


def test_a_board_that_is_on_screen_follows(made: Made) -> None:
    kept, other = two_files(made, "2024-07-30")
    desk = made.desk
    board = load_board(desk).result()
    for act in (
        lambda: merge(desk, kept, other, "同一人"),
        lambda: add_record(desk, Subject("case", other), "measure", {"what": "培训", "due": "2026-07-14"}),
        lambda: unmerge(desk, other, "不是同一人"),
    ):
        act().result()
        board = refresh_board(desk, board, [other]).result()
        assert said(board) == said(load_board(desk).result())
    assert DueKind.VERIFY in kinds(board, kept)


def test_the_counts_of_a_policy_are_those_of_the_page(made: Made) -> None:
    kept, other = two_files(made, "2025-06-30")
    desk = made.desk

    def counted() -> str:
        found = load_policies(desk).result().found[kept]["internship"]
        return found.standing.value

    def page() -> str:
        found = desk.read(lambda con: matches_of(con, desk, kept)).result()
        return next(m for m in found if m.card.code == "internship").standing.value

    before = counted()
    merge(desk, kept, other, "同一人").result()
    assert counted() == page() != before


def test_steps_in_the_ledger_count_the_services_of_both(made: Made) -> None:
    kept, other = two_files(made, "2025-06-30")
    desk = made.desk
    service = {"type": "ZYZD", "served_on": "2026-06-01", "channel": "visit", "engagement": "joined"}
    add_record(desk, Subject("case", other), "service", dict(service)).result()
    merge(desk, kept, other, "同一人").result()

    def ledger_line() -> object:
        def job(con: object) -> object:
            ours = station_rules(con, desk)
            (found,) = lines(con, [kept], Rules(ours.template, service_rules(), desk.today))
            return found.progress

        return desk.read(job).result()

    page = desk.read(lambda con: case_file(con, desk, kept).progress).result()
    assert ledger_line() == page and page.shown.started_on == "2026-06-01"


def test_a_household_reads_the_job_that_stands_in_the_other_file(made: Made) -> None:
    kept, other = two_files(made, "2025-06-30")
    desk = made.desk
    home = Subject("household", desk.new_id())
    desk.act([
        opening(home, "household", home.id, {"head_name": "周岩", "kind": "zero", "state": "recognised",
                "decided_on": "2026-06-01", "first_help_on": "2026-06-05", "source": "document"}),
        opening(home, "member", desk.new_id(), {"case": other, "relation": "head", "lives_here": True}),
    ]).result()  # fmt: skip
    merge(desk, kept, other, "同一人").result()
    job = {
        "since": "2026-07-10",
        "form": "10",
        "unit": "某厂",
        "verified_on": "2026-07-12",
        "source": "document",
    }
    add_record(desk, Subject("case", kept), "placement", dict(job)).result()
    (row,) = load_households(desk).result().rows
    assert row.clock.job is not None and row.clock.job.case_id == kept
    page = desk.read(lambda con: case_file(con, desk, kept)).result()
    assert [h.state.subject.id for h in page.households] == [home.id]
    board = load_board(desk).result()
    assert [h.case_id for h in board.agenda.households[kept]] == [home.id]


def test_both_files_of_one_person_as_members_count_once(made: Made) -> None:
    kept, other = two_files(made, "2025-06-30")
    desk = made.desk
    home = Subject("household", desk.new_id())
    member = {"lives_here": True, "relation": "head", "since": "2026-06-01"}
    desk.act([
        opening(home, "household", home.id, {"head_name": "周岩", "kind": "zero"}),
        opening(home, "member", "m-1", {**member, "case": other}),
        opening(home, "member", "m-2", {**member, "case": kept, "since": "2026-06-20"}),
    ]).result()  # fmt: skip
    (before,) = load_households(desk).result().rows
    merge(desk, kept, other, "同一人").result()
    (row,) = load_households(desk).result().rows
    (one,) = row.standing.members
    assert (len(before.standing.members), one.case_id, [r.id for r in one.also]) == (2, kept, ["m-2"])
    assert row.name("m-2") == row.name("m-1") == "周岩"
    view = desk.read(lambda con: household(con, home.id)).result()
    assert all(view.again(m, "2026-07-15") and view.person(m) == kept for m in view.state.of("member"))
    with pytest.raises(Refused):
        join(desk, home.id, {"case": kept}).result()


def test_two_open_spells_in_two_files_of_one_person_are_listed(made: Made) -> None:
    spell = Child("registration", {"since": "2026-03-01", "registered": True, "source": "system"})
    kept, other = person(made, "周岩", spell), person(made, "周岩", spell)
    codes = {o.problem.code for o in load_doubts(made.desk).result().odd if o.case_id == kept}
    merge(made.desk, kept, other, "同一人").result()
    after = {o.problem.code for o in load_doubts(made.desk).result().odd if o.case_id == kept}
    assert after - codes
