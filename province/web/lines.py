"""Connections with a clock: one that brings no request head, or takes its answer by drops, is closed.

Uvicorn's own clock runs only between an answer and the first byte of the next request: a head that never
ends, a connection that never speaks, and an answer that nobody reads would stay for ever.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from collections import Counter
from contextlib import suppress

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_S = 30.0
"""From a connection, or the answer before, until the next head is whole (own figure): longer than an idle
connection is kept."""
REST_S = 900.0
"""So long, from the answer on, each piece of a body that was refused sets that clock back (own figure): a
line of 20 kbit/s brings the largest body of a push in this time, and then reads why it was refused."""
STILL_S = 60.0
"""So long an answer may stand still (own figure)."""
SLOWEST = 1024
"""Bytes a second that an answer is taken by, each ``STILL_S`` for itself (own figure): half of what a body is
to bring, since the kernel takes it in lumps. A line of 20 kbit/s takes more than twice that.
"""
KERNEL_BYTES = 64 * 1024
"""What the kernel is to hold of an answer; it takes up to twice that (own figure). By itself it takes
megabytes, which no clock sees.
"""
MOST_UNREAD = 128 * 1024 * 1024
"""Bytes of answers that wait to be taken at a process (own figure, that of the bodies that come in)."""
MOST_WAITING = 1000
"""Connections of a process without a request (own figure): beyond them the one that waits longest goes."""


class Line(H11Protocol):
    """One connection."""

    _waiting: dict[Line, None] = {}  # noqa: RUF012 - of the whole process, whoever waits longest first
    _unread: dict[Line, None] = {}  # noqa: RUF012 - the same of those with an answer that is not taken at once
    _until: asyncio.TimerHandle | None = None
    _since: float = 0.0
    _writes: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, KERNEL_BYTES)
        super().connection_made(transport)
        self._mind()

    def data_received(self, data: bytes) -> None:
        if not self.transport.get_write_buffer_size():
            self._stop_writes()  # a rest so small that uvicorn never paused for it is taken
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
        """Let the clock run on an answer that is not taken at once, and count it among what is held."""
        if self._writes is None:
            self._writes = self.loop.call_later(STILL_S, self._still, self.transport.get_write_buffer_size())
            self._unread[self] = None
            self._make_room()

    def _still(self, before: int) -> None:
        """Whoever takes too little of an answer in so long is gone, or wants its memory to be held."""
        self._writes = None
        left = self.transport.get_write_buffer_size()
        if left > max(0, before - int(SLOWEST * STILL_S)):
            self._give_up()
        elif left:
            self._watch()
        else:
            self._unread.pop(self, None)

    def _make_room(self) -> None:
        """Beyond the bound, of the address that holds most the one that has its answer longest goes: a slow
        line harms nobody but itself.
        """
        while True:
            held = Counter[str]()
            for line in self._unread:
                held[line._address()] += KERNEL_BYTES + line.transport.get_write_buffer_size()
            if held.total() <= MOST_UNREAD:
                break
            most = held.most_common(1)[0][0]
            next(line for line in self._unread if line._address() == most)._give_up()

    def _address(self) -> str:
        return self.client[0] if self.client else ""

    def _give_up(self) -> None:
        """With what the kernel holds of the answer: after an orderly end it would wait on for whoever takes
        none of it.
        """
        self._stop_writes()
        with suppress(OSError):
            self.transport.get_extra_info("socket").setsockopt(
                socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
            )
        self.transport.abort()

    def _stop(self) -> None:
        if self._until is not None:
            self._until.cancel()
            self._until = None

    def _stop_writes(self) -> None:
        self._unread.pop(self, None)
        if self._writes is not None:
            self._writes.cancel()
            self._writes = None
