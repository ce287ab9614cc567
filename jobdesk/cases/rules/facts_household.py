"""Facts about households: of the whole household, and of a person through a household.

A household is read as a ``Situation`` whose ``facts`` are the household's own and whose ``people`` are the
files of its members. Its members are read by ``facts_member``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from jobdesk.cases.basis import Seen
from jobdesk.cases.facts import CaseFacts, Rec, is_member, is_open
from jobdesk.cases.rules import quick
from jobdesk.cases.rules.facts_member import (
    AT_WORK,
    LABOUR,
    MEMBER_FACTS,
    WORDS,
    member_situation,
    member_urban,
)
from jobdesk.cases.rules.pack import Data
from jobdesk.cases.rules.situation import (
    CHECKED_SOURCES,
    Reading,
    Situation,
    Span,
    missing,
    seen,
)
from jobdesk.cases.rules.terms import Compare, leaves
from jobdesk.cases.rules.verdict import Outcome

ZERO = "zero"
RELATIONS = "households.relations"
OPEN_ENDED = ("recognised", "review", "exited")
"""States behind a decision of the county that recognised the household, at some time."""
_STATE = ("member", "state")
_PARENTS = frozenset({"father", "mother"})
_ALONE = frozenset({"10", "30", "40"})
"""未婚, 丧偶, 离婚 (GB/T 2261.2)."""


def present(at: Situation) -> list[Rec]:
    """Member records that run on the day, by id; somebody who stands in several of them by one of these."""
    running, also = _running(at), said_again(at)
    return [m for m in running if m.id not in also] if also else running


def _running(at: Situation) -> list[Rec]:
    return [m for m in at.running("member") if is_member(m.values, at.iso)]


def said_again(at: Situation) -> dict[str, str]:
    """Member record that is not counted → the one by which its person is.

    Two desks may write somebody down twice, and two files of one person may each be a member. The line
    counts by which the person belongs to the family, then the earlier one.
    """
    lines: dict[str, list[Rec]] = {}
    for member in _running(at):
        if case_id := member.text("case"):
            lines.setdefault(case_id, []).append(member)
    found: dict[str, str] = {}
    for several in (some for some in lines.values() if len(some) > 1):
        counted = min(several, key=lambda m: (_BELONGS[related(m, at)], m.text("since"), m.id))
        found.update({m.id: counted.id for m in several if m is not counted})
    return found


_BELONGS = {True: 0, None: 1, False: 2}


def related(member: Rec, at: Situation) -> bool | None:
    """Whether a member belongs to the family that the definition looks at; None when it is not known.

    The list ``households.relations`` names relations that always count and those that count when living
    together.
    """
    entry = at.packs.on(RELATIONS, at.day)
    relation = member.text("relation")
    if entry is None or not relation:
        return None
    if relation in _named(entry.data.get("always")):
        return True
    if relation in _named(entry.data.get("together")):
        lives = member.values.get("lives_here")
        return lives if isinstance(lives, bool) else None
    return False


def _by_living_here(at: Situation) -> bool:
    """Whether some member counts, or does not, only by living with the others."""
    entry = at.packs.on(RELATIONS, at.day)
    together = _named(entry.data.get("together")) if entry is not None else ()
    return any(member.text("relation") in together for member in present(at))


def _named(data: Data | None) -> tuple[str, ...]:
    return tuple(str(d) for d in data) if isinstance(data, tuple) else ()


def situations(at: Situation) -> list[tuple[Rec, Situation]]:
    """Members of the day with their own situations; whoever stands outside the definition is left out."""
    found: list[tuple[Rec, Situation]] = []
    for member in present(at):
        if related(member, at) is not False:
            found.append((member, member_situation(member, at.people.get(member.text("case")), at)))
    return found


def _counted(at: Situation, key: str) -> Reading:
    sure: list[Rec] = []
    open_: list[Rec] = []
    loose = False
    change: dict[tuple[str, str], None] = {_STATE: None}
    for member, situation in situations(at):
        outcome = quick.outcome(key, situation, WORDS)
        if outcome is not Outcome.NOT_MET and related(member, at) is None:
            outcome = Outcome.UNKNOWN
            change.update(dict.fromkeys([("member", "relation"), ("member", "lives_here")]))
        if outcome is Outcome.NOT_MET:
            continue
        (sure if outcome is Outcome.MET else open_).append(member)
        for reading in _read(key, situation):
            loose = loose or (outcome is Outcome.MET and reading.unchecked)
            if reading.value is None or isinstance(reading.value, Span):
                change.update(dict.fromkeys(reading.change[:1]))
    if _by_living_here(at):
        change.setdefault(("member", "lives_here"))
    value = Span(len(sure), len(sure) + len(open_)) if open_ else len(sure)
    return Reading(value, tuple(map(seen, sure)), tuple(change), loose)


def _read(key: str, member: Situation) -> list[Reading]:
    """What a rule compares of a member."""
    entry = member.packs.on(key, member.day)
    if entry is None or entry.term is None:
        return []
    named = dict.fromkeys(leaf.fact for leaf in leaves(entry.term) if isinstance(leaf, Compare))
    return [member.read(n, WORDS[n]) for n in named if n in WORDS]


def household_labour_force(at: Situation) -> Reading:
    """How many members are labour force; bounds while facts are missing."""
    return _counted(at, LABOUR)


def household_at_work(at: Situation) -> Reading:
    """How many of them work."""
    return _counted(at, AT_WORK)


def household_members(at: Situation) -> Reading:
    """How many members there are on the day, the dead left out."""
    found = [m for m in present(at) if m.text("state") != "dead"]
    return Reading(len(found), tuple(map(seen, found)), (("member", "name"),))


def household_urban(at: Situation) -> Reading:
    """城镇户籍 of every member; one that is rural decides, one that is unknown leaves it open."""
    found = [member_urban(s) for m, s in situations(at) if m.text("state") != "dead"]
    change = tuple(dict.fromkeys(c for r in found for c in r.change)) or (("member", "hukou_kind"),)
    loose = any(r.unchecked for r in found)
    used = tuple(dict.fromkeys(s for r in found for s in r.seen))
    if any(r.value is False for r in found):
        return Reading(False, used, change, loose)
    if not found or any(r.value is None for r in found):
        return missing(*change)
    return Reading(True, used, change, loose)


def household_parents(at: Situation) -> Reading:
    """The parents of an unmarried, divorced or widowed person alone on a 户口 are written down.

    They count as family though they stand on another 户口. Who is dead is written down as 已故.
    """
    change = (("member", "relation"), ("case", "marital"))
    here = [m for m in present(at) if m.text("state") != "dead"]
    on_hukou = [m for m in here if m.values.get("hukou_here") is not False]
    if len(on_hukou) != 1 or any(m.text("relation") in _PARENTS for m in present(at)):
        return Reading(True, tuple(map(seen, here)), change)
    if any(m.text("relation") == "spouse" for m in here):
        return Reading(True, tuple(map(seen, here)), change)
    file = at.people.get(on_hukou[0].text("case"))
    marital = file.text("marital") if file is not None else ""
    if marital and marital not in _ALONE and marital != "90":
        return Reading(True, tuple(map(seen, on_hukou)), change)
    return missing(*change)


def household_kind(at: Situation) -> Reading:
    """Code of ``household_kind``."""
    return at.root("kind")


# ---- a person, through households


def recognised_on(household: CaseFacts, iso: str) -> bool | None:
    """Whether the county's recognition of a household stands on a day; None: said, but without its day."""
    if household.text("state") not in OPEN_ENDED:
        return False
    decided, exited = household.text("decided_on"), household.text("exited_on")
    if household.text("state") == "exited" and not exited:
        return False
    if exited and exited <= iso:
        return False
    if not decided:
        return None
    return decided <= iso


