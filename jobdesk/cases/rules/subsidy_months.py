"""Months of a subsidy that count against a limit: all payers of one family of subsidies together.

A calendar month in which a spell runs is one month, however many payers it has (domain.md §11.20:
社保补贴 of all payers share one limit per person). Months before jobdesk come in as an opening balance
(``months_before``) with the record they were written on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from jobdesk.cases.basis import Seen
from jobdesk.cases.facts import CaseFacts, Rec, is_open
from jobdesk.cases.figures import add_months
from jobdesk.cases.partial_date import PartialDate
from jobdesk.cases.rules.pack import PackSet
from jobdesk.cases.rules.situation import unchecked

SHARED = "subsidies.shared"
"""List of the packs: family → kinds of subsidy, and ``public_post`` for months on a 公益性岗位."""
SOCIAL, POST = "social", "post"
_POSTS = frozenset({"public_post"})
_USUAL: Mapping[str, frozenset[str]] = {
    SOCIAL: frozenset({"social_flexible", "social_unit", "public_post"}),
    POST: _POSTS,
}


@dataclass(frozen=True, slots=True)
class MonthsUsed:
    """What was used by the end of a day.

    Attributes:
        low, high: bounds; they differ where a start or end is known to the year only.
        balance: of these, months from before jobdesk.
        months: month numbers (year × 12 + month − 1) counted at most, in order, without the balance.
        shared: of these, months that more than one record covers (counted once).
        records: every record that was counted.
        undated: ids of records without a start: never counted, to be asked for.
        balances: how many records carry an opening balance; above one it may be the same months twice.
    """

    low: int
    high: int
    balance: int
    months: tuple[int, ...]
    shared: tuple[int, ...]
    records: tuple[Rec, ...]
    undated: tuple[str, ...]
    balances: int

    @property
    def unchecked(self) -> bool:
        """Whether a record that counts is known from a sheet or by word of mouth only."""
        return any(map(unchecked, self.records))

    def seen(self) -> tuple[Seen, ...]:
        return tuple(Seen(r.kind, r.id, "counted", r.text("since")) for r in self.records)


def families(packs: PackSet, day: date) -> Mapping[str, frozenset[str]]:
    """Family → kinds that share its limit; our own reading where the packs have none."""
    entry = packs.on(SHARED, day)
    if entry is None:
        return _USUAL
    return {
        name: frozenset(str(k) for k in kinds)
        for name, kinds in entry.data.items()
        if isinstance(kinds, tuple)
    }


def members(facts: CaseFacts, kinds: frozenset[str]) -> list[Rec]:
    """Records of a family, by start."""
    found = [r for r in facts.of("subsidy") if r.text("kind") in kinds]
    if kinds & _POSTS:
        found += facts.of("public_post")
    return sorted(found, key=lambda r: (r.text("since"), r.kind, r.id))


def month_no(day: date) -> int:
    return day.year * 12 + day.month - 1


def used(records: Iterable[Rec], day: date) -> MonthsUsed:
    """Months used up to and with the month of ``day``. What begins later does not exist yet."""
    sure: set[int] = set()
    possible: dict[int, int] = {}
    counted: list[Rec] = []
    undated: list[str] = []
    for record in records:
        since = PartialDate.parse(record.text("since"))
        if since is None:
            undated.append(record.id)
            continue
        if since.first > day:
            continue
        counted.append(record)
        least, most = _span(record, since, day)
        sure.update(least)
        for month in most:
            possible[month] = possible.get(month, 0) + 1
    balance, balances = _balance(counted)
    return MonthsUsed(
        len(sure) + balance, len(possible) + balance, balance, tuple(sorted(possible)),
        tuple(sorted(m for m, n in possible.items() if n > 1)), tuple(counted), tuple(undated), balances,
    )  # fmt: skip


def _span(record: Rec, since: PartialDate, day: date) -> tuple[range, range]:
    until = PartialDate.parse(record.text("until"))
    last = month_no(day)
    first_end = min(last, month_no(until.first)) if until else last
    last_end = min(last, month_no(until.last)) if until else last
    return range(month_no(since.last), first_end + 1), range(month_no(since.first), last_end + 1)


def _balance(records: Iterable[Rec]) -> tuple[int, int]:
    """The post of a person and the subsidy for it are the same months: the larger of the two counts."""
    social = posts = post_money = balances = 0
    for record in records:
        months = record.values.get("months_before")
        if not isinstance(months, int) or isinstance(months, bool) or months <= 0:
            continue
        balances += 1
        if record.kind == "public_post":
            posts += months
        elif record.text("kind") in _POSTS:
            post_money += months
        else:
            social += months
    return social + max(posts, post_money), balances


def running(records: Iterable[Rec], day: date) -> tuple[Rec, ...]:
    """Of these, those in payment on the day: begun, and not ended."""
    iso = day.isoformat()
    return tuple(r for r in records if r.text("since") and is_open(r.values, iso))


def within_by_days(months: MonthsUsed, limit: int | None, last: date | None) -> bool:
    """Whether everything from the first day counted to ``last`` lies within the limit by its days: three
    years from 20 February touch thirty-seven calendar months.
    """
    starts = [PartialDate.parse(r.text("since")) for r in months.records]
    first = min((s.first for s in starts if s is not None), default=None)
    whole = all(s is not None and s.first == s.last for s in starts)
    if limit is None or last is None or first is None or not whole or months.balance:
        return False
    return last < add_months(first, limit)
