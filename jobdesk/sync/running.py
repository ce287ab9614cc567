"""Exchanges by themselves beside a window: one thread, one exchange at a time, never in the way of typing."""

from __future__ import annotations

import logging
import math
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from random import Random

from jobdesk.cases.clock import Clock
from jobdesk.cases.errors import JobdeskError
from jobdesk.services.syncing import BUSY, FAILED, FOR_A_PERSON, STOPPED, Held, Moving
from jobdesk.store import sync_facts
from jobdesk.store.station_file import StationFile, Writing
from jobdesk.sync import pacing
from jobdesk.sync.engine import Setup, synchronise
from jobdesk.sync.enrolling import Offer, enrol, is_enrolled
from jobdesk.sync.exchange import Progress
from jobdesk.sync.receipts import Receipt
from jobdesk.sync.transport import Transport

log = logging.getLogger(__name__)
GENTLE_BYTES = 128 * 1024
"""A page beside a person who types: some hundred milliseconds of the writer (own figure)."""
_LOOK_S = 600.0
"""How often is looked whether the file was enrolled in the meantime."""


@contextmanager
def _line(make: Callable[[str], Transport], server: str) -> Generator[Transport]:
    """A line for as long as it is needed; closed where it can be."""
    transport = make(server)
    try:
        yield transport
    finally:
        close = getattr(transport, "close", None)
        if close is not None:
            close()


