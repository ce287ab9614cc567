"""A raw request, its body read within the limit, before anybody believes it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Collection

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


async def _next(stream: AsyncGenerator[bytes], until: float) -> bytes | None:
    """The next piece of a body, None at its end.

    Raises:
        Refused: ``body`` from a client slower than any line: it would hold a place that others wait for.
    """
    try:
        async with asyncio.timeout_at(until):
            return await anext(stream, None)
    except TimeoutError:
        raise Refused(ErrorCode.BODY, detail="slow") from None
    except ClientDisconnect:
        raise Refused(ErrorCode.BODY, detail="broken_off") from None


async def read_request(
    request: Request, limit: int = MAX_BODY_BYTES, *, spoken: Collection[int] = SPOKEN
) -> Asked:
    """The body and the headers that matter.

    Raises:
        Refused: ``upgrade`` for a version that is no longer spoken, ``body`` when it is too large.
    """
    version = request.headers.get(VERSION, "")
    if not is_answered(version, request.url.path, spoken):
        raise Refused(ErrorCode.UPGRADE, detail=version[:20])
    query = request.url.query
    parts: list[bytes] = []
    size = 0
    stream = request.stream()
    started = asyncio.get_running_loop().time()
    while (chunk := await _next(stream, started + _PATIENCE_S + size / _SLOWEST)) is not None:
        size += len(chunk)
        if size > limit:
            raise Refused(ErrorCode.BODY, detail="too_large")
        parts.append(chunk)
    return Asked(
        request.method, request.url.path + (f"?{query}" if query else ""), b"".join(parts),
        request.headers.get(DEVICE, "")[:64], request.headers.get(NONCE, "")[:200],
        request.headers.get(SIGNATURE, "")[:200],
    )  # fmt: skip
