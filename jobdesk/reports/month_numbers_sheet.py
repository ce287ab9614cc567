"""One person's sheet of a month, from what the books say as of the last day counted."""

from __future__ import annotations

from datetime import date

from jobdesk.cases.codes import CodeTable
from jobdesk.cases.completeness import completeness, is_graduate
from jobdesk.cases.contacts import Sort
from jobdesk.cases.facts import Rec
from jobdesk.cases.partial_date import PartialDate
from jobdesk.cases.presence import Move
from jobdesk.cases.progress import Progress, RoundProgress
from jobdesk.cases.summary import identity
from jobdesk.host.code_lists import table
from jobdesk.host.strings import text
from jobdesk.host.template_files import completeness_items
from jobdesk.reports.month_data import Counting, Graduate, PersonSheet, Service, Signing, Step, StepRound
from jobdesk.reports.month_numbers_facts import (
    categories,
    contact_of,
    plan_asked,
    plan_of,
    registration_of,
    service_content,
    service_outcome,
    staff_name,
    subsidies_of,
    work_of,
)
from jobdesk.reports.month_numbers_people import Books, Person

IN_PERSON = frozenset({"visit", "station"})
PRINTED_ITEMS = frozenset(
    {"id_number", "name", "birth", "sex", "phone", "address", "hukou_kind", "hukou_place", "education",
     "school", "major", "graduated_on"}
)  # fmt: skip
"""What the first block of the sheet prints, of what a file should hold."""
_COUNTING = {sort: Counting(sort.value) for sort in Sort}


def person_sheet(books: Books, person: Person, file_no: str, found: Progress | None) -> PersonSheet:
    """The sheet; ``found`` is the person's progress, None outside every circle."""
    facts = person.facts
    birth, sex = identity(facts)
    signing = signing_of(person)
    return PersonSheet(
        file_no=file_no,
        name=facts.text("name"),
        sex=_named("sex", sex),
        age=age_on(birth, books.span.until),
        birth=birth or None,
        id_number=facts.text("id_number") or None,
        phone=facts.text("phone") or facts.text("phone_2") or None,
        education=_named("education", facts.text("education")),
        registration=registration_of(books, person),
        hukou=facts.text("hukou_place") or None,
        hukou_kind=_named("hukou_kind", facts.text("hukou_kind")),
        address=_address(person),
        insured_at=facts.text("insured_place") or None,
        missing=len(missing_items(person)),
        graduate=_graduate(person),
        categories=categories(books, person),
        plan=plan_of(books, person),
        plan_asked=plan_asked(person),
        services=tuple(_service(books, person, r, sort) for r, sort in person.services),
        service_note=_late_note(books, person),
        steps=_steps(books, person, found) if found else None,
        placement=work_of(books, person),
        subsidies=subsidies_of(books, person),
        contact=contact_of(books, person),
        summary=summary_line(books, person),
        signing=signing,
        signing_lines=_signing_lines(books, person, signing),
    )


def missing_items(person: Person) -> list[str]:
    """Codes of what the first block lacks."""
    whole = completeness(person.facts, completeness_items())
    return [m.code for m in whole.missing if m.code in PRINTED_ITEMS]


def age_on(birth: str, day: date) -> int | None:
    """Whole years; None where the day or month that would decide is not known."""
    partial = PartialDate.parse(birth)
    if partial is None:
        return None
    youngest, oldest = _years(partial.last, day), _years(partial.first, day)
    return youngest if youngest == oldest else None


