"""Retirement dates as a subsidy asks for them: the former and the statutory one, as bounds.

A woman's type (50 or 55) comes from the social-insurance record; while nobody confirmed it by that both
are possible and the bounds span them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from jobdesk.cases.facts import CaseFacts
from jobdesk.cases.id_number import IdKind, examine
from jobdesk.cases.partial_date import PartialDate
from jobdesk.cases.rules.pack import PackSet
from jobdesk.cases.rules.proofs import proof_of
from jobdesk.cases.rules.retirement import kinds_of, possible


@dataclass(frozen=True, slots=True)
class Retirement:
    """One possible type. Each pair is the earliest and latest day it can mean."""

    kind: str
    original: tuple[date, date]
    statutory: tuple[date, date]


def retirements(facts: CaseFacts, packs: PackSet, day: date) -> tuple[Retirement, ...]:
    """One for men and confirmed types, two for a woman whose type is open, none without birth."""
    birth, sex = _birth_and_sex(facts, day)
    if birth is None:
        return ()
    proven = proof_of(facts, "retirement_type", day.isoformat()) is not None
    recorded = facts.text("retirement_type") if proven else ""
    return tuple(
        Retirement(low.kind, (low.former, high.former), (low.day, high.day))
        for low, high in possible(birth, kinds_of(sex, recorded), packs, day)
    )


def is_heard(facts: CaseFacts, day: date) -> bool:
    """未核对: the birth date by which they are computed is neither a valid ID number's nor confirmed."""
    if not facts.text("birth") or examine(facts.text("id_number"), day).kind is IdKind.VALID:
        return False
    return proof_of(facts, "birth", day.isoformat()) is None


def _birth_and_sex(facts: CaseFacts, day: date) -> tuple[PartialDate | None, str]:
    reading = examine(facts.text("id_number"), day)
    if reading.kind is IdKind.VALID and reading.birth is not None:
        return PartialDate.of(reading.birth), "1" if reading.sex == "male" else "2"
    return PartialDate.parse(facts.text("birth")), facts.text("sex")
