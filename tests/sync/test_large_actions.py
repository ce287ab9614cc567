"""An action within the limits that no page holds: 500 operations of 250 KB come through in parts (M-5.2)."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.codec import encode
from jobdesk.cases.ops import Subject, opened
from jobdesk.protocol.limits import MAX_BATCH_BYTES, MAX_CARRIED_BYTES, MAX_PAGE_BYTES
from jobdesk.store import sync_state, sync_told
from jobdesk.store.station_file import Writing
from jobdesk.sync.transport import Answered
from province import bootstrap, carrying, pull
from province.config import Config
from province.web.app import make_app
from tests.province.ground import DeskHere
from tests.province.http import Http
from tests.sync.ground import PC, Server, same
from tests.sync.sticks import answer, back, out
from tests.sync.test_carried_large import stick

__all__ = ["stick"]
SMALL = MAX_PAGE_BYTES // 100


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of a hundredth: 500 operations of 2.5 KB are to them what those of 250 KB are to real ones."""
    for part in (pull, bootstrap):
        monkeypatch.setattr(part, "MAX_PAGE_BYTES", SMALL)


def save(pc: PC, count: int, size: int) -> str:
    """One action of so many operations of so many bytes each; its id."""
    todo = [
        opened(Subject("case", f"c{n}"), "service", pc.desk.new_id(), {"content": "x" * size})
        for n in range(count)
    ]
    return pc.desk.act(todo).result().action_id


def sent_at_once(server: Server, count: int) -> None:
    """One action of operations of 250 KB, by a machine that is not looked at further."""
    odd = DeskHere(server.db, replica="odd")
    todo = [
        opened(Subject("case", f"c{n}"), "service", f"s{n}", {"content": "x" * 250_000}) for n in range(count)
    ]
    ops, odd.log.tip = odd.log.stamp_all(todo, "staff", "odd-act")
    odd.ops += ops
    for start in range(0, count, 14):
        odd.push([encode(op) for op in ops[start : start + 14]])


def watched(pc: PC) -> list[int]:
    """Bytes of the pages that come, inflated."""
    sizes: list[int] = []
    ask = pc.wire.request

    def request(method: str, path: str, headers: dict[str, str], body: bytes) -> Answered:
        got = ask(method, path, headers, body)
        if path in ("/v1/pull", "/v1/bootstrap") and got.status == 200:
            sizes.append(len(zlib.decompress(got.body)))
        return got

    pc.wire.request = request  # type: ignore[method-assign]
    return sizes


def test_500_operations_of_250_kb_come_by_line(server: Server, pcs: tuple[PC, PC]) -> None:
    one, _ = pcs
    one.enrol().sync_well()
    sizes = watched(one)
    sent_at_once(server, 500)
    assert one.sync_well().came_ops == 500
    assert one.digest() == server.digest()
    assert len(sizes) > 60 and max(sizes) <= MAX_BATCH_BYTES


def test_what_one_writes_all_others_get(server: Server, pcs: tuple[PC, PC], county: PC, small: None) -> None:
    one, two = pcs
    one.enrol().sync_well()
    two.enrol().sync_well()
    county.enrol("220102", "county").sync_well()
    one.open_case("before")
    save(one, 500, 2_500)
    one.serve("before", "后来")
    one.sync_well()
    for pc in (two, county):
        sizes = watched(pc)
        assert pc.sync_well().agreed
        assert len(sizes) > 60 and max(sizes) <= SMALL + 2_000
        sizes.clear()
    assert county.digest() == server.digest()
    same(server, one, two)


def test_a_new_pc_takes_it_in(server: Server, pcs: tuple[PC, PC], small: None) -> None:
    one, two = pcs
    one.enrol()
    save(one, 500, 2_500)
    one.sync_well()
    two.enrol()
    sizes = watched(two)
    two.sync_well()
    one.sync_well()
    assert max(sizes) <= SMALL + 2_000
    same(server, one, two)


def test_a_part_is_not_taken_for_the_whole(server: Server, pcs: tuple[PC, PC], small: None) -> None:
    """The line goes in the middle of it: nothing is called the same, or listed after all, before the rest."""
    one, two = pcs
    one.enrol().sync_well()
    two.enrol().sync_well()
    action = save(one, 40, 2_500)
    one.open_case("behind")
    one.sync_well()
    two.station.file.write(lambda w: sync_told.put_apart(w.con, action, "r", "out_of_scope", 1)).result()
    head, _ = server.digest()
    count = two.wire.count
    two.wire.fault = lambda n: "lost" if n > count + 6 else ""
    receipt = two.sync()
    state = two.station.file.read(lambda con: sync_state.stream(con, "a")).result()
    assert state is not None and 0 < state.at.seq < head and 0 < receipt.came_ops < 40
    assert receipt.error and not receipt.agreed and receipt.streams[0].agreed is None
    assert [a.action for a in two.station.file.read(sync_told.apart).result()] == [action]
    two.wire.fault = lambda _n: ""
    assert two.sync_well().agreed
    assert two.station.file.read(sync_told.apart).result() == []
    one.sync_well()
    same(server, one, two)


def test_every_action_is_whole_in_the_end(server: Server, pcs: tuple[PC, PC]) -> None:
    """Also one that ends where a page does."""
    one, two = pcs
    one.enrol().sync_well()
    two.enrol().sync_well()
    actions = [save(one, 3, 200) for _ in range(6)]
    one.sync_well()

    def told(w: Writing) -> None:
        for action in actions:
            sync_told.put_apart(w.con, action, "r", "out_of_scope", 1)

    two.station.file.write(told).result()
    two.sync(page_bytes=1)
    assert two.station.file.read(sync_told.apart).result() == []


def test_a_file_is_answered_with_all_of_it(
    server: Server, pcs: tuple[PC, PC], stick: Path, small: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = pcs
    one.enrol().sync_well()
    two.enrol().sync_well()
    save(one, 500, 2_500)
    one.sync_well()
    monkeypatch.setattr(
        carrying, "MAX_CARRIED_BYTES", carrying.ROOM + carrying.HEAD + MAX_CARRIED_BYTES // 500
    )
    trips = 1
    while back(two, answer(server, out(two, stick))).more:
        trips += 1
        assert trips < 20
    assert trips > 1
    two.sync_well()
    one.sync_well()
    same(server, one, two)


def test_35_megabytes_of_one_action_by_stick(
    server: Server, pcs: tuple[PC, PC], stick: Path, clock: FixedClock
) -> None:
    one, _ = pcs
    one.enrol().sync_well()
    sent_at_once(server, 140)
    http = Http(make_app(server.province, Config()))
    told = http.post("/v1/carried", content=out(one, stick).read_bytes(), headers={"Jobdesk-Protocol": "1"})
    assert told.status_code == 200 and len(told.content) <= MAX_CARRIED_BYTES
    brought = back(one, told.content)
    assert brought.receipt.error == "" and not brought.more and brought.receipt.came_ops == 140
    assert one.digest() == server.digest()
