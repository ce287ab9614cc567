"""What the simulator takes for quiet, for erased and for one's own: where it asked too little or too much."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Collection
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import insert

from jobdesk.cases.clock import Stamp
from jobdesk.cases.codec import GENESIS, encode, op_hash, payload_hash
from jobdesk.cases.ops import SCHEMA, Json, Kind, Op, Subject
from jobdesk.store.sync_moves import Ask
from jobdesk.store.sync_told import Apart, Notice
from jobdesk.sync.receipts import Receipt
from province.db import tables as t
from province.db.engine import EVERYTHING
from tests.sync.ground import Server
from tests.sync.test_simulator import ROOT
from tools.sim import as_typed, checks, strangers, talks, told
from tools.sim.kept_apart import nothing_waits_for_an_upgrade
from tools.sim.oracle import Oracle
from tools.sim.settling import _calm
from tools.sim.standing import Province, read_province
from tools.sim.verdicts import Said, changed
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


def played(told: str, above: str, seed: int) -> str:
    """A plan of calm steps of a station's PC (0) and one above it (1): what was wrong, and what was done.

    Args:
        told: ``(number, kind, PC)`` of each step.
    """
    script = (
        "from tools.sim import running\n"
        "from tools.sim.judging import judged\n"
        "from tools.sim.plan import Plan, Step\n"
        "running.here()\n"
        f"steps = tuple(Step(n, kind, who, calm=True) for n, kind, who in ({told}))\n"
        f"places = (('a', 'desk'), {above})\n"
        f"wrong, world = judged(running._ground[0], Plan({seed}, places, steps, 0.0, 0.0, (), 3000))\n"
        "running.close()\n"
        "print(wrong, world.done)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=280,
                          env={"PYTHONHASHSEED": "0", "PATH": "/usr/bin:/bin"})  # fmt: skip
    return done.stdout + done.stderr


def test_what_a_journal_brings_of_a_life_that_the_backup_does_not_know_is_ones_own() -> None:
    """A county's PC wrote a restricted fact in a life after its restore and was restored once more."""
    told = (
        "(6, 'backup', 1), (20, 'open', 0), (22, 'sync', 0), (23, 'bare_restore', 1), (30, 'sync', 1),"
        "(205, 'restricted', 1), (55, 'restore', 1)"
    )
    said = played(told, "('220102', 'county')", 60004996)
    assert said.startswith(" {'backup': 1,") and "'restricted': 1" in said, said


def test_a_header_of_who_is_erased_is_no_loss_where_the_backup_is_older() -> None:
    """A desk above had the header of a restricted fact; in the backup of before it is told from the rest."""
    told = (
        "(2, 'same_person', 0), (206, 'restricted', 0), (11, 'sync', 0), (12, 'sync', 1), (14, 'erase', 1),"
        "(32, 'restore', 1)"
    )
    said = played(told, "('t1', 'county')", 11)
    assert said.startswith(" {") and "'erase': 1" in said and "'restore': 1" in said, said


def _erased(subject: str) -> Op:
    return Op(
        op_id=f"e-{subject}", replica_id="r", replica_seq=9, stamp=Stamp(1, 0, "r"), actor="x", action_id="x",
        schema=SCHEMA, kind=Kind.ERASED, subject=Subject("case", subject), prev_hash=GENESIS,
        payload_hash=GENESIS, salt=b"", payload={"reason": "own"},
    )  # fmt: skip


def test_what_waits_for_an_upgrade_is_missed_unless_its_chain_has_another_end(server: Server) -> None:
    """A person listed it in the end: that the server had not asked again by itself was never seen."""
    op = _erased("s1")
    other = replace(op, op_id="another")
    row = {"replica": "r", "replica_seq": 9, "action": "x", "device": "d", "home": 1, "subject": "s1",
           "hash": op_hash(op), "line": encode(op)}  # fmt: skip
    with server.db.writing(EVERYTHING) as con:
        con.execute(insert(t.quarantine), [{**row, "reason": "newer_schema", "at_ms": 1, "settled_ms": None}])
    raw = sqlite3.connect(server.folder / "province.db")
    world: Any = SimpleNamespace(ground=SimpleNamespace(con=raw))
    with pytest.raises(Violation, match=r"M-4\.10"):
        nothing_waits_for_an_upgrade(world)
    listed = {k: v for k, v in row.items() if k != "device"} | {"hash": op_hash(other), "line": encode(other)}
    with server.db.writing(EVERYTHING) as con:
        con.execute(
            insert(t.op),
            [{**listed, "op_id": "another", "kind": "Erased", "received_ms": 1, "restricted": False}],
        )
    nothing_waits_for_an_upgrade(world)
    raw.close()


