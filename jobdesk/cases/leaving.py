"""退出认定: what facts speak for it. They prompt and never end anything; 退出 ends no help and no subsidy."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from jobdesk.cases.contacts import ServiceRules
from jobdesk.cases.due import with_term
from jobdesk.cases.facts import CaseFacts
from jobdesk.cases.rules.pack import PackSet
from jobdesk.cases.rules.quick import rules_below
from jobdesk.cases.rules.situation import Situation
from jobdesk.cases.rules.verdict import Verdict
from jobdesk.cases.rules.vocabulary import judge, met
from jobdesk.cases.unreachable import ATTEMPTS, VISITS, Unreachable, Wanted, unreachable

PREFIX = "leaving."
NO_CONTACT = "no_contact"
STANDS_BY_RULE = frozenset({"public_post"})
"""Reasons of the list that are checked and not prompted: 公益性岗位 wants a recognition that stands."""


@dataclass(frozen=True, slots=True)
class Ground:
    """One reason whose facts hold; ``code`` of the list ``recognition_exit``."""

    code: str
    verdict: Verdict


def codes(packs: PackSet, day: date) -> tuple[str, ...]:
    """Reasons that the packs of that day can tell from facts; looked up once a day."""
    return rules_below(PREFIX, packs, day)


def grounds(at: Situation) -> tuple[Ground, ...]:
    """Reasons whose facts hold on the day, with their traces."""
    found = (Ground(code, judge(PREFIX + code, at)) for code in prompted(at))
    return tuple(found)


def prompted(at: Situation) -> tuple[str, ...]:
    """The same, the bare codes."""
    return tuple(
        code for code in codes(at.packs, at.day) if code not in STANDS_BY_RULE and met(PREFIX + code, at)
    )


def wanted(packs: PackSet, day: date) -> Wanted:
    """What 无法联系 asks for by the figures of the day."""
    attempts, visits = packs.figure(ATTEMPTS, day), packs.figure(VISITS, day)
    return Wanted(attempts.value if attempts else None, visits.value if visits else None)


def tried(facts: CaseFacts, rules: ServiceRules, packs: PackSet, day: date) -> Unreachable:
    """What speaks for 无法联系 on the day, and the figures that say so."""
    found = unreachable(facts, rules, day, wanted(packs, day))
    basis = found.basis
    for key in (ATTEMPTS, VISITS):
        basis = with_term(basis, packs.figure(key, day), day)
    return replace(found, basis=basis)


def agreed(facts: CaseFacts) -> bool:
    """Whether who supervises the station agreed, by name and day."""
    return bool(facts.text("unreachable_agreed_on") and facts.text("unreachable_agreed_by"))
