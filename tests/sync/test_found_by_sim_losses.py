"""What ``make sim`` found lost (S2), each as the shortest story that failed before it was mended."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.codec import encode
from jobdesk.cases.ops import Subject, fields_set, opened
from jobdesk.store import sync_facts, sync_told, taking_in
from jobdesk.store.log import all_ops
from jobdesk.sync import offering
from jobdesk.sync.exchange import Exchange
from province import enrolling, quarantine
from province.db.engine import EVERYTHING
from province.quarantine import waiting
from tests.sync.ground import PC, Server, same
from tests.sync.sticks import trip
from tests.sync.test_found_by_sim import move
from tests.sync.test_recovery import clone


@pytest.mark.parametrize("told", [True, False], ids=["told", "without a word"])
def test_a_station_brings_back_what_a_county_wrote_in_its_file(
    server: Server, pcs: tuple[PC, PC], county: PC, *, told: bool
) -> None:
    """The county's disk is gone and the server restored: the station had it, and might not offer it, since who
    wrote it is outside its scope.
    """
    one, two = pcs
    one.enrol().open_case("c1")
    one.sync_well()
    county.enrol("220102", "county").sync_well()
    copy = server.copy("before.db")
    county.serve("c1", "县里去过")
    county.sync_well()
    one.sync_well()
    county.close()
    server.restore(copy, epoch=told)
    for pc in (one, two.enrol(), one):
        pc.sync_well()
    assert [v.text("content") for v in two.case("c1").of("service")] == ["县里去过"]
    same(server, one, two)


def test_a_station_brings_back_what_the_one_before_it_wrote(server: Server, pcs: tuple[PC, PC]) -> None:
    """Of somebody who moved: where he came from nobody is left, and the server forgot him."""
    one, two = pcs
    one.enrol("b").sync_well()
    two.enrol("a").sync_well()
    copy = server.copy("before.db")
    one.open_case("c1")
    one.serve("c1", "乙站去过")
    move(one, "c1", "a")
    one.sync_well()
    two.sync_well()
    assert two.case("c1").exists
    one.close()
    server.restore(copy, epoch=False)
    for _ in range(2):
        two.sync_well()
    assert len(two.case("c1").of("service")) == 1
    with server.db.reading(EVERYTHING) as con:
        ops = con.exec_driver_sql("SELECT count(*) FROM op WHERE subject = 'c1'").scalar_one()
        assert ops == 3 and waiting(con) == []
    same(server, two)


def test_an_action_in_the_way_goes_on_as_one(pcs: tuple[PC, PC], tmp_path: Path) -> None:
    """A bootstrap brought the later place of a copy's chain first: the two halves of an action came apart, the
    beginning of a file behind what was written in it, and the server judged each by itself.
    """
    one, _ = pcs
    other = clone(one, tmp_path / "other")
    case = Subject("case", "c1")
    visit = opened(case, "service", "s1", {"content": "登记"})
    made = one.desk.act([opened(case, "case", "c1", {"name": "赵某"}), visit]).result().ops
    other.open_case("x")
    other.open_case("y")
    theirs = [op for _, op in other.station.file.read(lambda con: list(all_ops(con))).result()][-2:]
    assert [op.replica_seq for op in theirs] == [op.replica_seq for op in made]
    for op in reversed(theirs):
        lines = taking_in.read_lines([encode(op)])
        one.station.file.write(lambda w, x=lines: taking_in.absorb(w, x, one.clock.now_ms())).result()
    here = {op.op_id: op for _, op in one.station.file.read(lambda con: list(all_ops(con))).result()}
    first, second = (here[op.op_id] for op in made)
    assert first.replica_id == second.replica_id != made[0].replica_id
    assert second.replica_seq == first.replica_seq + 1
    assert one.faults() == []
    other.close()


@pytest.mark.parametrize("told", [True, False], ids=["told", "without a word"])
@pytest.mark.parametrize(("ours", "theirs"), [(1, 1), (1, 2), (2, 1)])
def test_what_a_copy_was_acknowledged_for_goes_on_when_the_other_one_has_its_places(
    server: Server, pcs: tuple[PC, PC], tmp_path: Path, *, ours: int, theirs: int, told: bool
) -> None:
    """A stolen copy's work was kept apart, the server forgot that, and gave the places to the other copy's work
    on somebody who had moved: no stream here lists it, so nothing of ours made way, and the mark said that it
    was sent.
    """
    one, two = pcs
    two.enrol("b").sync_well()
    one.enrol("a").open_case("c1")
    move(one, "c1", "b")
    one.sync_well()
    other = clone(one, tmp_path / "clone")
    copy = server.copy("before.db")
    with server.db.writing(EVERYTHING) as con:
        device = other.station.file.read(lambda c: sync_facts.get(c, "device")).result()
        assert enrolling.revoke(con, device, "stolen", server.clock.now_ms())
    for n in range(ours):
        other.serve("c1", f"一 {n}")
    assert other.sync().error == "sync_revoked" and other.waiting() == 0
    server.restore(copy, epoch=told)
    for n in range(theirs):
        one.serve("c1", f"二 {n}")
    for pc in (one, other.enrol("a"), two, other):
        pc.sync_well()
    assert len(two.case("c1").of("service")) == ours + theirs
    assert other.sync_well().repaired == []
    same(server, two, org="b")
    assert one.faults() == other.faults() == []
    other.close()


def test_what_was_brought_back_for_others_is_brought_again_when_the_server_goes_back_again(
    server: Server, pcs: tuple[PC, PC], tmp_path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the pull that would have listed it: nothing told of the second loss, and it was never offered again."""
    one, gone = pcs
    one.enrol().sync_well()
    gone.enrol().sync_well()
    before = server.copy("before.db")
    gone.open_case("c1")
    gone.sync_well()
    one.sync_well()
    server.restore(before, epoch=False)
    offer, left = offering.offer_as_witness, ["then.db"]

    def offered(ex: Exchange) -> bool:
        copy = server.copy(left[0]) if left else None
        made = offer(ex)
        if copy is not None:
            left.clear()
            server.restore(copy, epoch=False)
        return made

    monkeypatch.setattr(offering, "offer_as_witness", offered)
    one.sync_well()
    assert not left
    one.sync_well()
    late = PC(tmp_path / "late", server, clock, "周敏").enrol()
    late.sync_well()
    one.sync_well()
    assert late.case("c1").exists and late.case("c1") == one.case("c1")
    assert one.digest("a") == server.digest("a") and one.faults() == []
    late.close()


