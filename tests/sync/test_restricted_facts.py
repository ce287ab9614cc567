"""Restricted facts stay with the stations (M-9.6): a township sees the rest, counts what it does not see, and
never gives the header back as if it were the thing (M-9.7).
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from jobdesk.cases.history import history
from jobdesk.cases.ids import id_source
from jobdesk.cases.ops import Kind, NewOp, Subject, fields_set, opened
from jobdesk.host.restricted import restricting
from jobdesk.services.case_files import load_case_file
from jobdesk.store import outbox, withheld
from jobdesk.store.keyslots import open_with_key_file
from jobdesk.store.log import ops_of_subject
from jobdesk.store.manifest import list_backups
from jobdesk.store.opening import open_station
from jobdesk.store.renewing import restore_station
from jobdesk.store.safekeeping import back_up
from tests.sync.ground import PC, Server, same
from tests.sync.sticks import trip

CASE = Subject("case", "c1")
REG, GROUP = ("registration", "r1"), ("group", "g1")


@pytest.fixture
def county(county: PC) -> PC:
    return county.enrol("220102", "county")


def write(pc: PC) -> None:
    """A file with a registration whose reason is restricted, and a group that is."""
    pc.open_case("c1")
    new = [
        opened(CASE, *REG, {"since": "2026-03", "reason": "12"}),
        opened(CASE, *GROUP, {"kind": "released", "since": "2026-03"}),
    ]
    pc.desk.act(new).result()


def hidden(pc: PC, subject: str = "c1") -> int:
    return pc.station.file.read(lambda con: withheld.count(con, subject)).result()


def told(pc: PC) -> dict[str, object]:
    state = pc.case("c1")
    return {f"{kind}.{name}": value for (kind, _), record in state.records.items()
            for name, value in record.values().items() if kind in ("registration", "group")}  # fmt: skip


SEEN = {"registration.since": "2026-03"}
ALL = SEEN | {"registration.reason": "12", "group.kind": "released", "group.since": "2026-03"}


def test_a_county_sees_the_rest_and_counts_what_it_does_not(
    server: Server, pcs: tuple[PC, PC], county: PC
) -> None:
    one, two = pcs
    write(one)
    one.enrol().sync_well()
    two.enrol().sync_well()
    assert county.sync().error == ""
    assert told(two) == ALL and hidden(two) == 0
    assert told(county) == SEEN and hidden(county) == 2
    assert load_case_file(county.desk, "c1").result().withheld == 2
    ops = county.station.file.read(lambda c: ops_of_subject(c, "c1")).result()
    marks = [e.withheld for e in history(ops, restricting())]
    assert marks.count(True) == 2
    one.sync_well()
    assert one.digest() == county.digest() == server.digest()
    assert county.faults() == []


def test_over_a_stick_too(tmp_path: Path, server: Server, pcs: tuple[PC, PC], county: PC) -> None:
    one, _ = pcs
    write(one)
    one.enrol().sync_well()
    trip(county, server, tmp_path)
    assert told(county) == SEEN and hidden(county) == 2


def test_what_was_written_over_it_is_seen(pcs: tuple[PC, PC], county: PC) -> None:
    one, _ = pcs
    write(one)
    one.enrol().sync_well()
    bases = one.case("c1").records[REG].bases("reason")
    one.desk.act([fields_set(CASE, *REG, {"reason": "11"}, bases)]).result()
    one.sync_well()
    county.sync()
    assert told(county) == SEEN | {"registration.reason": "11"} and hidden(county) == 2


def test_what_the_county_wrote_itself_it_sees(pcs: tuple[PC, PC], county: PC) -> None:
    one, _ = pcs
    one.open_case("c1")
    one.enrol().sync_well()
    county.sync()
    county.desk.act([opened(CASE, "absence", "x", {"kind": "custody", "since": "2026-05"})]).result()
    assert county.sync().error == ""
    one.sync_well()
    county.sync()
    for pc in (one, county):
        assert pc.case("c1").records["absence", "x"].get("kind") == "custody"
    assert hidden(county) == 0


def test_a_restored_server_gets_the_thing_from_its_station_whoever_comes_first(
    server: Server, pcs: tuple[PC, PC], county: PC
) -> None:
    one, two = pcs
    one.open_case("c0")
    one.enrol().sync_well()
    two.enrol().sync_well()
    county.sync()
    old = server.copy("old.db")
    write(one)
    one.sync_well()
    county.sync()
    assert hidden(county) == 2
    server.restore(old, epoch=True)
    county.sync()
    offered = county.station.file.read(
        lambda con: [op for r in outbox.unlisted(con) for op in outbox.witnessed(con, r, 0, 1 << 20).ops]
    ).result()
    assert all(op.payload is not None for op in offered)
    two.sync_well()  # has nothing of it; the file comes back without what is restricted
    one.sync_well()
    two.sync_well()
    county.sync()
    county.sync()
    assert told(one) == told(two) == ALL and told(county) == SEEN
    same(server, one, two)
    assert county.faults() == [] and county.digest() == server.digest()


def test_an_erasure_is_no_restriction(pcs: tuple[PC, PC], county: PC) -> None:
    one, _ = pcs
    write(one)
    one.enrol().sync_well()
    county.sync()
    one.desk.act([NewOp(Kind.ERASED, CASE, {"reason": "request"})]).result()
    one.sync_well()
    county.sync()
    assert hidden(county) == 0
    ops = county.station.file.read(lambda con: ops_of_subject(con, "c1")).result()
    assert all(op.payload is None or op.kind is Kind.ERASED for op in ops)


def test_a_county_desk_out_of_its_backup(server: Server, pcs: tuple[PC, PC], county: PC) -> None:
    """What it wrote since comes back as a header, which it never sends as its own word."""
    one, _ = pcs
    one.open_case("c1")
    one.enrol().sync_well()
    county.sync()
    back_up(county.station, "test").result()
    county.desk.act([opened(CASE, "absence", "x", {"kind": "custody"})]).result()
    county.sync()
    one.sync_well()
    key = open_with_key_file(county.paths.keyslots, county.folder / "key")
    backup = list_backups(county.paths.backups)[0]
    county.station.close()
    shutil.rmtree(county.paths.journal)
    county.paths.journal.mkdir()
    restore_station(county.paths, backup, key.key, county.clock)
    county.station = open_station(county.paths, key, county.clock, id_source(county.clock))
    for _ in range(3):
        assert county.sync().error == ""
    assert hidden(county) == 1 and county.waiting() == 0
    one.sync_well()
    assert one.case("c1").records["absence", "x"].get("kind") == "custody"
    assert county.faults() == []
