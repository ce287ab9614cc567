"""政策找人 for the whole station: of every policy the people it may concern, and who was not told."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import date

from jobdesk.cases.due_lines import is_silent
from jobdesk.cases.facts import CaseFacts, Rec
from jobdesk.cases.policy_matching import Match, QuickMatch, Standing, matches, quick_matches
from jobdesk.cases.public_posts import Entitled, entitled
from jobdesk.cases.rules.pack import PackSet
from jobdesk.cases.rules.policy_cards import Amount, Card, Terms, amounts, cards, terms
from jobdesk.cases.rules.subsidy_ends import Usage, usages
from jobdesk.cases.rules.terms import RuleRef, leaves
from jobdesk.host import code_lists
from jobdesk.services.case_files import merged_facts
from jobdesk.services.desk import Desk
from jobdesk.services.today import agenda_of, open_facts
from jobdesk.store import ledger
from jobdesk.store.log import Connection
from jobdesk.store.unworkable import attempt


@dataclass(frozen=True, slots=True)
class PolicyCount:
    """One card and whom it concerns; people by case id, in the order of the files.

    Attributes:
        possible: 可能符合. lacking: in the circle, something is still missing.
        open: not even the circle can be judged: too little is written down.
        untold: to be told and not told yet; told: who was told, whatever stands now.
        veiled: to stand on this list tells of 低保, 残疾 or the like: names are shown on request, logged.
    """

    card: Card
    possible: tuple[str, ...]
    lacking: tuple[str, ...]
    open: tuple[str, ...]
    untold: tuple[str, ...]
    told: tuple[str, ...]
    amounts: tuple[Amount, ...]
    terms: Terms
    veiled: bool = False


@dataclass(frozen=True, slots=True)
class PolicyBoard:
    """Every card of a day.

    Attributes:
        found: case id → policy code → its match there.
        files: how many open files were looked at.
    """

    today: date
    counts: tuple[PolicyCount, ...]
    files: int
    found: dict[str, dict[str, QuickMatch]] = field(default_factory=dict[str, dict[str, QuickMatch]])


def load_policies(desk: Desk) -> Future[PolicyBoard]:
    """All cards and the people behind them, over every open file; on a reader."""
    return desk.read(lambda con: policy_board(con, desk))


def policy_board(con: Connection, desk: Desk) -> PolicyBoard:
    """The same on a reader's connection."""
    agenda = agenda_of(con, desk)
    found: dict[str, dict[str, QuickMatch]] = {}
    files = 0
    for facts in open_facts(con):
        if is_silent(facts):
            continue
        files += 1
        with attempt("policies", facts.case_id):
            here = quick_matches(agenda.situation(facts), agenda.rules)
            found[facts.case_id] = {m.code: m for m in here}
    packs, today = agenda.packs, agenda.today
    counts = tuple(_count(c, found, packs, today) for c in cards(packs, today))
    return PolicyBoard(today, counts, files, found)


def is_veiled(card: Card, packs: PackSet, day: date) -> bool:
    """Whether the circle asks for a group that lists never show."""
    groups = code_lists.table("groups")
    keys, seen = [card.circle], set[str]()
    while keys:
        key = keys.pop()
        entry = packs.on(key, day)
        if key in seen or entry is None or entry.term is None:
            continue
        seen.add(key)
        for leaf in leaves(entry.term):
            if isinstance(leaf, RuleRef):
                keys.append(leaf.key)
            elif leaf.fact == "disabled" or (
                leaf.fact == "groups" and isinstance(leaf.wanted, str) and groups.is_sensitive(leaf.wanted)
            ):
                return True
    return False


def _count(card: Card, found: dict[str, dict[str, QuickMatch]], packs: PackSet, today: date) -> PolicyCount:
    here = [(i, by_code[card.code]) for i, by_code in found.items() if card.code in by_code]
    return PolicyCount(
        card,
        tuple(i for i, m in here if m.standing is Standing.POSSIBLE),
        tuple(i for i, m in here if m.standing is Standing.LACKING and m.in_circle),
        tuple(i for i, m in here if m.standing is Standing.LACKING and not m.in_circle),
        tuple(i for i, m in here if m.to_tell),
        tuple(i for i, m in here if m.told_on),
        amounts(card, packs, today),
        terms(card, packs, today),
        is_veiled(card, packs, today),
    )


def people(desk: Desk, case_ids: Sequence[str]) -> Future[dict[str, ledger.CaseItem]]:
    """Names and ages of some people, by case id."""
    ids = list(case_ids)
    return desk.read(lambda con: {i.case_id: i for i in ledger.items(con, ids)})


def matches_of(con: Connection, desk: Desk, case_id: str) -> list[Match]:
    """Every card for one person with its traces, by the records of merged files too."""
    agenda = agenda_of(con, desk, case_ids=[case_id])
    if not any(True for _ in open_facts(con, [case_id])):
        return []
    return matches(agenda.situation(merged_facts(con, case_id)), agenda.rules)


@dataclass(frozen=True, slots=True)
class PostHeld:
    """A 公益性岗位 that runs, and by which document it may."""

    record: Rec
    entitled: Entitled


@dataclass(frozen=True, slots=True)
class PersonPolicies:
    """What the page 补贴 shows besides the records.

    Attributes:
        after: what follows the end of a family of subsidies, in words of the packs.
    """

    today: date
    packs: PackSet
    matches: tuple[Match, ...]
    usages: tuple[Usage, ...]
    posts: tuple[PostHeld, ...]
    after: dict[str, tuple[str, ...]]

    def amounts(self, card: Card) -> tuple[Amount, ...]:
        return amounts(card, self.packs, self.today)

    def terms(self, card: Card) -> Terms:
        return terms(card, self.packs, self.today)


def load_person(desk: Desk, facts: CaseFacts) -> Future[PersonPolicies]:
    """Cards, months and posts of one person.

    Args:
        facts: of the file as shown, records of merged files among them.
    """

    def job(con: Connection) -> PersonPolicies:
        agenda = agenda_of(con, desk, case_ids=[facts.case_id])
        at, packs, today = agenda.situation(facts), agenda.packs, agenda.today
        running = at.running("public_post")
        entry = packs.on("subsidies.after", today)
        after: dict[str, tuple[str, ...]] = {}
        if entry is not None:
            after = {n: tuple(map(str, v)) for n, v in entry.data.items() if isinstance(v, tuple)}
        return PersonPolicies(
            today,
            packs,
            tuple(matches(at, agenda.rules)),
            tuple(usages(facts, packs, today)),
            tuple(PostHeld(r, entitled(r.text("kind"), at)) for r in running),
            after,
        )

    return desk.read(job)