def test_a_verdict_that_was_told_stays() -> None:
    """Nobody held the second answer against the first: an action kept apart could be told as listed the next day."""
    said: Said = {}

    def told(verdict: str, reason: str = "", *, witness: bool = False, listed: int = 2) -> str:
        verdicts = [{"action": "x", "verdict": verdict, "reason": reason}]
        return changed(said, {"replica": "r", "witness": witness}, verdicts, {"x": listed})

    assert not told("quarantined", "out_of_scope", witness=True) and not told("accepted", witness=True)
    assert not told("quarantined", "newer_schema") and not told("quarantined", "newer_schema")
    assert not told("already", witness=True)  # listed since: its owner is told by a notice
    assert told("already") == "action x of r was quarantined newer_schema, and is already"
    assert told("quarantined", "out_of_scope")
    said.clear()  # as a restore takes it back
    assert not told("accepted") and not told("already") and not told("already", witness=True)
    assert (
        told("accepted") and told("quarantined", "revoked") and told("quarantined", "revoked", witness=True)
    )
    assert not told("accepted", listed=3) and told("accepted", listed=3)  # a piece that had been lost, once


def test_a_header_a_household_and_an_operator_s_word_are_held_against_what_was_made() -> None:
    """A household's operations could all be blank as soon as anybody was erased, and headers were not compared."""
    member = _opened("h1", {"record": "member", "id": "m1", "set": {"case": "s1"}})
    house = _opened("h1", {"record": "household", "id": "h1", "set": {}})
    stands = {"one": member, "two": house}
    _typed(stands, {})
    _typed({**stands, "one": _blank(member)}, {}, erased={"s1"})
    for wrong, said in (
        ({"two": replace(house, actor="y")}, "S10"),
        ({"two": _blank(house)}, "S9"),
        ({"one": _blank(member)}, "S9"),
    ):
        with pytest.raises(Violation, match=said):
            _typed(stands, wrong)
    with pytest.raises(Violation, match=r"M-7\.2: Opened"):
        _typed(stands, {}, erased={"s1"})
    with pytest.raises(Violation, match=r"M-7\.2: a restored server"):
        _typed(stands, {}, told={"s1"})


def _typed(
    stands: dict[str, Op], wrong: dict[str, Op], erased: Collection[str] = (), told: Collection[str] = ()
) -> None:
    """``stands``: as it was made and stands on the server; but for what is ``wrong`` there."""
    whole = {
        "one": _opened("h1", {"record": "member", "id": "m1", "set": {"case": "s1"}}),
        "two": stands["two"],
    }
    here = {**stands, **wrong}
    province = Province(ops=here, hashes={i: op_hash(op) for i, op in here.items()}, gone=set(erased))
    world: Any = SimpleNamespace(
        oracle=Oracle(made=whole),
        server=SimpleNamespace(told_erased=set(told)),
        ground=SimpleNamespace(con=SimpleNamespace(execute=lambda _query: [])),
    )
    as_typed.check(world, province)


def _opened(subject: str, payload: dict[str, Json]) -> Op:
    salt = bytes(16)
    return replace(
        _erased(subject), kind=Kind.OPENED, subject=Subject("household", subject), payload=payload, salt=salt,
        payload_hash=payload_hash(salt, payload),
    )  # fmt: skip


def _blank(op: Op) -> Op:
    return replace(op, payload=None, salt=b"")


