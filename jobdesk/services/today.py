"""今日待办: the due lines of every open file, of households, of held import rows and of posts."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Collection, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import replace
from datetime import date

from jobdesk.cases.due import Agenda, Bucket, DueKind, DueLine
from jobdesk.cases.due_lines import (
    DUE_RECORDS,
    due_lines,
    held_rows_line,
    household_lines,
    unworkable_line,
    vacancy_line,
)
from jobdesk.cases.due_order import DayLine, Part, fold_day, household_standing, standing
from jobdesk.cases.errors import Refused
from jobdesk.cases.facts import CaseFacts, Rec
from jobdesk.cases.household_name import head_name
from jobdesk.cases.ops import Json, Subject
from jobdesk.cases.partial_date import EARLIEST_YEAR, LATEST_YEAR
from jobdesk.host.template_files import service_rules
from jobdesk.services.assignments.reading import still_waiting
from jobdesk.services.board import Board, Scope
from jobdesk.services.day_in_use import doubt_of, is_worth_keeping
from jobdesk.services.desk import Desk
from jobdesk.services.editing import opening
from jobdesk.services.household_facts import around, households_around
from jobdesk.services.policies import packs_of
from jobdesk.services.station_rules import station_rules
from jobdesk.store import ledger, merged, reads
from jobdesk.store.ledger import PersonItem
from jobdesk.store.log import Connection
from jobdesk.store.origins import fields_from_sheet
from jobdesk.store.station_file import Changes, Writing
from jobdesk.store.unworkable import attempt

__all__ = [
    "Board", "Scope", "agenda_of", "board", "load_board", "load_today", "put_off", "put_off_all",
    "refresh_board",
]  # fmt: skip


def agenda_of(
    con: Connection, desk: Desk, day: date | None = None, case_ids: Collection[str] | None = None, *,
    sheets: bool = True,
) -> Agenda:  # fmt: skip
    """The rules and figures of a day, with what the station set for itself.

    Args:
        case_ids: whose households are wanted; all of the station by default.
        sheets: also which of their fields a sheet gave: 未核对 in a trace, which no list shows.
    """
    ours = station_rules(con, desk, day)
    near = around(con, case_ids)
    return Agenda(
        day or desk.day, desk.working_days, ours.figures, service_rules(), ours.template,
        packs_of(con, desk), near.households, near.people, still_waiting(con).by_case,
        household_deadline=ours.household_deadline,
        from_sheet={i: fields_from_sheet(con, i) for i in case_ids or () if sheets},
    )  # fmt: skip


@contextlib.contextmanager
def _kept_from_the_collector() -> Generator[None]:
    """Nearly all of a board stays, and nothing in it refers back to it: when it is dropped its parts go by
    themselves. The collector never walks it, neither while it grows (a sixth of the time) nor later in the
    middle of somebody's typing. What has died is collected before, so that it is not kept along.
    """
    was_on = gc.isenabled()
    if was_on:
        gc.collect()
        gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.freeze()
            gc.enable()


def load_board(desk: Desk, day: date | None = None, scope: Scope | None = None) -> Future[Board]:
    """All lines of a day, today by default."""
    return desk.read(lambda con: board(con, desk, day, scope))


def load_today(desk: Desk, scope: Scope | None = None) -> Future[Board]:
    """The board of today. Where the machine's date is in doubt, that of the last day in use, with
    ``Board.doubt``: a wrong clock is told, not silently used.
    """

    def job(con: Connection) -> Board:
        doubt = doubt_of(con, desk, station_rules(con, desk).figures)
        made = board(con, desk, doubt.last if doubt else desk.today, scope)
        made.doubt, made.machine = doubt, desk.today
        made.keep_day = doubt is None and is_worth_keeping(con, desk)
        return made

    return desk.read(job)


def board(con: Connection, desk: Desk, day: date | None = None, scope: Scope | None = None) -> Board:
    """All lines, on a reader's connection."""
    agenda = agenda_of(con, desk, day)
    made = Board(agenda.today, agenda, scope or Scope())
    with _kept_from_the_collector():
        for facts in open_facts(con):
            _add_case(made, facts)
        for household in _households(agenda):
            _add_household(made, household)
        _add_others(con, made)
        made.settle()
    made.items.update(ledger.people(con, made.lines))
    return made


def refresh_board(desk: Desk, old: Board, subjects: Collection[str]) -> Future[Board]:
    """The same board after these subjects changed; only they, their households and the members of these
    are computed again.
    """

    def job(con: Connection) -> Board:
        made = old.copy()
        cases, households = _touched(con, made, subjects)
        made.drop((*subjects, *cases, *households, *made.others))
        found: list[str] = []
        for facts in open_facts(con, cases):
            _add_case(made, facts)
            found.append(facts.case_id)
        for household in _households(made.agenda):
            if household.case_id in households:
                _add_household(made, household)
        _add_others(con, made)
        made.settle()
        made.items.update(ledger.people(con, [i for i in found if i in made.lines]))
        return made

    return desk.read(job)


def open_facts(con: Connection, case_ids: Iterable[str] | None = None) -> Iterator[CaseFacts]:
    """Facts of open files that were not merged into another, one by one."""
    made = Rec._make
    for case_id, root, rows in reads.open_case_rows(con, case_ids, DUE_RECORDS):
        records: dict[str, tuple[Rec, ...]] = {}
        for row in rows:
            kind = row[0]
            held = records.get(kind)
            records[kind] = (made(row),) if held is None else (*held, made(row))
        yield CaseFacts(case_id, root, records)


# ---- one subject


