"""Which cards can concern a person at all, by what stands in the file: nothing of a kind, no such card.

Only to be quick: a card left out here would be answered 无法判断 or 不符合 by its rule, never 符合.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from jobdesk.cases.facts import CaseFacts
from jobdesk.cases.rules.pack import PackSet
from jobdesk.cases.rules.policy_cards import Card, cards
from jobdesk.cases.rules.terms import All, AnyOf, Compare, Not, Op, RuleRef, Term

_FIELDS = (
    "graduate_kind", "education", "graduated_on", "trained_startup", "student_loan", "service_needs",
    "disability_card", "disability",
)  # fmt: skip
_RECORDS = frozenset(
    {"recognition", "registration", "employment", "placement", "business", "group", "public_post", "subsidy"}
)
_NEEDS: Mapping[str, frozenset[str]] = {
    "recognised": frozenset({"recognition"}),
    "categories": frozenset({"recognition"}),
    "registered": frozenset({"registration"}),
    "months_unemployed": frozenset({"registration"}),
    "registered_months": frozenset({"registration"}),
    "registered_months_at_hire": frozenset({"registration"}),
    "graduate": frozenset({"graduate_kind"}),
    "secondary_graduate": frozenset({"graduate_kind"}),
    "graduation_year": frozenset({"graduated_on"}),
    "hired_in_graduation_year": frozenset({"graduated_on"}),
    "months_since_graduation": frozenset({"graduated_on"}),
    "education": frozenset({"education"}),
    "trained_startup": frozenset({"trained_startup"}),
    "student_loan": frozenset({"student_loan"}),
    "wants_startup": frozenset({"service_needs", "business"}),
    "runs_business": frozenset({"business"}),
    "first_business": frozenset({"business"}),
    "groups": frozenset({"group"}),
    "disabled": frozenset({"group", "disability_card", "disability"}),
    "on_public_post": frozenset({"public_post"}),
    "unit_work": frozenset({"employment", "placement"}),
    "flexible_work": frozenset({"employment", "placement"}),
    "employed": frozenset({"employment", "placement"}),
    "has_contract": frozenset({"employment", "placement"}),
    "pays_insurance": frozenset({"employment", "placement"}),
}
"""Fact → what must be there for it to be true, hold a code or reach a number: one of these."""
_BOUNDS = frozenset({Op.AT_LEAST, Op.MORE_THAN, Op.AT_MOST, Op.LESS_THAN, Op.CONTAINS, Op.IN})

_kept: tuple[PackSet, date, dict[frozenset[str], tuple[Card, ...]]] | None = None


def possible_cards(facts: CaseFacts, packs: PackSet, day: date) -> tuple[Card, ...]:
    """Cards whose circle may hold for a file with these records and fields."""
    global _kept
    kept = _kept
    if kept is None or kept[0] is not packs or kept[1] != day:
        kept = _kept = (packs, day, {})
    root = facts.root
    present = frozenset([*(_RECORDS & facts.records.keys()), *[n for n in _FIELDS if root.get(n)]])
    found = kept[2].get(present)
    if found is None:
        found = kept[2][present] = tuple(
            c
            for c in cards(packs, day)
            if _could(RuleRef(c.circle), present, packs, day, ())
            and (c.tell == "circle" or not c.needs or _could(RuleRef(c.needs), present, packs, day, ()))
        )
    return found


def _could(term: Term, present: frozenset[str], packs: PackSet, day: date, under: tuple[str, ...]) -> bool:
    match term:
        case Compare(fact, op, wanted):
            needed = _NEEDS.get(fact)
            asks = op in _BOUNDS or (op is Op.IS and wanted is not False)
            return needed is None or not asks or bool(needed & present)
        case All(parts):
            return all(_could(p, present, packs, day, under) for p in parts)
        case AnyOf(parts):
            return any(_could(p, present, packs, day, under) for p in parts)
        case Not():
            return True
        case RuleRef(key):
            entry = packs.on(key, day)
            if entry is None or entry.term is None or key in under:
                return False
            return _could(entry.term, present, packs, day, (*under, key))
