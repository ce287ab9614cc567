"""A preview as the operations that carry it out, in actions of at most 500."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from jobdesk.cases.first_round import spread
from jobdesk.cases.id_number import SEX_CODES, IdKind, IdReading
from jobdesk.cases.ids import IdSource
from jobdesk.cases.ops import MAX_OPS_PER_ACTION, Json, Kind, NewOp, Subject, fields_set, opened
from jobdesk.services.desk import Desk
from jobdesk.services.importing.blocks import RowFacts, facts_of_row, opening_values
from jobdesk.services.importing.diffing import Edit, diff, learn
from jobdesk.services.importing.known import KnownRecord, fresh_person
from jobdesk.services.importing.preview import Preview, PreviewRow
from jobdesk.services.importing.verdicts import Verdict
from jobdesk.services.station_rules import station_rules
from jobdesk.store import import_lookups as lookups
from jobdesk.store import reads
from jobdesk.store.log import Connection


@dataclass(slots=True)
class Action:
    """Operations of one action. ``new``: every subject in it has no operations yet."""

    new: bool
    ops: list[NewOp] = field(default_factory=list[NewOp])


@dataclass(frozen=True, slots=True)
class Origin:
    """What every operation of an import shares."""

    import_id: str
    today: date
    new_id: IdSource


def open_record(
    subject: Subject, record: str, record_id: str, values: Mapping[str, Json], import_id: str
) -> NewOp:
    """The operation that opens a record; list values are sets."""
    kind = Kind.SERVICE_RECORDED if record == "service" else Kind.OPENED
    sets = {n: list(v) for n, v in values.items() if isinstance(v, list)}
    if not sets:
        return opened(subject, record, record_id, values, kind=kind, import_id=import_id)
    plain = {n: v for n, v in values.items() if n not in sets}
    return opened(subject, record, record_id, plain, kind=kind, add=sets, import_id=import_id)


def derived(reading: IdReading | None, root: dict[str, Json]) -> None:
    """Birth and sex as a number says them, only where the sheet says nothing."""
    if reading is None or reading.kind not in (IdKind.VALID, IdKind.OLD15):
        return
    if reading.birth is not None:
        root.setdefault("birth", reading.birth.isoformat())
    if reading.sex is not None:
        root.setdefault("sex", SEX_CODES[reading.sex])


def new_file(
    subject: Subject,
    facts: list[RowFacts],
    reading: IdReading | None,
    first_round_on: str,
    origin: Origin,
) -> list[NewOp]:
    """The operations that open a file from one row or several.

    Args:
        facts: of the rows, the first one first; later ones add what the earlier ones leave open.
    """
    if len(facts) == 1:
        root = facts[0].root
        records = [(b.kind, origin.new_id(), opening_values(b)) for b in facts[0].blocks]
    else:
        person = fresh_person(subject)
        for said in facts:
            learn(diff(said, person), person, origin.new_id)
        root = person.root.shown
        records = [(r.kind, r.id, r.shown) for listed in person.children.values() for r in listed]
    if subject.kind == "case":
        derived(reading, root)
        root = {
            **root, "help_state": "open", "opened_on": origin.today.isoformat(),
            "first_round_on": first_round_on,
        }  # fmt: skip
    ops = [open_record(subject, subject.kind, subject.id, root, origin.import_id)]
    ops += [open_record(subject, kind, i, values, origin.import_id) for kind, i, values in records]
    return ops


def changes(
    subject: Subject, edits: Iterable[Edit], created: Iterable[KnownRecord], import_id: str
) -> list[NewOp]:
    """The operations that change a file that stands: one for each record, then the new records."""
    merged: dict[tuple[str, str], Edit] = {}
    for edit in edits:
        if edit.record.opens:
            continue  # opened by the same import: its values go in with the opening
        into = merged.setdefault((edit.record.kind, edit.record.id), Edit(edit.record))
        into.values |= edit.values
        for name, values in edit.adds.items():
            into.adds[name] = [*into.adds.get(name, []), *values]
    ops: list[NewOp] = []
    for edit in merged.values():
        state = edit.record.state
        bases = state.bases(*edit.values) if state is not None else {}
        ops.append(
            fields_set(subject, edit.record.kind, edit.record.id, edit.values, bases, add=edit.adds,
                       import_id=import_id)
        )  # fmt: skip
    ops += [open_record(subject, r.kind, r.id, r.shown, import_id) for r in created]
    return ops


def held_values(row: PreviewRow) -> dict[str, Json]:
    """A held row as its record keeps it: enough to settle it without the file."""
    read = row.read
    kept: dict[str, Json] = {
        "texts": dict[str, Json](read.cells()),
        "values": {t: list[Json](v) if isinstance(v, list) else v for t, v in read.values.items()},
        "columns": {g.target: g.letter for g in read.plan.guesses if g.target and g.target != "skip"},
        "labels": {g.letter: g.column.label for g in read.plan.guesses},
        "number": read.id_text,
        "kind": read.plan.kind,
    }
    problems: list[Json] = [p.to_json() for p in row.problems]
    return {"cells": kept, "problems": problems}


class PlanMaker:
    """Makes the actions of an import, one after the other, so that memory stays bounded."""

    def __init__(self, desk: Desk, preview: Preview, origin: Origin) -> None:
        self.preview = preview
        self.origin = origin
        self.subject = Subject("import", origin.import_id)
        self._desk = desk
        self._fresh = preview.judge.fresh
        self._first_round: dict[str, str] = {}

    def _spread(self, con: Connection) -> dict[str, str]:
        """The first contacts of new people over as many working days as the station has set (自定)."""
        people = [
            r.case_id for r in self.preview.rows if r.verdict is Verdict.NEW and r.read.plan.kind == "case"
        ]
        figures = station_rules(con, self._desk).figures
        days = spread(people, self.origin.today, self._desk.working_days, figures)
        return {case_id: day.isoformat() for case_id, day in days.items()}

    def actions(self, con: Connection) -> Iterator[Action]:
        """The actions in order; none where the import would change nothing."""
        self._first_round = self._spread(con)
        rest = self._work(con)
        first = next(rest, None)
        if first is None:
            return
        yield Action(True, [self._opening()])
        yield first
        yield from rest

    def _work(self, con: Connection) -> Iterator[Action]:
        yield from packed(([op] for op in self._held(con)), new=False)
        groups = self._by_case()
        yield from packed(
            (self._file(case_id, rows) for case_id, rows in groups.items() if case_id in self._fresh),
            new=True,
        )
        yield from packed(
            (ops for case_id, rows in groups.items() if case_id not in self._fresh
             if (ops := self._changes(rows))), new=False,
        )  # fmt: skip

    def _opening(self) -> NewOp:
        file = self.preview.read_file
        values: dict[str, Json] = {
            "file_name": file.name,
            "sheets": "、".join(p.table.sheet.name for p in file.plans),
            "state": "applying",
            "counts": dict[str, Json](self.preview.counts.to_json()),
            "imported_on": self.origin.today.isoformat(),
        }
        return opened(self.subject, "import", self.subject.id, values, import_id=self.origin.import_id)

    def _by_case(self) -> dict[str, list[PreviewRow]]:
        groups: dict[str, list[PreviewRow]] = {}
        for row in self.preview.rows:
            if row.case_id and row.verdict is not Verdict.HELD:
                groups.setdefault(row.case_id, []).append(row)
        for case_id, rows in groups.items():
            if case_id in self._fresh and len(rows) > 1:
                rows.sort(key=lambda r: r.verdict is not Verdict.NEW)
        return groups

    def _file(self, case_id: str, rows: list[PreviewRow]) -> list[NewOp]:
        first = rows[0]
        facts = [facts_of_row(r.values, r.read.plan.kind) for r in rows]
        reading = first.read.id_reading if first.decision is None else None
        return new_file(first.subject, facts, reading, self._first_round.get(case_id, ""), self.origin)

    def _changes(self, rows: list[PreviewRow]) -> list[NewOp]:
        edits = [e for r in rows if r.delta is not None for e in r.delta.edits]
        created = [c for r in rows for c in r.created]
        return changes(rows[0].subject, edits, created, self.origin.import_id)

    # ------------------------------------------------------------------ rows that wait or are remembered

    def _held(self, con: Connection) -> Iterator[NewOp]:
        for row in self.preview.rows:
            state = self._state_to_keep(row)
            if not state:
                continue
            self.preview.judge.give_keys()
            if row.waiting:
                op = self._move(con, row, state)
                if op is not None:
                    yield op
                continue
            values: dict[str, Json] = {
                "sheet": row.read.sheet, "row": row.read.number, "row_key": row.key, "state": state,
            }  # fmt: skip
            if row.case_id:
                values["case"] = row.case_id
            if state != "settled" or row.decision is not None:
                values |= held_values(row)
            yield opened(
                self.subject, "held_row", self.origin.new_id(), values, import_id=self.origin.import_id
            )

    def _state_to_keep(self, row: PreviewRow) -> str:
        """What is to be kept in mind about a row; empty for one that its number finds again."""
        decision = row.decision
        here = self.preview.judge.here
        known = here.memory.get(row.key)
        settled = (
            known is not None
            and known.text("state") == "settled"
            and here.target(known.text("case")) == row.case_id
        )
        if decision is not None and decision.drop:
            return "dropped"
        if row.verdict is Verdict.HELD:
            if decision is not None and decision.later:
                return "later"
            return "" if row.waiting else "open"
        if row.read.plan.kind != "case" or not row.case_id or settled:
            return ""
        if decision is not None or row.waiting:
            return "settled"
        return "" if row.values.get("case.id_number") or row.values.get("case.old_id_number") else "settled"

    def _move(self, con: Connection, row: PreviewRow, state: str) -> NewOp | None:
        """A row that an earlier import holds moves on there."""
        held = self.preview.judge.here.memory[row.key]
        subject = Subject("import", held.import_id)
        record = reads.subject_state(con, subject).record("held_row", held.record_id)
        values: dict[str, Json] = {"state": state}
        if row.case_id:
            values["case"] = row.case_id
        values = {n: v for n, v in values.items() if record.get(n) != v}
        if not values:
            return None
        return fields_set(
            subject, "held_row", held.record_id, values, record.bases(*values),
            import_id=self.origin.import_id,
        )  # fmt: skip


def packed(groups: Iterable[list[NewOp]], *, new: bool) -> Iterator[Action]:
    """Groups that belong together (one file each) packed into actions of at most 500 operations."""
    action = Action(new)
    for group in groups:
        if action.ops and len(action.ops) + len(group) > MAX_OPS_PER_ACTION:
            yield action
            action = Action(new)
        action.ops += group
        while len(action.ops) > MAX_OPS_PER_ACTION:
            yield Action(False, action.ops[:MAX_OPS_PER_ACTION])
            action = Action(False, action.ops[MAX_OPS_PER_ACTION:])
    if action.ops:
        yield action


__all__ = ["Action", "Origin", "PlanMaker", "changes", "held_values", "lookups", "new_file", "packed"]
