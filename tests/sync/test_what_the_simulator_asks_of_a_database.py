"""The rules of the simulator that no deliberate bug comes to: each held against a database that was spoiled by hand."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any

import pytest

from jobdesk.cases.codec import encode, op_hash
from jobdesk.cases.ops import Op
from jobdesk.store import local
from jobdesk.store.log import all_ops
from tests.sync.ground import PC, Server
from tools.sim import as_typed, checks, papers
from tools.sim.oracle import Oracle
from tools.sim.standing import Province, read_province
from tools.sim.world import Violation, World

PAPER = b"paper"


@dataclass
class Played:
    """What two real PCs and a real server came to, as the simulator's checks want it.

    Attributes:
        con: the server's database, past its code.
        ops: of the only person, in the order of his stream.
    """

    con: sqlite3.Connection
    world: Any
    pc: PC
    ops: list[Op]

    @property
    def machine(self) -> Any:
        return self.world.machines[0]

    def spoil(self, sql: str, *values: object) -> None:
        """In the server's database."""
        assert self.con.execute(sql, values).rowcount == 1

    def spoil_file(self, *sql: str) -> None:
        """In the PC's."""
        for one in sql:
            self.pc.station.file.write(lambda w, one=one: w.con.execute(one)).result()

    def province(self) -> Province:
        return read_province(self.world)

    def file(self) -> None:
        province = self.province()
        checks._file(self.world, province, self.machine, dict(checks._states(province)))

    def contents(self) -> None:
        papers.check(self.world, self.province())


@pytest.fixture
def played(server: Server, both: tuple[PC, PC]) -> Iterator[Played]:
    pc = both[0]
    both[1].set("c1", address="和平街")
    for one in (both[1], pc):
        one.sync_well()
    con = sqlite3.connect(server.folder / "province.db", isolation_level=None)
    made = [op for one in both for op in one.station.file.read(_all).result()]
    oracle = Oracle()
    oracle.note_made(made)
    oracle.note_saved(op.op_id for op in made)
    oracle.begun.update({op.subject.id: "a" for op in made})
    pc.station.file.write(lambda w: local.put_blob(w.con, PAPER)).result()
    oracle.contents[local.digest(PAPER)] = {"c1"}
    world = SimpleNamespace(
        ground=SimpleNamespace(con=con, scope=lambda _org: frozenset({"a"})), oracle=oracle, counts={},
        machines=[_machine(pc)], watch=SimpleNamespace(leaked=[]),
        server=SimpleNamespace(told_erased=set(), has_content=lambda _digest: True),
    )  # fmt: skip
    here = [op for op in made if op.subject.id == "c1"]
    ops = list({op.op_id: op for op in here}.values())
    yield Played(con, world, pc, ops)
    con.close()


def _all(con: Any) -> list[Op]:
    return [op for _, op in all_ops(con)]


def _machine(pc: PC) -> SimpleNamespace:
    return SimpleNamespace(
        name="0:a", org="a", role="desk", lives=set(), waiting=pc.waiting,
        read=lambda job: pc.station.file.read(job).result(),
    )  # fmt: skip


def test_nothing_is_wrong_with_what_was_not_spoiled(played: Played) -> None:
    province = played.province()
    assert {op.op_id for op in played.ops} <= province.ops.keys() and len(played.ops) == 3
    checks._nothing_lost(played.world, province)
    checks._all_at_home(province)
    as_typed.check(played.world, province)
    played.file()
    played.contents()


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("UPDATE listing SET hash = zeroblob(32) WHERE seq = 2", "broken at 2"),
        ("UPDATE listing SET seq = 99 WHERE seq = 2", "broken at 3"),
        ("DELETE FROM listing WHERE seq = (SELECT max(seq) FROM listing)", "does not end where it says"),
        ("UPDATE stream SET head = head + 1 WHERE id = 'a'", "does not end where it says"),
        ("UPDATE stream SET digest = zeroblob(32) WHERE id = 'a'", "does not end where it says"),
        ("UPDATE stream SET hash = zeroblob(32) WHERE id = 'a'", "does not end where it says"),
    ],
)
def test_s8_places_chain_and_digest_of_a_stream(played: Played, sql: str, told: str) -> None:
    played.spoil(sql)
    with pytest.raises(Violation, match=f"S8: stream a .*{told}"):
        played.province()


def test_s3_a_row_that_holds_another_operation_than_it_says(played: Played) -> None:
    """Its id is the key of the table: one operation stands twice only where a row lies about its own."""
    one, two, _ = played.ops
    played.spoil("UPDATE op SET line = ?, hash = ? WHERE op_id = ?", encode(one), op_hash(one), two.op_id)
    with pytest.raises(Violation, match=f"S3: {one.op_id} .*stands under {two.op_id}"):
        played.province()


def test_s3_a_place_in_a_chain_that_is_another_one(played: Played) -> None:
    played.spoil("UPDATE op SET replica_seq = 77 WHERE op_id = ?", played.ops[0].op_id)
    with pytest.raises(Violation, match="S3"):
        played.province()


