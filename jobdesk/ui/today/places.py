"""What stands where in the list of 今日: headings, lines, reasons of opened lines, and their heights."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection
from dataclasses import dataclass

from jobdesk.cases.due import DueLine
from jobdesk.cases.due_order import DayLine
from jobdesk.ui.today.painting import HEADING, HINTS, LINE, REASON
from jobdesk.ui.today.state import Day, Section


@dataclass(frozen=True, slots=True)
class Place:
    """A heading, a line, or one reason of an opened line."""

    section: Section | None = None
    entry: DayLine | None = None
    reason: DueLine | None = None

    @property
    def uid(self) -> str:
        if self.reason is not None:
            return self.reason.uid
        return self.entry.uid if self.entry is not None else ""


class Places:
    """The places from top to bottom, by number. Heights are those of the last ``stack``.

    Attributes:
        height: of all of them.
    """

    def __init__(self) -> None:
        self._all: list[Place] = []
        self._tops: list[int] = []
        self.height = 0

    def __len__(self) -> int:
        return len(self._all)

    def __getitem__(self, number: int) -> Place:
        return self._all[number]

    def get(self, number: int) -> Place | None:
        """None where there is none; -1 is none."""
        return self._all[number] if 0 <= number < len(self._all) else None

    def lay(self, day: Day | None, opened: Collection[str]) -> None:
        """The places of a day; ``opened``: uids of lines whose reasons stand one by one."""
        self._all = []
        for section in day.sections if day else ():
            self._all.append(Place(section=section))
            for entry in section.lines:
                self._all.append(Place(entry=entry))
                if entry.uid in opened and len(entry.lines) > 1:
                    self._all += [Place(entry=entry, reason=line) for line in entry.lines]

    def stack(self, at: int) -> None:
        """Put them under each other; the one at ``at`` is taller by its keys."""
        top = 0
        self._tops = []
        for number, place in enumerate(self._all):
            self._tops.append(top)
            if place.section:
                top += HEADING
            elif place.reason:
                top += REASON
            else:
                top += LINE + (HINTS if number == at else 0)
        self.height = top

    def number_of(self, uid: str, person: str) -> int:
        """Place of a line, or of a reason (its line where it is folded in); else the first of ``person``;
        -1 where there is none.
        """
        if not uid:
            return -1
        folded = first = -1
        for number, place in enumerate(self._all):
            entry = place.entry
            if entry is None:
                continue
            if place.uid == uid:
                return number
            if folded < 0 and place.reason is None and any(x.uid == uid for x in entry.lines):
                folded = number
            if first < 0 and person and entry.subject == person:
                first = number
        return folded if folded >= 0 else first

    def nearest(self, at: int) -> int:
        """The first line from here on, else the last one before; -1 where there is none."""
        start, end = min(at, len(self._all)), len(self._all)
        order = [*range(start, end), *range(start - 1, -1, -1)]
        return next((n for n in order if self._all[n].entry is not None), -1)

    def step(self, at: int, by: int) -> int:
        """So many lines further, or as far as they go; headings are stepped over."""
        number, step = at, 1 if by > 0 else -1
        left, found = abs(by), at
        while left and 0 <= number + step < len(self._all):
            number += step
            if self._all[number].entry is not None:
                found, left = number, left - 1
        return found

    def top(self, number: int) -> int:
        return self._tops[number]

    def height_of(self, number: int) -> int:
        end = self._tops[number + 1] if number + 1 < len(self._tops) else self.height
        return end - self._tops[number]

    def number_at(self, y: int) -> int:
        """Which one is there, measured from the top of the first; -1 below the last."""
        number = bisect_right(self._tops, y) - 1
        return number if 0 <= number < len(self._all) and y < self.height else -1
