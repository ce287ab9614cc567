"""Every row of a file judged against what is here: first whose it is, then what it changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from jobdesk.cases.ids import IdSource
from jobdesk.cases.ops import Subject
from jobdesk.services.importing import posts
from jobdesk.services.importing.blocks import RowFacts
from jobdesk.services.importing.diffing import diff, learn
from jobdesk.services.importing.here import Here, look, number_of
from jobdesk.services.importing.known import (
    Person,
    fresh_person,
    person_from_ops,
    person_from_rows,
)
from jobdesk.services.importing.matching import InFile, Match, match, perhaps_damaged
from jobdesk.services.importing.preview_row import PreviewRow
from jobdesk.services.importing.problems import Problem
from jobdesk.services.importing.rows import ReadRow, key_columns
from jobdesk.services.importing.verdicts import Candidate, Verdict
from jobdesk.store import import_lookups as lookups
from jobdesk.store import ledger, reads
from jobdesk.store.ledger import CaseItem
from jobdesk.store.log import Connection

BLOCK = 400
"""Files compared at a time: memory stays bounded whatever the size of the ledger."""


class Judge:
    """The judgement of one file; kept by its preview so that single rows can be judged anew.

    Attributes:
        fresh: ids of the files that this import opens.
    """

    def __init__(self, read_rows: Sequence[ReadRow], today: date, new_id: IdSource) -> None:
        self.today = today
        self.rows = [PreviewRow(read, values=read.values) for read in read_rows]
        self._keyed = False
        self.here = Here()
        self.fresh: set[str] = set()
        self._new_id = new_id
        self._in_file = InFile()
        self._at = {id(row.read): n for n, row in enumerate(self.rows)}
        self._doubtful = perhaps_damaged(read_rows)

    def judge_all(self, con: Connection, tick: Callable[[int], None] | None = None) -> None:
        """Judge every row."""
        people = [r for r in self.rows if r.read.plan.kind == "case"]
        numbers = {n for r in people if (n := number_of(r.read))}
        if lookups.any_held(con):
            self.give_keys()
        self.here = look(con, numbers, (), (r.key for r in people) if self._keyed else ())
        names = {r.read.name for r in people if r.read.name and not self._settled(r.read)}
        self.here.names = look_names(con, names)
        self._judge(con, range(len(self.rows)), tick)

    def give_keys(self) -> None:
        """Give every row its key; only where something is or will be remembered of rows."""
        if not self._keyed:
            _give_keys(self.rows)
            self._keyed = True

    def judge_again(self, con: Connection, index: int) -> list[int]:
        """Judge a row anew after a decision, and every row that hangs together with it."""
        decision = self.rows[index].decision
        if decision is not None and decision.number:
            self._look_up(con, decision.number)
        if decision is not None and self.rows[index].read.name not in self.here.names:
            self.here.names |= look_names(con, {self.rows[index].read.name})
        family = self._family({index})
        while True:
            self._judge(con, family, None)
            wider = self._family(set(family))
            if len(wider) == len(family):
                return sorted(family)
            family = wider

    def _look_up(self, con: Connection, number: str) -> None:
        found = look(con, {number}, (), ())
        for form, files in found.files.items():
            self.here.files[form] = files
        self.here.once |= found.once
        self.here.standing |= found.standing

    def _family(self, indices: set[int]) -> list[int]:
        """Rows of the same people: those that repeat each other, and those of the same file."""
        roots = {id(self._root(self.rows[i].read)) for i in indices}
        cases = {self.rows[i].case_id for i in indices} - {""}
        found = [
            n
            for n, row in enumerate(self.rows)
            if n in indices or (row.case_id and row.case_id in cases) or id(self._root(row.read)) in roots
        ]
        return sorted(found, key=lambda n: (self.rows[n].decision is not None, n))

    def _root(self, row: ReadRow) -> ReadRow:
        return row.repeats or row

    def _settled(self, row: ReadRow) -> bool:
        number = number_of(row)
        return bool(number) and bool(self.here.with_number(number))

    # ------------------------------------------------------------------ whose

    def _judge(self, con: Connection, indices: Iterable[int], tick: Callable[[int], None] | None) -> None:
        listed = list(indices)
        gone = {self.rows[i].case_id for i in listed} & self.fresh
        if gone:
            self._in_file.forget(gone)
            self.fresh -= gone
        by_case: dict[str, list[PreviewRow]] = {}
        vacancies: list[PreviewRow] = []
        for done, index in enumerate(listed, 1):
            row = self.rows[index]
            _reset(row)
            if row.read.plan.kind != "case":
                vacancies.append(row)
                continue
            self._whose(row)
            if row.case_id:
                by_case.setdefault(row.case_id, []).append(row)
            if tick is not None and done % 1000 == 0:
                tick(done)
        self._compare(con, by_case)
        if vacancies:
            self.fresh |= posts.judge(con, vacancies, self._new_id)

    def _whose(self, row: PreviewRow) -> None:
        read = row.read
        doubt = self._doubtful.get(id(read))
        extra = [doubt] if doubt is not None and not self._settled(read) else []
        first: tuple[str, bool] | None = None
        if read.repeats is not None:
            before = self.rows[self._at[id(read.repeats)]]
            first = (before.case_id, before.verdict is Verdict.HELD)
        found = match(read, row.key, row.decision, self.here, self._in_file, first, self.today, extra)
        row.values, row.problems, row.candidates = found.values, found.problems, found.candidates
        row.waiting = found.waiting
        if row.decision is not None and row.decision.drop:
            row.verdict = Verdict.UNCHANGED
        elif any(p.holds for p in found.problems):
            row.verdict = Verdict.HELD
        elif found.passed:
            row.verdict = Verdict.UNCHANGED
        else:
            self._open_or_attach(row, found)

    def _open_or_attach(self, row: PreviewRow, found: Match) -> None:
        if not found.new:
            row.case_id, row.verdict = found.case_id, Verdict.UNCHANGED
            return
        row.case_id, row.verdict = self._new_id(), Verdict.NEW
        self.fresh.add(row.case_id)
        self._in_file.opened(row.case_id, found.number, found.values)

    # ------------------------------------------------------------------ what it changes

    def _compare(self, con: Connection, by_case: dict[str, list[PreviewRow]]) -> None:
        standing: list[str] = []
        for case_id, rows in by_case.items():
            if case_id not in self.fresh:
                standing.append(case_id)
            elif len(rows) > 1:
                person = fresh_person(Subject("case", case_id))
                for row in rows:
                    self._take(row, person)
        for start in range(0, len(standing), BLOCK):
            self._compare_block(con, standing[start : start + BLOCK], by_case)

    def _compare_block(
        self, con: Connection, case_ids: list[str], by_case: dict[str, list[PreviewRow]]
    ) -> None:
        shown = reads.records_of(con, case_ids)
        differing: list[str] = []
        for case_id in case_ids:
            person = person_from_rows(Subject("case", case_id), shown.get(case_id, ()))
            if not all(diff(row.facts(), person).quiet for row in by_case[case_id]):
                differing.append(case_id)
        if not differing:
            return
        merged = _aliases(self.here)
        also = [a for c in differing for a in merged.get(c, ())]
        ops = lookups.ops_of_subjects(con, [*differing, *also])
        for case_id in differing:
            aliases = [ops.get(a, []) for a in merged.get(case_id, ())]
            person = person_from_ops(Subject("case", case_id), ops.get(case_id, []), aliases)
            for row in by_case[case_id]:
                self._take(row, person)

    def _take(self, row: PreviewRow, person: Person) -> None:
        facts = row.facts()
        if not person.fresh and self._other_name(row, person, facts):
            return
        delta = diff(facts, person, row.takes)
        row.delta, row.marks = delta, delta.marks
        row.created = learn(delta, person, self._new_id)
        if row.verdict is not Verdict.NEW:
            row.verdict = Verdict.CHANGED if delta.writes else Verdict.UNCHANGED

    def _other_name(self, row: PreviewRow, person: Person, facts: RowFacts) -> bool:
        """One number with another name than here holds the row, unless the clerk has said who it is."""
        said, here = facts.root.get("name"), person.root.shown.get("name")
        if not isinstance(said, str) or not isinstance(here, str) or said == here:
            return False
        if said in person.root.stood.get("name", ()) or (row.decision and row.decision.person):
            return False
        remembered = self.here.memory.get(row.key)
        if remembered is not None and remembered.text("state") == "settled":
            return False
        guess = row.read.source("case.id_number")
        params: dict[str, str | int] = {"name": here}
        row.problems = [
            *row.problems, Problem("number_taken", "case.id_number", guess.letter if guess else "", params)
        ]  # fmt: skip
        row.candidates = (Candidate(person.subject.id, here, ("id_number",)),)
        row.verdict, row.case_id = Verdict.HELD, ""
        return True


def look_names(con: Connection, names: set[str]) -> dict[str, list[CaseItem]]:
    """People here by name."""
    return ledger.by_names(con, names) if names else {}


def _reset(row: PreviewRow) -> None:
    row.case_id, row.marks, row.delta, row.created = "", {}, None, []
    row.values = row.read.values


def _aliases(here: Here) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for alias in here.merged:
        found.setdefault(here.target(alias), []).append(alias)
    return found


def _give_keys(rows: Sequence[PreviewRow]) -> None:
    """Of rows that say exactly the same the second is told apart by its count."""
    seen: dict[str, int] = {}
    columns: dict[int, list[tuple[str, int]]] = {}
    for row in rows:
        plan = row.read.plan
        known = columns.get(id(plan))
        if known is None:
            known = columns[id(plan)] = key_columns(plan)
        key = row.read.key(known)
        count = seen[key] = seen.get(key, 0) + 1
        row.key = key if count == 1 else f"{key}#{count}"