def _memberships(at: Situation) -> list[tuple[CaseFacts, Rec]]:
    own = at.facts.case_id
    return [
        (household, member)
        for household in at.households
        for member in household.of("member")
        if member.text("case") == own and is_member(member.values, at.iso)
    ]


def household_zero_recognised(at: Situation) -> Reading:
    """经认定的零就业家庭成员: the county's recognition of the household stands on the day.

    One that neither 省系统 nor 文书 shows (台账记载) is named and leaves the answer open.
    """
    change = (("household", "source"), ("household", "decided_on"), ("member", "case"))
    open_: list[Seen] = []
    for household, member in _memberships(at):
        if household.text("kind") != ZERO:
            continue
        stands = recognised_on(household, at.iso)
        named = (
            Seen("household", household.case_id, "counted", household.text("decided_on")), seen(member)
        )  # fmt: skip
        if stands and household.text("source") in CHECKED_SOURCES:
            return Reading(True, named, change)
        if stands is not False:
            open_.extend(named)
    return Reading(None, tuple(open_), change, True) if open_ else Reading(False, (), change)


def household_kinds(at: Situation) -> Reading:
    """Kinds of the households the person is a member of on the day, recognised or not."""
    change = (("household", "kind"), ("member", "case"))
    found = [(h, m) for h, m in _memberships(at) if h.text("kind") and _begun(h, at.iso)]
    return Reading(
        frozenset(h.text("kind") for h, _ in found),
        tuple(Seen("household", h.case_id, "counted", h.text("since")) for h, _ in found), change,
        any(h.text("source") not in CHECKED_SOURCES for h, _ in found),
    )  # fmt: skip


def _begun(household: CaseFacts, iso: str) -> bool:
    return is_open({n: household.root.get(n) for n in ("since", "until")}, iso)


FACTS: Mapping[str, Callable[[Situation], Reading]] = {
    **MEMBER_FACTS,
    "household_labour_force": household_labour_force,
    "household_at_work": household_at_work,
    "household_members": household_members,
    "household_urban": household_urban,
    "household_parents": household_parents,
    "household_kind": household_kind,
    "household_zero_recognised": household_zero_recognised,
    "household_kinds": household_kinds,
}
"""Fact name → how it is read; words under ``fact.<name>``."""

TABLES: Mapping[str, str] = {"household_kind": "household_kind", "household_kinds": "household_kind"}
"""Fact name → code list of its values."""
