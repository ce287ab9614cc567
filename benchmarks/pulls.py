"""A server asked over and over: what it keeps of that, and what one pull with nothing to tell costs.

Who asks is lean, so that the cores are the server's: one request, signed once for the minutes its nonce lives,
sent again and again over one connection, its answer read to the end. A desk's own client asks beside it, a
twentieth of the pulls: its memory has to stay flat too. The server verifies, looks the device up and answers anew
each time. Every tenth is told on the way: a run that is broken off has said something.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from benchmarks.evening import PATIENCE_S, codes, collected, enrolled
from benchmarks.lean import Asker, connected, read_answer
from benchmarks.measure import Result
from benchmarks.served import Served, cpu_s, rss_mb, served, tree_cpu, tree_mb
from jobdesk.protocol.messages import Cursor, Place, PullAsk
from jobdesk.sync.client import Client
from jobdesk.sync.http_transport import HttpTransport

PULLS = int(os.environ.get("JOBDESK_PULLS", "100000"))
ASKERS = 4
"""Connections that ask leanly; more than the server's processes, as nobody says which takes a connection."""
BY_DESK = PULLS // 20
SHARES = (BY_DESK, *[(PULLS - BY_DESK) // ASKERS] * ASKERS)
WARM = 2_000
_NONCE_S = 300


def run() -> list[Result]:
    with served(1) as server:
        return _asked(server)


def _asked(server: Served) -> list[Result]:
    context = multiprocessing.get_context("spawn")
    gate, out = context.Barrier(len(SHARES) + 1, timeout=PATIENCE_S), context.Queue()
    done = context.Array("q", len(SHARES))
    given = codes(server, ["s0"] * len(SHARES))
    children = [
        context.Process(target=_ask_often, args=(server.url, code, n, gate, done, out))
        for n, code in enumerate(given)
    ]
    for child in children:
        child.start()
    gate.wait()  # warm
    warm, cpu, began = tree_mb(server.pid), cpu_s(server), time.perf_counter()
    mine = sum(tree_cpu(c.pid or 0) for c in children[1:])
    gate.wait()
    most = _told_on_the_way(server, children, done, began)
    seconds, after, total = time.perf_counter() - began, tree_mb(server.pid), sum(SHARES)
    spent = [(b - a) / total * 1000 for a, b in zip(cpu, cpu_s(server), strict=True)]
    mine = sum(tree_cpu(c.pid or 0) for c in children[1:]) - mine
    gate.wait()
    before, end = next(told for told in collected(children, out) if told)
    return [
        Result(f"the server's processes after {total:,} pulls", after, "MB", warm, f"after {WARM:,}",
               "flat (own: ≤ 5 % more)", after <= warm * 1.05),
        Result("the most they had between", most, "MB"),
        Result(f"a desk's client after {BY_DESK:,} of them", end, "MB", before, f"after {WARM // len(SHARES):,}",
               "flat (own: ≤ 5 % more)", end <= before * 1.05),
        Result("pulls with nothing to tell", total / seconds, "a second"),
        Result("CPU of the server's processes for one", spent[0], "ms"),
        Result("CPU of PostgreSQL for one", spent[1], "ms"),
        Result("CPU of who asks leanly for one", mine / (total - BY_DESK) * 1000, "ms"),
    ]  # fmt: skip


def _told_on_the_way(server: Served, children: list[Any], done: Any, began: float) -> float:
    """Wait for the end; the largest memory of the server's processes meanwhile, in MB."""
    most, told = 0.0, 0
    while (count := sum(done)) < sum(SHARES):
        if any(child.exitcode for child in children):
            raise RuntimeError("a process that asked ended early")
        most = max(most, tree_mb(server.pid))
        if count * 10 // PULLS > told:
            told = count * 10 // PULLS
            seconds = time.perf_counter() - began
            line = f"{count:,} pulls, {seconds:.0f} s, {tree_mb(server.pid):.0f} MB"
            print(line, file=sys.stderr, flush=True)
        time.sleep(1)
    return max(most, tree_mb(server.pid))


def _ask_often(url: str, code: str, number: int, gate: Any, done: Any, out: Any) -> None:
    """One process that asks and asks; the first as a desk does, the others leanly."""
    with ExitStack() as stack:
        ask_once = (_desk if number == 0 else _lean)(stack, url, code, number)
        for _ in range(WARM // len(SHARES)):
            ask_once()
        gate.wait()
        before = rss_mb(os.getpid())
        gate.wait()
        for n in range(SHARES[number]):
            ask_once()
            done[number] = n + 1
        after = rss_mb(os.getpid())
        gate.wait()
    out.put((before, after) if number == 0 else ())


def _from_the_end(client: Client) -> PullAsk:
    """A pull from where every stream ends."""
    head, _ = client.pull(PullAsk())
    ends = [Cursor(stream=p.stream, at=Place(seq=p.end.seq, hash=p.end.hash)) for p in head.pages]
    return PullAsk(cursors=ends)


def _desk(stack: ExitStack, url: str, code: str, number: int) -> Callable[[], object]:
    client = enrolled(stack.enter_context(HttpTransport(url)), code, f"pulls{number}")
    ask = _from_the_end(client)
    return lambda: client.pull(ask)


def _lean(stack: ExitStack, url: str, code: str, number: int) -> Callable[[], object]:
    asker = Asker(stack.enter_context(HttpTransport(url)), url, code, str(number))
    body = _from_the_end(asker.client).model_dump_json(exclude_none=True).encode()
    wire = stack.enter_context(connected(url))
    request, until = b"", 0.0

    def ask_once() -> None:
        nonlocal request, until
        if time.monotonic() > until:
            asker.client.hello()
            request, until = asker.signed("/v1/pull", body), time.monotonic() + _NONCE_S
        wire.sendall(request)
        read_answer(wire)

    return ask_once
