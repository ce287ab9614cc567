"""服务等级 of a person: computed by the dated rules ``tiers.*``, overruled by a clerk with a reason.

吉就组办〔2022〕1号 二（一） asks for 分级分类服务 and gives no measure; the shipped rules are our own (自定).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from jobdesk.cases.basis import AGREED, Basis
from jobdesk.cases.facts import CaseFacts
from jobdesk.cases.rules.situation import Situation
from jobdesk.cases.rules.verdict import Outcome, Verdict
from jobdesk.cases.rules.vocabulary import judge, outcome

TIERS = ("3", "1", "2")
"""In the order in which their rules are asked: who works or does not wish to is followed only."""
_RULES = tuple((code, f"tiers.tier_{code}") for code in TIERS)

Origin = Literal["computed", "overruled", "recorded", "unknown"]


@dataclass(frozen=True, slots=True)
class Tier:
    """The tier of a person on a day.

    Attributes:
        code: the one in force; empty when nothing is recorded and the rules cannot tell.
        computed: what the rules say; empty when a fact is missing.
        origin: ``overruled`` by a clerk with a reason; ``recorded`` without one (from a sheet).
        reason: the clerk's, in free text.
    """

    code: str
    computed: str
    origin: Origin
    reason: str = ""


def computed_tier(at: Situation) -> str:
    """What the rules say; empty when they cannot tell."""
    for code, rule in _RULES:
        if outcome(rule, at) is Outcome.MET:
            return code
    return ""


def tier_code(facts: CaseFacts, at: Situation) -> str:
    """The tier in force, for lists: what is recorded, else what the rules say."""
    return facts.text("tier") or computed_tier(at)


def tier(facts: CaseFacts, at: Situation) -> Tier:
    """The tier in force and where it comes from."""
    computed, held, reason = computed_tier(at), facts.text("tier"), facts.text("tier_reason")
    if held:
        return Tier(held, computed, "overruled" if reason else "recorded", reason)
    return Tier(computed, computed, "computed" if computed else "unknown")


def tier_basis(facts: CaseFacts, at: Situation) -> Basis:
    """Why: the rule that decided, or what keeps the rules from deciding; the clerk's reason before both."""
    verdict = _deciding(at)
    ruled = verdict.basis()
    found = tier(facts, at)
    if found.origin not in ("overruled", "recorded"):
        return ruled
    return replace(
        ruled,
        rule=f"tier_{found.origin}",
        source=AGREED,
        status="confirmed",
        sentence="",
        outcome="",
        params=(("tier", found.code), ("computed", found.computed), ("reason", found.reason)),
    )


def _deciding(at: Situation) -> Verdict:
    """The rule that is met; else the first that cannot tell."""
    verdicts = [judge(f"tiers.tier_{code}", at) for code in TIERS]
    met = next((v for v in verdicts if v.met), None)
    return met or next((v for v in verdicts if v.unknown), verdicts[-1])
