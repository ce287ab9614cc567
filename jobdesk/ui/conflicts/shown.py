"""What was read of the place and is in sight of it: tab, list, person, decisions. Pure: no Qt."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from jobdesk.cases.ops import Subject
from jobdesk.services.conflict_board import Board, Line, PersonQuestions
from jobdesk.services.conflict_log import Decision, Decisions
from jobdesk.services.desk import Desk
from jobdesk.ui.conflicts.saying import Saying


@dataclass(slots=True)
class Shown:
    """As last read.

    Attributes:
        tab: ``here handed settled``.
        told: questions of who is in front, of who was before somebody looked at decisions; None for nobody.
        kept: who waits no more behind a tab (or waits still), while something typed about them is not said.
        revealed: key of the line whose numbers are shown whole, once the look stands in the log.
    """

    tab: str = "here"
    board: Board | None = None
    decided: Decisions | None = None
    told: PersonQuestions | None = None
    kept: Sequence[tuple[str, Line]] = ()
    revealed: str = ""

    def subjects(self) -> set[str]:
        """Of whom values are held here, whether in sight or not."""
        held = {one.subject.id for one in (self.decided.lines if self.decided else ())}
        return held | ({self.told.subject.id} if self.told else set())

    def forget(self, subjects: Collection[str]) -> None:
        """Nothing of these is held any longer."""
        if self.told is not None and self.told.subject.id in subjects:
            self.told = None
        if self.decided is not None and subjects:
            stay = tuple(one for one in self.decided.lines if one.subject.id not in subjects)
            self.decided = replace(self.decided, lines=stay)

    @property
    def above(self) -> bool:
        """This desk decides what stations hand upward."""
        return self.board is not None and self.board.above

    def lines(self, tab: str) -> tuple[Line, ...]:
        """Who waits behind a tab, after those who are only ``kept``; nobody behind that of the decisions."""
        waiting = self.waiting(tab)
        known = {line.subject for line in waiting}
        return (*(line for at, line in self.kept if at == tab and line.subject not in known), *waiting)

    def waiting(self, tab: str) -> tuple[Line, ...]:
        """Who waits behind a tab."""
        if self.board is None:
            return ()
        return {"here": self.board.here, "handed": self.board.handed}.get(tab, ())

    def is_only_kept(self, line: Line) -> bool:
        """Whether this line of the tab in sight waits no more."""
        return all(one.subject != line.subject for one in self.waiting(self.tab))

    def line(self, key: str) -> Line | None:
        """Of the tab in sight."""
        return next((x for x in self.lines(self.tab) if x.subject.id == key), None)

    def has(self, tab: str, subject: str) -> bool:
        return any(line.subject.id == subject for line in self.lines(tab))

    def decision(self, op_id: str) -> Decision | None:
        listed = self.decided.lines if self.decided else ()
        return next((d for d in listed if d.op_id == op_id), None)

    def subject(self, key: str) -> Subject | None:
        """Whom a line of the tab in sight is about."""
        found = self.decision(key) if self.tab == "settled" else self.line(key)
        return found.subject if found is not None else None

    def saying(self, desk: Desk, *, revealed: bool = False, told: PersonQuestions | None = None) -> Saying:
        """The words, with names as known where they are said."""
        assert self.board is not None
        names = self.board.names
        if told is not None:
            names = told.names
        elif self.tab == "settled" and self.decided is not None:
            names = self.decided.names
        return Saying(desk.actor, desk.today, names, revealed)
