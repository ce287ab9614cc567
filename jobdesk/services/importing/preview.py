"""The preview of an import: every row and cell against what is here. Nothing is written.

``make_preview`` blocks (call it beside the window's thread); everything else is quick enough for a
table's delegate. Cells are judged when they are looked at; rows are judged once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from jobdesk.host.collector import without_collector
from jobdesk.services.desk import Desk
from jobdesk.services.importing import cells, second_sources, shielding, showing
from jobdesk.services.importing.columns import Guess
from jobdesk.services.importing.deciding import whole_number
from jobdesk.services.importing.judging import Judge
from jobdesk.services.importing.preview_row import PreviewRow
from jobdesk.services.importing.problems import Problem
from jobdesk.services.importing.read import ReadFile
from jobdesk.services.importing.shielding import Shield
from jobdesk.services.importing.verdicts import (
    CellState,
    Counts,
    Decision,
    Mark,
    ProblemCount,
    Proposals,
    Verdict,
)
from jobdesk.services.revealing import log_look
from jobdesk.store.log import Connection

__all__ = ["CellView", "Preview", "PreviewRow", "make_preview"]

_ROWS_KEPT = 256
_NO_DOUBT = frozenset({"region_historic", "region_unknown", "age_differs", "id_old15", "repeated"})
"""Hints beside a cell that leave its value as it is: shown, but the cell is not one to be checked."""


@dataclass(frozen=True, slots=True)
class CellView:
    """One cell as the preview shows it, masked as far as its shield says.

    Attributes:
        text: what the sheet says. Masked, or empty where ``shield`` is SENSITIVE or RESTRICTED (show
            the fixed word of ``import_ui.shield.<name>``).
        old: what is here now, shown as ``old → text``; only where ``state`` is CHANGED or SINCE, and
            shielded alike.
        state: see CellState; CHECK goes before the others.
        beneath: the state without its problems (a doubtful code is CHECK, and NEW beneath).
        problems: of this cell; ``import.problem.<code>`` with their params.
    """

    text: str
    old: str
    state: CellState
    beneath: CellState
    shield: Shield
    problems: tuple[Problem, ...] = ()


class Preview:
    """A file against the station, as it stood when this was made.

    Attributes:
        read_file: what was read: name, plans (sheet, columns, reasons), sheets passed over.
        rows: in the order of the file, all sheets taken.
    """

    def __init__(self, desk: Desk, read_file: ReadFile, judge: Judge) -> None:
        self.read_file = read_file
        self.judge = judge
        self.rows: list[PreviewRow] = judge.rows
        self._desk = desk
        self._counts: Counts | None = None
        self._proposals: dict[int, Proposals] = {}
        self._marks: dict[int, dict[int, list[tuple[str, Mark]]]] = {}
        self._guesses = {id(plan): {g.column.index: g for g in plan.guesses} for plan in read_file.plans}

    @property
    def counts(self) -> Counts:
        """People, and what becomes of them."""
        if self._counts is None:
            found = dict.fromkeys(Verdict, 0)
            for row in self.rows:
                found[row.verdict] += 1
            self._counts = Counts(
                len(self.rows), found[Verdict.NEW], found[Verdict.CHANGED],
                found[Verdict.UNCHANGED], found[Verdict.HELD],
            )  # fmt: skip
        return self._counts

    def problem_counts(self) -> list[ProblemCount]:
        """Problems by kind, holding kinds first, the most frequent first."""
        found: dict[tuple[str, bool], int] = {}
        for row in self.rows:
            for kind in {(p.code, p.holds) for p in row.problems}:
                found[kind] = found.get(kind, 0) + 1
        counted = [ProblemCount(code, holds, rows) for (code, holds), rows in found.items()]
        return sorted(counted, key=lambda c: (not c.holds, -c.rows, c.code))

    def of(self, verdict: Verdict | None = None, problem: str = "", sheet: str = "") -> list[int]:
        """Indices into ``rows`` for the filters on the left; everything when nothing is named."""
        return [
            n
            for n, row in enumerate(self.rows)
            if (verdict is None or row.verdict is verdict)
            and (not problem or any(p.code == problem for p in row.problems))
            and (not sheet or row.read.sheet == sheet)
        ]

    def next_problem(self, after: int, *, back: bool = False, hints: bool = False) -> int | None:
        """F8: index of the next row that is held (or has any problem), round the end; None without one."""
        count = len(self.rows)
        for step in range(1, count + 1):
            index = (after - step if back else after + step) % count
            row = self.rows[index]
            if row.verdict is Verdict.HELD or (hints and row.problems):
                return index
        return None

    def cell(self, index: int, column: int) -> CellView:
        """A cell of a row; ``column`` counted from 0 as in the sheet."""
        row = self.rows[index]
        read = row.read
        guess = self._guesses[id(read.plan)].get(column)
        said = cells.plain(read.plan.table.sheet.raw(read.index, column))
        if guess is None:
            return CellView(said, "", CellState.IGNORED, CellState.IGNORED, shielding.of_text(said))
        shield = shielding.of_cell(read, guess)
        problems = tuple(p for p in row.problems if p.column == guess.letter)
        beneath, old = self._beneath(index, row, guess, said)
        doubt = any(p.code not in _NO_DOUBT for p in problems)
        state = CellState.CHECK if doubt and row.verdict is not Verdict.UNCHANGED else beneath
        shown = showing.masked(said, guess.target, shield, guess.evidence)
        return CellView(shown, old, state, beneath, shield, problems)

    def _beneath(self, index: int, row: PreviewRow, guess: Guess, said: str) -> tuple[CellState, str]:
        target = guess.target
        if target is None or target in ("skip", "hint.serial", "hint.age"):
            return CellState.IGNORED, ""
        if not said:
            return CellState.EMPTY, ""
        if row.verdict is Verdict.HELD or not row.case_id:
            return CellState.WAITING, ""
        if row.verdict is Verdict.NEW:
            return CellState.NEW, ""
        found = showing.foremost(self._marks_of(index, row).get(guess.column.index, ()))
        if found is None:
            return CellState.UNCHANGED, ""
        where, mark = found
        old = showing.value_text(where, mark.old) if mark.state in _WITH_OLD else ""
        return mark.state, old

    def _marks_of(self, index: int, row: PreviewRow) -> dict[int, list[tuple[str, Mark]]]:
        """Column → marks of the values that came out of it; kept for the rows in sight."""
        kept = self._marks.get(index)
        if kept is not None:
            return kept
        found: dict[int, list[tuple[str, Mark]]] = {}
        for target, mark in row.marks.items():
            guess = row.read.source(target)
            if guess is not None:
                found.setdefault(guess.column.index, []).append((target, mark))
        if len(self._marks) >= _ROWS_KEPT:
            self._marks.clear()
        self._marks[index] = found
        return found

    def proposals(self, index: int) -> Proposals:
        """For a row with a damaged number. Blocks for one short read at most; kept afterwards."""
        found = self._proposals.get(index)
        if found is None:
            row = self.rows[index]
            rest = [r.read for r in self.rows if r is not row]
            self.judge.give_keys()

            def job(con: Connection) -> Proposals:
                return second_sources.of_row(con, row.read, row.key, rest)

            found = self._proposals[index] = self._desk.read(job).result()
        return found

    def reveal(self, index: int, proposal: int) -> str:
        """The whole number of a proposal; the look is logged first. Blocks."""
        found = self.proposals(index).listed[proposal]
        log_look(self._desk, "damaged_id", subject_id=found.case_id, field="id_number").result()
        return found.number

    def decide(self, index: int, decision: Decision | None) -> Sequence[int]:
        """Take in (None: take back) what the clerk says about a row; returns the rows judged anew.

        Raises:
            BadInput: ``decision.number`` is not a whole valid number.
        """
        if decision is not None and decision.number:
            whole_number(decision.number, self._desk.today)
        self.rows[index].decision = decision
        return self._again(index)

    def take(self, index: int, targets: Iterable[str]) -> Sequence[int]:
        """Put these values of the sheet back although they were changed here since (此后已改).

        Replaces what was said before about this row; nothing named takes it back. Returns the rows judged
        anew.
        """
        self.rows[index].takes = frozenset(targets)
        return self._again(index)

    def _again(self, index: int) -> Sequence[int]:
        again = self._desk.read(lambda con: self.judge.judge_again(con, index)).result()
        self._counts = None
        for n in again:
            self._marks.pop(n, None)
        return again


_WITH_OLD = frozenset({CellState.CHANGED, CellState.SINCE, CellState.CHECK})


def make_preview(desk: Desk, read_file: ReadFile, *, tick: Callable[[int], None] | None = None) -> Preview:
    """Judge every row against what is here. Blocks; nothing is written.

    Args:
        tick: called with the number of rows done; what it raises ends the preview.
    """
    with without_collector():
        judge = Judge(read_file.rows, desk.today, desk.new_id)
        desk.read(lambda con: judge.judge_all(con, tick)).result()
    return Preview(desk, read_file, judge)
