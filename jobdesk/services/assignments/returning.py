"""Giving a list back: the file as it came, with the answers in it.

An .xlsx keeps its own layout, merged cells, widths and colours: only the cells of the answers are written.
A .csv goes back as a .csv of the same columns; an old .xls, which nothing free can write, goes back as an
.xlsx of the same cells, and that is said.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from jobdesk.cases.errors import BadInput, Refused
from jobdesk.cases.ops import Json, Subject
from jobdesk.host import code_lists
from jobdesk.host.disk import disk_errors
from jobdesk.host.strings import text
from jobdesk.services.assignments.taking import SheetLayout
from jobdesk.services.desk import Desk
from jobdesk.services.editing import change
from jobdesk.services.importing import files
from jobdesk.services.importing.grid import Sheet, Workbook, shown
from jobdesk.services.revealing import log_look
from jobdesk.store import local, reads
from jobdesk.store.log import Connection
from jobdesk.store.reads import Record
from jobdesk.store.station_file import Changes, Writing

_XLSX, _CSV = ".xlsx", ".csv"
_WIDE, _WIDEST = 14, 36
"""Widths of columns in characters (own figures): of an answer, and of the widest."""
_LINE = 16.0
"""Height of a line of words in points."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Returned:
    """What was written. ``converted``: the layout could not be kept because the file came as .xls."""

    path: Path
    answered: int
    total: int
    converted: bool


@dataclass(frozen=True, slots=True)
class _Kept:
    content: bytes
    file_name: str
    title: str
    layouts: tuple[SheetLayout, ...]
    lines: tuple[Record, ...]


def suffix_for(file_name: str) -> str:
    """The ending a list goes back with: ``.csv`` stays, everything else is ``.xlsx``."""
    return _CSV if file_name.lower().endswith((".csv", ".txt")) else _XLSX


def give_back(desk: Desk, assignment_id: str, target: Path, *, partly: bool = False) -> Future[Returned]:
    """Write the file with its answers, and note the day. The access log has it first: whole numbers leave.

    Args:
        partly: also when somebody is not answered yet; those cells stay blank.

    Raises (in the future):
        Refused: unanswered people and not ``partly``.
        BadInput: the file that was taken in is not on this PC.
        Trouble: the disk.
    """

    def job() -> Returned:
        kept = desk.read(lambda con: _kept(con, assignment_id)).result()
        answered = sum(bool(r.text("answer")) for r in kept.lines)
        if answered < len(kept.lines) and not partly:
            raise Refused("list_not_answered", left=len(kept.lines) - answered)
        log_look(desk, "export", subject_id=assignment_id, field="list", count=len(kept.lines),
                 reason=kept.title).result()  # fmt: skip
        converted = kept.content[:4] == b"\xd0\xcf\x11\xe0"
        body = _filled(kept)
        with disk_errors(target):
            target.write_bytes(body)
        if answered == len(kept.lines):
            _note_day(desk, assignment_id).result()
        return Returned(target, answered, len(kept.lines), converted)

    return desk.file.work.aside(job)


def _note_day(desk: Desk, assignment_id: str) -> Future[Changes]:
    subject = Subject("assignment", assignment_id)

    def job(w: Writing) -> Changes:
        root = reads.subject_state(w.con, subject).root
        op = change(subject, root, {"returned_on": desk.today.isoformat()})
        return w.append(desk.actor, [op] if op else [])

    return desk.write(job)


def _kept(con: Connection, assignment_id: str) -> _Kept:
    records = reads.records_of(con, [assignment_id]).get(assignment_id, [])
    root = next(r for r in records if r.kind == "assignment")
    content = local.blob(con, root.text("digest"))
    if content is None:
        raise BadInput("list_absent", path=root.text("file_name"))
    layouts = tuple(_layout(one) for one in cast("list[Mapping[str, Json]]", root.values.get("layout") or []))
    lines = tuple(r for r in records if r.kind == "assigned")
    return _Kept(content, root.text("file_name"), root.text("title"), layouts, lines)


def _layout(raw: Mapping[str, Json]) -> SheetLayout:
    def number(name: str) -> int:
        value = raw.get(name)
        return value if isinstance(value, int) else -1

    return SheetLayout(
        str(raw.get("sheet")), number("header"), number("width"), number("answer"), number("note")
    )


def _filled(kept: _Kept) -> bytes:
    if kept.content.startswith(b"PK"):
        return _into_xlsx(kept)
    book = files.read_bytes(kept.content, kept.file_name)
    if suffix_for(kept.file_name) == _CSV:
        return _into_csv(kept, book)
    return _as_xlsx(kept, book)


def _columns(layout: SheetLayout) -> tuple[int, int]:
    """Where answers and notes stand; at the right of a list that has no place for them."""
    answer = layout.answer if layout.answer >= 0 else layout.width
    return answer, layout.note if layout.note >= 0 else max(layout.width, answer + 1)


