"""Facts that recognition, graduates' clocks and leaving read: checked months, school years, agreements."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from jobdesk.cases.basis import Seen
from jobdesk.cases.contacts import ServiceRules, Sort, sort_of
from jobdesk.cases.partial_date import PartialDate
from jobdesk.cases.rules.facts_person import clock_from_school, left_school
from jobdesk.cases.rules.facts_spells import open_registrations
from jobdesk.cases.rules.situation import (
    Reading,
    Situation,
    Span,
    missing,
    months_since,
    seen,
    unchecked,
)

_RULES = ServiceRules()
_SCHOOL = (("case", "graduated_on"), ("absence", "until"))


def registered_months(at: Situation) -> Reading:
    """Whole months of the running 失业登记 by 省系统 or 文书: only these start a legal clock.

    A spell from a sheet or by word of mouth is named and counts nothing: the answer stays open.
    """
    change = (("registration", "since"), ("registration", "source"))
    running = open_registrations(at)
    sure = [r for r in running if r.text("since") and not unchecked(r)]
    starts = [p for p in (PartialDate.parse(r.text("since")) for r in sure) if p is not None]
    if not starts:
        heard = tuple(Seen(r.kind, r.id, "unchecked_source", r.text("since")) for r in running)
        return Reading(None, heard, change, bool(heard))
    return Reading(months_since(min(starts), at.day), tuple(map(seen, sure)), change)


def on_allowance(at: Situation) -> Reading:
    """正享受城镇低保: a group with its dates; missing when nothing was said of it."""
    change = (("group", "kind"), ("group", "since"))
    found = [r for r in at.running("group") if r.text("kind") == "allowance"]
    if found:
        return Reading(True, tuple(map(seen, found)), change, all(map(unchecked, found)))
    ended = [r for r in at.begun("group") if r.text("kind") == "allowance"]
    return Reading(False, tuple(map(seen, ended)), change) if ended else missing(*change)


def out_of_school_months(at: Situation) -> Reading:
    """Whole months since school was left, by a confirmed date: a legal clock; further study moves it on.

    Service in the forces since then leaves it open between two bounds: whether it counts is 待确认.
    """
    left, used = left_school(at)
    if left is None or left.first > at.day:
        return missing(*_SCHOOL)
    if any(r.text("kind") == "study" for r in at.running("absence")):
        return missing(("absence", "until"))
    whole = months_since(left, at.day)
    high = whole.high if isinstance(whole, Span) else whole
    low = whole.low if isinstance(whole, Span) else whole
    served = [
        r
        for r in at.begun("absence")
        if r.text("kind") == "military" and (not r.text("until") or r.text("until") >= left.first.isoformat())
    ]
    for record in served:
        until = PartialDate.parse(record.text("until")) if record.text("until") else None
        if until is None or until.last > at.day:
            low = 0
        else:
            since = months_since(until, at.day)
            low = min(low, since.low if isinstance(since, Span) else since)
    return clock_from_school(at, high if low == high else Span(low, high), used, tuple(served))


def unreachable_agreed(at: Situation) -> Reading:
    """The supervisor agreed on or before the day that nobody can be reached, and no contact came since."""
    change = (("case", "unreachable_agreed_on"), ("case", "unreachable_agreed_by"))
    agreed = at.facts.text("unreachable_agreed_on")
    who = at.facts.text("unreachable_agreed_by")
    if not agreed or not who or agreed > at.iso:
        return Reading(False, (), change)
    reached = [
        r
        for r in at.facts.of("service")
        if agreed < r.text("served_on") <= at.iso and sort_of(r.values, _RULES)[0] is not Sort.ATTEMPT
    ]
    return Reading(not reached, tuple(Seen("service", r.id, "counted", r.text("served_on")) for r in reached),
                   change)  # fmt: skip


FACTS: Mapping[str, Callable[[Situation], Reading]] = {
    "registered_months": registered_months,
    "on_allowance": on_allowance,
    "out_of_school_months": out_of_school_months,
    "unreachable_agreed": unreachable_agreed,
}
"""Fact name → how it is read; words under ``fact.<name>``."""
