"""One writer thread, two readers: every job on the station file runs here and answers with a future.

Jobs are plain callables that get a connection. Nothing here knows Qt; the window turns futures into
calls on its own thread.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from jobdesk.cases.errors import Trouble
from jobdesk.store.cipher import connect, translated
from jobdesk.store.log import Connection

T = TypeVar("T")
READERS = 2
LARGE_CACHE_KIB = 65536
"""On one reader, for lists of 100,000; more connections with it cost memory for nothing."""
SMALL_CACHE_KIB = 8192


class Work:
    """The threads of one open station file.

    ``write`` jobs run one after the other, each in a transaction that is committed or rolled back
    whole; ``read`` jobs run beside them and never write. ``close`` waits for what was begun.
    """

    def __init__(self, path: Path, key: bytes, *, writable: bool = True) -> None:
        self._path = path
        self._key = key
        self._local = threading.local()
        self._open: list[Connection] = []
        self._guard = threading.Lock()
        self._large_taken = False
        self._waiting = 0
        self._writer = ThreadPoolExecutor(1, "station-write") if writable else None
        self._readers = ThreadPoolExecutor(READERS, "station-read")
        self._aside = ThreadPoolExecutor(1, "station-aside")

    def write(
        self,
        job: Callable[[Connection], T],
        *,
        after: Callable[[Connection], None] | None = None,
        failed: Callable[[], None] | None = None,
    ) -> Future[T]:
        """Run ``job`` in a transaction of its own on the writer thread.

        The future fails with the job's own error (rolled back), or with Trouble when the disk does.

        Args:
            after: runs on the same thread once the commit stands, before the future answers.
            failed: runs on the same thread once the transaction was rolled back.
        """
        if self._writer is None:
            raise RuntimeError("opened for reading")

        def run() -> T:
            self._count(-1)
            try:
                result = self._in_transaction(job)
            except BaseException:
                if failed is not None:
                    failed()
                raise
            if after is not None:
                after(self._connection(True))
            return result

        self._count(1)
        return self._writer.submit(run)

    @property
    def somebody_waits(self) -> bool:
        """Whether a ``write`` was asked for that has not begun: a long one beside it may end early."""
        return self._waiting > 0

    def _count(self, one: int) -> None:
        with self._guard:
            self._waiting += one

    def on_writer(self, job: Callable[[Connection], T]) -> Future[T]:
        """Run ``job`` on the writer thread without a transaction (backup, checkpoint, journal)."""
        if self._writer is None:
            raise RuntimeError("opened for reading")

        def run() -> T:
            with self._trusted(True) as con:
                return job(con)

        return self._writer.submit(run)

    def aside(self, job: Callable[[], T]) -> Future[T]:
        """Run something long (a backup) beside the others; it may ask ``read`` and ``on_writer``."""
        return self._aside.submit(job)

    def read(self, job: Callable[[Connection], T]) -> Future[T]:
        """Run ``job`` on a reader thread; it sees the last commit before it began."""

        def run() -> T:
            with self._trusted(False) as con:
                con.execute("BEGIN")
                try:
                    return job(con)
                finally:
                    if con.in_transaction:  # a failed read may have ended it already
                        con.execute("ROLLBACK")

        return self._readers.submit(run)

    def _in_transaction(self, job: Callable[[Connection], T]) -> T:
        with self._trusted(True) as con:
            con.execute("BEGIN IMMEDIATE")
            try:
                result = job(con)
                con.execute("COMMIT")
            except BaseException:
                if con.in_transaction:
                    con.execute("ROLLBACK")
                raise
            return result

    @contextlib.contextmanager
    def _trusted(self, writable: bool) -> Generator[Connection]:
        """This thread's connection; after Trouble with the file it is not used again."""
        con = self._connection(writable)
        try:
            with translated(self._path):
                yield con
        except Trouble as trouble:
            if trouble.params.get("path") == str(self._path):
                self.distrust()
            raise

    def distrust(self) -> None:
        """Close this thread's connection; the next job opens another.

        Once a page could not be read SQLCipher calls the file damaged on that connection for ever, even
        when the disk is well again.
        """
        con = getattr(self._local, "con", None)
        if con is None:
            return
        self._local.con = None
        with self._guard:
            self._open.remove(con)
            self._large_taken &= not getattr(self._local, "large", False)
        with contextlib.suppress(Trouble), translated(self._path):
            con.close()

    def _connection(self, writable: bool) -> Connection:
        con = getattr(self._local, "con", None)
        if con is None:
            with self._guard:
                large = not writable and not self._large_taken
                self._large_taken |= large
                self._local.large = large
            con = connect(self._path, self._key, read_only=not writable,
                          cache_kib=LARGE_CACHE_KIB if large else SMALL_CACHE_KIB)  # fmt: skip
            self._local.con = con
            with self._guard:
                self._open.append(con)
        return con

    def close(self) -> None:
        """Wait for running jobs, fold the write-ahead log back into the file, close everything."""
        self._aside.shutdown()
        self._readers.shutdown()
        if self._writer is not None and self._open:
            self._writer.submit(self._checkpoint).result()
        if self._writer is not None:
            self._writer.shutdown()
        for con in self._open:
            con.close()
        self._open.clear()

    def _checkpoint(self) -> None:
        con = getattr(self._local, "con", None)
        if con is not None:
            # what stays in the write-ahead log is read at the next start: closing goes on in any case
            with contextlib.suppress(Trouble), translated(self._path):
                con.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
