"""Connections with a clock: one that brings no request head, or takes no answer, is closed.

Uvicorn's own clock runs only between an answer and the first byte of the next request: a head that never
ends, and a connection that never speaks, would stay for ever.
"""

from __future__ import annotations

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_S = 30.0
"""From a connection, or the answer before, until the next head is whole (own figure): longer than an idle
connection is kept."""
REST_S = 900.0
"""So long, from the answer on, each piece of a body that was refused sets that clock back (own figure): a
line of 20 kbit/s brings the largest body of a push in this time, and then reads why it was refused."""
STILL_S = 60.0
"""So long an answer may stand still; a slow line that takes a little of it stays (own figure)."""
MOST_WAITING = 1000
"""Connections of a process without a request (own figure): beyond them the one that waits longest goes."""


class Line(H11Protocol):
    """One connection."""

    _waiting: dict[Line, None] = {}  # noqa: RUF012 - of the whole process, whoever waits longest first
    _until: asyncio.TimerHandle | None = None
    _since: float = 0.0
    _writes: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:
        super().connection_made(transport)
        self._mind()

    def data_received(self, data: bytes) -> None:
        in_body = self.conn.their_state is h11.SEND_BODY
        super().data_received(data)
        if in_body:
            self._goes_on()
        self._mind()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._mind()
        if self.transport.get_write_buffer_size():  # uvicorn is done with it, the line is not
            self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        self._waiting.pop(self, None)
        self._stop()
        self._stop_writes()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._watch()

    def resume_writing(self) -> None:
        self._stop_writes()
        super().resume_writing()

    def _mind(self) -> None:
        """Let the clock run while no request is under way; a byte more of a head does not set it back."""
        under_way = bool(self.cycle) and not self.cycle.response_complete
        if under_way or self.transport.is_closing():
            self._waiting.pop(self, None)
            self._stop()
        elif self._until is None:
            self._since = self.loop.time()
            self._until = self.loop.call_later(HEAD_S, self._late)
            self._waiting[self] = None
            if len(self._waiting) > MOST_WAITING:
                next(iter(self._waiting))._late()

    def _goes_on(self) -> None:
        """The rest of a body that nobody reads any more is no head that does not come: cut off, a slow line
        would never read its answer.
        """
        if self._until is not None and self.loop.time() < self._since + REST_S:
            self._until.cancel()
            self._until = self.loop.call_later(HEAD_S, self._late)

    def _late(self) -> None:
        self._waiting.pop(self, None)
        self._stop()
        if not self.transport.get_write_buffer_size():
            self.transport.abort()
        else:  # of its answer a part is on the way yet
            self._watch()
            self._until = self.loop.call_later(HEAD_S, self._late)

    def _watch(self) -> None:
        if self._writes is None:
            left = self.transport.get_write_buffer_size()
            self._writes = self.loop.call_later(STILL_S, self._still, left)

    def _still(self, before: int) -> None:
        """Whoever takes nothing of an answer for so long is gone, or wants its memory to be held."""
        self._writes = None
        left = self.transport.get_write_buffer_size()
        if left >= before > 0:
            self.transport.abort()
        elif left:
            self._watch()

    def _stop(self) -> None:
        if self._until is not None:
            self._until.cancel()
            self._until = None

    def _stop_writes(self) -> None:
        if self._writes is not None:
            self._writes.cancel()
            self._writes = None
