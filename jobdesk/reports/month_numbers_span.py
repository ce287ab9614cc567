"""The stretch of days a report covers: a month, or any from–to (week, campaign, quarter)."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from jobdesk.cases.errors import BadInput
from jobdesk.host.strings import text
from jobdesk.reports.month_data import Period


@dataclass(frozen=True, slots=True)
class Span:
    """Days counted, both ends included.

    Attributes:
        until: last day counted; today at the latest, since nothing later can have happened.
        whole_until: last day of the month or of what was asked for.
        monthly: a calendar month, which has sheets; anything else has totals only.
    """

    since: date
    until: date
    whole_until: date
    title: str
    file_key: str
    monthly: bool

    @property
    def running(self) -> bool:
        """Not over yet: printed as 截至."""
        return self.until < self.whole_until

    @property
    def before(self) -> date:
        """The day at whose end 期初 is counted."""
        return self.since - timedelta(days=1)

    def holds(self, day: date) -> bool:
        return self.since <= day <= self.until

    def period(self) -> Period:
        """As the paper says it."""
        return Period(self.title, self.until.isoformat(), self.running, self.file_key)


def month_span(month: str, today: date) -> Span:
    """A month, ``2026-11``.

    Raises:
        BadInput: not a month, or one that has not begun.
    """
    try:
        since = date.fromisoformat(f"{month}-01")
    except ValueError:
        raise BadInput("argument", name="month", value=month) from None
    if since > today:
        raise BadInput("month_not_begun", month=month)
    last = date(since.year, since.month, calendar.monthrange(since.year, since.month)[1])
    title = text("month.title_month", year=since.year, month=since.month)
    return Span(since, min(last, today), last, title, f"{since:%Y-%m}", True)


def range_span(since: date, until: date, today: date, title: str = "") -> Span:
    """Any days; ``title`` names a campaign and stands before them.

    Raises:
        BadInput: the end before the beginning, or a beginning in the future.
    """
    if until < since:
        raise BadInput("range_backwards", since=since.isoformat(), until=until.isoformat())
    if since > today:
        raise BadInput("month_not_begun", month=since.isoformat())
    days = text("month.title_range", since=since.isoformat(), until=until.isoformat())
    named = f"{title.strip()}　{days}" if title.strip() else days
    key = f"{since:%Y%m%d}-{until:%Y%m%d}"
    return Span(since, min(until, today), until, named, key, False)


def quarter_of(day: date) -> tuple[date, date]:
    """First and last day of the quarter."""
    first = 3 * ((day.month - 1) // 3) + 1
    last = first + 2
    return date(day.year, first, 1), date(day.year, last, calendar.monthrange(day.year, last)[1])


def week_of(day: date) -> tuple[date, date]:
    """Monday to Sunday."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)
