"""Bytes of papers where the operation that names them went another way than its author saw."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from jobdesk.cases.ops import Json, Kind, NewOp, Subject, opened
from jobdesk.protocol.codes import ErrorCode
from jobdesk.store import local, sync_blobs, sync_facts
from jobdesk.store.safekeeping import back_up
from jobdesk.store.station_file import Writing
from jobdesk.sync.client import Client, Declined
from province import backups, contents, enrolling, orgs, quarantine
from province.db import tables as t
from province.db.engine import EVERYTHING
from tests.sync.ground import PC, Server
from tests.sync.test_found_by_sim import move, payloads
from tests.sync.test_recovery import restore

PAPER = b"%PDF-1.4 " + b"x" * 3000


@pytest.fixture(autouse=True)
def _kept(server: Server, tmp_path: Path) -> contents.Store:
    server.province.store = contents.Store(tmp_path / "contents")
    return server.province.store


def attach(pc: PC, case: str, paper: bytes = PAPER) -> str:
    def job(w: Writing) -> str:
        digest = local.put_blob(w.con, paper)
        values: dict[str, Json] = {"digest": digest, "file_name": "p.pdf"}
        op = opened(Subject("case", case), "attachment", w.new_id(), values, kind=Kind.ATTACHMENT_ADDED)
        w.append(pc.staff, [op])
        return digest

    return pc.station.file.write(job).result()


def test_a_paper_attached_behind_a_move_arrives_with_it(
    server: Server, pcs: tuple[PC, PC], _kept: contents.Store
) -> None:
    """The file was at another station when the operation came; its author could not send the bytes, for ever."""
    one, two = pcs
    one.enrol("a").sync_well()
    two.enrol("b").sync_well()
    one.open_case("c1")
    move(one, "c1", "b")
    digest = attach(one, "c1")
    one.sync_well()
    assert _kept.state(digest).complete
    two.sync_well()
    assert two.station.file.read(lambda con: local.blob(con, digest)).result() == PAPER
    assert two.station.file.read(sync_blobs.wanted).result() == []


def test_a_paper_that_a_journal_brought_back_arrives_at_the_station_the_file_went_to(
    server: Server, pcs: tuple[PC, PC], county: PC, _kept: contents.Store
) -> None:
    """Restored twice, the file offered it as of a life that no PC speaks for: the operation was listed where the
    file had gone meanwhile, and the bytes were taken from nobody.
    """
    one, two = pcs
    one.enrol("a").open_case("c1")
    one.sync_well()
    two.enrol("b").sync_well()
    county.enrol("220102", "county").sync_well()
    back_up(one.station, "test").result()
    restore(one, journal=True)
    digest = attach(one, "c1")
    restore(one, journal=True)
    move(county, "c1", "b")
    county.sync_well()
    one.sync_well()
    assert _kept.state(digest).complete
    two.sync_well()
    assert two.station.file.read(lambda con: local.blob(con, digest)).result() == PAPER


def test_a_paper_of_an_operation_that_a_person_listed_comes_from_who_sent_that(
    server: Server, pcs: tuple[PC, PC], county: PC, _kept: contents.Store
) -> None:
    """Seed 320004875: the same behind a station that came under another county. Its operation had been kept
    apart, a person listed it, and the bytes were taken from nobody.
    """
    one, _ = pcs
    with server.db.writing(EVERYTHING) as con:
        orgs.add(con, [orgs.Org("220103", "邻县", "county", "22", "")])
    one.enrol("a").open_case("c1")
    one.sync_well()
    county.enrol("220102", "county").sync_well()
    back_up(county.station, "test").result()
    restore(county, journal=True)
    digest = attach(county, "c1")
    restore(county, journal=True)
    with server.db.writing(EVERYTHING) as con:
        orgs.add(con, [orgs.Org("a", "甲站", "station", "220103", "")])
    county.sync()
    with server.db.reading(EVERYTHING) as con:
        kept = con.execute(select(t.quarantine.c.action).where(t.quarantine.c.subject == "c1")).scalar_one()
    secret = server.province.me().person_secret
    assert quarantine.release(server.db, kept, secret, server.clock.now_ms(), to="a") is None
    county.sync()
    assert _kept.state(digest).complete
    one.sync_well()
    assert one.station.file.read(lambda con: local.blob(con, digest)).result() == PAPER


def test_bytes_of_who_left_stay_until_the_server_takes_them(
    server: Server, pcs: tuple[PC, PC], _kept: contents.Store
) -> None:
    """The operation that names them was in a backup before the server could take them (it kept the operation
    apart): payload and bytes went with the move, and nobody had them.
    """
    one, _ = pcs
    one.enrol("a").sync_well()
    one.open_case("c1")
    move(one, "c1", "b")
    digest = attach(one, "c1")
    server.province.store = None
    one.sync_well()
    with server.db.writing(EVERYTHING) as con:
        backups.mark(con, "monday", server.clock.now_ms())
    one.sync_well()
    assert one.station.file.read(lambda con: local.blob(con, digest)).result() == PAPER
    server.province.store = _kept
    for _ in range(2):
        one.sync_well()
    assert _kept.state(digest).complete and not any(payloads(one, "c1"))
    assert one.station.file.read(lambda con: local.blob(con, digest)).result() is None


def test_what_another_station_attached_is_not_taken_from_anybody(server: Server, pcs: tuple[PC, PC]) -> None:
    one, two = pcs
    one.enrol("a").open_case("c1")
    two.enrol("b").sync_well()
    digest = attach(one, "c1")
    one.wire.fault = lambda _n: "lost" if one.wire.paths[-1].startswith("/v1/blobs") else ""
    one.sync()
    two.station.file.write(lambda w: local.put_blob(w.con, PAPER)).result()
    two.sync_well()
    assert not server.province.store or not server.province.store.state(digest).held


def test_an_erasure_that_was_listed_late_takes_the_bytes_too(
    server: Server, pcs: tuple[PC, PC], _kept: contents.Store
) -> None:
    """Only a push that erased dropped what it had erased: what a person listed left the bytes."""
    one, two = pcs
    for pc in (one, two):
        pc.enrol().sync_well()
    one.open_case("c1")
    digest = attach(one, "c1")
    for pc in (one, two):
        pc.sync_well()
    device = two.station.file.read(lambda c: sync_facts.get(c, "device")).result()
    with server.db.writing(EVERYTHING) as con:
        enrolling.revoke(con, device, "stolen", server.clock.now_ms())
    two.desk.act([NewOp(Kind.ERASED, Subject("case", "c1"), {"reason": "request"})]).result()
    two.sync()
    with server.db.reading(EVERYTHING) as con:
        (kept,) = quarantine.waiting(con)
    assert contents_left(server) == set()
    quarantine.release(server.db, kept.action, server.province.me().person_secret, server.clock.now_ms())
    assert contents_left(server) == {digest} and _kept.state(digest).complete
    server.province.afterwards._swept_ms = -(10**12)  # the first push after a start looks for what was left
    one.sync_well()
    assert not _kept.state(digest).complete


def contents_left(server: Server) -> set[str]:
    with server.db.reading(EVERYTHING) as con:
        return contents.left_over(con)


def test_papers_stay_with_the_stations_and_a_county_lacks_nothing(
    server: Server, pcs: tuple[PC, PC], _kept: contents.Store
) -> None:
    """Until roles say who above a station may look at a person's papers, nobody there gets them."""
    one, county = pcs
    one.enrol("a").open_case("c1")
    county.enrol("220102", "county")
    digest = attach(one, "c1")
    one.sync_well()
    assert _kept.state(digest).complete
    county.sync_well()
    assert county.case("c1").exists and not _fetches(county, digest)
    assert county.station.file.read(sync_blobs.wanted).result() == []
    assert county.faults() == []


def test_what_is_no_persons_paper_goes_up(server: Server, pcs: tuple[PC, PC], _kept: contents.Store) -> None:
    one, county = pcs
    one.enrol("a")
    county.enrol("220102", "county")

    def job(w: Writing) -> str:
        digest = local.put_blob(w.con, PAPER)
        op = opened(Subject("assignment", "l1"), "assignment", "l1", {"digest": digest})
        w.append(one.staff, [op])
        return digest

    digest = one.station.file.write(job).result()
    one.sync_well()
    county.sync_well()
    assert _fetches(county, digest)


def _fetches(pc: PC, digest: str) -> bool:
    """Past its own restraint: what the server answers."""
    facts = pc.station.file.read(lambda con: {k: sync_facts.get(con, k) for k in ("device", "device_key")})
    found = facts.result()
    client = Client(pc.wire, found["device"], bytes.fromhex(found["device_key"]))
    client.hello()
    try:
        return client.get_blob(digest, 0)[0] == PAPER
    except Declined as declined:
        assert declined.error is ErrorCode.OUT_OF_SCOPE
        return False
