"""What a household says of somebody erased goes at every station, also where the file never was (M-7.2, M-7.3)."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.codec import decode
from jobdesk.cases.ops import Json, Kind, NewOp, Subject, fields_set, opened, withdrawn
from jobdesk.services.editing import change
from jobdesk.services.household.joining import join
from jobdesk.store.log import ops_of_subject
from province import backups, register
from province.db.engine import EVERYTHING
from tests.sync.ground import PC, Server, same
from tests.sync.test_found_by_sim import payloads

HOME = Subject("household", "h1")


def _household(pc: PC) -> None:
    member: dict[str, Json] = {"case": "c1", "name": "赵某"}
    pc.desk.act([opened(HOME, "household", "h1", {}), opened(HOME, "member", "m1", member)]).result()


def _moves_out(pc: PC, to: str) -> None:
    bases = pc.state(HOME).root.bases("station")
    pc.desk.act([fields_set(HOME, "household", "h1", {"station": to}, bases, kind=Kind.TRANSFERRED)]).result()


def _erase(pc: PC) -> None:
    pc.desk.act([NewOp(Kind.ERASED, Subject("case", "c1"), {"reason": "request"})]).result()


def _told(server: Server) -> set[str]:
    """Streams that list the erasure of c1."""
    with server.db.reading(EVERYTHING) as con:
        rows = con.exec_driver_sql(
            "SELECT s.id FROM listing l JOIN stream s ON s.num = l.stream JOIN op ON op.op_id = l.op_id "
            "WHERE op.subject = 'c1' AND op.kind = 'Erased'"
        ).scalars()
        return set(rows)


def _nobody_says_it(server: Server, *pcs: PC) -> None:
    """The member's line is blank on the server and everywhere, and everybody folds the household alike."""
    with server.db.reading(EVERYTHING) as con:
        lines = con.exec_driver_sql("SELECT line FROM op WHERE subject = 'h1'").scalars().all()
    said = [decode(bytes(line)).payload for line in lines]
    assert said.count(None) == 1 and "赵某" not in str(said)
    for pc in pcs:
        assert payloads(pc, "h1").count(False) == 1 and not list(pc.state(HOME).of("member"))
        assert pc.state(HOME) == pcs[0].state(HOME) and pc.faults() == []


@pytest.mark.parametrize("moves", ["before", "with the same exchange", "twice"])
def test_a_household_that_moved_alone_says_nothing_of_a_member_who_is_erased(
    server: Server, pcs: tuple[PC, PC], county: PC, moves: str
) -> None:
    """One member stayed at the station that the household left. Only that station's households were looked at: the
    new one kept the name, and so did the server.
    """
    one, two = pcs
    one.enrol("a").sync_well()
    two.enrol("b").open_case("c1")
    _household(two)
    two.sync_well()
    county.enrol("220102", "county").sync_well()
    _moves_out(two, "a")
    if moves != "with the same exchange":
        for pc in (two, one, county):
            pc.sync_well()
    if moves == "twice":
        _moves_out(one, "b")
        one.sync_well()
        two.sync_well()
        _moves_out(two, "a")
        two.sync_well()
    _erase(two)
    for pc in (two, one, county):
        pc.sync_well()
    assert _told(server) == {"a", "b"}
    _nobody_says_it(server, one, county)
    assert one.digest("a") == server.digest("a") and two.digest("b") == server.digest("b")
    with server.db.reading(EVERYTHING) as con:
        others = con.exec_driver_sql(
            "SELECT count(*) FROM op WHERE subject = 'c1' AND kind = 'Opened'"
        ).scalar()
    assert others == 1 and not one.case("c1").exists


def test_a_household_that_comes_after_the_erasure_tells_its_station(
    server: Server, pcs: tuple[PC, PC], county: PC
) -> None:
    """A clerk who could not know it wrote somebody erased elsewhere into a household of his own: the server blanked
    the line, and he kept it.
    """
    one, two = pcs
    one.enrol("a").sync_well()
    two.enrol("b").open_case("c1")
    two.sync_well()
    county.enrol("220102", "county").sync_well()
    _household(one)
    _erase(two)
    for pc in (two, one, county, one):
        pc.sync_well()
    assert _told(server) == {"a", "b"}
    _nobody_says_it(server, one, county)


