"""What was typed and is not acceptable, or is worth a second look: values beside fields, never raised.

A blocking problem keeps a form from being saved (its draft is kept), an odd one until a reason is given; a
hint is shown and lets it pass.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from jobdesk.cases import schema
from jobdesk.cases.facts import CaseFacts, Values
from jobdesk.cases.figures import Figures
from jobdesk.cases.odd_checks import ODD_CHECKS
from jobdesk.cases.oddities import answered
from jobdesk.cases.partial_date import EARLIEST_YEAR, LATEST_YEAR, PartialDate
from jobdesk.cases.problem import Look, Problem, Severity, block, hint
from jobdesk.cases.record_checks import CHECKS
from jobdesk.cases.schema import FieldType

__all__ = ["Problem", "Severity", "problems_of"]


def problems_of(
    kind: str,
    values: Values,
    today: date,
    figures: Figures,
    *,
    others: CaseFacts | None = None,
    record_id: str = "",
    entered_on: date | None = None,
) -> list[Problem]:
    """Problems of a record as typed, in the order of its fields, the blocking ones of a field first."""
    look = Look(values, today, figures, record_id, entered_on or today, others or CaseFacts("", {}))
    found = [*_generic(kind, look), *_spell(kind, look)]
    for check in CHECKS.get(kind, ()):
        found += check(look)
    if kind in ODD_CHECKS:
        found += (_stands(look, problem, record_id) for problem in ODD_CHECKS[kind](look))
    place = {f.name: n for n, f in enumerate(schema.RECORDS.get(kind, ()))}
    return sorted(found, key=lambda p: (place.get(p.field, len(place)), not p.blocks))


def _stands(look: Look, problem: Problem, record_id: str) -> Problem:
    """An odd fact that somebody has given a reason for is a hint from then on."""
    if record_id and answered(look.others, problem.code, record_id):
        return Problem(problem.code, problem.field, Severity.HINT, problem.params)
    return problem


def _generic(kind: str, look: Look) -> Iterable[Problem]:
    """Overlong texts, unreadable dates, phone numbers: by the type of each field."""
    for declared in schema.RECORDS.get(kind, ()):
        value = look.values.get(declared.name)
        if not isinstance(value, str) or not value:
            continue
        if declared.type in (FieldType.TEXT, FieldType.LONG_TEXT):
            key = "long_text_limit" if declared.type is FieldType.LONG_TEXT else "text_limit"
            limit = look.figures.value(key)
            if limit and len(value) > limit:
                yield block("text_too_long", declared.name, limit=limit, length=len(value))
        elif declared.type in (FieldType.DATE, FieldType.DAY, FieldType.MONTH):
            partial = PartialDate.written(value)
            if partial is None:
                yield block("date_unreadable", declared.name)
            elif not EARLIEST_YEAR <= partial.year <= LATEST_YEAR:
                yield block("year_out_of_range", declared.name, first=EARLIEST_YEAR, last=LATEST_YEAR)
            elif declared.type is FieldType.DAY and partial.exact is None:
                yield block("day_needed", declared.name)
        elif declared.type is FieldType.PHONE:
            yield from _phone(declared.name, value)


def _phone(name: str, value: str) -> Iterable[Problem]:
    digits = value.replace("-", "").replace(" ", "")
    if not digits.isascii() or not digits.isdigit():
        yield hint("phone_characters", name)
    elif digits.startswith("1"):
        if len(digits) != 11:
            yield hint("phone_length", name, length=len(digits), expected=11)
    elif not (7 <= len(digits) <= 8 or (digits.startswith("0") and 10 <= len(digits) <= 12)):
        yield hint("phone_length", name, length=len(digits), expected=8)


def _spell(kind: str, look: Look) -> Iterable[Problem]:
    since, until = look.day("since"), look.day("until")
    if since and until and until.last < since.first:
        yield block("until_before_since", "until")
    if since and since.first > look.today and kind != "vacancy":
        yield hint("since_in_future", "since")
