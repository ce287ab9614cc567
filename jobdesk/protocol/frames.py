"""Deflated bodies, inflated with a bound. Deflate is of the standard library: a desk needs nothing more."""

from __future__ import annotations

import zlib

from jobdesk.cases.errors import BadInput


def inflate(data: bytes, limit: int) -> bytes:
    """Inflated bytes, never more than ``limit`` of them in memory.

    Raises:
        BadInput: ``batch_too_large``, ``batch_unreadable``.
    """
    machine = zlib.decompressobj()
    try:
        plain = machine.decompress(data, limit + 1)
    except zlib.error as error:
        raise BadInput("batch_unreadable") from error
    if len(plain) > limit:
        raise BadInput("batch_too_large", limit=limit)
    if not machine.eof or machine.unused_data:
        raise BadInput("batch_unreadable")
    return plain
