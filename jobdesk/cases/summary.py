"""What a list row needs of one person, from the state and the shipped lists alone.

Never from today or from a setting: rows are written when operations are folded and stay right for
years. Ages, overdue days and progress are computed when they are shown. Lists show 就业困难人员, never
the kind behind it; restricted and sensitive groups are not here at all (issue text §4.2).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from jobdesk.cases.completeness import CompletenessItem, completeness, hardship, is_graduate
from jobdesk.cases.contacts import ServiceRules, contacts_of
from jobdesk.cases.facts import CaseFacts, Rec, facts_of
from jobdesk.cases.hardship import ZERO_MEMBER
from jobdesk.cases.id_number import examine
from jobdesk.cases.recognition_states import LEFT, RUNNING
from jobdesk.cases.state import SubjectState

HARDSHIP, GRADUATE, ZERO_HOUSEHOLD = "hardship", "graduate", "zero_household"
APPLIED = "hardship_applied"
"""认定在办: applied for, and not 就业困难人员 until the county says so."""
_SEX = {"male": "1", "female": "2"}
ADDRESSES = ("address", "hukou_place", "community", "work_place")
"""Fields of the file by which a search finds a place."""
_DOCUMENTS = ("notice_on", "compare_on", "truth_on")


@dataclass(frozen=True, slots=True)
class SummaryRules:
    """The shipped lists that a summary reads.

    Attributes:
        listed_groups: codes of ``groups`` that may stand on a list: neither sensitive nor restricted.
            A code that no list knows is not shown: its text may be anything.
    """

    items: tuple[CompletenessItem, ...]
    services: ServiceRules
    listed_groups: frozenset[str]


@dataclass(frozen=True, slots=True)
class Chip:
    """A category on a list. ``verified`` is False for 台账记载（未核对）."""

    code: str
    verified: bool = True


@dataclass(frozen=True, slots=True)
class CaseSummary:
    """One person on a list.

    Attributes:
        id_tail: the last four characters, for search.
        birth, sex: as typed; where blank, as a valid ID number says. ``sex`` is a code (1, 2).
        chips: categories in the order hardship (or its application), zero household, graduate (without
            an established job), groups by code.
        main_category: code of the chip marked 主类别, or empty.
        hardship: ``recognised``, ``unverified``, ``applied`` or empty.
        help_state: ``open`` or ``ended``.
        last_contact: ISO date of stated precision; ``last_record`` the service it comes from.
        next_from: ``field``, ``record``, ``first_round`` or empty.
        disputed: fields of the file that are blank because their versions wait for a person.
        unsigned: which of 告知书, 比对授权, 承诺书 has no date; ``notice_on`` is 未告知.
        employer: unit of the last open placement (``placed`` says whether there is one).
        employers, addresses: everything a search should find, without repetition.
        unworkable: the program failed at this file; nothing but who it is and how it stands is filled in.
    """

    case_id: str
    name: str = ""
    id_number: str = ""
    id_tail: str = ""
    old_id_number: str = ""
    birth: str = ""
    sex: str = ""
    phone: str = ""
    phone_2: str = ""
    address: str = ""
    community: str = ""
    chips: tuple[Chip, ...] = ()
    main_category: str = ""
    is_graduate: bool = False
    hardship: str = ""
    help_state: str = "open"
    help_reason: str = ""
    opened_on: str = ""
    owner: str = ""
    tier: str = ""
    last_contact: str = ""
    last_record: str = ""
    next_contact: str = ""
    next_from: str = ""
    next_reason: str = ""
    attempts: int = 0
    missing: tuple[str, ...] = ()
    percent: int = 0
    conflicts: int = 0
    disputed: tuple[str, ...] = ()
    merged_into: str = ""
    deceased: bool = False
    placed: bool = False
    registered: bool = False
    employer: str = ""
    employers: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    unsigned: tuple[str, ...] = ()
    unworkable: bool = False


def summarise(state: SubjectState, rules: SummaryRules) -> CaseSummary:
    """Summary of a folded case; an empty one for a case that does not stand."""
    return summary_of(facts_of(state), rules)


def summary_of(facts: CaseFacts, rules: SummaryRules) -> CaseSummary:
    """The same from facts."""
    contacts = contacts_of(facts, rules.services)
    whole = completeness(facts, rules.items)
    birth, sex = identity(facts)
    number, state = facts.text("id_number"), hardship(facts)
    placements = sorted(facts.of("placement"), key=lambda r: (r.text("since"), r.id))
    running = [r for r in placements if not r.values.get("until")]
    lists = facts.root.get("lists")
    return CaseSummary(
        case_id=facts.case_id,
        name=facts.text("name"),
        id_number=number,
        id_tail=number[-4:],
        old_id_number=facts.text("old_id_number"),
        birth=birth,
        sex=sex,
        phone=facts.text("phone"),
        phone_2=facts.text("phone_2"),
        address=facts.text("address"),
        community=facts.text("community"),
        chips=_chips(facts, rules, state),
        main_category=_main(facts),
        is_graduate=is_graduate(facts),
        hardship=state,
        help_state=facts.text("help_state") or "open",
        help_reason=facts.text("help_reason"),
        opened_on=facts.text("opened_on"),
        owner=facts.text("owner"),
        tier=facts.text("tier"),
        last_contact=contacts.last,
        last_record=contacts.last_record,
        next_contact=contacts.next,
        next_from=contacts.next_from,
        next_reason=contacts.next_reason,
        attempts=len(contacts.attempts),
        missing=tuple(m.code for m in whole.missing),
        percent=whole.percent,
        conflicts=len(facts.conflicts),
        disputed=tuple(n for kind, n in facts.conflicts if kind == "case" and not facts.root.get(n)),
        merged_into=facts.text("merged_into"),
        deceased=bool(facts.root.get("deceased_on")),
        placed=bool(running),
        registered=any(
            r.values.get("registered") is not False and not r.values.get("until")
            for r in facts.of("registration")
        ),
        employer=running[-1].text("unit") if running else "",
        employers=_distinct(r.text("unit") for r in (*placements, *_ordered(facts, "employment"))),
        addresses=_distinct(facts.text(n) for n in ADDRESSES),
        lists=tuple(sorted(str(v) for v in lists)) if isinstance(lists, list) else (),
        unsigned=tuple(n for n in _DOCUMENTS if not facts.root.get(n)),
    )


def identity(facts: CaseFacts) -> tuple[str, str]:
    """Birth date and sex code: what was typed, else what a valid ID number says."""
    birth, sex = facts.text("birth"), facts.text("sex")
    if birth and sex:
        return birth, sex
    reading = examine(facts.text("id_number"), date.max)
    if not reading.ok:
        return birth, sex
    derived = reading.birth.isoformat() if reading.birth else ""
    return birth or derived, sex or (_SEX[reading.sex] if reading.sex else "")


def _chips(facts: CaseFacts, rules: SummaryRules, state: str) -> tuple[Chip, ...]:
    named = Chip(APPLIED) if state == "applied" else Chip(HARDSHIP, state == "recognised")
    chips = [named] if state else []
    stands = [r for r in _live(facts) if r.text("state") not in RUNNING]
    zero = [r for r in stands if r.text("category") == ZERO_MEMBER]
    if zero:
        chips.append(Chip(ZERO_HOUSEHOLD, any(r.text("state") == "recognised" for r in zero)))
    if is_graduate(facts) and not _at_work(facts):
        chips.append(Chip(GRADUATE))
    groups: dict[str, bool] = {}
    for record in facts.of("group"):
        kind = record.text("kind")
        if kind in rules.listed_groups and not record.text("until"):
            checked = record.text("source") in ("system", "document")
            groups[kind] = groups.get(kind, False) or checked
    chips += [Chip(kind, groups[kind]) for kind in sorted(groups)]
    return tuple(chips)


def _at_work(facts: CaseFacts) -> bool:
    """Whether a job is established; one merely heard of (未核实) leaves a graduate 未就业."""
    return any(not r.values.get("until") for r in facts.of("employment")) or any(
        r.values.get("verified_on") and not r.values.get("until") for r in facts.of("placement")
    )


def _live(facts: CaseFacts) -> list[Rec]:
    return [r for r in facts.of("recognition") if r.text("state") not in LEFT and not r.text("until")]


def _main(facts: CaseFacts) -> str:
    marked = (r for r in _live(facts) if r.values.get("main") is True)
    return HARDSHIP if any(r.text("state") not in RUNNING for r in marked) else ""


def _ordered(facts: CaseFacts, kind: str) -> list[Rec]:
    return sorted(facts.of(kind), key=lambda r: (r.text("since"), r.id))


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(t for t in texts if t))
