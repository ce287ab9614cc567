"""What ``make sim`` found about copies of one file: clones, restores, and what came while they stood still."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from jobdesk.cases.ops import Subject, fields_set
from jobdesk.store import sync_told
from province import quarantine
from tests.sync.ground import PC, Server, same
from tests.sync.test_found_by_sim import move
from tests.sync.test_recovery import clone


def between(pc: PC, path: str, happens: Callable[[], object]) -> None:
    """Before the first request of ``pc`` for ``path`` something happens, once."""
    left = [happens]

    def fault(_n: int) -> str:
        if left and pc.wire.paths[-1] == path:
            left.pop()()
        return ""

    pc.wire.fault = fault


def test_a_copy_goes_on_between_our_push_and_our_pull(
    server: Server, pcs: tuple[PC, PC], tmp_path: Path
) -> None:
    """What it wrote came as if by somebody else, behind our end; the next save wanted its place and failed."""
    one, two = pcs
    one.enrol().sync_well()
    one.open_case("c1")
    one.sync_well()
    other = clone(one, tmp_path / "clone")
    other.serve("c1", "von der Kopie")
    between(one, "/v1/pull", other.sync_well)
    one.sync_well()
    one.set("c1", phone="19900000001")
    assert one.case("c1").root.text("phone") == "19900000001"
    two.enrol()
    for pc in (one, two, other, one):
        pc.sync_well()
    assert len(two.case("c1").of("service")) == 1
    same(server, one, other, two)
    other.close()


def last_of_the_copies(one: PC, tmp_path: Path) -> PC:
    """A copy of this PC, made after another one wrote a phone, exchanged and went. The PC itself went on by two
    services, in the places of the copy that is gone.
    """
    one.open_case("c1")
    one.sync_well()
    gone = clone(one, tmp_path / "gone")
    gone.set("c1", phone="19900000001")
    gone.sync_well()
    gone.close()
    one.serve("c1", "走访")
    one.serve("c1", "电话")
    return clone(one, tmp_path / "last")


def test_a_server_that_went_back_before_a_pull_is_asked_about_all_lives_at_once(
    server: Server, pcs: tuple[PC, PC], tmp_path: Path
) -> None:
    """A copy was the last to have what another one, that is gone, had written. It met the server's loss by its pull
    only, and did not ask about its former life any more. Another copy came first and filled the same place.
    """
    one, _ = pcs
    one.enrol().sync_well()
    before = [server.copy("before.db")]
    last = last_of_the_copies(one, tmp_path)

    def fault(_n: int) -> str:
        """Before it brings what went on in its new life."""
        paths = last.wire.paths
        pulled = paths.index("/v1/pull") if "/v1/pull" in paths else len(paths)
        if before and paths[-1] == "/v1/push" and paths[pulled:].count("/v1/push") == 2:
            server.restore(before.pop(), epoch=False)
        return ""

    last.wire.fault = fault
    last.sync_well()
    assert not before
    for pc in (one, last, one):
        pc.sync_well()
    assert one.case("c1").root.text("phone") == "19900000001" and len(one.case("c1").of("service")) == 2
    same(server, one, last)
    last.close()


def test_what_only_one_copy_has_goes_on_when_another_filled_its_place_with_what_stands_elsewhere(
    server: Server, pcs: tuple[PC, PC], tmp_path: Path
) -> None:
    """The same with a line that broke before the pull. What filled the place had been listed in the first copy's new
    life already, so that the server knew nothing of the place, and named an end behind all that this copy has.
    """
    one, _ = pcs
    one.enrol().sync_well()
    before = server.copy("before.db")
    last = last_of_the_copies(one, tmp_path)
    cut = False

    def fault(_n: int) -> str:
        nonlocal cut
        paths = last.wire.paths
        pulled = paths.index("/v1/pull") if "/v1/pull" in paths else len(paths)
        pushes = paths[pulled:].count("/v1/push")
        if paths[-1] == "/v1/push" and pushes == 2 and not cut:
            server.restore(before, epoch=False)
            cut = True
            return ""
        return "lost" if cut else ""

    last.wire.fault = fault
    last.sync()
    last.wire.fault = lambda _n: ""
    assert cut
    for pc in (one, last, one, last):
        pc.sync_well()
    assert one.case("c1").root.text("phone") == "19900000001" and len(one.case("c1").of("service")) == 2
    same(server, one, last)
    last.close()


def test_a_witness_brings_what_was_in_a_place_that_another_copy_filled_with_what_stands_elsewhere(
    server: Server, pcs: tuple[PC, PC], tmp_path: Path
) -> None:
    """The server knew nothing of the place, and told the witness that it had what he brought: the work of a copy
    that was gone was lost.
    """
    one, two = pcs
    one.enrol().sync_well()
    two.enrol().sync_well()
    before = server.copy("before.db")
    early = last_of_the_copies(one, tmp_path)
    two.sync_well()
    began = len(one.wire.paths)
    one.wire.fault = lambda _n: "lost" if "/v1/pull" in one.wire.paths[began:] else ""
    one.sync()  # meets the other end of its chain, and goes on in another life without having seen it
    one.wire.fault = lambda _n: ""
    server.restore(before, epoch=True)
    for pc in (one, early, two, one, early, two):
        pc.sync_well()
    assert one.case("c1").root.text("phone") == "19900000001" and len(one.case("c1").of("service")) == 2
    same(server, one, two, early)
    early.close()


def test_each_copy_hears_what_a_restored_server_keeps_apart(
    server: Server, pcs: tuple[PC, PC], tmp_path: Path
) -> None:
    """Seed 320001509: a person had listed it, the restore took that back, and only the copy that pushed first was
    told.
    """
    one, two = pcs
    one.enrol("a")
    two.enrol("b").sync_well()
    one.sync_well()
    before = server.copy("before.db")
    two.open_case("c1")
    two.sync_well()
    one.desk.act([fields_set(Subject("case", "c1"), "case", "c1", {"phone": "19900000001"}, {})]).result()
    one.sync()
    (apart,) = one.station.file.read(sync_told.apart).result()
    secret = server.province.me().person_secret
    assert quarantine.release(server.db, apart.action, secret, server.clock.now_ms()) is None
    one.sync_well()
    other = clone(one, tmp_path / "clone")
    server.restore(before, epoch=True)
    for pc in (two, one, other):
        pc.sync()
    told = [[k.action for k in pc.station.file.read(sync_told.apart).result()] for pc in (one, other)]
    assert told == [[apart.action]] * 2
    asked = len(other.wire.paths)
    other.sync()
    assert other.wire.paths[asked:].count("/v1/push") == 1
    other.close()


def test_each_copy_hears_what_a_restored_server_lists_after_all(
    server: Server, pcs: tuple[PC, PC], county: PC, tmp_path: Path
) -> None:
    """Seed 320006499: listed in the stream of another station, and only the copy that pushed first was told."""
    one, two = pcs
    one.enrol("a").sync_well()
    two.enrol("b").sync_well()
    county.enrol("220102", "county").sync()
    before = server.copy("before.db")
    two.open_case("c1")
    two.sync_well()
    one.desk.act([fields_set(Subject("case", "c1"), "case", "c1", {"phone": "19900000001"}, {})]).result()
    one.sync()
    assert one.station.file.read(sync_told.apart).result()
    other = clone(one, tmp_path / "clone")
    server.restore(before, epoch=True)
    move(two, "c1", "a")
    two.sync()
    county.sync()
    move(county, "c1", "b")
    county.sync()
    for pc in (one, other):
        pc.sync()
        assert pc.station.file.read(sync_told.apart).result() == []
    other.close()
