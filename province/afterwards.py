"""What a push leaves to be done behind its answer: what waits apart is asked again where something new came.

Whoever's push it was waits for none of it: a stolen machine may have left a hundred thousand actions about
the person whom somebody moves. A process of the server has a thread for it; where there is none (one
command, the simulator) it follows the request, within its bound.
"""

from __future__ import annotations

import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from threading import Event, Lock, Thread

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from province import concerning, doubles, merging, quarantine
from province.concerning import Waiting
from province.db.engine import EVERYTHING, Database

GO_MS = 1000
"""Own figure: so long it is worked on at a stretch, and what is left goes on later."""
_SWEEP_MS = 600_000
"""Own figure: so often a process looks for what one that died had left to be asked again."""
_DOUBLES_MS = 86_400_000
"""Own figure: for who was told of nobody it looks at a start and then once a day; it reads every number."""
_AT_ONCE = 50
"""Actions of one machine before it is another's turn (own figure)."""
_MOST_ASKED = 200_000
_REST_S, _AWAY_S, _LOOK_S = 0.05, 10.0, 60.0
"""Own figures: between two goes at least; when the database is away; without anything told."""
_ALONE = 0x6A6F6264
"""Of all processes one at a time asks again: the key of PostgreSQL's advisory lock."""
_LOG = logging.getLogger("province")
_Queue = dict[Waiting, None]


