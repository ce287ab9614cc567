"""Identifiers: UUIDv7 as lower-case text, time-ordered so that B-trees append."""

from __future__ import annotations

import os
from collections.abc import Callable

from jobdesk.cases.clock import Clock

IdSource = Callable[[], str]
"""Gives a fresh UUIDv7 each time it is called."""


def uuid7(ms: int, random: bytes) -> str:
    """Text of the UUIDv7 for a millisecond and 10 random bytes (RFC 9562 §5.7)."""
    raw = bytearray(ms.to_bytes(6, "big") + random[:10])
    raw[6] = 0x70 | (raw[6] & 0x0F)
    raw[8] = 0x80 | (raw[8] & 0x3F)
    h = raw.hex()
    return f"{h[:8]}-{h[8:12]}-{h[12:16]}-{h[16:20]}-{h[20:]}"


def id_source(clock: Clock) -> IdSource:
    """Fresh ids from the clock and the system's randomness; a wrong clock cannot make two alike."""

    def fresh() -> str:
        return uuid7(max(clock.now_ms(), 0) & (2**48 - 1), os.urandom(10))

    return fresh


def seeded_ids(seed: int, clock: Clock) -> IdSource:
    """Repeatable ids for tests and the practice station."""
    import random

    source = random.Random(seed)

    def fresh() -> str:
        return uuid7(clock.now_ms(), source.randbytes(10))

    return fresh
