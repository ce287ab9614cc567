"""How many requests at once, and how many of one device: said before a body is read (M-3.3)."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager, contextmanager

from jobdesk.protocol.codes import ErrorCode
from province.refusing import Refused

_WINDOW_S = 60.0
_DEVICES = 50_000
_AT_ONCE = 2
"""Of one device, at least (own figure): a desk asks one thing at a time, and again where a line broke."""


class Gate:
    """Of one process. State is only what the last minute was: a process may go at any time."""

    def __init__(self, parallel: int, patience_s: float, per_minute: int, now: Callable[[], float]) -> None:
        self._slots = asyncio.Semaphore(parallel)
        self._patience = patience_s
        self._per_minute = per_minute
        self._now = now
        self._each = max(_AT_ONCE, parallel // 4)
        self._at_work: dict[str, int] = {}
        self._seen: dict[str, deque[float]] = {}

    def count(self, device: str) -> None:
        """One more request of this device.

        Raises:
            Refused: ``busy``, with the seconds until the oldest of its minute is forgotten.
        """
        now = self._now()
        times = self._seen.setdefault(device, deque())
        while times and times[0] <= now - _WINDOW_S:
            times.popleft()
        if len(times) >= self._per_minute:
            raise Refused(
                ErrorCode.BUSY, detail="rate", retry_after_s=max(1, int(times[0] + _WINDOW_S - now))
            )
        times.append(now)
        if len(self._seen) > _DEVICES:
            self._seen = {d: q for d, q in self._seen.items() if q and q[-1] > now - _WINDOW_S}
            if len(self._seen) > _DEVICES:  # names made up within a minute
                self._seen.clear()

    def is_free(self, device: str) -> None:
        """Whether this device has no more in work than its share: one that sends what takes long would have
        all the places.

        Raises:
            Refused: ``busy``.
        """
        if self._at_work.get(device, 0) >= self._each:
            raise Refused(ErrorCode.BUSY, detail="device", retry_after_s=5)

    @contextmanager
    def at_work(self, device: str) -> Generator[None]:
        """One request of this device is worked on. Raises Refused as ``is_free``."""
        self.is_free(device)
        self._at_work[device] = self._at_work.get(device, 0) + 1
        try:
            yield
        finally:
            self._at_work[device] -= 1
            if not self._at_work[device]:
                del self._at_work[device]

    async def has_room(self) -> None:
        """Wait until a place is free, and leave it to whoever has read his body first.

        Raises:
            Refused: ``busy`` when none came free in time: said before the body is read (M-3.3).
        """
        async with self.slot():
            pass

    @asynccontextmanager
    async def slot(self, times: int = 1) -> AsyncGenerator[None]:
        """A place among those worked on.

        Args:
            times: how much more patience; whose body is read already would send it all again.

        Raises:
            Refused: ``busy`` when none came free in time.
        """
        try:
            if self._slots.locked():
                await asyncio.wait_for(self._slots.acquire(), self._patience * times)
            else:  # at once: without patience nobody would ever have a place, and a clock costs a task
                await self._slots.acquire()
        except TimeoutError:
            raise Refused(ErrorCode.BUSY, detail="load", retry_after_s=5) from None
        try:
            yield
        finally:
            self._slots.release()
