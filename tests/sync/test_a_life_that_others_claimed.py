"""A replica that the server gives to another organisation's machine: its owner goes on in another life (M-8.4)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from jobdesk.cases.codec import GENESIS, encode
from jobdesk.cases.ops import Op
from jobdesk.protocol.messages import PushHead
from jobdesk.store import outbox, sync_facts, sync_state, sync_told
from jobdesk.store.log import ops_of_subject
from province.db import tables as t
from province.db.engine import EVERYTHING
from province.quarantine import waiting
from province.scope import caller_for
from tests.sync.ground import PC, Server, same


def claims(server: Server, thief: PC, replica: str, ops: list[Op]) -> None:
    """An enrolled machine, with its own key, that says to be this replica."""
    device = thief.station.file.read(lambda con: sync_facts.get(con, "device")).result()
    with server.db.reading(EVERYTHING) as con:
        caller = caller_for(con, device, "b", "desk", revoked=False)
    head = PushHead(replica=replica, last_seq=len(ops), now_ms=0, count=len(ops))
    told = server.province.take(caller, server.province.me(), head, [encode(op) for op in ops])
    assert told.acked.seq == len(ops)


def replica_of(pc: PC) -> str:
    return pc.station.file.read(sync_state.current_replica).result()


def two_people_since(server: Server, one: PC, two: PC) -> tuple[Path, str]:
    """A backup of a server that knows both machines, and the replica in which the first wrote of two people since."""
    one.enrol("a")
    two.enrol("b")
    copy = server.copy("before")
    for name in ("c1", "c2"):
        one.open_case(name)
    one.sync_well()
    return copy, replica_of(one)


@pytest.mark.parametrize("brings", ["nothing", "work of his own"])
def test_who_claims_the_replica_of_others_at_a_restored_server_keeps_nobody_out(
    server: Server, pcs: tuple[PC, PC], brings: str
) -> None:
    """Its owner was answered ``out_of_scope`` for ever, and neither pushed nor pulled any more."""
    one, two = pcs
    copy, theirs = two_people_since(server, one, two)
    two.open_case("x")
    (op,) = two.station.file.read(lambda con: ops_of_subject(con, "x")).result()
    mine = replace(op, replica_id=theirs, replica_seq=1, prev_hash=GENESIS,
                   stamp=replace(op.stamp, replica=theirs))  # fmt: skip
    server.restore(copy, epoch=True)
    claims(server, two, theirs, [mine] if brings == "work of his own" else [])
    one.open_case("c3")
    for pc in (one, two, one, two):
        pc.sync_well()
    assert replica_of(one) != theirs and one.sync_well().repaired == []
    with server.db.reading(EVERYTHING) as con:
        assert set(con.execute(select(t.subject.c.id)).scalars()) >= {"c1", "c2", "c3", "x"}
        assert waiting(con) == []
    same(server, one)
    same(server, two, org="b")
    one.reopen().open_case("c4")
    assert one.sync_well().repaired == []
    same(server, one)


def test_whom_he_brings_begins_at_his_station_and_the_owner_is_told(
    server: Server, pcs: tuple[PC, PC]
) -> None:
    """The bound that M-8.5 names: nothing proves whose an operation is. Nothing is lost, and the owner is told."""
    one, two = pcs
    copy, theirs = two_people_since(server, one, two)
    ops = one.station.file.read(lambda con: outbox.parcel(con, theirs, 0, 1 << 20).ops).result()
    server.restore(copy, epoch=True)
    claims(server, two, theirs, [op for op in ops if op.subject.id != "c2"])
    assert one.sync_well().apart == []  # kept apart, and listed after all before the exchange had ended
    assert {n.kind for n in one.station.file.read(sync_told.notices).result()} == {"released"}
    for pc in (two, one):
        assert pc.sync_well().apart == []
    with server.db.reading(EVERYTHING) as con:
        assert waiting(con) == []  # the claimer had brought the same operations: they are listed
        at = select(t.subject.c.id, t.stream.c.id).where(t.subject.c.home == t.stream.c.num)
        homes = {str(row[0]): str(row[1]) for row in con.execute(at)}
    assert (homes["c1"], homes["c2"]) == ("b", "a") and one.case("c1").root.text("name") == "赵某"
    same(server, one)
