"""Who is at the server: our own in a process of its own, or anybody's by commands that somebody gives."""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tools.conformance.desk import Skipped
from tools.environment import without_a_server

NAMES = {"back_up": "CONFORMANCE_BACKUP", "restore": "CONFORMANCE_RESTORE", "kill": "CONFORMANCE_KILL",
         "revoke": "CONFORMANCE_REVOKE"}  # fmt: skip
"""Variables with a command for a shell; that of the last is given the device as one more word."""
_PATIENCE_S = 300


def wait_until_it_answers(url: str) -> None:
    """Raises TimeoutError."""
    end = time.monotonic() + _PATIENCE_S
    while time.monotonic() < end:
        try:
            if httpx.get(f"{url}/v1/hello", timeout=5, trust_env=False).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.2)
    raise TimeoutError(url)


@dataclass
class ByCommands:
    """Any server. What nobody gave a command for is skipped."""

    url: str
    given: Mapping[str, str] = field(default_factory=lambda: os.environ)

    def _run(self, what: str, *more: str) -> None:
        command = self.given.get(NAMES[what], "")
        if not command:
            raise Skipped(f"no command in {NAMES[what]}")
        subprocess.run(" ".join((command, *more)), shell=True, check=True, stdout=subprocess.DEVNULL)
        wait_until_it_answers(self.url)

    def back_up(self) -> None:
        self._run("back_up")

    def restore(self) -> None:
        if not self.given.get(NAMES["back_up"], ""):
            raise Skipped(f"no command in {NAMES['back_up']}")
        self._run("restore")

    def kill(self) -> None:
        self._run("kill")

    def revoke(self, device: str) -> None:
        self._run("revoke", device)


@dataclass
class Ours:
    """Our own server on SQLite, in a folder, as its handbook says."""

    folder: Path
    _child: subprocess.Popen[bytes] | None = None
    _backups: int = 0

    def __post_init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        self.url = f"http://127.0.0.1:{port}"
        self._db = self.folder / "p.db"
        self._env = dict(
            without_a_server(), JOBDESK_PROVINCE_DATABASE=f"sqlite:///{self._db}", JOBDESK_PROVINCE_PORT=str(port),
            JOBDESK_PROVINCE_CONTENTS=str(self.folder / "contents"), JOBDESK_PROVINCE_PER_MINUTE="100000",
        )  # fmt: skip
        self.command("migrate")
        self.command("orgs", "--sample", "resources/regions")

    def command(self, *args: str) -> str:
        line = [sys.executable, "-m", "province", *args]
        done = subprocess.run(line, env=self._env, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"{args[0]}: {done.stdout}{done.stderr}")
        return done.stdout.strip()

    def start(self) -> None:
        line = [sys.executable, "-m", "province", "serve"]
        self._child = subprocess.Popen(
            line, env=self._env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        wait_until_it_answers(self.url)

    def stop(self, *, gently: bool = True) -> None:
        if self._child is None:
            return
        if gently:
            self._child.terminate()
        else:
            self._child.kill()
        self._child.wait(60)
        self._child = None

    def kill(self) -> None:
        self.stop(gently=False)
        self.start()

    def back_up(self) -> None:
        self._backups += 1
        self.command("backup", f"b{self._backups}")  # the mark before the copy
        with closing(sqlite3.connect(self._db)) as here, closing(sqlite3.connect(self._copy)) as there:
            here.backup(there)
        if self._backups > 1:
            self.command("backup", f"b{self._backups - 1}", "--dropped")

    def restore(self) -> None:
        """The backup knows of the one before it, which is gone."""
        lists: list[str] = []
        for name in ("erased", "revoked"):
            file = self.folder / f"{name}.txt"
            self.command(name, "--to", str(file))
            lists += [f"--{name}", str(file)]
        self.stop()
        for end in ("-wal", "-shm"):
            Path(f"{self._db}{end}").unlink(missing_ok=True)
        shutil.copy(self._copy, self._db)
        self.command("epoch", *lists, "--none-erased")
        if self._backups > 1:
            self.command("backup", f"b{self._backups - 1}", "--dropped")
        self.start()

    def revoke(self, device: str) -> None:
        self.command("revoke", device, "conformance")

    @property
    def _copy(self) -> Path:
        return self.folder / "backup.db"
