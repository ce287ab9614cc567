"""Cells and rows on a fixed grid of columns, their heights, and how they are drawn.

A cell says what it is (label, value, head, note); what a value means for the pen is in its text:
``None`` is a blank ruled for the pen (identity, plan and signature only), a string is printed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from jobdesk.reports.fonts import HEI, HEI_BOLD, SONG, width
from jobdesk.reports.lines import fitting, wrap
from jobdesk.reports.page import FAINT, FRAME, HAIR, INK, MM, Align, Paper

LABEL, VALUE, NOTE, LEAD = 9.0, 9.5, 7.8, 1.36
PAD = 1.5 * MM
BASE = 0.37
"""Height of the middle of a line over its base, in parts of the size."""

HEADED = frozenset({"label", "head"})

Kind = Literal["value", "label", "head", "note"]
_SIZE = {"value": VALUE, "label": LABEL, "head": LABEL, "note": NOTE}
_FACE = {"value": HEI, "label": SONG, "head": SONG, "note": SONG}
_ALIGN: dict[Kind, Align] = {"value": "l", "label": "c", "head": "c", "note": "l"}


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Least height of a row, a band and a table head, and the air over and under a text of several lines."""

    row: float
    band: float
    head: float
    air: float


NORMAL = Rhythm(6.5 * MM, 5.8 * MM, 5.8 * MM, 1.05 * MM)
TIGHT = Rhythm(5.9 * MM, 5.2 * MM, 5.2 * MM, 0.8 * MM)
"""Taken only where it saves a sheet of paper."""
DENSE = Rhythm(5.3 * MM, 4.7 * MM, 4.8 * MM, 0.6 * MM)
"""For the cover alone, whose checks and signatures belong on one page with the numbers."""


@dataclass(frozen=True, slots=True)
class Geometry:
    """A page and the grid on it. The left margin is wider: the sheets are punched and bound."""

    width: float = 210 * MM
    height: float = 297 * MM
    left: float = 20 * MM
    right: float = 16 * MM
    top: float = 13 * MM
    bottom: float = 19 * MM
    units: int = 24

    @property
    def inner(self) -> float:
        return self.width - self.left - self.right

    @property
    def unit(self) -> float:
        return self.inner / self.units

    def x(self, unit: float) -> float:
        """Left edge of a grid unit."""
        return self.left + unit * self.unit


PORTRAIT = Geometry()
LANDSCAPE = Geometry(
    width=297 * MM, height=210 * MM, left=14 * MM, right=14 * MM, top=16 * MM, bottom=19 * MM, units=48
)


class Cell:
    """Text between two grid units; ``fit`` makes a number smaller rather than breaking it."""

    __slots__ = ("a", "align", "b", "face", "kind", "lead", "lines", "room", "size", "text")

    def __init__(
        self,
        geo: Geometry,
        a: float,
        b: float,
        text: str | None,
        kind: Kind = "value",
        align: Align | None = None,
        size: float = 0.0,
        bold: bool = False,
        face: str = "",
        lead: float = LEAD,
        fit: bool = False,
    ) -> None:
        self.a, self.b, self.text, self.kind = a, b, text, kind
        self.size = size or _SIZE[kind]
        self.face = face or (HEI_BOLD if bold else _FACE[kind])
        self.align: Align = align or _ALIGN[kind]
        self.room = (b - a) * geo.unit - 2 * (PAD if kind in ("value", "note") else 0.8 * MM)
        if fit and text:
            self.size = fitting(text, self.face, self.size, self.room)
        self.lead = self.size * lead
        self.lines: Sequence[str] = (
            wrap(text, self.face, self.size, self.room, kind in HEADED) if text else ()
        )

    def need(self, rhythm: Rhythm) -> float:
        """Height the text asks for."""
        count = len(self.lines)
        return count * self.lead + (2 * rhythm.air if count > 1 else MM)

    def part(self, lines: Sequence[str], text: str | None) -> Cell:
        """The same cell with other lines (a row cut by the end of the page)."""
        other: Cell = object.__new__(Cell)
        for name in Cell.__slots__:
            setattr(other, name, getattr(self, name))
        other.lines, other.text = lines, text
        return other

    def draw(self, paper: Paper, geo: Geometry, y: float, height: float) -> None:
        """Draw into the box whose upper edge is y."""
        x = geo.x(self.a) + ((self.b - self.a) * geo.unit - self.room) / 2
        middle = y - height / 2
        if self.text is None:
            base = middle - self.size * 0.45
            paper.line(x + 0.8 * MM, base, x + self.room - 0.8 * MM, base)
            return
        gray = FAINT if self.kind != "value" or self.text in FAINT_VALUES else INK
        lead = self.lead
        base = middle + (len(self.lines) - 1) * lead / 2 - self.size * BASE
        at = x if self.align == "l" else x + self.room if self.align == "r" else x + self.room / 2
        spread = self.kind == "label" and len(self.lines) == 1
        for line in self.lines:
            space = _spread(line, self.size) if spread else 0.0
            paper.text(at, base, line, self.face, self.size, self.align, gray, space)
            base -= lead


