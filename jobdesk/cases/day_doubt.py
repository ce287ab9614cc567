"""Whether the machine's date can be believed: a list of the day made by a wrong clock misleads in silence.

The day before which nothing can be now is the last one on which the station was used; far after it is
possible, and asked about.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal


@dataclass(frozen=True, slots=True)
class DayDoubt:
    """A date that wants a look.

    Attributes:
        kind: ``back``: the machine says a day before the last one in use; ``ahead``: one long after it.
    """

    kind: Literal["back", "ahead"]
    machine: date
    last: date


def day_doubt(machine: date, last: date | None, ahead_days: int) -> DayDoubt | None:
    """What is doubtful about the machine's date; None when nothing is, or nothing is known.

    Args:
        last: the last day on which the station was used with a date that was believed.
        ahead_days: so many days without use are nothing unusual (自定).
    """
    if last is None:
        return None
    if machine < last:
        return DayDoubt("back", machine, last)
    return DayDoubt("ahead", machine, last) if (machine - last).days > ahead_days else None
