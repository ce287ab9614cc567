"""A raw request, its body read within the limit, before anybody believes it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Collection, Generator
from contextlib import contextmanager
from dataclasses import dataclass

from fastapi import Request
from starlette.requests import ClientDisconnect

from jobdesk.protocol.codes import ErrorCode
from jobdesk.protocol.limits import MAX_BODY_BYTES, SPOKEN
from jobdesk.protocol.signing import DEVICE, NONCE, SIGNATURE, VERSION
from jobdesk.protocol.versions import is_answered
from province.asking import Asked
from province.refusing import Refused

_PATIENCE_S = 20.0
_SLOWEST = 2048
"""Bytes a second; the worst line of a station is ten times that (own figure)."""
_SETTLED_S = 3.0
"""Nobody is sent away for being slow before this (own figure)."""


@dataclass(eq=False, slots=True)
class _Reader:
    """A body that is coming in."""

    started: float
    size: int = 0
    waits: asyncio.Timeout | None = None
    gone: bool = False

    def slowness(self, now: float) -> float:
        return (now - self.started) / (self.size + 1)

    def send_away(self, now: float) -> None:
        self.gone = True
        if self.waits is not None and not self.waits.expired():
            self.waits.reschedule(now)


class Readers:
    """The bodies that are coming in at one process. They hold no place of those worked on; where there are
    too many, whoever is slowest goes: a slow line harms nobody but itself.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._here: set[_Reader] = set()

    @contextmanager
    def one(self, now: float) -> Generator[_Reader]:
        """Raises Refused: ``busy`` when all that are here only came."""
        if len(self._here) >= self._most:
            settled = [r for r in self._here if now - r.started > _SETTLED_S]
            if not settled:
                raise Refused(ErrorCode.BUSY, detail="load", retry_after_s=5)
            slowest = max(settled, key=lambda r: r.slowness(now))
            self._here.discard(slowest)
            slowest.send_away(now)
        reader = _Reader(now)
        self._here.add(reader)
        try:
            yield reader
        finally:
            self._here.discard(reader)


async def _next(stream: AsyncGenerator[bytes], until: float, reader: _Reader) -> bytes | None:
    """The next piece of a body, None at its end.

    Raises:
        Refused: ``body`` from a client slower than any line, or than all others when there are too many.
    """
    try:
        async with asyncio.timeout_at(until) as reader.waits:
            if reader.gone:
                raise TimeoutError
            return await anext(stream, None)
    except TimeoutError:
        raise Refused(ErrorCode.BODY, detail="slow") from None
    except ClientDisconnect:
        raise Refused(ErrorCode.BODY, detail="broken_off") from None


async def read_request(
    request: Request, readers: Readers, limit: int = MAX_BODY_BYTES, *, spoken: Collection[int] = SPOKEN
) -> Asked:
    """The body and the headers that matter.

    Raises:
        Refused: ``upgrade`` for a version that is no longer spoken; ``body`` too large or too slow; ``busy``.
    """
    version = request.headers.get(VERSION, "")
    if not is_answered(version, request.url.path, spoken):
        raise Refused(ErrorCode.UPGRADE, detail=version[:20])
    query = request.url.query
    parts: list[bytes] = []
    stream = request.stream()
    started = asyncio.get_running_loop().time()
    with readers.one(started) as reader:
        while (
            chunk := await _next(stream, started + _PATIENCE_S + reader.size / _SLOWEST, reader)
        ) is not None:
            reader.size += len(chunk)
            if reader.size > limit:
                raise Refused(ErrorCode.BODY, detail="too_large")
            parts.append(chunk)
    return Asked(
        request.method, request.url.path + (f"?{query}" if query else ""), b"".join(parts),
        request.headers.get(DEVICE, "")[:64], request.headers.get(NONCE, "")[:200],
        request.headers.get(SIGNATURE, "")[:200],
    )  # fmt: skip
