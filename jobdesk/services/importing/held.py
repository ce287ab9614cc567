"""Rows that an import holds: what is asked, what can be proposed, and settling them one by one.

A settled row becomes a file or a change of one, under the import it came with: undoing that import
takes it back as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, cast

from jobdesk.cases.errors import Refused
from jobdesk.cases.first_round import spread
from jobdesk.cases.id_number import IdReading, examine
from jobdesk.cases.ops import Json, NewOp, Subject
from jobdesk.services.desk import Desk
from jobdesk.services.editing import change
from jobdesk.services.importing import second_sources
from jobdesk.services.importing.blocks import RowFacts, facts_of_row
from jobdesk.services.importing.cells import Json as CellJson
from jobdesk.services.importing.columns import Guess
from jobdesk.services.importing.deciding import whole_number
from jobdesk.services.importing.diffing import diff, learn
from jobdesk.services.importing.here import Here, look, number_of
from jobdesk.services.importing.known import Person, fresh_person, person_from_ops
from jobdesk.services.importing.matching import InFile, Match, match
from jobdesk.services.importing.plan_ops import Origin, changes, new_file
from jobdesk.services.importing.problems import Problem
from jobdesk.services.importing.rows import ReadRow
from jobdesk.services.importing.verdicts import Candidate, Decision, Proposals
from jobdesk.services.revealing import log_look
from jobdesk.services.station_rules import station_rules
from jobdesk.store import import_lookups as lookups
from jobdesk.store import reads
from jobdesk.store.import_lookups import HeldRecord
from jobdesk.store.log import Connection
from jobdesk.store.station_file import Writing

_ASKED_ANEW = frozenset({"perhaps_same_person", "number_taken", "number_twice_here", "repeated_of_held"})
"""Problems that depend on who is here: looked at again when the row is settled."""


@dataclass(slots=True)
class HeldRow:
    """One row that waits with its import.

    Attributes:
        row: as Excel numbers it.
        state: ``open``, ``later``, ``settled`` or ``dropped``.
        texts: column letter → text of the cell as it stood; show it through ``showing.masked``.
        labels: column letter → header; columns: target → column letter.
        values: target → typed value, as far as it was readable.
        number: the ID number as it stands in the cell, damaged or not.
        case_id: the file it became; empty while it waits.
    """

    record_id: str
    import_id: str
    file_name: str
    sheet: str
    row: int
    key: str
    state: str
    kind: str
    texts: Mapping[str, str]
    labels: Mapping[str, str]
    columns: Mapping[str, str]
    values: dict[str, CellJson]
    problems: list[Problem]
    number: str = ""
    case_id: str = ""
    id_reading: IdReading | None = None
    repeats: ReadRow | None = field(default=None, repr=False)

    @property
    def name(self) -> str:
        value = self.values.get("case.name")
        return value if isinstance(value, str) else ""

    def source(self, target: str) -> Guess | None:
        """Columns of a file that is no longer open."""
        del target
        return None


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a held row.

    Attributes:
        case_id: the file it went into; empty where it still waits or was dropped.
        problems: what still holds it; ``candidates`` the people who may be meant.
    """

    case_id: str = ""
    problems: tuple[Problem, ...] = ()
    candidates: tuple[Candidate, ...] = ()


def held_rows(con: Connection, import_id: str = "", *, open_only: bool = True) -> list[HeldRow]:
    """Rows that wait, of one import or of all that stand, in the order of import, sheet and row."""
    found = lookups.held_records(con, import_id, open_only=open_only)
    return [_row(h) for h in found if h.import_state != "undone" and h.values.get("cells")]


def _row(held: HeldRecord) -> HeldRow:
    cells = cast("Mapping[str, Any]", held.values.get("cells") or {})
    problems = cast("list[Mapping[str, Any]]", held.values.get("problems") or [])
    row = held.values.get("row")
    return HeldRow(
        held.record_id, held.import_id, held.file_name, held.text("sheet"),
        row if isinstance(row, int) else 0, held.text("row_key"), held.text("state") or "open",
        str(cells.get("kind") or "case"), dict(cells.get("texts") or {}), dict(cells.get("labels") or {}),
        dict(cells.get("columns") or {}), dict(cells.get("values") or {}),
        [Problem.from_json(p) for p in problems], str(cells.get("number") or ""), held.text("case"),
    )  # fmt: skip


def proposals(con: Connection, held: HeldRow) -> Proposals:
    """Whole numbers that a second source here supports for a damaged one."""
    return second_sources.proposals(con, held.number, held.values, held.key)


def candidates(con: Connection, desk: Desk, held: HeldRow) -> tuple[Candidate, ...]:
    """People here who may be the person of the row."""
    _read_number(held, desk)
    return _matched(desk, held, Decision(blank=True), _here(con, held, number_of(held))).candidates