def _cells(kept: _Kept, layout: SheetLayout) -> list[tuple[int, int, str]]:
    """(row, column, words) to be written into a sheet; heads of new columns among them. Counted from 0."""
    answer, note = _columns(layout)
    found: list[tuple[int, int, str]] = []
    if layout.answer < 0:
        found.append((layout.header, answer, text("assignments.answer_header")))
    if layout.note < 0:
        found.append((layout.header, note, text("assignments.note_header")))
    names = code_lists.table("list_answer")
    for one in kept.lines:
        row = one.values.get("row")
        if one.text("sheet") != layout.sheet or not isinstance(row, int):
            continue
        if one.text("answer"):
            found.append((row, answer, names.name_of(one.text("answer"))))
        if one.text("note"):
            before = cast("Mapping[str, Json]", one.values.get("cells") or {}).get(str(note))
            joined = f"{before}；{one.text('note')}" if before else one.text("note")
            found.append((row, note, joined))
    return found


def _into_xlsx(kept: _Kept) -> bytes:
    import openpyxl
    from openpyxl.cell.cell import MergedCell

    book: Any = openpyxl.load_workbook(io.BytesIO(kept.content))
    for layout in kept.layouts:
        sheet = book[layout.sheet]
        _dress_new(kept, layout, sheet)
        for row, column, words in _cells(kept, layout):
            cell = sheet.cell(row=row + 1, column=column + 1)
            if isinstance(cell, MergedCell):
                area = next(a for a in sheet.merged_cells.ranges if cell.coordinate in a)
                cell = sheet.cell(row=area.min_row, column=area.min_col)
            cell.value = words
            cell.data_type = "s"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _dress_new(kept: _Kept, layout: SheetLayout, sheet: Any) -> None:
    """Columns that the list did not have look like the one beside them, also where nobody is answered yet."""
    from copy import copy

    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.properties import PageSetupProperties

    answer, note = _columns(layout)
    rows = [layout.header, *(r for one in kept.lines if isinstance(r := one.values.get("row"), int)
                             and one.text("sheet") == layout.sheet)]  # fmt: skip
    for column, width, new in ((answer, _WIDE, layout.answer < 0), (note, _WIDEST, layout.note < 0)):
        if not new:
            continue
        sheet.column_dimensions[get_column_letter(column + 1)].width = width
        for row in rows:
            cell, beside = (sheet.cell(row=row + 1, column=c) for c in (column + 1, layout.width))
            cell._style = copy(beside._style)
            alignment = copy(beside.alignment)
            alignment.wrap_text = True
            cell.alignment = alignment
    if layout.answer < 0 or layout.note < 0:
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.page_setup.fitToHeight = 0
    for row, column, words in _cells(kept, layout):
        height = sheet.row_dimensions[row + 1].height
        if column >= layout.width and (tall := _LINE * _lines_in(words, _WIDEST)) > (height or _LINE):
            sheet.row_dimensions[row + 1].height = tall


def _into_csv(kept: _Kept, book: Workbook) -> bytes:
    """In the encoding it came in; a leading ``=`` is made harmless, as Excel would compute it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for layout in kept.layouts:
        for line in _lines(kept, layout, book.sheet(layout.sheet)):
            writer.writerow([f"'{c}" if c.startswith(_FORMULA) and not _is_number(c) else c for c in line])
    return out.getvalue().encode("utf-8-sig" if _is_utf8(kept.content) else "gb18030")


def _as_xlsx(kept: _Kept, book: Workbook) -> bytes:
    import xlsxwriter  # pyright: ignore[reportMissingTypeStubs]

    out = io.BytesIO()
    made: Any = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    wrapped: Any = made.add_format({"text_wrap": True, "valign": "vcenter"})
    for layout in kept.layouts:
        page: Any = made.add_worksheet(layout.sheet[:31])
        page.set_landscape()
        page.fit_to_pages(1, 0)
        widest: dict[int, int] = {}
        for row, line in enumerate(_lines(kept, layout, book.sheet(layout.sheet))):
            page.set_row(row, _LINE * max((_lines_in(words, _WIDEST) for words in line), default=1))
            for column, words in enumerate(line):
                page.write_string(row, column, words, wrapped)
                if row >= layout.header:
                    widest[column] = max(widest.get(column, 0), _width(words))
        for column, width in widest.items():
            page.set_column(column, column, min(width + 2, _WIDEST))
    made.close()
    return out.getvalue()


def _lines(kept: _Kept, layout: SheetLayout, sheet: Sheet | None) -> Sequence[list[str]]:
    rows = [[shown(value) for value in line] for line in (sheet.rows if sheet else [])]
    for row, column, words in _cells(kept, layout):
        line = rows[row]
        line.extend([""] * (column + 1 - len(line)))
        line[column] = words
    return rows


def _width(words: str) -> int:
    """Characters as wide as a digit: a Chinese one counts for two."""
    return sum(2 if ord(c) > 0x2E80 else 1 for c in words)


def _lines_in(words: str, width: int) -> int:
    """Lines that words take in a column, at least one."""
    return sum(max(1, -(-_width(line) // (width - 1))) for line in words.split("\n"))


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _is_number(words: str) -> bool:
    return words[1:].replace(".", "", 1).isdigit()