@dataclass(slots=True)
class Afterwards:
    """Of one process. It may forget all of it at any time: sweeps find it again (M-6.13).

    Attributes:
        secret: of the hashes by which one person in two files is found.
        listed: told after something was: an erasure may be among it.
    """

    db: Database
    now_ms: Callable[[], int]
    secret: Callable[[], bytes]
    listed: Callable[[], None]
    _came: set[str] = field(default_factory=set[str])
    _strange: set[str] = field(default_factory=set[str])
    _queues: OrderedDict[str, _Queue] = field(default_factory=OrderedDict[str, _Queue])
    _sweeping: set[Waiting] = field(default_factory=set[Waiting])
    _asked: dict[tuple[str, str], int] = field(default_factory=dict[tuple[str, str], int])
    _swept_ms: int = 0
    _doubles_ms: int = 0
    _told: Lock = field(default_factory=Lock)
    _at_work: Lock = field(default_factory=Lock)
    _wake: Event = field(default_factory=Event)
    _ending: Event = field(default_factory=Event)
    _thread: Thread | None = None

    def push_came(self, came: Collection[str], strange: Collection[str]) -> None:
        """Told once it is committed. Both sides of a move and a word on it look after their own commit, so
        that one of two at once sees the other.

        Args:
            came: subjects that began, moved, were merged …: what others said of them is asked again.
            strange: actions kept apart as of no subject in sight: these may have come meanwhile.
        """
        with self._told:
            self._came |= set(came)
            self._strange |= set(strange)
        if self._thread is None:
            self.go(GO_MS)
        elif came or strange:
            self._wake.set()

    @property
    def runs(self) -> bool:
        return self._thread is not None

    def begin(self) -> None:
        """From now on behind the answers."""
        if self._thread is None:
            self._ending.clear()
            self._thread = Thread(target=self._run, name="afterwards", daemon=True)
            self._thread.start()

    def end(self) -> None:
        """What is left a sweep finds."""
        thread, self._thread = self._thread, None
        self._ending.set()
        self._wake.set()
        if thread is not None:
            thread.join()

    def go(self, most_ms: int, *, alone: bool = False) -> bool:
        """Work on what is told, for so long; whether anything is left.

        Args:
            alone: only while no other process does.
        """
        if not self._at_work.acquire(blocking=False):
            return True
        try:
            until = self.now_ms() + most_ms
            self._look()
            if not self._queues:
                return False
            with self._nobody_else(alone) as mine:
                return self._ask(until) if mine else True
        finally:
            self._at_work.release()

    def _look(self) -> None:
        """From what was told to the actions that wait."""
        with self._told:
            came, self._came = self._came, set[str]()
            strange, self._strange = self._strange, set[str]()
        now = self.now_ms()
        sweeps = abs(now - self._swept_ms) > _SWEEP_MS
        try:
            if came or strange:
                self._found(came, strange)
        except (DBAPIError, PoolTimeout):
            with self._told:
                self._came |= came
                self._strange |= strange
            raise
        if sweeps:
            self._swept_ms = now
            merging.settle(self.db)
            if abs(now - self._doubles_ms) > _DOUBLES_MS:
                doubles.tell_left(self.db, now)
                self._doubles_ms = now
            with self.db.reading(EVERYTHING) as con:
                left = concerning.left(con)
            self._sweeping |= set(left)
            self._put(left)
            self.listed()

    def _found(self, came: set[str], strange: set[str]) -> None:
        with self.db.reading(EVERYTHING) as con:
            found = concerning.of_actions(con, strange) if strange else []
            found += concerning.about(con, came) if came else []
        self._sweeping.difference_update(found)
        self._put(found)
        if came and self.db.is_postgres:  # the other one has one writer at a time
            merging.settle(self.db, came)

    def _put(self, found: Iterable[Waiting]) -> None:
        for one in found:
            self._queues.setdefault(one.device, {})[one] = None

    def _ask(self, until_ms: int) -> bool:
        count = 0
        while self._queues and self.now_ms() <= until_ms:
            device, queue = next(iter(self._queues.items()))
            count += self._ask_some(queue, until_ms)
            del self._queues[device]
            if queue:
                self._queues[device] = queue  # behind the others
            if self._came:
                self._look()
        if count:
            self.listed()
        return bool(self._queues)

    def _ask_some(self, queue: _Queue, until_ms: int) -> int:
        """The next ones of a machine; how many are listed now."""
        some = list(islice(queue, _AT_ONCE))
        with self.db.reading(EVERYTHING) as con:
            worth = dict(concerning.worth_asking(con, some))
        count = 0
        for one in some:
            if self.now_ms() > until_ms:
                break
            del queue[one]
            try:
                count += one in worth and self._ask_one(one, worth[one])
            except (OperationalError, PoolTimeout):
                queue[one] = None  # others were in the way, or the database is: it is asked later
                raise
            self._sweeping.discard(one)
        return count

    def _ask_one(self, one: Waiting, mark: int) -> bool:
        """Whether it is listed now. What a sweep finds again and was asked in vain since anything about it
        changed is left alone.
        """
        if one in self._sweeping and self._asked.get(one.key) == mark:
            return False
        try:
            reason, came = quarantine.try_again(self.db, one.key, self.secret(), self.now_ms())
        except LookupError:  # settled meanwhile: by a person, an erasure, another process
            return False
        if reason is None:
            self._asked.pop(one.key, None)
            with self._told:
                self._came |= came  # it may have moved somebody on
            return True
        if len(self._asked) >= _MOST_ASKED:
            self._asked.clear()
        self._asked[one.key] = mark
        return False

    @contextmanager
    def _nobody_else(self, alone: bool) -> Generator[bool]:
        if not (alone and self.db.is_postgres):
            yield True
            return
        with self.db.engine.connect() as con, con.begin():
            asked = text("SELECT pg_try_advisory_xact_lock(:key)")
            yield bool(con.execute(asked, {"key": _ALONE}).scalar_one())

    def _run(self) -> None:
        """Half of the time at most: strangers' pushes want the same database."""
        pause = 0.0
        while not self._ending.is_set():
            self._wake.wait(pause)
            self._wake.clear()
            began = time.monotonic()
            try:
                pause = 0.0 if self.go(GO_MS, alone=True) else _LOOK_S
                rest = max(_REST_S, time.monotonic() - began)
            except (DBAPIError, PoolTimeout) as away:
                _told_of(away)
                pause, rest = 0.0, _AWAY_S
            except Exception as bug:  # noqa: BLE001 - it would end the thread unseen; sweeps ask what was left
                _told_of(bug)
                pause, rest = 0.0, _AWAY_S
            self._ending.wait(rest)


def _told_of(fault: Exception) -> None:
    """Its kind, never its text: a statement's values may be in it."""
    _LOG.warning("afterwards", extra={"fields": {"class": type(fault).__name__}})