def test_s3_one_deed_under_two_names(played: Played) -> None:
    """What a fork that is settled under fresh ids comes to."""
    one = played.ops[0]
    again = replace(one, op_id="again", replica_seq=77)
    played.spoil(
        "INSERT INTO op(op_id, replica, replica_seq, home, subject, action, kind, hash, line, received_ms, restricted) "
        "SELECT 'again', replica, 77, home, subject, action, kind, ?, ?, 1, 0 FROM op WHERE op_id = ?",
        op_hash(again), encode(again), one.op_id,
    )  # fmt: skip
    with pytest.raises(Violation, match=r"S3: .* says once more what"):
        played.province()


def test_s3_what_nobody_made(played: Played) -> None:
    province, op_id = played.province(), played.ops[0].op_id
    del played.world.oracle.made[op_id]
    with pytest.raises(Violation, match=f"S3: nobody made operation {op_id}"):
        as_typed.check(played.world, province)


def test_s10_what_says_something_else_than_was_typed(played: Played) -> None:
    """With the header as it was and the hash of its payload: only the payload is another one."""
    province, op = played.province(), played.ops[0]
    province.ops[op.op_id] = replace(op, payload={**(op.payload or {}), "set": {"name": "钱某"}})
    with pytest.raises(Violation, match=f"S10: {op.op_id} says something else"):
        as_typed.check(played.world, province)


def test_s13_a_hash_that_is_not_the_operation_s(played: Played) -> None:
    province, op_id = played.province(), played.ops[0].op_id
    province.hashes[op_id] = bytes(32)
    with pytest.raises(Violation, match=f"S13: {op_id} has another hash"):
        as_typed.check(played.world, province)


def test_s12_half_of_an_action(played: Played) -> None:
    """The other half is kept apart: nothing is lost, and still the action does not stand whole."""
    one, two, _ = played.ops
    played.world.oracle.made[two.op_id] = replace(two, action_id=one.action_id)
    province = played.province()
    checks._nothing_lost(played.world, province)
    del province.ops[two.op_id]
    province.apart = {two.op_id}
    with pytest.raises(Violation, match=f"S12: half of action {one.action_id}"):
        checks._nothing_lost(played.world, province)


def test_m44_what_stays_apart_in_the_end(played: Played) -> None:
    """A whole action of this station, kept apart and never listed."""
    op = played.ops[-1]
    province = played.province()
    del province.ops[op.op_id]
    played.spoil(
        "INSERT INTO quarantine(replica, replica_seq, action, device, home, subject, reason, hash, line, at_ms) "
        "VALUES ('r', 1, ?, 'd', 1, 'c1', 'out_of_scope', x'', ?, 1)",
        op.action_id, encode(op),
    )  # fmt: skip
    province.apart = read_province(played.world).apart
    assert province.apart == {op.op_id}
    with pytest.raises(Violation, match=r"M-4\.4: 1 operations stay apart \(out_of_scope\)"):
        checks._nothing_lost(played.world, province)
    played.world.oracle.begun.clear()  # a county's own matters may
    checks._nothing_lost(played.world, province)


def test_m62_a_stream_that_does_not_list_all_of_who_is_at_home_there(played: Played) -> None:
    played.spoil("UPDATE subject SET home = (SELECT num FROM stream WHERE id = 'b') WHERE id = 'c1'")
    with pytest.raises(Violation, match=r"M-6\.2: \w+ of c1 is not listed in b"):
        checks._all_at_home(played.province())


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        (("DROP TRIGGER op_stays",), "_chain the log is not guarded"),
        (("DROP TRIGGER op_is_immutable", "UPDATE op SET salt = zeroblob(16) WHERE position = 2"), "_chain .* at "),
        (("UPDATE record_row SET day = '1999-01-01'",), "_rows"),
        (("UPDATE stream_state SET digest = zeroblob(32)",), "_streams differ: a"),
        (("UPDATE stream_state SET seq = seq - 1",), "_streams differ: a"),
    ],
)  # fmt: skip
def test_s13_chains_rows_and_streams_of_a_file(played: Played, sql: Sequence[str], told: str) -> None:
    played.spoil_file(*sql)
    with pytest.raises(Violation, match=f"S13: 0:a .*{told}"):
        played.file()


def test_m95_a_content_that_is_another_one(played: Played) -> None:
    played.spoil_file("UPDATE blob SET content = x'00'")
    with pytest.raises(Violation, match=r"M-9\.5: content .* of 0:a is another one"):
        played.contents()


def test_s1_what_went_with_a_death() -> None:
    """A commit that was told and did not last: the file opens with less than stood there when the step began."""
    stood: dict[str, set[str]] = {"now": {"o1", "o2"}}
    nothing: Callable[[], None] = lambda: None  # noqa: E731
    machine: Any = SimpleNamespace(
        name="0:a", died=nothing, open=nothing, busy=True, fact=lambda _key: "",
        every_op_id=lambda: stood["now"], op_ids=lambda: stood["now"],
    )  # fmt: skip
    world: Any = SimpleNamespace(oracle=Oracle())
    World.died(world, machine, {"o1", "o2"})
    stood["now"] = {"o1"}
    with pytest.raises(Violation, match="S1: 0:a has 1 operations less"):
        World.died(world, machine, {"o1", "o2"})
