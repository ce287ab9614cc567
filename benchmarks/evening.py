"""A thousand stations in one evening, and a server asked for hours: what it takes, and what it keeps.

Each station is a device with its key: hello, a push of a day's 30 operations in one go, a pull. The load runs in
processes beside the server on the same cores, as fast as it can: the evening hour is held when it needs less.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Sequence
from pathlib import Path
from queue import Empty
from typing import Any

import psycopg

from benchmarks import capacity
from benchmarks.accepting import pushes
from benchmarks.measure import Result, part
from benchmarks.served import Served, served
from jobdesk.protocol.messages import Cursor, EnrolAsk, Place, PullAsk
from jobdesk.protocol.signing import new_device_key, public_of
from jobdesk.sync.client import Client
from jobdesk.sync.http_transport import HttpTransport
from province import enrolling
from province.db.engine import EVERYTHING, open_database
from province.wall import now_ms

STATIONS, DAY = int(os.environ.get("JOBDESK_STATIONS", "1000")), 30
PULLS = int(os.environ.get("JOBDESK_PULLS", "100000"))
"""Operations of a day at a station; pulls after which memory is looked at again."""
LOADERS = 2
WARM = 2_000
PATIENCE_S = 1_800
"""For the slowest to get ready, on a busy machine."""


def run() -> list[Result]:
    with served(STATIONS) as server:
        codes = _codes(server, STATIONS)
        found = _evening(server, codes[LOADERS:])
        return found + _pulls(server, codes[:LOADERS])


def _codes(server: Served, count: int) -> list[str]:
    """Codes for those that only pull, then one a station; made where the server makes them, without a process
    each.
    """
    db = open_database(server.owner)
    with db.writing(EVERYTHING) as con:
        made = [enrolling.issue_code(con, f"s{n}", "desk", now_ms()) for n in range(count)]
        made[0:0] = [enrolling.issue_code(con, "s0", "desk", now_ms()) for _ in range(LOADERS)]
    db.engine.dispose()
    return made


def _collected(children: Sequence[Any], out: Any) -> list[Any]:
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


def _enrolled(line: HttpTransport, code: str, name: str) -> Client:
    key = new_device_key()
    ask = EnrolAsk(code=code, device_key=public_of(key).hex(), program="bench", station_subject=f"at-{name}")
    told = Client(line, "", key).enrol(ask)
    return Client(line, told.device, key)


def _load(url: str, codes: Sequence[str], number: int, gate: Any, out: Any) -> None:
    """One process: its stations after one another, each exchange timed."""
    took: list[float] = []
    sent = 0
    with HttpTransport(url) as line:
        clients = [_enrolled(line, code, f"{number}-{n}") for n, code in enumerate(codes)]
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


def _evening(server: Served, codes: list[str]) -> list[Result]:
    context = multiprocessing.get_context("spawn")
    gate, out = context.Barrier(LOADERS + 1, timeout=PATIENCE_S), context.Queue()
    shares = [codes[n::LOADERS] for n in range(LOADERS)]
    children = [
        context.Process(target=_load, args=(server.url, share, n, gate, out))
        for n, share in enumerate(shares)
    ]
    for child in children:
        child.start()
    gate.wait()
    before = _cpu_s(server)
    answers: list[tuple[float, list[float], int]] = _collected(children, out)
    cpu = [(b - a) / len(codes) * 1000 for a, b in zip(before, _cpu_s(server), strict=True)]
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


def _pulls(server: Served, codes: Sequence[str]) -> list[Result]:
    """Memory of the server's processes and of those that ask, when warm and after many pulls."""
    context = multiprocessing.get_context("spawn")
    gate, out = context.Barrier(len(codes) + 1, timeout=PATIENCE_S), context.Queue()
    children = [
        context.Process(target=_ask_often, args=(server.url, code, n, PULLS // len(codes), gate, out))
        for n, code in enumerate(codes)
    ]
    for child in children:
        child.start()
    gate.wait()  # warm
    before, began = _tree_mb(server.pid), time.perf_counter()
    gate.wait()
    answers: list[tuple[float, float]] = _collected(children, out)
    seconds, after = time.perf_counter() - began, _tree_mb(server.pid)
    mine, mine_after = max(answers, key=lambda a: a[1] - a[0])
    grown = after - before
    return [
        Result(f"the server's processes after {PULLS:,} pulls", after, "MB", before, f"after {WARM:,}",
               "flat (own: ≤ 5 % more)", grown <= before * 0.05),
        Result("the asking client after them", mine_after, "MB", mine, f"after {WARM:,}",
               "flat (own: ≤ 5 % more)", mine_after - mine <= mine * 0.05),
        Result("pulls with nothing to tell", PULLS / seconds, "a second"),
    ]  # fmt: skip


def _ask_often(url: str, code: str, number: int, pulls: int, gate: Any, out: Any) -> None:
    """One process that asks and asks: its memory when warm, and at the end."""
    with HttpTransport(url) as line:
        client = _enrolled(line, code, f"pulls{number}")
        head, _ = client.pull(PullAsk())
        cursors = [Cursor(stream=p.stream, at=Place(seq=p.end.seq, hash=p.end.hash)) for p in head.pages]
        ask = PullAsk(cursors=cursors)
        for _ in range(WARM // LOADERS):
            client.pull(ask)
        gate.wait()
        before = _rss_mb(os.getpid())
        gate.wait()
        for _ in range(pulls):
            client.pull(ask)
        out.put((before, _rss_mb(os.getpid())))


def _rss_mb(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


def _cpu_s(server: Served) -> tuple[float, float]:
    """CPU seconds so far of the server's processes, and of PostgreSQL's that live."""
    return _tree_cpu(server.pid), _tree_cpu(server.postgres)


def _tree_cpu(pid: int) -> float:
    """With the children that have ended."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    own = sum(int(f) for f in fields[11:15]) / os.sysconf("SC_CLK_TCK")
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return own + sum(_tree_cpu(int(child)) for child in children)


def _stored(server: Served) -> int:
    plain = server.owner.replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(plain) as con:
        row = con.execute(
            b"SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c "
            b"WHERE c.relkind = 'r' AND c.relname IN ('op', 'listing', 'subject')"
        ).fetchone()
    return int(row[0]) if row else 0


def _tree_mb(pid: int) -> float:
    """Resident memory of a process and all below it."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return _rss_mb(pid) + sum(_tree_mb(int(child)) for child in children)
