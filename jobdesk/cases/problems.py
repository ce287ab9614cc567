"""What was typed and is not acceptable, or is worth a second look: values beside fields, never raised.

A blocking problem keeps a form from being saved (its draft is kept); a hint is shown and lets it pass.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from jobdesk.cases import schema
from jobdesk.cases.basis import Params
from jobdesk.cases.facts import CaseFacts, Rec, Values
from jobdesk.cases.figures import Figures
from jobdesk.cases.id_number import IdKind, age_on, examine
from jobdesk.cases.partial_date import PartialDate
from jobdesk.cases.schema import FieldType


class Severity(StrEnum):
    """Whether a form may be saved with it."""

    BLOCKING = "blocking"
    HINT = "hint"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing beside one field. ``problem.<code>`` in the strings, filled with ``params``."""

    code: str
    field: str
    severity: Severity = Severity.BLOCKING
    params: Params = ()

    @property
    def blocks(self) -> bool:
        return self.severity is Severity.BLOCKING


@dataclass(frozen=True, slots=True)
class Look:
    """What the checks of one record see.

    Attributes:
        record_id: of the record being typed, so that it is not compared with itself; empty for a new one.
        entered_on: the day on which a service was first entered; today for a new one.
        others: the rest of the file.
    """

    values: Values
    today: date
    figures: Figures
    record_id: str
    entered_on: date
    others: CaseFacts

    def text(self, name: str) -> str:
        value = self.values.get(name)
        return value if isinstance(value, str) else ""

    def day(self, name: str) -> PartialDate | None:
        return PartialDate.parse(self.text(name)) if self.text(name) else None

    def rest(self, kind: str) -> list[Rec]:
        return [r for r in self.others.of(kind) if r.id != self.record_id]


def hint(code: str, field: str, **params: str | int) -> Problem:
    return Problem(code, field, Severity.HINT, tuple(params.items()))


def block(code: str, field: str, **params: str | int) -> Problem:
    return Problem(code, field, Severity.BLOCKING, tuple(params.items()))


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
    place = {f.name: n for n, f in enumerate(schema.RECORDS.get(kind, ()))}
    return sorted(found, key=lambda p: (place.get(p.field, len(place)), not p.blocks))


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
            partial = PartialDate.parse(value)
            if partial is None:
                yield block("date_unreadable", declared.name)
            elif declared.type is FieldType.DAY and partial.exact is None:
                yield block("day_needed", declared.name)
            elif not 1900 <= partial.year <= look.today.year + 80:
                yield block("date_impossible", declared.name)
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


def _case(look: Look) -> Iterable[Problem]:
    if not look.text("name").strip():
        yield block("name_missing", "name")
    birth = look.day("birth")
    yield from _number(look, birth)
    if birth:
        if birth.first > look.today:
            yield block("birth_in_future", "birth")
        elif birth.exact and age_on(birth.exact, look.today) < 16:
            yield hint("under_sixteen", "birth", age=age_on(birth.exact, look.today))
    graduated = look.day("graduated_on")
    if birth and graduated and graduated.last < birth.first:
        yield block("graduated_before_birth", "graduated_on")
    deceased = look.day("deceased_on")
    if deceased and deceased.first > look.today:
        yield block("date_in_future", "deceased_on")
    for name in ("notice_on", "compare_on", "truth_on", "opened_on"):
        day = look.day(name)
        if day and day.first > look.today:
            yield block("date_in_future", name)
    last = look.day("last_contact")
    if last and last.first > look.today:
        yield block("date_in_future", "last_contact")
    if look.text("help_state") == "ended" and not look.text("help_reason"):
        yield block("end_without_reason", "help_reason")


def _number(look: Look, birth: PartialDate | None) -> Iterable[Problem]:
    typed = look.text("id_number")
    if not typed:
        if look.text("old_id_number"):
            yield hint("id_ask_18", "id_number")
        return
    reading = examine(typed, look.today)
    if reading.kind is IdKind.EMPTY:
        return
    if not reading.ok:
        yield block(reading.kind.value, "id_number", length=len(reading.normal))
        return
    if birth and reading.birth and not birth.may_be(PartialDate.of(reading.birth)):
        yield hint("birth_differs_from_id", "birth", expected=reading.birth.isoformat())
    expected = "1" if reading.sex == "male" else "2"
    if look.text("sex") in ("1", "2") and look.text("sex") != expected:
        yield hint("sex_differs_from_id", "sex", expected=expected)


def _service(look: Look) -> Iterable[Problem]:
    if not look.text("type"):
        yield block("type_missing", "type")
    served = look.day("served_on")
    if not look.text("served_on"):
        yield block("served_on_missing", "served_on")
    elif served and served.first > look.today:
        yield block("served_in_future", "served_on")
    elif served and not look.text("late_reason").strip():
        allowed = look.figures.value("late_entry_days")
        past = (look.entered_on - served.last).days
        if allowed and past > allowed:
            yield block("late_reason_needed", "late_reason", days=past, allowed=allowed)
    agreed = look.day("next_contact")
    if served and agreed and agreed.first <= served.first:
        yield block("next_before_service", "next_contact")
    posts = look.values.get("vacancies")
    if look.text("type") == "GWTJ" and not posts and not look.text("offered").strip():
        yield hint("post_unnamed", "vacancies")


