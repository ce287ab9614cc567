"""The server taking pushes in: chain, scope and row-level security on, PostgreSQL, load on the same cores.

Beside it the floor: COPY of the very same rows into tables without an index, on the same server.
Stations push 100 operations at a time, without HTTP and signatures: ``evening`` has those.
"""

from __future__ import annotations

import multiprocessing
import tempfile
import time
from pathlib import Path

import psycopg
from sqlalchemy import insert

from benchmarks.measure import Result
from jobdesk.cases.clock import FixedClock
from jobdesk.cases.codec import GENESIS, encode
from jobdesk.cases.ids import seeded_ids
from jobdesk.cases.ops import NewOp, Subject, opened
from jobdesk.protocol.messages import Place, PushHead
from jobdesk.store.log import Log, Tip
from province import streams
from province.db import tables as t
from province.db.engine import EVERYTHING, open_database
from province.identity import identity
from province.migrating import migrate
from province.scope import caller_for
from province.serving import Province
from tools.postgres import Postgres

SIZE = 100
STATIONS = 20
TEXT = "电话联系本人，了解求职意向，推荐岗位三个，约定下周到站面谈，并告知社保补贴政策。"


def pushes(replica: str, count: int, size: int = SIZE) -> list[tuple[PushHead, list[bytes]]]:
    """Pushes of so many operations each, made before the clock runs: services on people of a station."""
    clock = FixedClock.at(2026, 7, 15)
    log = Log(
        Tip(replica, 0, GENESIS, (0, 0)), clock, seeded_ids(int.from_bytes(replica.encode(), "big"), clock)
    )
    made: list[tuple[PushHead, list[bytes]]] = []
    for push in range(count):
        acked = Place(seq=log.tip.seq, hash=log.tip.hash.hex())
        new: list[NewOp] = [
            opened(Subject("case", f"{replica}-{n % 60}"), "service", f"{replica}-{push}-{n}",
                   {"content": TEXT, "type": "电话", "served_on": "2026-07-15"})
            for n in range(size)
        ]  # fmt: skip
        lines: list[bytes] = []
        for part in range(0, size, 2):
            ops, log.tip = log.stamp_all(new[part : part + 2], "staff", f"{replica}-{push}-{part}")
            lines += map(encode, ops)
        head = PushHead(replica=replica, acked=acked, last_seq=log.tip.seq, now_ms=0, count=size)
        made.append((head, lines))
    return made


def load(url: str, number: int, count: int, gate: object, out: object) -> None:
    """One process: its stations in turn, each push timed."""
    db = open_database(url, pool=2)
    server = Province(db, lambda: 1_800_000_000_000, lambda: "id")
    with db.reading(EVERYTHING) as con:
        me = identity(con)
        callers = [caller_for(con, f"d{number}-{s}", f"s{s}", "desk", revoked=False)
                   for s in range(STATIONS)]  # fmt: skip
    work = [pushes(f"r{number}-{s}", count) for s in range(STATIONS)]
    gate.wait()  # type: ignore[attr-defined]
    took: list[float] = []
    began = time.perf_counter()
    for turn in range(count):
        for station in range(STATIONS):
            head, lines = work[station][turn]
            start = time.perf_counter()
            with db.reading(EVERYTHING) as con:  # what a request costs before its push
                identity(con)
                caller_for(con, callers[station].device, callers[station].org, "desk", revoked=False)
            answer = server.take(callers[station], me, head, lines)
            took.append(time.perf_counter() - start)
            assert all(v.verdict == "accepted" for v in answer.verdicts)
    out.put((time.perf_counter() - began, took))  # type: ignore[attr-defined]
    db.engine.dispose()


def floor(url: str, rows: int) -> float:
    """Seconds to COPY the operations and places that the load wrote."""
    plain = url.replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(plain) as con:
        con.execute(b"CREATE TABLE floor_op AS SELECT * FROM op WHERE false")
        con.execute(b"CREATE TABLE floor_listing AS SELECT * FROM listing WHERE false")
        con.commit()
        data = {
            name: con.execute(f"SELECT * FROM {name} LIMIT {rows}".encode()).fetchall()
            for name in ("op", "listing")
        }
        start = time.perf_counter()
        for name, found in data.items():
            with con.cursor().copy(f"COPY floor_{name} FROM STDIN".encode()) as copy:
                for row in found:
                    copy.write_row(row)
        con.commit()
        return time.perf_counter() - start


def run(count: int = 12, processes: int = 2) -> list[Result]:
    folder = Path(tempfile.mkdtemp(prefix="jobdesk-bench-"))
    folder.chmod(0o755)
    server = Postgres(folder)
    server.start()
    try:
        owner, app = server.new_database("bench")
        migrate(owner, "bench")
        server.grant("bench")
        _stations(app)
        context = multiprocessing.get_context("spawn")
        gate, out = context.Barrier(processes), context.Queue()
        children = [context.Process(target=load, args=(app, n, count, gate, out)) for n in range(processes)]
        for child in children:
            child.start()
        answers = [out.get() for _ in children]
        for child in children:
            child.join()
        took = sorted(t for _, times in answers for t in times)
        rate = len(took) * SIZE / max(seconds for seconds, _ in answers)
        bare = len(took) * SIZE / floor(server.url("bench", "owner"), len(took) * SIZE)
        p95 = took[int(len(took) * 0.95)] * 1000
        return [
            Result("server accepts, PostgreSQL, chain, scope, RLS", rate, "ops/s", bare,
                   "COPY of the same rows", "≥ 5,000 ops/s", rate >= 5000),
            Result(f"the same, p95 of a push of {SIZE} operations", p95, "ms", None, "", "< 100 ms", p95 < 100),
        ]  # fmt: skip
    finally:
        server.remove()


def _stations(url: str) -> None:
    db = open_database(url)
    with db.writing(EVERYTHING) as con:
        con.execute(insert(t.org).values(id="22", name="省", level="province"))
        for s in range(STATIONS):
            con.execute(insert(t.org).values(id=f"s{s}", name="站", level="station", parent="22"))
            streams.new_stream(con, f"s{s}")
    db.engine.dispose()
