"""What was written down wrongly about a household: which fields a correction shows."""

from __future__ import annotations

from jobdesk.cases.claim import DAY_OF, MAY, NEEDS
from jobdesk.cases.state import RecordState

_CLOCK = ("first_help_on", "cleared_on", "reverified_on")
_FILED = ("filed_on", "filing_no")
RUNG = ("holder", "since", "until", "note")


def claim_fields(root: RecordState) -> tuple[str, ...]:
    """What was written down of the application so far, in the order of its steps."""
    named = [n for act in DAY_OF for n in (*NEEDS[act], *MAY.get(act, ())) if n != "source"]
    return tuple(n for n in dict.fromkeys((*named, *_FILED)) if root.get(n) not in (None, ""))


def clock_fields(root: RecordState) -> tuple[str, ...]:
    """The days of the clock that were written down."""
    return tuple(n for n in _CLOCK if root.get(n))
