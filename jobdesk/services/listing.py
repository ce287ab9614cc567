"""The ledger as a screen reads it: ids while typing, then whole ids with counts, then lines of a window."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import date

from jobdesk.cases.contacts import ServiceRules
from jobdesk.cases.facts import Rec, facts
from jobdesk.cases.ops import Json
from jobdesk.cases.progress import Progress, progress
from jobdesk.cases.templates import ServiceTemplate
from jobdesk.services import kept_dates
from jobdesk.services.desk import Desk
from jobdesk.services.staffing import StaffMember, clerks_elsewhere, staff_of
from jobdesk.store import ledger, merged, reads
from jobdesk.store.ledger import CaseItem, IdPage, LedgerQuery
from jobdesk.store.ledger_page import Tally, first_ids, people_here, whole_page
from jobdesk.store.log import Connection
from jobdesk.store.unworkable import attempt

FIRST_ROWS = 40
"""Own figure: rows asked for while somebody types; more than any window shows."""
WINDOW = 128
"""Lines that come along with the whole ids, so that the first page never waits twice."""


@dataclass(frozen=True, slots=True)
class Line:
    """One person of a list.

    Attributes:
        progress: of the service template; None for people outside its circle.
    """

    item: CaseItem
    progress: Progress | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A whole answer.

    Attributes:
        first: lines of the first window, in order.
        anybody: False at a station where nobody was registered yet.
    """

    page: IdPage
    tally: Tally
    first: tuple[Line, ...]
    anybody: bool


@dataclass(frozen=True, slots=True)
class Choices:
    """What the filters offer: communities and lists in use with their people, everybody of the station.

    Attributes:
        names: staff id → name, of everybody whom a line can name.
    """

    communities: tuple[tuple[str, int], ...] = ()
    lists: tuple[tuple[str, int], ...] = ()
    staff: tuple[StaffMember, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Rules:
    """With what progress is computed; ``day`` is today. With a desk, lines just written say the next contact
    and the tier that follow from what was saved.
    """

    template: ServiceTemplate
    services: ServiceRules
    day: date
    desk: Desk | None = None


def first_rows(con: Connection, query: LedgerQuery, rules: Rules) -> list[Line]:
    """The first lines of a query, uncounted: what is shown while somebody types."""
    return lines(con, first_ids(con, query, FIRST_ROWS), rules)


def find(con: Connection, query: LedgerQuery, rules: Rules, start: int = 0) -> Found:
    """Every id in order, the counts of chips, filters and foot, and the lines of the window at ``start``."""
    page, counted = whole_page(con, query, rules.day)
    at = start - start % WINDOW
    return Found(
        page,
        counted,
        tuple(lines(con, page.ids[at : at + WINDOW], rules)),
        bool(page.ids) or people_here(con),
    )


def ended_so(desk: Desk, words: str, most: int) -> Future[list[CaseItem]]:
    """Whose help has ended of those who are looked for: they are on no usual list, and their file is here."""
    query = LedgerQuery(text=words, state="ended")

    def job(con: Connection) -> list[CaseItem]:
        return ledger.items(con, first_ids(con, query, most)) if words.strip() else []

    return desk.read(job)


def lines(con: Connection, ids: Sequence[str], rules: Rules) -> list[Line]:
    """Lines for these ids in their order; an id that is gone is left out."""
    items = ledger.items(con, ids)
    if rules.desk is not None:
        items = kept_dates.fresh(con, rules.desk, items)
    circle = [i.case_id for i in items if _may_belong(i, rules.template)]
    known = reads.records_of(con, circle)
    kept = merged.pairs(con, circle)
    for alias, records in reads.records_of(con, kept).items():
        known.setdefault(kept[alias], []).extend(r for r in records if r.kind != "case")
    out: list[Line] = []
    for item in items:
        records = known.get(item.case_id)
        made: Progress | None = None
        with attempt("progress", item.case_id):
            made = _progress(item.case_id, records, rules) if records else None
        out.append(Line(item, made))
    return out


def choices(con: Connection, desk: Desk) -> Choices:
    """What the filters offer now."""
    staff = tuple(staff_of(con, desk))
    names = clerks_elsewhere(con, desk) | {s.id: s.name for s in staff}
    return Choices(tuple(ledger.communities(con)), tuple(ledger.lists_in_use(con)), staff, names)


def _may_belong(item: CaseItem, template: ServiceTemplate) -> bool:
    """Whether records must be read to know: graduates, or everybody where a setting opened the circle."""
    circles = (template.circle, *template.extra_circles)
    return item.is_graduate or any(not c.graduate_kinds for c in circles)


def _progress(case_id: str, records: Sequence[reads.Record], rules: Rules) -> Progress | None:
    root: dict[str, Json] = {}
    children: list[Rec] = []
    for record in records:
        if record.kind == "case":
            root = dict(record.values)
        else:
            children.append(Rec(record.kind, record.id, record.values))
    found = progress(facts(case_id, root, children), rules.template, rules.services, rules.day)
    return found if found.member.circle else None