def test_a_stream_lists_nothing_that_never_was_at_its_station() -> None:
    """A merge told in every stream of the province was seen by nobody: answers were held against what is listed."""
    merged = _changed("s1", Kind.MERGED, "m", {"set": {"merged_into": "s2"}})
    moved = _changed("s2", Kind.TRANSFERRED, "t", {"set": {"station": "d"}})
    world: Any = SimpleNamespace(oracle=Oracle(begun={"s1": "a", "s2": "b"}), counts={})
    world.oracle.note_made([merged, moved])
    ops = {op.op_id: op for op in (merged, moved, _erased("s1"))}
    right = {"a": ["m", "e-s1"], "b": ["m", "t"], "d": ["m", "t", "e-s1"], "e": ["e-s1"]}
    strangers.nothing_of_others(world, Province(ops=ops, listed=right))
    for op_id in ("m", "t"):
        with pytest.raises(Violation, match="S7: e lists"):
            strangers.nothing_of_others(world, Province(ops=ops, listed={**right, "e": [op_id]}))


@pytest.mark.parametrize(
    ("counts", "is_erased", "is_blank", "held"),
    [({"server_back": 1}, True, True, True), ({}, True, True, False), ({"server_back": 1}, False, True, False),
     ({"server_back_silent": 1}, True, False, False)],
)  # fmt: skip
def test_blank_lines_of_the_erased_may_stand_where_a_forgetful_server_heard_of_him(
    counts: dict[str, int], is_erased: bool, is_blank: bool, held: bool
) -> None:
    """Seed 420001913: a server without a past heard of him first from the station he had been merged into."""
    merged = _changed("s1", Kind.MERGED, "m", {"set": {"merged_into": "s2"}})
    written = _changed("s1", Kind.FIELDS_SET, "f", {"set": {"phone": "19900000001"}})
    world: Any = SimpleNamespace(oracle=Oracle(begun={"s1": "b", "s2": "a"}), counts=counts)
    world.oracle.note_made([merged, written])
    ops = {"m": merged, "f": _blank(written) if is_blank else written, "e-s1": _erased("s1")}
    province = Province(ops=ops, listed={"a": ["e-s1", "m", "f"]}, gone={"s1"} if is_erased else set())
    if held:
        strangers.nothing_of_others(world, province)
        return
    with pytest.raises(Violation, match="S7: a lists FieldsSet"):
        strangers.nothing_of_others(world, province)


@pytest.mark.parametrize(
    ("told", "more", "is_open", "held"),
    [(6, "", True, True), (5, "many", True, True), (5, "", True, False), (4, "many", True, False),
     (5, "many", False, False)],
)  # fmt: skip
def test_a_pair_that_nobody_is_told_of_waits_behind_those_that_are_told(
    told: int, more: str, is_open: bool, held: bool
) -> None:
    """Seed 420002553: two files at one station and three at another one are six pairs, and five are told."""
    opened: dict[str, Op] = {}
    for subject in ("p1", "p2", "q1", "q2", "q3"):
        body: dict[str, Json] = {"record": "case", "id": subject, "set": {"id_number": "229901198001019901"}}
        opened[subject] = replace(_opened(subject, body), op_id=subject, subject=Subject("case", subject))
    homes = {subject: "a" if subject < "q" else "b" for subject in opened}
    con = sqlite3.connect(":memory:")
    con.execute("CREATE TABLE notice(kind, subjects, settled_ms, more)")
    pairs = [(p, q) for q in ("q3", "q2", "q1") for p in ("p1", "p2")]  # the last one is p2 and q1
    for pair in pairs[:told]:
        row = ("duplicate", json.dumps(pair), None if is_open else 1, json.dumps({"why": more}))
        con.executemany("INSERT INTO notice VALUES (?, ?, ?, ?)", [row, row])
    world: Any = SimpleNamespace(oracle=Oracle(begun=homes), ground=SimpleNamespace(con=con))
    listed = {station: [s for s, home in homes.items() if home == station] for station in ("a", "b")}
    province = Province(ops=opened, listed=listed, homes=homes)
    if held:
        checks._told_twice(world, province)
        return
    with pytest.raises(Violation, match=r"M-6\.7: nobody is told that p2 and q1"):
        checks._told_twice(world, province)


