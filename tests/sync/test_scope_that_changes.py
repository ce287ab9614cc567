"""A station comes under another township and back: what its county desks see, and where they go on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.codec import decode
from jobdesk.cases.ops import Kind, NewOp
from jobdesk.services.today import load_today
from jobdesk.store import ledger, local, sync_scope, sync_state, sync_told
from jobdesk.store.ledger import LedgerQuery
from jobdesk.store.log import Connection
from province import backups, contents, orgs, quarantine
from province.db import tables as t
from province.db.engine import EVERYTHING
from tests.sync.ground import PC, Server
from tests.sync.test_contents_that_follow import attach
from tests.sync.test_erasures_that_arrive import erase
from tests.sync.test_found_by_sim import move


@pytest.fixture
def township(tmp_path: Path, server: Server, clock: FixedClock) -> Iterator[PC]:
    made = PC(tmp_path / "township", server, clock, "乡")
    yield made
    made.close()


def two_townships(server: Server, *stations: str) -> None:
    """With these stations under the first."""
    with server.db.writing(EVERYTHING) as con:
        under = [orgs.Org(i, i, "township", "220102", "") for i in ("t1", "t9")]
        orgs.add(con, [*under, *(orgs.Org(i, f"{i}站", "station", "t1", "") for i in stations)])


def regroup(server: Server, parent: str, station: str = "a") -> None:
    with server.db.writing(EVERYTHING) as con:
        orgs.add(con, [orgs.Org(station, f"{station}站", "station", parent, "")])


def one_seen_from_above(server: Server, one: PC, township: PC) -> None:
    """A station of one township with a person, and the desk of that township that has taken it in."""
    two_townships(server, "a")
    one.enrol().open_case("c1")
    one.sync_well()
    township.enrol("t1", "county").sync_well()


def test_a_stream_that_left_and_came_back_goes_on_where_it_was(
    server: Server, pcs: tuple[PC, PC], township: PC
) -> None:
    """It was answered from its beginning, as nobody had asked for it, and the exchange ended with an error."""
    one, _ = pcs
    one_seen_from_above(server, one, township)
    regroup(server, "t9")
    township.sync_well()
    streams = township.station.file.read(sync_state.streams).result()
    assert [s.stream for s in streams if s.gone] == ["a"]
    one.open_case("c2")
    one.sync_well()
    regroup(server, "t1")
    township.sync_well()
    assert township.digest("a") == server.digest("a") and township.faults() == []
    assert all(township.case(c).exists and township.case(c) == one.case(c) for c in ("c1", "c2"))


def payloads(pc: PC, case: str) -> int:
    def job(con: Connection) -> int:
        query = "SELECT count(*) FROM op WHERE subject_id = ? AND payload IS NOT NULL"
        return con.execute(query, (case,)).fetchone()[0]

    return pc.station.file.read(job).result()


def lines_of(pc: PC) -> list[str]:
    """The files that 台账 shows."""
    return [*pc.station.file.read(lambda con: ledger.find_ids(con, LedgerQuery())).result().ids]


@pytest.fixture
def two(server: Server, pcs: tuple[PC, PC], township: PC) -> tuple[PC, PC]:
    """A desk of station a with two files, and a desk of the township above it that has them too."""
    one, _ = pcs
    two_townships(server, "a", "b")
    one.enrol().open_case("c1")
    one.open_case("c2")
    one.sync_well()
    township.enrol("t1", "county").sync_well()
    return one, township


def test_what_a_stream_held_goes_with_it(server: Server, two: tuple[PC, PC]) -> None:
    """The desk above kept every payload, and heard of no erasure any more."""
    _, township = two
    assert payloads(township, "c1")
    regroup(server, "t9")
    township.sync_well()
    assert payloads(township, "c1") == payloads(township, "c2") == 0
    assert township.faults() == [] and township.folds().keys() >= {"c1", "c2"}  # headers stay
    stubs = township.station.file.read(sync_scope.stubs).result()
    assert {"c1", "c2"} <= {s.id for s in stubs} and not any(s.name for s in stubs)
    assert lines_of(township) == []
    assert not {"c1", "c2"} & load_today(township.desk).result().lines.keys()


def test_its_own_work_there_stays_until_a_backup_has_it(server: Server, two: tuple[PC, PC]) -> None:
    _, township = two
    township.serve("c1", "乡里走访")
    township.sync_well()
    regroup(server, "t9")
    township.sync_well()
    assert (payloads(township, "c1"), payloads(township, "c2")) == (1, 0)
    with server.db.writing(EVERYTHING) as con:
        backups.mark(con, "backup", server.clock.now_ms())
    township.sync_well()
    assert payloads(township, "c1") == 0


def test_what_went_with_a_stream_comes_back_with_it(server: Server, two: tuple[PC, PC]) -> None:
    """Also what was erased meanwhile, blank."""
    one, township = two
    regroup(server, "t9")
    township.sync_well()
    one.set("c1", phone="19900000001")
    one.desk.act([NewOp(Kind.ERASED, one.case("c2").subject, {"reason": "request"})]).result()
    one.sync_well()
    regroup(server, "t1")
    township.sync_well()
    township.sync_well()
    assert township.case("c1") == one.case("c1") and township.case("c1").root.text("phone") == "19900000001"
    assert payloads(township, "c2") == payloads(one, "c2")
    assert township.digest("a") == server.digest("a") and township.faults() == []
    assert township.station.file.read(sync_scope.stubs).result() == []


def test_who_moved_to_a_station_that_leaves_and_comes_back_is_read_again(
    server: Server, pcs: tuple[PC, PC], township: PC
) -> None:
    """Nothing of him could be read any more, so that nothing said where he was: he stayed blank for good."""
    one, _ = pcs
    two_townships(server, "a", "b")
    one.enrol().open_case("c1")
    one.serve("c1", "走访")
    one.sync_well()
    township.enrol("t1", "county").sync_well()
    move(one, "c1", "b")
    one.sync_well()
    township.sync_well()
    regroup(server, "t9", "b")
    with server.db.writing(EVERYTHING) as con:
        backups.mark(con, "backup", server.clock.now_ms())
    for _ in range(2):
        township.sync_well()
    assert payloads(township, "c1") == 0 and not township.case("c1").exists
    regroup(server, "t1", "b")
    for _ in range(2):
        township.sync_well()
    assert township.case("c1").root.text("name") == "赵某" and len(township.case("c1").of("service")) == 1
    assert township.station.file.read(sync_scope.stubs).result() == [] and township.faults() == []


def test_what_went_with_a_stream_comes_back_although_its_own_work_there_stayed(
    server: Server, two: tuple[PC, PC]
) -> None:
    """It had moved the file to where it was: what others wrote of it stayed blank for good (seed 95000168)."""
    one, township = two
    move(township, "c1", "a")
    township.sync_well()
    regroup(server, "t9")
    for _ in range(2):
        township.sync_well()
    regroup(server, "t1")
    township.sync_well()
    one.sync_well()
    assert township.case("c1") == one.case("c1") and township.case("c1").exists


def test_a_paper_of_its_own_stays_until_the_server_has_the_bytes(server: Server, two: tuple[PC, PC]) -> None:
    """Its operation was kept apart and in a backup: the bytes went before the server would take them."""
    _, township = two
    regroup(server, "t9")
    digest = attach(township, "c1")
    township.sync()
    with server.db.writing(EVERYTHING) as con:
        backups.mark(con, "backup", server.clock.now_ms())
    township.sync()
    assert payloads(township, "c1") == 1
    assert township.station.file.read(lambda con: local.blob(con, digest)).result() is not None


def test_the_bytes_of_its_last_paper_follow_when_a_person_lists_it(
    server: Server, two: tuple[PC, PC], tmp_path: Path
) -> None:
    """No stream was left in the township's sight: it was taken for a carrier, and its own paper's bytes refused."""
    server.province.store = contents.Store(tmp_path / "contents")
    _, township = two
    regroup(server, "t9")
    with server.db.writing(EVERYTHING) as con:
        orgs.add(con, [orgs.Org("b", "b站", "station", "t9", "")])
    digest = attach(township, "c1")
    township.sync()
    with server.db.reading(EVERYTHING) as con:
        (kept,) = quarantine.waiting(con)
    secret = server.province.me().person_secret
    quarantine.release(server.db, kept.action, secret, server.clock.now_ms(), to="a")
    township.sync()
    assert server.province.store.state(digest).complete


def test_who_lost_the_stream_is_told_in_another_that_a_person_listed_his_work(
    server: Server, two: tuple[PC, PC]
) -> None:
    """Told in the stream it was kept in, which the township heard no more: it waited there for ever (seed 9911052)."""
    _, township = two
    township.serve("c1", "镇里写的")
    regroup(server, "t9")
    township.sync_well()
    (waits,) = township.station.file.read(sync_told.apart).result()
    secret = server.province.me().person_secret
    quarantine.release(server.db, waits.action, secret, server.clock.now_ms())
    township.sync_well()
    assert township.station.file.read(sync_told.apart).result() == []


def test_who_had_moved_goes_with_the_last_stream_too(server: Server, two: tuple[PC, PC]) -> None:
    """Without any stream the township noted nobody who had ever moved, and kept him: he was erased, and nothing
    told so any more.
    """
    one, township = two
    move(one, "c1", "b")
    one.sync_well()
    township.sync_well()
    assert payloads(township, "c1")
    regroup(server, "t9")
    with server.db.writing(EVERYTHING) as con:
        orgs.add(con, [orgs.Org("b", "b站", "station", "t9", "")])
    township.sync_well()
    assert payloads(township, "c1") == 0
    stubs = township.station.file.read(sync_scope.stubs).result()
    assert "c1" in {s.id for s in stubs} and not any(s.name for s in stubs)


def test_a_wrong_digest_of_a_stream_that_left_is_no_fault_and_is_mended_when_it_is_back(
    server: Server, pcs: tuple[PC, PC], township: PC
) -> None:
    """The check stayed red: the desk may not pull that stream again, and nobody could do anything about it."""
    one_seen_from_above(server, pcs[0], township)
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


@pytest.mark.parametrize("before", [True, False], ids=["erased before", "erased since"])
def test_what_it_wrote_of_the_erased_goes_with_the_answer(
    server: Server, two: tuple[PC, PC], *, before: bool
) -> None:
    """The stream was out of its sight when somebody was erased there: the bytes of its own paper waited for ever
    for a server that would never take them.
    """
    one, township = two
    regroup(server, "t9")
    digest = attach(township, "c1")
    if not before:
        township.sync()
        assert payloads(township, "c1") == 1
    one.desk.act([NewOp(Kind.ERASED, one.case("c1").subject, {"reason": "request"})]).result()
    one.sync_well()
    township.sync()
    assert payloads(township, "c1") == 0
    assert township.station.file.read(lambda con: local.blob(con, digest)).result() is None
    assert township.faults() == []
    township.close()


def test_an_erasure_is_not_blanked_with_the_stream_that_left(server: Server, two: tuple[PC, PC]) -> None:
    """It holds a reason and nobody. The township offered it blank to a server that had lost it, where it stood for
    the thing itself: when its station brought that, it was there already.
    """
    one, township = two
    copy = server.copy("before.db")
    erase(one, "c2")
    one.sync_well()
    township.sync_well()
    regroup(server, "t9")
    township.sync_well()
    assert payloads(township, "c2") == 1
    assert not township.station.file.read(sync_scope.anybody_moved).result()  # nothing is left to let go
    server.restore(copy, epoch=True)  # the station is where it was, too
    for pc in (township, one, township):
        pc.sync_well()
    with server.db.reading(EVERYTHING) as con:
        lines = con.execute(select(t.op.c.line).where(t.op.c.kind == Kind.ERASED.value)).scalars().all()
    assert [decode(bytes(line)).payload for line in lines] == [{"reason": "request"}]
    for pc in (one, township):
        assert pc.case("c2").erased and payloads(pc, "c2") == 1 and pc.faults() == []
    assert township.digest("a") == server.digest("a")


def test_an_erasure_that_was_blanked_here_comes_whole_again(server: Server, two: tuple[PC, PC]) -> None:
    """Files of older programs have it blank."""
    one, township = two
    erase(one, "c2")
    one.sync_well()
    township.sync_well()
    drift = f"UPDATE op SET payload = NULL, salt = x'' WHERE kind = '{Kind.ERASED.value}'"
    township.station.file.write(lambda w: w.con.execute(drift)).result()
    assert payloads(township, "c2") == 0
    for parent in ("t9", "t1"):
        regroup(server, parent)
        township.sync_well()
    assert payloads(township, "c2") == 1
