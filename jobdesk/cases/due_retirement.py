"""达到法定退休年龄: a prompt to look whether a pension is drawn. It never ends anything by itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from jobdesk.cases.basis import Basis
from jobdesk.cases.due import Agenda, DueKind, DueLine, Postponed, day_of, place
from jobdesk.cases.facts import CaseFacts
from jobdesk.cases.rules.facts_person import birth_of, sex
from jobdesk.cases.rules.proofs import proof_of
from jobdesk.cases.rules.retirement import Retirement, kinds_of, possible
from jobdesk.cases.rules.situation import Situation
from jobdesk.cases.rules.vocabulary import judge

CHECK = "retirement.check_pension"
_YOUNGEST = {True: 59, False: 49}
"""Whether a man → nobody younger is asked for: the earliest ages of all are 60 and 50."""


@dataclass(frozen=True, slots=True)
class Ages:
    """What is known of somebody's retirement: for each possible type the dates of the earliest and of the
    latest birth that is possible. ``recorded``: a man, or a woman whose type the record confirmed.
    ``confirmed``: the birth is a valid ID number's, or 省系统 or 文书 confirmed it.
    """

    dates: tuple[tuple[Retirement, Retirement], ...]
    recorded: bool
    confirmed: bool = True


def ages_of(at: Situation) -> Ages:
    """The dates of every type that is possible, the earliest first; none without birth or sex."""
    born, loose = birth_of(at)
    known = sex(at).value
    kinds = kinds_of(known if isinstance(known, str) else "", at.proven("retirement_type"))
    if born is None:
        return Ages((), False)
    found = sorted(possible(born, kinds, at.packs, at.day), key=lambda pair: pair[1].day)
    return Ages(tuple(found), len(kinds) == 1, not loose)


def retirement_lines(facts: CaseFacts, agenda: Agenda, postponed: Postponed) -> Iterable[DueLine]:
    """One line: the first possible date that nobody has looked into. By a birth date that nobody confirmed
    it asks for the date first (VERIFY): the age is a legal clock.

    Answered by 核对记录 of 退休 from that day (or the look-ahead before it), by 享受养老待遇, or by a
    recorded type that moves the date. Never due before the file was opened or first went round.
    """
    if not _old_enough(facts, agenda):
        return ()
    since = facts.text("pension_since")
    return () if since and since <= agenda.iso else _retiring(facts, agenda, postponed)


def _retiring(facts: CaseFacts, agenda: Agenda, postponed: Postponed) -> Iterator[DueLine]:
    at = agenda.situation(facts)
    ages = ages_of(at)
    looked = [r.text("looked_on") for r in facts.of("verification") if r.text("kind") == "retirement"]
    for _low, high in ages.dates:
        if high.day > agenda.horizon:
            return
        ahead = date.fromordinal(high.day.toordinal() - agenda.figures.value("horizon_days", 30)).isoformat()
        if any(day >= ahead for day in looked):
            continue
        proof = proof_of(facts, "birth", agenda.iso) if not facts.text("id_number") else None
        known = (facts.text("opened_on"), facts.text("first_round_on"))
        seen = (*known, proof.text("looked_on") if proof else "")
        due = max(filter(None, (high.day, *map(day_of, seen))))

        on = max(due, agenda.today)

        def basis(on: date = on) -> Basis:
            return basis_of(agenda.situation(facts, on), ages)

        kind, part, params = DueKind.PENSION, high.kind, (("kind", high.kind), ("on", high.day.isoformat()))
        if not ages.confirmed:
            kind, part, params = DueKind.VERIFY, "birth", (("part", "birth"), *params)
        line = place(
            agenda, facts.case_id, kind, "", due, basis, part=part, postponed=postponed, params=params,
        )  # fmt: skip
        if line is not None:
            yield line
        return


def basis_of(at: Situation, ages: Ages) -> Basis:
    """The verdict with every date that is possible, and the elastic range where the type is known."""
    found = judge(CHECK, at).basis()
    dates = [*found.dates]
    for low, high in ages.dates:
        iso = high.day.isoformat()
        dates.append((f"retires_{high.kind}", iso if low.day == high.day else iso[:7]))
        if ages.recorded:
            dates += [("elastic_from", high.earliest.isoformat()), ("elastic_until", high.latest.isoformat())]
    notes = (
        ("pension_is_another_fact",) if ages.recorded else ("pension_is_another_fact", "retirement_type_open")
    )
    return replace(found, dates=tuple(dates), notes=(*found.notes, *notes))


def _old_enough(facts: CaseFacts, agenda: Agenda) -> bool:
    number = facts.text("id_number")
    year = number[6:10] if len(number) == 18 else facts.text("birth")[:4]
    if not year.isdecimal() or (years := agenda.horizon.year - int(year)) < _YOUNGEST[False]:
        return False
    man = number[16] in "13579" if len(number) == 18 else facts.text("sex") == "1"
    return years >= _YOUNGEST[man]
