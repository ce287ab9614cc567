"""The paper's own checks: pure arithmetic over what it prints, each with the equation as printed.

An equation that does not hold is printed with ≠ and its box stays empty; nothing is ever made to fit.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from jobdesk.reports.cover_data import Cover, OnBooks
from jobdesk.reports.month_data import Counting, MonthReport, PersonSheet, Signing

MINUS = "−"
EQUAL, UNEQUAL = "＝", "≠"


@dataclass(frozen=True, slots=True)
class Check:
    """One equation.

    Attributes:
        key: names it in the string catalogue, ``paper.check.<key>``.
        left, right: both sides, added up.
        terms: the left side as printed, ``118+6−4``; the right side is the number.
    """

    key: str
    terms: str
    left: int
    right: int

    @property
    def ok(self) -> bool:
        return self.left == self.right

    @property
    def equation(self) -> str:
        return f"{self.terms}{EQUAL if self.ok else UNEQUAL}{self.right}"


def _sum(key: str, terms: Iterable[int], right: int) -> Check:
    parts = list(terms)
    shown = "+".join(str(t) for t in parts).replace("+-", MINUS) or "0"
    return Check(key, shown, sum(parts), right)


def checks(report: MonthReport) -> tuple[Check, ...]:
    """The checks of the cover, and of the sheets against it where they are complete; none without a cover."""
    cover = report.cover
    if cover is None:
        return ()
    found = [*_cover_checks(cover)]
    if report.sheets and report.sheets_complete:
        found += _sheet_checks(cover, report.sheets)
    return tuple(found)


def _cover_checks(cover: Cover) -> list[Check]:
    books, visits, papers = cover.on_books, cover.follow_ups, cover.sheets
    people = category_total(cover)
    carried = (books.opening, books.new, books.resumed, books.moved_in, -books.ended, -books.moved_out)
    found = [
        _sum("on_books", carried, books.closing),
        _sum("make_up", (people, *(n for _, n in cover.others)), books.closing),
        _sum("categories", (c.recognised + c.in_progress + c.ledger for c in cover.categories), people),
        _sum("services", (n for _, n in cover.by_type), total(cover.by_channel)),
        _sum("follow_ups", (visits.on_time, visits.late, visits.missed), visits.due),
    ]
    if papers:
        found += [
            _sum("sheets", (books.closing, books.ended, books.moved_out, *_back(books)), papers.sheets),
            _sum("signatures", (papers.to_sign, papers.phone_only, papers.no_service), papers.sheets),
        ]
    found += [_sum("steps", (s.all_full, s.part, s.none, s.outside), s.people) for s in cover.steps]
    return found


def _back(books: OnBooks) -> tuple[int, ...]:
    """Who left and came back within the period has one sheet: taken off where there is anybody."""
    return (-books.returned,) if books.returned else ()


def _sheet_checks(cover: Cover, sheets: tuple[PersonSheet, ...]) -> list[Check]:
    if cover.sheets is None:
        return []
    services = sum(s.count(Counting.SERVICE) for s in sheets)
    signing = sum(s.signing is Signing.IN_PERSON for s in sheets)
    return [
        Check("sheets_printed", str(len(sheets)), len(sheets), cover.sheets.sheets),
        Check("sheets_services", str(services), services, total(cover.by_type)),
        Check("sheets_signing", str(signing), signing, cover.sheets.to_sign),
    ]


def total(counts: Iterable[tuple[str, int]]) -> int:
    """Sum of named counts."""
    return sum(n for _, n in counts)


def category_total(cover: Cover) -> int:
    """People with a main category, by state: recognised, in progress, ledger only."""
    return (
        sum(c.recognised for c in cover.categories)
        + sum(c.in_progress for c in cover.categories)
        + sum(c.ledger for c in cover.categories)
    )
