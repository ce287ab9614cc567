"""The real verbs inside one transaction: a desk whose file is a transaction that is already open.

A year of work is some thousand saves; written one by one they would be as many commits. The verbs know
only ``read``, ``write``, ``clock``, ``ids``, ``path`` and ``replica_id`` of a station file, and those answer
here at once.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar, cast

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.ids import IdSource
from jobdesk.cases.working_days import WorkingDays
from jobdesk.services.desk import Desk
from jobdesk.store.log import Connection
from jobdesk.store.station_file import StationFile, Writing

T = TypeVar("T")


class _OneTransaction:
    """What the verbs use of a ``StationFile``. A verb that fails fails the whole transaction."""

    def __init__(self, writing: Writing, clock: FixedClock, station_id: str) -> None:
        self._writing = writing
        self.clock = clock
        self.station_id = self.station_subject = station_id

    @property
    def ids(self) -> IdSource:
        return self._writing.new_id

    @property
    def path(self) -> Path:
        """No file of its own: what others keep by file they keep for the station."""
        return Path(self.station_id)

    @property
    def replica_id(self) -> str:
        return self.station_id

    def read(self, job: Callable[[Connection], T]) -> Future[T]:
        return _done(job(self._writing.con))

    def write(self, job: Callable[[Writing], T]) -> Future[T]:
        return _done(job(self._writing))


def _done(value: T) -> Future[T]:
    future: Future[T] = Future()
    future.set_result(value)
    return future


def desk_within(writing: Writing, clock: FixedClock, station_id: str, actor: str, days: WorkingDays) -> Desk:
    """A desk for the time of this transaction; its futures are done when they are given."""
    file = cast(StationFile, _OneTransaction(writing, clock, station_id))
    return Desk(file, actor, days, practice=True)
