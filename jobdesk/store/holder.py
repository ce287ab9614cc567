"""One writing process per station file, and who that is.

The lock belongs to the operating system and dies with the process: nothing is stale after kill -9. What is
written into the lock file only tells a second window whom to ask. Reading commands do not take it.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType

from jobdesk.cases.errors import FileLocked
from jobdesk.host.disk import disk_errors, write_all

_WINDOWS_LOCK_AT = 0x7FFF_0000
"""Windows locks forbid reading the locked bytes, so one byte far behind the text is locked."""
_ATTEMPTS = 5
_PAUSE_S = 0.03
"""Somebody who only asks (``who_holds``) has the lock for a blink; that must not refuse a start."""


@dataclass(frozen=True, slots=True)
class Holder:
    """A process that holds a station file.

    Attributes:
        user: account name of the operating system.
        since_ms: when it took the file.
        title: what its window (or command) is called, without names of persons.
    """

    pid: int
    user: str
    host: str
    since_ms: int
    title: str

    def __str__(self) -> str:
        """How sentences name it."""
        return " · ".join(part for part in (self.title, f"{self.user}@{self.host}", str(self.pid)) if part)


NOBODY_KNOWN = Holder(0, "", "", 0, "")


class Held:
    """The lock while it is held; ``release`` or leaving the ``with`` block gives it back."""

    def __init__(self, fd: int) -> None:
        self._fd = fd

    def release(self) -> None:
        """Give the file free; a second call does nothing."""
        fd, self._fd = self._fd, -1
        if fd < 0:
            return
        try:
            with contextlib.suppress(OSError):
                os.ftruncate(fd, 0)
            _unlock(fd)
        finally:
            os.close(fd)

    def __enter__(self) -> Held:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def this_process(now_ms: int, title: str) -> Holder:
    """What is told about us to a second window."""
    import getpass
    import platform

    try:
        user = getpass.getuser()
    except (OSError, KeyError):
        user = ""
    return Holder(os.getpid(), user, platform.node(), now_ms, title)


def hold(lock: Path, who: Holder) -> Held:
    """Take the station file for writing.

    Raises:
        FileLocked: ``file_locked``; ``holder`` is the other process (pid 0 when it has not said yet).
        ReadOnly, DiskFull, Trouble: the lock file cannot be written.
    """
    with disk_errors(lock):
        fd = _open(lock)
    try:
        with disk_errors(lock):
            for attempt in range(_ATTEMPTS):
                if _lock(fd):
                    os.ftruncate(fd, 0)
                    os.lseek(fd, 0, os.SEEK_SET)
                    write_all(fd, json.dumps(asdict(who)).encode("ascii"))
                    return Held(fd)
                if attempt < _ATTEMPTS - 1:
                    time.sleep(_PAUSE_S)
            raise FileLocked("file_locked", path=str(lock), holder=_read(fd) or NOBODY_KNOWN)
    except BaseException:
        os.close(fd)
        raise


def who_holds(lock: Path) -> Holder | None:
    """Who holds the file now; None when nobody does (whatever an older process left written).

    Somebody who holds it without having said who is told as a holder with pid 0.
    """
    try:
        fd = os.open(lock, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    except FileNotFoundError:
        return None
    except OSError:
        return None
    try:
        if _lock(fd):
            _unlock(fd)
            return None
        return _read(fd) or NOBODY_KNOWN
    finally:
        os.close(fd)


def _open(lock: Path) -> int:
    return os.open(lock, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o666)


def _read(fd: int) -> Holder | None:
    os.lseek(fd, 0, os.SEEK_SET)
    try:
        raw = json.loads(os.read(fd, 4096))
        return Holder(
            int(raw["pid"]), str(raw["user"]), str(raw["host"]), int(raw["since_ms"]), str(raw["title"])
        )
    except (ValueError, KeyError, TypeError, OSError):
        return None


if sys.platform == "win32":
    import msvcrt

    def _lock(fd: int) -> bool:
        os.lseek(fd, _WINDOWS_LOCK_AT, os.SEEK_SET)
        try:
            msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(fd: int) -> None:
        os.lseek(fd, _WINDOWS_LOCK_AT, os.SEEK_SET)
        msvcrt.locking(fd, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _lock(fd: int) -> bool:
        """flock and not lockf: a POSIX lock is lost when *any* descriptor of the file is closed here."""
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _unlock(fd: int) -> None:
        fcntl.flock(fd, fcntl.LOCK_UN)
