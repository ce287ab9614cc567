"""Signed pushes of 100 operations over HTTP to the real server: as many processes as ``serve`` starts by itself,
chain, scope and row-level security on, PostgreSQL with fsync, the load on the same cores.

All of a push stands before the clock runs, body, signature and heads. A connection has its stations in turn and
waits for each answer, as a desk does. First as fast as the server takes them; then at the rate that is asked for,
each push timed from when it was due. As nobody says which process takes a connection, they are chosen until each
process has as many. Beside it the floor of ``accepting``: COPY of the same rows, in the same run. At the end one
process is watched under the load of the beginning, where py-spy is installed.
"""

from __future__ import annotations

import os
import socket
import time
from collections import deque
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from threading import Event, Thread

from benchmarks import watching
from benchmarks.accepting import SIZE, floor, pushes
from benchmarks.evening import codes
from benchmarks.lean import Asker, connected, read_answer
from benchmarks.measure import Result, part
from benchmarks.served import Served, cpu_s, served
from jobdesk.protocol.bodies import write_lines
from jobdesk.sync.http_transport import HttpTransport

LINES = int(os.environ.get("JOBDESK_LINES", "4"))
"""Connections kept alive; of two processes each has one that is worked on and one that waits. As fast as they can,
more of them only wait longer.
"""
STATIONS = 5 * LINES
WARM, COUNT, PACED, WATCHED = 3, int(os.environ.get("JOBDESK_PUSHES", "40")), 20, 15
"""Pushes of a station: before the clock runs; as fast as they are taken, at the most, since that ends when the first
connection has sent its own; at the rate that is asked for; while a process is watched.
"""
ASKED = 5_000
"""Operations a second."""
WHO = ("the server's processes", "PostgreSQL", "the load", "the threads for HTTP among the server's")


@dataclass(slots=True)
class Line:
    """A connection, and what is to be sent on it."""

    wire: socket.socket
    left: deque[bytes] = field(default_factory=deque[bytes])
    took: list[float] = field(default_factory=list[float])
    failed: str = ""

    def send(self, count: int, over: Event, first: float, every: float) -> None:
        """So many, or until another connection is through.

        Args:
            first, every: when they are due; one that is late because the one before was counts from then. 0: each
                at once.
        """
        try:
            for n in range(count):
                due = first + n * every if every else time.perf_counter()
                time.sleep(max(0.0, due - time.perf_counter()))
                if over.is_set():
                    return
                self.wire.sendall(self.left.popleft())
                answer = read_answer(self.wire)
                self.took.append(time.perf_counter() - due)
                if answer.count(b'"accepted"') != SIZE // 2:
                    raise RuntimeError(answer.decode("utf-8", "replace"))
        except (OSError, RuntimeError) as fault:
            self.failed = str(fault)
        if self.failed or not every:
            over.set()


def run() -> list[Result]:
    with served(STATIONS) as server, ExitStack() as stack:
        given = codes(server, [f"s{n}" for n in range(STATIONS)])
        made = [_station(stack, server, code, n) for n, code in enumerate(given)]
        processes = watching.listening(server.pid)
        lines = [Line(wire) for wire in _shared_out(stack, server, processes)]
        for turn in zip(*made, strict=True):
            for n, request in enumerate(turn):
                lines[n % len(lines)].left.append(request)
        _sent(lines, WARM)
        seconds, took, spent = _fast(server, lines, processes)
        paced = part(_sent(lines, PACED, ASKED), 0.95) * 1000
        with watching.watched(processes[0]) as found:
            _sent(lines, WATCHED)
        ops = len(took) * SIZE
        rate, p95, bare = ops / seconds, part(took, 0.95) * 1000, ops / floor(server.owner, ops)
        name = f"signed pushes over HTTP, {len(processes)} processes, {len(lines)} connections, PostgreSQL"
        return [
            Result(name, rate, "ops/s", bare, "COPY of the same rows", "≥ 5,000 ops/s", rate >= 5000),
            Result(f"the same, p95 of a push of {SIZE} operations", p95, "ms", None, "", "< 100 ms", p95 < 100),
            Result("the same, p50", part(took, 0.5) * 1000, "ms"),
            Result(f"p95 where {ASKED:,} ops/s come", paced, "ms", None, "", "< 100 ms", paced < 100),
            *(Result(f"CPU of {who}, an operation", s / ops * 1e6, "µs") for who, s in zip(WHO, spent, strict=True)),
            Result("cores that the first three had", sum(spent[:3]) / seconds, "cores"),
            *found,
        ]  # fmt: skip


def _station(stack: ExitStack, server: Served, code: str, number: int) -> list[bytes]:
    """Its requests, ready to be sent: within the ten minutes that a nonce is good for."""
    asker = Asker(stack.enter_context(HttpTransport(server.url)), server.url, code, f"push-{number}")
    asker.client.hello()
    made = pushes(f"push-{number}", WARM + COUNT + PACED + WATCHED)
    return [asker.signed("/v1/push", write_lines(head, ops)) for head, ops in made]


def _shared_out(stack: ExitStack, server: Served, processes: Sequence[int]) -> list[socket.socket]:
    """Connections, to each process as many."""
    found: dict[int, list[socket.socket]] = {pid: [] for pid in processes}
    most = LINES // len(processes)
    while sum(map(len, found.values())) < most * len(processes):
        wire = stack.enter_context(connected(server.url))
        wire.sendall(b"GET /health HTTP/1.1\r\nHost: bench\r\n\r\n")
        read_answer(wire)
        has = found[watching.taken_by(wire, processes)]
        if len(has) < most:
            has.append(wire)
        else:
            wire.close()
    return [wire for turn in zip(*found.values(), strict=True) for wire in turn]


def _sent(lines: Sequence[Line], each: int, rate: float = 0) -> list[float]:
    """So many of each station, on all connections at once; what each took, sorted.

    Args:
        rate: operations a second; 0: as fast as they are taken.

    Raises:
        RuntimeError: one was not accepted.
    """
    over, count, begins = Event(), each * STATIONS // len(lines), time.perf_counter()
    every = len(lines) * SIZE / rate if rate else 0.0
    threads: list[Thread] = []
    for n, line in enumerate(lines):
        line.took.clear()
        first = begins + every * n / len(lines)
        threads.append(Thread(target=line.send, args=(count, over, first, every)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed := next((line.failed for line in lines if line.failed), ""):
        raise RuntimeError(failed)
    return sorted(took for line in lines for took in line.took)


def _fast(
    server: Served, lines: Sequence[Line], processes: Sequence[int]
) -> tuple[float, list[float], list[float]]:
    """Seconds, what each push took, CPU seconds of ``WHO``."""

    def spent() -> list[float]:
        return [*cpu_s(server), time.process_time(), sum(map(watching.loop_cpu, processes))]

    before, began = spent(), time.perf_counter()
    took = _sent(lines, COUNT)
    seconds = time.perf_counter() - began
    return seconds, took, [b - a for a, b in zip(before, spent(), strict=True)]
