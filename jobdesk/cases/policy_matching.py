"""政策找人: whom a policy may concern, what the person still lacks, and who was not told.

可能符合 is the most that is ever said: whether a policy is granted is decided by who grants it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from jobdesk.cases.contacts import ServiceRules, Sort, sort_of
from jobdesk.cases.facts import CaseFacts
from jobdesk.cases.policy_presence import possible_cards
from jobdesk.cases.rules.policy_cards import Card, cards
from jobdesk.cases.rules.situation import Situation
from jobdesk.cases.rules.verdict import FactUsed, Outcome, Verdict
from jobdesk.cases.rules.vocabulary import judge, met, outcome


class Standing(StrEnum):
    """``policy.standing_<name>``: 可能符合, 还缺, 不符合; in this order on screen."""

    POSSIBLE = "possible"
    LACKING = "lacking"
    NOT = "not"


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing between a person and a policy.

    Attributes:
        fact: name of the fact.
        missing: nothing (or nothing exact) is known of it; otherwise it is known and does not meet.
        change: (record kind, field) to fill or correct.
        unwanted: it is known and must not be so (an open 失业登记 beside a flexible-work subsidy).
        heard: something was heard of it that nobody has verified (未核实).
        unchecked: a date stands in the file that 省系统 or 文书 has not confirmed (未核对).
    """

    fact: str
    missing: bool
    change: tuple[tuple[str, str], ...] = ()
    unwanted: bool = False
    heard: bool = False
    unchecked: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """One card for one person on a day, with both traces.

    Attributes:
        in_circle: the person is one of those meant, whatever is still lacking.
        told_on: day on which the person was told, empty when not.
        told_in: id of that service.
        receiving: what this policy pays runs on the day: nobody needs to be told of it.
    """

    card: Card
    standing: Standing
    circle: Verdict
    needs: Verdict | None
    lacks: tuple[Lack, ...]
    told_on: str = ""
    told_in: str = ""
    receiving: bool = False

    @property
    def in_circle(self) -> bool:
        return self.circle.met

    @property
    def to_tell(self) -> bool:
        """Whether the person should be told and was not."""
        if self.told_on or self.receiving:
            return False
        return self.standing is Standing.POSSIBLE or (self.card.tell == "circle" and self.in_circle)

    @property
    def unchecked(self) -> bool:
        """Whether a fact it rests on is known from a sheet or by word of mouth only."""
        return self.circle.unchecked or (self.needs is not None and self.needs.unchecked)


@dataclass(frozen=True, slots=True)
class QuickMatch:
    """The same without traces, for lists of many people."""

    code: str
    standing: Standing
    in_circle: bool
    told_on: str
    to_tell: bool


def match(card: Card, at: Situation, told: Mapping[str, tuple[str, str]] | None = None) -> Match:
    """One card for one person."""
    circle = judge(card.circle, at)
    needs = judge(card.needs, at) if card.needs else None
    standing = _standing(circle.outcome, needs.outcome if needs else Outcome.MET)
    lacks = _lacks(circle, needs) if standing is Standing.LACKING else ()
    day, service = (told or {}).get(card.code, ("", ""))
    return Match(card, standing, circle, needs, lacks, day, service, is_paid(card, at))


def is_paid(card: Card, at: Situation) -> bool:
    """Whether a subsidy of this card is in payment: by the policy written on it, else by its kind."""
    if not card.subsidy:
        return False
    return any(
        r.text("kind") == card.subsidy and r.text("policy") in ("", card.code)
        for r in at.running("subsidy")
        if r.text("since")
    )


def matches(at: Situation, rules: ServiceRules) -> list[Match]:
    """Every card for one person: 可能符合 first, then 还缺, then 不符合, each in the order of the packs."""
    told = told_of(at.facts, rules, at.day)
    found = [match(c, at, told) for c in cards(at.packs, at.day)]
    ranks = {s: n for n, s in enumerate(Standing)}
    return sorted(found, key=lambda m: (ranks[m.standing], not m.in_circle))


def quick_matches(at: Situation, rules: ServiceRules) -> list[QuickMatch]:
    """Every card that does not rule the person out."""
    told: Mapping[str, tuple[str, str]] | None = None
    found: list[QuickMatch] = []
    for card in cards(at.packs, at.day):
        circle = outcome(card.circle, at)
        if circle is Outcome.NOT_MET:
            continue
        standing = _standing(circle, outcome(card.needs, at) if card.needs else Outcome.MET)
        told = told_of(at.facts, rules, at.day) if told is None else told
        inside = circle is Outcome.MET
        day = told.get(card.code, ("", ""))[0]
        wanted = standing is Standing.POSSIBLE or (card.tell == "circle" and inside)
        to_tell = wanted and not day and not is_paid(card, at)
        found.append(QuickMatch(card.code, standing, inside, day, to_tell))
    return found


def untold(at: Situation, rules: ServiceRules) -> list[Card]:
    """Cards the person should be told of and was not. Fast: most people are left at the first fact."""
    possible = possible_cards(at.facts, at.packs, at.day)
    if not possible:
        return []
    told = told_of(at.facts, rules, at.day)
    return [
        c
        for c in possible
        if c.code not in told
        and met(c.circle, at)
        and (c.tell == "circle" or not c.needs or met(c.needs, at))
        and not is_paid(c, at)
    ]


def told_of(facts: CaseFacts, rules: ServiceRules, day: date) -> dict[str, tuple[str, str]]:
    """Policy code → (day, service id) of the first time the person was told by that day.

    Attempts (未接通, 群发) told nobody anything.
    """
    found: dict[str, tuple[str, str]] = {}
    iso = day.isoformat()
    for record in facts.of("service"):
        named = record.values.get("policies")
        served = record.text("served_on")
        if not isinstance(named, list) or not named or not served or served > iso:
            continue
        if sort_of(record.values, rules)[0] is Sort.ATTEMPT:
            continue
        for code in named:
            if isinstance(code, str) and (code not in found or (served, record.id) < found[code]):
                found[code] = (served, record.id)
    return found


def _standing(circle: Outcome, needs: Outcome) -> Standing:
    if circle is Outcome.NOT_MET:
        return Standing.NOT
    if circle is Outcome.MET and needs is Outcome.MET:
        return Standing.POSSIBLE
    return Standing.LACKING


def _lacks(circle: Verdict, needs: Verdict | None) -> tuple[Lack, ...]:
    found: dict[str, Lack] = {}
    for verdict in (circle, needs):
        if verdict is None or verdict.outcome is Outcome.MET:
            continue
        for fact in _open(verdict):
            unknown = fact.outcome is Outcome.UNKNOWN
            unwanted = not unknown and fact.op == "is" and fact.wanted == "no"
            heard = unknown and any(s.why == "placement_unverified" for s in fact.seen)
            lack = Lack(fact.name, unknown, fact.change, unwanted, heard, bool(fact.heard))
            found.setdefault(fact.name, lack)
        for name in verdict.missing:
            found.setdefault(name, Lack(name, True))
    return tuple(sorted(found.values(), key=lambda one: not one.missing))


def _open(verdict: Verdict) -> Sequence[FactUsed]:
    """What keeps a rule from being met: of an open one only what is unknown."""
    wanted = (Outcome.UNKNOWN,) if verdict.unknown else (Outcome.UNKNOWN, Outcome.NOT_MET)
    return [f for f in verdict.facts if f.outcome in wanted]
