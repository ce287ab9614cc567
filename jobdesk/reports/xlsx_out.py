"""Rows to .xlsx: heads of one or two merged rows, text that stays text, the same bytes for the same rows.

Every cell is written as a string or a number, never parsed: a value that begins with = + - @ is text to Excel
and cannot become a formula. ID numbers and phones are text cells, so that no digit is rounded away.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any

from jobdesk.cases.clock import Clock, local_datetime
from jobdesk.reports.secrecy import Secret, hidden

Value = str | int | float | None
MOST_WIDE = 60


@dataclass(frozen=True, slots=True)
class XlsxColumn:
    """One column.

    Attributes:
        wide: in Chinese characters; 0 takes the longest of the head and the rows.
        group: head over several neighbouring columns, or empty.
        number: numbers are written as numbers; else everything is text.
        secret: masked here unless the workbook is asked for unmasked.
    """

    title: str
    wide: float = 0.0
    group: str = ""
    number: bool = False
    secret: Secret | None = None


@dataclass(frozen=True, slots=True)
class XlsxSheet:
    """A worksheet: title over the table (merged, or empty for none), notes under it."""

    name: str
    columns: Sequence[XlsxColumn]
    rows: Sequence[Sequence[Value]]
    title: str = ""
    subtitle: str = ""
    notes: Sequence[str] = ()


def xlsx(sheets: Iterable[XlsxSheet], clock: Clock, author: str = "", mask: bool = True) -> bytes:
    """A workbook. Dates inside are the clock's, so the same rows at the same instant are the same file."""
    import xlsxwriter  # pyright: ignore[reportMissingTypeStubs]

    out = BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book: Any = xlsxwriter.Workbook(out, options)
    made = local_datetime(clock.now_ms()).replace(tzinfo=None, microsecond=0)
    book.set_properties({"author": author, "created": made})
    formats = _formats(book)
    for sheet in sheets:
        _write(book.add_worksheet(_sheet_name(sheet.name)), masked_sheet(sheet) if mask else sheet, formats)
    book.close()
    return out.getvalue()


def masked_sheet(sheet: XlsxSheet) -> XlsxSheet:
    """The sheet with its secret columns masked."""
    if not any(c.secret for c in sheet.columns):
        return sheet
    rows = [
        [hidden(v, c.secret) if isinstance(v, str) else v for v, c in zip(r, sheet.columns, strict=True)]
        for r in sheet.rows
    ]
    return replace(sheet, rows=rows)


def _formats(book: Any) -> dict[str, Any]:
    base = {"font_name": "宋体", "font_size": 10, "valign": "vcenter", "border": 1, "text_wrap": True}
    plain = {"font_name": "宋体", "valign": "vcenter"}
    return {
        "title": book.add_format({**plain, "font_size": 18, "bold": True, "align": "center"}),
        "subtitle": book.add_format({**plain, "font_size": 10}),
        "head": book.add_format({**base, "bold": True, "align": "center", "bg_color": "#F2F2F2"}),
        "text": book.add_format({**base, "num_format": "@"}),
        "number": book.add_format({**base, "num_format": "0.##", "align": "center"}),
        "note": book.add_format({**plain, "font_size": 9, "text_wrap": True}),
    }


def _sheet_name(name: str) -> str:
    """At most 31 characters and none that Excel refuses."""
    return "".join("／" if c in r"[]:*?/\'" else c for c in name)[:31] or "1"


def _write(page: Any, sheet: XlsxSheet, formats: dict[str, Any]) -> None:
    last = len(sheet.columns) - 1
    row = 0
    for line, kind, height in ((sheet.title, "title", 30), (sheet.subtitle, "subtitle", 18)):
        if line:
            _across(page, row, last, line, formats[kind])
            page.set_row(row, height)
            row += 1
    row = _heads(page, row, sheet.columns, formats["head"])
    page.freeze_panes(row, 0)
    for values in sheet.rows:
        for k, (column, value) in enumerate(zip(sheet.columns, values, strict=True)):
            _cell(page, row, k, value, column.number, formats)
        row += 1
    for note in sheet.notes:
        _across(page, row, last, note, formats["note"])
        row += 1
    for k, column in enumerate(sheet.columns):
        page.set_column(k, k, _width(column, [r[k] for r in sheet.rows]))
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)


def _across(page: Any, row: int, last: int, line: str, style: Any) -> None:
    if last > 0:
        page.merge_range(row, 0, row, last, "", style)
    page.write_string(row, 0, line, style)


def _heads(page: Any, row: int, columns: Sequence[XlsxColumn], style: Any) -> int:
    """One row of heads, or two where columns are grouped; the next free row is returned."""
    if not any(c.group for c in columns):
        for k, column in enumerate(columns):
            page.write_string(row, k, column.title, style)
        return row + 1
    k = 0
    while k < len(columns):
        stop = k + 1
        group = columns[k].group
        while group and stop < len(columns) and columns[stop].group == group:
            stop += 1
        if not group:
            page.merge_range(row, k, row + 1, k, "", style)
            page.write_string(row, k, columns[k].title, style)
        else:
            if stop - k > 1:
                page.merge_range(row, k, row, stop - 1, "", style)
            page.write_string(row, k, group, style)
            for place in range(k, stop):
                page.write_string(row + 1, place, columns[place].title, style)
        k = stop
    return row + 2


def _cell(page: Any, row: int, column: int, value: Value, number: bool, formats: dict[str, Any]) -> None:
    if value is None or value == "":
        page.write_blank(row, column, None, formats["text"])
    elif number and isinstance(value, int | float):
        page.write_number(row, column, value, formats["number"])
    else:
        page.write_string(row, column, _clean(str(value)), formats["text"])


def _clean(value: str) -> str:
    """Without the control characters that make a workbook unreadable."""
    return "".join(c for c in value if c >= " " or c in "\n\t")[:32767]


def _width(column: XlsxColumn, values: Sequence[Value]) -> float:
    if column.wide:
        return column.wide * 2 + 1
    longest = max([_units(column.title), *[_units(str(v)) for v in values if v is not None]])
    return min(longest + 2, MOST_WIDE)


def _units(value: str) -> int:
    """Width in half characters of the widest line."""
    return max((sum(2 if ord(c) > 0x2E7F else 1 for c in line) for line in value.split("\n")), default=0)
