"""Hashes by which both sides know that they hold the same: of a replica's chain and of a stream.

A replica's chain is the one in ``cases.codec``. A stream is one station's operations in the server's
order, 1, 2, 3 …; its chain says that two parties have the same prefix, its digest that they have the same
set, whatever order they took it in.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from jobdesk.cases.codec import op_hash
from jobdesk.cases.ops import Op

EMPTY = bytes(32)
"""Chain and digest of a stream without operations."""
_MODULUS = 1 << 256


@dataclass(frozen=True, slots=True)
class StreamPoint:
    """Where a party stands in a stream. ``seq`` 0 and ``hash`` EMPTY: at its beginning."""

    seq: int = 0
    hash: bytes = EMPTY


def link(before: StreamPoint, hashed: bytes) -> StreamPoint:
    """The point after the next operation, from the hash of its header: a payload that was erased changes
    nothing.
    """
    seq = before.seq + 1
    return StreamPoint(seq, sha256(before.hash + seq.to_bytes(8, "big") + hashed).digest())


def walk(start: StreamPoint, ops: Iterable[Op]) -> StreamPoint:
    """The point after these operations, in the order of the stream."""
    for op in ops:
        start = link(start, op_hash(op))
    return start


def element(seq: int, hashed: bytes) -> int:
    """What one operation adds to its stream's digest."""
    return int.from_bytes(sha256(seq.to_bytes(8, "big") + hashed).digest(), "big")


def add(digest: bytes, elements: Iterable[int]) -> bytes:
    """The digest with these elements in it: a sum modulo 2²⁵⁶, so that order means nothing."""
    total = int.from_bytes(digest, "big")
    for one in elements:
        total = (total + one) % _MODULUS
    return total.to_bytes(32, "big")


def remove(digest: bytes, elements: Iterable[int]) -> bytes:
    """The digest without these elements (a subject that left the stream)."""
    return add(digest, (_MODULUS - one for one in elements))
