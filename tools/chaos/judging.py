"""Once the faults have stopped: nothing lost, nothing twice, nothing stuck, the same everywhere."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from sqlalchemy import select

from jobdesk.cases.codec import decode, op_hash
from jobdesk.cases.ops import Op, Subject
from jobdesk.protocol.chains import EMPTY, StreamPoint, add, element, link
from jobdesk.store import reads, recounting, sync_state
from jobdesk.store.check import check_station
from jobdesk.store.log import ops_by_subject
from jobdesk.store.station_file import Connection
from province.db import tables as t
from province.db.engine import EVERYTHING, open_database
from tools.chaos.desks import DeskProcess, Said
from tools.chaos.driver import opened_station

MOST_ROUNDS = 8
"""Exchanges of every desk after the last fault within which all queues must be empty (own figure: a fork in a
former life, its refill, and everybody's pull of both need four)."""


@dataclass(slots=True)
class Server:
    """What the server holds at the end, read past its own code."""

    ops: dict[str, int] = field(default_factory=dict[str, int])
    homes: dict[str, int] = field(default_factory=dict[str, int])
    erased: set[str] = field(default_factory=set[str])
    apart: set[str] = field(default_factory=set[str])
    kept: list[str] = field(default_factory=list[str])
    digests: dict[str, tuple[int, bytes]] = field(default_factory=dict[str, "tuple[int, bytes]"])
    names: dict[int, str] = field(default_factory=dict[int, str])
    wrong: list[str] = field(default_factory=list[str])


def drain(desks: Sequence[DeskProcess]) -> tuple[int, list[str]]:
    """Exchanges by the command line, all desks in turn, until nobody has anything left; rounds, and who is stuck."""
    last: dict[str, dict[str, object]] = {}
    for number in range(1, MOST_ROUNDS + 1):
        with ThreadPoolExecutor(2) as pool:
            told = list(pool.map(DeskProcess.exchange, desks))
        last = {d.name: r for d, r in zip(desks, told, strict=True)}
        if all(_quiet(r) for r in told):
            return number, []
    return MOST_ROUNDS, [
        f"{name} does not come to rest: error {r.get('error')!r}, {r.get('waiting')} waiting, "
        f"{r.get('sent_ops')} sent, {r.get('came_ops')} came, repaired {r.get('repaired')}"
        for name, r in last.items() if not _quiet(r)
    ]  # fmt: skip


def _quiet(r: dict[str, object]) -> bool:
    return (
        r.get("error") == ""
        and r.get("agreed") is True
        and not any(r[key] for key in ("waiting", "sent_ops", "known_ops", "refilled_ops", "came_ops"))
    )


def read_server(url: str) -> Server:
    """Every stream counted anew from its lines."""
    found = Server()
    db = open_database(url)
    with db.reading(EVERYTHING) as con:
        found.erased = set(con.execute(select(t.erased.c.subject)).scalars())
        found.homes = {r.id: int(r.home) for r in con.execute(select(t.subject.c.id, t.subject.c.home))}
        for r in con.execute(select(t.op.c.op_id, t.op.c.subject, t.op.c.line)):
            op = decode(bytes(r.line))
            found.ops[r.op_id] = 0
            if r.subject in found.erased and op.payload is not None and op.kind.value != "Erased":
                found.wrong.append(f"server: {r.op_id} of an erased subject has its payload")
        for r in con.execute(select(t.quarantine)):
            if not r.line:  # what was kept apart of an erased subject is blank
                continue
            op = decode(bytes(r.line))
            found.apart.add(op.op_id)
            if r.settled_ms is None and op.subject.kind == "case" and op.op_id not in found.ops:
                # nobody here says anything that a server may not list in the end
                what = f"{op.kind.value} {op.op_id} of {op.subject.id} by {op.replica_id}"
                found.kept.append(f"server: {what} stays apart as {r.reason}")
        for s in con.execute(select(t.stream)).all():
            found.names[int(s.num)] = s.id
            rows = con.execute(
                select(t.listing.c.seq, t.listing.c.hash, t.op.c.op_id, t.op.c.line)
                .join(t.op, t.op.c.op_id == t.listing.c.op_id, isouter=True)
                .where(t.listing.c.stream == s.num)
                .order_by(t.listing.c.seq)
            ).all()
            at, digest = StreamPoint(), EMPTY
            seen: Counter[str] = Counter()
            for r in rows:
                if r.op_id is None:
                    found.wrong.append(f"stream {s.id}: place {r.seq} names an operation that is not there")
                    break
                hashed = op_hash(decode(bytes(r.line)))
                at = link(at, hashed)
                digest = add(digest, [element(at.seq, hashed)])
                seen[r.op_id] += 1
                found.ops[r.op_id] += 1
                if (at.seq, at.hash) != (r.seq, bytes(r.hash)):
                    found.wrong.append(f"stream {s.id}: place {r.seq} is not what follows {at.seq - 1}")
                    break
            if (at.seq, at.hash, digest) != (s.head, bytes(s.hash), bytes(s.digest)):
                found.wrong.append(f"stream {s.id}: head, chain or digest is not what its places come to")
            found.wrong += [f"stream {s.id}: {op} stands {n} times" for op, n in seen.items() if n > 1]
            found.digests[s.id] = (at.seq, digest)
    db.engine.dispose()
    found.wrong += [f"server: {op} is in no stream" for op, n in found.ops.items() if not n]
    return found


def judge(desks: Sequence[DeskProcess], said: Said, server: Server) -> list[str]:
    """What is wrong; empty when all is well."""
    wrong = [*server.wrong, *server.kept[:20]]
    lost = said.ops.keys() - server.ops.keys() - server.apart
    wrong += [
        f"lost: {op} was saved and is nowhere on the server"
        for op in sorted(lost) if said.ops[op] not in server.erased
    ][:20]  # fmt: skip
    erased = {subject for op, subject in said.erased.items() if op in server.ops}  # not kept apart
    wrong += [
        f"{s} was erased on a desk, not in the server's register" for s in sorted(erased - server.erased)
    ]
    folds: dict[str, dict[str, object]] = defaultdict(dict)
    for desk in desks:
        wrong += [f"{desk.name}: {w}" for w in _judge_desk(desk, server, folds)]
    for subject, by_desk in folds.items():
        first = next(iter(by_desk.values()))
        odd = [name for name, state in by_desk.items() if state != first]
        if odd:
            wrong.append(f"{subject} is another one on {', '.join(odd)} than on {next(iter(by_desk))}")
            by_name = {d.name: d for d in desks}
            wrong += _difference(subject, by_name[next(iter(by_desk))], by_name[odd[0]], server)
    return wrong


def _judge_desk(desk: DeskProcess, server: Server, folds: dict[str, dict[str, object]]) -> Iterable[str]:
    station = opened_station(desk.folder)
    try:
        read = station.file.read
        yield from (f"{r.name}: {r.detail}" for r in check_station(station) if not r.ok)
        if waiting := read(sync_state.waiting).result():
            yield f"{waiting} operations still wait"
        seen: set[str] = set()
        for s in read(sync_state.streams).result():
            if s.gone:
                continue
            seen.add(s.stream)
            at, digest = read(lambda con, i=s.stream: recounting.recount(con, i)).result()
            if (at.seq, digest) != server.digests[s.stream]:
                yield f"stream {s.stream} stands at {at.seq}, the server's at {server.digests[s.stream][0]}, digests differ"
        if not seen:
            yield "knows no stream"
        states, bare = read(lambda con: _states(con, server.erased)).result()
        yield from (f"{op} of an erased subject has its payload" for op in bare)
        for subject, state in states.items():
            home = server.homes.get(subject)
            if home is not None and server.names[home] in seen:
                folds[subject][desk.name] = state
    finally:
        station.close()


def _difference(subject: str, one: DeskProcess, other: DeskProcess, server: Server) -> Iterable[str]:
    """Operations that only one of two desks has, and where the server has them."""
    held = [{o.op_id: o for o in _ops_of(desk, subject)} for desk in (one, other)]
    for desk, mine, theirs in ((one, held[0], held[1]), (other, held[1], held[0])):
        for op_id in sorted(mine.keys() - theirs.keys()):
            where = "listed" if op_id in server.ops else "kept apart" if op_id in server.apart else "unknown"
            yield f"  only {desk.name} has {mine[op_id].kind.value} {op_id}, {where} on the server"
        for op_id in sorted(mine.keys() & theirs.keys()):
            if (mine[op_id].payload is None) and (theirs[op_id].payload is not None):
                yield f"  {desk.name} has {mine[op_id].kind.value} {op_id} without its payload"


def _ops_of(desk: DeskProcess, subject: str) -> list[Op]:
    station = opened_station(desk.folder)
    try:
        return station.file.read(lambda con: dict(ops_by_subject(con)).get(subject, [])).result()
    finally:
        station.close()


def _states(con: Connection, erased: set[str]) -> tuple[dict[str, object], list[str]]:
    """Every subject as its rows say, and operations that should be blank."""
    states: dict[str, object] = {}
    bare: list[str] = []
    for subject, ops in ops_by_subject(con):
        states[subject] = reads.subject_state(con, Subject(ops[0].subject.kind, subject))
        if subject in erased:
            bare += [o.op_id for o in ops if o.payload is not None and o.kind.value != "Erased"]
    return states, bare