def _registration(look: Look) -> Iterable[Problem]:
    if not look.text("until"):
        if look.values.get("registered") is not False and any(
            not r.text("until") and r.values.get("registered") is not False for r in look.rest("registration")
        ):
            yield block("open_spell_exists", "until")
        if look.text("end_reason"):
            yield hint("end_day_missing", "until")
    elif not look.text("end_reason"):
        yield hint("end_without_reason", "end_reason")
    yield from _overlap("registration", look)


def _overlap(kind: str, look: Look) -> Iterable[Problem]:
    since, until = look.day("since"), look.day("until")
    if since is None:
        return
    for other in look.rest(kind):
        start = PartialDate.parse(other.text("since"))
        end = PartialDate.parse(other.text("until"))
        if start is None or (not other.text("until") and not look.text("until")):
            continue
        after_end = end is not None and since.last >= end.first
        before_start = until is not None and start.last >= until.first
        if not after_end and not before_start:
            yield hint("spells_overlap", "since", other=other.text("since"))
            return


def _recognition(look: Look) -> Iterable[Problem]:
    if not look.text("category") and not look.text("category_text"):
        yield block("category_missing", "category")
    if look.text("state") == "recognised" and not (look.text("authority") and look.text("since")):
        yield hint("recognition_paper_missing", "authority")
    if look.text("state") == "exited" and not look.text("exit_reason"):
        yield block("end_without_reason", "exit_reason")
    if look.values.get("main") is True and any(
        r.values.get("main") is True for r in look.rest("recognition")
    ):
        yield hint("main_exists", "main")


def _placement(look: Look) -> Iterable[Problem]:
    if not look.text("since"):
        yield block("since_missing", "since")
    if not look.text("unit") and not look.text("post"):
        yield hint("employer_missing", "unit")
    if not look.text("verified_on"):
        yield hint("placement_unverified", "verified_on")


def _measure(look: Look) -> Iterable[Problem]:
    if not look.text("what").strip():
        yield block("measure_missing", "what")
    if not look.text("owner") and not look.text("owner_text"):
        yield hint("owner_missing", "owner")
    if not look.text("due"):
        yield hint("due_missing", "due")
    closed = look.text("state") in ("missed", "replaced", "dropped") or look.text("replaces")
    if closed and not look.text("reason").strip():
        yield block("deferral_without_reason", "reason")
    done = look.day("done_on")
    if done and done.first > look.today:
        yield block("date_in_future", "done_on")


def _plan(look: Look) -> Iterable[Problem]:
    agreed = look.day("agreed_on")
    if agreed and agreed.first > look.today:
        yield block("date_in_future", "agreed_on")
    for name in ("goal_due", "promise_due", "review_on"):
        due = look.day(name)
        if agreed and due and due.last < agreed.first:
            yield block("due_before_agreed", name)
    if look.text("promise") and not look.text("promise_due"):
        yield hint("due_missing", "promise_due")
    if look.text("goal") and not look.text("goal_due"):
        yield hint("due_missing", "goal_due")


def _statement(look: Look) -> Iterable[Problem]:
    if not look.text("kind"):
        yield block("type_missing", "kind")
    stated, until = look.day("stated_on"), look.day("until")
    if stated is None:
        yield hint("statement_undated", "stated_on")
    elif stated.first > look.today:
        yield block("date_in_future", "stated_on")
    if stated and until and until.last < stated.first:
        yield block("until_before_since", "until")


def _review(look: Look) -> Iterable[Problem]:
    done, following = look.day("reviewed_on"), look.day("next_on")
    if done and done.first > look.today:
        yield block("date_in_future", "reviewed_on")
    if done and following and following.first <= done.first:
        yield block("next_before_review", "next_on")


def _postponement(look: Look) -> Iterable[Problem]:
    until = look.day("until")
    if until is None:
        yield block("until_missing", "until")
    elif until.first <= look.today:
        yield block("until_passed", "until")
    if not look.text("reason").strip():
        yield block("deferral_without_reason", "reason")


def _subsidy(look: Look) -> Iterable[Problem]:
    if not look.text("kind"):
        yield block("type_missing", "kind")
    months = look.values.get("months_before")
    if isinstance(months, int) and months < 0:
        yield block("number_negative", "months_before")


def _vacancy(look: Look) -> Iterable[Problem]:
    if not look.text("unit").strip():
        yield block("employer_missing", "unit")
    if not look.text("post").strip():
        yield block("post_missing", "post")
    checked, valid = look.day("checked_on"), look.day("valid_until")
    if checked and checked.first > look.today:
        yield block("date_in_future", "checked_on")
    if checked and valid and valid.last < checked.first:
        yield block("until_before_since", "valid_until")
    count = look.values.get("headcount")
    if isinstance(count, int) and count < 1:
        yield block("number_negative", "headcount")


Check = Callable[[Look], Iterable[Problem]]

CHECKS: Mapping[str, tuple[Check, ...]] = MappingProxyType(
    {
        "case": (_case,),
        "service": (_service,),
        "registration": (_registration,),
        "recognition": (_recognition,),
        "placement": (_placement,),
        "measure": (_measure,),
        "plan": (_plan,),
        "statement": (_statement,),
        "review": (_review,),
        "postponement": (_postponement,),
        "subsidy": (_subsidy,),
        "vacancy": (_vacancy,),
    }
)
"""Record kind → its own checks, run after those by field type."""
