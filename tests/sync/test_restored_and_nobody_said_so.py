"""A server that was restored without a new epoch tells so itself: it knows of fewer pushes than the desk (M-8.6)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from jobdesk.cases.clock import FixedClock
from jobdesk.services.moving import asking
from jobdesk.store import sync_facts
from province import enrolling, quarantine
from province.db import tables as t
from province.db.engine import EVERYTHING
from tests.sync.ground import PC, Server
from tests.sync.sticks import answer, out
from tests.sync.test_transfers import waits


def known(pc: PC, key: sync_facts.Key = "heard") -> int:
    return pc.station.file.read(lambda con: sync_facts.number(con, key)).result()


def counted(server: Server, pc: PC) -> int:
    device = pc.station.file.read(lambda con: sync_facts.get(con, "device")).result()
    with server.db.reading(EVERYTHING) as con:
        return int(con.execute(select(t.device.c.pushes).where(t.device.c.id == device)).scalar_one())


def apart(server: Server) -> int:
    with server.db.reading(EVERYTHING) as con:
        return len(quarantine.waiting(con))


def no_answer_to_pushes(pc: PC) -> Callable[[int], str]:
    return lambda _n: "answer_lost" if pc.wire.paths[-1].endswith("/push") else ""


def test_what_only_was_kept_apart_is_offered_again(
    server: Server, tmp_path: Path, county: PC, clock: FixedClock
) -> None:
    """By seed 450002473: a county brought what a destroyed PC had written, the restored server kept it apart, and was
    restored once more. No place of any stream told of that, so that nobody ever brought it again."""
    county.enrol("220102", "county").sync_well()
    copy = server.copy("before")
    one = PC(tmp_path / "one", server, clock)
    one.enrol().sync_well()
    county.sync_well()
    one.close()
    for _ in range(2):
        server.restore(copy, epoch=False)
        assert not apart(server)
        told = county.sync()
        assert "epoch" in told.repaired
        assert apart(server) == 1
    again = county.sync_well()
    assert not again.repaired


def test_a_desk_says_what_it_heard_and_a_lost_answer_is_no_loss(
    server: Server, tmp_path: Path, clock: FixedClock
) -> None:
    one = PC(tmp_path / "one", server, clock)
    one.enrol().sync_well()
    assert known(one) == counted(server, one) > 0
    one.wire.fault = no_answer_to_pushes(one)
    one.open_case("c1")
    assert one.sync().error
    one.wire.fault = lambda _n: ""
    assert not one.sync_well().repaired
    assert known(one) == counted(server, one)
    one.close()


@pytest.mark.parametrize("saved", [False, True])
def test_a_restored_server_goes_on_counting_once_it_was_heard(
    server: Server, tmp_path: Path, clock: FixedClock, saved: bool
) -> None:
    """Also where nothing at all was lost but the count, and where answers are lost in between."""
    one = PC(tmp_path / "one", server, clock)
    one.enrol().sync_well()
    copy, before = server.copy("before"), counted(server, one)
    for n in range(3):
        if saved:
            one.open_case(f"c{n}")
        one.sync_well()
    server.restore(copy, epoch=False)
    one.wire.fault = no_answer_to_pushes(one)
    for _ in range(5):
        assert one.sync().error
    assert counted(server, one) == before, "it would count past what is known here, and nobody were told"
    one.wire.fault = lambda _n: ""
    assert "epoch" in one.sync_well().repaired
    assert known(one) == counted(server, one)
    assert not one.sync_well().repaired
    assert one.digest() == server.digest()
    one.close()


def test_words_are_said_again_too(server: Server, pcs: tuple[PC, PC]) -> None:
    """The request was on no server any more, and the receipt said that all had been looked at again."""
    one, two = pcs
    one.enrol("a")
    two.enrol("b")
    one.open_case("c1")
    for pc in (one, two):
        pc.sync_well()
    copy = server.copy("before")
    asking.ask_out(one.desk, "c1", "b", "已搬走").result()
    one.sync_well()
    server.restore(copy, epoch=False)
    assert "epoch" in one.sync_well().repaired
    two.sync_well()
    assert [n.kind for n in waits(two)] == ["transfer_request"]


def test_an_epoch_that_comes_back_is_another_server(server: Server, pcs: tuple[PC, PC]) -> None:
    """Seed 99000248: restored, then restored once more without a new epoch: the copy's own came back, and a word
    that was said under it counted as said."""
    one, two = pcs
    one.enrol("a")
    two.enrol("b")
    one.open_case("c1")
    for pc in (one, two):
        pc.sync_well()
    copy = server.copy("before")
    asking.ask_out(one.desk, "c1", "b", "已搬走").result()
    one.sync_well()
    server.restore(copy, epoch=True)
    one.wire.fault = lambda _n: "lost" if one.wire.paths[-1].endswith("/transfer") else ""
    assert one.sync().error
    one.wire.fault = lambda _n: ""
    server.restore(copy, epoch=False)
    one.sync_well()
    two.sync_well()
    assert [n.kind for n in waits(two)] == ["transfer_request"]


def test_a_copy_from_before_the_first_push_tells_so_too(server: Server, pcs: tuple[PC, PC]) -> None:
    """A count from 0 was none: seed 470000112."""
    one, _ = pcs
    one.enrol()
    copy = server.copy("before")
    one.sync_well()
    server.restore(copy, epoch=False)
    assert "epoch" in one.sync_well().repaired


def test_what_came_on_a_stick_hides_no_loss(server: Server, pcs: tuple[PC, PC], tmp_path: Path) -> None:
    """Counted, it would bring the restored server past what the PC had heard."""
    one, _ = pcs
    one.enrol().sync_well()
    copy, before = server.copy("before"), counted(server, one)
    one.open_case("c1")
    one.sync_well()
    server.restore(copy, epoch=False)
    for n in range(4):
        one.open_case(f"d{n}")
        answer(server, out(one, tmp_path / "stick"))  # nobody brings what it says
    assert counted(server, one) == before
    assert "epoch" in one.sync_well().repaired


def test_a_new_device_counts_from_the_beginning(server: Server, tmp_path: Path, clock: FixedClock) -> None:
    one = PC(tmp_path / "one", server, clock)
    one.enrol().sync_well()
    assert known(one) > 0
    with server.db.writing(EVERYTHING) as con:
        device = one.station.file.read(lambda c: sync_facts.get(c, "device")).result()
        assert enrolling.revoke(con, device, "lost", server.clock.now_ms())
    assert one.sync().error == "sync_revoked"
    one.enrol()
    assert known(one) == 0
    assert not one.sync_well().repaired
    one.close()
