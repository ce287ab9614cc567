"""A merge is listed at both stations, also after a restore, and both are told who is erased (M-6.5, M-7.3)."""

from __future__ import annotations

from pathlib import Path

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.ops import Json, Kind, NewOp, Subject, fields_set
from province.db.engine import EVERYTHING
from tests.sync.ground import PC, Server


def test_a_late_merge_of_somebody_erased_tells_the_other_station_too(
    server: Server, pcs: tuple[PC, PC], county: PC
) -> None:
    """The county merged two files and did not know yet that one was erased: the other station's stream listed
    the merge, blank, and did not say why.
    """
    one, two = pcs
    one.enrol("a").open_case("c1")
    two.enrol("b").open_case("c2")
    one.sync_well()
    two.sync_well()
    county.enrol("220102", "county").sync_well()
    two.desk.act([NewOp(Kind.ERASED, Subject("case", "c2"), {"reason": "request"})]).result()
    two.sync_well()
    file = county.case("c2")
    to: dict[str, Json] = {"merged_into": "c1"}
    merged = fields_set(file.subject, "case", "c2", to, file.root.bases("merged_into"), kind=Kind.MERGED)
    county.desk.act([merged]).result()
    county.sync_well()
    for pc in (one, two, county):
        pc.sync_well()
    with server.db.reading(EVERYTHING) as con:
        rows = con.exec_driver_sql(
            "SELECT s.id, op.kind FROM listing l JOIN stream s ON s.num = l.stream "
            "JOIN op ON op.op_id = l.op_id WHERE op.subject = 'c2' AND op.kind IN ('Merged', 'Erased')"
        ).fetchall()
    assert {tuple(r) for r in rows} == {(s, k) for s in "ab" for k in ("Merged", "Erased")}


def test_a_merge_that_comes_back_before_the_file_that_was_kept(
    server: Server, pcs: tuple[PC, PC], tmp_path: Path, clock: FixedClock
) -> None:
    """A restored server heard of the alias's station first, and nobody there knew of the kept file's opening: a new
    PC of its station was never told of the merge.
    """
    one, two = pcs
    one.enrol("a").sync_well()
    two.enrol("b").sync_well()
    copy = server.copy("before")
    one.open_case("c1")
    two.open_case("c2")
    one.sync_well()
    two.sync_well()
    file = one.case("c1")
    to: dict[str, Json] = {"merged_into": "c2"}
    one.desk.act(
        [fields_set(file.subject, "case", "c1", to, file.root.bases("merged_into"), kind=Kind.MERGED)]
    ).result()
    one.sync_well()
    two.sync_well()
    server.restore(copy, epoch=True)
    for pc in (one, two, one, two):
        pc.sync_well()
    fresh = PC(tmp_path / "fresh", server, clock, "刘芳").enrol("b")
    fresh.sync_well()
    two.sync_well()
    assert fresh.case("c1").root.text("merged_into") == "c2" == two.case("c1").root.text("merged_into")
    assert fresh.digest("b") == server.digest("b") == two.digest("b")
    fresh.close()
