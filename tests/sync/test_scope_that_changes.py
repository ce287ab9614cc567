"""A station comes under another township and back: what its county desks see, and where they go on."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobdesk.cases.clock import FixedClock
from jobdesk.store import sync_state
from province import orgs
from province.db.engine import EVERYTHING
from tests.sync.ground import PC, Server


@pytest.fixture
def township(tmp_path: Path, server: Server, clock: FixedClock) -> PC:
    return PC(tmp_path / "township", server, clock, "乡")


def regroup(server: Server, parent: str) -> None:
    with server.db.writing(EVERYTHING) as con:
        orgs.add(con, [orgs.Org("a", "甲站", "station", parent, "")])


def test_a_stream_that_left_and_came_back_goes_on_where_it_was(
    server: Server, pcs: tuple[PC, PC], township: PC
) -> None:
    """It was answered from its beginning, as nobody had asked for it, and the exchange ended with an error."""
    one, _ = pcs
    with server.db.writing(EVERYTHING) as con:
        under = [orgs.Org(i, i, "township", "220102", "") for i in ("t1", "t9")]
        orgs.add(con, [*under, orgs.Org("a", "甲站", "station", "t1", "")])
    one.enrol().open_case("c1")
    one.sync_well()
    township.enrol("t1", "county").sync_well()
    regroup(server, "t9")
    township.sync_well()
    streams = township.station.file.read(sync_state.streams).result()
    assert [s.stream for s in streams if s.gone] == ["a"]
    one.open_case("c2")
    one.sync_well()
    regroup(server, "t1")
    township.sync_well()
    assert township.digest("a") == server.digest("a") and township.faults() == []
    assert all(township.case(c).exists and township.case(c) == one.case(c) for c in ("c1", "c2"))
    township.close()
