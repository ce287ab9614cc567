"""Who is erased goes from every PC that has him, also where a restored server forgot that it does."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.ops import Kind, NewOp, Subject
from province import quarantine
from province.db.engine import EVERYTHING
from tests.sync.ground import PC, Server
from tests.sync.test_found_by_sim import move, payloads


def erase(pc: PC, case: str) -> None:
    pc.desk.act([NewOp(Kind.ERASED, Subject("case", case), {"reason": "request"})]).result()


def waits(server: Server) -> int:
    with server.db.reading(EVERYTHING) as con:
        return len(quarantine.waiting(con))


@pytest.fixture
def county(tmp_path: Path, server: Server, clock: FixedClock) -> PC:
    return PC(tmp_path / "county", server, clock, "县")


@pytest.mark.parametrize("first", ["work", "erasure"])
def test_a_station_that_a_move_had_led_to_hears_of_an_erasure(
    server: Server, pcs: tuple[PC, PC], county: PC, first: str
) -> None:
    """The server lost the move. The county erased the file, and offered the move blank: nobody could tell any more
    where it had led to. There the file stayed as it was, for ever.
    """
    one, two = pcs
    one.enrol("a").open_case("c1")
    one.sync_well()
    two.enrol("b").sync_well()
    county.enrol("220102", "county").sync_well()
    copy = server.copy("before.db")
    move(one, "c1", "b")
    for pc in (one, two, county):
        pc.sync_well()
    server.restore(copy, epoch=True)
    two.serve("c1", "afterwards")
    erase(county, "c1")
    for pc in (county, two) if first == "erasure" else (two, county):
        pc.sync()
    one.sync_well()
    assert waits(server) == 0
    for pc in (two, one, county):
        pc.sync_well()
    for pc in (one, two, county):
        assert pc.case("c1").erased and not any(payloads(pc, "c1")[:-1]) and pc.faults() == []
    assert two.digest("b") == server.digest("b") and one.digest("a") == server.digest("a")
    county.close()
