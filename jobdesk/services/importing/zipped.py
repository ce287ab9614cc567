"""What lies in an .xlsx beside the values: hidden rows, merged cells, formulas without value, month formats.

The archive is read once in pieces before anything else touches it, so that a bomb (of bytes or of
cells: one cell at XFD1048576 makes a rectangle of 17 thousand million) is refused while it is small.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree

from jobdesk.cases.errors import BadInput
from jobdesk.services.importing import limits
from jobdesk.services.importing.grid import Place, Range, column_number

_PIECE = 4 * 1024 * 1024
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ElementTree.ParseError)
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_MERGE = re.compile(rb"""mergeCell\s+ref=["']([A-Z]{1,3}\d{1,7}):([A-Z]{1,3}\d{1,7})["']""")
_COL = re.compile(rb"""<(?:\w+:)?col\b([^>]*)>""")
_LONG_COLUMN = re.compile(rb"""r=["']([A-Z]{2,})\d""")
_FAR_ROW = re.compile(rb"""r=["'][A-Z]{1,3}\d{6,}""")
_MONTH_BUILTIN = frozenset({17, 27, 36, 50, 52, 57})
"""Number formats of a Chinese Excel that show year and month only (ECMA-376 §18.8.30)."""


@dataclass(slots=True)
class SheetFacts:
    """What the XML of one sheet says beside the values."""

    name: str
    merged: list[Range] = field(default_factory=list[Range])
    hidden_rows: set[int] = field(default_factory=set[int])
    hidden_columns: set[int] = field(default_factory=set[int])
    unfilled: set[Place] = field(default_factory=set[Place])
    months: set[Place] = field(default_factory=set[Place])
    years: set[Place] = field(default_factory=set[Place])
    concealed: bool = False
    valued_rows: int = 0
    last_row: int = -1
    last_column: int = 0


@dataclass(slots=True)
class BookFacts:
    sheets: dict[str, SheetFacts]
    system_1904: bool = False
    macros: bool = False


def examine(content: bytes, path: str) -> BookFacts:
    """Look through the archive.

    Raises:
        BadInput: truncated, a bomb, protected, too many rows or columns, or no workbook at all.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _examine(archive, path)
    except _DAMAGE:
        raise BadInput("file_damaged", path=path) from None
    except (RuntimeError, UnicodeDecodeError, ValueError):  # zipfile's word for an encrypted part, a bad name
        raise BadInput("file_password", path=path) from None


def _examine(archive: zipfile.ZipFile, path: str) -> BookFacts:
    parts = {info.filename: info for info in archive.infolist()}
    if "xl/workbook.xml" not in parts:
        raise BadInput("file_not_table", path=path)
    _refuse_bomb(archive, path)
    if any(info.flag_bits & 1 for info in parts.values()):
        raise BadInput("file_password", path=path)
    book = ElementTree.fromstring(_small(archive, "xl/workbook.xml", path))
    targets = _targets(archive, parts, path)
    months, years = _date_styles(archive, parts, path)
    facts = BookFacts({}, macros=any(name.endswith("vbaProject.bin") for name in parts))
    properties = _child(book, "workbookPr")
    if properties is not None:
        facts.system_1904 = properties.get("date1904", "").lower() in {"1", "true"}
    for entry in _children(book, "sheets", "sheet"):
        target = next((targets.get(v) for k, v in entry.attrib.items() if k.endswith("}id")), None)
        name = entry.get("name", "")
        sheet = SheetFacts(name, concealed=entry.get("state", "visible") != "visible")
        facts.sheets[name] = sheet
        if target in parts:
            _read_sheet(archive, target, sheet, months, years, path)
    if len(facts.sheets) > limits.MAX_SHEETS:
        raise BadInput("file_too_large", path=path, limit=f"{limits.MAX_SHEETS}张工作表")
    return facts


def _refuse_bomb(archive: zipfile.ZipFile, path: str) -> None:
    infos = archive.infolist()
    total = sum(info.file_size for info in infos)
    limit = f"{limits.MAX_UNPACKED_BYTES // 1024 // 1024}MB"
    if total > limits.MAX_UNPACKED_BYTES or len(infos) > limits.MAX_PARTS:
        raise BadInput("file_bomb", path=path, limit=limit)
    for info in infos:
        if (
            info.file_size > limits.RATIO_FROM_BYTES
            and info.file_size > limits.MAX_RATIO * info.compress_size
        ):
            raise BadInput("file_bomb", path=path, limit=limit)


def _small(archive: zipfile.ZipFile, name: str, path: str) -> bytes:
    if archive.getinfo(name).file_size > 20 * 1024 * 1024:
        raise BadInput("file_bomb", path=path, limit="20MB")
    return archive.read(name)


def _child(node: ElementTree.Element, name: str) -> ElementTree.Element | None:
    found = node.find(_MAIN + name)
    return found if found is not None else node.find(_STRICT + name)


def _children(node: ElementTree.Element, group: str, name: str) -> list[ElementTree.Element]:
    parent = _child(node, group)
    if parent is None:
        return []
    return parent.findall(_MAIN + name) or parent.findall(_STRICT + name)


def _targets(archive: zipfile.ZipFile, parts: dict[str, zipfile.ZipInfo], path: str) -> dict[str, str]:
    name = "xl/_rels/workbook.xml.rels"
    if name not in parts:
        return {}
    found: dict[str, str] = {}
    for relation in ElementTree.fromstring(_small(archive, name, path)):
        target = relation.get("Target", "")
        found[relation.get("Id", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return found


def _date_styles(
    archive: zipfile.ZipFile, parts: dict[str, zipfile.ZipInfo], path: str
) -> tuple[frozenset[int], frozenset[int]]:
    """Cell styles that show a month without a day, and a year alone."""
    if "xl/styles.xml" not in parts:
        return frozenset(), frozenset()
    styles = ElementTree.fromstring(_small(archive, "xl/styles.xml", path))
    shapes = {
        int(node.get("numFmtId", "0")): shape_of_format(node.get("formatCode", ""))
        for node in _children(styles, "numFmts", "numFmt")
    }
    months: set[int] = set()
    years: set[int] = set()
    for index, style in enumerate(_children(styles, "cellXfs", "xf")):
        number = int(style.get("numFmtId", "0"))
        shape = shapes.get(number, "month" if number in _MONTH_BUILTIN else "")
        if shape == "month":
            months.add(index)
        elif shape == "year":
            years.add(index)
    return frozenset(months), frozenset(years)


def shape_of_format(code: str) -> str:
    """``month`` for a number format that shows no day, ``year`` for one with the year alone, else empty."""
    bare = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]|_.', "", code.split(";")[0]).lower()
    if "y" not in bare or "d" in bare or "h" in bare:
        return ""
    return "month" if "m" in bare else "year"


def _read_sheet(
    archive: zipfile.ZipFile,
    part: str,
    sheet: SheetFacts,
    months: frozenset[int],
    years: frozenset[int],
    path: str,
) -> None:
    scan = _Scan(sheet, months, years, path)
    for piece, closing in _pieces(archive, part):
        scan.rows(piece)
        if closing:
            for first, last in _MERGE.findall(closing):
                (r0, c0), (r1, c1) = place(first.decode()), place(last.decode())
                sheet.merged.append((r0, c0, r1, c1))
    scan.check()


def place(text: str) -> Place:
    """``F10`` → (9, 5).

    Raises:
        ValueError: not a cell address.
    """
    match = _CELL.fullmatch(text)
    if match is None:
        raise ValueError(text)
    return int(match[2]) - 1, column_number(match[1])


def _pieces(archive: zipfile.ZipFile, part: str) -> Iterator[tuple[bytes, bytes]]:
    """Whole rows piece by piece; what follows the last row comes with the last piece."""
    rest = b""
    with archive.open(part) as stream:
        while block := stream.read(_PIECE):
            rest += block
            cut = rest.rfind(b"<row ")
            if cut > 0:
                yield rest[:cut], b""
                rest = rest[cut:]
    end = rest.rfind(b"sheetData>")
    yield rest, rest[end:] if end >= 0 else rest


class _Scan:
    """Collects facts row by row."""

    def __init__(self, sheet: SheetFacts, months: frozenset[int], years: frozenset[int], path: str) -> None:
        self._sheet, self._path = sheet, path
        self._next = 0
        self._started = False
        self._row = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
        self._number = re.compile(rb"""\br=["'](\d{1,7})["']""")
        self._styled = _styled(months), _styled(years)

    def rows(self, piece: bytes) -> None:
        """Take in a piece that holds whole rows."""
        sheet = self._sheet
        if not self._started:
            self._started = True
            self._columns(piece)
        marks = list(self._row.finditer(piece))
        for index, mark in enumerate(marks):
            attributes = mark[1]
            number = self._number.search(attributes)
            row = int(number[1]) - 1 if number else self._next
            self._next = row + 1
            if b"hidden" in attributes and re.search(rb"""hidden=["'](?:1|true)""", attributes):
                sheet.hidden_rows.add(row)
            end = marks[index + 1].start() if index + 1 < len(marks) else len(piece)
            if _has_value(piece, mark.end(), end):
                sheet.valued_rows += 1
                sheet.last_row = max(sheet.last_row, row)
                if end - mark.end() > 100_000 and piece.count(b"<v>", mark.end(), end) > limits.MAX_COLUMNS:
                    self._too_wide()
        self._wide(piece)
        if b"<f" in piece or b":f>" in piece:
            sheet.unfilled.update(place(a.decode()) for a in _UNFILLED.findall(piece))
        for pattern, into in zip(self._styled, (sheet.months, sheet.years), strict=True):
            if pattern is not None:
                into.update(place(a.decode()) for a in pattern.findall(piece))

    def _columns(self, piece: bytes) -> None:
        head = piece[: piece.find(b"sheetData")]
        for attributes in _COL.findall(head):
            if re.search(rb"""hidden=["'](?:1|true)""", attributes):
                first = re.search(rb"""min=["'](\d{1,5})""", attributes)
                last = re.search(rb"""max=["'](\d{1,5})""", attributes)
                if first and last and int(last[1]) - int(first[1]) < limits.MAX_COLUMNS:
                    self._sheet.hidden_columns.update(range(int(first[1]) - 1, int(last[1])))

    def _wide(self, piece: bytes) -> None:
        names = set(_LONG_COLUMN.findall(piece))
        widest = max((column_number(n.decode()) for n in names if len(n) <= 3), default=25)
        if widest > limits.MAX_COLUMNS:
            valued = _VALUED_FAR.findall(piece)
            widest = max((column_number(n.decode()) for n in valued), default=25)
            if widest > limits.MAX_COLUMNS:
                self._too_wide()
        if _FAR_ROW.search(piece) and (far := _VALUED_FAR_ROW.search(piece)):
            self._sheet.last_row = max(self._sheet.last_row, int(far[1]) - 1)
        self._sheet.last_column = max(self._sheet.last_column, widest)

    def _too_wide(self) -> None:
        raise BadInput("too_many_columns", path=self._path, sheet=self._sheet.name, limit=limits.MAX_COLUMNS)

    def check(self) -> None:
        sheet = self._sheet
        area = (sheet.last_row + 1) * (sheet.last_column + 1)
        if sheet.valued_rows > limits.MAX_SHEET_ROWS:
            raise BadInput(
                "too_many_rows",
                path=self._path,
                sheet=sheet.name,
                rows=sheet.valued_rows,
                limit=limits.MAX_ROWS,
            )
        if area > limits.MAX_CELLS * 2 and sheet.last_row > limits.MAX_SHEET_ROWS:
            raise BadInput("scattered_cells", path=self._path, sheet=sheet.name, row=sheet.last_row + 1)


def _has_value(piece: bytes, start: int, end: int) -> bool:
    for mark in (b"<v>", b"<is>", b":v>", b":is>", b"<v ", b"<is "):
        if piece.find(mark, start, end) >= 0:
            return True
    return False


def _styled(styles: frozenset[int]) -> re.Pattern[bytes] | None:
    if not styles:
        return None
    numbers = b"|".join(str(n).encode() for n in sorted(styles))
    return re.compile(
        rb"""<(?:\w+:)?c\s+r=["']([A-Z]{1,3}\d{1,7})["'][^>]*?\bs=["'](?:""" + numbers + rb""")["']"""
    )


_UNFILLED = re.compile(
    rb"""<(?:\w+:)?c\s+r=["']([A-Z]{1,3}\d{1,7})["'][^>]*>\s*<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)"""
    rb"""\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"""
)
_VALUED_FAR = re.compile(
    rb"""<(?:\w+:)?c\s+r=["']((?:[A-Z]{3}|O[K-Z]|[P-Z][A-Z]))\d+["'][^>]*(?<!/)>"""
    rb"""(?:(?!</(?:\w+:)?c>)[\s\S]){0,400}?<(?:\w+:)?(?:v|is)>"""
)
_VALUED_FAR_ROW = re.compile(
    rb"""<(?:\w+:)?c\s+r=["'][A-Z]{1,3}(\d{6,7})["'][^>]*(?<!/)>"""
    rb"""(?:(?!</(?:\w+:)?c>)[\s\S]){0,400}?<(?:\w+:)?(?:v|is)>"""
)
