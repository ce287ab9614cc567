"""The clock of a household: first help, one job by the deadline, the ladder, the job that cleared it.

It runs from the county's decision (a zero-employment household) or from the 备案 (the other kinds that the
duty covers), and only when that stands on 省系统 or 文书. It never starts again by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from jobdesk.cases.counting import deadline, quarter_end, span
from jobdesk.cases.facts import CaseFacts, Rec, is_member, is_open
from jobdesk.cases.households import is_duty
from jobdesk.cases.partial_date import exact_day
from jobdesk.cases.rules.facts_household import ZERO, recognised_on
from jobdesk.cases.rules.pack import Entry, PackSet
from jobdesk.cases.rules.situation import CHECKED_SOURCES
from jobdesk.cases.working_days import WorkingDays

DEADLINE, FIRST_HELP, LADDER = "households.deadline", "households.first_help.days", "households.ladder"
WARN_DAYS, WARN_WORKING = "households.warning.days", "households.warning.working_days"
REVERIFY, CLEAR = "households.reverify.days", "households.clear.days"
QUARTER_END = "quarter_end"


@dataclass(frozen=True, slots=True)
class Job:
    """A verified job of a member on the day.

    Attributes:
        case_id: whose. since: ISO date of stated precision. verified_on: ISO day, may be empty.
    """

    case_id: str
    kind: str
    id: str
    since: str
    verified_on: str


@dataclass(frozen=True, slots=True)
class Rung:
    """Who holds the household now.

    Attributes:
        up: next level, empty on the last one.
        due: the day on which it is handed up, None on the last or when the pack gives no days.
    """

    record: Rec
    level: str
    holder: str
    since: str
    up: str = ""
    due: date | None = None
    figure: Entry | None = None


@dataclass(frozen=True, slots=True)
class HouseholdClock:
    """How the household stands in time.

    Attributes:
        start: first day of the clock; None while it does not run.
        why_not: why it does not run: ``no_duty``, ``not_recognised``, ``no_day``, ``unchecked``, ``exited``,
            ``cleared``; empty while it runs.
        deadline: last day for one job. choice: by which way of counting it was found.
        first_help_due: None once there was first help.
        job: a verified job that lets it be cleared, or that stands behind the clearing.
        ended: the job that cleared it is over: its last day, or the day asked when it is gone from the file.
    """

    start: date | None = None
    why_not: str = ""
    deadline: date | None = None
    deadline_rule: Entry | None = None
    choice: str = ""
    first_help_due: date | None = None
    first_help_rule: Entry | None = None
    rung: Rung | None = None
    job: Job | None = None
    cleared_on: str = ""
    ended: date | None = None

    @property
    def runs(self) -> bool:
        return self.start is not None and not self.why_not


def clock_of(
    household: CaseFacts, day: date, packs: PackSet, people: Mapping[str, CaseFacts], days: WorkingDays,
    choice: str = "",
) -> HouseholdClock:  # fmt: skip
    """The clock on a day.

    Args:
        choice: the way of counting the deadline that the station has set; the pack's by default.
    """
    job = first_job(household, day, people)
    rung = rung_of(household, day, packs, days)
    cleared = household.text("cleared_on")
    if cleared and cleared <= day.isoformat():
        ended = _ended(household, day, people)
        return HouseholdClock(None, "cleared", rung=rung, job=job, cleared_on=cleared, ended=ended)
    start, why_not = _start(household, day, packs)
    if start is None or why_not:
        return HouseholdClock(None, why_not, rung=rung, job=job)
    deadline, rule, used = deadline_of(start, packs, days, choice, day)
    first, first_rule = None, packs.figure(FIRST_HELP, day)
    if not household.text("first_help_on") and first_rule is not None and first_rule.value is not None:
        first = days.add(start, first_rule.value)
    return HouseholdClock(start, "", deadline, rule, used, first, first_rule, rung, job)


def _start(household: CaseFacts, day: date, packs: PackSet) -> tuple[date | None, str]:
    if not is_duty(household, day, packs):
        return None, "no_duty"
    if household.text("exited_on") and household.text("exited_on") <= day.isoformat():
        return None, "exited"
    if household.text("kind") == ZERO:
        stands = recognised_on(household, day.isoformat())
        if stands is False:
            return None, "not_recognised"
        begun = household.text("decided_on")
    else:
        begun = household.text("decided_on") or household.text("filed_on")
    start = exact_day(begun)
    if start is None:
        return None, "no_day"
    if start > day:
        return None, "not_recognised"
    if household.text("source") not in CHECKED_SOURCES:
        return None, "unchecked"
    again = exact_day(household.text("reverified_on"))
    return (again if again is not None and start < again <= day else start), ""


def deadline_of(
    start: date, packs: PackSet, days: WorkingDays, choice: str, day: date
) -> tuple[date | None, Entry | None, str]:
    """The deadline, the entry it stands on, and the way of counting: ``quarter_end`` or the figure's name.

    A choice that no pack knows is passed over.
    """
    entry = packs.on(DEADLINE, day)
    if entry is None:
        return None, None, ""
    listed = entry.data.get("choices")
    known = tuple(str(c) for c in listed) if isinstance(listed, tuple) else ()
    used = choice if choice in known else str(entry.data.get("choice", QUARTER_END))
    if used == QUARTER_END:
        return quarter_end(start), entry, used
    figure = packs.figure(f"{DEADLINE}.{used}", day)
    if figure is None or figure.value is None:
        return None, entry, used
    return _after(start, figure, days), figure, used


def _after(start: date, figure: Entry, days: WorkingDays) -> date:
    return deadline(start, span(figure.value, figure.unit), days).day


def warnings(deadline: date, packs: PackSet, days: WorkingDays, day: date) -> list[tuple[date, Entry]]:
    """Days on which the deadline is told before it comes, the first one first."""
    found: list[tuple[date, Entry]] = []
    for key in (WARN_DAYS, WARN_WORKING):
        figure = packs.figure(key, day)
        if figure is not None and figure.value:
            back = (
                days.add(deadline, -figure.value)
                if figure.unit == "working_day"
                else deadline - timedelta(days=figure.value)
            )
            found.append((back, figure))
    return sorted(found, key=lambda pair: pair[0])


def levels(packs: PackSet, day: date) -> tuple[str, ...]:
    """The ladder from below; empty where no pack gives one."""
    entry = packs.on(LADDER, day)
    named = entry.data.get("levels") if entry is not None else None
    return tuple(str(n) for n in named) if isinstance(named, tuple) else ()


def rung_of(household: CaseFacts, day: date, packs: PackSet, days: WorkingDays) -> Rung | None:
    """The rung that runs on the day, the one begun last when there are several."""
    iso = day.isoformat()
    running = [r for r in household.of("rung") if is_open(r.values, iso)]
    found = max(running, key=lambda r: (r.text("since"), r.id), default=None)
    if found is None:
        return None
    level, order = found.text("level"), levels(packs, day)
    at = order.index(level) if level in order else -1
    up = order[at + 1] if 0 <= at < len(order) - 1 else ""
    since, figure = exact_day(found.text("since")), packs.figure(f"{LADDER}.{level}", day)
    due = None
    if up and since is not None and figure is not None and figure.value is not None:
        due = _after(since, figure, days)
    return Rung(found, level, found.text("holder"), found.text("since"), up, due, figure)


def first_job(household: CaseFacts, day: date, people: Mapping[str, CaseFacts]) -> Job | None:
    """The verified job of a member that runs on the day, the earliest begun."""
    iso = day.isoformat()
    found: list[Job] = []
    for member in household.of("member"):
        file = people.get(member.text("case"))
        if file is None or not is_member(member.values, iso):
            continue
        for kind in ("placement", "employment"):
            for record in file.of(kind):
                on = verified(record)
                if on is not None and on[:10] <= iso and is_open(record.values, iso):
                    found.append(Job(file.case_id, kind, record.id, record.text("since"), on))
    return min(found, key=lambda j: (j.since, j.id), default=None)


def verified(record: Rec) -> str | None:
    """The day a job was verified (may be empty), or None while it is only heard of.

    A placement says it itself; a 就业登记 is verified by its 凭据, its day or a checked source.
    """
    if record.kind == "placement":
        return record.text("verified_on") or None
    proof = ("registered_on", "evidence_kind", "evidence")
    if any(record.text(n) for n in proof) or record.text("source") in CHECKED_SOURCES:
        return record.text("registered_on")
    return None


def _ended(household: CaseFacts, day: date, people: Mapping[str, CaseFacts]) -> date | None:
    """The last day of the job that cleared it, once past and not answered by 重新核实."""
    job, iso = household.text("cleared_by"), day.isoformat()
    if not job:
        return None
    record = _held(household, people, job)
    if record is None:
        ended = exact_day(household.text("cleared_on"))
    elif is_open(record.values, iso) or not record.text("until"):
        return None
    else:
        ended = exact_day(record.text("until")) or day
    again = household.text("reverified_on")
    if ended is None or (again and again >= ended.isoformat()):
        return None
    return ended


def _held(household: CaseFacts, people: Mapping[str, CaseFacts], job: str) -> Rec | None:
    for member in household.of("member"):
        file = people.get(member.text("case"))
        for kind in ("placement", "employment") if file is not None else ():
            for record in file.of(kind) if file is not None else ():
                if record.id == job:
                    return record
    return None