def test_what_was_taken_apart_is_missed_where_the_merge_is_listed() -> None:
    """The other station went on seeing one person where there were two, and nothing asked for it."""
    merged = _changed("s1", Kind.MERGED, "m", {"set": {"merged_into": "s2"}})
    apart = _changed(
        "s1", Kind.UNMERGED, "u", {"set": {"merged_into": None}, "bases": {"merged_into": ["m"]}}
    )
    ops, world = {"m": merged, "u": apart}, SimpleNamespace(counts=dict[str, int]())
    given: Any = world
    strangers.taken_apart(given, Province(ops=ops, listed={"a": ["m", "u"], "b": ["m", "u"], "d": []}))
    with pytest.raises(Violation, match=r"M-6\.5: b lists a merge of s1"):
        strangers.taken_apart(given, Province(ops=ops, listed={"a": ["m", "u"], "b": ["m"]}))


def _changed(subject: str, kind: Kind, op_id: str, payload: dict[str, Json]) -> Op:
    payload = {"record": "case", "id": subject, **payload}
    return replace(_erased(subject), kind=kind, op_id=op_id, payload=payload)


def test_who_left_is_missed_only_while_nothing_of_him_could_be_the_last_copy() -> None:
    """A file that stayed readable for ever at the station its person had left was seen by nobody."""
    mine, others = (
        _changed("s1", Kind.OPENED, "o", {"set": {}}),
        _changed("s1", Kind.OPENED, "p", {"set": {}}),
    )
    others = replace(others, replica_id="other")
    world: Any = SimpleNamespace()
    here = [mine, others, _erased("s1")]
    assert strangers._readable(world, here, {"r": 9}, {"p"})
    assert not strangers._readable(world, here, {"r": 8}, {"p"})  # ours, which no backup holds yet
    assert not strangers._readable(
        world, here, {"r": 9}, set()
    )  # another's, of which no page told that it is safe
    assert not strangers._readable(world, [_blank(mine), _erased("s1")], {"r": 9}, {"p"})


def _agreed(answers: str, target: str, seen_ms: int = 0) -> Notice:
    return Notice(
        f"y-{answers}", "transfer_accept", ("s1",), "", 1, seen_ms, "b", "a", answers, {"target": target}
    )


def _moves(asks: list[Ask], told: list[Notice], home: str, *moved: str, error: str = "") -> None:
    """Station a offered s1 to b, b agreed; ``moved``: where operations of it lead."""
    machine: Any = SimpleNamespace(
        name="0:a", org="a", role="desk", read=lambda job: asks if job is talks.sync_moves.asks else told
    )
    ops = {
        f"t{n}": _changed("s1", Kind.TRANSFERRED, f"t{n}", {"set": {"station": to}})
        for n, to in enumerate(moved)
    }
    raw = sqlite3.connect(":memory:")
    raw.execute("CREATE TABLE notice (id, kind, answers, subjects, sender, more)")
    world: Any = SimpleNamespace(machines=[machine], ground=SimpleNamespace(con=raw))
    talks.agreed(world, Province(ops=ops, homes={"s1": home}))
    raw.close()


def test_what_stations_agreed_on_has_moved_or_is_told() -> None:
    """Only words were looked at: that no agreed move ever happened was seen by nobody."""
    done = Ask("q1", "request", "x", {"subject": "s1", "to": "b"}, 1, "e", "", 5)
    _moves([done], [_agreed("q1", "b", 5)], "b", "b")
    _moves([replace(done, error="gone")], [_agreed("q1", "b", 5)], "a")
    _moves([], [_agreed("q1", "b")], "a")  # his colleague's PC is gone: it waits for whoever is there
    _moves([done], [_agreed("q1", "b", 5)], "a", "b", "a")  # came back since
    with pytest.raises(Violation, match="goes on asking q1"):
        _moves([replace(done, done_ms=0)], [_agreed("q1", "b", 5)], "b", "b")
    for moved in ((), ("b",)):
        with pytest.raises(Violation, match="agreed to, and it stays"):
            _moves([done], [_agreed("q1", "b", 5)], "a", *moved)


