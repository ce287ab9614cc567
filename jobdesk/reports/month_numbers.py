"""From the station file to the month's paper: the circle, its numbers with who is behind each, the sheets.

``month_report`` is the door for whoever only prints; ``month_numbers`` also answers which people are
behind a number and what is missing. Read on a reader's connection: ``desk.read(lambda con: ...)``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from jobdesk.cases.clock import local_datetime
from jobdesk.host.code_lists import table
from jobdesk.host.strings import text
from jobdesk.reports.furniture import Printed
from jobdesk.reports.month_data import MonthReport
from jobdesk.reports.month_numbers_cover import cover_of
from jobdesk.reports.month_numbers_gaps import Gap, gaps_of
from jobdesk.reports.month_numbers_people import Books, file_numbers, read_books
from jobdesk.reports.month_numbers_sheet import person_sheet
from jobdesk.reports.month_numbers_span import Span, month_span, range_span
from jobdesk.reports.month_numbers_steps import progress_of
from jobdesk.reports.month_numbers_tally import Tally
from jobdesk.services.desk import Desk
from jobdesk.services.settings import SHEET_PERSON_SIGNS
from jobdesk.store.log import Connection


@dataclass(frozen=True, slots=True)
class MonthOptions:
    """What is wanted.

    Attributes:
        masked: as the paper leaves the station; whole numbers need a reason that was logged before.
        own_signature: the person signs; None as the station has set it (shipped: yes).
        case_ids: only these people (sheets without a cover); None for everybody on the books.
    """

    masked: bool = True
    own_signature: bool | None = None
    case_ids: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Total:
    """One number.

    Attributes:
        people: case ids, each once, in the order of the sheets.
        records: (case id, record id or day) of everything counted.
    """

    key: str
    people: tuple[str, ...]
    records: tuple[tuple[str, str], ...]

    @property
    def count(self) -> int:
        return len(self.records)


@dataclass(frozen=True, slots=True)
class MonthNumbers:
    """A report with what stands behind it.

    Attributes:
        names: case id → name, of everybody a number can lead to.
        file_nos: case id → 档案编号.
    """

    span: Span
    report: MonthReport
    totals: Mapping[str, Total]
    gaps: tuple[Gap, ...]
    names: Mapping[str, str]
    file_nos: Mapping[str, str]

    def total(self, key: str) -> Total:
        """A total by key; an empty one when nothing was counted under it."""
        return self.totals.get(key) or Total(key, (), ())

    def case_of(self, file_no: str) -> str:
        """The case of a sheet; empty for none."""
        return next((i for i, n in self.file_nos.items() if n == file_no), "")


def people_behind(numbers: MonthNumbers, key: str) -> tuple[str, ...]:
    """Case ids behind a total, each once."""
    return numbers.total(key).people


def month_report(con: Connection, desk: Desk, month: str, options: MonthOptions | None = None) -> MonthReport:
    """The paper of a month (``2026-11``).

    Raises:
        BadInput: not a month, or one that has not begun.
    """
    return month_numbers(con, desk, month_span(month, desk.today), options).report


def period_totals(con: Connection, desk: Desk, since: date, until: date, title: str = "") -> MonthNumbers:
    """The totals of any days (week, campaign, quarter): a cover without sheets.

    Raises:
        BadInput: the end before the beginning, or a beginning in the future.
    """
    return month_numbers(con, desk, range_span(since, until, desk.today, title))


def month_numbers(
    con: Connection, desk: Desk, span: Span, options: MonthOptions | None = None
) -> MonthNumbers:
    """Count and lay out everything of a period."""
    wanted = options or MonthOptions()
    books = read_books(con, desk, span, wanted.case_ids)
    made = progress_of(books)
    tally = Tally()
    numbers = file_numbers(books.people, str(books.station.get("code") or "")[:6])
    cover = cover_of(books, made, tally)
    sheets = tuple(
        person_sheet(books, p, numbers[p.case_id], made.get(p.case_id)) for p in books.people if span.monthly
    )
    report = MonthReport(
        printed=printed_of(books, desk),
        period=span.period(),
        cover=cover if wanted.case_ids is None else None,
        sheets=sheets,
        barriers=tuple(e.name for e in table("barriers").entries),
        masked=wanted.masked,
        own_signature=_signs(books, wanted),
        sheets_complete=wanted.case_ids is None,
    )
    return MonthNumbers(span, report, _totals(tally, books), gaps_of(books), _names(books), numbers)


def printed_of(books: Books, desk: Desk) -> Printed:
    """Who prints where and when."""
    at = local_datetime(desk.clock.now_ms()).strftime("%Y-%m-%d %H:%M")
    unit = books.station.get("name")
    watermark = text("paper.practice") if books.practice else ""
    return Printed(str(unit or ""), books.names.get(desk.actor, ""), at, watermark=watermark)


def _signs(books: Books, wanted: MonthOptions) -> bool:
    if wanted.own_signature is not None:
        return wanted.own_signature
    return books.settings.get(SHEET_PERSON_SIGNS) is not False


def _totals(tally: Tally, books: Books) -> dict[str, Total]:
    place: Mapping[str, int] = {p.case_id: n for n, p in enumerate(books.people)}
    return {key: Total(key, _once(records, place), tuple(records)) for key, records in tally.found.items()}


def _once(records: Sequence[tuple[str, str]], place: Mapping[str, int]) -> tuple[str, ...]:
    return tuple(sorted({i for i, _ in records}, key=lambda i: (place.get(i, len(place)), i)))


def _names(books: Books) -> dict[str, str]:
    return {**books.others, **{p.case_id: p.name for p in books.people}}
