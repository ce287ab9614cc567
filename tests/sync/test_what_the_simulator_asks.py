"""What the simulator takes for quiet, for erased and for one's own: where it asked too little or too much."""

from __future__ import annotations

import sqlite3
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import insert

from jobdesk.cases.clock import Stamp
from jobdesk.cases.codec import GENESIS
from jobdesk.cases.ops import SCHEMA, Kind, Op, Subject
from jobdesk.sync.receipts import Receipt
from province.db import tables as t
from province.db.engine import EVERYTHING
from tests.sync.ground import Server
from tests.sync.test_simulator import sim
from tools.sim.checks import read_province
from tools.sim.oracle import Oracle
from tools.sim.settling import _calm
from tools.sim.wire import Wire
from tools.sim.world import Violation


class _World:
    """As much of one as an exchange after the faults needs; each exchange ends as told."""

    def __init__(self, *receipts: Receipt, by_web: bool = True) -> None:
        self.time, self.server = SimpleNamespace(ms=0), SimpleNamespace(by_web=by_web)
        self.trace, self.line, self.at = list[str](), None, None
        self.wires: list[Wire] = []
        self._left = list(receipts)

    def exchange(self, _machine: object, wire: Wire) -> Receipt:
        self.wires.append(wire)
        return self._left.pop(0)


def calm(world: _World, *told: list[str]) -> bool:
    """``told``: ids of what the PC was told, before and after; nothing without it."""
    given: Any = world
    known = iter(told or ([], []))
    machine: Any = SimpleNamespace(
        name="0:a", org="a", read=lambda _job: [SimpleNamespace(id=n) for n in next(known)]
    )
    return _calm(given, machine)


def test_what_is_offered_for_others_moves() -> None:
    """A PC that gave a server back what it lacked left the others a page: nobody asked them again."""
    assert calm(_World(Receipt(1, refilled_ops=2)))
    assert not calm(_World(Receipt(1)))


def test_what_was_said_to_another_station_moves() -> None:
    """Its copy comes back and no receipt counts it: the station that it is for had had its last turn."""
    assert calm(_World(Receipt(1)), ["n1"], ["n1", "own-n2"])
    assert not calm(_World(Receipt(1)), ["n1"], ["n1"])


def test_an_exchange_that_the_limit_cuts_goes_on_as_one() -> None:
    """Hundreds of pages of one byte at thirty requests a minute: eight rounds were over before its end. The
    requests of all its minutes count together, so that one which gets nowhere is still found.
    """
    world = _World(*[Receipt(1, error="sync_busy") for _ in range(9)], Receipt(1))
    assert calm(world)
    assert len(world.wires) == 10 and all(w is world.wires[0] for w in world.wires)
    assert world.time.ms == 10 * 60_000
    with pytest.raises(Violation, match="sync_busy"):
        calm(_World(Receipt(1, error="sync_busy"), by_web=False))


def test_who_is_erased_is_so_by_the_register_too_but_only_whom_somebody_erased(server: Server) -> None:
    """A restore and a lost disk took the operation, the register kept the erasure: what came late of the subject
    went, and was missed as lost. A register that nobody's work explains excuses nothing.
    """
    with server.db.writing(EVERYTHING) as con:
        con.execute(insert(t.erased), [{"subject": s, "at_ms": 1, "line": None} for s in ("s1", "s2")])
        kept = {"action": "x", "device": "d", "home": 1, "reason": "out_of_scope", "line": b"", "at_ms": 1,
                "hash": GENESIS, "settled_ms": 1}  # fmt: skip
        con.execute(
            insert(t.quarantine),
            [{**kept, "replica": "r", "replica_seq": n, "subject": f"s{n}"} for n in (1, 2, 3)],
        )
    oracle = Oracle()
    for subject in ("s1", "s3"):
        oracle.note_made([_erased(subject)])
    server.db.engine.dispose()
    raw = sqlite3.connect(server.folder / "province.db")
    world: Any = SimpleNamespace(ground=SimpleNamespace(con=raw), oracle=oracle)
    province = read_province(world)
    raw.close()
    assert province.erased == set()
    assert province.gone == province.wiped == {"s1"}


def test_what_a_journal_brings_of_a_life_that_the_backup_does_not_know_is_ones_own() -> None:
    """A county's PC wrote a restricted fact in a life after its restore and was restored once more."""
    code, said = sim("--seed", "60004996", "--steps", "6c,20c,22c,23c,30c,205c,55c")
    assert code == 0, said


def _erased(subject: str) -> Op:
    return Op(
        op_id=f"e-{subject}", replica_id="r", replica_seq=9, stamp=Stamp(1, 0, "r"), actor="x", action_id="x",
        schema=SCHEMA, kind=Kind.ERASED, subject=Subject("case", subject), prev_hash=GENESIS,
        payload_hash=GENESIS, salt=b"", payload={"reason": "own"},
    )  # fmt: skip
