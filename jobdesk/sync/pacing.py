"""When to try again: soon after a save, by the server's word when all is well, further apart when it is not.

Full jitter: twelve thousand desks that lost the same line do not come back in the same second.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

FIRST_S, LONGEST_S = 15, 900
"""Own figures: the first pause after a failure, and the longest one."""
USUAL_S = 300
BACK_S = 15
"""Most seconds from another way out to the next try (own figure): a town has its line back at once."""
WATCH_S = 20
"""How often is looked for one while there is no line (own figure); it costs microseconds."""
SOON_S = 4
"""After a save, once nothing was typed for a while (own figure)."""
QUIET_S = 2
METERED_S = 24 * 3600
"""On a line that is paid by volume only once a day (own figure), or when somebody asks for it."""

Uniform = Callable[[float, float], float]
"""``random.uniform`` of a source that was passed in."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How the last tries went.

    Attributes:
        failures: in a row; next_sync_s: the server's word, 0 before the first.
        retry_after_s: a busy server's word; it counts before everything else.
    """

    failures: int = 0
    next_sync_s: int = 0
    retry_after_s: int = 0


def pause_s(pace: Pace, uniform: Uniform, *, metered: bool = False) -> float:
    """Seconds until the next try."""
    if pace.retry_after_s:
        return pace.retry_after_s + uniform(0, max(pace.retry_after_s, 5))
    if pace.failures:
        return uniform(1, min(LONGEST_S, FIRST_S * 2 ** min(pace.failures, 10)))
    usual = pace.next_sync_s or USUAL_S
    return max(usual, METERED_S) if metered else uniform(usual * 0.8, usual * 1.2)


def after_save_s(pace: Pace, *, metered: bool, quiet_s: float) -> float | None:
    """Seconds until the push of a save; None where it has to wait for its turn.

    Args:
        quiet_s: how long nothing has been typed.
    """
    if metered or pace.failures or pace.retry_after_s:
        return None
    return max(SOON_S - quiet_s, 0.5) if quiet_s >= QUIET_S else SOON_S
