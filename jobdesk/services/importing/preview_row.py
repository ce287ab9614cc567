"""One row of a preview: what was read, whose it is, what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from jobdesk.cases.ops import Subject
from jobdesk.services.importing.blocks import RowFacts, facts_of_row
from jobdesk.services.importing.cells import Json as CellJson
from jobdesk.services.importing.diffing import Delta
from jobdesk.services.importing.known import KnownRecord
from jobdesk.services.importing.problems import Problem
from jobdesk.services.importing.rows import ReadRow
from jobdesk.services.importing.verdicts import Candidate, CellState, Decision, Mark, Verdict


@dataclass(slots=True)
class PreviewRow:
    """One row of a person (or a post).

    Attributes:
        read: the row as it was read; ``read.sheet``, ``read.number`` (as Excel numbers it), ``read.plan``.
        key: digest of what the row says; the same row of the same file again has the same.
            Empty until something is to be remembered of rows.
        problems: those of the reading and those found against what is here, in the order of columns.
        case_id: the file here (or to be opened) that the row belongs to; empty while it is held.
        marks: target → what becomes of the value; only for rows of which something differs.
        candidates: people here who may be the same; a question while nothing is decided.
        waiting: the row is held already by an earlier import that stands: it is not listed twice.
        decision: what the clerk said in this preview.
        values: what goes in; the values read, unless a decision changed them.
        takes: targets whose value goes in although it was changed here since (此后已改).
        delta: what it writes to a file that stands; None where nothing differs and for new files.
        created: records it opens in such a file.
    """

    read: ReadRow
    key: str = ""
    verdict: Verdict = Verdict.NEW
    problems: list[Problem] = field(default_factory=list[Problem])
    case_id: str = ""
    marks: dict[str, Mark] = field(default_factory=dict[str, Mark])
    candidates: tuple[Candidate, ...] = ()
    waiting: bool = False
    decision: Decision | None = None
    values: dict[str, CellJson] = field(default_factory=dict[str, CellJson])
    takes: frozenset[str] = frozenset()
    delta: Delta | None = None
    created: list[KnownRecord] = field(default_factory=list[KnownRecord])

    @property
    def subject(self) -> Subject:
        return Subject(self.read.plan.kind, self.case_id)

    @property
    def takable(self) -> frozenset[str]:
        """Targets that were changed here since and whose value in the sheet could be taken."""
        return frozenset(t for t, m in self.marks.items() if m.state is CellState.SINCE and m.record)

    def facts(self) -> RowFacts:
        return facts_of_row(self.values, self.read.plan.kind)
