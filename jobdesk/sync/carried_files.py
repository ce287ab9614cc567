"""Files on a stick: written beside and renamed, read back before anybody is told, looked through by kind.

A stick is pulled out, is full, lies about what it has written. A file that has its name is whole; what is
left of one that did not come so far is swept at the next writing.
"""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path

from jobdesk.cases.errors import BadInput, Trouble
from jobdesk.host.disk import disk_errors, replace_file
from jobdesk.protocol.carried_names import SUFFIX
from jobdesk.protocol.limits import MAX_CARRIED_BYTES
from jobdesk.protocol.sealing import Envelope, Way, look

_PART = ".part"


@dataclass(frozen=True, slots=True)
class Found:
    """A ``.jobdesk`` file in a folder.

    Attributes:
        envelope: what anybody can see of it; None when it is no exchange file, or not whole.
        problem: ``error.<code>`` why; empty when it is whole.
    """

    path: Path
    envelope: Envelope | None
    problem: str
    size: int

    @property
    def goes_out(self) -> bool:
        return self.envelope is not None and self.envelope.way is Way.OUT

    @property
    def comes_back(self) -> bool:
        return self.envelope is not None and self.envelope.way is Way.BACK


def write_file(folder: Path, name: str, data: bytes) -> Path:
    """Write, force to the stick, rename, read back.

    Raises:
        Trouble: ``carried_not_written`` what stands there is not what was written; the file goes again.
            Else what the disk says (full, read-only, gone).
    """
    with disk_errors(folder):
        if not folder.is_dir():
            raise FileNotFoundError(2, "", str(folder))
        for left in folder.glob(f".*{SUFFIX}{_PART}"):
            with contextlib.suppress(OSError):
                left.unlink()
        path = folder / name
        replace_file(path, data)
        if _read_back(path, len(data)) != data:
            with contextlib.suppress(OSError):
                path.unlink()
            raise Trouble("carried_not_written", path=name)
    return path


def _read_back(path: Path, size: int) -> bytes:
    """From the stick, not from what the system still remembers of it, where it lets itself be told."""
    fd = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    try:
        if hasattr(os, "posix_fadvise"):
            os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
        parts: list[bytes] = []
        while block := os.read(fd, 1 << 20):
            parts.append(block)
            size -= len(block)
            if size < 0:
                break
        return b"".join(parts)
    finally:
        os.close(fd)


def read_file(path: Path) -> bytes:
    """All of it, never more than an exchange file may have.

    Raises:
        BadInput: ``carried_too_large``. Trouble: it cannot be read.
    """
    with disk_errors(path), path.open("rb") as file:
        data = file.read(MAX_CARRIED_BYTES + 1)
    if len(data) > MAX_CARRIED_BYTES:
        raise BadInput("carried_too_large", limit=MAX_CARRIED_BYTES)
    return data


def look_through(folder: Path) -> list[Found]:
    """Every ``.jobdesk`` file in the folder and the folders in it, by name. Other kinds are told as such.

    Raises:
        Trouble: the folder cannot be read.
    """
    with disk_errors(folder):
        if not folder.is_dir():
            raise FileNotFoundError(2, "", str(folder))
        paths = [*folder.glob(f"*{SUFFIX}"), *folder.glob(f"*/*{SUFFIX}")]
    return [_look(p) for p in sorted(paths) if p.is_file() and not p.name.startswith(".")]


def _look(path: Path) -> Found:
    size = 0
    try:
        with disk_errors(path):
            size = path.stat().st_size
        return Found(path, look(read_file(path)), "", size)
    except (BadInput, Trouble) as bad:
        return Found(path, None, bad.code, size)
