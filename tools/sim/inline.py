"""The threads of a station file as plain calls, and deaths of its process at a commit.

The jobs, transactions and connections are the real ones. What changes is who runs them: the caller, at once,
so that one seed is one history.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Generic, TypeVar

from jobdesk.store import station_file, work
from jobdesk.store.log import Connection

T = TypeVar("T")


class Killed(BaseException):
    """The process died here. Nothing of it runs any more."""


@dataclass
class Death:
    """When the process that runs now is to die.

    Attributes:
        commits: dies at the commit of this number from now; 0 never.
        before: just before the commit stands, else just after it.
        seen: commits since it was set.
    """

    commits: int = 0
    before: bool = False
    seen: int = field(default=0)

    def at_commit(self, before: bool) -> None:
        if not before:
            self.seen += 1
        if self.commits and before is self.before and self.seen == self.commits - int(before):
            self.commits = 0
            raise Killed


death = Death()
"""Of the process whose turn it is: the simulator sets it around one step."""


@contextlib.contextmanager
def dying(commits: int, *, before: bool) -> Generator[None]:
    """The process of this step dies at its ``commits``-th commit; others that run meanwhile live."""
    kept = (death.commits, death.before, death.seen)
    death.commits, death.before, death.seen = commits, before, 0
    try:
        yield
    finally:
        death.commits, death.before, death.seen = kept


@contextlib.contextmanager
def alive() -> Generator[None]:
    """Somebody else's turn in between."""
    with dying(0, before=False):
        yield


class Done(Generic[T]):
    """A future of which everything is known."""

    __slots__ = ("_error", "_value")

    def __init__(self, value: T, error: Exception | None = None) -> None:
        self._value, self._error = value, error

    def result(self, timeout: float | None = None) -> T:
        if self._error is not None:
            raise self._error
        return self._value

    def exception(self, timeout: float | None = None) -> Exception | None:
        return self._error

    def done(self) -> bool:
        return True

    def add_done_callback(self, told: Callable[[Done[T]], object]) -> None:
        told(self)


class _Role:
    """An executor that runs at once, with connections of its own as a thread would have them."""

    def __init__(self, owner: InlineWork) -> None:
        self._owner = owner
        self._local = SimpleNamespace()

    def submit(self, job: Callable[[], T]) -> Done[T]:
        owner = self._owner
        if owner.dead:
            raise Killed
        before, owner._local = owner._local, self._local  # type: ignore[assignment]
        try:
            return Done(job())
        except Killed:
            owner.dead = True
            raise
        except Exception as error:  # noqa: BLE001 - as an executor does: whoever asks for the result meets it
            nothing: Any = None
            return Done(nothing, error)
        finally:
            owner._local = before

    def shutdown(self) -> None:
        """Nothing runs behind the caller's back."""


class InlineWork(work.Work):
    """``store.work.Work`` on the caller's thread."""

    def __init__(self, path: Path, key: bytes, *, writable: bool = True) -> None:
        super().__init__(path, key, writable=writable)
        self.dead = False
        self._local: Any = SimpleNamespace()
        aside: Any = _Role(self)
        self._writer: Any = _Role(self) if writable else None
        self._readers: Any = _Role(self)
        self._aside: Any = aside

    def _in_transaction(self, job: Callable[[Connection], T]) -> T:
        def whole(con: Connection) -> T:
            result = job(con)
            death.at_commit(before=True)
            return result

        result = super()._in_transaction(whole)
        death.at_commit(before=False)
        return result

    def end(self) -> None:
        """The process is gone: connections close as the system closes them, nothing is folded back."""
        self.dead = True
        for con in self._open:
            con.close()
        self._open.clear()


def take_over() -> None:
    """From here on every station file of this process runs so."""
    station_file.Work = InlineWork  # type: ignore[misc]
