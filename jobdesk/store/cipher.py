"""The one way a station file is opened: raw key first, then the settings everything else relies on.

No SQLAlchemy here: the first answer of a start may not wait for its import.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from jobdesk.cases.errors import DamagedFile, DiskFull, FileLocked, ReadOnly, Trouble, WrongKey
from jobdesk.host.disk import trouble_of

if TYPE_CHECKING:  # sqlcipher3 has no type stubs; it is the sqlite3 module with a codec
    import sqlite3 as dbapi2
else:
    from sqlcipher3 import dbapi2

Connection = dbapi2.Connection
SqlError = dbapi2.Error
PLAIN_HEADER = b"SQLite format 3\0"
KEY_BYTES = 32
PAGE_BYTES = 4096
OLDEST_SQLITE = (3, 51, 3)
"""Before it SQLite could corrupt a WAL that was reset while another connection checkpointed."""
BUSY_TIMEOUT_MS = 5000

_CODE_OF = {
    "database is locked": 5,
    "database table is locked": 6,
    "attempt to write a readonly database": 8,
    "disk I/O error": 10,
    "database disk image is malformed": 11,
    "database or disk is full": 13,
    "unable to open database file": 14,
    "file is not a database": 26,
}
"""Words of SQLite by code, for the errors (those of backup) that come without one."""
_IOERR_CORRUPT_FS = 10 | (33 << 8)


def connect(
    path: Path, key: bytes, *, read_only: bool = False, create: bool = False, cache_kib: int = 8192
) -> Connection:
    """Open the encrypted file; callers begin transactions themselves (BEGIN IMMEDIATE for writing).

    The connection may be handed from thread to thread (a pool does), never used by two at once.

    Args:
        key: the 32 raw bytes, no passphrase: SQLCipher derives nothing from them.
        read_only: a connection that refuses to write. On a medium that cannot be written it opens the file
            as it is, provided no write-ahead log is waiting beside it.
        create: the file may be missing or empty. Without it that is Trouble: a path that leads nowhere
            must not quietly become a new, empty station.
        cache_kib: page cache of this connection.

    Raises:
        WrongKey: the key does not open it (or the very first page is destroyed: SQLCipher cannot tell).
        DamagedFile: missing, empty, cut off, not encrypted, or failing its page check.
        FileLocked, ReadOnly, DiskFull, Trouble: what SQLite met while opening.
    """
    _inspect(path, key, create and not read_only)
    if not read_only:
        if create:
            _make(path)
        with translated(path):
            return _prepared(path, key, _uri(path, "rwc" if create else "rw"), False, cache_kib)
    try:
        with translated(path):
            return _prepared(path, key, _uri(path, "rw"), True, cache_kib)
    except ReadOnly:
        log = path.with_name(path.name + "-wal")
        if log.exists() and log.stat().st_size > 0:
            raise
        return connect_immutable(path, key, cache_kib=cache_kib)


def connect_immutable(path: Path, key: bytes, *, cache_kib: int = 8192) -> Connection:
    """Read a file nobody writes (a finished backup, a file on a write-protected medium).

    Takes no locks and makes no files beside it; a write-ahead log lying there is not read.
    """
    _inspect(path, key, False)
    with translated(path):
        return _prepared(path, key, _uri(path, "ro") + "&immutable=1", True, cache_kib)


def connect_beside(path: Path, key: bytes) -> Connection:
    """Read a file that is kept aside, with the write-ahead log beside it; neither is changed, and the log is
    not taken in at the end either. An index (``-shm``) may stay beside them.
    """
    _inspect(path, key, False)
    with translated(path):
        return _prepared(path, key, _uri(path, "ro"), True, 2048)


def connect_single_file(path: Path, key: bytes) -> Connection:
    """A connection for a file that nobody else opens yet (the target of a backup).

    There is no write-ahead log and no rollback file: after a crash the file is thrown away.
    """
    _check_key(key)
    _make(path)
    with translated(path):
        connection = _keyed(key, _uri(path, "rwc"))
        try:
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute("PRAGMA temp_store = MEMORY")
        except BaseException:
            connection.close()
            raise
        return connection


@dataclass(frozen=True, slots=True)
class Versions:
    """Of what keeps the file: ``cipher`` as SQLCipher says it, ``sqlite`` as SQLite does."""

    cipher: str
    sqlite: str


def versions(connection: Connection) -> Versions:
    """Asked of an open connection; the cipher's is empty where nothing is encrypted."""
    found = connection.execute("PRAGMA cipher_version").fetchone()
    return Versions(str(found[0]) if found and found[0] else "", dbapi2.sqlite_version)


