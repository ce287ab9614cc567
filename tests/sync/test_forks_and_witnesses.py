"""Two ends of one chain, one of them known to a witness only: neither is lost, and no chain is made of both."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from jobdesk.cases.ops import Subject, opened
from jobdesk.store import sync_facts
from province import enrolling, quarantine
from province.db.engine import EVERYTHING
from tests.sync.ground import PC, Server, same
from tests.sync.test_recovery import clone


@pytest.fixture
def other(server: Server, pcs: tuple[PC, PC], county: PC, tmp_path: Path) -> Iterator[PC]:
    """A copied disk; of the one copy's work only a county's desk still knows. The other copy."""
    one, _ = pcs
    one.open_case("c1")
    other = clone(one, tmp_path / "clone")
    county.enrol("220102", "county").sync()
    copy = server.copy("before.db")
    other.set("c1", phone="19900000002")
    one.set("c1", phone="19900000001")
    for n in range(3):
        one.open_case(f"one-{n}")
    one.enrol("a").sync_well()
    county.sync_well()
    server.restore(copy, epoch=False)
    county.sync()  # nobody knows these files there: kept apart
    yield other
    other.close()


def has_all_of(pc: PC) -> None:
    """The files that only the one copy had opened."""
    assert all(pc.case(f"one-{n}").exists for n in range(3))


def release(server: Server) -> None:
    """A person knows what was kept apart: the files are those of station a."""
    with server.db.reading(EVERYTHING) as con:
        waiting = quarantine.waiting(con)
    secret = server.province.me().person_secret
    for action in {kept.action for kept in waiting if kept.reason in ("out_of_scope", "revoked")}:
        with suppress(LookupError):  # what one of them opens lists those that waited for it
            quarantine.release(server.db, action, secret, server.clock.now_ms(), to="a")


@pytest.mark.parametrize("survives", [True, False], ids=["comes back", "is gone"])
def test_a_witness_knows_one_end_and_the_owner_brings_the_other(
    server: Server, pcs: tuple[PC, PC], county: PC, other: PC, *, survives: bool
) -> None:
    """What was kept apart was listed behind the other end, once its subject was known: a chain of both, on which
    every file's check failed.
    """
    one, two = pcs
    for pc in (other.enrol("a"), county, other, county):
        pc.sync_well()
    if survives:
        assert one.sync().error == "sync_unknown_device"
        for pc in (one.enrol("a"), other, county):
            pc.sync_well()
    else:
        release(server)
        for pc in (other, county):
            pc.sync_well()
    for pc in (two.enrol("a"), other):
        pc.sync_well()
    has_all_of(two)
    assert len(two.case("c1").root.fields["phone"].heads) == 2
    same(server, other, two)
    assert county.faults() == []
    with server.db.reading(EVERYTHING) as con:
        assert con.exec_driver_sql("SELECT count(*) FROM op").scalar_one() == two.ops()


def test_a_person_lists_the_end_that_nobody_has_any_more(
    server: Server, pcs: tuple[PC, PC], other: PC
) -> None:
    """The witness is gone too: what the server kept apart stands in a chain of its own."""
    _, two = pcs
    other.enrol("a").sync_well()
    release(server)
    for pc in (two.enrol("a"), other):
        pc.sync_well()
    has_all_of(two)
    same(server, other, two)


def test_an_owner_whose_next_place_a_witness_gave_to_the_other_end_goes_on_in_another_life(
    server: Server, pcs: tuple[PC, PC], county: PC, tmp_path: Path
) -> None:
    one, two = pcs
    two.enrol("a").sync_well()
    one.enrol("a").open_case("c1")
    one.sync_well()
    county.enrol("220102", "county").sync_well()
    other = clone(one, tmp_path / "clone")
    copy = server.copy("before.db")
    one.open_case("one-0")
    one.serve("c1", "von eins")
    one.sync_well()
    county.sync_well()
    server.restore(copy, epoch=False)
    county.sync()  # the visit is listed, the file behind which it stands is kept apart
    new = Subject("case", "other-0")
    other.desk.act([opened(new, "case", "other-0", {"name": "钱某", "help_state": "open"})]).result()
    assert "fork" in other.sync_well().repaired
    for pc in (county, two, other, two, county):
        pc.sync_well()
    assert two.case("other-0").exists and len(two.case("c1").of("service")) == 1
    same(server, other, two)
    assert county.faults() == []
    other.close()


def test_both_ends_are_kept_apart(server: Server, pcs: tuple[PC, PC], other: PC) -> None:
    """The county's word had the place, and of what a shut-out machine sent nothing was kept: a person listed
    one end, and the other was told to be kept apart.
    """
    _, two = pcs
    other.enrol("a")
    with server.db.writing(EVERYTHING) as con:
        device = other.station.file.read(lambda c: sync_facts.get(c, "device")).result()
        assert enrolling.revoke(con, device, "stolen", server.clock.now_ms())
    other.sync()
    release(server)
    two.enrol("a").sync_well()
    has_all_of(two)
    heads = two.case("c1").root.fields["phone"].heads
    assert {str(h.value) for h in heads} == {"19900000001", "19900000002"}
    assert two.faults() == []
