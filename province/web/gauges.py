"""What the database says of itself to whoever watches: how much waits apart, and who stands at the bound."""

from __future__ import annotations

import time
from contextlib import suppress

import anyio
from anyio.to_thread import run_sync
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from province import bounding
from province.db.engine import EVERYTHING
from province.serving import Province

_EVERY_S = 30
_PATIENCE_S = 2
"""Own figures: to count is work, and the other figures wait for no database."""


class Gauges:
    """Of one process. Left out where the database does not answer in time: what is old is no figure."""

    def __init__(self, province: Province) -> None:
        self._province = province
        self._asked, self._last = float("-inf"), dict[str, int]()

    async def now(self) -> dict[str, int]:
        """By name; at most half a minute old."""
        if time.monotonic() - self._asked >= _EVERY_S:
            self._last = {}
            with anyio.move_on_after(_PATIENCE_S), suppress(DBAPIError, PoolTimeout):
                self._last = await run_sync(self._ask, abandon_on_cancel=True)
                self._asked = time.monotonic()
        return self._last

    def _ask(self) -> dict[str, int]:
        with self._province.db.reading(EVERYTHING) as con:
            full = bounding.full(con, self._province.bound.most)
            return {
                "jobdesk_kept_apart_operations": bounding.waiting(con),
                "jobdesk_kept_apart_full_machines": len(full),
            }
