"""A province as it runs for real: PostgreSQL, several server processes on ports of their own.

What dies here dies by SIGKILL. Used by ``make chaos``, by the check of the server's history and by the drill
of a restore.
"""

from __future__ import annotations

import contextlib
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tools.environment import without_a_server
from tools.postgres import APP, OWNER, Postgres

DATABASE = "province"
ROOT = Path(__file__).resolve().parent.parent
_READY_WITHIN_S = 120


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def own_environment() -> dict[str, str]:
    """For children: no proxy between two ports of this machine, and the program from this tree."""
    env = {k: v for k, v in without_a_server().items() if not k.lower().endswith("_proxy")}
    return env | {"NO_PROXY": "*", "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}


@dataclass
class LiveProvince:
    """Migrated, with organisations, not yet serving.

    Attributes:
        processes: how many serve at once.
        application: another uvicorn factory than ours (``module:function``), to prove that a check bites.
    """

    folder: Path
    processes: int = 2
    durable: bool = True
    archive: bool = False
    application: str = ""
    ports: list[int] = field(default_factory=list[int])
    children: dict[int, subprocess.Popen[bytes]] = field(default_factory=dict[int, "subprocess.Popen[bytes]"])

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o755)
        self.postgres = Postgres(self.folder / "pg", self.durable)
        if self.archive:
            self.postgres.archive = self.postgres.folder / "archive"
            self.postgres.archive.mkdir(mode=0o777)
            self.postgres.archive.chmod(0o777)
        self.postgres.start()
        owner, app = self.postgres.new_database(DATABASE)
        self.env = own_environment() | {
            "JOBDESK_PROVINCE_OWNER": owner, "JOBDESK_PROVINCE_DATABASE": owner,
            "JOBDESK_PROVINCE_CONTENTS": str(self.folder / "contents"),
            "JOBDESK_PROVINCE_PER_MINUTE": "1000000",
        }  # fmt: skip
        self.command("migrate")
        self.postgres.grant(DATABASE)
        self.env["JOBDESK_PROVINCE_DATABASE"] = app
        self.command("orgs", "--sample", "resources/regions")
        self.ports = [free_port() for _ in range(self.processes)]
        self.errors = self.folder / "server.log"

    def turn_to(self, postgres: Postgres) -> None:
        """The processes that are started from now on work with another cluster."""
        self.postgres = postgres
        owner, app = postgres.url(DATABASE, OWNER), postgres.url(DATABASE, APP)
        self.env |= {"JOBDESK_PROVINCE_OWNER": owner, "JOBDESK_PROVINCE_DATABASE": app}

    def command(self, *args: str) -> str:
        """``python -m province …``; what it prints.

        Raises:
            RuntimeError: it failed.
        """
        done = subprocess.run(
            [sys.executable, "-m", "province", *args], env=self.env, cwd=ROOT, capture_output=True, text=True
        )
        if done.returncode:
            raise RuntimeError(f"province {' '.join(args)}: {done.stderr.strip()[-500:]}")
        return done.stdout.strip()

    def start(self, port: int) -> None:
        """One process; returns before it serves."""
        env = self.env | {"JOBDESK_PROVINCE_PORT": str(port)}
        program = ["-m", "province", "serve", "--workers", "1"]
        if self.application:
            program = ["-m", "uvicorn", self.application, "--factory", "--host", "127.0.0.1", "--port",
                       str(port), "--log-level", "warning"]  # fmt: skip
        with self.errors.open("ab") as log:
            self.children[port] = subprocess.Popen(
                [sys.executable, *program], env=env, cwd=ROOT, stdout=log, stderr=log
            )

    def start_all(self) -> None:
        """All of them, ready."""
        for port in self.ports:
            if port not in self.children:
                self.start(port)
        for port in self.ports:
            self.wait_ready(port)

    def wait_ready(self, port: int) -> None:
        until = time.monotonic() + _READY_WITHIN_S
        while True:
            with contextlib.suppress(httpx.HTTPError):
                if httpx.get(f"http://127.0.0.1:{port}/ready", trust_env=False, timeout=5).status_code == 200:
                    return
            if time.monotonic() > until:
                raise RuntimeError(f"not ready: {self.errors.read_text(encoding='utf-8')[-1500:]}")
            time.sleep(0.1)

    def kill(self, port: int) -> None:
        child = self.children.pop(port, None)
        if child is not None:
            child.send_signal(signal.SIGKILL)
            child.wait()

    def kill_all(self) -> None:
        for port in list(self.children):
            self.kill(port)

    def freeze(self, port: int, how: signal.Signals) -> None:
        """SIGSTOP or SIGCONT."""
        if port in self.children:
            self.children[port].send_signal(how)

    def close(self) -> None:
        self.kill_all()
        self.postgres.remove()


@contextlib.contextmanager
def running(
    folder: Path, processes: int, *, application: str = "", durable: bool = True
) -> Iterator[LiveProvince]:
    """Serving until the end of the block."""
    made = LiveProvince(folder, processes, durable=durable, application=application)
    try:
        made.start_all()
        yield made
    finally:
        made.close()
