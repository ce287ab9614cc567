"""What the check of a file says of a stream that is in its scope no more."""

from __future__ import annotations

from pathlib import Path

from jobdesk.cases.clock import FixedClock
from province import orgs
from province.db.engine import EVERYTHING
from tests.sync.ground import PC, Server
from tests.sync.test_scope_that_changes import regroup


def test_a_wrong_digest_of_a_stream_that_left_is_no_fault_and_is_mended_when_it_is_back(
    tmp_path: Path, server: Server, pcs: tuple[PC, PC], clock: FixedClock
) -> None:
    """The check stayed red: the desk may not pull that stream again, and nobody could do anything about it."""
    one, _ = pcs
    township = PC(tmp_path / "township", server, clock, "乡")
    with server.db.writing(EVERYTHING) as con:
        under = [orgs.Org(i, i, "township", "220102", "") for i in ("t1", "t9")]
        orgs.add(con, [*under, orgs.Org("a", "甲站", "station", "t1", "")])
    one.enrol().open_case("c1")
    one.sync_well()
    township.enrol("t1", "county").sync_well()
    drift = "UPDATE stream_state SET digest = zeroblob(32), agreed_ms = 0 WHERE loading IS NULL"
    township.station.file.write(lambda w: w.con.execute(drift)).result()
    assert township.faults() != []
    regroup(server, "t9")
    township.sync_well()
    assert township.faults() == []
    regroup(server, "t1")
    township.sync_well()
    township.sync_well()
    assert township.digest("a") == server.digest("a") and township.faults() == []
    township.close()