FAINT_VALUES = frozenset({"—", "未填", "无"})
"""Words that say nothing is there; printed lighter than what is there."""


def _spread(text: str, size: float) -> float:
    """Space after each character that spreads a Chinese label of two or three over four (分散对齐)."""
    if 1 < len(text) < 4 and all(ord(c) > 0x2E80 for c in text):
        return (4 - len(text)) * size / (len(text) - 1)
    return 0.0


Paint = Callable[[Paper, Geometry, float, float], None]


@dataclass(slots=True)
class Row:
    """Cells side by side, or a painted strip of a fixed height.

    Attributes:
        least: least height; 0 takes the rhythm's row.
        paint: draws over the cells, given the upper edge and the height.
        role: a band or a head takes that height of the rhythm.
        margin: above and below the words of a letter together. They go on over the page as words do,
            and nothing of them is said again there.
    """

    cells: Sequence[Cell] = ()
    least: float = 0.0
    paint: Paint | None = None
    role: Literal["row", "band", "head"] = "row"
    dividers: bool = True
    margin: float = 0.0

    def height(self, rhythm: Rhythm) -> float:
        """Height in this rhythm."""
        if self.margin:
            return max(len(c.lines) * c.lead for c in self.cells) + self.margin
        least = self.least or getattr(rhythm, self.role)
        return max([least, *[c.need(rhythm) for c in self.cells]])

    def most_lines(self) -> int:
        """Lines of its longest cell."""
        return max((len(c.lines) for c in self.cells), default=0)

    def cut(self, count: int, more: str) -> tuple[Row, Row]:
        """Two rows: the first ``count`` lines of each cell, and the rest.

        Labels and the first cell are repeated with ``more``, so that the rest says what it belongs to; of
        a letter nothing is.
        """
        if self.margin:
            return (
                Row([c.part(c.lines[:count], c.text) for c in self.cells], margin=self.margin),
                Row([c.part(c.lines[count:], c.text) for c in self.cells], margin=self.margin),
            )
        first: list[Cell] = []
        second: list[Cell] = []
        for cell in self.cells:
            first.append(cell.part(cell.lines[:count], cell.text))
            if cell.text and (cell.kind == "label" or cell is self.cells[0]):
                second.append(cell.part((*cell.lines, more), cell.text))
            else:
                second.append(cell.part(cell.lines[count:], ""))
        return Row(first, self.least, self.paint), Row(second)

    def draw(self, paper: Paper, geo: Geometry, y: float, height: float) -> None:
        """Draw with the upper edge at y; the lines between the rows are the page's."""
        for cell in self.cells:
            cell.draw(paper, geo, y, height)
        if self.dividers:
            for cell in self.cells[1:]:
                x = geo.x(cell.a)
                paper.line(x, y, x, y - height)
        if self.paint:
            self.paint(paper, geo, y, height)


