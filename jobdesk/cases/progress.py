"""Progress of a service template, computed from service records and from nothing else.

Every service record is either counted or not counted, with the reason; both the number offered and the
number joined are always there, whichever of them counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from jobdesk.cases.basis import Basis, Seen
from jobdesk.cases.circles import Membership, membership
from jobdesk.cases.contacts import ServiceRules, Sort, sort_of
from jobdesk.cases.facts import CaseFacts, Rec
from jobdesk.cases.templates import Counts, ServiceTemplate, TemplateStep

_NO_TRACE = Basis("template")
_LEVELS = {"joined": Counts.JOINED, "completed": Counts.COMPLETED}


@dataclass(slots=True)
class StepEvent:
    """A service record that belongs to a step.

    Attributes:
        why: ``counted``, or ``same_post``, ``post_unnamed``, ``not_joined``, ``not_completed``.
        provider: who served when it was not the station (``school``, ``county`` …), else empty.
    """

    record: str
    day: str
    level: Counts
    why: str
    provider: str = ""


@dataclass(slots=True)
class StepProgress:
    """One step of one round; the three numbers may exceed ``required``."""

    step: TemplateStep
    offered: int
    joined: int
    completed: int
    events: tuple[StepEvent, ...] = ()

    @property
    def counted(self) -> int:
        return (self.offered, self.joined, self.completed)[self.step.counts]

    @property
    def missing(self) -> int:
        return max(0, self.step.required - self.counted)

    @property
    def done(self) -> bool:
        return self.missing == 0


@dataclass(slots=True)
class RoundProgress:
    """第N轮. ``completed_on`` is the day of the record that completed it, empty while it runs."""

    number: int
    steps: tuple[StepProgress, ...]
    started_on: str
    completed_on: str
    basis: Basis

    @property
    def done(self) -> bool:
        return all(s.done for s in self.steps)

    @property
    def filled(self) -> int:
        """Services that fill a place of the round: three recommendations of five fill three places."""
        return sum(min(s.counted, s.step.required) for s in self.steps)


@dataclass(slots=True)
class Progress:
    """All rounds of one person. ``rounds`` holds at least one; the last is the running one."""

    template: ServiceTemplate
    member: Membership
    rounds: tuple[RoundProgress, ...]
    basis: Basis

    @property
    def current(self) -> RoundProgress:
        return self.rounds[-1]

    @property
    def shown(self) -> RoundProgress:
        """The round a list, a file and a sheet show: the running one once a service has begun it, before
        that the one that was completed last. Nothing of six would say that nothing was done.
        """
        begun = [r for r in self.rounds if r.started_on]
        return begun[-1] if begun else self.current

    @property
    def rounds_done(self) -> int:
        return sum(r.done for r in self.rounds)


_NO_UNITS: tuple[frozenset[str], frozenset[str], frozenset[str]] = (frozenset(), frozenset(), frozenset())


class _StepCount:
    """Units seen at each level: a unit is a post where posts must differ, else a record."""

    __slots__ = ("events", "step", "units")

    def __init__(self, step: TemplateStep, *, trace: bool = True) -> None:
        self.step = step
        self.units: tuple[frozenset[str], frozenset[str], frozenset[str]] = _NO_UNITS
        self.events: list[StepEvent] | None = [] if trace else None

    def take(self, record: Rec) -> str:
        """Count a record; gives ``counted`` or why not."""
        level = _LEVELS.get(record.text("engagement"), Counts.OFFERED)
        units = posts_of(record) if self.step.distinct_posts else (record.id,)
        before = len(self.units[self.step.counts])
        first, second, third = self.units
        first = first.union(units)
        self.units = (
            first,
            second.union(units) if level >= Counts.JOINED else second,
            third.union(units) if level >= Counts.COMPLETED else third,
        )
        if level < self.step.counts:
            why = f"not_{self.step.counts.code}"
        elif len(self.units[self.step.counts]) > before:
            why = "counted"
        else:
            why = "post_unnamed" if units == ("",) else "same_post"
        if self.events is None:
            return why
        provider = record.text("provider")
        self.events.append(
            StepEvent(record.id, record.text("served_on"), level, why, "" if provider == "own" else provider)
        )
        return why

    def is_full(self) -> bool:
        return len(self.units[self.step.counts]) >= self.step.required

    def frozen(self) -> StepProgress:
        offered, joined, completed = self.units
        return StepProgress(self.step, len(offered), len(joined), len(completed), tuple(self.events or ()))


class _Round:
    __slots__ = ("completed_on", "left", "number", "seen", "started_on", "steps")

    def __init__(self, number: int, template: ServiceTemplate, *, trace: bool = True) -> None:
        self.number = number
        self.steps = [_StepCount(step, trace=trace) for step in template.steps]
        self.left = sum(1 for step in template.steps if step.required > 0)
        self.started_on = self.completed_on = ""
        self.seen: dict[str, str] = {}

    def is_done(self) -> bool:
        return self.left == 0

    def take(self, record: Rec) -> None:
        kind = record.text("type")
        fitting = [s for s in self.steps if kind in s.step.types]
        step = fitting[0] if len(fitting) == 1 else next((s for s in fitting if not s.is_full()), fitting[0])
        was_full = step.is_full()
        self.seen[record.id] = step.take(record)
        self.started_on = self.started_on or record.text("served_on")
        if not was_full and step.is_full():
            self.left -= 1
            if self.left == 0:
                self.completed_on = record.text("served_on")

    def frozen(self, basis: Basis) -> RoundProgress:
        steps = tuple(s.frozen() for s in self.steps)
        return RoundProgress(self.number, steps, self.started_on, self.completed_on, basis)


def posts_of(record: Rec) -> tuple[str, ...]:
    """The posts a recommendation names: vacancies by id, else its text of what was offered.

    Two recommendations with the same text (blanks apart) are one post; one that names no post is the
    same post as every other that names none, since nothing shows that they differ.
    """
    vacancies = record.values.get("vacancies")
    if isinstance(vacancies, list) and vacancies:
        return tuple(str(v) for v in vacancies)
    return ("".join(record.text("offered").split()),)


def progress(
    facts: CaseFacts, template: ServiceTemplate, rules: ServiceRules, day: date, until: date | None = None,
    *, member: Membership | None = None, trace: bool = True,
) -> Progress:  # fmt: skip
    """Rounds of a person as of a day.

    A record with a round number belongs to that round. One without belongs to the round that runs on
    its day: the first round until its steps are complete, then, where the template repeats, the next.

    Args:
        day: the day on which the circle is judged (today, or the last day of a month).
        until: records after it are not counted (``later``); ``day`` when left out.
        member: when it is already known.
        trace: False leaves bases and events empty, for those who only count.
    """
    last = (until or day).isoformat()
    services = facts.of("service")
    member = member or membership(facts, template, day)
    if not trace:
        types = _types(template)
        fitting = [r for r in services if r.values.get("type") in types]
        rounds, _ = _counted(fitting, template, rules, last, trace=False)
        return Progress(
            template, member, tuple(rounds[n].frozen(_NO_TRACE) for n in sorted(rounds)), _NO_TRACE
        )
    rounds, reasons = _counted(services, template, rules, last)
    days = {r.id: r.text("served_on") for r in services}
    made = tuple(_frozen(rounds[n], rounds, reasons, days, template) for n in sorted(rounds))
    return Progress(template, member, made, _whole_basis(rounds, reasons, days, template, member, last))


def _counted(
    services: Sequence[Rec], template: ServiceTemplate, rules: ServiceRules, last: str, *, trace: bool = True
) -> tuple[dict[int, _Round], dict[str, str]]:
    """The rounds, the running one among them, and why a record belongs to none."""
    reasons: dict[str, str] = {}
    rounds: dict[int, _Round] = {1: _Round(1, template, trace=trace)}
    types = _types(template)
    running = 1
    if len(services) > 1:
        services = sorted(services, key=_day_and_id)
    for record in services:
        why = _excluded(record, rules, types, last)
        if why:
            reasons[record.id] = why
            continue
        stated = record.values.get("round")
        number = stated if isinstance(stated, int) and stated > 0 else running
        current = rounds.get(number)
        if current is None:
            current = rounds[number] = _Round(number, template, trace=trace)
        current.take(record)
        running = max(running, number)
        if template.repeatable and running in rounds and rounds[running].is_done():
            running += 1
    if running > max(rounds):
        rounds[running] = _Round(running, template, trace=trace)
    return rounds, reasons


def _day_and_id(record: Rec) -> tuple[str, str]:
    return record.text("served_on"), record.id


_kept: tuple[ServiceTemplate, frozenset[str]] | None = None


def _types(template: ServiceTemplate) -> frozenset[str]:
    """Every service type that can count; of the template that was asked for last they are kept."""
    global _kept
    kept = _kept
    if kept is None or kept[0] is not template:
        kept = _kept = (template, frozenset(t for step in template.steps for t in step.types))
    return kept[1]


def _excluded(record: Rec, rules: ServiceRules, types: frozenset[str], last: str) -> str:
    served_on = record.text("served_on")
    if not served_on:
        return "undated"
    if served_on > last:
        return "later"
    sort, why = sort_of(record.values, rules)
    if sort is Sort.ATTEMPT:
        return why
    if record.text("type") in types:
        return ""
    return "follow_up" if sort is Sort.FOLLOW_UP else "no_step"


def _frozen(
    one: _Round, rounds: dict[int, _Round], reasons: dict[str, str], days: dict[str, str],
    template: ServiceTemplate,
) -> RoundProgress:  # fmt: skip
    others = {i: "other_round" for r in rounds.values() if r is not one for i in r.seen}
    basis = _basis(template, one.seen, {**reasons, **others}, days, (("started_on", one.started_on),))
    return one.frozen(basis)


def _whole_basis(
    rounds: dict[int, _Round], reasons: dict[str, str], days: dict[str, str], template: ServiceTemplate,
    member: Membership, last: str,
) -> Basis:  # fmt: skip
    seen = {i: why for r in rounds.values() for i, why in r.seen.items()}
    return _basis(template, seen, reasons, days, (("as_of", last),), member.notes)


def _basis(
    template: ServiceTemplate, seen: dict[str, str], reasons: dict[str, str], days: dict[str, str],
    dates: tuple[tuple[str, str], ...], notes: tuple[str, ...] = (),
) -> Basis:  # fmt: skip
    """All service records, split into those that count and those that do not."""
    not_counted = {i: why for i, why in seen.items() if why != "counted"} | reasons
    if any(s.distinct_posts for s in template.steps):
        notes = (*notes, "same_text_is_one_post")
    if any(s.counts_status == "unconfirmed" for s in template.steps):
        notes = (*notes, "counts_unconfirmed")
    return Basis(
        rule="template",
        source=template.source,
        status=template.status,
        dates=tuple(d for d in dates if d[1]),
        counted=tuple(Seen("service", i, "counted", days[i]) for i, why in seen.items() if why == "counted"),
        not_counted=tuple(Seen("service", i, why, days[i]) for i, why in sorted(not_counted.items())),
        notes=notes,
        params=(("template", template.id), ("counts", template.steps[0].counts.code)),
    )
