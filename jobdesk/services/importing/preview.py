"""The preview of an import: every row and cell against what is here. Nothing is written.

``make_preview`` blocks (call it beside the window's thread); everything else is quick enough for a
table's delegate. Cells are judged when they are looked at; rows are judged once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from jobdesk.services.desk import Desk
from jobdesk.services.importing.problems import Problem
from jobdesk.services.importing.read import ReadFile
from jobdesk.services.importing.rows import ReadRow
from jobdesk.services.importing.shielding import Shield
from jobdesk.services.importing.verdicts import (
    Candidate,
    CellState,
    Counts,
    Decision,
    Mark,
    ProblemCount,
    Proposals,
    Verdict,
)


@dataclass(slots=True)
class PreviewRow:
    """One row of a person (or a post).

    Attributes:
        read: the row as it was read; ``read.sheet``, ``read.number`` (as Excel numbers it), ``read.plan``.
        key: digest of what the row says; the same row of the same file again has the same.
        problems: those of the reading and those found against what is here, in the order of columns.
        case_id: the file here (or to be opened) that the row belongs to; empty while it is held.
        marks: target → what becomes of the value; only for rows that are ``CHANGED`` or ``UNCHANGED``.
        candidates: people here who may be the same; a question while nothing is decided.
        waiting: the row is held already by an earlier import that stands: it is not listed twice.
        decision: what the clerk said in this preview.
    """

    read: ReadRow
    key: str
    verdict: Verdict = Verdict.NEW
    problems: list[Problem] = field(default_factory=list[Problem])
    case_id: str = ""
    marks: dict[str, Mark] = field(default_factory=dict[str, Mark])
    candidates: tuple[Candidate, ...] = ()
    waiting: bool = False
    decision: Decision | None = None


@dataclass(frozen=True, slots=True)
class CellView:
    """One cell as the preview shows it, masked as far as its shield says.

    Attributes:
        text: what the sheet says. Masked, or empty where ``shield`` is SENSITIVE or RESTRICTED (show
            the fixed word of ``import.shield.<name>``).
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

    read_file: ReadFile
    rows: list[PreviewRow]

    @property
    def counts(self) -> Counts:
        """People, and what becomes of them."""
        raise NotImplementedError

    def problem_counts(self) -> list[ProblemCount]:
        """Problems by kind, holding kinds first, the most frequent first."""
        raise NotImplementedError

    def of(self, verdict: Verdict | None = None, problem: str = "", sheet: str = "") -> list[int]:
        """Indices into ``rows`` for the filters on the left; everything when nothing is named."""
        raise NotImplementedError

    def next_problem(self, after: int, *, back: bool = False, hints: bool = False) -> int | None:
        """F8: index of the next row that is held (or has any problem), round the end; None without one."""
        raise NotImplementedError

    def cell(self, index: int, column: int) -> CellView:
        """A cell of a row; ``column`` counted from 0 as in the sheet."""
        raise NotImplementedError

    def proposals(self, index: int) -> Proposals:
        """For a row with a damaged number. Blocks for one short read at most; kept afterwards."""
        raise NotImplementedError

    def reveal(self, index: int, proposal: int) -> str:
        """The whole number of a proposal; the look is logged first. Blocks."""
        raise NotImplementedError

    def decide(self, index: int, decision: Decision | None) -> Sequence[int]:
        """Take in (None: take back) what the clerk says about a row; returns the rows judged anew.

        Raises:
            BadInput: ``decision.number`` is not a whole valid number.
        """
        raise NotImplementedError


def make_preview(desk: Desk, read_file: ReadFile, *, tick: Callable[[int], None] | None = None) -> Preview:
    """Judge every row against what is here. Blocks; nothing is written.

    Args:
        tick: called with the number of rows done; what it raises ends the preview.
    """
    raise NotImplementedError