def band(title: str, note: str = "", continued: str = "") -> Row:
    """The tinted heading of a section, with a remark at its right end; a long one takes further lines."""
    lines = wrap(title, HEI_BOLD, 9.5, PORTRAIT.inner - 2 * PAD - 12 * MM)

    def paint(paper: Paper, geo: Geometry, y: float, height: float) -> None:
        base = y - height / 2 - 9.5 * BASE + (len(lines) - 1) * 9.5 * LEAD / 2
        for n, line in enumerate(lines):
            paper.text(geo.left + PAD, base - n * 9.5 * LEAD, line, HEI_BOLD, 9.5)
        base -= (len(lines) - 1) * 9.5 * LEAD
        used = width(lines[-1], HEI_BOLD, 9.5)
        if continued:
            paper.text(geo.left + PAD + used + 2, base, continued, SONG, 8.5)
            used += 2 + width(continued, SONG, 8.5)
        room = geo.inner - 2 * PAD - used - 3 * MM
        size = min(NOTE, NOTE * room / max(width(note, SONG, NOTE), 1))
        paper.text(geo.left + geo.inner - PAD, base + 0.4, note, SONG, round(size, 2), "r", FAINT)

    return Row(paint=paint, role="band", least=(len(lines) * LEAD * 9.5 + 2 * MM) if len(lines) > 1 else 0.0)


def pairs(geo: Geometry, *items: tuple[float, float, float, str, str | None]) -> Row:
    """Labels with their values: (left, divider, right, label, value)."""
    cells: list[Cell] = []
    for a, mid, b, label, value in items:
        cells += [Cell(geo, a, mid, label, "label"), Cell(geo, mid, b, value)]
    return Row(cells)


def table_head(geo: Geometry, edges: Sequence[float], heads: Sequence[str]) -> Row:
    """The column heads of a table."""
    spans = zip(edges, edges[1:], heads, strict=False)
    return Row([Cell(geo, a, b, t, "head") for a, b, t in spans], role="head")


def table_row(
    geo: Geometry, edges: Sequence[float], values: Sequence[str | None], aligns: str = "", size: float = 0.0
) -> Row:
    """A row of values; ``aligns`` has one of l, c, r for each column (default: all in the middle)."""
    how: dict[str, Align] = {"l": "l", "c": "c", "r": "r"}
    marks = aligns or "c" * len(values)
    spans = zip(edges, edges[1:], values, marks, strict=False)
    return Row([Cell(geo, a, b, v, "value", how[m], size) for a, b, v, m in spans])


def centred(geo: Geometry, text: str) -> Row:
    """One remark over the whole width (nothing recorded, not applicable)."""
    return Row([Cell(geo, 0, geo.units, text, "note", "c", 8.4)])


@dataclass(slots=True)
class Section:
    """A band with its rows.

    Attributes:
        title: of the band; an empty one leaves the band out.
        head: repeated when the rows go on over the page.
        keep: never broken, where it fits a page at all.
        joined: goes to the next page together with the section before it rather than alone.
    """

    title: str
    rows: list[Row]
    note: str = ""
    head: Row | None = None
    keep: bool = False
    joined: bool = False
    after: list[Row] = field(default_factory=list[Row])


def frame(paper: Paper, geo: Geometry, rows: Sequence[tuple[Row, float]], top: float) -> float:
    """Draw rows of the given heights under each other in one heavy frame; the lower edge is returned."""
    y = top
    for row, height in rows:
        if row.role == "band":
            paper.tint(geo.left, y - height, geo.inner, height)
        y -= height
    bottom = y
    y = top
    for place, (row, height) in enumerate(rows):
        row.draw(paper, geo, y, height)
        y -= height
        if place < len(rows) - 1:
            paper.line(geo.left, y, geo.left + geo.inner, y, HAIR)
    paper.box(geo.left, bottom, geo.inner, top - bottom, FRAME)
    return bottom
