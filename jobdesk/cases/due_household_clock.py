"""Lines of a household's clock: first help, the job and its warnings, the ladder, the job that ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from jobdesk.cases.basis import Basis, Params, Seen, Step
from jobdesk.cases.contacts import Sort, sort_of
from jobdesk.cases.due import Agenda, DueKind, DueLine, Postponed, place
from jobdesk.cases.facts import CaseFacts
from jobdesk.cases.household_clock import (
    CLEAR,
    LADDER,
    REVERIFY,
    HouseholdClock,
    Rung,
    levels,
    warnings,
)
from jobdesk.cases.households import DUTY
from jobdesk.cases.partial_date import exact_day
from jobdesk.cases.rules.pack import Entry


def clock_lines(
    household: CaseFacts, agenda: Agenda, postponed: Postponed, clock: HouseholdClock
) -> Iterator[DueLine]:
    """While the clock runs: the job that clears it, else first help, the deadline and the ladder."""
    made: list[DueLine | None] = []
    if clock.job is not None:
        made.append(_clear(household, agenda, postponed, clock))
    else:
        if clock.first_help_due is not None:
            made.append(_first_help(household, agenda, postponed, clock, clock.first_help_due))
        if clock.deadline is not None:
            made.append(_job(household, agenda, postponed, clock, clock.deadline))
        made.append(_ladder(household, agenda, postponed, clock))
    yield from (line for line in made if line is not None)


def _clear(
    household: CaseFacts, agenda: Agenda, postponed: Postponed, clock: HouseholdClock
) -> DueLine | None:
    """A verified job stands: 可记 已实现1人就业, an act of the clerk."""
    job = clock.job
    assert job is not None
    day = exact_day(job.verified_on) or exact_day(job.since) or agenda.today
    day = min(max(day, clock.start or day), agenda.today)
    term = agenda.packs.figure(CLEAR, agenda.today)
    if term is not None and term.value is not None:
        day = agenda.by_pack(day, term)
    seen = (Seen(job.kind, job.id, "counted", job.since),)
    dates = (("job_since", job.since), ("job_verified", job.verified_on))
    return place(
        agenda, household.case_id, DueKind.HOUSEHOLD_JOB, job.id, day,
        _duty(agenda, dates, seen, (term,) if term is not None else None),
        part="clear", postponed=postponed, params=(("part", "clear"), ("case", job.case_id)),
    )  # fmt: skip


def _first_help(
    household: CaseFacts, agenda: Agenda, postponed: Postponed, clock: HouseholdClock, due: date
) -> DueLine | None:
    return place(
        agenda, household.case_id, DueKind.HOUSEHOLD_LADDER, "", due,
        _figure(household, clock.first_help_rule, clock.start), part="first_help", postponed=postponed,
        params=(("part", "first_help"), ("level", clock.rung.level if clock.rung else "")),
    )  # fmt: skip


def _job(
    household: CaseFacts, agenda: Agenda, postponed: Postponed, clock: HouseholdClock, deadline: date
) -> DueLine | None:
    """The deadline; before it warnings, each answered by a service to a member since its day."""
    due, part, figure = _stage(household, agenda, clock, deadline)
    dates = (("clock_from", _iso(clock.start)), ("deadline", deadline.isoformat()))
    params: Params = (
        ("part", part), ("deadline", deadline.isoformat()), ("days", (deadline - agenda.today).days),
        ("choice", clock.choice),
    )  # fmt: skip
    seen = (Seen("household", household.case_id, "counted", _iso(clock.start)),)
    rules = tuple(e for e in (clock.deadline_rule, figure) if e is not None)
    return place(
        agenda, household.case_id, DueKind.HOUSEHOLD_JOB, "", due, _duty(agenda, dates, seen, rules),
        part=part, postponed=postponed, params=params,
    )  # fmt: skip


def _stage(
    household: CaseFacts, agenda: Agenda, clock: HouseholdClock, deadline: date
) -> tuple[date, str, Entry | None]:
    """The warning that waits for an answer or comes next, else the deadline."""
    if agenda.today >= deadline:
        return deadline, "deadline", None
    looks = [
        (day, figure)
        for day, figure in warnings(deadline, agenda.packs, agenda.days, agenda.today)
        if clock.start is None or day > clock.start
    ]
    passed = [look for look in looks if look[0] <= agenda.today]
    coming = [look for look in looks if look[0] > agenda.today]
    if passed and not _helped(household, agenda, passed[-1][0]):
        coming = passed[-1:]
    if not coming:
        return deadline, "deadline", None
    day, figure = coming[0]
    return day, "warning", figure


def _ladder(
    household: CaseFacts, agenda: Agenda, postponed: Postponed, clock: HouseholdClock
) -> DueLine | None:
    """Who holds it has had their days: hand it up. Without a rung the first one is to be written down."""
    rung, order = clock.rung, levels(agenda.packs, agenda.today)
    if rung is None:
        if not order or clock.start is None:
            return None
        entry = agenda.packs.on(LADDER, agenda.today)
        return place(
            agenda, household.case_id, DueKind.HOUSEHOLD_LADDER, "", clock.start,
            _figure(household, entry, clock.start), part="begin", postponed=postponed,
            params=(("part", "begin"), ("level", order[0])),
        )  # fmt: skip
    if not rung.up or rung.due is None:
        return None
    return place(
        agenda, household.case_id, DueKind.HOUSEHOLD_LADDER, rung.record.id, rung.due,
        _rung_basis(rung, agenda), part="up", postponed=postponed,
        params=(("part", "up"), ("level", rung.level), ("up", rung.up), ("since", rung.since)),
    )  # fmt: skip


def reverify_lines(
    household: CaseFacts, agenda: Agenda, postponed: Postponed, clock: HouseholdClock, ended: date
) -> Iterator[DueLine]:
    """提示重新核实: the job that cleared it is over. Nothing is reopened by itself."""
    figure = agenda.packs.figure(REVERIFY, agenda.today)
    job = household.text("cleared_by")
    dates = (("job_ended", ended.isoformat()), ("cleared_on", clock.cleared_on))

    def basis() -> Basis:
        seen = (Seen("placement", job, "counted", ended.isoformat()),)
        if figure is None:
            return Basis("household_reverify", dates=dates, counted=seen)
        return Basis(
            figure.key, figure.source, figure.status_on(agenda.today), dates, seen, sentence=figure.sentence
        )

    line = place(
        agenda, household.case_id, DueKind.HOUSEHOLD_REVERIFY, job, agenda.by_pack(ended, figure), basis,
        postponed=postponed, params=(("ended", ended.isoformat()),),
    )  # fmt: skip
    if line is not None:
        yield line


# ---- traces


def _duty(
    agenda: Agenda, dates: Params, seen: tuple[Seen, ...], rules: tuple[Entry, ...] | None
) -> Callable[[], Basis]:
    """The standing duty of 2015 （十七） with the rules that give the day; the lapsed plan beside it."""
    packs, today = agenda.packs, agenda.today

    def basis() -> Basis:
        entry = packs.on(DUTY, today)
        plan = packs.on("households.plan_2020", today)
        steps = tuple(_step(e, today) for e in (*(rules or ()), *((plan,) if plan is not None else ())))
        named = tuple((n, str(v)) for n, v in dates if v)
        if entry is None:
            return Basis("household_job", dates=named, counted=seen, steps=steps)
        return Basis(
            entry.key, entry.source, entry.status_on(today), named, seen, sentence=entry.sentence, steps=steps
        )

    return basis


def _figure(household: CaseFacts, entry: Entry | None, start: date | None) -> Callable[[], Basis]:
    def basis() -> Basis:
        seen = (Seen("household", household.case_id, "counted", _iso(start)),)
        dates = (("clock_from", _iso(start)),)
        if entry is None:
            return Basis("household_ladder", dates=dates, counted=seen)
        return Basis(
            entry.key, entry.source, entry.status_on(start or entry.valid_from), dates, seen,
            sentence=entry.sentence,
        )  # fmt: skip

    return basis


def _rung_basis(rung: Rung, agenda: Agenda) -> Callable[[], Basis]:
    """The days of a rung are our own; that there are three, one above the other, stands in a document."""
    today = agenda.today

    def basis() -> Basis:
        ladder = agenda.packs.on(LADDER, today)
        steps = () if ladder is None else (_step(ladder, today),)
        seen, dates = (Seen("rung", rung.record.id, "counted", rung.since),), (("clock_from", rung.since),)
        entry = rung.figure
        if entry is None:
            return Basis("household_ladder", dates=dates, counted=seen, steps=steps)
        return Basis(
            entry.key, entry.source, entry.status_on(today), dates, seen, sentence=entry.sentence, steps=steps
        )

    return basis


def _step(entry: Entry, today: date) -> Step:
    return Step(entry.key, entry.sentence, "", entry.source, entry.status_on(today))


def _helped(household: CaseFacts, agenda: Agenda, since: date) -> bool:
    """Whether any member was served, not only tried, since a day."""
    iso = since.isoformat()
    for member in household.of("member"):
        file = agenda.people.get(member.text("case"))
        for record in file.of("service") if file is not None else ():
            if iso <= record.text("served_on") <= agenda.iso and (
                sort_of(record.values, agenda.rules)[0] is not Sort.ATTEMPT
            ):
                return True
    return False


def _iso(day: date | None) -> str:
    return day.isoformat() if day is not None else ""
