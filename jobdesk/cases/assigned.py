"""下发名单: a list the county sent with a deadline; each person on it is answered (domain.md §11.16).

An answer is a person's word. What the file already says is proposed beside it, with the record it comes
from, and never written by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from jobdesk.cases.basis import AGREED, Basis, Seen
from jobdesk.cases.due import Agenda, DueKind, DueLine, Postponed, Waiting, day_of, place
from jobdesk.cases.facts import CaseFacts, Rec, is_open

ANSWERS = ("employed", "study", "service", "no_wish", "no_contact", "wrong", "elsewhere")
"""Codes of ``list_answer`` in the order of the keys 1 to 7."""
_BY_ABSENCE = {"study": "study", "military": "service", "away": "elsewhere"}
_BY_END = {"no_contact": "no_contact", "study": "study", "service": "service", "employed": "employed",
           "self_employed": "employed", "flexible": "employed", "public_post": "employed",
           "no_wish": "no_wish", "moved": "elsewhere"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the file would answer. ``checked`` is False for a job merely heard of (未核实)."""

    code: str
    seen: Seen
    checked: bool = True


def proposals(facts: CaseFacts, today: date) -> list[Proposal]:
    """The strongest ground first: work, school or service that runs, statements, the end of help."""
    iso = today.isoformat()
    found = [*_work(facts, iso), *_absences(facts, iso), *_statement(facts, iso)]
    reason = facts.text("help_reason")
    if facts.text("help_state") == "ended" and reason in _BY_END:
        day = facts.text("help_changed_on")
        found.append(Proposal(_BY_END[reason], Seen("case", facts.case_id, "counted", day)))
    return found


def _work(facts: CaseFacts, iso: str) -> Iterator[Proposal]:
    for record in _running(facts, "employment", iso):
        yield Proposal("employed", _seen(record))
    running = _running(facts, "placement", iso)
    for record in sorted(running, key=lambda r: not r.text("verified_on")):
        yield Proposal("employed", _seen(record), bool(record.text("verified_on")))


def _absences(facts: CaseFacts, iso: str) -> Iterator[Proposal]:
    for record in _running(facts, "absence", iso):
        if record.text("kind") in _BY_ABSENCE:
            yield Proposal(_BY_ABSENCE[record.text("kind")], _seen(record))


def _statement(facts: CaseFacts, iso: str) -> Iterator[Proposal]:
    dated = [
        r
        for r in facts.of("statement")
        if r.text("kind") in ("study", "no_wish", "wish") and "" < r.text("stated_on") <= iso
    ]
    latest = max(dated, key=lambda r: (r.text("stated_on"), r.id), default=None)
    if latest is not None and latest.text("kind") != "wish" and not "" < latest.text("until") < iso:
        code = latest.text("kind")
        yield Proposal(code, Seen("statement", latest.id, "counted", latest.text("stated_on")))


def _running(facts: CaseFacts, kind: str, iso: str) -> list[Rec]:
    return sorted((r for r in facts.of(kind) if is_open(r.values, iso)), key=lambda r: r.id)


def _seen(record: Rec) -> Seen:
    return Seen(record.kind, record.id, "counted", record.text("since"))


def assigned_lines(facts: CaseFacts, agenda: Agenda, postponed: Postponed) -> Sequence[DueLine]:
    """A line for each list on which this person waits for an answer, on the list's own day."""
    waiting = agenda.assigned.get(facts.case_id)
    if not waiting:
        return ()
    made = (_line(one, facts.case_id, one.record, agenda, postponed) for one in waiting)
    return [line for line in made if line is not None]


def strangers_line(
    waiting: Mapping[str, tuple[Waiting, int]], assignment: str, agenda: Agenda
) -> DueLine | None:
    """One line for all names on a list that have no file here and no answer. ``record`` stays empty."""
    one, count = waiting[assignment]
    return _line(one, assignment, "", agenda, None, count)


def _line(
    one: Waiting, subject: str, record: str, agenda: Agenda, postponed: Postponed | None, count: int = 0
) -> DueLine | None:
    due = day_of(one.due_on)
    if due is None:
        return None

    def basis() -> Basis:
        dates = tuple((n, d) for n, d in (("received_on", one.received_on), ("until", one.due_on)) if d)
        return Basis("assigned", AGREED, "confirmed", dates,
                     params=(("title", one.title), ("issuer", one.issuer)))  # fmt: skip

    name = one.title if count else ""
    params = (("title", one.title), ("list", one.assignment), ("count", count), ("name", name))
    return place(agenda, subject, DueKind.ASSIGNED, record, due, basis, part=one.assignment,
                 postponed=postponed, params=params)  # fmt: skip
