"""A household on a day: its members, who of them is labour force, who works, and whether nobody does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from jobdesk.cases.basis import Basis, Seen
from jobdesk.cases.facts import CaseFacts, Rec
from jobdesk.cases.household_name import place
from jobdesk.cases.partial_date import exact_day
from jobdesk.cases.rules import facts_household, facts_member, vocabulary
from jobdesk.cases.rules.facts_household import ZERO
from jobdesk.cases.rules.pack import PackSet
from jobdesk.cases.rules.situation import Situation, Span
from jobdesk.cases.rules.verdict import Outcome, Verdict

RULE = "households.zero"
DUTY = "households.duty"
_REASONS = (
    ("member_alive", False, "dead"), ("member_studying", True, "studying"),
    ("member_serving", True, "serving"), ("member_in_custody", True, "in_custody"),
    ("member_pension", True, "pension"), ("member_able", False, "unable"),
    ("member_willing", False, "no_wish"),
)  # fmt: skip
"""Fact, value and code (``why.member_<code>``): why a member is no labour force, in order."""


@dataclass(frozen=True, slots=True)
class MemberStanding:
    """One member on the day.

    Attributes:
        related: whether the definition looks at this relation; None when it is not known.
        labour, work: whether the member is labour force, and whether one that works.
        why: code of the reason why not labour force, of what is not known, or ``counted``
            (``why.<code>``).
        missing: names of facts that are lacking; of one that is no labour force anyway, none.
        also: further lines of the same person, which are not counted.
    """

    record: Rec
    case_id: str
    related: bool | None
    labour: Verdict
    work: Verdict
    why: str
    missing: tuple[str, ...] = ()
    also: tuple[Rec, ...] = ()

    @property
    def works(self) -> bool:
        return self.work.met

    @property
    def is_labour(self) -> bool:
        return self.related is True and self.labour.met


@dataclass(frozen=True, slots=True)
class HouseholdStanding:
    """The whole household. ``verdict`` answers whether it is a 零就业家庭 by the pack of the day."""

    household: CaseFacts
    day: date
    members: tuple[MemberStanding, ...]
    verdict: Verdict

    @property
    def labour(self) -> int:
        return sum(m.is_labour for m in self.members)

    @property
    def working(self) -> int:
        return sum(m.works for m in self.members)

    @property
    def missing(self) -> tuple[tuple[str, str], ...]:
        """(member record, name of the fact) pairs that keep the answer open."""
        own = [("", n) for n in self.verdict.missing if n not in _OF_MEMBERS]
        return (*own, *((m.record.id, n) for m in self.members for n in m.missing))

    def basis(self) -> Basis:
        """The verdict as 查看依据 shows it, with every member on one side or the other."""
        counted = [_seen(m) for m in self.members if m.is_labour]
        rest = [_seen(m) for m in self.members if not m.is_labour]
        return replace(self.verdict.basis(), counted=tuple(counted), not_counted=tuple(rest))


_OF_MEMBERS = frozenset({"household_labour_force", "household_at_work", "household_urban"})


def _seen(member: MemberStanding) -> Seen:
    why = "counted" if member.is_labour else member.why
    return Seen("member", member.record.id, why, member.record.text("since"))


Sheets = Mapping[str, frozenset[str]]
"""Case id → fields that stand as an imported sheet had them (未核对)."""


def situation_of(
    household: CaseFacts, day: date, packs: PackSet, people: Mapping[str, CaseFacts],
    sheets: Sheets | None = None,
) -> Situation:  # fmt: skip
    """A household as rules read it."""
    return Situation(household, day, packs, people=people, sheets=sheets or {})


def standing(
    household: CaseFacts, day: date, packs: PackSet, people: Mapping[str, CaseFacts],
    sheets: Sheets | None = None,
) -> HouseholdStanding:  # fmt: skip
    """The household on that day, with the answer for each member."""
    at = situation_of(household, day, packs, people, sheets)
    again = facts_household.said_again(at)
    members = tuple(
        replace(_member(m, at), also=tuple(r for r in household.of("member") if again.get(r.id) == m.id))
        for m in sorted(facts_household.present(at), key=place)
    )
    return HouseholdStanding(household, day, members, vocabulary.judge(RULE, at))


def outcome(household: CaseFacts, day: date, packs: PackSet, people: Mapping[str, CaseFacts]) -> Outcome:
    """The bare answer, for lists."""
    return vocabulary.outcome(RULE, situation_of(household, day, packs, people))


def _member(member: Rec, at: Situation) -> MemberStanding:
    situation = facts_member.member_situation(member, at.people.get(member.text("case")), at)
    related = facts_household.related(member, at)
    labour, work = facts_member.labour_force(situation), facts_member.at_work(situation)
    why, missing = _reason(related, labour, situation), ()
    if related is not False and (labour.outcome is not Outcome.NOT_MET or work.outcome is Outcome.UNKNOWN):
        missing = tuple(dict.fromkeys([*labour.missing, *work.missing]))
        if related is None:
            missing = ("relation", *missing) if not member.text("relation") else ("lives_here", *missing)
    if related is not False and facts_member.member_urban(situation).value is None:
        missing = (*missing, "member_urban")
    return MemberStanding(member, member.text("case"), related, labour, work, why, missing)


def _reason(related: bool | None, labour: Verdict, situation: Situation) -> str:
    if related is False:
        return "relation_outside"
    if labour.met:
        return "counted" if related else "relation_unknown"
    for name, value, code in _REASONS:
        if situation.read(name, facts_member.MEMBER_FACTS[name]).value is value:
            return f"member_{code}"
    age = facts_member.member_age(situation).value
    if labour.outcome is Outcome.NOT_MET and isinstance(age, int | Span):
        return "member_child"
    return "member_unknown"


def found_on(household: CaseFacts, day: date, people: Mapping[str, CaseFacts]) -> date:
    """The day since which a verdict can be so: the last dated fact of members by ``day``, the opening of
    their files among them, so that nobody starts overdue.

    A household without any dated fact is found on the day itself.
    """
    iso = day.isoformat()
    known = [household.text("since")]
    for member in household.of("member"):
        known += [member.text("since"), member.text("until")]
        file = people.get(member.text("case"))
        known.append(file.text("opened_on") if file is not None else "")
        for record in (r for kind in _DATED for r in file.of(kind)) if file is not None else ():
            known += [record.text("since"), record.text("until"), record.text("looked_on")]
    return max((d for k in known if k <= iso and (d := exact_day(k)) is not None), default=day)


_DATED = ("registration", "placement", "employment", "business", "absence", "verification")


def double_members(
    households: Mapping[str, CaseFacts], household_id: str, case_id: str, day: date
) -> tuple[str, ...]:
    """Other households of the same kind in which this person is a member on the day."""
    own = households[household_id]
    found: list[str] = []
    for other in households.values():
        if other.case_id == household_id or other.text("kind") != own.text("kind"):
            continue
        at = Situation(other, day, PackSet(()))
        if any(m.text("case") == case_id for m in facts_household.present(at)):
            found.append(other.case_id)
    return tuple(found)


def is_duty(household: CaseFacts, day: date, packs: PackSet) -> bool:
    """Whether the standing duty of 2015 （十七） (每个家庭至少1人实现就业) covers this kind of household."""
    entry = packs.on(DUTY, day)
    kinds = entry.data.get("kinds") if entry is not None else None
    return isinstance(kinds, tuple) and household.text("kind") in kinds


def kind_of(household: CaseFacts) -> str:
    """Code of its kind; ``ordinary`` when none is written down."""
    return household.text("kind") or "ordinary"


__all__ = [
    "DUTY", "RULE", "ZERO", "HouseholdStanding", "MemberStanding", "double_members", "found_on", "is_duty",
    "kind_of", "outcome", "situation_of", "standing",
]  # fmt: skip
