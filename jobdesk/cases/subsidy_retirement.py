"""Retirement dates as a subsidy asks for them: the original and the new statutory one, as bounds.

A woman's type (50 or 55) comes from the social-insurance record; while it is not known both are possible
and the bounds span them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from jobdesk.cases.facts import CaseFacts
from jobdesk.cases.figures import add_months
from jobdesk.cases.id_number import IdKind, examine
from jobdesk.cases.partial_date import PartialDate

_TYPES = {"M60": (60, 4, 36), "F55": (55, 4, 36), "F50": (50, 2, 60)}
_FIRST = 2025 * 12
"""The month number of 2025-01, from which ages rise."""


@dataclass(frozen=True, slots=True)
class Retirement:
    """One possible type. Each pair is the earliest and latest day it can mean."""

    kind: str
    original: tuple[date, date]
    statutory: tuple[date, date]


def retirements(facts: CaseFacts, day: date) -> tuple[Retirement, ...]:
    """What is possible: one for men and known types, two for a woman of unknown type, none without birth."""
    birth, sex = _birth_and_sex(facts, day)
    if birth is None or (birth.month is None and not birth.year):
        return ()
    kind = facts.text("retirement_type")
    if kind in _TYPES:
        kinds: tuple[str, ...] = (kind,)
    elif sex == "1":
        kinds = ("M60",)
    elif sex == "2":
        kinds = ("F50", "F55")
    else:
        return ()
    return tuple(
        Retirement(
            k,
            (original_day(birth.first, k), original_day(birth.last, k)),
            (statutory_day(birth.first, k), statutory_day(birth.last, k)),
        )
        for k in kinds
    )


def original_day(birth: date, kind: str) -> date:
    """The birthday at the age before 2025."""
    return add_months(birth, _TYPES[kind][0] * 12)


def statutory_day(birth: date, kind: str) -> date:
    """The same with the months of delay (domain.md §4.7)."""
    age, step, cap = _TYPES[kind]
    n = birth.year * 12 + birth.month - 1 + age * 12 - _FIRST + 1
    delay = 0 if n <= 0 else min(-(-n // step), cap)
    return add_months(birth, age * 12 + delay)


def _birth_and_sex(facts: CaseFacts, day: date) -> tuple[PartialDate | None, str]:
    reading = examine(facts.text("id_number"), day)
    if reading.kind is IdKind.VALID and reading.birth is not None:
        return PartialDate.of(reading.birth), "1" if reading.sex == "male" else "2"
    return PartialDate.parse(facts.text("birth")), facts.text("sex")
