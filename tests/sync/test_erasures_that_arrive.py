"""Who is erased goes from every PC that has him, also where a restored server forgot that it does."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.ops import Kind, NewOp, Subject
from jobdesk.services.moving import asking
from jobdesk.store import blanking, sync_facts, sync_told
from jobdesk.store.log import ops_of_action
from province import enrolling, orgs, quarantine
from province.db import tables as t
from province.db.engine import EVERYTHING
from tests.sync.ground import PC, Server
from tests.sync.test_found_by_sim import move, payloads
from tests.sync.test_transfers import number


def erase(pc: PC, case: str) -> None:
    pc.desk.act([NewOp(Kind.ERASED, Subject("case", case), {"reason": "request"})]).result()


def waits(server: Server) -> int:
    with server.db.reading(EVERYTHING) as con:
        return len(quarantine.waiting(con))


@pytest.mark.parametrize("first", ["work", "erasure", "nothing of its own"])
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
    erase(county, "c1")
    if first != "nothing of its own":
        two.serve("c1", "afterwards")
    for pc in (two, county, one) if first == "work" else (county, one, two):
        pc.sync()
    assert waits(server) == 0
    for pc in (two, one, county):
        pc.sync_well()
    for pc in (one, two, county):
        assert pc.case("c1").erased and not any(payloads(pc, "c1")[:-1]) and pc.faults() == []
    assert two.digest("b") == server.digest("b") and one.digest("a") == server.digest("a")


def test_a_station_somebody_moved_on_from_is_told_when_it_brings_nothing_new(
    server: Server, pcs: tuple[PC, PC]
) -> None:
    """The new station had offered the opening and the move, blank, and erased. The old one's stream was owed them when
    it spoke at last; the action itself was there already, and so nobody said there who was erased.
    """
    one, two = pcs
    one.enrol("a")
    two.enrol("b")
    copy = server.copy("before.db")
    one.open_case("c1")
    move(one, "c1", "b")
    one.sync_well()
    two.sync_well()
    server.restore(copy, epoch=True)
    erase(two, "c1")
    for pc in (two, one, two):
        pc.sync_well()
    for pc in (one, two):
        assert pc.case("c1").erased and not any(payloads(pc, "c1")[:-1]) and pc.faults() == []
    assert one.digest("a") == server.digest("a") and two.digest("b") == server.digest("b")


def test_nothing_of_the_erased_is_kept_apart(server: Server, pcs: tuple[PC, PC]) -> None:
    """A machine that was shut out sent what it had still written: it waited for a person with all it said."""
    one, two = pcs
    for pc in (one, two):
        pc.enrol().sync_well()
    one.open_case("c1")
    for pc in (one, two):
        pc.sync_well()
    device = two.station.file.read(lambda con: sync_facts.get(con, "device")).result()
    with server.db.writing(EVERYTHING) as con:
        enrolling.revoke(con, device, "stolen", server.clock.now_ms())
    erase(one, "c1")
    one.sync_well()
    two.serve("c1", "afterwards")
    two.sync()
    assert waits(server) == 0
    with server.db.reading(EVERYTHING) as con:
        rows = con.execute(select(t.quarantine.c.line).where(t.quarantine.c.subject == "c1")).scalars().all()
    assert [bytes(line) for line in rows] == [b""]


def test_who_kept_it_apart_is_asked_nothing_about_the_erased(county: PC, clock: FixedClock) -> None:
    """The desk's own list went on showing the action, without a name and with nothing to do about it."""
    county.open_case("c1")
    county.enrol("220102", "county")
    assert [reason for _, reason in county.sync().apart] == ["out_of_scope"]

    def asked() -> tuple[int, int]:
        told = county.station.file.read(sync_told.counts).result()
        return told.apart, len(county.station.file.read(sync_told.apart).result())

    assert asked() == (1, 1)
    county.station.file.write(lambda w: blanking.erase_told(w, ["c1"], clock.now_ms())).result()
    assert asked() == (0, 0)


def test_an_erasure_that_is_kept_apart_still_asks(county: PC, clock: FixedClock) -> None:
    county.open_case("c1")
    erase(county, "c1")
    county.enrol("220102", "county").sync()
    assert len(county.station.file.read(sync_told.apart).result()) == 2
    county.station.file.write(lambda w: blanking.erase_told(w, ["c1"], clock.now_ms())).result()
    (left,) = county.station.file.read(sync_told.apart).result()
    (op,) = county.station.file.read(lambda con: ops_of_action(con, left.action)).result()
    assert op.kind is Kind.ERASED


def test_a_desk_above_that_erased_hears_of_it_though_it_left_its_sight(
    server: Server, pcs: tuple[PC, PC], county: PC
) -> None:
    """Seed 100000518: the answer was lost, the station came under another office, and no stream told any more.
    The desk that had erased the file was the only one to keep it.
    """
    one, _ = pcs
    with server.db.writing(EVERYTHING) as con:
        orgs.add(con, [orgs.Org("220103", "邻县", "county", "22", "")])
    one.enrol("a").open_case("c1")
    one.sync_well()
    county.enrol("220102", "county").sync_well()
    erase(county, "c1")
    paths = county.wire.paths
    county.wire.fault = lambda _n: "answer_lost" if paths[-1] == "/v1/push" else ""
    assert county.sync().error
    county.wire.fault = lambda _n: ""
    with server.db.writing(EVERYTHING) as con:
        orgs.add(con, [orgs.Org("a", "甲站", "station", "220103", "")])
    county.sync()
    assert county.case("c1").erased and not any(payloads(county, "c1")[:-1])


def test_what_stations_said_of_the_erased_goes_too(server: Server, pcs: tuple[PC, PC]) -> None:
    """The reason, the number it was asked by and what was shown of him stayed readable in both files, and the one
    that was asked went on waiting for an answer.
    """
    one, two = pcs
    one.enrol("a").open_case("c1")
    one.set("c1", id_number=number(7))
    one.sync_well()
    two.enrol("b").sync_well()
    asking.ask_in(two.desk, number(7), "已搬来，王某").result()
    for pc in (two, one, two):
        pc.sync_well()
    assert said(one, "已搬来") and said(two, "已搬来")
    erase(one, "c1")
    for pc in (one, two):
        pc.sync_well()
    assert not said(one, "已搬来")
    for pc in (one, two):  # nobody is asked any longer; each is told that it is over, and why
        left = [n for n in pc.station.file.read(sync_told.notices).result() if not n.seen_ms]
        assert [(n.kind, n.text, n.more.get("why")) for n in left] == [("transfer_over", "", "erased")]


def said(pc: PC, words: str) -> list[str]:
    """Where it is readable among the words of stations."""
    query = "SELECT text || more FROM notice UNION ALL SELECT body FROM move_ask"
    rows = pc.station.file.read(lambda con: con.execute(query).fetchall()).result()
    return [row[0] for row in rows if words in row[0]]
