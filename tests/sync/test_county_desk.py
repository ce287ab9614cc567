"""A desk above the stations: nothing waits there for somebody that only a station can deal with."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobdesk.cases.clock import FixedClock
from jobdesk.services.moving import answering, asking
from jobdesk.services.staffing import add_staff
from jobdesk.services.syncing import enrolment
from jobdesk.store import sync_facts, sync_told
from province import enrolling
from province.db.engine import EVERYTHING
from province.quarantine import waiting
from tests.sync.ground import PC, Server
from tests.sync.sticks import trip


@pytest.fixture
def county(county: PC) -> PC:
    return county.enrol("220102", "county")


def counts(pc: PC) -> sync_told.Counts:
    return pc.station.file.read(sync_told.counts).result()


def test_its_own_setup_is_nobodys_business(county: PC, server: Server) -> None:
    """Its name and its people belong to no station: that they stay here is no matter for anybody."""
    assert county.sync().apart == []
    add_staff(county.desk, "王科长").result()
    assert county.sync().apart == []
    assert counts(county).apart == 0 and county.waiting() == 0
    with server.db.reading(EVERYTHING) as con:
        assert waiting(con) == []


def test_nor_is_it_when_it_was_shut_out(county: PC, server: Server) -> None:
    """Seed 100001716: told as ``revoked``, it was told so for ever by a desk that a restored server let in again."""
    device = county.station.file.read(lambda con: sync_facts.get(con, "device")).result()
    with server.db.writing(EVERYTHING) as con:
        assert enrolling.revoke(con, device, "stolen", server.clock.now_ms())
    assert county.sync().error == "sync_revoked"
    assert counts(county).apart == 0


def test_another_reason_is_told_anew(county: PC) -> None:
    def told(reason: str) -> list[tuple[str, int]]:
        county.station.file.write(lambda w: sync_told.put_apart(w.con, "act", "r", reason, 5)).result()
        return [(a.reason, a.seen_ms) for a in county.station.file.read(sync_told.apart).result()]

    assert told("revoked") == [("revoked", 0)]
    county.station.file.write(lambda w: sync_told.mark_seen(w.con, "act", 7)).result()
    assert told("revoked") == [("revoked", 7)]
    assert told("out_of_scope") == [("out_of_scope", 0)]


def test_what_it_registered_before_it_was_one_is_told(
    tmp_path: Path, server: Server, clock: FixedClock
) -> None:
    county = PC(tmp_path / "county", server, clock, "李主任")
    county.open_case("c1")
    county.enrol("220102", "county")
    assert [reason for _, reason in county.sync().apart] == ["out_of_scope"]
    assert counts(county).apart == 1
    with server.db.reading(EVERYTHING) as con:
        assert [k.reason for k in waiting(con)] == ["out_of_scope"]
    county.close()


def test_it_knows_its_own_name(county: PC) -> None:
    told = enrolment(county.desk).result()
    assert told is not None and told.station_name == "县"


def test_stations_talk_about_moves_and_the_county_has_nothing_to_answer(
    county: PC, server: Server, pcs: tuple[PC, PC]
) -> None:
    here, there = pcs
    here.enrol("a").sync_well()
    there.enrol("b").sync_well()
    here.open_case("c1")
    here.open_case("c2")
    for case in ("c1", "c2"):
        asking.ask_out(here.desk, case, "b", "已搬走").result()
    here.sync_well()
    there.sync_well()
    county.sync()
    wanted = there.station.file.read(lambda con: sync_told.notices(con, unseen_only=True)).result()
    answering.refuse(there.desk, wanted[0].id, "此人不在我站").result()
    answering.accept(there.desk, wanted[1].id).result()
    there.sync_well()
    county.sync()
    assert counts(county).notices == 0


def test_a_colleague_is_not_asked_to_carry_out_what_is_done(
    server: Server, pcs: tuple[PC, PC], tmp_path: Path, clock: FixedClock
) -> None:
    """Weeks on a stick: the word of the other station and the move come in one file."""
    here, there = pcs
    here.enrol("a").sync_well()
    there.enrol("b").sync_well()
    colleague = PC(tmp_path / "three", server, clock, "刘芳").enrol("a")
    colleague.sync_well()
    here.open_case("c1")
    asking.ask_out(here.desk, "c1", "b", "已搬走").result()
    here.sync_well()
    colleague.sync_well()
    there.sync_well()
    (asked,) = there.station.file.read(lambda con: sync_told.notices(con, unseen_only=True)).result()
    answering.accept(there.desk, asked.id).result()
    there.sync_well()
    here.sync_well()
    trip(colleague, server, tmp_path / "stick")
    assert counts(colleague).notices == 0
    colleague.close()


def test_its_receipt_does_not_count_what_stations_say_to_each_other(
    county: PC, pcs: tuple[PC, PC], server: Server
) -> None:
    """通知 2 件, and nothing under 通知: no desk above the stations is asked about twins and moves."""
    here, there = pcs
    for pc, org in ((here, "a"), (there, "b")):
        pc.enrol(org)
        pc.open_case(f"c-{org}")
        pc.set(f"c-{org}", id_number="229901198001010018")
        pc.sync_well()
    here.sync_well()
    assert len(here.station.file.read(sync_told.notices).result()) == 1
    assert county.sync_well().notices == 0 and counts(county).notices == 0
    assert county.station.file.read(sync_told.notices).result() != []
