"""How many households the standing duty covers and in how many somebody works, each with its households."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from jobdesk.cases.household_clock import HouseholdClock
from jobdesk.cases.households import HouseholdStanding
from jobdesk.cases.rules.facts_household import ZERO


@dataclass(frozen=True, slots=True)
class HouseholdRate:
    """Households of one sort, as ids in the given order.

    Attributes:
        sort: ``zero`` (recognised 零就业家庭) or ``hardship`` (低保 and other 困难家庭 that were filed).
        all: the denominator: the duty runs or was met. ``helped``: there was first help, or a job.
        one_job: 已实现1人就业, cleared by a person and not in question again.
        overdue: the deadline has passed without a job.
    """

    sort: str
    all: tuple[str, ...]
    helped: tuple[str, ...]
    one_job: tuple[str, ...]
    overdue: tuple[str, ...]


def household_rates(
    found: Iterable[tuple[HouseholdStanding, HouseholdClock]],
) -> tuple[HouseholdRate, HouseholdRate]:
    """One rate for the recognised, one for the other kinds; never mixed."""
    listed = [(s, c) for s, c in found if c.runs or c.why_not == "cleared"]
    return _rate(ZERO, listed), _rate("hardship", listed)


def _rate(sort: str, listed: list[tuple[HouseholdStanding, HouseholdClock]]) -> HouseholdRate:
    own = [(s, c) for s, c in listed if (s.household.text("kind") == ZERO) == (sort == ZERO)]
    ids = [s.household.case_id for s, _ in own]
    helped = [s.household.case_id for s, c in own if c.cleared_on or s.household.text("first_help_on")]
    one_job = [s.household.case_id for s, c in own if c.cleared_on and c.ended is None]
    late = [s.household.case_id for s, c in own if c.runs and c.deadline is not None and c.deadline < s.day]
    return HouseholdRate(sort, tuple(ids), tuple(helped), tuple(one_job), tuple(late))
