"""Ledgers made by code: real .xlsx and .xls files, CSV bytes, and people who do not exist."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import xlsxwriter
import xlwt
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from jobdesk.cases.id_number import check_digit
from jobdesk.services.importing import columns, files, read
from jobdesk.services.importing.columns import LayoutMemory, Plan
from jobdesk.services.importing.grid import Raw, Sheet
from jobdesk.services.importing.read import ReadFile
from jobdesk.services.importing.tables import Table, find_table

TODAY = date(2026, 11, 21)
Cells = Sequence[Sequence[object]]


def id_number(year: int = 1975, month: int = 6, day: int = 18, order: int = 21) -> str:
    """Valid by checksum, region 229901; odd orders are men."""
    first = f"229901{year:04d}{month:02d}{day:02d}{order:03d}"
    return first + check_digit(first)


def xlsx(fill: Callable[[Any, Any], None], name: str = "台账", **options: object) -> bytes:
    """A real .xlsx file; ``fill`` writes the sheet."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, **options})
    fill(book, book.add_worksheet(name))
    book.close()
    return target.getvalue()


def xlsx_of(rows: Cells, name: str = "台账") -> bytes:
    def fill(book: Workbook, sheet: Worksheet) -> None:
        del book
        for r, line in enumerate(rows):
            for c, value in enumerate(line):
                if value != "":
                    sheet.write(r, c, value)

    return xlsx(fill, name)


def xls_of(fill: Callable[[Any], None], name: str = "台账") -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    fill(book.add_sheet(name))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def xls_rows(rows: Cells) -> bytes:
    def fill(sheet: Any) -> None:
        for r, line in enumerate(rows):
            for c, value in enumerate(line):
                sheet.write(r, c, value)

    return xls_of(fill)


def grid(rows: Sequence[Sequence[Raw]], **facts: object) -> Sheet:
    """A sheet without a file."""
    return Sheet("台账", [list(line) for line in rows], **facts)  # type: ignore[arg-type]


def table_of(sheet: Sheet) -> Table:
    found = find_table(sheet, columns.layouts.vocabulary().knows)
    assert found is not None
    return found


def plan_of(sheet: Sheet, memory: LayoutMemory | None = None) -> Plan:
    return columns.plan(table_of(sheet), memory)


def read_cells(rows: Sequence[Sequence[Raw]], **facts: object) -> ReadFile:
    book = files.Workbook([grid(rows, **facts)], "xlsx")
    return read.read_book(book, "台账.xlsx", TODAY)


def codes(result: ReadFile) -> list[list[str]]:
    """Problem codes of each row, the region hint of the made-up region left out."""
    return [[p.code for p in row.problems if p.code != "region_unknown"] for row in result.rows]
