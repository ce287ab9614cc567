"""A raw request, its body read within the limit, before anybody believes it."""

from __future__ import annotations

from fastapi import Request

from jobdesk.protocol.codes import ErrorCode
from jobdesk.protocol.limits import MAX_BODY_BYTES, SPOKEN
from jobdesk.protocol.signing import DEVICE, NONCE, SIGNATURE, VERSION
from province.asking import Asked
from province.refusing import Refused


async def read_request(request: Request) -> Asked:
    """The body and the headers that matter.

    Raises:
        Refused: ``upgrade`` for a version that is no longer spoken, ``body`` when it is too large.
    """
    version = request.headers.get(VERSION, "")
    if not version.isdigit() or int(version) not in SPOKEN:
        raise Refused(ErrorCode.UPGRADE, detail=version[:20])
    query = request.url.query
    parts: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > MAX_BODY_BYTES:
            raise Refused(ErrorCode.BODY, detail="too_large")
        parts.append(chunk)
    return Asked(
        request.method, request.url.path + (f"?{query}" if query else ""), b"".join(parts),
        request.headers.get(DEVICE, "")[:64], request.headers.get(NONCE, "")[:200],
        request.headers.get(SIGNATURE, "")[:200],
    )  # fmt: skip
