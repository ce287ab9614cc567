"""The machine's own clock: the only place that asks the system for the time."""

from __future__ import annotations

import time


class SystemClock:
    """Milliseconds as the machine believes; wrong clocks are met where the time is used."""

    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000
