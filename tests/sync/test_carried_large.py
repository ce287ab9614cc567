"""More than one file can hold: what fits goes, the rest is told and goes with the next one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.ops import Kind, Subject, opened
from jobdesk.protocol import limits
from jobdesk.store import local, sync_state
from jobdesk.sync import carried_out
from province import carried_requests, carrying, contents
from tests.sync.ground import PC, Server, same
from tests.sync.sticks import answer, back, out, trip


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    return tmp_path / "stick"


def attach(pc: PC, case: str, content: bytes) -> str:
    digest = pc.station.file.write(lambda w: local.put_blob(w.con, content)).result()
    pc.desk.act(
        [opened(Subject("case", case), "attachment", pc.desk.new_id(),
                {"digest": digest, "file_name": "a.pdf"}, kind=Kind.ATTACHMENT_ADDED)]
    ).result()  # fmt: skip
    return digest


def test_a_backlog_larger_than_a_file(
    server: Server, pcs: tuple[PC, PC], stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = pcs
    one.enrol()
    for n in range(40):
        one.open_case(f"c{n}", "赵" * 40)
    monkeypatch.setattr(carried_out, "_PUSH_BYTES", 4000)
    made = carried_out.compose(one.station.file, one.clock, max_bytes=carried_out.ROOM + 8000)
    left = made.file.left_over
    assert 0 < left < 42 and made.file.ops + left == one.waiting()
    trips = 0
    while one.waiting():
        made = carried_out.compose(one.station.file, one.clock, max_bytes=carried_out.ROOM + 8000)
        path = out(one, stick, max_bytes=carried_out.ROOM + 8000)
        before = one.waiting()
        brought = back(one, answer(server, path))
        assert brought.receipt.error == "" and one.waiting() < before
        trips += 1
    assert trips > 1
    two.enrol()
    trip(two, server, stick)
    trip(one, server, stick)
    same(server, one, two)


def test_an_answer_larger_than_a_file_goes_on(
    server: Server, pcs: tuple[PC, PC], stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new PC takes its station in by bootstrap, and later pages by pull, a little with each stick."""
    one, two = pcs
    one.enrol()
    for n in range(30):
        one.open_case(f"c{n}", f"赵{n}")
    one.sync_well()
    monkeypatch.setattr(carrying, "MAX_CARRIED_BYTES", carrying.ROOM + carrying.HEAD + 3000)
    monkeypatch.setattr(carried_out, "PAGE_BYTES", 1200)
    two.enrol()
    trips = 0
    while True:
        brought = back(two, answer(server, out(two, stick)))
        assert brought.receipt.error == ""
        trips += 1
        assert trips < 40
        if not brought.more:
            break
    assert trips > 2
    for n in range(30):
        one.set(f"c{n}", phone=f"199000000{n:02}")
    one.sync_well()
    trips = 0
    while back(two, answer(server, out(two, stick))).more:
        trips += 1
        assert trips < 40
    assert trips > 1
    one.sync_well()
    trip(two, server, stick)
    one.sync_well()
    same(server, one, two)


