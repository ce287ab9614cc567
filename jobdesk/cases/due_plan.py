"""Due lines from 一人一策: measures, the station's promise, the goal, the next review, and the steps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from jobdesk.cases.basis import AGREED, Basis, Params, Seen, Step
from jobdesk.cases.circles import Membership, membership
from jobdesk.cases.due import Agenda, DueKind, DueLine, Postponed, day_of, place
from jobdesk.cases.facts import CaseFacts, Rec
from jobdesk.cases.progress import Progress, RoundProgress, StepProgress, progress
from jobdesk.cases.rules.vocabulary import judge, met
from jobdesk.cases.templates import ServiceTemplate

SETTLED = frozenset({"done", "replaced", "dropped"})
NEW_ROUND, NEW_ROUND_DAYS = "contact.new_round", "contact.new_round.days"
"""The rule that proposes a further round, and its working days (自定)."""


def current_plan(facts: CaseFacts) -> Rec | None:
    """The latest version; earlier agreements stand in the file and ask for nothing."""
    return max(facts.of("plan"), key=_version, default=None)


def _version(plan: Rec) -> tuple[int, str, str]:
    version = plan.values.get("version")
    return (version if isinstance(version, int) else 0, plan.text("agreed_on"), plan.id)


def open_measures(facts: CaseFacts, plan: Rec | None) -> list[Rec]:
    """Measures of the current plan (or of none) that are still to be done.

    A missed one stays until another one replaces it.
    """
    measures = facts.of("measure")
    replaced = {r.text("replaces") for r in measures}
    of_plan = {"", plan.id if plan else ""}
    found = [
        r
        for r in measures
        if not r.values.get("done_on")
        and r.text("state") not in SETTLED
        and r.id not in replaced
        and r.text("plan") in of_plan
    ]
    return sorted(found, key=lambda r: (r.text("due"), r.id))


def plan_lines(facts: CaseFacts, agenda: Agenda, postponed: Postponed) -> Iterator[DueLine]:
    """Lines of the current plan."""
    plan = current_plan(facts)
    measures = open_measures(facts, plan)
    stepped = _claimed(facts, agenda, measures) if any(m.text("step") for m in measures) else frozenset[str]()
    for measure in measures:
        if measure.id in stepped:
            continue
        params = (("what", measure.text("what")), ("owner", measure.text("owner")))
        yield from _line(facts, agenda, postponed, DueKind.MEASURE, measure, measure.text("due"), params)
    if plan is None:
        return
    if plan.text("promise_due") and not plan.text("promise_done_on"):
        params = (("what", plan.text("promise")), ("owner", plan.text("promise_owner")))
        yield from _line(facts, agenda, postponed, DueKind.PROMISE, plan, plan.text("promise_due"), params)
    reviews = sorted(
        (r for r in facts.of("review") if r.text("plan") in ("", plan.id) and r.text("reviewed_on")),
        key=lambda r: (r.text("reviewed_on"), r.id),
    )
    last = reviews[-1] if reviews else None
    reviewed = last.text("reviewed_on") if last else ""
    goal = plan.text("goal_due")
    if goal and reviewed < goal:
        params = (("what", plan.text("goal")),)
        yield from _line(facts, agenda, postponed, DueKind.PLAN_GOAL, plan, goal, params)
    following = (last.text("next_on") if last else "") or plan.text("review_on")
    if following > reviewed:
        yield from _line(facts, agenda, postponed, DueKind.PLAN_REVIEW, plan, following)


def _line(
    facts: CaseFacts, agenda: Agenda, postponed: Postponed, kind: DueKind, record: Rec, due: str,
    params: Params = (),
) -> Iterator[DueLine]:  # fmt: skip
    if not due or due > agenda.horizon_iso:
        return
    day = day_of(due)
    if day is None:
        return

    def basis() -> Basis:
        return Basis(
            f"plan_{kind.value}" if kind in (DueKind.MEASURE, DueKind.PROMISE) else kind.value,
            AGREED,
            "confirmed",
            (("agreed", due),),
            (Seen(record.kind, record.id, "counted", due),),
        )

    line = place(agenda, facts.case_id, kind, record.id, day, basis, postponed=postponed, params=params)
    if line is not None:
        yield line


def step_lines(facts: CaseFacts, agenda: Agenda, postponed: Postponed) -> Iterable[DueLine]:
    """Missing steps of the running round: those agreed as a measure, and those our own figures ask for.

    A round after the first is nobody's duty until a service has begun it: it is proposed (``NEW_ROUND``).
    """
    template = agenda.template
    member = _member(facts, agenda)
    return () if template is None or member is None else _steps(facts, agenda, postponed, template, member)


def _steps(
    facts: CaseFacts, agenda: Agenda, postponed: Postponed, template: ServiceTemplate, member: Membership
) -> Iterator[DueLine]:
    found = progress(facts, template, agenda.rules, agenda.today, member=member, trace=False)
    measures = open_measures(facts, current_plan(facts)) if "measure" in facts.records else ()
    agreed = agreed_steps(template, measures) if measures else {}
    current = found.current
    if current.number > 1 and not current.started_on:
        line = _new_round(facts, agenda, postponed, found)
        if line is not None:
            yield line
    traces: list[Basis] = []

    def trace() -> Basis:
        if not traces:
            traces.append(_trace(facts, agenda, current.number))
        return traces[0]

    for step in current.steps:
        if step.done:
            continue
        line = _step(facts, agenda, postponed, current, step, agreed.get(step.step.code), trace)
        if line is not None:
            yield line


def _new_round(facts: CaseFacts, agenda: Agenda, postponed: Postponed, found: Progress) -> DueLine | None:
    """1311×N: the next round is proposed once one is complete and the person still seeks work."""
    before, number = found.rounds[-2], found.current.number
    done, figure = day_of(before.completed_on), agenda.packs.figure(NEW_ROUND_DAYS, agenda.today)
    if done is None or figure is None:
        return None
    at = agenda.situation(facts)
    if not met(NEW_ROUND, at):
        return None
    due = agenda.by_pack(done, figure)

    def basis() -> Basis:
        ruled = judge(NEW_ROUND, at).basis()
        trace = _trace(facts, agenda, before.number)
        return replace(
            ruled,
            dates=(("completed_on", before.completed_on),),
            counted=(*trace.counted, *ruled.counted),
            notes=agenda.guessed(done, due),
            steps=(
                *ruled.steps,
                Step(figure.key, figure.sentence, "", figure.source, figure.status_on(agenda.today)),
            ),
        )

    params: Params = (("round", number), ("before", before.number), ("completed_on", before.completed_on))
    return place(
        agenda, facts.case_id, DueKind.NEW_ROUND, "", due, basis,
        part=str(number), postponed=postponed, params=params,
    )  # fmt: skip


def agreed_steps(template: ServiceTemplate, measures: Sequence[Rec]) -> dict[str, Rec]:
    """Step code → the measure that asks for it first. A measure names a service type; a step with
    alternatives (技能培训或就业见习) is asked for by any of its types.
    """
    found: dict[str, Rec] = {}
    for measure in measures:
        wanted = measure.text("step")
        step = next((s for s in template.steps if wanted == s.code or wanted in s.types), None)
        if wanted and step is not None and measure.text("due"):
            found.setdefault(step.code, measure)
    return found


def _claimed(facts: CaseFacts, agenda: Agenda, measures: Sequence[Rec]) -> frozenset[str]:
    """Measures that a step line stands for. Outside the circle, or for a step that this template does
    not have, a measure asks for itself like any other: what was agreed is never silent.
    """
    if agenda.template is None or _member(facts, agenda) is None:
        return frozenset()
    return frozenset(m.id for m in agreed_steps(agenda.template, measures).values())


def _member(facts: CaseFacts, agenda: Agenda) -> Membership | None:
    """The person's standing towards the template; None outside its rates."""
    template = agenda.template
    if template is None:
        return None
    kinds = template.circle.graduate_kinds
    if kinds and not template.extra_circles and facts.text("graduate_kind") not in kinds:
        return None
    member = membership(facts, template, agenda.today)
    return member if member.in_rate else None