def _years(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def signing_of(person: Person) -> Signing:
    """Who was met signs; who was only called, or not served, does not (domain.md §11.17)."""
    served = [r for r, sort in person.services if sort is not Sort.ATTEMPT]
    if any(r.text("channel") in IN_PERSON for r in served):
        return Signing.IN_PERSON
    return Signing.PHONE_ONLY if served else Signing.NO_SERVICE


def _named(name: str, code: str) -> str | None:
    if not code or (name == "sex" and code in ("0", "9")):
        return None
    return shown(table(name), code)


def shown(codes: CodeTable, code: str) -> str | None:
    """The name of a code that may stand on paper; None for a restricted one."""
    return None if codes.is_restricted(code) else codes.name_of(code)


def _address(person: Person) -> str | None:
    community, address = person.facts.text("community"), person.facts.text("address")
    if community and address and community not in address:
        return f"{community} {address}"
    return address or community or None


def _graduate(person: Person) -> Graduate | None:
    if not is_graduate(person.facts):
        return None
    facts = person.facts
    return Graduate(
        facts.text("school") or None, facts.text("major") or None, facts.text("graduated_on") or None
    )


def _service(books: Books, person: Person, record: Rec, sort: Sort) -> Service:
    attempt = sort is Sort.ATTEMPT
    kind = text("month.attempt") if attempt else _named("service_type", record.text("type"))
    provider = record.text("provider")
    return Service(
        day=record.text("served_on")[5:],
        kind=kind or text("paper.not_filled"),
        channel=_named("channel", record.text("channel")) or text("paper.not_filled"),
        content=service_content(books, record),
        outcome=service_outcome(record, attempt),
        staff=staff_name(books, record.text("staff")) or text("paper.nothing"),
        counting=_COUNTING[sort],
        late=late_reason(books, person, record),
        source=_named("provider", provider) if provider not in ("", "own") else None,
    )


def late_reason(books: Books, person: Person, record: Rec) -> str | None:
    """Why a service was written down late (补录); None where it was not.

    Late is what carries a reason, or was entered after the period and later than our own figure allows.
    """
    reason = record.text("late_reason")
    if reason:
        return reason
    entered = person.entered.get(record.id)
    if entered is None or entered <= books.span.until:
        return None
    allowed = books.agenda.figures.value("late_entry_days", 7)
    day = PartialDate.parse(record.text("served_on"))
    if day is None or (entered - day.last).days <= allowed:
        return None
    return text("month.late_unsaid")


def _late_note(books: Books, person: Person) -> str:
    count = sum(late_reason(books, person, r) is not None for r, _ in person.services)
    return text("month.late_services", count=count) if count else ""


def best_round(found: Progress) -> RoundProgress:
    """The round that is judged: a complete one where there is one, else the one that runs."""
    return next((r for r in found.rounds if r.done), found.current)


def _steps(books: Books, person: Person, found: Progress) -> StepRound:
    now = found.shown
    notes = [text("month.step_big", what=text(f"month.counts_{found.template.steps[0].counts.code}"))]
    if any(s.counts_status == "unconfirmed" for s in found.template.steps):
        notes[0] += text("month.step_unconfirmed")
    started = text("month.step_since", day=now.started_on) if now.started_on else ""
    notes.append(text("month.step_round", number=now.number) + started)
    state = text("month.step_parts_unconfirmed") if found.template.status == "unconfirmed" else ""
    notes.append(text("month.step_template", name=found.template.id) + state)
    records = {r.id: r for r in person.facts.of("service")}
    outside = found.member.outside or ("employed" if not found.member.circle else "")
    return StepRound(
        "　·　".join(notes),
        tuple(
            Step(
                s.step.name,
                s.step.required,
                s.offered,
                s.joined,
                tuple(
                    (e.day[5:], _event(books, records[e.record]))
                    for e in s.events
                    if e.record in records and e.why == "counted"
                ),
            )
            for s in now.steps
        ),
        text(f"month.outside_{outside}") if outside else "",
    )


def _event(books: Books, record: Rec) -> str:
    posts = record.values.get("vacancies")
    named = [books.posts.get(str(v), "") for v in posts] if isinstance(posts, list) else []
    told = "、".join(n for n in named if n) or record.text("offered") or record.text("content")
    provider = record.text("provider")
    source = "" if provider in ("", "own") else f"（{table('provider').name_of(provider)}）"
    return (told or text("paper.nothing")) + source


def summary_line(books: Books, person: Person) -> str:
    """What happened in the month, counted; nothing that no record says."""
    kinds: dict[str, int] = {}
    for record in person.of_sort(Sort.SERVICE):
        name = _named("service_type", record.text("type")) or text("paper.not_filled")
        kinds[name] = kinds.get(name, 0) + 1
    parts: list[str] = []
    if kinds:
        told = "、".join(f"{name} {count}" for name, count in kinds.items())
        parts.append(text("month.sum_services", count=sum(kinds.values()), kinds=told))
    if visits := len(person.of_sort(Sort.FOLLOW_UP)):
        parts.append(text("month.sum_visits", count=visits))
    if tries := len(person.of_sort(Sort.ATTEMPT)):
        parts.append(text("month.sum_attempts", count=tries))
    if not parts:
        parts.append(text("month.sum_nothing"))
    for move in person.moves:
        said = text(f"month.sum_{move.move.value}", day=move.day.isoformat())
        reason = end_reason(move.reason) if move.move is Move.ENDED else ""
        parts.append(said + (text("month.sum_reason", reason=reason) if reason else ""))
    return "；".join(parts) + text("month.sum_end")


def end_reason(code: str) -> str:
    """Why help ended, as paper may say it; empty for what is restricted or sensitive."""
    codes = table("end_of_help")
    return "" if not code or codes.is_sensitive(code) else codes.name_of(code)


def _signing_lines(books: Books, person: Person, signing: Signing) -> tuple[str, ...]:
    if signing is Signing.IN_PERSON:
        return ()
    if signing is Signing.PHONE_ONLY:
        served = [r for r, sort in person.services if sort is not Sort.ATTEMPT]
        last = served[-1]
        day, who = last.text("served_on"), staff_name(books, last.text("staff"))
        channel = _named("channel", last.text("channel")) or ""
        return (text("month.signed_call", day=day), f"{who} {channel}".strip())
    contact = contact_of(books, person)
    if contact is None or not contact.day:
        return ()
    rest = " ".join(p for p in (contact.staff, contact.channel) if p)
    return (text("month.signed_next", day=contact.day), *([rest] if rest else []))