def _add_case(made: Board, facts: CaseFacts) -> None:
    lines: list[DueLine] = []
    stands: tuple[Part, ...] = ()
    with attempt("what is due", facts.case_id) as tried:
        lines = due_lines(facts, made.agenda)
        later = Bucket.LATER
        for line in lines:
            if line.bucket is not later:
                stands = standing(facts, made.agenda)
                break
    if tried.failed:
        lines, stands = unworkable_line(facts.case_id, made.agenda), ()
    if lines:
        _add(made, lines, stands, facts.text("community"), facts.text("owner"))


def _add_household(made: Board, household: CaseFacts) -> None:
    lines: list[DueLine] = []
    stands: tuple[Part, ...] = ()
    with attempt("what is due", household.case_id) as tried:
        lines = household_lines(household, made.agenda)
        stands = household_standing(household, made.agenda) if lines else ()
    if tried.failed:
        lines, stands = unworkable_line(household.case_id, made.agenda), ()
    if not lines:
        return
    _add(made, lines, stands, household.text("community"), "")
    made.items[household.case_id] = household_item(household, made.agenda.people)


def household_item(household: CaseFacts, people: Mapping[str, CaseFacts]) -> PersonItem:
    """A household as the list names it.

    Args:
        people: files of its members by case id.
    """
    members = household.of("member")
    names = {c: people[c].text("name") for m in members if (c := m.text("case")) in people}
    name = head_name(household.text("head_name"), members, names)
    return PersonItem(household.case_id, name, "", "", "", household.text("community"), "", (), True)


def _add(made: Board, lines: list[DueLine], stands: tuple[Part, ...], community: str, owner: str) -> None:
    subject = lines[0].subject
    folded: list[DayLine] = fold_day(subject, lines, stands, made.agenda)
    made.add(lines, folded, community, owner)


def _households(agenda: Agenda) -> Iterable[CaseFacts]:
    """Every household of the agenda once."""
    return {h.case_id: h for found in agenda.households.values() for h in found}.values()


def _add_others(con: Connection, made: Board) -> None:
    """Lines of no person: names on lists without a file here, held import rows, posts."""
    found: list[DueLine | None] = list(still_waiting(con).stranger_lines(made.agenda).values())
    for import_id, values, rows in reads.held_imports(con):
        with attempt("what is due", import_id):
            found.append(held_rows_line(import_id, values, rows, made.agenda))
    for post in reads.records(con, "vacancy"):
        with attempt("what is due", post.id):
            found.append(vacancy_line(post.id, post.values, made.agenda))
    made.others = {line.subject for line in found if line is not None}
    for line in found:
        if line is not None:
            _add(made, [line], (), "", "")


def _touched(con: Connection, made: Board, subjects: Collection[str]) -> tuple[set[str], set[str]]:
    """Cases and households to compute again; the agenda of ``made`` is brought up to date for them."""
    old = made.agenda
    lists = {s for s in subjects if reads.root_kind(con, s) == "assignment"}
    if lists:
        waiting = still_waiting(con).by_case
        on_lists = {c for found in (old.assigned, waiting) for c, w in found.items()
                    if any(one.assignment in lists for one in w)}  # fmt: skip
        old = made.agenda = replace(old, assigned=waiting)
        subjects = {*subjects, *on_lists} - lists
    # what stands in a file that was merged away is told with the one that was kept
    subjects = {*subjects, *merged.ever_kept_for(con, subjects)}
    known = {h.case_id for found in old.households.values() for h in found}
    households = {s for s in subjects if s in known}
    households |= {h.case_id for s in subjects for h in old.households.get(s, ())}
    households |= set(reads.households_of(con, subjects))
    cases = {s for s in subjects if s not in households}
    if not households:
        return cases, households
    cases |= {c for c, found in old.households.items() if any(h.case_id in households for h in found)}
    fresh = households_around(con, sorted(households))
    cases |= set(fresh.households)
    near = dict(old.households)
    for case in cases & near.keys():
        near[case] = tuple(h for h in near[case] if h.case_id not in households)
    for case, found in fresh.households.items():
        near[case] = (*near.get(case, ()), *found)
    made.agenda = replace(old, households=near, people={**old.people, **fresh.people})
    return cases, households


# ---- putting off

OF_NO_PERSON = frozenset({DueKind.HELD_ROWS, DueKind.VACANCY})
"""Lines about an import or a post: a postponement stands in a file, so these have none."""


def is_of_no_person(line: DueLine) -> bool:
    """Also the line for the names on a list that have no file here."""
    return line.kind in OF_NO_PERSON or (line.kind is DueKind.ASSIGNED and not line.record)


def put_off(desk: Desk, line: DueLine, until: date, reason: str) -> Future[Changes]:
    """延期: the line comes back on that day, the first date stays in sight.

    Raises:
        Refused: without a reason, or to a day that has passed.
    """
    return put_off_all(desk, (line,), until, reason)


def put_off_all(desk: Desk, lines: Sequence[DueLine], until: date, reason: str) -> Future[Changes]:
    """The same for several lines of one subject, as one action."""
    if any(map(is_of_no_person, lines)):
        raise Refused("put_off_only_people")
    if not reason.strip():
        raise Refused("put_off_needs_reason")
    if until <= desk.today:
        raise Refused("put_off_needs_later_day")
    if until.year > LATEST_YEAR:
        raise Refused("year_out_of_range", first=EARLIEST_YEAR, last=LATEST_YEAR)
    body: dict[str, Json] = {"until": until.isoformat(), "reason": reason.strip()}
    subject_id = lines[0].subject

    def job(w: Writing) -> Changes:
        subject = Subject(reads.root_kind(w.con, subject_id) or "case", subject_id)
        ops = [
            opening(subject, "postponement", w.new_id(), {"line": line.key, **body})
            for line in lines
            if line.due < until
        ]
        return w.append(desk.actor, ops)

    return desk.write(job)
