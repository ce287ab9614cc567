"""The board of a day: every line that is kept in sight, folded to one line a person and day, and the count
of what is not.

A board of a hundred thousand files keeps the first some thousand day-lines in full and of the rest the
counts: nobody works through more in a morning, and a filter brings the others forward.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from operator import attrgetter
from typing import NamedTuple

from jobdesk.cases.day_doubt import DayDoubt
from jobdesk.cases.due import Agenda, Bucket, DueKind, DueLine, order
from jobdesk.cases.due_order import DayLine
from jobdesk.store.ledger import PersonItem

MOST = 5000
"""Day-lines that a board keeps in full (own figure)."""
SPARE = 2500
"""So many more are gathered before those are left out that come too late in the order."""
_LATER = Bucket.LATER
_RANK = attrgetter("rank")


@dataclass(frozen=True, slots=True)
class Scope:
    """What a board is to keep in full.

    Attributes:
        kinds: only day-lines with a reason of one of these; empty for all.
        community, owner: only of people there, only of whom this member of staff looks after.
    """

    most: int = MOST
    kinds: frozenset[DueKind] = frozenset()
    community: str = ""
    owner: str = ""

    @property
    def everything(self) -> bool:
        """Whether nothing is left out but for its number."""
        return not (self.kinds or self.community or self.owner)

    def takes(self, mark: Mark) -> bool:
        """Whether a day-line belongs here."""
        return (
            (not self.kinds or not self.kinds.isdisjoint(mark.kinds))
            and (not self.community or self.community == mark.community)
            and (not self.owner or self.owner == mark.owner)
        )


class Mark(NamedTuple):
    """What is known of a day-line that is only counted.

    ``soon``: due in the seven days after this week.
    """

    kinds: frozenset[DueKind]
    community: str
    owner: str
    bucket: Bucket
    soon: bool


@dataclass(slots=True)
class Board:
    """All lines of a day, and what they were made of.

    Attributes:
        lines: by subject, of those kept in full.
        entries: the same folded, in the order that can be explained (``cases.due_order``).
        marks: uid of a kept day-line → what filters know of it.
        items: who it is, by case or household id, of those with a line.
        hidden: subject → marks of its day-lines that are not kept; ``hidden_counts`` the same counted.
        asked: day-lines are of this scope; the others are among the hidden.
        others: subjects that are neither a person nor a household: imports, posts, lists.
        machine: the machine's date when it was made; another one than ``today`` where that is in doubt.
        keep_day: that date is later than the last one kept as believed.
    """

    today: date
    agenda: Agenda
    asked: Scope = field(default_factory=Scope)
    lines: dict[str, list[DueLine]] = field(default_factory=dict[str, list[DueLine]])
    entries: list[DayLine] = field(default_factory=list[DayLine])
    marks: dict[str, Mark] = field(default_factory=dict[str, Mark])
    items: dict[str, PersonItem] = field(default_factory=dict[str, PersonItem])
    hidden: dict[str, tuple[Mark, ...]] = field(default_factory=dict[str, tuple[Mark, ...]])
    hidden_counts: Counter[Mark] = field(default_factory=Counter[Mark])
    others: set[str] = field(default_factory=set[str])
    doubt: DayDoubt | None = None
    machine: date | None = None
    keep_day: bool = False
    _ordered: list[DueLine] | None = None
    _last: tuple[int, date, int, date, str] | None = None
    _alone: dict[Mark, tuple[Mark, ...]] = field(default_factory=dict["Mark", "tuple[Mark, ...]"])

    def ordered(self) -> list[DueLine]:
        """Every kept reason by itself: overdue, today, this week, the earlier date first."""
        if self._ordered is None:
            self._ordered = sorted((line for lines in self.lines.values() for line in lines), key=order)
        return self._ordered

    @property
    def refillable(self) -> int:
        """How many of the hidden day-lines belong to what was asked for."""
        return sum(n for mark, n in self.hidden_counts.items() if self.asked.takes(mark))

    def copy(self) -> Board:
        """One that may be changed while the old one is shown."""
        return Board(
            self.today, self.agenda, self.asked, dict(self.lines), list(self.entries), dict(self.marks),
            dict(self.items), dict(self.hidden), Counter(self.hidden_counts), set(self.others), self.doubt,
            self.machine,
        )  # fmt: skip

    def all_marks(self) -> Iterator[tuple[Mark, int]]:
        """Every day-line there is as (mark, how many); a mark may come twice."""
        yield from Counter(self.marks.values()).items()
        yield from self.hidden_counts.items()

    # ---- filling

    def add(self, lines: list[DueLine], folded: Iterable[DayLine], community: str, owner: str) -> None:
        """The lines of one subject; call ``settle`` when all are there."""
        entries, marks, last = self.entries, self.marks, self._last
        everything, before = self.asked.everything, len(entries)
        for entry in folded:
            lead = entry.lines[0]
            bucket = lead.bucket
            soon = bucket is _LATER and lead.due <= self.agenda.week_end + _WEEK
            mark = Mark(_kinds(entry), community, owner, bucket, soon)
            if (last is None or entry.rank < last) and (everything or self.asked.takes(mark)):
                entries.append(entry)
                marks[entry.uid] = mark
            else:
                self._hide(entry.subject, mark)
        if len(entries) > before:
            self.lines[lines[0].subject] = lines
            if len(entries) > self.asked.most + SPARE:
                self.settle()

    def settle(self) -> None:
        """Sort, and keep only as many as were asked for."""
        self.entries.sort(key=_RANK)
        self._ordered = None
        if len(self.entries) <= self.asked.most:
            return
        gone = self.entries[self.asked.most :]
        del self.entries[self.asked.most :]
        for entry in gone:
            self._hide(entry.subject, self.marks.pop(entry.uid))
        self._last = self.entries[-1].rank if self.entries else None
        staying = {e.subject for e in self.entries}
        for subject in {e.subject for e in gone} - staying:
            del self.lines[subject]
            self.items.pop(subject, None)

    def drop(self, subjects: Iterable[str]) -> None:
        """Forget everything of these."""
        wanted = set(subjects)
        for entry in [e for e in self.entries if e.subject in wanted]:
            del self.marks[entry.uid]
        self.entries = [e for e in self.entries if e.subject not in wanted]
        self._ordered = self._last = None
        for subject in wanted:
            self.lines.pop(subject, None)
            self.items.pop(subject, None)
            for mark in self.hidden.pop(subject, ()):
                self.hidden_counts[mark] -= 1

    def _hide(self, subject: str, mark: Mark) -> None:
        """Of a hundred thousand people most have one of some hundred marks: equal ones are one object."""
        alone = self._alone.get(mark)
        if alone is None:
            alone = self._alone[mark] = (mark,)
        held = self.hidden.get(subject)
        self.hidden[subject] = alone if held is None else (*held, alone[0])
        self.hidden_counts[mark] += 1


_WEEK = timedelta(days=7)
_SETS: dict[frozenset[DueKind], frozenset[DueKind]] = {}
_ONE: Mapping[DueKind, frozenset[DueKind]] = {kind: frozenset({kind}) for kind in DueKind}


def _kinds(entry: DayLine) -> frozenset[DueKind]:
    if len(entry.lines) == 1:
        return _ONE[entry.lines[0].kind]
    made = frozenset(line.kind for line in entry.lines)
    return _SETS.setdefault(made, made)