@pytest.mark.parametrize(("by", "erased_first"), [("station", False), ("county", False), ("station", True)])
def test_a_county_adds_somebody_to_the_household_of_another_station(
    server: Server, pcs: tuple[PC, PC], county: PC, by: str, erased_first: bool
) -> None:
    """The server looked only at households of stations that had him: the line stayed readable there, and at the
    household's station, which was never told; the county folded otherwise than both, with digests that agreed.
    """
    one, two = pcs
    one.enrol("a").desk.act([opened(HOME, "household", "h1", {"kind": "zero"})]).result()
    one.sync_well()
    two.enrol("b").open_case("c1", "赵某")
    two.sync_well()
    county.enrol("220102", "county").sync_well()
    join(county.desk, "h1", {"case": "c1", "relation": "赵某配偶", "birth_year": "1966"}).result()
    if not erased_first:
        county.sync_well()
        one.sync_well()
        assert list(one.state(HOME).of("member"))
    _erase(two if by == "station" else county)
    for pc in (two, county, one, two, county):
        pc.sync_well()
    assert _told(server) == {"a", "b"}
    _nobody_says_it(server, one, county)


def test_a_restored_server_tells_the_station_that_the_household_moved_to(
    server: Server, pcs: tuple[PC, PC], county: PC
) -> None:
    one, two = pcs
    one.enrol("a").sync_well()
    two.enrol("b").open_case("c1")
    _household(two)
    _moves_out(two, "a")
    two.sync_well()
    one.sync_well()
    county.enrol("220102", "county").sync_well()
    copy = server.copy("before.db")
    _erase(two)
    two.sync_well()
    with server.db.reading(EVERYTHING) as con:
        known = [*register.written(con)]
    server.restore(copy, epoch=False)
    with server.db.writing(EVERYTHING) as con:
        backups.restored(con, known, server.clock.now_ms())
    assert _told(server) == {"a", "b"}
    for pc in (one, two, county, one):
        pc.sync_well()
    _nobody_says_it(server, one, county)


@pytest.mark.parametrize("way", ["taken back", "says another by now", "a list that was given out"])
def test_what_a_row_shows_no_more_goes_from_every_file_too(
    server: Server, pcs: tuple[PC, PC], tmp_path: Path, clock: FixedClock, way: str
) -> None:
    """The server blanked all that ever named who was erased; the desks only what a row showed of a household, an
    import or a visit. What was taken back, or says somebody else by now, they kept, and saw otherwise.
    """
    one, two = pcs
    one.enrol("a").open_case("c1")
    one.open_case("c2", "钱某")
    values: dict[str, Json] = {"case": "c1", "name": "赵某"}
    about = HOME
    if way == "a list that was given out":
        about = Subject("assignment", "l1")
        one.desk.act(
            [opened(about, "assignment", "l1", {}), opened(about, "assigned", "r1", values)]
        ).result()
    else:
        _household(one)
    if way == "taken back":
        said = one.station.file.read(lambda con: ops_of_subject(con, "h1")).result()
        one.desk.act([withdrawn(HOME, [said[-1].op_id])]).result()
    if way == "says another by now":
        (member,) = one.state(HOME).of("member")
        other: dict[str, Json] = {"case": "c2", "name": "钱某"}
        one.desk.act([fields_set(HOME, "member", "m1", other, member.bases("case", "name"))]).result()
    one.sync_well()
    two.enrol("a").sync_well()
    _erase(one)
    one.sync_well()
    two.sync_well()
    late = PC(tmp_path / "late", server, clock, "周敏").enrol("a")
    late.sync_well()
    for pc in (one, two, late):
        ops = pc.station.file.read(lambda con: ops_of_subject(con, about.id)).result()
        assert not any("赵某" in str(op.payload) or "'c1'" in str(op.payload) for op in ops)
        assert pc.state(about) == late.state(about) and pc.faults() == []
    late.close()


@pytest.mark.parametrize("offline", [False, True])
def test_a_late_change_of_a_blank_line_is_blank(server: Server, pcs: tuple[PC, PC], offline: bool) -> None:
    """A colleague changed the line before he heard of the erasure. He says no name, so the server listed what he
    said: the other PC showed it as a member whom nobody had written down, his own did not.
    """
    one, two = pcs
    one.enrol("a").open_case("c1")
    _household(one)
    one.sync_well()
    two.enrol("a").sync_well()
    _erase(one)
    one.sync_well()
    for values in ({"until": "2026-07-01"}, {"name": "赵某某"}, {"name": None}):
        (member,) = two.state(HOME).of("member")
        new = change(HOME, member, values)
        assert new is not None
        two.desk.act([new]).result()
        if not offline:
            break
    for pc in (two, one, two):
        pc.sync_well()
    with server.db.reading(EVERYTHING) as con:
        lines = con.exec_driver_sql("SELECT line FROM op WHERE subject = 'h1'").scalars().all()
    said = [decode(bytes(line)).payload for line in lines]
    assert len(said) - said.count(None) == 1 and "赵某" not in str(said)
    same(server, one, two)
