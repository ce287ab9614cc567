"""From a file or pasted cells to sheets. What a file is, its content says, never its name.

Every file that cannot be read ends in :class:`BadInput` with the place and a way out; macros are
never run, and a file that carries them is read like any other.
"""

from __future__ import annotations

import io
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jobdesk.cases.date_spelling import read_serial
from jobdesk.cases.errors import BadInput
from jobdesk.cases.partial_date import PartialDate
from jobdesk.host.collector import without_collector
from jobdesk.services.importing import compound, delimited, limits, zipped
from jobdesk.services.importing.grid import Range, Sheet, Workbook

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

_FOREIGN = (
    b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"{\\rtf", b"SQLite",
    b"MZ", b"\x7fELF",
)  # fmt: skip
_WEB = (b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta", b"<style", b"mime-version")


def read_path(path: Path) -> Workbook:
    """Read the file.

    Raises:
        BadInput: it is not there, may not be read, or is not a table we know.
    """
    try:
        if path.stat().st_size > limits.MAX_FILE_BYTES:
            raise BadInput("file_too_large", path=path.name, limit=_megabytes(limits.MAX_FILE_BYTES))
        content = path.read_bytes()
    except FileNotFoundError:
        raise BadInput("file_missing", path=str(path)) from None
    except OSError:
        raise BadInput("file_unreadable", path=str(path)) from None
    return read_bytes(content, path.name)


def read_bytes(content: bytes, name: str) -> Workbook:
    """Read a file's content; ``name`` serves for messages and for the sheet of a text file.

    Raises:
        BadInput: see the module.
    """
    if not content.strip(b"\x00 \r\n\t\xef\xbb\xbf"):
        raise BadInput("file_empty", path=name)
    if len(content) > limits.MAX_FILE_BYTES:
        raise BadInput("file_too_large", path=name, limit=_megabytes(limits.MAX_FILE_BYTES))
    with without_collector():
        book = _read_content(content, name)
    _refuse_long(book, name)
    return book


def _read_content(content: bytes, name: str) -> Workbook:
    if content.startswith(b"PK"):
        return _read_xlsx(content, name)
    if content.startswith(compound.SIGNATURE):
        return _read_xls(content, name)
    if content.startswith((b"\x09\x08\x10\x00", b"\x09\x04\x06\x00", b"\x09\x02\x06\x00")):
        raise BadInput("file_old_format", path=name)
    if content.startswith(_FOREIGN):
        raise BadInput("file_not_table", path=name)
    if content[:400].lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith(_WEB):
        raise BadInput("file_web_page", path=name)
    text, encoding = delimited.decode(content, name)
    return Workbook([delimited.read(text, Path(name).stem, name)], "csv", encoding=encoding)


def read_pasted(text: str, name: str = "") -> Workbook:
    """Cells from the clipboard: tabs between cells, quotation marks round cells with line breaks.

    Raises:
        BadInput: nothing in it, or too many rows.
    """
    if not text.strip():
        raise BadInput("paste_empty")
    book = Workbook([delimited.read(text, name, name)], "pasted")
    _refuse_long(book, name)
    return book


def _megabytes(count: int) -> str:
    return f"{count // 1024 // 1024}MB"


def _refuse_long(book: Workbook, name: str) -> None:
    for sheet in book.sheets:
        if len(sheet.rows) <= limits.MAX_SHEET_ROWS:
            continue
        rows = sum(1 for line in sheet.rows if any(value != "" for value in line))
        if rows > limits.MAX_SHEET_ROWS:
            raise BadInput("too_many_rows", path=name, sheet=sheet.name, rows=rows, limit=limits.MAX_ROWS)


def _read_xlsx(content: bytes, name: str) -> Workbook:
    facts = zipped.examine(content, name)
    opened = _open(content, name)
    sheets: list[Sheet] = []
    for title in opened.sheet_names:
        about = facts.sheets.get(title)
        raw = _sheet(opened, title, name)
        if raw is None:
            continue
        sheet = Sheet(title, raw.to_python(skip_empty_area=False), system_1904=facts.system_1904)
        if about is not None:
            sheet.merged, sheet.unfilled = about.merged, about.unfilled
            sheet.hidden_rows, sheet.hidden_columns = about.hidden_rows, about.hidden_columns
            sheet.months, sheet.years, sheet.concealed = about.months, about.years, about.concealed
        _as_displayed(sheet)
        sheets.append(sheet)
    return Workbook(sheets, "xlsx", macros=facts.macros)


def _read_xls(content: bytes, name: str) -> Workbook:
    facts = _xls_facts(content, name)
    opened = _open(content, name)
    sheets: list[Sheet] = []
    for index, title in enumerate(opened.sheet_names):
        raw = _sheet(opened, title, name)
        if raw is None:
            continue
        sheet = Sheet(title, raw.to_python(skip_empty_area=False), system_1904=facts.system_1904)
        sheet.merged = _merged(raw)
        if index < len(facts.sheets):
            about = facts.sheets[index]
            sheet.hidden_rows, sheet.hidden_columns = about.hidden_rows, about.hidden_columns
            sheet.months, sheet.years = about.months, about.years
        _as_displayed(sheet)
        sheets.append(sheet)
    return Workbook(sheets, "xls", macros=facts.macros)


def _as_displayed(sheet: Sheet) -> None:
    """A date cell that shows 2026年3月 and holds the first of March is a month: the day is Excel's own.

    Another day in it was typed by somebody and stays.
    """
    for places, month in ((sheet.months, True), (sheet.years, False)):
        for row, column in places:
            value = sheet.raw(row, column)
            if isinstance(value, float):
                start = read_serial(value, system_1904=sheet.system_1904).start
            else:
                start = PartialDate.of(value) if type(value) is date else None
            if isinstance(value, datetime):
                start = PartialDate.of(value.date())
            invented = start is not None and start.day == 1 and (month or start.month == 1)
            if start is not None and invented:
                text = f"{start.year:04d}-{start.month:02d}" if month else f"{start.year:04d}"
                sheet.rows[row][column] = text


def _xls_facts(content: bytes, name: str) -> compound.XlsFacts:
    try:
        streams = compound.streams(content)
        if "EncryptedPackage" in streams or "EncryptionInfo" in streams:
            raise BadInput("file_password", path=name)
        where = streams.get("Workbook") or streams.get("Book")
        if where is None:
            raise BadInput("file_not_table", path=name)
        facts = compound.examine(content, where)
    except compound.NotCompound:
        return compound.XlsFacts()
    if facts.protected:
        raise BadInput("file_password", path=name)
    for sheet in facts.sheets:
        if (sheet.last_row + 1) * (sheet.last_column + 1) > limits.MAX_CELLS:
            raise BadInput("scattered_cells", path=name, sheet="", row=sheet.last_row + 1)
    facts.macros = facts.macros or "_VBA_PROJECT_CUR" in streams
    return facts


def _merged(raw: CalamineSheet) -> list[Range]:
    found = raw.merged_cell_ranges or []
    return [(r0, c0, r1, c1) for (r0, c0), (r1, c1) in found]


def _open(content: bytes, name: str) -> CalamineWorkbook:
    from python_calamine import CalamineWorkbook

    return _guarded(lambda: CalamineWorkbook.from_filelike(io.BytesIO(content)), name)


def _sheet(opened: CalamineWorkbook, title: str, name: str) -> CalamineSheet | None:
    """The sheet, None for one that holds no cells of its own (charts, macros)."""
    from python_calamine import SheetTypeEnum

    kind = next((m.typ for m in opened.sheets_metadata if m.name == title), SheetTypeEnum.WorkSheet)
    if kind != SheetTypeEnum.WorkSheet:
        return None
    return _guarded(lambda: opened.get_sheet_by_name(title), name)


def _guarded(work: Any, name: str) -> Any:
    """Run a call into calamine; whatever it raises on a damaged file becomes :class:`BadInput`."""
    from python_calamine import CalamineError, PasswordError

    try:
        return work()
    except PasswordError:
        raise BadInput("file_password", path=name) from None
    except (CalamineError, OSError, ValueError, OverflowError):
        raise BadInput("file_damaged", path=name) from None
    except BaseException as fault:
        # A panic inside the reader arrives as pyo3's PanicException, which is no Exception.
        if type(fault).__name__ != "PanicException":
            raise
        raise BadInput("file_damaged", path=name) from None
