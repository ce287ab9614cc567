"""Files that are either wholly there or not at all, and the errors of the disk in our words."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from jobdesk.cases.errors import DiskFull, FileLocked, ReadOnly, Trouble

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_READ_ONLY = {errno.EROFS, errno.EACCES, errno.EPERM}
_GONE = {errno.ENOENT, errno.ENODEV, errno.ENXIO, errno.ENOTDIR, errno.ENOTCONN}
_WINDOWS_LOCKED = {32, 33}
"""ERROR_SHARING_VIOLATION and ERROR_LOCK_VIOLATION: a virus scanner or another program has the file open."""


def trouble_of(error: OSError, path: Path) -> Trouble:
    """What the person is told about an error of the operating system at that place."""
    where = str(path)
    if getattr(error, "winerror", None) in _WINDOWS_LOCKED:
        return FileLocked("file_busy", path=where)
    if error.errno in _FULL:
        return DiskFull("disk_full", path=where)
    if error.errno in _READ_ONLY:
        return ReadOnly("read_only", path=where)
    if error.errno in _GONE:
        return Trouble("file_missing", path=where)
    return Trouble("disk_trouble", path=where, errno=error.errno)


@contextmanager
def disk_errors(path: Path) -> Generator[None]:
    """Turns every OSError inside into Trouble that names ``path``.

    Raises:
        DiskFull, ReadOnly, FileLocked, Trouble: see ``trouble_of``.
    """
    try:
        yield
    except OSError as error:
        raise trouble_of(error, path) from error


def is_of_a_group(folder: Path) -> bool:
    """Whether IT made the folder for a group: what is made in it is the group's (setgid), who may write."""
    if os.name == "nt":  # there the rights of the folder pass on by themselves
        return False
    try:
        mode = folder.stat().st_mode
    except OSError:
        return False
    return bool(mode & stat.S_ISGID and mode & stat.S_IWGRP)


def take_rights_of(folder: Path) -> None:
    """From now on what this process makes may be written by the group, where the folder is the group's.

    The usual umask would leave the second account of a PC with files it can read and not write.
    """
    if is_of_a_group(folder):
        os.umask(0o007)


def give_to_group(path: Path) -> None:
    """The same for a file that a library made with rights of its own (SQLite: 0644)."""
    if is_of_a_group(path.parent):
        path.chmod(0o660)


def sync_folder(folder: Path) -> None:
    """Make renames and new names in the folder survive a power cut (a no-op on Windows)."""
    if os.name == "nt":
        return
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def write_all(fd: int, data: bytes | memoryview) -> None:
    """Write everything; the system may take less than it was given (a disk about to be full does)."""
    view = memoryview(data)
    while len(view):
        view = view[os.write(fd, view) :]


def write_new(path: Path, data: bytes, *, mode: int = 0o600) -> None:
    """Create a file that must not exist yet and force it to the disk; half a file is never left.

    Raises:
        FileExistsError: somebody was faster; nothing was touched.
    """
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode)
    try:
        try:
            write_all(fd, data)
            os.fsync(fd)
        finally:
            os.close(fd)
    except OSError:
        with contextlib.suppress(OSError):
            path.unlink()
        raise


def replace_file(path: Path, data: bytes, *, mode: int = 0o666) -> None:
    """Old content or new content, never a mixture: temporary file, fsync, rename, fsync of the folder.

    ``mode`` is cut by the umask: who may use a folder that several accounts share is the administrator's
    choice, and nothing written this way is readable without a key or tells of a person.
    """
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    write_new(part, data, mode=mode)
    try:
        part.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            part.unlink()
        raise
    sync_folder(path.parent)
