"""People who move to another station and back: payloads follow, late work arrives, nothing is lost."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import update

from jobdesk.cases.ops import Kind, NewOp, Subject, fields_set
from jobdesk.protocol.messages import Place
from jobdesk.services.drafting import find_drafts, keep_draft
from jobdesk.store import sync_scope, sync_state
from jobdesk.store.log import blank as blank_ops
from jobdesk.store.log import ops_of_subject
from jobdesk.store.station_file import Writing
from province.db import tables as t
from province.db.engine import EVERYTHING
from tests.sync.ground import PC, Server, same


def move(pc: PC, case: str, to: str) -> None:
    state = pc.case(case)
    op = fields_set(
        state.subject, "case", case, {"station": to}, state.root.bases("station"), kind=Kind.TRANSFERRED
    )
    pc.desk.act([op]).result()


def backed_up(server: Server) -> None:
    """Everything the server has is inside its oldest restorable backup."""
    with server.db.writing(EVERYTHING) as con:
        con.execute(update(t.replica).values(safe=t.replica.c.acked))
        con.execute(update(t.stream).values(safe=t.stream.c.head))


def blank(pc: PC, case: str) -> bool:
    ops = pc.station.file.read(lambda con: ops_of_subject(con, case)).result()
    return all(op.payload is None for op in ops)


def gone_blank(server: Server, here: PC, there: PC) -> None:
    """Who was opened here moved to the other station, and nothing of him can be read here any more."""
    here.enrol("a").sync_well()
    there.enrol("b").sync_well()
    move(here, "c1", "b")
    here.sync_well()
    there.sync_well()
    backed_up(server)
    for _ in range(2):
        here.sync_well()
    assert blank(here, "c1")


def test_what_was_being_typed_of_who_left_stays_until_an_erasure(server: Server, pcs: tuple[PC, PC]) -> None:
    """It went with the payloads, weeks after the move: nobody else had it."""
    here, there = pcs
    here.open_case("c1")
    keep_draft(here.desk, "case/c1/phone", {"value": "19900000001"}).result()
    gone_blank(server, here, there)
    assert [d.key for d in find_drafts(here.desk).result()] == ["case/c1/phone"]
    there.desk.act([NewOp(Kind.ERASED, Subject("case", "c1"), {"reason": "request"})]).result()
    there.sync_well()
    here.sync_well()
    assert find_drafts(here.desk).result() == []


def test_there_and_back(server: Server, pcs: tuple[PC, PC]) -> None:
    here, there = pcs
    here.open_case("c1")
    here.serve("c1", "erste Beratung")
    here.enrol("a").sync_well()
    there.enrol("b").sync_well()
    move(here, "c1", "b")
    here.sync_well()
    assert not blank(here, "c1") and "c1" in here.station.file.read(sync_scope.who_left).result()
    there.sync_well()
    assert there.case("c1").root.text("name") == "赵某" and len(there.case("c1").of("service")) == 1
    backed_up(server)
    here.serve("c1", "spät geschrieben")
    here.sync_well()
    assert not blank(here, "c1")
    there.sync_well()
    assert len(there.case("c1").of("service")) == 2
    backed_up(server)
    for _ in range(2):
        here.sync_well()
    assert blank(here, "c1") and not here.case("c1").exists
    assert here.digest("a") == server.digest("a") and here.faults() == []
    move(there, "c1", "a")
    there.set("c1", phone="19900000001")
    there.sync_well()
    for _ in range(2):
        here.sync_well()
    root = here.case("c1").root
    assert root.text("name") == "赵某" and len(here.case("c1").of("service")) == 2
    assert here.station.file.read(sync_scope.who_left).result() == {}
    assert here.faults() == []
    backed_up(server)
    for _ in range(2):
        there.sync_well()
    assert blank(there, "c1") and not blank(here, "c1")
    for org, pc in (("a", here), ("b", there)):
        assert pc.digest(org) == server.digest(org)


def test_who_came_back_comes_whole_over_a_line_that_goes_after_every_few_pages(
    server: Server, pcs: tuple[PC, PC]
) -> None:
    """Each exchange began at the first page again: with more pages than a minute allows it never ended."""
    here, there = pcs
    here.open_case("c1")
    for n in range(12):
        here.serve("c1", f"第{n}次")
    gone_blank(server, here, there)
    move(there, "c1", "a")
    there.sync_well()
    asked = 0
    for _ in range(12):
        began = len(here.wire.paths)

        def few(_n: int, began: int = began) -> str:
            return "busy" if here.wire.paths[began:].count("/v1/bootstrap") > 4 else ""

        here.wire.fault = few
        here.sync(page_bytes=1)
        now = here.wire.paths[began:].count("/v1/bootstrap")
        assert now <= 5  # who was told that the server is busy does not begin at the first page at once
        asked += now
        if here.station.file.read(sync_scope.who_left).result() == {}:
            break
    assert len(here.case("c1").of("service")) == 12 and here.faults() == []
    assert asked <= 22  # a page for each of some fifteen operations, and one lost in each exchange


def test_who_comes_back_while_late_work_of_ours_is_not_safe_comes_whole(
    server: Server, pcs: tuple[PC, PC]
) -> None:
    """A form that lay open brought a payload back to a file that had gone blank: what of it was blank was not
    fetched, and stayed so.
    """
    here, there = pcs
    here.open_case("c1")
    gone_blank(server, here, there)
    here.serve("c1", "晚写的")
    here.sync_well()
    there.sync_well()
    move(there, "c1", "a")
    there.sync_well()
    here.sync_well()
    assert here.case("c1") == there.case("c1") and here.case("c1").root.text("name") == "赵某"
    assert here.station.file.read(sync_scope.who_left).result() == {}


def test_what_is_blank_already_keeps_nothing_of_who_left_readable(server: Server, pcs: tuple[PC, PC]) -> None:
    """Late work had gone blank before the server went back to before it: the rest stayed for ever (seed 88007665)."""
    here, there = pcs
    here.open_case("c1")
    here.enrol("a").sync_well()
    there.enrol("b").sync_well()
    move(here, "c1", "b")
    here.serve("c1", "晚写的")
    here.sync_well()

    def went_back(w: Writing) -> None:
        ops = ops_of_subject(w.con, "c1")
        blank_ops(w.con, [ops[-1].op_id])
        own = sync_state.mark(w.con, sync_state.current_replica(w.con))
        sync_state.put_mark(w.con, replace(own, safe=ops[-2].replica_seq))

    here.station.file.write(went_back).result()
    assert here.station.file.read(sync_scope.left_and_safe).result() == ["c1"]


def test_who_comes_back_from_a_server_that_was_restored_in_between_is_fetched_from_the_beginning(
    server: Server, pcs: tuple[PC, PC]
) -> None:
    here, there = pcs
    here.open_case("c1")
    gone_blank(server, here, there)
    move(there, "c1", "a")
    there.sync_well()
    nowhere = Place(seq=1, hash="77" * 32)
    here.station.file.write(lambda w: sync_scope.has_fetched(w.con, "c1", "a", (nowhere, "1.c1.1")))
    here.sync_well()
    assert here.case("c1").root.text("name") == "赵某"
    assert here.station.file.read(sync_scope.who_left).result() == {}


def test_a_witness_never_offers_what_it_blanked(server: Server, pcs: tuple[PC, PC]) -> None:
    here, there = pcs
    here.open_case("c1")
    here.enrol("a").sync_well()
    there.enrol("b").sync_well()
    copy = server.copy("backup.db")
    move(here, "c1", "b")
    here.sync_well()
    there.sync_well()
    there.serve("c1", "dort")
    there.sync_well()
    backed_up(server)
    here.sync_well()
    here.sync_well()
    assert blank(here, "c1")
    server.restore(copy, epoch=True)
    for pc in (here, there, here, there):
        pc.sync_well()
    assert there.case("c1").root.text("name") == "赵某" and len(there.case("c1").of("service")) == 1
    assert there.digest("b") == server.digest("b")
    same(server, there, org="b")
