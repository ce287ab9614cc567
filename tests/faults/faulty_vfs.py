"""Every call of SQLite to the disk, counted; the chosen one fails once.

SQLite's own table of the default VFS is reached through the symbols that the extension exports. ``xOpen`` is
replaced; each opened file gets a copy of its table of methods in which the calls that touch the disk go
through here. Nothing is compiled and nothing of the program is replaced.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import threading
from collections.abc import Generator
from ctypes import CFUNCTYPE, POINTER, Structure, c_char_p, c_int, c_int64, c_void_p
from typing import Any

import pytest

FULL, READ_ONLY, CANT_OPEN = 13, 8, 14
IOERR_READ, IOERR_WRITE, IOERR_FSYNC, IOERR_TRUNCATE, IOERR_FSTAT, IOERR_SHMMAP = (
    266,
    778,
    1034,
    1546,
    1802,
    5386,
)
USUAL = {
    "read": IOERR_READ,
    "write": IOERR_WRITE,
    "sync": IOERR_FSYNC,
    "truncate": IOERR_TRUNCATE,
    "size": IOERR_FSTAT,
    "shm": IOERR_SHMMAP,
    "open": CANT_OPEN,
}
"""What each call says when the device fails; ``write`` also says FULL."""

_READ = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64)
_TRUNCATE = CFUNCTYPE(c_int, c_void_p, c_int64)
_SYNC = CFUNCTYPE(c_int, c_void_p, c_int)
_SIZE = CFUNCTYPE(c_int, c_void_p, c_void_p)
_SHM_MAP = CFUNCTYPE(c_int, c_void_p, c_int, c_int, c_int, c_void_p)
_OPEN = CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_int, c_void_p)


class _Methods(Structure):
    _fields_ = (
        [("version", c_int)]
        + [(name, c_void_p) for name in ("close", "read", "write", "truncate", "sync", "size")]
        + [("rest", c_void_p * 6), ("shm_map", c_void_p), ("shm", c_void_p * 3), ("fetch", c_void_p * 2)]
    )


class _Vfs(Structure):
    _fields_ = [
        ("version", c_int),
        ("size", c_int),
        ("longest", c_int),
        ("next", c_void_p),
        ("name", c_char_p),
        ("data", c_void_p),
        ("open", c_void_p),
    ]


class FaultyDisk:
    """Counts calls while armed.

    Attributes:
        calls: names of the calls since ``arm``.
        failed: name of the one that failed, None so far.
    """

    def __init__(self) -> None:
        library: Any = ctypes.CDLL(importlib.import_module("sqlcipher3._sqlite3").__file__)
        library.sqlite3_vfs_find.restype = POINTER(_Vfs)
        library.sqlite3_vfs_find.argtypes = [c_char_p]
        self._vfs = library.sqlite3_vfs_find(None).contents
        self._open_address = self._vfs.open
        self._real_open = _OPEN(self._open_address)
        self._kept: list[Any] = []
        self._tables: dict[int, Any] = {}
        self._guard = threading.Lock()
        self.calls: list[str] = []
        self.failed: str | None = None
        self._at = 0
        self._code: int | None = None
        self._armed = self._stays = False
        hook = _OPEN(self._open)
        self._kept.append(hook)
        self._vfs.open = ctypes.cast(hook, c_void_p).value

    @contextlib.contextmanager
    def armed(
        self, fail_at: int = 0, code: int | None = None, *, stays: bool = False
    ) -> Generator[FaultyDisk]:
        """Count; the ``fail_at``-th call (from 1) fails with ``code``, or with what is usual for it.

        With ``stays`` every write from the ``fail_at``-th call on fails, and reading goes on.
        """
        self.calls, self.failed, self._at, self._code, self._armed = [], None, fail_at, code, True
        self._stays = stays
        try:
            yield self
        finally:
            self._armed = False

    def _fails(self, name: str) -> int:
        if not self._armed:
            return 0
        with self._guard:
            self.calls.append(name)
            hit = len(self.calls) == self._at
            if self._stays:
                hit = len(self.calls) >= self._at and name in ("write", "truncate")
            if not hit:
                return 0
            self.failed = name
            # no room and read-only are answers to a write; anything else would break SQLite's contract
            return (self._code if name in ("write", "truncate") else None) or USUAL[name]

    def _open(self, vfs: int, path: int, file: int, flags: int, out: int) -> int:
        code = self._fails("open")
        table = ctypes.cast(file, POINTER(c_void_p))
        if code:
            table[0] = None
            return code
        result = self._real_open(vfs, path, file, flags, out)
        if result == 0 and table[0]:
            table[0] = ctypes.addressof(self._wrapped(table[0]))
        return result

    def _wrapped(self, address: int) -> Any:
        found = self._tables.get(address)
        if found is not None:
            return found
        real = _Methods.from_address(address)
        copy = _Methods()
        ctypes.memmove(ctypes.byref(copy), address, ctypes.sizeof(_Methods))
        calls = {"read": _READ, "write": _READ, "truncate": _TRUNCATE, "sync": _SYNC, "size": _SIZE}
        if copy.version >= 2:
            calls["shm_map"] = _SHM_MAP
        for name, kind in calls.items():
            if getattr(real, name) is None:
                continue
            hook = self._hook(name, kind, kind(getattr(real, name)))
            setattr(copy, name, ctypes.cast(hook, c_void_p).value)
        self._tables[address] = copy
        return copy

    def _hook(self, name: str, kind: Any, real: Any) -> Any:
        said = "shm" if name == "shm_map" else name

        def call(*args: Any) -> int:
            return self._fails(said) or real(*args)

        hook = kind(call)
        self._kept.append(hook)
        return hook


_DISK: list[FaultyDisk] = []


@contextlib.contextmanager
def faulty_disk() -> Generator[FaultyDisk]:
    """The one of this process; skipped where the extension does not export SQLite's symbols."""
    if not _DISK:
        try:
            _DISK.append(FaultyDisk())
        except AttributeError:
            pytest.skip("SQLite's symbols are hidden in this build")
    yield _DISK[0]
