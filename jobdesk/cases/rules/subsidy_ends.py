"""When a subsidy in payment ends: the shared limit per person, to retirement, and what was typed.

2015年实施意见（十七）: 社会保险补贴和岗位补贴期限最长不超过3年，对初次核定享受补贴政策时
距退休年龄不足5年的人员，可延长至退休.
Which retirement age the five years are measured to is not said by any notice since 2025: both are worked
out and shown, and only a person's confirmation lengthens anything. Nothing here promises money.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from jobdesk.cases.basis import OWN, Basis, Step
from jobdesk.cases.facts import CaseFacts, Rec
from jobdesk.cases.figures import add_months
from jobdesk.cases.partial_date import PartialDate
from jobdesk.cases.rules.pack import Entry, PackSet
from jobdesk.cases.rules.subsidy_months import (
    SHARED,
    MonthsUsed,
    families,
    members,
    month_no,
    running,
    used,
    within_by_days,
)
from jobdesk.cases.rules.subsidy_retirement import Retirement, is_heard, retirements

LIMIT = "subsidies.limit_months"
NEAR_YEARS = "subsidies.near_retirement_years"
OWN_LIMITS = "subsidies.own_limits"
"""List of the packs: policy → figure with a shorter limit of its own (graduates, small firms)."""

Near = Literal["yes", "no", "open"]
End = tuple[date, date]
"""Earliest and latest day; equal when the end is known."""


@dataclass(frozen=True, slots=True)
class Extension:
    """Whether the subsidy may run to retirement.

    Attributes:
        by_original, by_statutory: within five years of that retirement at first approval; ``open`` when
            the type of a woman, the birth or the first approval is not known well enough.
        first_approved: ISO text as written; empty when nothing is.
        confirmed: ``retirement`` or ``limit`` as a person decided, empty while nobody has.
        claimed: 延长至退休 was written down without who confirmed it and when: it changes nothing yet.
        heard: the birth date behind the ages is 未核对.
    """

    by_original: Near
    by_statutory: Near
    first_approved: str
    confirmed: str
    claimed: bool
    retirements: tuple[Retirement, ...]
    heard: bool = False

    @property
    def asks(self) -> bool:
        """Whether somebody should decide: it may apply by one of the ages, and nobody has."""
        return not self.confirmed and (self.by_original != "no" or self.by_statutory != "no")

    @property
    def unchecked(self) -> bool:
        """Whether it stands on a birth date that is 未核对, where there is a question of it at all."""
        return self.heard and (self.asks or self.claimed or self.confirmed == "retirement")


@dataclass(frozen=True, slots=True)
class Usage:
    """One family of subsidies of one person on a day.

    Attributes:
        limit: months, None when no pack gives a figure for the day; ``limit_entry`` says where it stands.
        running: records in payment on the day.
        end: None when nothing runs or no limit and no typed end is known.
        ended_by: ``limit``, ``own_limit``, ``typed``, ``retirement`` or ``pension``: what gives the end.
        over: months beyond the limit, at least; 0 when within, or when it runs to retirement.
        typed_after: the end on the paper lies behind the limit's.
        part_months: it does so by months only: by its days everything lies within the limit.
        shared: the entry that says whose months count together.
    """

    family: str
    day: date
    months: MonthsUsed
    limit: int | None
    limit_entry: Entry | None
    running: tuple[Rec, ...]
    end: End | None
    ended_by: str
    extension: Extension
    over: int = 0
    typed_after: bool = False
    part_months: bool = False
    shared: Entry | None = None

    @property
    def left(self) -> int | None:
        """Months left at least; None without a limit."""
        return None if self.limit is None else max(0, self.limit - self.months.high)

    @property
    def unchecked(self) -> bool:
        """未核对: records of payment, or the birth date by which it may run to retirement."""
        return self.months.unchecked or self.extension.unchecked

    @property
    def notes(self) -> tuple[str, ...]:
        """What the reader must know besides (``note.<code>``)."""
        found: list[str] = []
        ext = self.extension
        if self.months.balances > 1:
            found.append("subsidy_balances")
        if self.months.undated:
            found.append("subsidy_undated")
        if self.months.unchecked:
            found.append("subsidy_unchecked")
        if self.over:
            found.append("subsidy_over")
        if self.typed_after:
            found.append("subsidy_typed_after")
        if self.part_months:
            found.append("subsidy_part_months")
        if ext.claimed:
            found.append("subsidy_claimed")
        elif ext.asks:
            found.append("subsidy_near_open")
        elif ext.confirmed == "retirement" and (ext.by_original, ext.by_statutory) == ("no", "no"):
            found.append("subsidy_not_near")
        if ext.unchecked:
            found.append("subsidy_birth_unchecked")
        if len(ext.retirements) > 1:
            found.append("retirement_type_unknown")
        return tuple(found)

    def basis(self) -> Basis:
        """查看依据 of months and end: every record counted, both retirement dates, who confirmed."""
        entry, ext = self.limit_entry, self.extension
        dates = [("first_approved", ext.first_approved)] if ext.first_approved else []
        for one in ext.retirements:
            dates += [(f"original_{one.kind}", one.original[0].isoformat()),
                      (f"statutory_{one.kind}", one.statutory[0].isoformat())]  # fmt: skip
        if self.end is not None:
            dates += [("subsidy_end", d.isoformat()) for d in dict.fromkeys(self.end)]
        rule = "subsidy_to_retirement" if self.ended_by == "retirement" else f"subsidy_limit_{self.family}"
        params = (("used", shown_months(self.months)), ("limit", self.limit or 0),
                  ("before", self.months.balance), ("shared", len(self.months.shared)))  # fmt: skip
        if entry is None:
            return Basis("subsidy_no_limit", OWN, "unconfirmed", tuple(dates), self.months.seen(),
                         notes=self.notes, params=params)  # fmt: skip
        open_ = ext.asks or self.ended_by == "retirement" or self.unchecked
        status = "unconfirmed" if open_ else entry.status_on(self.day)
        steps: tuple[Step, ...] = ()
        if self.shared is not None:
            by = self.shared
            steps = (Step(by.key, by.sentence, "", by.source, by.status_on(self.day), by.note),)
        return Basis(rule, entry.source, status, tuple(dates), self.months.seen(), notes=self.notes,
                     params=params, steps=steps)  # fmt: skip


def shown_months(months: MonthsUsed) -> str:
    """``14`` or ``14–25``."""
    return str(months.low) if months.low == months.high else f"{months.low}–{months.high}"


def usages(facts: CaseFacts, packs: PackSet, day: date) -> list[Usage]:
    """Every family of which the person has a record, in the order of the packs."""
    found: list[Usage] = []
    if not facts.of("subsidy") and not facts.of("public_post"):
        return found
    for family, kinds in families(packs, day).items():
        records = members(facts, kinds)
        if records:
            found.append(usage(facts, packs, day, family, records))
    return found


def usage(facts: CaseFacts, packs: PackSet, day: date, family: str, records: list[Rec]) -> Usage:
    """One family. ``records`` are its members, begun or not."""
    months = used(records, day)
    entry = packs.figure(LIMIT, day)
    limit = entry.value if entry is not None else None
    on = running(records, day)
    ext = extension(facts, packs, day, months.records)
    end, by = _limit_end(months, limit, day, bool(on))
    over = max(0, months.low - limit) if limit is not None else 0
    if ext.confirmed == "retirement" and ext.retirements:
        end, by, over = _bounds(r.statutory for r in ext.retirements), "retirement", 0
    typed = _typed_end(on)
    end, by, after = _earlier(end, by, typed)
    part = after and within_by_days(months, limit, typed)
    if over and within_by_days(months, limit, day):
        over, part = 0, True
    if by != "retirement":
        end, by = _own_limits(records, packs, day, on, end, by)
    pension = PartialDate.parse(facts.text("pension_since"))
    if pension is not None and end is not None and pension.first < end[0]:
        end, by = (pension.first, pension.last), "pension"
    return Usage(family, day, months, limit, entry, on, end if on else None, by if on else "", ext, over,
                 after and bool(on) and not part, part and bool(on), packs.on(SHARED, day))  # fmt: skip


def extension(facts: CaseFacts, packs: PackSet, day: date, records: Iterable[Rec]) -> Extension:
    """距退休不足5年 at first approval, by both ages, and what a person confirmed by the day."""
    listed = list(records)
    starts = [r.text("first_approved") or r.text("since") for r in listed]
    first = min((s for s in starts if s), default="")
    approved = PartialDate.parse(first)
    possible = retirements(facts, packs, day)
    years = packs.figure(NEAR_YEARS, day)
    near: list[Near] = ["open", "open"]
    if approved is not None and possible and years is not None and years.value is not None:
        span = years.value * 12
        near = [_near(approved, [r.original for r in possible], span),
                _near(approved, [r.statutory for r in possible], span)]  # fmt: skip
    said = [r for r in listed if r.text("extension")]
    iso = day.isoformat()
    good = [
        r for r in said if r.text("extension_confirmed_by") and "" < r.text("extension_confirmed_on") <= iso
    ]
    latest = max(good, key=lambda r: (r.text("extension_confirmed_on"), r.id), default=None)
    claimed = latest is None and any(r.text("extension") == "retirement" for r in said)
    confirmed = latest.text("extension") if latest is not None else ""
    return Extension(near[0], near[1], first, confirmed, claimed, possible, is_heard(facts, day))


def _near(approved: PartialDate, retired: list[End], months: int) -> Near:
    """不足5年: approved later than the day five years before; exactly five years are not less."""
    answers: set[bool] = set()
    for pair in retired:
        for day in pair:
            bar = add_months(day, -months)
            answers |= {approved.first > bar, approved.last > bar}
    return "open" if len(answers) > 1 else ("yes" if True in answers else "no")


def _limit_end(months: MonthsUsed, limit: int | None, day: date, runs: bool) -> tuple[End | None, str]:
    """The last day of the month in which the limit is reached, going on as it runs."""
    if limit is None or not runs or not months.months:
        return None, ""
    early = _reached(months, limit - months.balance, day)
    late = early
    if months.low != months.high:
        late = month_end(month_no(day) + max(0, limit - months.low))
    return (early, max(early, late)), "limit"


def _reached(months: MonthsUsed, room: int, day: date) -> date:
    counted = months.months
    if room <= 0:
        return month_end(counted[0] - 1)
    if room <= len(counted):
        return month_end(counted[room - 1])
    return month_end(month_no(day) + room - len(counted))


def month_end(number: int) -> date:
    """The last day of a month by its number."""
    year, month = divmod(number, 12)
    return date(year, month + 1, calendar.monthrange(year, month + 1)[1])


def _typed_end(on: tuple[Rec, ...]) -> date | None:
    """The latest end written on what runs; None when one of them has none."""
    ends = [PartialDate.parse(r.text("until")) for r in on]
    if not ends or any(e is None for e in ends):
        return None
    return max(e.last for e in ends if e is not None)


def _earlier(end: End | None, by: str, typed: date | None) -> tuple[End | None, str, bool]:
    if typed is None:
        return end, by, False
    if end is None or typed <= end[0]:
        return (typed, typed), "typed", False
    if typed < end[1]:
        return (end[0], typed), by, False
    return end, by, typed > end[1]


def _own_limits(
    records: list[Rec], packs: PackSet, day: date, on: tuple[Rec, ...], end: End | None, by: str
) -> tuple[End | None, str]:
    """A policy with a shorter limit of its own (graduates two years, small firms one)."""
    entry = packs.on(OWN_LIMITS, day)
    if entry is None:
        return end, by
    for policy in {r.text("policy") for r in on} & set(entry.data):
        figure = packs.figure(str(entry.data[policy]), day)
        own = [r for r in records if r.text("policy") == policy]
        if figure is None:
            continue
        reached, _ = _limit_end(used(own, day), figure.value, day, True)
        if reached is not None and (end is None or reached[0] < end[0]):
            end, by = reached, "own_limit"
    return end, by


def _bounds(pairs: Iterable[End]) -> End:
    listed = list(pairs)
    return min(p[0] for p in listed), max(p[1] for p in listed)
