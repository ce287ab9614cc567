"""Lines of 今日待办: what is due, why, by when, and what was put off.

A line is a value with codes and dates. Its ``key`` is the same every day and after every refold, and
changes only when the date itself is agreed anew; a postponement names it. The original date stays in
sight. ``due_lines`` (in ``due_lines``) makes the lines of a case, ``Agenda`` holds what all share.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import NamedTuple

from jobdesk.cases.basis import Basis, Params, Step
from jobdesk.cases.contacts import ServiceRules
from jobdesk.cases.counting import deadline, span
from jobdesk.cases.due_kinds import CONTACT_KINDS, Bucket, DueKind
from jobdesk.cases.facts import CaseFacts
from jobdesk.cases.figures import Figures
from jobdesk.cases.partial_date import PartialDate
from jobdesk.cases.rules.pack import Entry, PackSet
from jobdesk.cases.rules.situation import Situation
from jobdesk.cases.templates import ServiceTemplate
from jobdesk.cases.working_days import WorkingDays

__all__ = [
    "CONTACT_KINDS", "NO_PACKS", "Agenda", "Bucket", "DueKind", "DueLine", "Postponed", "Waiting", "day_of",
    "order", "place", "postponements", "with_term",
]  # fmt: skip
NO_PACKS = PackSet(())
_RANK = {kind: n for n, kind in enumerate(DueKind)}


@dataclass(slots=True)
class DueLine:
    """One line. Never changed once it is made; not frozen, since that doubles what making it costs.

    Attributes:
        key: stable within the subject; what a postponement names.
        subject: id of the case (of the import or vacancy for their lines).
        record: id of the record that the line is about, or empty.
        due: the day by which it is to be done, put off or not.
        original: the day before it was put off; equal to ``due`` otherwise.
        postponed: the reason, empty when it was not put off.
        away: working days until ``due``; negative when overdue; 0 today (or over a weekend).
        made: the trace, or what makes it; ask ``basis``.
        also: what can be settled on the same occasion (``notice``).
    """

    key: str
    subject: str
    kind: DueKind
    record: str
    due: date
    original: date
    bucket: Bucket
    away: int
    made: Basis | Callable[[], Basis] = field(repr=False, compare=False)
    postponed: str = ""
    also: tuple[str, ...] = ()
    params: Params = ()

    @property
    def basis(self) -> Basis:
        """Why; made when it is first asked for: of ten thousand lines some twenty are looked at."""
        made = self.made
        if not isinstance(made, Basis):
            made = self.made = made()
        return made

    @property
    def uid(self) -> str:
        """Unique in the whole station."""
        return f"{self.subject}/{self.key}"


@dataclass(frozen=True, slots=True)
class Waiting:
    """One unanswered line of a 下发名单 about a person with a file (see ``assigned``)."""

    assignment: str
    record: str
    title: str
    issuer: str
    due_on: str
    received_on: str


def order(line: DueLine) -> tuple[int, date, int, str, str]:
    """Sort key that can be told: overdue, today, this week; the earlier date first; contacts before
    promises, measures, plans, steps, ends and papers; then the file opened first.
    """
    return line.bucket, line.due, _RANK[line.kind], line.subject, line.key


class Spot(NamedTuple):
    """Where a day stands seen from today."""

    iso: str
    bucket: Bucket
    away: int


@dataclass(slots=True)
class Agenda:
    """What the lines of all cases share on one day; make it once, use it for every case.

    Attributes:
        template: whose steps are asked for, or None when steps are not.
        packs: the dated rules in force here.
        households: case id → the households that person is a member of, as facts.
        people: files of the members of those households, by case id.
        assigned: case id → the lists on which that person waits for an answer.
        household_deadline: the way of counting the deadline of a household that the station has set.
        from_sheet: case id → fields that stand as an imported sheet had them; known where one file is
            read, not for the list of a whole day.
        horizon: last day looked ahead to; lines due later are not made.
    """

    today: date
    days: WorkingDays
    figures: Figures
    rules: ServiceRules
    template: ServiceTemplate | None = None
    packs: PackSet = NO_PACKS
    households: Mapping[str, tuple[CaseFacts, ...]] = field(default_factory=dict[str, tuple[CaseFacts, ...]])
    people: Mapping[str, CaseFacts] = field(default_factory=dict[str, CaseFacts])
    assigned: Mapping[str, tuple[Waiting, ...]] = field(default_factory=dict[str, tuple[Waiting, ...]])
    household_deadline: str = ""
    from_sheet: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    horizon: date = field(init=False)
    week_end: date = field(init=False)
    iso: str = field(init=False)
    horizon_iso: str = field(init=False)
    week_end_iso: str = field(init=False)
    late: dict[int, tuple[int, int]] = field(init=False, default_factory=dict[int, tuple[int, int]])
    """Working days overdue as ``DueLine.away`` → points and days (``due_order``)."""
    _spots: dict[date, Spot] = field(init=False, default_factory=dict[date, "Spot"])
    _after: dict[tuple[date, int], date] = field(init=False, default_factory=dict[tuple[date, int], date])
    _at: Situation | None = field(init=False, default=None)
    _numbers: dict[str, int] = field(init=False, default_factory=dict[str, int])

    def __post_init__(self) -> None:
        last = (self.figures.value("week_ends_on", 7) - self.today.isoweekday()) % 7
        self.week_end = self.today + timedelta(days=last)
        self.horizon = max(self.week_end, self.today + timedelta(days=self.figures.value("horizon_days", 30)))
        self.iso, self.horizon_iso = self.today.isoformat(), self.horizon.isoformat()
        self.week_end_iso = self.week_end.isoformat()

    def situation(self, facts: CaseFacts, day: date | None = None) -> Situation:
        """The person on a day (today by default), as rules read it. Readings are made once: whoever asks
        next about the same file today gets the same one.
        """
        kept = self._at
        if kept is not None and kept.facts is facts and (day is None or day == self.today):
            return kept
        made = Situation(
            facts, day or self.today, self.packs, self.households.get(facts.case_id, ()), self.people,
            self.from_sheet.get(facts.case_id, frozenset()),
        )  # fmt: skip
        if made.day == self.today:
            self._at = made
        return made

    def number(self, key: str) -> int:
        """A figure of the packs as of today; 0 where there is none: only for what is nobody's right."""
        found = self._numbers.get(key)
        if found is None:
            found = self._numbers[key] = self.packs.number(key, self.today)
        return found

    def bucket(self, due: date) -> Bucket:
        if due < self.today:
            return Bucket.OVERDUE
        if due == self.today:
            return Bucket.TODAY
        return Bucket.THIS_WEEK if due <= self.week_end else Bucket.LATER

    def away(self, due: date) -> int:
        """Working days from today to ``due``; negative when it has passed."""
        return self.spot(due).away

    def spot(self, due: date) -> Spot:
        """Where a day stands; found once for all lines of that day."""
        found = self._spots.get(due)
        if found is None:
            found = self._spots[due] = Spot(
                due.isoformat(), self.bucket(due), self.days.between(self.today, due)
            )
        return found

    def after(self, day: date, figure: str) -> date:
        """The day that many working days (a figure of our own) after ``day``."""
        return self.working_day(day, self.figures.value(figure))

    def working_day(self, day: date, count: int) -> date:
        """``days.add``, counted once for all who ask for the same."""
        found = self._after.get((day, count))
        if found is None:
            found = self._after[day, count] = self.days.add(day, count)
        return found

    def by_pack(self, day: date, figure: Entry | None) -> date:
        """The day to which a pack's figure counts, in its own unit; where no pack has one, the day itself or
        the next working day: no number is made up.
        """
        if figure is None or figure.value is None or figure.unit == "working_day":
            return self.working_day(day, 0 if figure is None else figure.value or 0)
        return deadline(day, span(figure.value, figure.unit), self.days).day

    def guessed(self, day: date, due: date) -> tuple[str, ...]:
        """The note that working days were guessed, when some were."""
        return ("workdays_guessed",) if self.days.guessed_years(day, due) else ()


