"""A notice is told with every pull while a PC may come back (M-6.6): who dealt with it sees nothing anew, who
slept hears it, and so does a PC that comes to the station later.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from jobdesk.cases.clock import FixedClock
from jobdesk.services.moving import answering, asking, pairing
from jobdesk.services.moving.reading import load_moves
from jobdesk.store import sync_told
from tests.sync.ground import DAY_MS, PC, Server
from tests.sync.test_transfers import number, waits
from tests.sync.test_twins_that_were_asked_about import count


def told(pc: PC) -> dict[str, sync_told.Notice]:
    return {n.id: n for n in pc.station.file.read(sync_told.notices).result()}


@pytest.fixture
def asleep(server: Server, pcs: tuple[PC, PC], clock: FixedClock) -> Iterator[PC]:
    """A second PC of the first station."""
    made = PC(pcs[0].folder.parent / "asleep", server, clock, "钱小军")
    yield made
    made.close()


def talked(one: PC, two: PC, asleep: PC) -> None:
    """A request that was refused, one that was agreed on, two people after all, and two nobody decided on."""
    for pc, org, mark in ((one, "a", "a"), (two, "b", "b")):
        pc.enrol(org)
        for n in (1, 2):
            pc.open_case(f"x{n}{mark}", f"王小{n}")
            pc.set(f"x{n}{mark}", id_number=number(n))
    for case in ("y", "z"):
        two.open_case(case, "李小" + case)
    asleep.enrol("a")
    for pc in (one, two, one, two, asleep):
        pc.sync_well()
    for case in ("y", "z"):
        asking.ask_for(one.desk, case, "由本站服务").result()
    one.sync_well()
    two.sync_well()
    for wanted in waits(two):
        if wanted.kind == "transfer_request":
            if wanted.subjects == ("y",):
                answering.refuse(two.desk, wanted.id, "仍住本街道").result()
            else:
                answering.accept(two.desk, wanted.id).result()
    pair = next(p for p in load_moves(one.desk).result().twins if p.own == "x1a")
    pairing.not_the_same(one.desk, pair.notice.id).result()
    for pc in (one, two, one, two):
        pc.sync_well()
    for pc in (one, two):
        for n in waits(pc):
            if n.kind in ("transfer_refuse", "transfer_apart"):
                answering.acknowledge(pc.desk, n.id).result()


@pytest.mark.parametrize("days", [100, 170])
def test_who_dealt_with_it_sees_nothing_anew(
    pcs: tuple[PC, PC], asleep: PC, clock: FixedClock, days: int
) -> None:
    one, two = pcs
    talked(one, two, asleep)
    assert count(one) == count(two) == {"twins": 1}
    before = [(told(pc), waits(pc)) for pc in (one, two)]
    clock.tick(days * DAY_MS)
    for pc in (one, two):
        assert pc.sync_well().notices == 0
    assert [(told(pc), waits(pc)) for pc in (one, two)] == before
    assert count(one) == count(two) == {"twins": 1}


def test_who_slept_for_a_year_and_a_half_hears_what_was_said(
    pcs: tuple[PC, PC], asleep: PC, clock: FixedClock
) -> None:
    """On day 91 it was told to nobody any more."""
    one, two = pcs
    talked(one, two, asleep)
    two.open_case("w", "李小双")
    asking.ask_for(asleep.desk, "w", "由本站服务").result()
    for pc in (two, asleep, two):
        pc.sync_well()
    (wanted,) = [n for n in waits(two) if n.kind == "transfer_request"]
    answering.refuse(two.desk, wanted.id, "户籍在本街道").result()
    two.sync_well()
    clock.tick(570 * DAY_MS)
    asleep.sync_well()
    kinds = {n.kind for n in told(asleep).values()}
    assert {"transfer_refuse", "transfer_accept", "transfer_apart", "duplicate"} <= kinds
    assert {n.text for n in waits(asleep, "transfer_refuse")} == {"户籍在本街道", "仍住本街道"}
    assert count(asleep) == {"in": 2, "twins": 1} and asleep.case("z").exists


def test_a_pc_that_comes_later_knows_what_its_neighbour_knows(
    server: Server, pcs: tuple[PC, PC], asleep: PC, clock: FixedClock
) -> None:
    """And nobody reads there anew what was dealt with months ago."""
    one, two = pcs
    talked(one, two, asleep)
    clock.tick(300 * DAY_MS)
    late = PC(one.folder.parent / "late", server, clock, "周小琴").enrol("a")
    for _ in range(3):
        late.sync_well()
    assert {n.id for n in told(late).values() if n.kind == "duplicate" and not n.seen_ms} == {
        n.id for n in told(one).values() if n.kind == "duplicate" and not n.seen_ms
    }
    assert count(late) == {"twins": 1}
    late.close()


@pytest.mark.parametrize("days", [80, 100, 570])
def test_two_people_after_all_is_told_to_who_had_the_pair_open(
    server: Server, pcs: tuple[PC, PC], asleep: PC, clock: FixedClock, days: int
) -> None:
    """The word names the double of the station that said it, which has another id here: the pair went, and
    nobody was told.
    """
    one, two = pcs
    for pc, org in ((one, "a"), (two, "b")):
        pc.enrol(org)
        pc.open_case(f"x{org}", "王小一")
        pc.set(f"x{org}", id_number=number(1))
    asleep.enrol("a")
    for pc in (one, two, one, two, asleep):
        pc.sync_well()
    assert count(asleep) == {"twins": 1}
    pairing.not_the_same(two.desk, load_moves(two.desk).result().twins[0].notice.id).result()
    two.sync_well()
    clock.tick(days * DAY_MS)
    asleep.sync_well()
    assert [n.kind for n in waits(asleep)] == ["transfer_apart"] and count(asleep) == {"twins": 1}
    late = PC(one.folder.parent / "late", server, clock, "周小琴").enrol("a")
    for _ in range(2):
        late.sync_well()
    assert [n.kind for n in waits(late)] == (["transfer_apart"] if days < 90 else [])
    late.close()


@pytest.mark.parametrize("days", [80, 100, 570])
def test_an_answer_is_said_again_as_long_as_a_server_tells_it(
    server: Server, pcs: tuple[PC, PC], clock: FixedClock, days: int
) -> None:
    """A PC that slept while the server was restored said it for 90 days only; what is open is told for ever."""
    one, two = pcs
    one.enrol("a")
    two.enrol("b")
    two.open_case("y", "李小明")
    for pc in (two, one):
        pc.sync_well()
    asking.ask_for(one.desk, "y", "由本站服务").result()
    for pc in (one, two):
        pc.sync_well()
    copy = server.copy("before")
    (wanted,) = waits(two, "transfer_request")
    answering.refuse(two.desk, wanted.id, "仍住本街道").result()
    two.sync_well()
    server.restore(copy, epoch=True)
    clock.tick(days * DAY_MS)
    begun = two.wire.count
    two.wire.fault = lambda n: "lost" if n > begun + 1 else ""  # its hello comes through
    assert two.sync().error
    two.wire.fault = lambda _n: ""
    for pc in (two, one):
        pc.sync_well()
    assert [n.text for n in waits(one, "transfer_refuse")] == ["仍住本街道"]


@pytest.mark.parametrize("days", [80, 100, 570])
def test_an_answer_waits_for_its_request_as_long_as_who_asked_may_sleep(
    server: Server, pcs: tuple[PC, PC], clock: FixedClock, days: int
) -> None:
    """The server lost the request too, and the PC that said it slept: after 90 days the answer was given up,
    and the station was asked anew.
    """
    one, two = pcs
    one.enrol("a")
    two.enrol("b")
    two.open_case("y", "李小明")
    for pc in (two, one):
        pc.sync_well()
    copy = server.copy("before")
    asking.ask_for(one.desk, "y", "由本站服务").result()
    for pc in (one, two):
        pc.sync_well()
    (wanted,) = waits(two, "transfer_request")
    answering.refuse(two.desk, wanted.id, "仍住本街道").result()
    two.sync_well()
    server.restore(copy, epoch=True)
    clock.tick(days * DAY_MS)
    two.sync()
    for pc in (one, two, one):
        pc.sync_well()
    assert [n.text for n in waits(one, "transfer_refuse")] == ["仍住本街道"]


def test_two_answers_wait_for_a_line_longer_than_a_year(
    server: Server, pcs: tuple[PC, PC], clock: FixedClock
) -> None:
    """The first one came through on a line that broke behind it, and took the other one along as too old."""
    one, two = pcs
    one.enrol("a")
    two.enrol("b")
    for case in ("y", "z"):
        two.open_case(case, "李小明")
    for pc in (two, one):
        pc.sync_well()
    for case in ("y", "z"):
        asking.ask_for(one.desk, case, "由本站服务").result()
    for pc in (one, two):
        pc.sync_well()
    copy = server.copy("before")
    for wanted in waits(two, "transfer_request"):
        answering.refuse(two.desk, wanted.id, "仍住本街道").result()
    two.sync_well()
    server.restore(copy, epoch=True)
    clock.tick(400 * DAY_MS)
    begun = two.wire.count
    two.wire.fault = lambda n: "lost" if n > begun + 1 else ""
    assert two.sync().error
    begun = len(two.wire.paths)
    two.wire.fault = lambda _n: "lost" if sum("transfer" in p for p in two.wire.paths[begun:]) > 1 else ""
    assert two.sync().error
    two.wire.fault = lambda _n: ""
    for pc in (two, one):
        pc.sync_well()
    assert len(waits(one, "transfer_refuse")) == 2
