"""All odd facts of a file, those that stand with a reason and those that wait for one (待核对)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from jobdesk.cases.facts import CaseFacts, Rec, is_open
from jobdesk.cases.figures import Figures
from jobdesk.cases.odd_checks import ODD_CHECKS, share_a_day
from jobdesk.cases.problem import Look, Problem, odd

_NO_FIGURES = Figures({})


@dataclass(frozen=True, slots=True)
class Oddity:
    """One odd fact.

    Attributes:
        record: (kind, id) of the record beside whose field it stands; for the file itself its id.
        reason: why it may stand, as a person wrote it; empty while it waits.
        said_on: ISO day of the reason.
    """

    case_id: str
    record: tuple[str, str]
    problem: Problem
    reason: str = ""
    said_on: str = ""


def oddities(facts: CaseFacts, today: date) -> list[Oddity]:
    """Every odd fact of a file, in the order of its records; a pair is told once, from its later record.

    Cheap for most files: a file with fewer than two dated records has none but its own.
    """
    reasons = {
        (r.text("problem"), r.text("record")): (r.text("reason"), r.text("stated_on"))
        for r in facts.of("override")
        if r.text("reason").strip()
    }
    found: dict[str, list[tuple[Rec, Oddity]]] = {}
    for record in _records(facts):
        for problem in _odd_beside(record, facts, today):
            reason, said_on = reasons.get((problem.code, record.id), ("", ""))
            one = Oddity(facts.case_id, (record.kind, record.id), problem, reason, said_on)
            found.setdefault(problem.code, []).append((record, one))
    return [one for several in found.values() for one in _each_pair_once(several, today)]


def _odd_beside(record: Rec, rest: CaseFacts, today: date) -> Iterable[Problem]:
    look = Look(record.values, today, _NO_FIGURES, record.id, today, rest)
    return ODD_CHECKS[record.kind](look)


def _each_pair_once(several: list[tuple[Rec, Oddity]], today: date) -> list[Oddity]:
    """Both records of a pair say it. A reason at either answers that pair and no other; else the one that
    comes later is named: of a kind the later spell, a job or a subsidy rather than the registration
    beneath it, as ``ODD_CHECKS`` lists them.
    """
    if len(several) == 1:
        return [several[0][1]]
    named: set[int] = set()
    paired: set[int] = set()
    for n, (later, one) in enumerate(several):
        for m, (earlier, other) in enumerate(several[:n]):
            if not _are_pair(later, earlier, one.problem.code, today):
                continue
            paired |= {n, m}
            if not (one.reason or other.reason):
                named.add(n)
    return [one for n, (_, one) in enumerate(several) if one.reason or n in named or n not in paired]


def _are_pair(one: Rec, other: Rec, code: str, today: date) -> bool:
    """Whether these two alone contradict each other."""
    alone = CaseFacts("", {}, {other.kind: (other,)})
    return any(problem.code == code for problem in _odd_beside(one, alone, today))


def _records(facts: CaseFacts) -> Iterator[Rec]:
    yield Rec("case", facts.case_id, facts.root)
    for kind in ODD_CHECKS:
        yield from sorted(facts.of(kind), key=lambda r: (r.text("since"), r.id))


ELSEWHERE = "member_elsewhere"


def memberships(facts: CaseFacts, homes: Iterable[CaseFacts], today: date) -> list[Oddity]:
    """The person in two households of a kind at a time: told once for each later record of a member.

    A reason in the person's file at either record of a pair answers.
    """
    lines = sorted(
        (
            (home.text("kind"), member.text("since"), member.id, home.case_id, member)
            for home in homes
            for member in home.of("member")
            if member.text("case") == facts.case_id
        ),
        key=lambda line: line[:4],
    )
    said = {
        r.text("record"): (r.text("reason"), r.text("stated_on"))
        for r in facts.of("override")
        if r.text("problem") == ELSEWHERE and r.text("reason").strip()
    }
    found: dict[str, Oddity] = {}
    for n, (kind, _since, later_id, home_id, later) in enumerate(lines):
        for other_kind, _, other_id, other_home, other in lines[:n]:
            if other_kind != kind or other_home == home_id or not _together(later, other, today):
                continue
            reason, said_on = said.get(later_id) or said.get(other_id) or ("", "")
            found.setdefault(
                later_id,
                Oddity(facts.case_id, ("member", later_id), odd(ELSEWHERE, "case"), reason, said_on),
            )
    return list(found.values())


def _together(one: Rec, other: Rec, today: date) -> bool:
    """Both run today, with or without a start, or surely had a day in common."""
    iso = today.isoformat()
    both = is_open(one.values, iso) and is_open(other.values, iso)
    return both or share_a_day(one.values, other.values)


def answered(facts: CaseFacts, code: str, record_id: str) -> bool:
    """Whether a person has said why this may stand, at this record."""
    return any(
        r.text("problem") == code and r.text("record") == record_id and r.text("reason").strip()
        for r in facts.of("override")
    )
