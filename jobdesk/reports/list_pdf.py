"""A list on paper: a ledger as filtered on screen, the day's list, a phone round.

Which rows and columns is decided before; what a column calls secret is masked here. A wide list lies
across the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from jobdesk.cases.clock import Clock
from jobdesk.host.strings import text
from jobdesk.reports.flow import paginate
from jobdesk.reports.furniture import Printed
from jobdesk.reports.grid import LANDSCAPE, PORTRAIT, TIGHT, Cell, Geometry, Row, Section, centred
from jobdesk.reports.month_pdf import TOP, TOP_NEXT, Sheet, draw_pages
from jobdesk.reports.page import MM, Align, Paper
from jobdesk.reports.secrecy import Secret, hidden

SIZE = 8.5


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        wide: width asked for, in Chinese characters; the columns share the page in these proportions.
        group: head over several neighbouring columns (a two-row merged head), or empty.
        secret: masked here unless the whole list is printed unmasked.
    """

    title: str
    wide: float
    align: Literal["l", "c", "r"] = "l"
    group: str = ""
    secret: Secret | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Rows under one heading (overdue, today …); a list without parts has one group."""

    title: str
    rows: Sequence[Sequence[str]]
    note: str = ""


@dataclass(frozen=True, slots=True)
class ListPaper:
    """A list to be printed.

    Attributes:
        aside: small words at the upper right (脱敏级别, 自拟表式).
        numbered: a first column counts the rows through all groups.
    """

    title: str
    period: str
    columns: Sequence[Column]
    groups: Sequence[Group]
    aside: str = ""
    right: str = ""
    numbered: bool = True


def list_pdf(listing: ListPaper, printed: Printed, clock: Clock, mask: bool = True) -> bytes:
    """The list on as many pages as it needs, its heads on each."""
    columns = list(listing.columns)
    if listing.numbered:
        columns.insert(0, Column(text("paper.list.number"), 2.6, "c"))
    geo = LANDSCAPE if sum(c.wide for c in columns) * SIZE > PORTRAIT.inner * 1.05 else PORTRAIT
    edges = _edges(geo, columns)
    heads = _heads(geo, columns, edges)
    above = heads.height(TIGHT) if len(listing.groups) > 1 else 0.0  # once a page, not once a household
    sections: list[Section] = []
    number = 0
    for group in listing.groups:
        rows: list[Row] = []
        for values in group.rows:
            number += 1
            shown = [str(number), *values] if listing.numbered else list(values)
            if mask:
                shown = [hidden(v, c.secret) for v, c in zip(shown, columns, strict=True)]
            rows.append(_row(geo, columns, edges, shown))
        sections.append(
            Section(
                group.title,
                rows or [centred(geo, text("paper.list.none"))],
                group.note,
                None if above else heads,
            )
        )
    first = geo.height - geo.top - (TOP - PORTRAIT.top) - geo.bottom
    following = geo.height - geo.top - (TOP_NEXT - PORTRAIT.top) - geo.bottom - MM
    pages = paginate(sections, TIGHT, first - above, following - above)
    if above:
        pages = [[(heads, above), *placed] for placed in pages]
    paper = Paper(listing.title, printed.unit, clock, printed.watermark)
    own = (
        printed
        if printed.notice
        else replace(printed, notice=text("paper.masked" if mask else "paper.unmasked"))
    )
    right = listing.right or text("paper.list.count", count=number)
    facts = (listing.title, listing.period)
    draw_pages(
        paper,
        geo,
        pages,
        own,
        Sheet(listing.title, printed.unit, listing.period, right, facts[1:], listing.aside),
    )
    return paper.data()


def _edges(geo: Geometry, columns: Sequence[Column]) -> list[float]:
    whole = sum(c.wide for c in columns)
    edges, used = [0.0], 0.0
    for column in columns:
        used += column.wide
        edges.append(round(used / whole * geo.units, 3))
    edges[-1] = geo.units
    return edges


def _heads(geo: Geometry, columns: Sequence[Column], edges: Sequence[float]) -> Row:
    """Column heads; columns of one group stand under its name, both in one strip."""
    cells = [
        Cell(geo, a, b, c.title, "head", size=SIZE)
        for a, b, c in zip(edges, edges[1:], columns, strict=False)
    ]
    if not any(c.group for c in columns):
        return Row(cells, role="head")
    upper = 5.2 * MM
    lower = max(5.2 * MM, *[len(c.lines) * c.lead + 1.2 * MM for c in cells])
    spans = _spans(columns)

    def paint(paper: Paper, geo: Geometry, y: float, height: float) -> None:
        for start, stop in spans:
            group = columns[start].group
            a, b = edges[start], edges[stop]
            if group:
                Cell(geo, a, b, group, "head", size=SIZE).draw(paper, geo, y, upper)
                paper.line(geo.x(a), y - upper, geo.x(b), y - upper)
            for k in range(start, stop):
                top, tall = (y - upper, height - upper) if group else (y, height)
                cells[k].draw(paper, geo, top, tall)
                if k:
                    begin = y - upper if group and k > start else y
                    paper.line(geo.x(edges[k]), begin, geo.x(edges[k]), y - height)

    return Row(paint=paint, least=upper + lower)


def _spans(columns: Sequence[Column]) -> list[tuple[int, int]]:
    """(first, after last) of neighbouring columns that share a head; a column of its own is a span of one."""
    found: list[tuple[int, int]] = []
    for k, column in enumerate(columns):
        if found and column.group and columns[k - 1].group == column.group:
            found[-1] = (found[-1][0], k + 1)
        else:
            found.append((k, k + 1))
    return found


def _row(geo: Geometry, columns: Sequence[Column], edges: Sequence[float], values: Sequence[str]) -> Row:
    cells: list[Cell] = []
    for k, (column, value) in enumerate(zip(columns, values, strict=True)):
        align: Align = column.align
        cells.append(Cell(geo, edges[k], edges[k + 1], value, "value", align, SIZE))
    return Row(cells)
