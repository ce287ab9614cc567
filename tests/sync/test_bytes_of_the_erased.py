"""Bytes of the erased go from this file, and nobody else's with them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jobdesk.cases.clock import Stamp
from jobdesk.cases.codec import GENESIS, encode, op_hash
from jobdesk.cases.erasing import without_payload
from jobdesk.cases.ops import Op
from jobdesk.services.undoing import undo_action
from jobdesk.store import local, taking_in
from jobdesk.store.log import ops_of_subject
from jobdesk.store.renewing import restore_station
from jobdesk.store.safekeeping import back_up
from province.contents import Store
from tests.sync.ground import PC, Server
from tests.sync.test_contents_after_a_restore import erase
from tests.sync.test_contents_that_follow import attach


def has(pc: PC, digest: str) -> bool:
    return pc.station.file.read(lambda con: local.blob(con, digest) is not None).result()


def in_another_life(ops: list[Op]) -> list[Op]:
    """As the server lists somebody erased whose operations a copy of this file brought: blank, under its header."""
    placed: list[Op] = []
    prev = GENESIS
    for n, op in enumerate(ops, 1):
        stamp = Stamp(op.stamp.ms, op.stamp.counter, "copy")
        made = replace(op, replica_id="copy", replica_seq=n, stamp=stamp, prev_hash=prev)
        placed.append(made if op.kind.value == "Erased" else without_payload(made))
        prev = op_hash(made)
    return placed


@pytest.mark.parametrize("pages", [1, 2])
def test_they_go_also_when_all_else_comes_blank_under_another_header(pcs: tuple[PC, PC], pages: int) -> None:
    """The server's form was written over ours first, and with it went the name of what was to go; so it did
    when the erasure came on a later page (seed 100001361).
    """
    one, two = pcs
    one.open_case("c1")
    digest = attach(one, "c1")
    ops = one.station.file.read(lambda con: list(ops_of_subject(con, "c1"))).result()
    two.open_case("c1")
    erase(two, "c1")
    erased = two.station.file.read(lambda con: list(ops_of_subject(con, "c1"))).result()[-1]
    lines = taking_in.read_lines([encode(op) for op in in_another_life([*ops, erased])])
    for page in (lines,) if pages == 1 else (lines[:-1], lines[-1:]):
        one.station.file.write(lambda w, p=page: taking_in.absorb(w, p, one.clock.now_ms())).result()
    assert one.case("c1").erased and not has(one, digest)
    left = one.station.file.read(lambda con: list(ops_of_subject(con, "c1"))).result()
    assert [op.payload is None for op in left] == [True, True, False]
    assert [op.replica_id for op in left] == ["copy"] * 3


def test_a_paper_in_the_files_of_two_stays_for_the_other(server: Server, pcs: tuple[PC, PC]) -> None:
    """It went with the first of them, and came back from a server only."""
    one, two = pcs
    kept = Store(server.folder / "contents")
    one.enrol()
    for case in ("c1", "c2"):
        one.open_case(case)
        digest = attach(one, case)
    erase(one, "c1")
    one.sync_well()
    assert has(one, digest)
    server.province.store = kept
    for pc in (one, two.enrol()):
        pc.sync_well()
    assert has(two, digest)
    erase(two, "c2")
    for pc in (two, one):
        pc.sync_well()
    assert not has(one, digest) and not has(two, digest)


def test_they_do_not_come_back_with_the_journal_of_a_restore(server: Server, pcs: tuple[PC, PC]) -> None:
    """The journal has the bytes before the line about the erasure: they stayed for good (seed 98000157)."""
    one, _ = pcs
    one.enrol()
    for case in ("c1", "c2"):
        one.open_case(case)
    older = back_up(one.station, "manual").result()
    gone, kept, withdrawn = (attach(one, case, content) for case, content in
                             (("c1", b"1" * 300), ("c2", b"2" * 300), ("c2", b"3" * 300)))  # fmt: skip
    attached = one.station.file.read(lambda con: list(ops_of_subject(con, "c2"))).result()[-1]
    undo_action(one.desk, attached.action_id).result()
    erase(one, "c1")
    one.close()
    restore_station(one.paths, older, one.station.key, one.clock)
    one.reopen_closed()
    assert one.case("c1").erased and not has(one, gone)
    assert has(one, kept) and has(one, withdrawn)
