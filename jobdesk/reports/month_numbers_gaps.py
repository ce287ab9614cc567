"""待补: what is missing before printing, by person, and where it is put right. Nothing is filled in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from jobdesk.cases.contacts import Sort
from jobdesk.cases.facts import Rec
from jobdesk.host.strings import text
from jobdesk.reports.month_numbers_facts import contact_of, current_plan, plan_asked
from jobdesk.reports.month_numbers_people import Books, Person
from jobdesk.reports.month_numbers_sheet import late_reason, missing_items


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing.

    Attributes:
        kind: key of what it is, ``month.gap_<kind>``.
        what: the sentence shown.
        part, record: tab of the person's file and the record in it.
    """

    case_id: str
    name: str
    kind: str
    what: str
    part: str
    record: str = ""


ORDER = ("conflict", "service", "late", "identity", "phone", "plan", "review", "main", "contact")
"""Wrong things first, then blanks of the month's own records, then those of the file."""


def gaps_of(books: Books) -> tuple[Gap, ...]:
    """All gaps, by kind and then in the order of the sheets."""
    found = [gap for person in books.people for gap in _gaps(books, person)]
    return tuple(sorted(found, key=lambda g: ORDER.index(g.kind)))


def _gaps(books: Books, person: Person) -> Iterator[Gap]:
    def gap(kind: str, part: str, record: str = "", /, **params: object) -> Gap:
        return Gap(person.case_id, person.name, kind, text(f"month.gap_{kind}", **params), part, record)

    if person.case_id in books.conflicted:
        yield gap("conflict", "overview")
    for record, sort in person.services:
        if lacking := _lacking(record, sort):
            words = "、".join(text(f"month.lack_{k}") for k in lacking)
            yield gap("service", "services", record.id, day=_short(record), what=words)
        if late_reason(books, person, record) is not None and not record.text("late_reason"):
            yield gap("late", "services", record.id, day=_short(record))
    if missing := missing_items(person):
        yield gap("identity", "overview", what="、".join(text(f"missing.{c}") for c in missing))
    if wrong := _phone(person.facts.text("phone")):
        yield gap("phone", "overview", what=text(f"month.phone_{wrong}"))
    if not person.here(books.span.until):
        return
    plan = current_plan(books, person)
    if plan is None and plan_asked(person):
        yield gap("plan", "plan")
    elif plan is not None and not plan.text("review_on"):
        yield gap("review", "plan", plan.id)
    mains = [r for r in person.facts.of("recognition") if r.values.get("main") is True]
    if len(person.facts.of("recognition")) > 1 and len(mains) != 1:
        yield gap("main", "recognition")
    if contact_of(books, person) is None:
        yield gap("contact", "services")


def _lacking(record: Rec, sort: Sort) -> list[str]:
    """What a service lacks on paper: type, channel, who served, content, outcome."""
    out = [k for k in ("type", "channel", "staff") if not record.text(k)]
    if sort is not Sort.ATTEMPT:
        if not (record.text("content") or record.text("offered") or record.values.get("vacancies")):
            out.append("content")
        if not (record.text("outcome") or record.text("outcome_text") or record.text("engagement")):
            out.append("outcome")
    return out


def _short(record: Rec) -> str:
    day = record.text("served_on")
    return text("month.short_day", month=int(day[5:7]), day=int(day[8:10])) if len(day) == 10 else day


def _phone(value: str) -> str:
    """``short`` or ``long`` for a mobile number of another length than eleven."""
    digits = "".join(c for c in value if c.isdigit())
    if not digits.startswith("1") or not value:
        return ""
    return "short" if len(digits) < 11 else "long" if len(digits) > 11 else ""
