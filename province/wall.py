"""The server's clock and ids: the only place of the server that asks the machine."""

from __future__ import annotations

import secrets
import time

from jobdesk.cases.ids import uuid7


def now_ms() -> int:
    """Milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def new_id() -> str:
    """For devices and notices."""
    return uuid7(now_ms(), secrets.token_bytes(10))
