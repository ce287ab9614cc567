"""Who stood on the books in a period, with everything that is known of them, read in a few passes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from jobdesk.cases.clock import local_date
from jobdesk.cases.contacts import ServiceRules, Sort, sort_of
from jobdesk.cases.due import Agenda, day_of
from jobdesk.cases.facts import CaseFacts, Rec
from jobdesk.cases.ops import Json, Subject
from jobdesk.cases.presence import (
    MOVED,
    Movement,
    Spell,
    at_station,
    movements,
    moves_of_ops,
    present,
    spells_of_ops,
    spells_of_row,
    together,
)
from jobdesk.reports.month_numbers_span import Span
from jobdesk.services.desk import Desk
from jobdesk.services.staffing import clerks_elsewhere, staff_of
from jobdesk.services.today import agenda_of
from jobdesk.services.vacancies import vacancies
from jobdesk.store import books, reads
from jobdesk.store.books import Root
from jobdesk.store.log import Connection
from jobdesk.store.sync_scope import Stub

_LOOK_BACK = timedelta(days=62)
"""Ends of help this long before the period are read with their history, to say what was entered late."""
FILE_NO_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the circle.

    Attributes:
        facts: of the file with the records of files merged into it.
        spells: stays on the books, over all of those files.
        moves: comings and goings in the period.
        services: service records of the period, oldest first, each with what it is.
        entered: service id → day it was written down.
    """

    case_id: str
    facts: CaseFacts
    spells: tuple[Spell, ...]
    moves: tuple[Movement, ...]
    services: tuple[tuple[Rec, Sort], ...] = ()
    entered: Mapping[str, date] = field(default_factory=dict[str, date])

    @property
    def name(self) -> str:
        return self.facts.text("name")

    def here(self, day: date) -> bool:
        return present(self.spells, day)

    def of_sort(self, sort: Sort) -> list[Rec]:
        return [r for r, s in self.services if s is sort]


@dataclass(frozen=True, slots=True)
class Books:
    """Everything a report is counted from.

    Attributes:
        people: of the circle, in order of community and of names by pinyin.
        outside: services of the period for people not on the books in it: (case id, record).
        late: movements before the period that were written down within or after it, and movements of
            the period written down after it: (case id, movement).
        others: case id → name of people of ``outside`` and ``late``, on the books or not.
        names: staff id → name; ``posts``: vacancy id → 单位 岗位.
    """

    span: Span
    agenda: Agenda
    people: tuple[Person, ...]
    outside: tuple[tuple[str, Rec], ...]
    late: tuple[tuple[str, Movement], ...]
    others: Mapping[str, str]
    names: Mapping[str, str]
    posts: Mapping[str, str]
    station: Mapping[str, Json]
    settings: Mapping[str, Json]
    conflicted: frozenset[str]
    households: int
    practice: bool

    @property
    def rules(self) -> ServiceRules:
        return self.agenda.rules


def read_books(con: Connection, desk: Desk, span: Span, only: Iterable[str] | None = None) -> Books:
    """Read the circle: everybody who was on the books on some day of the period, or just ``only``."""
    spells, late, kept_by, everybody = _spells(con, span)
    circle = {i: s for i, s in spells.items() if _touches(s, span)}
    if only is not None:
        wanted = set(only)
        circle = {i: s for i, s in circle.items() if i in wanted}
    files = {i: [i] for i in circle}
    for alias, kept in kept_by.items():
        if kept in files:
            files[kept].append(alias)
    agenda = agenda_of(con, desk, span.until, ())
    people = _people(con, span, agenda.rules, circle, files)
    outside = () if only is not None else _outside(con, span, {f for fs in files.values() for f in fs})
    station = reads.subject_state(con, desk.station)
    known = books.listed(con)
    came = [i for i, root in everybody.items() if root.values.get("moved_from")]

    def order(person: Person) -> tuple[str, str, str]:
        line = known.get(person.case_id)
        return person.facts.text("community"), line.sort_name if line else "", person.case_id

    return Books(
        span=span,
        agenda=agenda,
        people=tuple(sorted(people, key=order)),
        outside=outside,
        late=tuple(late),
        others={
            i: str(everybody[i].values.get("name") or "")
            for i in {*(i for i, _ in outside), *(i for i, _ in late)}
            if i in everybody
        },
        names=clerks_elsewhere(con, desk, came) | {s.id: s.name for s in staff_of(con, desk)},
        posts={v.id: f"{v.unit} {v.post}".strip() for v in vacancies(con, desk)},
        station=station.root.values(),
        settings={r.text("key"): r.get("value") for r in station.of("setting")},
        conflicted=frozenset(i for i, line in known.items() if line.has_conflicts),
        households=_households(con, span),
        practice=desk.practice,
    )


