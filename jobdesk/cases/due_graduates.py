"""Graduates' clocks: 将满2年, and the support windows that end when the two years are over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from jobdesk.cases.basis import Basis, Seen
from jobdesk.cases.due import Agenda, DueKind, DueLine, Postponed, day_of, place, with_term
from jobdesk.cases.due_ends import served_since
from jobdesk.cases.facts import CaseFacts
from jobdesk.cases.figures import add_months
from jobdesk.cases.partial_date import PartialDate
from jobdesk.cases.rules.facts_person import left_is_sure, left_school
from jobdesk.cases.rules.pack import Entry, PackSet
from jobdesk.cases.rules.proofs import proof_of
from jobdesk.cases.rules.verdict import Outcome
from jobdesk.cases.rules.vocabulary import judge, outcome

WAITING = "graduates.waiting"
WINDOWS = "graduates.window."


def left_on(facts: CaseFacts, agenda: Agenda) -> PartialDate | None:
    """When school was left, further study counted; None while it is not known or not yet over."""
    if facts.of("absence"):
        at = agenda.situation(facts)
        if any(r.text("kind") == "study" for r in at.running("absence")):
            return None
        return left_school(at)[0]
    return PartialDate.parse(facts.text("graduated_on"))


def full_day(left: PartialDate, packs: PackSet, today: date) -> tuple[date, Entry] | None:
    """The day on which the months are full, counted from the last day it can mean; None without a figure."""
    figure = packs.figure("graduates.months", today)
    return (add_months(left.last, figure.value), figure) if figure and figure.value else None


def windows(left: PartialDate, packs: PackSet, today: date) -> list[tuple[date, Entry]]:
    """(last day, figure) of every support window that the packs of the day know."""
    found: list[tuple[date, Entry]] = []
    for key in packs.keys(WINDOWS):
        figure = packs.figure(key, today)
        if figure is not None and figure.value:
            found.append((add_months(left.last, figure.value), figure))
    return sorted(found, key=lambda w: (w[0], w[1].key))


def left_is_confirmed(facts: CaseFacts, agenda: Agenda) -> bool:
    """Whether the clocks of a graduate run: 省系统 or 文书 confirmed when school was left."""
    if facts.of("absence"):
        at = agenda.situation(facts)
        return left_is_sure(at, left_school(at)[1])
    return proof_of(facts, "graduated_on", agenda.iso) is not None


def confirmed_on(facts: CaseFacts, agenda: Agenda) -> date | None:
    """The day on which the graduation date was confirmed: no line about it can be older."""
    proof = proof_of(facts, "graduated_on", agenda.iso)
    return day_of(proof.text("looked_on")) if proof is not None else None


def graduate_lines(facts: CaseFacts, agenda: Agenda, postponed: Postponed) -> Iterator[DueLine]:
    """PREPARE some days before the months are full, and WINDOW_END for each day on which windows end.

    None while the date is not confirmed: then ``due_verify`` asks for that first.
    """
    if facts.text("graduate_kind") in ("", "none") or not facts.text("graduated_on"):
        return
    left = left_on(facts, agenda)
    if left is None or not left_is_confirmed(facts, agenda):
        return
    packs, today = agenda.packs, agenda.today
    full = full_day(left, packs, today)
    if full is None or full[0] < today or left.first > today:
        return
    ahead = packs.number("graduates.prepare_days", today)
    warning = packs.number("graduates.window_warning", today)
    if full[0] - timedelta(days=max(ahead, warning)) > agenda.horizon:
        return
    if outcome(WAITING, agenda.situation(facts)) is Outcome.NOT_MET:
        return
    opened = max(day_of(facts.text("opened_on")) or date.min, confirmed_on(facts, agenda) or date.min)
    look = max(full[0] - timedelta(days=ahead), min(opened, full[0]))
    if full[0] > today and not served_since(facts, agenda, look.isoformat()):
        yield from _line(facts, agenda, postponed, DueKind.PREPARE, look, full[0], (full[1],))
    by_end: dict[date, list[Entry]] = {}
    for end, figure in windows(left, packs, today):
        by_end.setdefault(end, []).append(figure)
    for end, figures in by_end.items():
        look = max(end - timedelta(days=warning), min(opened, end))
        if end >= today and not served_since(facts, agenda, look.isoformat()):
            yield from _line(facts, agenda, postponed, DueKind.WINDOW_END, look, end, tuple(figures))


def _line(
    facts: CaseFacts, agenda: Agenda, postponed: Postponed, kind: DueKind, look: date, end: date,
    figures: tuple[Entry, ...],
) -> Iterator[DueLine]:  # fmt: skip
    key = "graduates.prepare_days" if kind is DueKind.PREPARE else "graduates.window_warning"

    def basis() -> Basis:
        made = clock_basis(facts, agenda, end, figures)
        return with_term(made, agenda.packs.figure(key, agenda.today), agenda.today)

    made = place(
        agenda, facts.case_id, kind, "", look, basis, postponed=postponed,
        params=(("until", end.isoformat()), ("days", (end - agenda.today).days)),
    )  # fmt: skip
    if made is not None:
        yield made


def clock_basis(facts: CaseFacts, agenda: Agenda, end: date, figures: tuple[Entry, ...]) -> Basis:
    """Why a window ends or the months are full on that day."""
    at = agenda.situation(facts)
    used = left_school(at)[1]
    left = left_on(facts, agenda)
    trace = judge(WAITING, at).basis()
    served = any(r.text("kind") == "military" for r in facts.of("absence"))
    first = figures[0]
    return Basis(
        first.key, first.source, first.status_on(agenda.today),
        (("left_school", left.iso() if left else ""), ("window_end", end.isoformat())),
        tuple(Seen(r.kind, r.id, "counted", r.text("until")) for r in used),
        notes=("enlistment_open",) if served else (),
        sentence="；".join(f.sentence for f in figures),
        facts=trace.facts, missing=trace.missing, steps=trace.steps,
        remark="；".join(dict.fromkeys(f.note for f in figures if f.note)),
    )  # fmt: skip
