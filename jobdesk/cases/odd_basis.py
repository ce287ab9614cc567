"""Why two facts cannot stand side by side (待核对): the sentence of the pack, the dates, both records."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from jobdesk.cases.basis import Basis, Seen
from jobdesk.cases.facts import CaseFacts, Rec
from jobdesk.cases.figures import Figures
from jobdesk.cases.odd_checks import ODD_CHECKS
from jobdesk.cases.oddities import ELSEWHERE, Oddity
from jobdesk.cases.problem import Look
from jobdesk.cases.rules.pack import Data, PackSet

PREFIX = "doubts."
"""Keys of the packs' entries: ``doubts.<code of the problem>``."""


def odd_basis(
    one: Oddity, facts: CaseFacts, homes: Iterable[CaseFacts], packs: PackSet, today: date
) -> Basis:
    """The trace of one odd fact.

    Args:
        facts: of the person, records of merged files among them. homes: the person's households.
    """
    entry = packs.on(PREFIX + one.problem.code, today)
    dates: tuple[tuple[str, str], ...] = ()
    if entry is not None:
        dates = tuple((n, facts.text(n)) for n in _named(entry.data.get("fields")) if facts.text(n))
    seen = tuple(_memberships(facts, homes) if one.problem.code == ELSEWHERE else _pair(one, facts, today))
    if entry is None:
        return Basis("odd_facts", dates=dates, counted=seen)
    return Basis(
        entry.key, entry.source, entry.status_on(today), dates, seen, sentence=entry.sentence,
        remark=entry.note,
    )  # fmt: skip


def _named(data: Data | None) -> tuple[str, ...]:
    return tuple(map(str, data)) if isinstance(data, tuple) else ()


def _pair(one: Oddity, facts: CaseFacts, today: date) -> Iterable[Seen]:
    """The record and every other one that alone beside it is odd in this way."""
    kind, record_id = one.record
    record = next((r for r in facts.of(kind) if r.id == record_id), None)
    if record is None:  # a field of the file itself
        return
    yield _seen(record)
    for others in facts.records.values():
        for other in others:
            if other.id == record_id:
                continue
            near: dict[str, tuple[Rec, ...]] = {kind: (record,)}
            near[other.kind] = (*near.get(other.kind, ()), other)
            alone = CaseFacts(facts.case_id, facts.root, near)
            look = Look(record.values, today, Figures({}), record_id, today, alone)
            if any(p.code == one.problem.code for p in ODD_CHECKS[kind](look)):
                yield _seen(other)


def _memberships(facts: CaseFacts, homes: Iterable[CaseFacts]) -> Iterable[Seen]:
    for home in homes:
        for member in home.of("member"):
            if member.text("case") == facts.case_id:
                yield Seen("household", home.case_id, "counted", member.text("since") or home.text("since"))


def _seen(record: Rec) -> Seen:
    return Seen(record.kind, record.id, "counted", record.text("since"))