def _spells(
    con: Connection, span: Span
) -> tuple[dict[str, tuple[Spell, ...]], list[tuple[str, Movement]], dict[str, str], dict[str, Root]]:
    """Stays of every person, what was written down late, alias → the file it was merged into, every root."""
    roots = {r.case_id: r for r in books.case_roots(con)}
    early = (span.since - _LOOK_BACK).isoformat()
    asked = [r.case_id for r in roots.values() if _needs_history(r, early)]
    history = books.help_history(con, asked)
    here, moved = books.own_streams(con), books.move_history(con)
    own: dict[str, tuple[Spell, ...]] = {}
    for case_id, root in roots.items():
        ops = history.get(case_id)
        if ops:
            spells = spells_of_ops(ops, Subject("case", case_id))
        else:
            spells = spells_of_row(root.values, root.opened_ms)
        own[case_id] = at_station(spells, moves_of_ops(moved.get(case_id, ())), here)
    own.update((s.id, stay) for s in books.left(con) if s.id not in roots and (stay := _was_here(s)))
    kept_by = {i: _kept(i, roots) for i, r in roots.items() if r.values.get("merged_into")}
    grouped: dict[str, list[Spell]] = {}
    for case_id, spells in own.items():
        grouped.setdefault(kept_by.get(case_id, case_id), []).extend(spells)
    made = {i: together(s) for i, s in grouped.items()}
    late = [(i, m) for i, s in made.items() for m in movements(s) if _is_late(m, span)]
    return made, late, kept_by, roots


def _was_here(stub: Stub) -> tuple[Spell, ...]:
    """The stay of somebody whose payloads have left: the books of past months still add up."""
    since, until = day_of(stub.opened_on), day_of(stub.moved_on)
    if since is None or until is None or until <= since:
        return ()
    return (Spell(since, since, until, until, MOVED),)


def _needs_history(root: Root, early: str) -> bool:
    changed, opened = root.values.get("help_changed_on"), root.values.get("opened_on")
    if root.values.get("help_state") == "ended" and not changed:
        return True
    if not isinstance(changed, str):
        return False
    return changed >= early or (isinstance(opened, str) and opened > changed)


def _kept(case_id: str, roots: Mapping[str, Root]) -> str:
    """The file a merged one leads to; a ring (two desks at once) leads to its smallest id."""
    seen = [case_id]
    while True:
        following = roots[seen[-1]].values.get("merged_into")
        if not isinstance(following, str) or following not in roots:
            return seen[-1]
        if following in seen:
            return min(seen[seen.index(following) :])
        seen.append(following)


def _touches(spells: tuple[Spell, ...], span: Span) -> bool:
    return present(spells, span.before) or any(span.holds(s.since) for s in spells)


def _is_late(move: Movement, span: Span) -> bool:
    if move.day < span.since:
        return move.recorded >= span.since
    return span.holds(move.day) and move.recorded > span.until and not span.running


def _people(
    con: Connection, span: Span, rules: ServiceRules, circle: Mapping[str, tuple[Spell, ...]],
    files: Mapping[str, list[str]],
) -> list[Person]:  # fmt: skip
    known = reads.records_of(con, [f for fs in files.values() for f in fs])
    for stub in books.left(con):
        if stub.id in circle and stub.id not in known:
            root: dict[str, Json] = {"name": stub.name, "opened_on": stub.opened_on}
            known[stub.id] = [reads.Record("case", stub.id, stub.id, stub.opened_on, root)]
    first, last = span.since.isoformat(), span.until.isoformat()
    entered = {i: local_date(ms) for i, ms in books.recorded_ms(con, "service", first, last).items()}
    found: list[Person] = []
    for case_id, spells in circle.items():
        facts = _facts(case_id, files[case_id], known)
        mine = sorted(
            (r for r in facts.of("service") if first <= r.text("served_on") <= last),
            key=lambda r: (r.text("served_on"), r.id),
        )
        found.append(
            Person(
                case_id,
                facts,
                spells,
                tuple(m for m in movements(spells) if span.holds(m.day)),
                tuple((r, sort_of(r.values, rules)[0]) for r in mine),
                {r.id: entered[r.id] for r in mine if r.id in entered},
            )
        )
    return found


def _facts(case_id: str, files: list[str], known: Mapping[str, list[reads.Record]]) -> CaseFacts:
    root: Mapping[str, Json] = {}
    records: dict[str, list[Rec]] = {}
    for file in files:
        for record in known.get(file, ()):
            if record.kind != "case":
                records.setdefault(record.kind, []).append(Rec(record.kind, record.id, record.values))
            elif file == case_id:
                root = record.values
    return CaseFacts(case_id, root, {k: tuple(sorted(v, key=lambda r: r.id)) for k, v in records.items()})


def _outside(con: Connection, span: Span, inside: set[str]) -> tuple[tuple[str, Rec], ...]:
    found = reads.records(con, "service", since=span.since.isoformat(), until=span.until.isoformat())
    return tuple((r.subject_id, Rec(r.kind, r.id, r.values)) for r in found if r.subject_id not in inside)


def _households(con: Connection, span: Span) -> int:
    last = span.until.isoformat()
    count = 0
    for record in reads.records(con, "household"):
        since, until = record.text("since"), record.text("until")
        count += record.text("kind") == "zero" and since <= last and (not until or until > last)
    return count


def file_numbers(people: Iterable[Person], region: str) -> dict[str, str]:
    """Case id → 档案编号: the region and eight characters of the file's own id; never an ID number.

    The id is random in its last bits; where two files of a report share them, both show more.
    """
    ids = [p.case_id for p in people]
    for size in (8, 12):
        found = {i: _number(i, region, size) for i in ids}
        if len(set(found.values())) == len(ids):
            break
    return found if ids else {}


def _number(case_id: str, region: str, size: int) -> str:
    bits = int(case_id.replace("-", "")[-15:], 16)
    tail = "".join(FILE_NO_LETTERS[(bits >> (5 * k)) & 31] for k in reversed(range(size)))
    return f"{region}-{tail}" if region else tail