def test_an_answer_that_continues_is_read_in_any_order(
    server: Server, pcs: tuple[PC, PC], stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = pcs
    one.enrol()
    two.enrol()
    trip(two, server, stick)
    for n in range(20):
        one.open_case(f"c{n}", f"赵{n}")
    one.sync_well()
    monkeypatch.setattr(carrying, "MAX_CARRIED_BYTES", carrying.ROOM + carrying.HEAD + 3000)
    monkeypatch.setattr(carried_out, "PAGE_BYTES", 1000)
    first = answer(server, out(two, stick))
    twin = answer(server, out(two, stick))  # written before the first was read: the same again
    assert back(two, first).more
    kept = two.digest()
    assert back(two, twin).nothing_new and two.digest() == kept
    while back(two, answer(server, out(two, stick))).more:
        pass
    one.sync_well()
    same(server, one, two)


def test_attachments_go_and_come(server: Server, pcs: tuple[PC, PC], stick: Path, tmp_path: Path) -> None:
    one, two = pcs
    server.province.store = contents.Store(tmp_path / "contents")
    one.enrol().open_case("c1")
    digests = [attach(one, "c1", bytes([n]) * (limits.BLOB_CHUNK_BYTES * n + 5)) for n in range(3)]
    brought = trip(one, server, stick)
    assert brought.receipt.contents_sent == 3
    two.enrol()
    trip(two, server, stick)  # now it knows that they are wanted
    assert trip(two, server, stick).receipt.contents_came == 3
    for digest in digests:
        content = two.station.file.read(lambda con, d=digest: local.blob(con, d)).result()
        assert content is not None and local.digest(content) == digest
    trip(one, server, stick)
    same(server, one, two)


def test_an_attachment_without_room_waits(
    server: Server, pcs: tuple[PC, PC], stick: Path, tmp_path: Path
) -> None:
    one, _ = pcs
    server.province.store = contents.Store(tmp_path / "contents")
    one.enrol().open_case("c1")
    attach(one, "c1", b"a" * 3_000_000)
    attach(one, "c1", b"b" * 100)
    made = carried_out.compose(one.station.file, one.clock, max_bytes=carried_out.ROOM + 1_000_000)
    assert made.left_contents == 1 and made.file.contents == 1
    back(one, answer(server, out(one, stick, max_bytes=carried_out.ROOM + 1_000_000)))
    assert trip(one, server, stick).receipt.contents_sent == 1


def test_the_server_lost_attachments(
    server: Server, pcs: tuple[PC, PC], stick: Path, tmp_path: Path, clock: FixedClock
) -> None:
    one, _ = pcs
    server.province.store = contents.Store(tmp_path / "contents")
    one.enrol().open_case("c1")
    copy = server.copy("old.db")
    attach(one, "c1", b"a" * 300)
    trip(one, server, stick)
    clock.tick(1000)
    server.restore(copy, epoch=True)
    server.province.store = contents.Store(tmp_path / "emptied")
    for _ in range(4):
        clock.tick(1000)
        trip(one, server, stick)
    assert list((tmp_path / "emptied").rglob("*"))
    same(server, one)


def test_what_there_was_no_time_for_goes_with_the_next_file(
    server: Server, pcs: tuple[PC, PC], stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also what is offered to a server that lost it: not everything was, and so the answer says."""
    one, two = pcs
    one.enrol()
    two.enrol()
    copy = server.copy("old.db")
    for n in range(40):
        one.open_case(f"c{n}", "赵" * 40)
    monkeypatch.setattr(carried_out, "_PUSH_BYTES", 1000)
    done = 0

    def answered(*given: Any) -> None:
        nonlocal done
        answer_one(*given)
        done += 1

    answer_one = carried_requests._answer
    monkeypatch.setattr(carried_requests, "_answer", answered)
    monkeypatch.setattr(carried_requests, "monotonic", lambda: done)
    monkeypatch.setattr(carrying, "monotonic", lambda: done)
    monkeypatch.setattr(carrying, "MOST_S", 7)

    def trips(pc: PC) -> int:
        for n in range(1, 60):
            if not back(pc, answer(server, out(pc, stick))).more:
                return n
        raise AssertionError

    assert trips(one) > 3 and one.waiting() == 0 and trips(two) and trips(one)
    same(server, one, two)
    server.restore(copy, epoch=True)
    assert trips(two) and trips(two) > 2  # the first one tells that something was lost
    for pc in (one, two, one):
        trips(pc)
    same(server, one, two)


def test_the_largest_file_stays_below_the_limit(
    server: Server, pcs: tuple[PC, PC], stick: Path, tmp_path: Path
) -> None:
    import os

    one, two = pcs
    server.province.store = contents.Store(tmp_path / "contents")
    one.enrol().open_case("c1")
    for _ in range(3):
        attach(one, "c1", os.urandom(14_000_000))
    path = out(one, stick)
    assert path.stat().st_size <= limits.MAX_CARRIED_BYTES
    assert back(one, answer(server, path)).receipt.contents_sent == 2
    assert trip(one, server, stick).receipt.contents_sent == 1
    two.enrol()
    trip(two, server, stick)
    data = answer(server, out(two, stick))
    assert len(data) <= limits.MAX_CARRIED_BYTES
    assert back(two, data).receipt.contents_came == 2
    assert trip(two, server, stick).receipt.contents_came == 1
    assert two.station.file.read(sync_state.waiting).result() == 0
