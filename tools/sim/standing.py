"""What stands on the server, read past its code, for everything that is held against it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from jobdesk.cases.codec import decode, op_hash
from jobdesk.cases.ops import RULES, Op, Shape
from jobdesk.protocol.chains import EMPTY, StreamPoint, add, element, link
from tools.sim.world import Violation, World


@dataclass
class Province:
    """What stands on the server, read past its code."""

    ops: dict[str, Op] = field(default_factory=dict[str, Op])
    lines: dict[str, bytes] = field(default_factory=dict[str, bytes])
    hashes: dict[str, bytes] = field(default_factory=dict[str, bytes])
    homes: dict[str, str] = field(default_factory=dict[str, str])
    listed: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    ends: dict[str, tuple[int, bytes, bytes]] = field(default_factory=dict[str, tuple[int, bytes, bytes]])
    apart: set[str] = field(default_factory=set[str])
    wiped: set[str] = field(default_factory=set[str])
    """Those of ``gone`` of which something had been kept apart: it went, its place in the chain is left."""
    registered: set[str] = field(default_factory=set[str])
    """Subjects in its register of the erased."""
    gone: set[str] = field(default_factory=set[str])
    """Subjects that a clerk erased and the server knows it of: by an operation that is listed, or by its register
    alone. A restore and a lost disk may have taken the operation, and it is listed again only where its subject is;
    what comes late of the subject, or of another one that speaks of it, is blank all the same (M-7.2).
    """

    @cached_property
    def places(self) -> dict[str, set[str]]:
        return {stream: set(ids) for stream, ids in self.listed.items()}

    @cached_property
    def of_homes(self) -> dict[str, list[Op]]:
        """Operations of each subject as its home stream lists them."""
        by: dict[str, list[Op]] = {}
        for stream, ids in self.listed.items():
            for op in (self.ops[i] for i in ids):
                if self.homes[op.subject.id] == stream:
                    by.setdefault(op.subject.id, []).append(op)
        return by

    @cached_property
    def erased(self) -> set[str]:
        return {o.subject.id for o in self.ops.values() if RULES[o.kind].shape is Shape.ERASE}


def read_province(world: World) -> Province:
    """All of it, counted anew.

    Raises:
        Violation: S8, places, chain and digest of a stream; S3, something stands twice. By its id it cannot, the key
            of the table is in the way, nor can a stream list it twice. But a row may hold another operation than it
            says, and one that was done again under a fresh id has the hash of its payload: salts are random.
    """
    con, made = world.ground.con, Province()
    query = (
        "SELECT op.op_id, coalesce(r.line, op.line), op.hash, op.replica, op.replica_seq FROM op "
        "LEFT JOIN restricted r ON op.restricted AND r.op_id = op.op_id"
    )
    said: dict[bytes, str] = {}
    for op_id, line, hashed, *place in con.execute(query):
        made.lines[op_id], made.hashes[op_id] = bytes(line), bytes(hashed)
        made.ops[op_id] = op = decode(bytes(line))
        if [op.op_id, op.replica_id, op.replica_seq] != [op_id, *place]:
            raise Violation(f"S3: {op.op_id} of {op.replica_id} stands under {op_id} of {place[0]}")
        if said.setdefault(op.payload_hash, op_id) != op_id:
            raise Violation(f"S3: {op_id} says once more what {said[op.payload_hash]} said")
    for num, stream, head, hashed, digest in con.execute(
        "SELECT num, id, head, hash, digest FROM stream"
    ).fetchall():
        rows = con.execute(
            "SELECT seq, op_id, hash FROM listing WHERE stream = ? ORDER BY seq", (num,)
        ).fetchall()
        made.listed[stream] = [r[1] for r in rows]
        made.ends[stream] = (head, bytes(hashed), bytes(digest))
        at, elements = StreamPoint(), list[int]()
        for seq, op_id, place in rows:
            at = link(at, op_hash(made.ops[op_id]))
            elements.append(element(seq, made.hashes[op_id]))
            if (seq, bytes(place)) != (at.seq, at.hash):
                raise Violation(f"S8: stream {stream} is broken at {seq}")
        if (at.seq, at.hash, add(EMPTY, elements)) != made.ends[stream]:
            raise Violation(f"S8: stream {stream} does not end where it says")
    query = "SELECT b.id, s.id FROM subject b JOIN stream s ON s.num = b.home"
    made.homes = dict(con.execute(query).fetchall())
    for (line,) in con.execute("SELECT line FROM quarantine WHERE length(line) > 0"):
        made.apart |= {i for i in world.oracle.saved if i.encode() in bytes(line)}
    query = "SELECT DISTINCT subject FROM quarantine WHERE length(line) = 0"
    made.registered = {row[0] for row in con.execute("SELECT subject FROM erased")}
    made.gone = (made.erased | made.registered) & world.oracle.erased()
    made.wiped = {row[0] for row in con.execute(query)} & made.gone
    return made
