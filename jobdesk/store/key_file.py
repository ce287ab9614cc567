"""A key file: 64 hex characters that only the owner may read."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

from jobdesk.cases.errors import Refused, Trouble
from jobdesk.host.disk import disk_errors, sync_folder, write_new

_HEX64 = re.compile(rb"[0-9a-f]{64}\r?\n?")


def read_key_file(key_file: Path) -> bytes:
    """The secret in a key file, checked on the open file so that it cannot be swapped in between.

    Raises:
        Refused: ``key_file_missing``, ``key_file_unreadable``, ``key_file_open`` (others may read it),
            ``key_file_malformed``.
    """
    try:
        fd = os.open(key_file, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    except FileNotFoundError as error:
        raise Refused("key_file_missing", path=str(key_file)) from error
    except OSError as error:
        raise Refused("key_file_unreadable", path=str(key_file)) from error
    try:
        about = os.fstat(fd)
        if not stat.S_ISREG(about.st_mode):
            raise Refused("key_file_malformed", path=str(key_file))
        if os.name != "nt" and about.st_mode & 0o077:
            raise Refused("key_file_open", path=str(key_file), mode=f"{about.st_mode & 0o777:04o}")
        with disk_errors(key_file):
            content = os.read(fd, 80)
    finally:
        os.close(fd)
    if not _HEX64.fullmatch(content):
        raise Refused("key_file_malformed", path=str(key_file))
    return bytes.fromhex(content[:64].decode("ascii"))


def make_key_file(key_file: Path) -> bytes:
    """Make one; its secret.

    Raises:
        Refused: ``key_file_exists``
        Trouble: nothing is left behind.
    """
    secret = os.urandom(32)
    try:
        with disk_errors(key_file):
            try:
                write_new(key_file, secret.hex().encode("ascii") + b"\n")
            except FileExistsError as error:
                raise Refused("key_file_exists", path=str(key_file)) from error
            sync_folder(key_file.parent)
    except Trouble:
        key_file.unlink(missing_ok=True)
        raise
    return secret
