"""The checks that each kind of record has of its own, besides those by field type."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from jobdesk.cases.id_number import IdKind, age_on, examine
from jobdesk.cases.partial_date import PartialDate
from jobdesk.cases.problem import Look, Problem, block, hint


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
    if _overruled(look) and not look.text("tier_reason").strip():
        yield block("tier_needs_reason", "tier_reason")
    if _put_off(look):
        yield block("put_off_needs_reason", "next_contact_reason")
    if look.text("help_state") == "ended" and not look.text("help_reason"):
        yield block("end_without_reason", "help_reason")


def _overruled(look: Look) -> bool:
    """A clerk gives a file another tier than it had. What came with a sheet stands as it is."""
    before = look.others.text("tier")
    return bool(look.others.root and look.text("tier")) and look.text("tier") != before


def _put_off(look: Look) -> bool:
    """The next contact is moved on or taken away by hand, and nobody says why."""
    before, now = look.others.text("next_contact"), look.text("next_contact")
    if not look.others.root or not before or (now and now <= before):
        return False
    said = look.text("next_contact_reason").strip()
    return not said or said == look.others.text("next_contact_reason").strip()


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
    confirmed = look.day("extension_confirmed_on")
    if look.text("extension") and not (look.text("extension_confirmed_by") and confirmed):
        yield hint("extension_unconfirmed", "extension_confirmed_by")
    yield from _not_ahead(look, "extension_confirmed_on", "applied_on", "first_approved")


def _public_post(look: Look) -> Iterable[Problem]:
    """Whoever is no hardship case is placed by another document, which has to be written down."""
    if not look.text("kind"):
        yield block("type_missing", "kind")
    elif look.text("kind") != "hardship" and not look.text("basis_document").strip():
        yield block("post_document_missing", "basis_document")
    if not look.text("since"):
        yield block("since_missing", "since")
    months = look.values.get("months_before")
    if isinstance(months, int) and months < 0:
        yield block("number_negative", "months_before")
    yield from _not_ahead(look, "attendance_on", "verified_on", "exit_plan_on")


def _not_ahead(look: Look, *names: str) -> Iterable[Problem]:
    for name in names:
        found = look.day(name)
        if found and found.first > look.today:
            yield block("date_in_future", name)


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


def _member(look: Look) -> Iterable[Problem]:
    """Members without a file hold little: a number only where an application asks for it, under 14 none."""
    if not look.text("case") and not look.text("name").strip():
        yield block("name_missing", "name")
    number = look.text("id_number")
    if not number:
        return
    reading = examine(number, look.today)
    if not reading.ok:
        yield block(reading.kind.value, "id_number", length=len(reading.normal))
        return
    year = look.values.get("birth_year")
    born = reading.birth.year if reading.birth else year
    if isinstance(born, int) and look.today.year - born < _NUMBER_FROM:
        yield hint("member_id_under_14", "id_number")
    else:
        yield hint("member_id_only_asked", "id_number")


_NUMBER_FROM = 14
"""Personal information of children under 14 is sensitive by law; none is held by default."""

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
        "public_post": (_public_post,),
        "vacancy": (_vacancy,),
        "member": (_member,),
    }
)
"""Record kind → its own checks, run after those by field type."""