@dataclass(slots=True)
class Running:
    """The runner (``services.syncing.Syncing``).

    Attributes:
        transport: made anew from the server's address where that is known.
        monotonic: seconds that never go back; metered: whether the line is paid by volume.
        way_out: changes when the machine has another way to the world; empty without one.
        done: told after every exchange, on the runner's thread.
        offer: what IT has set for this machine: it enrols by itself then, in the name of ``actor``.
        code_spent: told when the offer's code is of no more use: it was taken, or the server has none such.
        trouble: code of what kept this machine from enrolling by itself; empty otherwise.
        again_ms: when the next exchange begins by itself, as planned after the last one; a save may bring it
            forward.
    """

    file: StationFile
    clock: Clock
    transport: Callable[[str], Transport]
    monotonic: Callable[[], float]
    random: Random
    metered: Callable[[], bool] = lambda: False
    done: Callable[[Receipt], None] = lambda _receipt: None
    offer: Offer = field(default_factory=Offer)
    actor: str = "unknown"
    code_spent: Callable[[str], None] = lambda _code: None
    way_out: Callable[[], str] = str
    trouble: str = ""
    again_ms: int = 0
    moving: Moving = field(default_factory=Moving)
    last: Receipt | None = None
    _wake: threading.Event = field(default_factory=threading.Event)
    _ending: bool = False
    _asked: bool = False
    _paid: bool = False
    _look: bool = True
    _paused: bool = False
    _pace: pacing.Pace = field(default_factory=pacing.Pace)
    _due: float = 0.0
    _typed: float = -1e9
    _way: str = ""
    _listeners: list[Callable[[], None]] = field(default_factory=list[Callable[[], None]])
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """The first exchange follows at once: most of the day begins with it."""
        if self._thread is None:
            self._due = self.monotonic()
            self._thread = threading.Thread(target=self._run, name="sync", daemon=True)
            self._thread.start()

    def stop(self, patience_s: float | None = None) -> None:
        self._ending = True
        self._wake.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(patience_s)
        self._thread = None

    def now(self) -> None:
        self._asked, self._paused = True, False
        self._due = self.monotonic()
        self._wake.set()

    def saved(self) -> None:
        quiet = self.monotonic() - self._typed
        soon = pacing.after_save_s(self._pace, metered=self._paid, quiet_s=quiet)
        if soon is not None:
            self._due = min(self._due, self.monotonic() + soon)
            self._wake.set()

    def typed(self) -> None:
        self._typed = self.monotonic()

    def pause(self) -> None:
        self._paused = True
        self._move(replace(self.moving, paused=True))

    def resume(self) -> None:
        self._paused = False
        self._move(replace(self.moving, paused=False))
        self.now()

    @property
    def held(self) -> Held:
        return "person" if self._paused else "metered" if self._paid else ""

    def line_told(self) -> None:
        self._look = True
        self._wake.set()

    def listen(self, told: Callable[[], None]) -> None:
        self._listeners.append(told)

    @property
    def offered(self) -> bool:
        return bool(self.offer.server and self.offer.code)

    def _run(self) -> None:
        while not self._ending:
            try:
                self._wait_or_do()
            except Exception as bug:  # noqa: BLE001 - a thread that ends ends all exchanges, and nobody is told
                if self._ending:  # the file was closed while the line kept an answer back
                    return
                self._went_wrong(bug)

    def _went_wrong(self, bug: Exception) -> None:
        """Ours, or the file's: told as the last try's error, and tried again later and later."""
        log.error("exchange failed: %s", type(bug).__name__, exc_info=bug)
        self._pace = pacing.Pace(failures=self._pace.failures + 1)
        pause = pacing.pause_s(self._pace, self.random.uniform)
        now = self.clock.now_ms()
        self._due, self.again_ms = self.monotonic() + pause, now + int(1000 * pause)

        def job(w: Writing) -> None:
            sync_facts.put(w.con, "last_try_ms", now)
            sync_facts.put(w.con, "last_error", FAILED)

        try:
            self.file.write(job).result()
            self._move(Moving())
            self._tell()
        except Exception as again:
            log.error("exchange failed: %s", type(again).__name__, exc_info=again)

    def _look_at_line(self) -> None:
        """Paid by volume or not; a day since the last exchange counts over a restart of the program."""
        self._look = False
        paid, self._paid = self._paid, self.metered()
        if self._paid and not self._asked:
            facts = self.file.read(sync_facts.all_facts).result()
            last, ahead, heard = (int(facts.get(k, 0)) for k in ("last_good_ms", "skew_ms", "server_ms"))
            age_s = max(0, sync_facts.put_right(self.clock.now_ms(), ahead, heard) - last) / 1000
            self._due = max(self._due, self.monotonic() + pacing.METERED_S - age_s)
        elif paid:
            self._due = self.monotonic()
        self._move(self.moving)
        self._tell()

    def _wait_or_do(self) -> None:
        if self._look:
            self._look_at_line()
        left = self._due - self.monotonic()
        if left <= 0 and not self._asked:
            left = pacing.QUIET_S - (self.monotonic() - self._typed)
        if self._paused:
            left = max(left, _LOOK_S)
        if left > 0:
            away = self._pace.failures > 0
            self._wake.wait(min(left, pacing.WATCH_S) if away else left)
            self._wake.clear()
            if away:
                self._look_for_a_line()
            return
        self._asked, self._due = False, math.inf
        self._way = self.way_out()
        pause = self._once()
        after = self.monotonic() + pause
        # What was saved or asked for meanwhile may have missed its step; without a line only asking counts.
        may_hurry = self._asked or not self._pace.failures
        self._due = min(self._due, after) if may_hurry else after
        left_s = max(0.0, self._due - self.monotonic())
        self.again_ms = self.clock.now_ms() + int(1000 * left_s)
        self._tell()

    def _look_for_a_line(self) -> None:
        """Another way out than at the last try, which failed: the long pause is over."""
        way, before = self.way_out(), self._way
        self._way = way
        if way and way != before:
            soon = self.random.uniform(1, pacing.BACK_S)
            self._due = min(self._due, self.monotonic() + soon)
            self.again_ms = min(self.again_ms, self.clock.now_ms() + int(1000 * soon))
            self._tell()

    def _once(self) -> float:
        """One exchange; seconds until the next one."""
        try:
            server = self.file.read(lambda con: sync_facts.get(con, "server")).result()
            if is_enrolled(self.file):
                self.trouble = ""
            elif not (server := self._enrolled() or server):
                return _LOOK_S
            self._move(Moving("push"))
            receipt = self._exchange(server)
        except JobdeskError:  # the file is in trouble (told by whoever saves), or somebody else exchanges
            self._pace = pacing.Pace(failures=self._pace.failures + 1)
            return pacing.pause_s(self._pace, self.random.uniform)
        finally:
            self._move(Moving())
        self.last = receipt
        if not self._ending:
            self.done(receipt)
        self._paid = self.metered()  # asked here: the system may take its time
        self._move(Moving())
        return pacing.pause_s(self._pace, self.random.uniform, metered=self._paid)

    def _enrolled(self) -> str:
        """The server, when IT has set one and a code for it; without them somebody has to enrol."""
        server, code = self.offer.server, self.offer.code
        if not (server and code):
            return ""
        try:
            with _line(self.transport, server) as transport:
                enrol(self.file, transport, server, code, self.clock, self.actor)
        except JobdeskError as error:
            self.trouble = error.code
            self._tell()
            if error.code != "sync_bad_code":
                raise
            self.offer = Offer(server)  # the same code again would not do either
            self.code_spent(code)
            return ""
        self.trouble = ""
        self.code_spent(code)
        return server

    def _exchange(self, server: str) -> Receipt:
        with _line(self.transport, server) as transport:
            receipt = synchronise(
                Setup(self.file, transport, self.clock, self._progress, GENTLE_BYTES, self._to_stop,
                      ahead=True)
            )  # fmt: skip
        busy = receipt.next_sync_s if receipt.error == BUSY else 0
        stopped = receipt.error == STOPPED
        failures = 0 if stopped or not receipt.error else self._pace.failures + 1
        if receipt.error in FOR_A_PERSON:
            failures = max(failures, 8)  # the longest pause: it may have been mended elsewhere
        self._pace = pacing.Pace(failures, 0 if receipt.error else receipt.next_sync_s, busy)
        return receipt

    def _to_stop(self) -> bool:
        return self._ending or self._paused

    def _progress(self, progress: Progress) -> None:
        self._move(Moving(progress.step, progress.done, progress.of))

    def _move(self, moving: Moving) -> None:
        moving = replace(moving, paused=bool(self.held))
        if moving != self.moving:
            self.moving = moving
            self._tell()

    def _tell(self) -> None:
        for told in self._listeners:
            told()
