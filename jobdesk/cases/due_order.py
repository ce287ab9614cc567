"""The order of 今日 that can be explained: points for days overdue, household ladder, category and tier.

The points stand in the pack ``order``. Overdue and today's lines come first, the highest score above; lines
of a later day come by day, then by score. One line a person and day: everything that is overdue or due
today is one line, since it is done on one occasion.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from jobdesk.cases.completeness import is_graduate
from jobdesk.cases.due import Agenda, Bucket, DueKind, DueLine, order
from jobdesk.cases.facts import CaseFacts, Rec, is_open
from jobdesk.cases.follow_ups import running_job
from jobdesk.cases.hardship import ZERO_MEMBER
from jobdesk.cases.recognition_states import LEFT, RUNNING, VALID
from jobdesk.cases.tiers import tier_code

_TODAY, _FIRST = int(Bucket.TODAY), date.min


class Part(NamedTuple):
    """What a line's place is made of. ``key`` is the figure of the pack; ``days`` only for overdue."""

    key: str
    points: int
    days: int = 0


@dataclass(slots=True, eq=False)
class DayLine:
    """One line of the list: somebody on a day, with every reason. Never changed once it is made.

    Attributes:
        lines: the reasons, the most urgent first; at least one.
        parts: what the score is the sum of.
        rank: sort key; equal boards sort equally.
        uid: unique in the station, and the same while the person stands on the same day.
    """

    subject: str
    lines: tuple[DueLine, ...]
    parts: tuple[Part, ...] = ()
    rank: tuple[int, date, int, date, str] = field(init=False)
    uid: str = field(init=False)

    def __post_init__(self) -> None:
        subject, lead, below = self.subject, self.lines[0], 0
        bucket, due = int(lead.bucket), lead.due
        if bucket > _TODAY:
            day, self.uid = due, f"{subject}/{due.isoformat()}"
        else:
            day, self.uid = _FIRST, subject + "/now"
        for part in self.parts:
            below -= part.points
        self.rank = (bucket, day, below, due, subject)

    @property
    def lead(self) -> DueLine:
        return self.lines[0]

    @property
    def kind(self) -> DueKind:
        """Of the most urgent reason."""
        return self.lines[0].kind

    @property
    def bucket(self) -> Bucket:
        return self.lines[0].bucket

    @property
    def due(self) -> date:
        return self.lines[0].due

    @property
    def score(self) -> int:
        return sum(p.points for p in self.parts)


def fold_day(
    subject: str, lines: Iterable[DueLine], standing: tuple[Part, ...], agenda: Agenda
) -> list[DayLine]:
    """The lines of one subject, one a day.

    Args:
        standing: points that the subject has on every day (``standing``).
    """
    days: dict[date, list[DueLine]] = {}
    today = agenda.today
    if isinstance(lines, list) and len(lines) == 1:
        late = overdue(lines[0], agenda)
        return [DayLine(subject, (lines[0],), (late, *standing) if late else standing)]
    for line in lines:
        due = line.due if line.due > today else today
        held = days.get(due)
        if held is None:
            days[due] = [line]
        else:
            held.append(line)
    made: list[DayLine] = []
    for listed in days.values():
        if len(listed) > 1:
            listed.sort(key=order)
        late = overdue(listed[0], agenda)
        made.append(DayLine(subject, tuple(listed), (late, *standing) if late else standing))
    return made


def overdue(line: DueLine, agenda: Agenda) -> Part | None:
    """Points for working days overdue, up to a number of them."""
    if line.bucket is not Bucket.OVERDUE or line.away >= 0:
        return None
    found = agenda.late.get(line.away)
    if found is None:
        days = min(-line.away, agenda.number("order.overdue_most") or -line.away)
        found = agenda.late[line.away] = (days * agenda.number("order.overdue"), -line.away)
    return Part("order.overdue", *found) if found[0] else None


def standing(facts: CaseFacts, agenda: Agenda) -> tuple[Part, ...]:
    """Points for household ladder, category and tier; parts without points are left out."""
    return _parts(agenda, _ladder(facts, agenda), _category(facts, agenda), _tier(facts, agenda))


def household_standing(household: CaseFacts, agenda: Agenda) -> tuple[Part, ...]:
    """The same of a household's own lines."""
    zero = household.text("kind") == "zero" and household.text("state") == "recognised"
    return _parts(agenda, _rung((household,), agenda), "order.category.zero_household" if zero else "")


def _parts(agenda: Agenda, *keys: str) -> tuple[Part, ...]:
    return tuple(Part(key, points) for key in keys if key and (points := agenda.number(key)))


def _ladder(facts: CaseFacts, agenda: Agenda) -> str:
    around = agenda.households.get(facts.case_id)
    return _rung(around, agenda) if around else ""


def _rung(households: Iterable[CaseFacts], agenda: Agenda) -> str:
    """The rung that holds a household now, the highest of several."""
    found = [r for h in households for r in h.of("rung") if is_open(r.values, agenda.iso)]
    latest = max(found, key=_since, default=None)
    return f"order.ladder.{latest.text('level')}" if latest is not None and latest.text("level") else ""


def _since(rung: Rec) -> tuple[str, str]:
    return rung.text("since"), rung.id


def _category(facts: CaseFacts, agenda: Agenda) -> str:
    """One category a person: the county's recognition before a sheet's word, a household's before others."""
    loose = False
    best = ""
    for record in facts.of("recognition"):
        state = record.text("state")
        if state in LEFT | RUNNING or not is_open(record.values, agenda.iso):
            continue
        if state not in VALID:
            loose = True
        elif record.text("category") == ZERO_MEMBER:
            return "order.category.zero_household"
        else:
            best = "order.category.hardship"
    if best or loose:
        return best or "order.category.unverified"
    if is_graduate(facts) and running_job(facts, agenda.iso) is None:
        return "order.category.graduate"
    return ""


def _tier(facts: CaseFacts, agenda: Agenda) -> str:
    code = tier_code(facts, agenda.situation(facts))
    return f"order.tier.{code}" if code else ""