@pytest.mark.parametrize("told", [True, False], ids=["told", "without a word"])
def test_what_a_restored_server_lists_is_no_longer_told_as_kept_apart(
    server: Server, pcs: tuple[PC, PC], county: PC, monkeypatch: pytest.MonkeyPatch, *, told: bool
) -> None:
    """It judges anew what it forgot: by then of a newer program, and the person had moved, so that no stream
    of its writer lists it. His desk called it kept apart for ever, though the answer said that it was listed.
    """
    one, two = pcs
    one.enrol("a").open_case("c1")
    one.sync_well()
    two.enrol("b").sync_well()
    county.enrol("220102", "county").sync_well()
    copy = server.copy("before.db")
    with monkeypatch.context() as older:
        older.setattr("province.reading.SCHEMA", 0)
        one.serve("c1", "去过")
        assert [reason for _, reason in one.sync_well().apart] == ["newer_schema"]
    server.restore(copy, epoch=told)
    move(county, "c1", "b")
    county.sync_well()
    one.sync_well()
    two.sync_well()
    assert len(two.case("c1").of("service")) == 1
    assert one.station.file.read(sync_told.apart).result() == []


@pytest.mark.parametrize("way", ["line", "stick"])
def test_what_others_brought_a_restored_server_is_no_longer_told_as_kept_apart(
    server: Server, pcs: tuple[PC, PC], county: PC, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, way: str
) -> None:
    """A colleague at the new station had it by a stick: what the server had of the chain reached behind it, the
    writer went on from there, and no answer named it any more. Who has no line himself is never asked for all of
    what stands nowhere: only the place to which the refused push goes back brings it into his next file.
    """
    one, two = pcs
    one.enrol("a").open_case("c1")
    one.sync_well()
    two.enrol("b").sync_well()
    county.enrol("220102", "county").sync_well()
    move(county, "c1", "b")
    copy = server.copy("before.db")
    with monkeypatch.context() as older:
        older.setattr("province.reading.SCHEMA", 0)
        one.serve("c1", "去过")
        one.open_case("c2")
        assert {reason for _, reason in one.sync_well().apart} == {"newer_schema"}
    server.restore(copy, epoch=False)
    county.sync_well()
    two.sync_well()
    ops = [op for _, op in one.station.file.read(lambda con: list(all_ops(con))).result()]
    visit = [op for op in ops if op.subject.id == "c1"][-1:]
    lines = taking_in.read_lines([encode(op) for op in visit])
    two.station.file.write(lambda w: taking_in.absorb(w, lines, two.clock.now_ms())).result()
    two.station.file.write(lambda w: sync_facts.put(w.con, "refill", "test")).result()
    two.sync_well()
    for _ in range(1 if way == "line" else 3):
        one.sync_well() if way == "line" else trip(one, server, tmp_path / "stick")
    assert one.station.file.read(sync_told.apart).result() == []
    if way == "stick":
        one.sync_well()  # a line tells of the loss as well (M-8.6)
    assert "c2" in one.folds() and one.sync_well().repaired == []
    assert one.faults() == two.faults() == []


def test_a_copy_hears_by_a_stick_what_a_restored_server_keeps_apart(
    server: Server, pcs: tuple[PC, PC], tmp_path: Path
) -> None:
    """Another copy had brought its chain by then, so that nothing of it was refused; over a line it was asked."""
    one, two = pcs
    one.enrol("a")
    two.enrol("b").sync_well()
    one.sync_well()
    before = server.copy("before.db")
    two.open_case("c1")
    two.sync_well()
    phone = fields_set(Subject("case", "c1"), "case", "c1", {"phone": "19900000001"}, {})
    one.desk.act([phone]).result()
    one.sync()
    (apart,) = one.station.file.read(sync_told.apart).result()
    secret = server.province.me().person_secret
    assert quarantine.release(server.db, apart.action, secret, server.clock.now_ms()) is None
    one.sync_well()
    other = clone(one, tmp_path / "clone")
    server.restore(before, epoch=True)
    for pc in (two, one):
        pc.sync()
    for _ in range(3):
        trip(other, server, tmp_path / "stick")
    for pc in (one, other):
        assert [k.action for k in pc.station.file.read(sync_told.apart).result()] == [apart.action]
    assert not other.station.file.read(lambda con: sync_facts.get(con, "refill")).result()
    other.close()
