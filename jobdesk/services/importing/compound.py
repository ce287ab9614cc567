"""What lies in an .xls (or a protected .xlsx) beside the values, read from the compound file itself.

Only what calamine does not tell: protection, hidden rows and columns, month formats, the date system,
and how large a rectangle the cells span. A file too odd for this is left to calamine to judge.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from jobdesk.services.importing.grid import Place
from jobdesk.services.importing.zipped import shape_of_format

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END = 0xFFFFFFFA
_MONTH_BUILTIN = frozenset({17, 27, 36, 50, 52, 57})
_CELLS = frozenset({0x06, 0xBD, 0xFD, 0xD6, 0x203, 0x204, 0x205, 0x27E})
_NUMBERS = frozenset({0x06, 0x203, 0x27E})


class NotCompound(Exception):
    """Too damaged for us to follow; calamine has the last word."""


@dataclass(slots=True)
class XlsSheet:
    hidden_rows: set[int] = field(default_factory=set[int])
    hidden_columns: set[int] = field(default_factory=set[int])
    months: set[Place] = field(default_factory=set[Place])
    years: set[Place] = field(default_factory=set[Place])
    last_row: int = -1
    last_column: int = -1


@dataclass(slots=True)
class XlsFacts:
    """Attributes:
    sheets: in the order of the file's sheet list (chart and macro sheets included).
    """

    sheets: list[XlsSheet] = field(default_factory=list[XlsSheet])
    system_1904: bool = False
    protected: bool = False
    macros: bool = False


def streams(content: bytes) -> dict[str, tuple[int, int]]:
    """Names of the streams with their first sector and size.

    Raises:
        NotCompound: the directory cannot be followed.
    """
    try:
        sector = 1 << struct.unpack_from("<H", content, 30)[0]
        if sector not in (512, 4096):
            raise NotCompound
        directory = _chain(content, struct.unpack_from("<I", content, 48)[0], sector)
        found: dict[str, tuple[int, int]] = {}
        for at in range(0, len(directory) - 127, 128):
            length = struct.unpack_from("<H", directory, at + 64)[0]
            if 2 <= length <= 64:
                name = directory[at : at + length - 2].decode("utf-16-le", "replace")
                start, size = struct.unpack_from("<II", directory, at + 116)
                found.setdefault(name, (start, size))
    except struct.error:
        raise NotCompound from None
    return found


def examine(content: bytes, where: tuple[int, int]) -> XlsFacts:
    """Facts of the ``Workbook`` (or ``Book``) stream at ``where``.

    Raises:
        NotCompound: cannot be followed.
    """
    try:
        sector = 1 << struct.unpack_from("<H", content, 30)[0]
        start, size = where
        if size < 4096:
            raise NotCompound  # lies in the small-sector stream; no ledger is that short
        book = _chain(content, start, sector)[:size]
        return _records(book)
    except (struct.error, IndexError, KeyError):
        raise NotCompound from None


def _chain(content: bytes, start: int, sector: int) -> bytes:
    table = _allocation(content, sector)
    pieces: list[bytes] = []
    at, seen = start, 0
    while at < _END:
        if at >= len(table) or seen > len(table):
            raise NotCompound
        pieces.append(content[(at + 1) * sector : (at + 2) * sector])
        at = table[at]
        seen += 1
    return b"".join(pieces)


def _allocation(content: bytes, sector: int) -> list[int]:
    heads = [n for n in struct.unpack_from("<109I", content, 76) if n < _END]
    more, count = struct.unpack_from("<II", content, 68)
    per = sector // 4
    while more < _END and count:
        block = struct.unpack_from(f"<{per}I", content, (more + 1) * sector)
        heads += [n for n in block[:-1] if n < _END]
        more, count = block[-1], count - 1
        if len(heads) > len(content) // sector + 1:
            raise NotCompound
    table: list[int] = []
    for head in heads:
        table += struct.unpack_from(f"<{per}I", content, (head + 1) * sector)
    return table


@dataclass(slots=True)
class _Globals:
    shapes: dict[int, str] = field(default_factory=dict[int, str])
    formats: list[int] = field(default_factory=list[int])
    offsets: list[int] = field(default_factory=list[int])

    def styles(self, shape: str) -> frozenset[int]:
        return frozenset(
            index
            for index, number in enumerate(self.formats)
            if self.shapes.get(number, "month" if number in _MONTH_BUILTIN else "") == shape
        )


def _records(book: bytes) -> XlsFacts:
    facts, common = XlsFacts(), _Globals()
    at = 0
    while at + 4 <= len(book):
        kind, length = struct.unpack_from("<HH", book, at)
        body = at + 4
        if kind == 0x0A:
            break
        if kind == 0x2F:
            facts.protected = True
            return facts
        if kind == 0x22:
            facts.system_1904 = struct.unpack_from("<H", book, body)[0] == 1
        elif kind == 0x85:
            common.offsets.append(struct.unpack_from("<I", book, body)[0])
        elif kind == 0xE0:
            common.formats.append(struct.unpack_from("<H", book, body + 2)[0])
        elif kind == 0x41E and length > 5:
            number = struct.unpack_from("<H", book, body)[0]
            common.shapes[number] = shape_of_format(_format_text(book[body + 2 : body + length]))
        elif kind == 0xD3:
            facts.macros = True
        at = body + length
    months, years = common.styles("month"), common.styles("year")
    facts.sheets = [_sheet(book, offset, months, years) for offset in common.offsets]
    return facts


def _format_text(raw: bytes) -> str:
    wide = raw[2] & 1
    return raw[3:].decode("utf-16-le" if wide else "latin-1", "replace")


def _sheet(book: bytes, at: int, months: frozenset[int], years: frozenset[int]) -> XlsSheet:
    sheet = XlsSheet()
    unpack, end, depth = struct.Struct("<HHH").unpack_from, len(book), 0
    while at + 10 <= end:
        kind, length, first = unpack(book, at)
        if kind in _CELLS:
            column = book[at + 6] | book[at + 7] << 8
            if first > sheet.last_row:
                sheet.last_row = first
            if column > sheet.last_column:
                sheet.last_column = column
            if kind in _NUMBERS and (months or years):
                style = book[at + 8] | book[at + 9] << 8
                if style in months:
                    sheet.months.add((first, column))
                elif style in years:
                    sheet.years.add((first, column))
        elif kind == 0x208 and length >= 16:
            if book[at + 16] & 0x20:
                sheet.hidden_rows.add(first)
        elif kind == 0x7D and length >= 10:
            last, flags = struct.unpack_from("<H", book, at + 6)[0], book[at + 12]
            if flags & 1 and last - first < 256:
                sheet.hidden_columns.update(range(first, last + 1))
        elif kind == 0x809:
            depth += 1
        elif kind == 0x0A:
            depth -= 1
            if depth <= 0:
                break
        at += 4 + length
    return sheet
