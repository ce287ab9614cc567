"""The reading half in one call: a file, or pasted cells, to rows with their problems. No store needed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from jobdesk.cases.errors import BadInput
from jobdesk.host.collector import without_collector
from jobdesk.services.importing import columns, files, layouts, limits
from jobdesk.services.importing.columns import LayoutMemory, Plan
from jobdesk.services.importing.grid import Workbook
from jobdesk.services.importing.repeats import cross_check
from jobdesk.services.importing.rows import ReadRow, read_rows
from jobdesk.services.importing.tables import Table, find_table

Memories = Callable[[str], LayoutMemory | None]
"""What was settled for a layout before, by :func:`columns.layout_key`."""


@dataclass(slots=True)
class ReadFile:
    """A file as read.

    Attributes:
        plans: one for each sheet taken, in the order of the file.
        rows: of all sheets taken, in order.
        passed_over: sheets in which no header was found.
    """

    name: str
    book: Workbook
    plans: list[Plan]
    rows: list[ReadRow]
    passed_over: list[str]


def nothing_remembered(key: str) -> LayoutMemory | None:
    """For callers without a store."""
    del key
    return None


def open_tables(book: Workbook, name: str, sheet: str | None = None) -> tuple[list[Table], list[str]]:
    """The tables of every sheet with a header, or of the one named; and the sheets passed over.

    Raises:
        BadInput: the named sheet is not there, no header anywhere, or more than 50,000 rows.
    """
    sheets = book.sheets
    if sheet is not None:
        named = book.sheet(sheet)
        if named is None:
            raise BadInput("sheet_missing", path=name, sheet=sheet)
        sheets = [named]
    known = layouts.vocabulary()
    found: list[Table] = []
    passed: list[str] = []
    for candidate in sheets:
        table = find_table(candidate, known.knows)
        if table is None or not columns.names_people(table, known):
            passed.append(candidate.name)
        else:
            found.append(table)
    if not found:
        raise BadInput("no_header", path=name)
    total = sum(len(table.rows) for table in found)
    if total > limits.MAX_ROWS:
        biggest = max(found, key=lambda t: len(t.rows)).sheet.name
        raise BadInput("too_many_rows", path=name, sheet=biggest, rows=total, limit=limits.MAX_ROWS)
    return found, passed


def read_book(
    book: Workbook,
    name: str,
    today: date,
    *,
    sheet: str | None = None,
    memories: Memories = nothing_remembered,
    chosen: Mapping[str, Plan] | None = None,
    tick: Callable[[int], None] | None = None,
) -> ReadFile:
    """Plan and read the sheets.

    Args:
        today: for birth dates and ages.
        chosen: plans the clerk has changed, by sheet name; they go before guess and memory.
        tick: see :func:`rows.read_rows`.

    Raises:
        BadInput: see :func:`open_tables`.
    """
    with without_collector():
        return _read_book(book, name, today, sheet, memories, chosen or {}, tick)


def _read_book(
    book: Workbook,
    name: str,
    today: date,
    sheet: str | None,
    memories: Memories,
    chosen: Mapping[str, Plan],
    tick: Callable[[int], None] | None,
) -> ReadFile:
    tables, passed = open_tables(book, name, sheet)
    plans: list[Plan] = []
    rows: list[ReadRow] = []
    for table in tables:
        plan = chosen.get(table.sheet.name)
        if plan is None:
            plan = columns.plan(table, memories(columns.layout_key(table)))
        plans.append(plan)
        rows += read_rows(plan, today, tick=tick)
    cross_check(rows)
    return ReadFile(name, book, plans, rows, passed)


def read_path(
    path: Path, today: date, *, sheet: str | None = None, memories: Memories = nothing_remembered
) -> ReadFile:
    """A file from disk.

    Raises:
        BadInput: see :func:`files.read_path` and :func:`open_tables`.
    """
    return read_book(files.read_path(path), path.name, today, sheet=sheet, memories=memories)
