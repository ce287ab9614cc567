"""The short account of one person beside the day's list, and how much was done today."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass

from jobdesk.cases.contacts import Sort, sort_of
from jobdesk.cases.facts import CaseFacts, Rec, facts_of
from jobdesk.cases.progress import Progress, progress
from jobdesk.host.template_files import service_rules
from jobdesk.services.desk import Desk
from jobdesk.services.policies import LeftOut, unusable
from jobdesk.services.staffing import StaffMember, staff_of
from jobdesk.services.today import agenda_of
from jobdesk.services.vacancies import vacancies
from jobdesk.store import ledger, reads
from jobdesk.store.log import Connection

SHOWN = 3
"""Services that a brief names."""


@dataclass(frozen=True, slots=True)
class Brief:
    """One person in a few lines.

    Attributes:
        item: the line of the ledger; None when there is no such file.
        progress: of the template in use; judged by its ``member``.
        services: all, newest first.
        number: service id → how often its type was recorded up to it, attempts apart.
        posts: vacancy id → 单位 岗位.
        from_sheet: fields of the file that stand as an imported sheet had them, confirmed by nobody.
    """

    item: ledger.CaseItem | None
    facts: CaseFacts
    progress: Progress | None
    services: tuple[Rec, ...]
    number: Mapping[str, int]
    posts: Mapping[str, str]
    from_sheet: frozenset[str] = frozenset()


def load_brief(desk: Desk, case_id: str) -> Future[Brief]:
    """Read one person."""

    def job(con: Connection) -> Brief:
        facts = facts_of(reads.case_state(con, case_id))
        agenda = agenda_of(con, desk, case_ids=(case_id,))
        found = next(iter(ledger.items(con, [case_id])), None)
        made = progress(facts, agenda.template, agenda.rules, agenda.today) if agenda.template else None
        ordered = sorted(facts.of("service"), key=lambda r: (r.text("served_on"), r.id))
        counted: dict[str, int] = {}
        number: dict[str, int] = {}
        for record in ordered:
            if sort_of(record.values, agenda.rules)[0] is not Sort.ATTEMPT:
                kind = record.text("type")
                number[record.id] = counted[kind] = counted.get(kind, 0) + 1
        posts = {v.id: f"{v.unit} {v.post}".strip() for v in vacancies(con, desk)}
        at = agenda.situation(facts)
        sheet = frozenset(filter(at.loose, agenda.from_sheet.get(case_id, frozenset())))
        return Brief(found, facts, made, tuple(reversed(ordered)), number, posts, sheet)

    return desk.read(job)


@dataclass(frozen=True, slots=True)
class DaySoFar:
    """What the foot of the day's list tells.

    Attributes:
        done: services and contacts of today, attempts not among them.
        has_people: anybody is on the books; False on the first day.
        staff: everybody who works or worked here.
        left_out: rule packs and calendars that should be in use and are not: days and verdicts may be wrong.
    """

    done: int
    has_people: bool
    staff: tuple[StaffMember, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


def load_day(desk: Desk) -> Future[DaySoFar]:
    """Count what was done today, and whether anybody is on the books at all."""
    iso = desk.today.isoformat()
    rules = service_rules()

    def job(con: Connection) -> DaySoFar:
        done = sum(
            sort_of(r.values, rules)[0] is not Sort.ATTEMPT
            for r in reads.records(con, "service", since=iso, until=iso)
        )
        found = ledger.find_ids(con, ledger.LedgerQuery(state=""), limit=1).ids
        return DaySoFar(done, bool(found), tuple(staff_of(con, desk)), unusable(con, desk))

    return desk.read(job)