def reveal(desk: Desk, number: str, case_id: str = "") -> Future[None]:
    """Log the look at a whole proposed number, before it is shown."""
    del number
    return log_look(desk, "damaged_id", subject_id=case_id, field="id_number")


def settle(desk: Desk, record_id: str, decision: Decision) -> Future[Settled]:
    """Carry out what the clerk decided about a held row.

    Raises (in the future):
        BadInput: the number of the decision is not a whole valid one.
        Refused: the row was settled before, or its import was taken back.
    """
    return desk.write(lambda w: _settle(w, desk, record_id, decision))


def _settle(w: Writing, desk: Desk, record_id: str, decision: Decision) -> Settled:
    record = next(iter(lookups.held_records(w.con, record_id=record_id)), None)
    if record is None or record.import_state == "undone" or record.text("state") in ("settled", "dropped"):
        raise Refused("held_row_done")
    held = _row(record)
    if decision.drop or decision.later:
        w.append(desk.actor, _moved(w, held, "dropped" if decision.drop else "later", ""))
        return Settled()
    _read_number(held, desk)
    number = whole_number(decision.number, desk.today).normal if decision.number else number_of(held)
    here = _here(w.con, held, number)
    found = _matched(desk, held, decision, here)
    if any(p.holds for p in found.problems):
        return Settled("", tuple(found.problems), found.candidates)
    person = _person(w, desk, found, here, held.kind)
    taken = _other_name(found, person, decision)
    if taken is not None:
        other = Candidate(person.subject.id, str(taken.params["name"]), ("id_number",))
        return Settled("", (*found.problems, taken), (other,))
    facts = facts_of_row(found.values, held.kind)
    ops = _ops(w, desk, found, person, facts, held.import_id)
    w.append(desk.actor, [*ops, *_moved(w, held, "settled", person.subject.id)])
    return Settled(person.subject.id)


def _here(con: Connection, held: HeldRow, number: str) -> Here:
    return look(con, [number] if number else [], [held.name] if held.name else [], ())


def _read_number(held: HeldRow, desk: Desk) -> None:
    """The number counts where the reading took it: a damaged or wrong one does not."""
    taken = "case.id_number" in held.values or "case.old_id_number" in held.values
    held.id_reading = examine(held.number, desk.today) if taken else None


def _matched(desk: Desk, held: HeldRow, decision: Decision, here: Here) -> Match:
    kept = [p for p in held.problems if p.code not in _ASKED_ANEW]
    asked = held.problems
    held.problems = kept
    try:
        return match(held, held.key, decision, here, InFile(), None, desk.today)
    finally:
        held.problems = asked


def _person(w: Writing, desk: Desk, found: Match, here: Here, kind: str) -> Person:
    if found.new or not found.case_id:
        return fresh_person(Subject(kind, desk.new_id()))
    merged = [a for a in here.merged if here.target(a) == found.case_id]
    ops = lookups.ops_of_subjects(w.con, [found.case_id, *merged])
    subject = Subject(kind, found.case_id)
    return person_from_ops(subject, ops.get(found.case_id, []), [ops.get(a, []) for a in merged])


def _other_name(found: Match, person: Person, decision: Decision) -> Problem | None:
    said, here = found.values.get("case.name"), person.root.shown.get("name")
    if decision.person or not isinstance(here, str) or said is None or said == here:
        return None
    if said in person.root.stood.get("name", ()):
        return None
    return Problem("number_taken", "case.id_number", "", {"name": here})


def _ops(
    w: Writing, desk: Desk, found: Match, person: Person, facts: RowFacts, import_id: str
) -> list[NewOp]:
    if person.fresh:
        figures = station_rules(w.con, desk).figures
        day = spread([person.subject.id], desk.today, desk.working_days, figures)[person.subject.id]
        number = found.values.get("case.id_number")
        reading = examine(number, desk.today) if isinstance(number, str) else None
        origin = Origin(import_id, desk.today, desk.new_id)
        return new_file(person.subject, [facts], reading, day.isoformat(), origin)
    delta = diff(facts, person)
    created = learn(delta, person, desk.new_id)
    return changes(person.subject, delta.edits, created, import_id)


def _moved(w: Writing, held: HeldRow, state: str, case_id: str) -> list[NewOp]:
    subject = Subject("import", held.import_id)
    record = reads.subject_state(w.con, subject).record("held_row", held.record_id)
    values: dict[str, Json] = {"state": state}
    if case_id:
        values["case"] = case_id
    op = change(subject, record, values, import_id=held.import_id)
    return [op] if op else []
