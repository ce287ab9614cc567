"""1311 over its circle only: how far each step was offered, with those outside the rate in sight."""

from __future__ import annotations

from collections.abc import Mapping

from jobdesk.cases.progress import Progress, progress
from jobdesk.host.strings import text
from jobdesk.reports.cover_data import StepCount, StepTotals
from jobdesk.reports.month_numbers_people import Books
from jobdesk.reports.month_numbers_sheet import best_round
from jobdesk.reports.month_numbers_tally import Tally


def progress_of(books: Books) -> dict[str, Progress]:
    """Progress of those who belong to a circle of the template on the last day, or left it by a job."""
    template = books.agenda.template
    if template is None:
        return {}
    kinds = {k for c in (template.circle, *template.extra_circles) for k in (c.graduate_kinds or {""})}
    found: dict[str, Progress] = {}
    for person in books.people:
        if "" not in kinds and person.facts.text("graduate_kind") not in kinds:
            continue
        made = progress(person.facts, template, books.rules, books.span.until)
        if made.member.circle or made.member.why == "employed":
            found[person.case_id] = made
    return found


def steps_of(books: Books, made: Mapping[str, Progress], tally: Tally) -> tuple[StepTotals, ...]:
    template = books.agenda.template
    if template is None:
        return ()
    here = {p.case_id for p in books.people if p.here(books.span.until)}
    circles = {c.code: c.name for c in (template.circle, *template.extra_circles)}
    found: list[StepTotals] = []
    for code, name in circles.items():
        people = {i: p for i, p in made.items() if p.member.circle == code and i in here}
        if people:
            found.append(_circle(code, name, people, books, tally))
    return tuple(found)


def _circle(code: str, name: str, people: Mapping[str, Progress], books: Books, tally: Tally) -> StepTotals:
    template = books.agenda.template
    assert template is not None
    prefix = f"steps.{code}"
    rows: dict[str, list[int]] = {s.code: [0, 0, 0, 0] for s in template.steps}
    for case_id, found in people.items():
        tally.add(f"{prefix}.people", case_id)
        if found.member.outside:
            tally.add(f"{prefix}.outside", case_id)
            continue
        judged = best_round(found)
        counted = [s.counted for s in judged.steps]
        for s in judged.steps:
            place = "full" if s.done else "partial" if s.counted else "none"
            rows[s.step.code][("full", "partial", "none").index(place)] += 1
            tally.add(f"{prefix}.{s.step.code}.{place}", case_id)
            if s.joined and s.counted:
                rows[s.step.code][3] += 1
                tally.add(f"{prefix}.{s.step.code}.attended", case_id)
        whole = "all_full" if judged.done else "part" if any(counted) else "none"
        tally.add(f"{prefix}.{whole}", case_id)
    n = tally.number
    outside = n(f"{prefix}.outside")
    notes = [text("month.steps_circle", name=name, people=len(people))]
    if outside:
        notes.append(text("month.steps_outside", count=outside))
    unconfirmed = template.status == "unconfirmed" or any(
        s.counts_status == "unconfirmed" for s in template.steps
    )
    notes.append(text("month.steps_unconfirmed" if unconfirmed else "month.steps_template", name=template.id))
    return StepTotals(
        "；".join(notes),
        tuple(StepCount(s.name, s.required, *rows[s.code]) for s in template.steps),
        *(n(f"{prefix}.{k}") for k in ("all_full", "part", "none", "outside")),
        people=len(people),
    )
