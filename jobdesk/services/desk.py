"""What every verb needs: the station file, who acts, what day it is, the rules as data."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from jobdesk.cases.clock import Clock, today
from jobdesk.cases.ops import NewOp, Subject
from jobdesk.cases.state import SubjectState
from jobdesk.cases.working_days import WorkingDays
from jobdesk.store import reads
from jobdesk.store.log import Connection
from jobdesk.store.station_file import Changes, StationFile, Writing

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Desk:
    """One person at one open station file.

    Attributes:
        actor: staff id of who acts; ``unknown`` until somebody was chosen.
        practice: the practice station: papers and window carry 练习.
        believed: while the machine's date is in doubt, the last day that was believed
            (``services.day_in_use``); None while it is not.
    """

    file: StationFile
    actor: str
    working_days: WorkingDays
    practice: bool = False
    believed: date | None = None

    @property
    def clock(self) -> Clock:
        return self.file.clock

    @property
    def today(self) -> date:
        """The machine's date: what is written down today bears it."""
        return today(self.file.clock)

    @property
    def day(self) -> date:
        """What lists, clocks and verdicts count from: one day for every place."""
        return self.believed or self.today

    @property
    def station(self) -> Subject:
        return Subject("station", self.file.station_subject)

    def as_actor(self, staff_id: str) -> Desk:
        """The same desk with another person at it."""
        return replace(self, actor=staff_id)

    def new_id(self) -> str:
        return self.file.ids()

    def read(self, job: Callable[[Connection], T]) -> Future[T]:
        """A reading job; answers on a reader thread."""
        return self.file.read(job)

    def write(self, job: Callable[[Writing], T]) -> Future[T]:
        """A writing job: one transaction."""
        return self.file.write(job)

    def act(self, ops: Iterable[NewOp]) -> Future[Changes]:
        """One action of these operations by who acts here."""
        listed = list(ops)
        return self.file.write(lambda w: w.append(self.actor, listed))

    def case(self, case_id: str) -> Future[SubjectState]:
        """One person's file from its rows."""
        return self.file.read(lambda con: reads.case_state(con, case_id))


def case_subject(case_id: str) -> Subject:
    """The subject of a person's file."""
    return Subject("case", case_id)
