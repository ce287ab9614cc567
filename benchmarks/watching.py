"""Where a process of the server spends its time, seen from outside by py-spy (``pip install py-spy``)."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.measure import Result

LARGEST = 3
_RATE = 250
"""Samples a second."""
_SPINE = (
    "Province.push (province/serving.py", "Province.take (province/serving.py", "taken (province/pushing.py",
    "take (province/accept.py", "Listing.take (province/listing.py", "Listing._write (province/listing.py",
    "Listing._insert (province/listing.py",
)  # fmt: skip
"""What only leads on in a push: what these call is told apart."""
_WEB = ("(province/web/", "(province/cli/")


def listening(pid: int) -> list[int]:
    """The server's processes that answer: those that its first one spawned, itself when it is alone."""
    below = [int(p) for p in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return [p for p in below if b"spawn_main" in Path(f"/proc/{p}/cmdline").read_bytes()] or [pid]


def taken_by(wire: socket.socket, processes: Sequence[int]) -> int:
    """Which of them has the other end of a connection."""
    here, there = (f":{end[1]:04X}" for end in (wire.getsockname(), wire.getpeername()))
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    inode = next(f[9] for f in lines if f[1].endswith(there) and f[2].endswith(here))
    return next(pid for pid in processes if f"socket:[{inode}]" in _open(pid))


def _open(pid: int) -> set[str]:
    found = set[str]()
    for file in Path(f"/proc/{pid}/fd").iterdir():
        try:
            found.add(str(file.readlink()))
        except FileNotFoundError:  # closed since
            continue
    return found


def loop_cpu(pid: int) -> float:
    """CPU seconds so far of its first thread: the one that speaks HTTP and hands requests to the others."""
    fields = Path(f"/proc/{pid}/task/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def watched(pid: int) -> Generator[list[Result]]:
    """The largest parts of what it does in Python meanwhile; filled at the end, empty where there is no py-spy.
    Only who holds Python's lock is looked at: who waits for a core, after a word to PostgreSQL above all, would
    be taken for one that works.
    """
    found: list[Result] = []
    spy = shutil.which("py-spy")
    if spy is None:
        print("py-spy is not installed: nobody says where the time goes", file=sys.stderr)
        yield found
        return
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder, "stacks")
        command = [spy, "record", "--pid", str(pid), "--format", "raw", "--rate", str(_RATE), "--nonblocking",
                   "--duration", "3600", "--output", str(told), "--gil"]  # fmt: skip
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        yield found
        child.send_signal(signal.SIGINT)
        child.wait(60)
        shares = parts(told.read_text("utf-8"))
    whole = sum(shares.values())
    found += [
        Result(f"of what one process does in Python: {name}", count / whole * 100, "%")
        for name, count in shares.most_common(LARGEST)
    ]


def parts(stacks: str) -> Counter[str]:
    """Samples by part of a push, each with all that it calls: what the spine's functions call, these themselves, and
    HTTP, where none but those that serve it are at work.
    """
    found = Counter[str]()
    for line in stacks.splitlines():
        frames, _, count = line.rpartition(" ")
        own = [f for f in frames.split(";") if "(province/" in f or "(jobdesk/" in f]
        inner = [f for f in own if not any(web in f for web in _WEB)]
        part = next((f for f in inner if not f.startswith(_SPINE)), inner[-1] if inner else "")
        name, _, file = part.partition(" (")
        name = name.partition(".<locals>.<")[0]  # a comprehension is its function's
        found[f"`{name}`, {file.rpartition(':')[0]}" if part else "HTTP and its threads"] += int(count)
    return found