Postponed = Mapping[str, tuple[str, str]]
"""Line key → (until, reason)."""
_NOTHING: Postponed = MappingProxyType({})


def postponements(facts: CaseFacts) -> Postponed:
    """The furthest postponement of each line."""
    if "postponement" not in facts.records:
        return _NOTHING
    found: dict[str, tuple[str, str]] = {}
    for record in facts.of("postponement"):
        line, until = record.text("line"), record.text("until")
        if line and until and until > found.get(line, ("",))[0]:
            found[line] = (until, record.text("reason"))
    return found


_KEY = {kind: kind.value + ":" for kind in DueKind}


def line_key(kind: DueKind, record: str, part: str, iso: str) -> str:
    """What names a line within its subject, for as long as its first date stays."""
    key = _KEY[kind]
    if record:
        key += record + ":"
    if part:
        key += part + ":"
    return key + iso


def put_off_to(key: str, original: date, postponed: Postponed | None) -> tuple[date, str]:
    """The day to which a line was put off and the reason; its own day without one."""
    if postponed and key in postponed:
        until = day_of(postponed[key][0])
        if until is not None and until > original:
            return until, postponed[key][1]
    return original, ""


def place(
    agenda: Agenda,
    subject: str,
    kind: DueKind,
    record: str,
    original: date,
    basis: Callable[[], Basis],
    *,
    part: str = "",
    postponed: Postponed | None = None,
    also: tuple[str, ...] = (),
    params: Params = (),
) -> DueLine | None:
    """A line in its place, or None when it lies beyond the horizon. The basis is made when it is asked for:
    ``basis`` must not read anything that changes meanwhile.

    Args:
        part: tells lines of one kind apart that have no record of their own (a step's code).
    """
    if original > agenda.horizon:
        return None
    spot = agenda.spot(original)
    key = line_key(kind, record, part, spot.iso)
    due, reason = put_off_to(key, original, postponed)
    if due > agenda.horizon:
        return None
    if due != original:
        spot = agenda.spot(due)
    return DueLine(
        key, subject, kind, record, due, original, spot.bucket, spot.away, basis, reason, also, params
    )


def with_term(basis: Basis, figure: Entry | None, today: date) -> Basis:
    """The trace with the figure that put the line on this day: 自定 terms are seen where they act."""
    if figure is None:
        return basis
    step = Step(figure.key, figure.sentence, "", figure.source, figure.status_on(today), figure.note)
    return replace(basis, steps=(*basis.steps, step))


@functools.lru_cache(maxsize=4096)
def day_of(iso: str) -> date | None:
    """The day of an ISO text; the last day of a month or year; None for anything else.

    A day outside the years that rules count in is none: nothing is due by it.
    A due date is never earlier than what the paper says, so a month means its end.
    """
    partial = PartialDate.parse(iso)
    return partial.last if partial else None
