"""Facts about households: of the whole household, of one member, and of a person through a household.

A household is read as a ``Situation`` whose ``facts`` are the household's own and whose ``people`` are the
files of its members. A member is read as a ``Situation`` whose facts are the member's file with the member
record in it, or, without a file, the member record alone. Every value of a member record is 本人自述: it
stands in the trace as 未核对.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from jobdesk.cases.basis import Seen
from jobdesk.cases.facts import CaseFacts, Rec, is_open
from jobdesk.cases.partial_date import PartialDate
from jobdesk.cases.rules import facts_person, facts_spells, quick
from jobdesk.cases.rules.engine import judge
from jobdesk.cases.rules.pack import Data
from jobdesk.cases.rules.situation import (
    CHECKED_SOURCES,
    Change,
    Reading,
    Situation,
    Span,
    missing,
    seen,
)
from jobdesk.cases.rules.terms import Compare, leaves
from jobdesk.cases.rules.verdict import Outcome, Verdict

ZERO, ALLOWANCE = "zero", "allowance"
LABOUR, AT_WORK, RELATIONS = "households.labour_force", "households.at_work", "households.relations"
OPEN_ENDED = ("recognised", "review", "exited")
"""States behind a decision of the county that recognised the household, at some time."""
_STATE = ("member", "state")
_STATES = frozenset(
    {"unemployed", "employed", "student", "soldier", "inmate", "retired", "incapable", "child", "dead"}
)
"""Codes of ``member_state`` that say something; text of our own time or of a sheet says nothing."""
_PARENTS = frozenset({"father", "mother"})
_ALONE = frozenset({"10", "30", "40"})
"""未婚, 丧偶, 离婚 (GB/T 2261.2)."""


# ---- one member


def member_situation(member: Rec, file: CaseFacts | None, at: Situation) -> Situation:
    """The member on the same day, by the same rules."""
    if file is None:
        facts = CaseFacts(member.text("case"), {}, {"member": (member,)})
    else:
        facts = CaseFacts(file.case_id, file.root, {**file.records, "member": (member,)}, file.conflicts)
    return Situation(facts, at.day, at.packs, from_sheet=at.sheets.get(facts.case_id, frozenset()))


def _line(at: Situation) -> Rec:
    found = at.facts.of("member")
    return found[0] if found else Rec("member", "", {})


def _now(at: Situation) -> str:
    state = _line(at).text("state")
    return state if state in _STATES else ""


def _told(at: Situation, value: bool | str | Span, *change: tuple[str, str]) -> Reading:
    """From the member record alone: what somebody said."""
    line = _line(at)
    return Reading(value, (Seen("member", line.id, "counted", line.text("since")),), change, True)


def _has_file(at: Situation) -> bool:
    return bool(at.facts.root)


def member_age(at: Situation) -> Reading:
    """周岁; bounds from a birth year alone."""
    if _has_file(at):
        found = facts_person.age(at)
        if found.value is not None:
            return found
    year = _line(at).values.get("birth_year")
    change = ("member", "birth_year")
    if isinstance(year, int):
        last = at.day.year - year
        return _told(at, Span(max(last - 1, 0), max(last, 0)), change)
    if _now(at) == "child":
        return _told(at, Span(0, 15), change, _STATE)
    return missing(*(facts_person.age(at).change if _has_file(at) else (change,)))


def _in_state(of_file: Callable[[Situation], Reading], state: str) -> Callable[[Situation], Reading]:
    def read(at: Situation) -> Reading:
        now = _now(at)
        if _has_file(at):
            found = of_file(at)
            if found.value is True or now != state:
                return found
        elif not now:
            return missing(_STATE)
        return _told(at, now == state, _STATE)

    return read


def member_alive(at: Situation) -> Reading:
    """Not known to have died."""
    if _now(at) == "dead":
        return _told(at, False, _STATE)
    return facts_person.alive(at)


def member_able(at: Situation) -> Reading:
    """有劳动能力; work shows it."""
    return _from_line(at, facts_person.able, "able", "incapable")


def member_willing(at: Situation) -> Reading:
    """有就业愿望; work shows it."""
    return _from_line(at, facts_person.willing, "willing", "")


def _from_line(at: Situation, of_file: Callable[[Situation], Reading], name: str, never: str) -> Reading:
    change: Change = ()
    if _has_file(at):
        found = of_file(at)
        if found.value is not None:
            return found
        change = found.change[:1]
    line = _line(at)
    if never and _now(at) == never:
        return _told(at, False, _STATE)
    value = line.values.get(name)
    if isinstance(value, bool):
        return _told(at, value, ("member", name))
    if member_at_work(at).value is True:
        return _told(at, True, _STATE)
    return missing(*(change or (("member", name),)))


def member_at_work(at: Situation) -> Reading:
    """In work: by the file (就业登记, verified placement, business, look-up), else as the member record says.

    Missing when a job is only heard of, and when nothing at all is known: no job on the books is not yet
    失业, but an open 失业登记 is.
    """
    change: Change = (_STATE,)
    if _has_file(at):
        change = (("employment", "since"), ("placement", "verified_on"), ("registration", "since"))
        known = _work_on_file(at, change)
        if known is not None:
            return known
    now = _now(at)
    if not now:
        return missing(*change)
    return _told(at, now == "employed", _STATE)


def _work_on_file(at: Situation, change: Change) -> Reading | None:
    work = facts_spells.employed(at)
    if work.value is True or work.seen:
        return work
    for found in (facts_spells.business(at), facts_spells.insured_by_unit(at)):
        if found.value is True:
            return Reading(True, found.seen, found.change, found.unchecked)
    registered = facts_spells.registered(at)
    if registered.value is True:
        return Reading(False, registered.seen, change, registered.unchecked)
    return None


def member_urban(at: Situation) -> Reading:
    """城镇户籍."""
    if _has_file(at):
        kind = at.facts.text("hukou_kind")
        if kind:
            return Reading(kind == facts_person.URBAN, (), (("case", "hukou_kind"),),
                           at.loose("hukou_kind"))  # fmt: skip
    kind = _line(at).text("hukou_kind")
    if kind:
        return _told(at, kind == facts_person.URBAN, ("member", "hukou_kind"))
    return missing(("case", "hukou_kind") if _has_file(at) else ("member", "hukou_kind"))


MEMBER_FACTS: Mapping[str, Callable[[Situation], Reading]] = {
    "member_age": member_age,
    "member_alive": member_alive,
    "member_pension": _in_state(facts_person.pension, "retired"),
    "member_studying": _in_state(facts_person.studying, "student"),
    "member_serving": _in_state(facts_person.serving, "soldier"),
    "member_in_custody": _in_state(facts_person.in_custody, "inmate"),
    "member_able": member_able,
    "member_willing": member_willing,
    "member_at_work": member_at_work,
    "member_urban": member_urban,
}
"""Facts of one member; words under ``fact.<name>``."""

_WORDS = {**facts_person.FACTS, **facts_spells.FACTS, **MEMBER_FACTS}


def labour_force(member: Situation) -> Verdict:
    """Whether a member is labour force, by the pack."""
    return judge(LABOUR, member, _WORDS)


def at_work(member: Situation) -> Verdict:
    """Whether a member is labour force that works, by the pack."""
    return judge(AT_WORK, member, _WORDS)


# ---- the whole household


def present(at: Situation) -> list[Rec]:
    """Member records that run on the day, by id."""
    return at.running("member")


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
        outcome = quick.outcome(key, situation, _WORDS)
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
    value = Span(len(sure), len(sure) + len(open_)) if open_ else len(sure)
    return Reading(value, tuple(map(seen, sure)), tuple(change), loose)


def _read(key: str, member: Situation) -> list[Reading]:
    """What a rule compares of a member."""
    entry = member.packs.on(key, member.day)
    if entry is None or entry.term is None:
        return []
    named = dict.fromkeys(leaf.fact for leaf in leaves(entry.term) if isinstance(leaf, Compare))
    return [member.read(n, _WORDS[n]) for n in named if n in _WORDS]


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
        if member.text("case") == own and is_open(member.values, at.iso)
    ]


def household_zero_recognised(at: Situation) -> Reading:
    """经认定的零就业家庭成员: the county's recognition of the household stands on the day."""
    change = (("household", "state"), ("household", "decided_on"), ("member", "case"))
    open_: list[Seen] = []
    for household, member in _memberships(at):
        if household.text("kind") != ZERO:
            continue
        stands = recognised_on(household, at.iso)
        named = (
            Seen("household", household.case_id, "counted", household.text("decided_on")), seen(member)
        )  # fmt: skip
        if stands:
            return Reading(True, named, change, household.text("source") not in CHECKED_SOURCES)
        if stands is None:
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


def in_recognised_household(facts: CaseFacts, households: tuple[CaseFacts, ...], iso: str) -> bool:
    """The bare answer of ``household_zero_recognised`` for lists."""
    return any(
        h.text("kind") == ZERO and recognised_on(h, iso)
        and any(m.text("case") == facts.case_id and is_open(m.values, iso) for m in h.of("member"))
        for h in households
    )  # fmt: skip


def day_of_recognition(household: CaseFacts) -> PartialDate | None:
    """The day of the county's decision."""
    return PartialDate.parse(household.text("decided_on")) if household.text("decided_on") else None


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
