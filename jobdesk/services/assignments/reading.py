"""What is known of the lists: how many are answered, by when, and who waits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import date

from jobdesk.cases.assigned import Proposal, proposals, strangers_line
from jobdesk.cases.due import Agenda, DueLine, Waiting
from jobdesk.cases.facts import CaseFacts, Rec
from jobdesk.cases.id_number import check_digit, clean
from jobdesk.cases.ops import Json
from jobdesk.services.desk import Desk
from jobdesk.store import import_lookups as lookups
from jobdesk.store import ledger, reads
from jobdesk.store.log import Connection
from jobdesk.store.reads import Record


@dataclass(frozen=True, slots=True)
class AssignmentSummary:
    """One list."""

    id: str
    title: str
    issuer: str
    file_name: str
    received_on: str
    due_on: str
    returned_on: str
    total: int
    answered: int


@dataclass(frozen=True, slots=True)
class AssignedPerson:
    """One line of a list.

    Attributes:
        record: the line itself; its values are bases of an answer.
        case_id: the file of this person: said by hand, or found by the ID number, at the taking or since.
        item: what a list shows of the person; None without a file here.
        proposal: what the file would answer; None when it says nothing.
    """

    record: Record
    case_id: str
    item: ledger.CaseItem | None
    proposal: Proposal | None

    @property
    def name(self) -> str:
        return self.record.text("name") or (self.item.name if self.item else "")

    @property
    def answer(self) -> str:
        return self.record.text("answer")


def load_assignments(desk: Desk) -> Future[list[AssignmentSummary]]:
    """All lists: those not given back first, the nearest deadline first."""
    return desk.read(assignments)


def assignments(con: Connection) -> list[AssignmentSummary]:
    lines = reads.records(con, "assigned")
    total: dict[str, int] = {}
    answered: dict[str, int] = {}
    for one in lines:
        total[one.subject_id] = total.get(one.subject_id, 0) + 1
        answered[one.subject_id] = answered.get(one.subject_id, 0) + bool(one.text("answer"))
    found = [
        AssignmentSummary(
            r.id, r.text("title"), r.text("issuer"), r.text("file_name"), r.text("received_on"),
            r.text("due_on"), r.text("returned_on"), total.get(r.id, 0), answered.get(r.id, 0),
        )
        for r in reads.records(con, "assignment")
    ]  # fmt: skip
    return sorted(found, key=lambda a: (bool(a.returned_on), a.due_on, a.id))


def load_people(desk: Desk, assignment_id: str) -> Future[list[AssignedPerson]]:
    """The people of a list in its own order."""
    return desk.read(lambda con: people_of(con, assignment_id, desk.today))


def people_of(con: Connection, assignment_id: str, today: date) -> list[AssignedPerson]:
    lines = sorted(
        (r for r in reads.records_of(con, [assignment_id]).get(assignment_id, []) if r.kind == "assigned"),
        key=lambda r: (r.text("sheet"), _row(r)),
    )
    cases = case_ids(con, lines)
    ids = sorted(set(cases.values()))
    items = {i.case_id: i for i in ledger.items(con, ids)}
    facts = _facts(reads.records_of(con, ids))
    out: list[AssignedPerson] = []
    for one in lines:
        case_id = cases.get(one.id, "")
        offered = proposals(facts[case_id], today) if case_id in facts else []
        out.append(AssignedPerson(one, case_id, items.get(case_id), offered[0] if offered else None))
    return out


def case_ids(con: Connection, lines: Sequence[Record]) -> dict[str, str]:
    """Line → file. Somebody registered after the list came is found by the number in the list's own cells."""
    found = {r.id: r.text("case") for r in lines if r.text("case")}
    numbers = {r.id: number for r in lines if r.id not in found and (number := _number(r))}
    by_number = lookups.files_by_number(con, numbers.values()) if numbers else {}
    alias = lookups.aliases(con)
    for record_id, number in numbers.items():
        cases = {alias.get(c, c) for c in by_number.get(number, ())}
        if len(cases) == 1:
            found[record_id] = cases.pop()
    return {record_id: alias.get(case_id, case_id) for record_id, case_id in found.items()}


def _number(record: Record) -> str:
    """The ID number in its cells, where just one cell holds one that passes its checksum."""
    cells = record.values.get("cells")
    texts = [str(c) for c in cells.values()] if isinstance(cells, dict) else []
    valid = {
        number
        for words in texts
        if len(number := clean(words)) == 18
        and number[:17].isdigit()
        and check_digit(number[:17]) == number[17]
    }
    return valid.pop() if len(valid) == 1 else ""


def _row(record: Record) -> int:
    value = record.values.get("row")
    return value if isinstance(value, int) else 0


def _facts(by_case: Mapping[str, list[Record]]) -> dict[str, CaseFacts]:
    found: dict[str, CaseFacts] = {}
    for case_id, records in by_case.items():
        root = next((r.values for r in records if r.kind == "case"), dict[str, Json]())
        children: dict[str, tuple[Rec, ...]] = {}
        for r in records:
            if r.kind != "case":
                children[r.kind] = (*children.get(r.kind, ()), Rec(r.kind, r.id, r.values))
        found[case_id] = CaseFacts(case_id, root, children)
    return found


@dataclass(frozen=True, slots=True)
class StillWaiting:
    """Who waits on any list: people with a file by case id, the others counted by list."""

    by_case: Mapping[str, tuple[Waiting, ...]]
    strangers: Mapping[str, tuple[Waiting, int]]

    def stranger_lines(self, agenda: Agenda) -> dict[str, DueLine]:
        """By list, for the day's board."""
        lines = {a: strangers_line(self.strangers, a, agenda) for a in self.strangers}
        return {a: line for a, line in lines.items() if line is not None}


def still_waiting(con: Connection) -> StillWaiting:
    """Unanswered lines of lists that were not given back. Two small reads."""
    open_lists = {r.id: r for r in reads.records(con, "assignment") if not r.text("returned_on")}
    by_case: dict[str, tuple[Waiting, ...]] = {}
    strangers: dict[str, tuple[Waiting, int]] = {}
    if not open_lists:
        return StillWaiting(by_case, strangers)
    lines = [r for r in reads.records(con, "assigned") if r.subject_id in open_lists and not r.text("answer")]
    cases = case_ids(con, lines)
    for one in lines:
        root = open_lists[one.subject_id]
        waiting = Waiting(
            root.id, one.id, root.text("title"), root.text("issuer"), root.text("due_on"),
            root.text("received_on"),
        )  # fmt: skip
        case_id = cases.get(one.id, "")
        if case_id:
            by_case[case_id] = (*by_case.get(case_id, ()), waiting)
        else:
            strangers[root.id] = (waiting, strangers.get(root.id, (waiting, 0))[1] + 1)
    return StillWaiting(by_case, strangers)
