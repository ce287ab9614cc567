"""回访 that fell due in the period: kept on time, late, or not by the last day counted.

A contact asks for the next one. Between two contacts one day is owed: the earliest that was agreed, at
the contact itself or at an attempt after it; before the first contact the day of the first round; after
the last one the day typed on the file where no record names one. Attempts never answer a due day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from jobdesk.cases.contacts import Sort, by_day, sort_of
from jobdesk.cases.partial_date import exact_day
from jobdesk.reports.month_numbers_facts import as_of
from jobdesk.reports.month_numbers_people import Books, Person


@dataclass(frozen=True, slots=True)
class Due:
    """One due day. ``state`` is ``on_time``, ``late`` or ``missed``."""

    case_id: str
    day: date
    state: str
    answered: str = ""


def due_visits(books: Books, person: Person) -> list[Due]:
    """Due days of the period on which the person was on the books."""
    span = books.span
    found: list[Due] = []
    for day, answer in _owed(books, person):
        if not span.holds(day) or not person.here(day):
            continue
        if not answer:
            if span.running and day >= span.until:
                continue
            found.append(Due(person.case_id, day, "missed"))
        else:
            state = "on_time" if answer <= day.isoformat() else "late"
            found.append(Due(person.case_id, day, state, answer))
    return found


def _owed(books: Books, person: Person) -> list[tuple[date, str]]:
    """(due day, ISO day of the contact that answered it or empty), one for each gap between contacts."""
    facts, rules = as_of(books, person), books.rules
    found: list[tuple[date, str]] = []
    agreed: list[str] = [facts.text("first_round_on")]
    for day, _, values in by_day(facts):
        if not day:
            continue
        is_contact = (
            sort_of(values, rules)[0] is not Sort.ATTEMPT
            and (values.get("provider") or "") in rules.own_providers
        )
        if is_contact:
            _close(found, agreed, day)
            agreed = []
        following = values.get("next_contact")
        if isinstance(following, str) and following >= day:
            agreed.append(following)
    if not any(agreed):
        agreed.append(facts.text("next_contact"))
    _close(found, agreed, "")
    return found


def _close(found: list[tuple[date, str]], agreed: list[str], answered: str) -> None:
    days = [day for d in agreed if (day := exact_day(d)) is not None]
    if days:
        found.append((min(days), answered))
