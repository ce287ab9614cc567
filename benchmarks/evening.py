"""A thousand stations in one evening: what it takes.

Each station is a device with its key: hello, a push of a day's 30 operations in one go, a pull. The load runs in
processes beside the server on the same cores, as fast as it can: the evening hour is held when it needs less.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Sequence
from queue import Empty
from typing import Any

import psycopg

from benchmarks import capacity
from benchmarks.accepting import pushes
from benchmarks.measure import Result, part
from benchmarks.served import Served, cpu_s, served
from jobdesk.protocol.messages import EnrolAsk, PullAsk
from jobdesk.protocol.signing import new_device_key, public_of
from jobdesk.sync.client import Client
from jobdesk.sync.http_transport import HttpTransport
from province import enrolling
from province.db.engine import EVERYTHING, open_database
from province.wall import now_ms

STATIONS, DAY = int(os.environ.get("JOBDESK_STATIONS", "1000")), 30
"""Operations of a day at a station."""
LOADERS = 2
PATIENCE_S = 1_800
"""For the slowest to get ready, on a busy machine."""


def run() -> list[Result]:
    with served(STATIONS) as server:
        return _evening(server, codes(server, [f"s{n}" for n in range(STATIONS)]))


def codes(server: Served, orgs: Sequence[str]) -> list[str]:
    """One of each; made where the server makes them, without a process each."""
    db = open_database(server.owner)
    with db.writing(EVERYTHING) as con:
        made = [enrolling.issue_code(con, org, "desk", now_ms()) for org in orgs]
    db.engine.dispose()
    return made


def collected(children: Sequence[Any], out: Any) -> list[Any]:
    """What each child tells; a child that died is no reason to wait for ever."""
    found: list[Any] = []
    while len(found) < len(children):
        try:
            found.append(out.get(timeout=5))
        except Empty:
            if any(child.exitcode for child in children):
                raise RuntimeError("a process that made the load ended early") from None
    for child in children:
        child.join()
    return found


def enrolled(line: HttpTransport, code: str, name: str) -> Client:
    key = new_device_key()
    ask = EnrolAsk(code=code, device_key=public_of(key).hex(), program="bench", station_subject=f"at-{name}")
    told = Client(line, "", key).enrol(ask)
    return Client(line, told.device, key)


def _load(url: str, codes: Sequence[str], number: int, gate: Any, out: Any) -> None:
    """One process: its stations after one another, each exchange timed."""
    took: list[float] = []
    sent = 0
    with HttpTransport(url) as line:
        clients = [enrolled(line, code, f"{number}-{n}") for n, code in enumerate(codes)]
        work = [pushes(f"r{number}-{n}", 1, DAY)[0] for n in range(len(codes))]
        gate.wait()
        began = time.perf_counter()
        for client, (head, lines) in zip(clients, work, strict=True):
            start = time.perf_counter()
            client.hello()
            answer = client.push(head, lines)
            client.pull(PullAsk())
            took.append(time.perf_counter() - start)
            sent += client.sent + client.received
            if any(v.verdict != "accepted" for v in answer.verdicts):
                raise RuntimeError(str(answer.verdicts[0]))
    out.put((time.perf_counter() - began, took, sent))


def _evening(server: Served, given: list[str]) -> list[Result]:
    context = multiprocessing.get_context("spawn")
    gate, out = context.Barrier(LOADERS + 1, timeout=PATIENCE_S), context.Queue()
    shares = [given[n::LOADERS] for n in range(LOADERS)]
    children = [
        context.Process(target=_load, args=(server.url, share, n, gate, out))
        for n, share in enumerate(shares)
    ]
    for child in children:
        child.start()
    gate.wait()
    before = cpu_s(server)
    answers: list[tuple[float, list[float], int]] = collected(children, out)
    cpu = [(b - a) / len(given) * 1000 for a, b in zip(before, cpu_s(server), strict=True)]
    seconds = max(a[0] for a in answers)
    took = sorted(t for a in answers for t in a[1])
    each, stored = sum(a[2] for a in answers) / len(took), _stored(server) / (len(took) * DAY)
    if STATIONS >= 1_000:  # fewer would spread what is paid once over too little
        capacity.keep({"app_ms": cpu[0], "db_ms": cpu[1], "wire_b": each, "stored_b": stored})
    return [
        Result(f"{len(took):,} stations with a day of {DAY} each", seconds, "s", 3600, "an evening hour", "≤ 1 h",
               seconds <= 3600),
        Result("one of those exchanges, p95", part(took, 0.95) * 1000, "ms"),
        Result("bytes of one of them on the wire, both ways", each, "B"),
        Result("CPU of the server's processes for one of them", cpu[0], "ms"),
        Result("CPU of PostgreSQL for one of them", cpu[1], "ms"),
        Result("bytes an operation in PostgreSQL, indexes and all", stored, "B"),
    ]  # fmt: skip


def _stored(server: Served) -> int:
    plain = server.owner.replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(plain) as con:
        row = con.execute(
            b"SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c "
            b"WHERE c.relkind = 'r' AND c.relname IN ('op', 'listing', 'subject')"
        ).fetchone()
    return int(row[0]) if row else 0