def test_what_was_given_to_those_who_asked_for_it_is_led_there() -> None:
    raw = sqlite3.connect(":memory:")
    raw.execute("CREATE TABLE notice (id, kind, answers, subjects, sender, more)")
    rows = [("q1", "transfer_request", None, '["s1"]', "b", '{"target": "b"}'),
            ("y1", "transfer_accept", "q1", '["s1"]', "a", '{"target": "b"}'),
            ("q2", "transfer_request", None, '["s2"]', "b", ""),
            ("y2", "transfer_accept", "q2", '["s2"]', "a", "")]  # fmt: skip
    raw.executemany("INSERT INTO notice VALUES (?,?,?,?,?,?)", rows)
    world: Any = SimpleNamespace(machines=[], ground=SimpleNamespace(con=raw))
    move = _changed("s1", Kind.TRANSFERRED, "t", {"set": {"station": "b"}})
    talks.agreed(world, Province(ops={"t": move}, homes={"s1": "b"}))
    talks.agreed(world, Province(ops={"e": _erased("s1")}, homes={"s1": "a"}))
    with pytest.raises(Violation, match="s1 was given to b, and nothing moves it"):
        talks.agreed(world, Province(homes={"s1": "a"}))
    raw.close()


def test_what_is_kept_apart_is_told_to_its_clerk_until_it_is_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody looked at the desks: the server kept work apart and no clerk had to learn of it."""
    raw = sqlite3.connect(":memory:")
    raw.execute("CREATE TABLE op (op_id, subject_id, subject_kind)")
    raw.execute("CREATE TABLE erased (subject_id)")
    raw.executemany("INSERT INTO op VALUES (?,?,?)", [("o1", "s1", "case"), ("o2", "d", "station")])
    monkeypatch.setattr(told.sync_state, "own_marks", lambda _con: [SimpleNamespace(replica="r")])
    tells: list[Apart] = []
    monkeypatch.setattr(told.sync_told, "apart", lambda _con: tells)

    def apart(
        waits: dict[tuple[str, str], set[str]], *actions: str, role: str = "desk",
        listed: Collection[tuple[str, str]] = (),
    ) -> None:  # fmt: skip
        tells[:] = [Apart(a, "r", "out_of_scope", 1, 0) for a in actions]
        machine: Any = SimpleNamespace(name="0:a", role=role, read=lambda job: job(raw))
        told.kept_apart(machine, waits, listed=listed)

    apart({("x", "r"): {"o1"}}, "x")
    apart({("x", "other"): {"o1"}})  # another file's to tell
    apart({("x", "r"): {"o1", "o9"}})  # a restore of this PC forgot a part of it
    apart({("x", "r"): {"o1"}}, listed={("x", "r")})  # it came in another life of this file
    apart({("x", "r"): {"o2"}}, role="county")  # its own name and people, in no stream
    with pytest.raises(Violation, match=r"M-4\.4: 0:a tells nobody that action x"):
        apart({("x", "r"): {"o1"}})
    with pytest.raises(Violation, match=r"M-4\.10: 0:a tells that action x"):
        apart({}, "x")
    raw.execute("INSERT INTO erased VALUES ('s1')")
    apart({("x", "r"): {"o1"}})
    raw.close()


def test_one_person_in_two_files_is_told_at_the_desk_too() -> None:
    """A desk could throw these notices away: only the server's table was looked at."""
    raw = sqlite3.connect(":memory:")
    raw.execute("CREATE TABLE stream (num, id)")
    raw.execute("CREATE TABLE notice (id, home, kind, at_ms, settled_ms)")
    raw.executemany("INSERT INTO stream VALUES (?,?)", [(1, "a"), (2, "b")])
    rows = [("n1", 1, "duplicate", 5, None), ("n2", 2, "duplicate", 5, None), ("n3", 1, "duplicate", 5, 6)]
    raw.executemany("INSERT INTO notice VALUES (?,?,?,?,?)", rows)
    known = [Notice("n1", "duplicate", ("s1", "s2"), "", 5, 0)]
    machine: Any = SimpleNamespace(name="0:a", org="a", role="desk", read=lambda _job: known)
    world: Any = SimpleNamespace(time=SimpleNamespace(ms=9), ground=SimpleNamespace(con=raw))
    told.duplicates(world, machine)
    known.clear()
    with pytest.raises(Violation, match=r"M-6\.7: 0:a was not told .* n1"):
        told.duplicates(world, machine)
    raw.close()