def _trace(facts: CaseFacts, agenda: Agenda, number: int) -> Basis:
    """The whole trace, made again only for a line that stands."""
    if agenda.template is None:
        return Basis("template")
    whole = progress(facts, agenda.template, agenda.rules, agenda.today)
    return next((r.basis for r in whole.rounds if r.number == number), whole.basis)


def _step(
    facts: CaseFacts, agenda: Agenda, postponed: Postponed, current: RoundProgress, step: StepProgress,
    measure: Rec | None, made: Callable[[], Basis],
) -> DueLine | None:  # fmt: skip
    if measure is not None:
        start, due, rule = measure.text("due"), day_of(measure.text("due")), "step_agreed"
    else:
        rule = "step_due"
        start = (
            max(facts.text("opened_on"), facts.text("first_round_on"))
            if current.number == 1
            else current.started_on
        )
        if not step.step.due_after or start > agenda.horizon_iso:
            return None
        first = day_of(start)
        if first is None or not facts.text("opened_on"):
            return None
        due = agenda.after(first, f"step_days_{step.step.code}")
    if due is None or due > agenda.horizon:
        return None
    params: Params = (
        ("step", step.step.name),
        ("counted", step.counted),
        ("required", step.step.required),
        ("round", current.number),
    )

    def basis() -> Basis:
        trace, figure = made(), agenda.figures.by_key.get(f"step_days_{step.step.code}")
        own = measure is None and figure is not None
        return Basis(
            rule,
            figure.source if own and figure else AGREED,
            figure.status if own and figure else "confirmed",
            (("agreed" if measure else "started_on", start),),
            (*trace.counted, *((Seen("measure", measure.id, "counted", start),) if measure else ())),
            trace.not_counted,
            (*trace.notes, *(("composition_unconfirmed",) if trace.status == "unconfirmed" else ())),
            params,
        )

    record = measure.id if measure else ""
    return place(
        agenda, facts.case_id, DueKind.STEP, record, due, basis,
        part=f"{step.step.code}.{current.number}", postponed=postponed, params=params,
    )  # fmt: skip
