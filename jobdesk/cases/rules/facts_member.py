"""Facts about one member of a household, by the member's file, else by the household's line.

A member is read as a ``Situation`` whose facts are the member's file with the member record in it, or,
without a file, the member record alone. Every value of a member record is 本人自述: it stands in the trace as
未核对.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from jobdesk.cases.basis import Seen
from jobdesk.cases.facts import CaseFacts, Rec
from jobdesk.cases.rules import facts_person, facts_spells
from jobdesk.cases.rules.engine import judge
from jobdesk.cases.rules.situation import (
    Change,
    Reading,
    Situation,
    Span,
    missing,
)
from jobdesk.cases.rules.verdict import Verdict

LABOUR, AT_WORK = "households.labour_force", "households.at_work"
_STATE = ("member", "state")
_STATES = frozenset(
    {"unemployed", "employed", "student", "soldier", "inmate", "retired", "incapable", "child", "dead"}
)
"""Codes of ``member_state`` that say something; text of our own time or of a sheet says nothing."""


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
        return _told(at, True, _STATE, ("member", name))
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

WORDS = {**facts_person.FACTS, **facts_spells.FACTS, **MEMBER_FACTS}


def labour_force(member: Situation) -> Verdict:
    """Whether a member is labour force, by the pack."""
    return judge(LABOUR, member, WORDS)


def at_work(member: Situation) -> Verdict:
    """Whether a member is labour force that works, by the pack."""
    return judge(AT_WORK, member, WORDS)
