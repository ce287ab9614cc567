"""What changes, for whom, when a rule pack is taken in: every rule it touches, before and after."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import date

from jobdesk.cases.facts import CaseFacts, facts
from jobdesk.cases.rules.pack import Entry, PackSet
from jobdesk.cases.rules.situation import Situation
from jobdesk.cases.rules.terms import RuleRef, figures_of, leaves
from jobdesk.cases.rules.verdict import Outcome
from jobdesk.cases.rules.vocabulary import outcome
from jobdesk.services.desk import Desk
from jobdesk.services.household_facts import around
from jobdesk.store import reads
from jobdesk.store.log import Connection

HOUSEHOLD_RULES = "households."
"""Rules of these keys are judged on households, all others on people."""
_EVERY = 50


@dataclass(frozen=True, slots=True)
class EntryChange:
    """An entry of a key that is new, gone, or other than before, for today. None: there is none."""

    key: str
    before: Entry | None
    after: Entry | None


@dataclass(frozen=True, slots=True)
class VerdictChange:
    """One rule whose answer changes for one person or household; name and community as the file says."""

    subject: str
    name: str
    key: str
    before: Outcome
    after: Outcome
    community: str = ""


def is_household(change: VerdictChange) -> bool:
    """Whether it is a household's answer, not a person's."""
    return change.key.startswith(HOUSEHOLD_RULES)


@dataclass(frozen=True, slots=True)
class Effects:
    """What taking a pack in would change on that day.

    Attributes:
        ahead: the day lies ahead: the last of the pack's rules begins only then (see ``day_to_judge``).
        entries: changed entries, rules and others.
        judged: rules that were judged before and after, because they or what they refer to change.
        people, households: how many were looked at.
        changes: by rule, then by name.
    """

    day: date
    entries: tuple[EntryChange, ...]
    judged: tuple[str, ...]
    people: int
    households: int
    changes: tuple[VerdictChange, ...]
    ahead: bool = False

    def counts(self) -> Mapping[tuple[str, Outcome, Outcome], int]:
        """How many changes of each kind, by rule."""
        made: dict[tuple[str, Outcome, Outcome], int] = {}
        for c in self.changes:
            made[c.key, c.before, c.after] = made.get((c.key, c.before, c.after), 0) + 1
        return made


def effects(
    desk: Desk, before: PackSet, after: PackSet, progress: Callable[[int, int], object] | None = None
) -> Future[Effects]:
    """Judge everybody whose file is open, and every household, by both sets.

    Args:
        progress: told (done, all) on the reader's thread; what it raises ends the job.
    """
    return desk.read(lambda con: _effects(con, desk.day, before, after, progress or (lambda _n, _m: None)))


def day_to_judge(before: PackSet, after: PackSet, today: date) -> date:
    """Today, or the last day ahead on which an entry begins that is not in use yet: a change that is dated
    is shown as it will be, with both sets of rules on that same day.
    """
    days = [
        e.valid_from
        for key in after.keys("")
        for e in after.versions(key)
        if e.valid_from > today and all(_bare(e) != _bare(old) for old in before.versions(key))
    ]
    return max(days, default=today)


def _effects(
    con: Connection, today: date, before: PackSet, after: PackSet, progress: Callable[[int, int], object]
) -> Effects:
    day = day_to_judge(before, after, today)
    entries = changed_entries(before, after, day)
    touched = touched_rules({e.key for e in entries}, [before, after], day)
    for_people = [k for k in touched if not k.startswith(HOUSEHOLD_RULES)]
    for_households = [k for k in touched if k.startswith(HOUSEHOLD_RULES)]
    near = around(con)
    changes: list[VerdictChange] = []
    people = 0
    (count,) = con.execute(
        "SELECT count(*) FROM case_row WHERE help_state = 'open' AND coalesce(merged_into, '') = ''"
    ).fetchone()
    if for_people:
        for case_id, root, rows in reads.open_case_rows(con):
            person = facts(case_id, root, rows)
            mine = near.households.get(case_id, ())
            changes += _judged(
                person, str(root.get("name") or ""), for_people,
                Situation(person, day, before, mine, near.people),
                Situation(person, day, after, mine, near.people),
            )  # fmt: skip
            people += 1
            if people % _EVERY == 0:
                progress(people, count)
    households = {h.case_id: h for found in near.households.values() for h in found}
    for household in households.values() if for_households else ():
        changes += _judged(
            household, household.text("head_name"), for_households,
            Situation(household, day, before, people=near.people),
            Situation(household, day, after, people=near.people),
        )  # fmt: skip
    progress(people, max(count, people))
    ordered = tuple(sorted(changes, key=lambda c: (c.key, c.name, c.subject)))
    seen = len(households) if for_households else 0
    return Effects(day, entries, tuple(touched), people, seen, ordered, day > today)


def _judged(
    who: CaseFacts, name: str, keys: Iterable[str], before: Situation, after: Situation
) -> Iterable[VerdictChange]:
    for key in keys:
        old, new = outcome(key, before), outcome(key, after)
        if old is not new:
            yield VerdictChange(who.case_id, name, key, old, new, who.text("community"))


def changed_entries(before: PackSet, after: PackSet, day: date) -> tuple[EntryChange, ...]:
    """Keys whose entry on the day is another one: its words, test, value or status."""
    found: list[EntryChange] = []
    for key in dict.fromkeys([*before.keys(), *after.keys()]):
        old, new = before.on(key, day), after.on(key, day)
        if _bare(old) != _bare(new):
            found.append(EntryChange(key, old, new))
    return tuple(found)


def _bare(entry: Entry | None) -> object:
    if entry is None:
        return None
    return (entry.kind, entry.valid_from, entry.valid_to, entry.region, entry.status, entry.source,
            entry.template or entry.sentence, entry.term, entry.value, entry.unit, repr(entry.data),
            entry.note)  # fmt: skip


def touched_rules(changed: set[str], sets: Iterable[PackSet], day: date) -> list[str]:
    """Rules that are among the changed keys or lead to one, by any of the sets."""
    leads: dict[str, set[str]] = {}
    rules: set[str] = set()
    for packs, key in ((p, k) for p in sets for k in p.keys("")):
        entry = packs.on(key, day)
        if entry is None or entry.term is None:
            continue
        rules.add(key)
        to = leads.setdefault(key, set())
        to.update(leaf.key for leaf in leaves(entry.term) if isinstance(leaf, RuleRef))
        to.update(figures_of(entry.term))
    touched = set(changed)
    while True:
        more = {k for k, to in leads.items() if k not in touched and to & touched}
        if not more:
            return sorted(touched & rules)
        touched |= more
