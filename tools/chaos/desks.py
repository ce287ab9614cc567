"""Desks as the run sees them: a folder, a process that lives or not, and what it said."""

from __future__ import annotations

import contextlib
import json
import shutil
import signal
import subprocess
import sys
import threading
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from jobdesk.store.manifest import list_backups
from tools.chaos.driver import paths_of
from tools.live_province import ROOT, own_environment

_OPENS_WITHIN_S = 90


@dataclass(slots=True)
class Said:
    """What desks said was committed, over all their processes. ``ops``, ``erased``: operation → its subject."""

    ops: dict[str, str] = field(default_factory=dict[str, str])
    erased: dict[str, str] = field(default_factory=dict[str, str])
    counted: Counter[str] = field(default_factory=Counter[str])
    errors: Counter[str] = field(default_factory=Counter[str])
    broken: list[str] = field(default_factory=list[str])

    def take(self, desk: str, fact: dict[str, object]) -> None:
        match fact:
            case {"saved": dict(ops), "erased": dict(erased)}:
                self.ops |= ops
                self.erased |= erased
                self.counted["actions saved"] += 1
            case {"synced": str(how), "repaired": list(repaired), "apart": list(apart)}:
                self.counted["exchanges"] += 1
                if how != "well":
                    self.errors[how] += 1
                for what in repaired:
                    self.counted[f"repaired {what}"] += 1
                for _, reason in apart:
                    self.counted[f"apart {reason}"] += 1
            case {"broken": what}:
                self.broken.append(f"{desk}: {what}")
            case {"backup": _}:
                self.counted["backups of desks"] += 1
            case _:
                pass


@dataclass
class DeskProcess:
    """One machine."""

    name: str
    org: str
    folder: Path
    others: tuple[str, ...]
    said: Said
    child: subprocess.Popen[bytes] | None = None
    runs: int = 0
    ready: threading.Event = field(default_factory=threading.Event)
    stopped: bool = False
    _listener: threading.Thread | None = None

    @property
    def errors(self) -> Path:
        return self.folder.parent / f"{self.name}.log"

    @property
    def backups(self) -> int:
        """How many it could be restored from."""
        return len(list_backups(paths_of(self.folder).backups))

    def once(self, command: str, *args: str, within_s: float = _OPENS_WITHIN_S) -> dict[str, object]:
        """A command that ends by itself; the last that it said, empty where it said nothing.

        Raises:
            RuntimeError: it failed.
        """
        done = subprocess.run(
            self._call(command, *args), env=own_environment(), cwd=ROOT, capture_output=True, text=True,
            timeout=within_s,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{self.name} {command}: {done.stderr.strip()[-1500:]}")
        lines = done.stdout.splitlines()
        return json.loads(lines[-1]) if lines else {}

    def start(self, seed: int) -> None:
        self.runs += 1
        self.ready = threading.Event()
        with self.errors.open("ab") as log:
            self.child = subprocess.Popen(
                self._call("work", str(seed), *self.others), env=own_environment(), cwd=ROOT,
                stdout=subprocess.PIPE, stderr=log,
            )  # fmt: skip
        self._listener = threading.Thread(target=self._listen, args=(self.child, self.ready), daemon=True)
        self._listener.start()

    def _call(self, command: str, *args: str) -> list[str]:
        return [sys.executable, "-m", "tools.chaos.driver", command, str(self.folder), *args]

    def _listen(self, child: subprocess.Popen[bytes], ready: threading.Event) -> None:
        assert child.stdout is not None
        for line in child.stdout:
            if line.endswith(b"\n"):
                fact = json.loads(line)
                if "ready" in fact:
                    ready.set()
                self.said.take(self.name, fact)
        ready.set()

    @property
    def lives(self) -> bool:
        return self.child is not None and self.child.poll() is None

    def died_by_itself(self) -> str:
        """Why a process that nobody killed is no more; empty while it lives."""
        if self.child is None or self.child.poll() is None:
            return ""
        return f"{self.name} ended by itself: {self.errors.read_text(encoding='utf-8')[-1500:]}"

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def end(self) -> bool:
        """Asked to close once it is open (before that it knows no such word, and dies of it); whether it did."""
        if self.child is not None:
            self.ready.wait(_OPENS_WITHIN_S)
        return self._end(signal.SIGTERM) == 0

    def freeze(self, how: signal.Signals) -> None:
        """SIGSTOP or SIGCONT."""
        if self.child is not None and self.child.poll() is None:
            self.child.send_signal(how)
            self.stopped = how is signal.SIGSTOP

    def _end(self, how: signal.Signals) -> int:
        child, self.child = self.child, None
        if child is None:
            return 0
        if self.stopped:
            child.send_signal(signal.SIGCONT)
            self.stopped = False
        child.send_signal(how)
        try:
            code = child.wait(90)
        except subprocess.TimeoutExpired:
            child.kill()
            code = child.wait()
        if self._listener is not None:
            self._listener.join(20)
        if child.stdout is not None:
            with contextlib.suppress(OSError):
                child.stdout.close()
        return code

    def clone(self, name: str) -> DeskProcess:
        """Its folder copied while it is closed: two machines that think they are one."""
        folder = self.folder.parent / name
        shutil.copytree(self.folder, folder)
        return DeskProcess(name, self.org, folder, self.others, self.said)

    def exchange(self) -> dict[str, object]:
        """``jobdesk sync`` as a person or a timer runs it; its receipt."""
        call = [sys.executable, "-m", "jobdesk", "sync", "--json", "--data", str(self.folder / "data"),
                "--second", str(self.folder / "second"), "--key-file", str(self.folder / "key")]  # fmt: skip
        done = subprocess.run(
            call, env=own_environment(), cwd=ROOT, capture_output=True, text=True, timeout=300
        )
        try:
            return json.loads(done.stdout)
        except ValueError:
            raise RuntimeError(f"{self.name} sync: {done.returncode} {done.stderr[-1500:]}") from None
