"""The month on paper: cover and one sheet a person, as one PDF or one each.

Pages are numbered within each sheet: the sheets are taken apart, signed and filed one by one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from jobdesk.cases.clock import Clock
from jobdesk.host.strings import text
from jobdesk.reports.flow import Placed, paginate
from jobdesk.reports.furniture import Printed, carry_on, footer, heading, running_head
from jobdesk.reports.grid import DENSE, NORMAL, PORTRAIT, TIGHT, Geometry, Rhythm, Section, frame
from jobdesk.reports.month_cover import SIGN_MOST, cover_sections, seal_row
from jobdesk.reports.month_data import MonthReport, PersonSheet, masked
from jobdesk.reports.month_sheet import person_sections
from jobdesk.reports.page import MM, Paper

TOP = 29.8 * MM
"""From the upper edge of a first page to its frame."""
TOP_NEXT = 19.7 * MM
"""The same on a following page."""


@dataclass(frozen=True, slots=True)
class Printout:
    """A finished PDF.

    Attributes:
        starts: (key, index of the first page) of the cover (key ``""``) and of each sheet (its file number).
    """

    data: bytes
    starts: tuple[tuple[str, int], ...]
    pages: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One paper to be laid out: its heading, its rows, and what its following pages are called."""

    title: str
    left: str
    middle: str
    right: str
    facts: tuple[str, ...]
    aside: str = ""


def month_pdf(
    report: MonthReport, clock: Clock, progress: Callable[[int, int], None] | None = None
) -> Printout:
    """Cover and sheets in one file. Nothing of an unmasked sheet gets past here when ``report.masked``.

    Args:
        progress: called before each sheet with (sheets done, sheets in all); what it raises ends the work.
    """
    paper = _paper(report, clock, _title(report))
    starts: list[tuple[str, int]] = []
    if report.cover:
        starts.append(("", paper.pages))
        _cover(paper, report)
    for done, sheet in enumerate(report.sheets):
        if progress:
            progress(done, len(report.sheets))
        starts.append((sheet.file_no, paper.pages))
        _person(paper, report, sheet)
    return Printout(paper.data(), tuple(starts), paper.pages)


def person_pdfs(report: MonthReport, clock: Clock) -> Iterator[tuple[str, bytes]]:
    """(file name, PDF) of the cover and of each person, in order; no ID number is ever in a name."""
    key = report.period.file_key or report.period.cutoff
    if report.cover:
        paper = _paper(report, clock, _title(report))
        _cover(paper, report)
        yield file_name(key, _title(report)), paper.data()
    for sheet in report.sheets:
        paper = _paper(report, clock, text("paper.sheet.title"))
        _person(paper, report, sheet)
        yield file_name(key, sheet.file_no, sheet.name), paper.data()


def file_name(*parts: str) -> str:
    """A name every file system takes; a run of digits as long as an ID number is left out."""
    clean = "-".join(re.sub(r'[\s\\/:*?"<>|.]+', "", re.sub(r"\d{14,}[\dXx]?", "", p)) for p in parts)
    return f"{clean}.pdf"


def _paper(report: MonthReport, clock: Clock, title: str) -> Paper:
    return Paper(f"{title} {report.period.title}", report.printed.unit, clock, report.printed.watermark)


def _title(report: MonthReport) -> str:
    monthly = report.cover is None or report.cover.sheets is not None
    return text("paper.cover.title" if monthly else "paper.cover.period_title")


def _cutoff(report: MonthReport) -> str:
    return text("paper.running" if report.period.running else "paper.cutoff", day=report.period.cutoff)


def _cover(paper: Paper, report: MonthReport) -> None:
    assert report.cover is not None
    geo = PORTRAIT
    sections = cover_sections(geo, report, report.cover)
    sections[-1].after.append(seal_row())
    sections[-1].keep = True
    pages = best_pages(geo, sections, tighter=(TIGHT, DENSE))
    used = sum(h for _, h in pages[-1])
    row, height = pages[-1][-1]
    spare = geo.height - (TOP if len(pages) == 1 else TOP_NEXT) - geo.bottom - used - MM
    pages[-1][-1] = (row, min(SIGN_MOST, height + max(0.0, spare)))
    printed = replace(report.printed, notice=text("paper.numbers_only"))
    title, unit, period = _title(report), report.printed.unit, report.period.title
    draw_pages(
        paper,
        geo,
        pages,
        printed,
        Sheet(title, unit, period, _cutoff(report), (period, unit), text("paper.own_form")),
    )


def _person(paper: Paper, report: MonthReport, sheet: PersonSheet) -> None:
    geo = PORTRAIT
    shown = masked(sheet) if report.masked else sheet
    pages = best_pages(geo, person_sections(geo, shown, report.barriers, report.own_signature))
    printed = replace(report.printed, notice=text("paper.masked" if report.masked else "paper.unmasked"))
    number = text("paper.file_no", number=sheet.file_no)
    period = report.period.title
    aside = _cutoff(report) if report.period.running else ""
    facts = (sheet.name, period, sheet.file_no)
    sheet_head = Sheet(text("paper.sheet.title"), report.printed.unit, period, number, facts, aside)
    draw_pages(paper, geo, pages, printed, sheet_head)


def best_pages(
    geo: Geometry, sections: Sequence[Section], top: float = TOP, tighter: Sequence[Rhythm] = (TIGHT,)
) -> list[Placed]:
    """The rows on pages; the first of the tighter rhythms that saves a page is taken."""
    first = geo.height - top - geo.bottom
    following = geo.height - TOP_NEXT - geo.bottom
    pages = paginate(sections, NORMAL, first, following)
    for rhythm in tighter if len(pages) > 1 else ():
        tight = paginate(sections, rhythm, first, following)
        if len(tight) < len(pages):
            return tight
    return pages


def draw_pages(
    paper: Paper,
    geo: Geometry,
    pages: Sequence[Placed],
    printed: Printed,
    sheet: Sheet,
    under: Callable[[float], None] | None = None,
) -> None:
    """Draw laid-out pages with everything around the frame; ``under`` gets the last frame's lower edge."""
    for number, rows in enumerate(pages, 1):
        paper.begin(geo.width, geo.height)
        if number == 1:
            top = heading(paper, geo, sheet.title, sheet.left, sheet.middle, sheet.right, sheet.aside)
        else:
            top = running_head(paper, geo, sheet.title, sheet.facts)
        bottom = frame(paper, geo, rows, top)
        if number < len(pages):
            carry_on(paper, geo, bottom)
        elif under:
            under(bottom)
        footer(paper, geo, number, len(pages), printed)
        paper.end()
