"""Restores of a desk and of the server, clones and forks: nothing acknowledged is lost, nothing comes twice."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.ids import id_source
from jobdesk.cases.ops import Kind, NewOp, Subject, opened
from jobdesk.store.keyslots import open_with_key_file
from jobdesk.store.log import ops_of_subject
from jobdesk.store.manifest import list_backups
from jobdesk.store.opening import open_station
from jobdesk.store.renewing import restore_station
from jobdesk.store.safekeeping import back_up
from tests.sync.ground import DAY_MS, PC, Server, Wire, same


def begun(one: PC, two: PC) -> None:
    one.open_case("c1")
    one.enrol().sync_well()
    two.enrol().sync_well()
    one.sync_well()


def restore(pc: PC, *, journal: bool) -> None:
    """The newest backup takes the place of the file; with or without what the journal has beyond it."""
    key = open_with_key_file(pc.paths.keyslots, pc.folder / "key")
    backup = list_backups(pc.paths.backups)[0]
    pc.station.close()
    if not journal:
        shutil.rmtree(pc.paths.journal)
        pc.paths.journal.mkdir()
    restore_station(pc.paths, backup, key.key, pc.clock)
    pc.station = open_station(pc.paths, key, pc.clock, id_source(pc.clock))


def clone(pc: PC, folder: Path) -> PC:
    """Somebody copied the folder while the program was closed, and both go on."""
    pc.station.close()
    shutil.copytree(pc.folder, folder)
    made = object.__new__(PC)
    made.folder, made.server, made.clock, made.name, made.staff = (
        folder,
        pc.server,
        pc.clock,
        pc.name,
        pc.staff,
    )
    from jobdesk.host.paths import StationPaths

    made.paths, made.wire = StationPaths(folder / "data", folder / "second"), Wire(pc.server)
    for which in (pc, made):
        key = open_with_key_file(which.paths.keyslots, which.folder / "key")
        which.station = open_station(which.paths, key, which.clock, id_source(which.clock))
    return made


@pytest.mark.parametrize("journal", [True, False])
def test_a_desk_restored_from_a_backup(server: Server, pcs: tuple[PC, PC], journal: bool) -> None:
    one, two = pcs
    begun(one, two)
    one.set("c1", phone="19900000001")
    back_up(one.station, "test").result()
    one.set("c1", address="甲")
    one.open_case("sent")
    one.sync_well()
    one.open_case("unsent")
    restore(one, journal=journal)
    assert one.case("sent").exists == journal
    one.open_case("after")
    for pc in (one, two, one):
        pc.sync_well()
    assert one.case("sent").exists and one.case("unsent").exists == journal and two.case("after").exists
    assert two.case("c1").root.text("address") == "甲" and one.case("c1").root.conflicts == ()
    same(server, one, two)


@pytest.mark.parametrize("who_first", [0, 1])
def test_a_clone_is_seen_and_both_go_on(
    server: Server, pcs: tuple[PC, PC], tmp_path: Path, who_first: int
) -> None:
    one, two = pcs
    begun(one, two)
    other = clone(one, tmp_path / "clone")
    for n in range(3):
        one.set("c1", phone=f"1990000001{n}")
        one.open_case(f"one-{n}")
        other.set("c1", phone=f"1990000002{n}")
        other.open_case(f"clone-{n}")
        other.serve("c1", f"clone {n}")
    order = (one, other) if who_first == 0 else (other, one)
    order[0].sync_well()
    assert "fork" in order[1].sync_well().repaired
    for pc in (*order, two, *order):
        pc.sync_well()
    assert one.station.file.replica_id != other.station.file.replica_id
    same(server, one, other, two)
    assert all(two.case(f"{w}-{n}").exists for w in ("one", "clone") for n in range(3))
    assert len(two.case("c1").of("service")) == 3
    for pc in (one, other):
        pc.serve("c1", "weiter")
        pc.reopen()
        assert "fork" not in pc.sync_well().repaired
    for pc in (one, other, two):
        pc.sync_well()
    same(server, one, other, two)
    other.close()


def test_a_copy_that_was_left_behind_takes_a_life_of_its_own(
    server: Server, pcs: tuple[PC, PC], tmp_path: Path
) -> None:
    one, two = pcs
    begun(one, two)
    other = clone(one, tmp_path / "clone")
    one.open_case("newer")
    one.sync_well()
    other.sync_well()
    other.open_case("from-the-copy")
    for pc in (other, one, two, other):
        pc.sync_well()
    same(server, one, other, two)
    assert two.case("from-the-copy").exists and one.station.file.replica_id != other.station.file.replica_id
    other.close()


@pytest.mark.parametrize("epoch", [True, False])
@pytest.mark.parametrize("authors_live", [True, False])
def test_a_server_that_lost_a_day_is_refilled(
    server: Server, pcs: tuple[PC, PC], clock: FixedClock, epoch: bool, authors_live: bool
) -> None:
    one, two = pcs
    begun(one, two)
    copy = server.copy("backup.db")
    one.set("c1", phone="19900000001")
    two.open_case("c2")
    for pc in (one, two, one):
        pc.sync_well()
    server.restore(copy, epoch=epoch)
    clock.tick(DAY_MS)
    one.serve("c1", "danach")
    for pc in (one, two, one) if authors_live else (one, one):
        pc.sync_well()
    assert server.listed() == one.ops()
    same(server, *((one, two) if authors_live else (one,)))
    two.sync_well()
    same(server, one, two)


def test_a_server_restored_to_its_very_beginning(server: Server, pcs: tuple[PC, PC]) -> None:
    one, two = pcs
    one.enrol()
    two.enrol()
    copy = server.copy("empty.db")
    for n in range(3):
        one.open_case(f"one-{n}")
        two.open_case(f"two-{n}")
        two.sync_well()
        one.sync_well()
    server.restore(copy, epoch=True)
    for pc in (two, one, two):
        pc.sync_well()
    same(server, one, two)


def test_the_erased_stay_erased(server: Server, pcs: tuple[PC, PC], tmp_path: Path) -> None:
    one, two = pcs
    begun(one, two)
    one.set("c1", phone="19900000001")
    for pc in (one, two):
        pc.sync_well()
    back_up(two.station, "test").result()
    copy = server.copy("before.db")
    two.set("c1", address="to be erased")
    one.desk.act([NewOp(Kind.ERASED, Subject("case", "c1"), {"reason": "request"})]).result()
    for pc in (one, two, one, two):
        pc.sync_well()

    def blank(pc: PC) -> bool:
        ops = pc.station.file.read(lambda con: ops_of_subject(con, "c1")).result()
        return all(o.payload is None for o in ops if o.kind is not Kind.ERASED) and len(ops) >= 3

    assert blank(one) and blank(two) and one.case("c1").erased and not one.case("c1").exists
    same(server, one, two)
    server.restore(copy, epoch=True)
    for pc in (two, one, two):
        pc.sync_well()
    restore(two, journal=True)
    two.sync_well()
    assert blank(one) and blank(two)
    same(server, one, two)
    late = PC(tmp_path / "late", server, one.clock, "周敏").enrol()
    late.sync_well()
    one.sync_well()
    two.sync_well()
    assert blank(late)
    same(server, one, two, late)
    late.close()


def test_what_somebody_writes_of_the_erased_goes_too(
    server: Server, pcs: tuple[PC, PC], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program from before such writing was refused: what it saved is blank once the server lists it."""
    one, two = pcs
    one.enrol().open_case("c1")
    one.sync_well()
    two.enrol().sync_well()
    subject = Subject("case", "c1")
    one.desk.act([NewOp(Kind.ERASED, subject, {"reason": "request"})]).result()
    one.sync_well()
    two.sync_well()
    monkeypatch.setattr("jobdesk.store.writable.check", lambda *_given, **_more: None)
    two.desk.act([opened(subject, "service", two.desk.new_id(), {"content": "上门"})]).result()
    two.sync_well()
    one.sync_well()
    for pc in (one, two):
        ops = pc.desk.read(lambda con: list(ops_of_subject(con, "c1"))).result()
        assert [op.kind for op in ops if op.payload is not None] == [Kind.ERASED]
    same(server, one, two)


def test_a_former_life_that_a_silent_restore_of_the_server_lost(server: Server, pcs: tuple[PC, PC]) -> None:
    """Acknowledged, never pulled back, its life over, and the server restored without a word."""
    one, two = pcs
    begun(one, two)
    back_up(two.station, "test").result()
    copy = server.copy("backup.db")
    two.open_case("lost")
    two.wire.fault = lambda n: "lost" if two.wire.paths[-1] == "/v1/pull" else ""
    assert two.sync().error == "no_line" and two.waiting() == 0
    two.wire.fault = lambda _n: ""
    restore(two, journal=True)
    server.restore(copy, epoch=False)
    for pc in (two, one, two):
        pc.sync_well()
    assert one.case("lost").exists
    same(server, one, two)
