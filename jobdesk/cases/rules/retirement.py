"""Statutory retirement after the reform of 2025: which month, how much later than before, how elastic.

The numbers stand in the pack ``retirement``; the formula is that of the decision's tables: for every few
months that the former age is reached after December 2024 one month is added, up to a cap. Reaching the
age is not the pension: that is a fact of its own (domain.md §11.10).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import cast

from jobdesk.cases.figures import add_months
from jobdesk.cases.partial_date import PartialDate
from jobdesk.cases.rules.pack import PackSet
from jobdesk.cases.rules.situation import Span, months_between

MALE, WOMEN = "M60", ("F50", "F55")
KINDS = (MALE, "F55", "F50")


@dataclass(frozen=True, slots=True)
class Terms:
    """The numbers for one type, as they are in force on a day.

    Attributes:
        age: former retirement age in years.
        step: for every so many months one month is added.
        cap: most months that are added.
        first_year: from its January on the age rises.
        elastic: most months that one may go earlier (never before the former age) or later.
    """

    kind: str
    age: int
    step: int
    cap: int
    first_year: int
    elastic: int


@dataclass(slots=True)
class Retirement:
    """What one type means for somebody born on a day. Never changed once it is made.

    Attributes:
        former: the day on which the former age is reached.
        delay: months added; ``day`` is the statutory day.
        earliest, latest: the elastic range; earlier only with enough contributions, later by agreement.
    """

    kind: str
    former: date
    delay: int
    day: date
    earliest: date
    latest: date


def terms(packs: PackSet, kind: str, day: date) -> Terms | None:
    """The numbers of a type on a day; None where no pack gives them. Looked up once a day."""
    key = (f"retirement.terms.{kind}", day)
    if key not in packs.quick:
        packs.quick[key] = _terms(packs, kind, day)
    return cast("Terms | None", packs.quick[key])


def _terms(packs: PackSet, kind: str, day: date) -> Terms | None:
    names = (
        f"retirement.{kind}.age",
        f"retirement.{kind}.step",
        f"retirement.{kind}.cap",
        "retirement.first_year",
    )
    found = [packs.figure(name, day) for name in names]
    values = [f.value for f in found if f is not None and f.value is not None]
    if len(values) < len(names):
        return None
    return Terms(
        kind, values[0], values[1], values[2], values[3], packs.number("retirement.elastic_months", day)
    )


def retirement(born: date, at: Terms) -> Retirement:
    """The dates of somebody born on that day. A birthday on the 31st falls on the last of a shorter month."""
    months = (born.year + at.age - at.first_year) * 12 + born.month
    delay = 0 if months <= 0 else min(-(-months // at.step), at.cap)
    former, day = add_months(born, at.age * 12), add_months(born, at.age * 12 + delay)
    return Retirement(
        at.kind, former, delay, day, max(former, add_months(day, -at.elastic)), add_months(day, at.elastic)
    )


def kinds_of(sex: str, recorded: str) -> tuple[str, ...]:
    """Types that are possible: the recorded one; else by sex; none where neither is known.

    Args:
        sex: GB/T 2261.1. A recorded type that contradicts it is passed over.
    """
    by_sex = (MALE,) if sex == "1" else WOMEN if sex == "2" else ()
    if recorded in KINDS and (not by_sex or recorded in by_sex):
        return (recorded,)
    return by_sex


def possible(
    born: PartialDate, kinds: tuple[str, ...], packs: PackSet, day: date
) -> Iterator[tuple[Retirement, Retirement]]:
    """For each type the dates of the earliest and the latest birth that the known date can mean."""
    for kind in kinds:
        found = terms(packs, kind, day)
        if found is not None:
            low = retirement(born.first, found)
            yield low, low if born.day is not None else retirement(born.last, found)


def months_until(day: date, to: date) -> int:
    """Whole months that still lie ahead: 0 in the last month and on the day, negative from the day after."""
    if to >= day:
        return months_between(day, to)
    past = months_between(to, day)
    return -past - (add_months(to, past) < day)


def spanned(lows_and_highs: list[tuple[int, int]]) -> int | Span | None:
    """One number where all agree, else their bounds; None of none."""
    if not lows_and_highs:
        return None
    low, high = min(a for a, _ in lows_and_highs), max(b for _, b in lows_and_highs)
    return low if low == high else Span(low, high)


def contribution_months(packs: PackSet, retires: date) -> int | None:
    """Least months of contributions for a pension from that day on; None where no pack says."""
    found = packs.figure("retirement.contribution_months", retires)
    return None if found is None else found.value
