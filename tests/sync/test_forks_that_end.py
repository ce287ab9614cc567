"""Forks that were told at every exchange, for ever: nothing waited and nothing was lost, and nobody was left in peace."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from jobdesk.cases.codec import encode
from jobdesk.store import rechaining, sync_state, taking_in
from jobdesk.store.log import all_ops
from jobdesk.store.safekeeping import back_up
from jobdesk.store.station_file import Writing
from tests.sync.ground import PC, Server, same
from tests.sync.test_forks_and_witnesses import release
from tests.sync.test_recovery import clone, restore


def test_a_cloned_file_after_a_silent_restore_tells_of_its_fork_once(
    server: Server, pcs: tuple[PC, PC], tmp_path: Path
) -> None:
    """What stood behind the hole was taken up again; the mark went back to before it and kept the hash of behind."""
    one, _ = pcs
    one.enrol().sync_well()
    one.open_case("c1")
    one.sync_well()
    copy = server.copy("before.db")
    other = clone(one, tmp_path / "clone")
    other.open_case("c2")
    other.sync_well()
    one.open_case("c3")
    assert "fork" in one.sync_well().repaired
    server.restore(copy, epoch=False)
    for pc in (one, other, one):
        pc.sync_well()
    assert one.sync_well().repaired == [] and other.sync_well().repaired == []
    assert all(one.case(c).exists and other.case(c).exists for c in ("c1", "c2", "c3"))
    same(server, one, other)


def test_a_former_life_believes_what_the_server_has_further_on(
    server: Server, pcs: tuple[PC, PC], tmp_path: Path
) -> None:
    """A copy went on with it; of the place where the copy stood this file had somebody else's word."""
    one, _ = pcs
    one.enrol().sync_well()
    life, place = one.station.file.replica_id, one.ops()
    other = clone(one, tmp_path / "clone")
    other.open_case("c1")
    other.sync_well()

    def another_word(w: Writing) -> None:
        rechaining.begin_new_life(w)
        mark = sync_state.mark(w.con, life)
        sync_state.put_mark(w.con, replace(mark, acked=place + 1, hash=bytes(31) + b"1"))

    one.station.file.write(another_word).result()
    assert "fork" in one.sync_well().repaired
    assert one.sync_well().repaired == []
    same(server, one, other)


def test_a_place_that_was_acknowledged_before_what_stood_there_went_to_another_life(
    server: Server, pcs: tuple[PC, PC], tmp_path: Path
) -> None:
    """Two copies took the same work up, each in a life of its own. The later one heard that it was there already,
    and then where: its life was empty again, and acknowledged. What was written next was told as sent, and
    every exchange met a fork.
    """
    one, _ = pcs
    one.enrol().open_case("c1")
    one.sync_well()
    other = clone(one, tmp_path / "clone")
    other.set("c1", phone="19900000002")
    other.sync_well()
    one.set("c1", phone="19900000001")
    third = clone(one, tmp_path / "third")
    third.wire.fault = lambda _n: "lost" if third.wire.paths.count("/v1/push") > 2 else ""
    assert third.sync().repaired == ["fork"]
    third.wire.fault = lambda _n: ""
    one.sync_well()
    third.sync_well()
    third.reopen().serve("c1", "afterwards")
    for pc in (third, one, other):
        pc.sync_well()
    assert third.sync_well().repaired == []
    assert len(one.case("c1").of("service")) == 1
    same(server, one, other, third)
    for pc in (other, third):
        pc.close()


@pytest.mark.parametrize("by", ["a person at the province", "a copy"])
def test_what_comes_behind_a_hole_that_was_put_right_does_not_wait_for_ever(
    server: Server, pcs: tuple[PC, PC], county: PC, by: str
) -> None:
    """Server and PC went back, a county's desk brought what was listed of the life that ended so: behind a hole, for
    a new file was kept apart there. What came of that life later stood behind the mark, and was offered for ever.
    """
    one, two = pcs
    one.enrol().open_case("c1")
    one.sync_well()
    county.enrol("220102", "county").sync()
    back_up(one.station, "test").result()
    copy = server.copy("before.db")
    one.open_case("c2")
    one.set("c1", address="甲")
    one.serve("c2", "去过")
    one.sync_well()
    county.sync_well()
    later = one.station.file.read(lambda con: [op for _, op in all_ops(con)][-3:]).result()
    server.restore(copy, epoch=False)
    restore(one, journal=False)
    one.sync_well()
    county.sync()
    assert "hole" in one.sync_well().repaired
    if by == "a copy":
        lines = taking_in.read_lines([encode(op) for op in later])
        one.station.file.write(lambda w: taking_in.absorb(w, lines, one.clock.now_ms())).result()
        assert one.waiting() == 1
    else:
        release(server)
    for pc in (one, two.enrol(), one):
        pc.sync_well()
    assert one.sync_well().repaired == []
    assert len(two.case("c2").of("service")) == 1 and two.case("c1").root.text("address") == "甲"
    same(server, one, two)