def _uri(path: Path, mode: str) -> str:
    return f"file:{quote(str(path.absolute()).replace(chr(92), '/'), safe='/:')}?mode={mode}"


def _make(path: Path) -> None:
    """An empty file that takes what the umask leaves of 0666, as all our files do.

    SQLite itself would make it 0644, whatever the umask, and shut out the other accounts of a station's
    group. The files beside it take its mode.
    """
    with contextlib.suppress(OSError):  # there already; or SQLite meets the same trouble and tells it
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))


def _check_key(key: bytes) -> None:
    if len(key) != KEY_BYTES:
        raise ValueError("a raw key has 32 bytes")


def _inspect(path: Path, key: bytes, may_be_new: bool) -> None:
    """What can be seen without the key."""
    _check_key(key)
    try:
        with path.open("rb") as file:
            head = file.read(len(PLAIN_HEADER))
            size = file.seek(0, 2)
    except FileNotFoundError as error:
        if may_be_new:
            return
        raise DamagedFile("station_missing", path=str(path)) from error
    except OSError as error:
        raise trouble_of(error, path) from error
    if size == 0 and may_be_new:
        return
    if head == PLAIN_HEADER:
        raise DamagedFile("station_not_encrypted", path=str(path))
    if size < PAGE_BYTES:
        raise DamagedFile("damaged_file", path=str(path))


def _keyed(key: bytes, uri: str) -> Connection:
    """A connection with its key set, before the first page is read."""
    connection: Connection = dbapi2.connect(  # noqa: TID251 - this is the one place
        uri,
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        timeout=BUSY_TIMEOUT_MS / 1000,
        cached_statements=256,
    )
    try:
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        connection.execute("PRAGMA cipher_log_level = NONE")
        version = connection.execute("PRAGMA cipher_version").fetchone()
        if version is None or not version[0]:
            # a build without the codec ignores the key in silence and would write plain text
            raise RuntimeError("this sqlcipher3 does not encrypt")
        if dbapi2.sqlite_version_info < OLDEST_SQLITE:
            raise RuntimeError(f"SQLite {dbapi2.sqlite_version} is older than {OLDEST_SQLITE}")
    except BaseException:
        connection.close()
        raise
    return connection


def _prepared(path: Path, key: bytes, uri: str, read_only: bool, cache_kib: int) -> Connection:
    connection = _keyed(key, uri)
    try:
        connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        connection.execute("PRAGMA mmap_size = 0")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute(f"PRAGMA cache_size = -{int(cache_kib)}")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA cell_size_check = ON")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if read_only:
            connection.execute("PRAGMA query_only = ON")
            return connection
        mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()
        if mode is None or mode[0] != "wal":
            raise Trouble("no_write_ahead_log", path=str(path))
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA secure_delete = ON")
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def translated(path: Path) -> Generator[None]:
    """Turns what SQLite and the system raise inside into our tree, naming ``path``.

    Errors of SQL itself (a missing table, a broken constraint) pass unchanged: they are bugs of ours.
    SQLAlchemy's wrapping is seen through where that library is loaded.
    """
    try:
        yield
    except _foreign() as error:
        trouble = translate(error, path)
        if trouble is None:
            raise
        raise trouble from error


def _foreign() -> tuple[type[Exception], ...]:
    wrapper = sys.modules.get("sqlalchemy.exc")
    return (dbapi2.Error, OSError, *((wrapper.DBAPIError,) if wrapper is not None else ()))


def translate(error: BaseException, path: Path) -> Trouble | None:
    """The Trouble behind an error, or None when it is not the world's fault."""
    inner = getattr(error, "orig", None)
    if isinstance(inner, BaseException):
        error = inner
    if isinstance(error, OSError):
        return trouble_of(error, path)
    full: object = getattr(error, "sqlite_errorcode", None) or _CODE_OF.get(str(error))
    if not isinstance(full, int):
        return None
    where = str(path)
    if full == _IOERR_CORRUPT_FS:
        return DamagedFile("damaged_file", path=where)
    match full & 0xFF:  # SQLITE_BUSY LOCKED, READONLY, IOERR FULL, CORRUPT, CANTOPEN, NOTADB
        case 5 | 6:
            return FileLocked("file_busy", path=where)
        case 8:
            return ReadOnly("read_only", path=where)
        case 10:  # the device failed to read or to write: clearing the disk would not help
            return Trouble("disk_trouble", path=where)
        case 13:
            return DiskFull("disk_full", path=where)
        case 11:
            return DamagedFile("damaged_file", path=where)
        case 14:
            return ReadOnly("read_only", path=where)
        case 26:
            return WrongKey("wrong_key", path=where)
        case _:
            return None
