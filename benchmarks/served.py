"""The real server in processes of its own, on a PostgreSQL of its own, for as long as a measurement takes."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tools.environment import without_a_server
from tools.postgres import Postgres

ROOT = "22"


@dataclass(frozen=True, slots=True)
class Served:
    """A server that answers.

    Attributes:
        url: of the server; ``owner``: of its tables, for floors.
        pid, postgres: the processes at the top of the server's and of PostgreSQL's.
    """

    url: str
    owner: str
    env: dict[str, str]
    pid: int
    postgres: int

    def command(self, *args: str) -> str:
        return _province(args, self.env)

    def code(self, org: str, role: str = "desk") -> str:
        return self.command("code", org, "--role", role)


@contextmanager
def served(stations: int = 1, *, workers: int = 0, durable: bool = True) -> Generator[Served]:
    """With stations ``s0 … sN`` under one province. Devices may ask as often as they like.

    Args:
        workers: processes; 0: as many as ``serve`` starts by itself.
    """
    folder = Path(tempfile.mkdtemp(prefix="jobdesk-bench-"))
    folder.chmod(0o755)
    server = Postgres(folder / "postgres", durable=durable)
    server.start()
    child: subprocess.Popen[bytes] | None = None
    try:
        owner, app = server.new_database("bench")
        env = dict(without_a_server(), JOBDESK_PROVINCE_OWNER=owner, JOBDESK_PROVINCE_DATABASE=owner,
                   JOBDESK_PROVINCE_CONTENTS=str(folder / "contents"), JOBDESK_PROVINCE_PORT=str(_free_port()),
                   JOBDESK_PROVINCE_PER_MINUTE="1000000")  # fmt: skip
        _province(["migrate"], env)
        server.grant("bench")
        env["JOBDESK_PROVINCE_DATABASE"] = app
        table = folder / "orgs.csv"
        lines = [f"{ROOT},省,province,,", *(f"s{n},测试站{n},station,{ROOT}," for n in range(stations))]
        table.write_text("\n".join(["id,name,level,parent,region", *lines]), "utf-8")
        _province(["orgs", str(table)], env)
        command = [sys.executable, "-m", "province", "serve", "--workers", str(workers)]
        child = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        url = f"http://127.0.0.1:{env['JOBDESK_PROVINCE_PORT']}"
        _wait(url)
        postmaster = int((server.data / "postmaster.pid").read_text().split()[0])
        yield Served(url, owner, env, child.pid, postmaster)
    finally:
        if child is not None:
            child.terminate()
            child.wait(30)
        server.remove()


def cpu_s(server: Served) -> tuple[float, float]:
    """CPU seconds so far of the server's processes, and of PostgreSQL's that live."""
    return tree_cpu(server.pid), tree_cpu(server.postgres)


def tree_cpu(pid: int) -> float:
    """With the children that have ended."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    own = sum(int(f) for f in fields[11:15]) / os.sysconf("SC_CLK_TCK")
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return own + sum(tree_cpu(int(child)) for child in children)


def tree_mb(pid: int) -> float:
    """Resident memory of a process and all below it."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return rss_mb(pid) + sum(tree_mb(int(child)) for child in children)


def rss_mb(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


def _province(args: Sequence[str], env: dict[str, str]) -> str:
    command = [sys.executable, "-m", "province", *args]
    done = subprocess.run(command, env=env, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr or done.stdout)
    return done.stdout.strip()


def _wait(url: str) -> None:
    for _ in range(300):
        try:
            if httpx.get(f"{url}/ready", timeout=1).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.1)
    raise RuntimeError("the server did not begin to answer")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
