"""What the measurement of pushes makes of the stacks it saw, and when it sends."""

from __future__ import annotations

import socket
import time
from collections import deque
from threading import Event, Thread

from benchmarks.accepting import SIZE
from benchmarks.pushing import Line
from benchmarks.watching import parts

_WEB = "run (asyncio/runners.py:118);make_app.<locals>.push (province/web/app.py:180)"
_TAKE = "Province.push (province/serving.py:158);taken (province/pushing.py:52);take (province/accept.py:90)"


def test_stacks_are_told_by_the_part_of_a_push_that_they_stand_in() -> None:
    stacks = "\n".join([
        f"{_WEB};select (selectors.py:468) 3",
        f"{_TAKE};_read (province/accept.py:139);_read.<locals>.<listcomp> (province/accept.py:139) 4",
        f"{_TAKE};_read (province/accept.py:140);decode (jobdesk/cases/codec.py:101) 2",
        f"{_TAKE};Listing.take (province/listing.py:66);Listing._insert (province/listing.py:205);"
        "Listing._insert.<locals>.<listcomp> (province/listing.py:205);part (province/restricted.py:41) 5",
        f"{_TAKE} 1",
    ])  # fmt: skip
    assert parts(stacks) == {
        "HTTP and its threads": 3,
        "`_read`, province/accept.py": 6,
        "`Listing._insert`, province/listing.py": 5,
        "`take`, province/accept.py": 1,
    }


def _answers(wire: socket.socket, count: int, wait: float) -> None:
    body = b'{"verdicts":[' + b",".join([b'{"verdict":"accepted"}'] * (SIZE // 2)) + b"]}"
    for _ in range(count):
        wire.recv(100)
        time.sleep(wait)
        wire.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)


def test_a_push_that_is_late_counts_from_when_it_was_due() -> None:
    here, there = socket.socketpair()
    with here, there:
        thread = Thread(target=_answers, args=(there, 4, 0.05))
        thread.start()
        line = Line(here, deque([b"push"] * 4))
        line.send(4, Event(), time.perf_counter(), 0.001)
        thread.join()
    assert not line.failed and len(line.took) == 4
    assert line.took[3] > 0.15  # it waited for three others


def test_a_push_that_is_refused_ends_the_measurement() -> None:
    here, there = socket.socketpair()
    over = Event()
    with here, there:
        there.sendall(b'HTTP/1.1 429 Too Many Requests\r\nContent-Length: 16\r\n\r\n{"error":"busy"}')
        line = Line(here, deque([b"push"]))
        line.send(1, over, 0.0, 0.0)
    assert "busy" in line.failed and over.is_set()
