"""What the list shows as a workbook, as paper, as lines for the clipboard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jobdesk.cases.clock import Clock, local_datetime
from jobdesk.host.strings import text
from jobdesk.services.listing import Line
from jobdesk.ui.ledger.state import Look, row_of
from jobdesk.ui.table import Column

_WIDE = 13
"""Logical pixels of a column that make one Chinese character on paper."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows as texts.

    Attributes:
        title: 台账, or the name of the view.
        aside: 脱敏 or 未脱敏 with the reason.
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    unmasked: bool
    aside: str


def sheet_of(title: str, columns: Sequence[Column], lines: Sequence[Line], look: Look, reason: str) -> Sheet:
    """The shown columns of these people as plain texts."""
    rows: list[tuple[str, ...]] = []
    for line in lines:
        cells = row_of(line, look).cells
        rows.append(tuple(_plain(cells[c.key].kind, cells[c.key].plain) for c in columns))
    aside = (
        text("ledger.out.aside_unmasked", reason=reason) if look.unmasked else text("ledger.out.aside_masked")
    )
    return Sheet(title, tuple(columns), tuple(rows), look.unmasked, aside)


def workbook(sheet: Sheet, clock: Clock, author: str) -> bytes:
    """An .xlsx. Every cell is a text: one that begins with = + - @ stays one."""
    from jobdesk.reports.xlsx_out import XlsxColumn, XlsxSheet, xlsx

    made = local_datetime(clock.now_ms())
    page = XlsxSheet(
        sheet.title,
        [XlsxColumn(c.title) for c in sheet.columns],
        sheet.rows,
        title=sheet.title,
        subtitle=text("ledger.out.subtitle", day=f"{made:%Y-%m-%d %H:%M}", who=author, aside=sheet.aside),
        notes=[text("ledger.out.note", count=len(sheet.rows))],
    )
    return xlsx([page], clock, author, mask=not sheet.unmasked)


def paper(sheet: Sheet, clock: Clock, unit: str, author: str, watermark: str) -> bytes:
    """A PDF of the list."""
    from jobdesk.reports.furniture import Printed
    from jobdesk.reports.list_pdf import Column as PaperColumn
    from jobdesk.reports.list_pdf import Group, ListPaper, list_pdf

    made = local_datetime(clock.now_ms())
    listing = ListPaper(
        sheet.title,
        text("paper.list.period", day=f"{made:%Y-%m-%d}"),
        [PaperColumn(c.title, max(c.width / _WIDE, len(c.title) + 0.6)) for c in sheet.columns],
        [Group("", sheet.rows)],
        aside=sheet.aside,
        right=text("paper.list.count_people", count=len(sheet.rows)),
    )
    printed = Printed(unit, author, f"{made:%Y-%m-%d %H:%M}", sheet.aside, watermark)
    return list_pdf(listing, printed, clock, mask=not sheet.unmasked)


def lines_for_clipboard(sheet: Sheet) -> str:
    """Tab-separated lines under their headings; nothing in them starts a formula where they are pasted."""
    head = "\t".join(c.title for c in sheet.columns)
    return "\n".join([head, *("\t".join(_flat(v) for v in row) for row in sheet.rows)])


def _plain(kind: str, words: str) -> str:
    """A blank stays a blank in a sheet; — and 未填 are signs of the screen."""
    return "" if (kind in ("blank", "none") and not words.strip("—")) or kind == "blank" else words


def _flat(words: str) -> str:
    flat = " ".join(words.split())
    return f"'{flat}" if flat[:1] in ("=", "+", "-", "@") else flat
