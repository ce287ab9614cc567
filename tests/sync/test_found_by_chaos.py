"""What real processes, a bad line and restores brought to light, in small."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.ops import Kind, fields_set
from jobdesk.store.safekeeping import back_up
from province.db import tables as t
from province.db.engine import EVERYTHING
from province.quarantine import waiting
from tests.sync.ground import PC, Server
from tests.sync.test_moves import backed_up
from tests.sync.test_recovery import begun, clone


def test_the_journal_of_a_clone_goes_on_where_a_backup_of_its_former_life_ends(
    server: Server, pcs: tuple[PC, PC], tmp_path: Path
) -> None:
    """The check looked for backups of the present life only, and told of operations in no journal."""
    one, two = pcs
    begun(one, two)
    one.open_case("c2")
    back_up(one.station, "daily").result()
    one.open_case("c3")
    other = clone(one, tmp_path / "clone")
    one.open_case("one")
    other.open_case("other")
    one.sync_well()
    assert "fork" in other.sync_well().repaired
    assert other.faults() == [] and one.faults() == []
    other.reopen()
    assert other.faults() == []
    other.close()


@pytest.fixture
def county(county: PC) -> PC:
    return county.enrol("220102", "county")


def test_a_county_that_comes_before_the_station_after_a_restore_is_heard_once_the_station_came(
    server: Server, pcs: tuple[PC, PC], county: PC, tmp_path: Path
) -> None:
    """A restored server knew nobody of that id when the county's word came: out of scope, and it stayed so."""
    one, two = pcs
    begun(one, two)
    county.sync()
    copy = server.copy("before")
    one.open_case("lost")
    one.sync_well()
    county.sync_well()
    county.set("lost", phone="19900000001")
    server.restore(copy, epoch=True)
    assert [reason for _, reason in county.sync().apart] == ["out_of_scope"]
    one.sync_well()
    for pc in (county, two, one, county):
        pc.sync_well()
    assert county.folds()["lost"] == one.folds()["lost"] == two.folds()["lost"]
    assert one.case("lost").root.text("phone") == "19900000001"
    with server.db.reading(EVERYTHING) as con:
        assert waiting(con) == []


def moves(pc: PC, case: str, to: str) -> None:
    state = pc.case(case)
    bases = state.root.bases("station")
    move = fields_set(state.subject, "case", case, {"station": to}, bases, kind=Kind.TRANSFERRED)
    pc.desk.act([move]).result()


@pytest.mark.parametrize("first", ["two", "one", "county"])
def test_a_station_that_comes_first_with_somebody_who_moved_to_it_shuts_nobody_out(
    server: Server, pcs: tuple[PC, PC], county: PC, tmp_path: Path, clock: FixedClock, first: str
) -> None:
    """The server had lost opening and move: whoever came first had the person, all others were strangers."""
    one, two = pcs
    one.enrol("a").sync_well()
    two.enrol("b").sync_well()
    copy = server.copy("before")
    one.open_case("lost")
    one.set("lost", phone="19900000001")
    one.sync_well()
    county.sync()
    moves(one, "lost", "b")
    one.sync_well()
    two.sync_well()
    two.set("lost", address="甲路")
    server.restore(copy, epoch=True)
    order = {"two": (two, one, county), "one": (one, two, county), "county": (two, county, one)}[first]
    for pc in (*order, *order, *order):
        pc.sync()
    with server.db.reading(EVERYTHING) as con:
        assert waiting(con) == []
        assert con.execute(select(t.stream.c.id).join(t.subject, t.subject.c.home == t.stream.c.num)
                           .where(t.subject.c.id == "lost")).scalar_one() == "b"  # fmt: skip
    fresh = PC(tmp_path / "three", server, clock, "刘芳").enrol("b")
    fresh.sync_well()
    assert fresh.folds()["lost"] == two.folds()["lost"] == county.folds()["lost"]
    assert fresh.case("lost").root.text("phone") == "19900000001"
    backed_up(server)
    left = PC(tmp_path / "four", server, clock, "孙立").enrol("a")
    left.sync_well()
    assert left.ops() > 0 and left.case("lost").root.text("phone") == ""  # a stub: it knows of the move
    for pc in (fresh, left):
        assert pc.faults() == []
        pc.close()
