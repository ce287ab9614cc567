"""A sheet as it was read: raw values from A1 on, and what Excel knows beside them."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

Raw = str | int | float | bool | date | datetime | time | timedelta
"""What a cell holds; an empty cell is the empty text."""

Place = tuple[int, int]
"""Row and column, counted from 0."""

Range = tuple[int, int, int, int]
"""First row, first column, last row, last column, counted from 0, both ends included."""


class CellKind(enum.StrEnum):
    EMPTY = "empty"
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    BOOL = "bool"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. ``hidden`` when its row or its column is; ``unfilled`` is a formula without a value."""

    value: Raw
    kind: CellKind
    hidden: bool
    unfilled: bool


def _no_places() -> set[Place]:
    return set()


@dataclass(slots=True)
class Sheet:
    """One sheet.

    Attributes:
        rows: a list per row from row 1 on; rows may be of different length.
        merged: merged areas as the file states them.
        unfilled: formulas whose value was never computed (the file was made by a program).
        months, years: date cells that show no day (no month): the stored day is Excel's, not the clerk's.
        system_1904: serial numbers count from 1904 (old Excel for Mac).
        concealed: the sheet itself is hidden.
        scientific: text cells are what a CSV kept of numbers (2.29901E+17); only for text files.
    """

    name: str
    rows: list[list[Raw]]
    merged: list[Range] = field(default_factory=list[Range])
    hidden_rows: set[int] = field(default_factory=set[int])
    hidden_columns: set[int] = field(default_factory=set[int])
    unfilled: set[Place] = field(default_factory=_no_places)
    months: set[Place] = field(default_factory=_no_places)
    years: set[Place] = field(default_factory=_no_places)
    system_1904: bool = False
    concealed: bool = False

    def raw(self, row: int, column: int) -> Raw:
        """The value, empty text beyond the edge."""
        if row < 0 or column < 0 or row >= len(self.rows):
            return ""
        line = self.rows[row]
        return line[column] if column < len(line) else ""

    def cell(self, row: int, column: int) -> Cell:
        value = self.raw(row, column)
        hidden = row in self.hidden_rows or column in self.hidden_columns
        return Cell(value, kind_of(value), hidden, (row, column) in self.unfilled)

    @property
    def width(self) -> int:
        return max((len(line) for line in self.rows), default=0)


@dataclass(slots=True)
class Workbook:
    """All sheets of a file in order.

    Attributes:
        kind: ``xlsx``, ``xls``, ``csv`` or ``pasted``.
        macros: the file carries macros; they were not run and nothing of them was read.
    """

    sheets: list[Sheet]
    kind: str
    macros: bool = False
    encoding: str = ""

    def sheet(self, name: str) -> Sheet | None:
        return next((s for s in self.sheets if s.name == name), None)


def kind_of(value: Raw) -> CellKind:
    if value == "":
        return CellKind.EMPTY
    if isinstance(value, str):
        return CellKind.TEXT
    if isinstance(value, bool):
        return CellKind.BOOL
    if isinstance(value, (int, float)):
        return CellKind.NUMBER
    return CellKind.DATE


def letters(column: int) -> str:
    """0 → A, 26 → AA."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def column_number(text: str) -> int:
    """A → 0, AA → 26."""
    number = 0
    for char in text:
        number = number * 26 + ord(char) - 64
    return number - 1


def address(row: int, column: int) -> str:
    """``F10`` for row 9, column 5."""
    return f"{letters(column)}{row + 1}"


def shown(value: Raw) -> str:
    """The text of a value as a clerk would write it: 5 and not 5.0; 18 digits whole, never 2.3E+17."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return _shown_float(value)
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M") if (value.hour or value.minute) else f"{value:%Y-%m-%d}"
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def _shown_float(value: float) -> str:
    if value != value or value in (float("inf"), float("-inf")):
        return str(value)
    if value == int(value) and abs(value) < 1e21:
        # Excel keeps 15 significant digits; more of them are noise of the binary fraction.
        return str(int(float(f"{value:.14e}"))) if abs(value) < 1e15 else _long_whole(value)
    return f"{value:.15g}"


def _long_whole(value: float) -> str:
    mantissa, exponent = f"{value:.14e}".split("e")
    sign = "-" if mantissa.startswith("-") else ""
    digits = mantissa.lstrip("-").replace(".", "")
    return sign + digits + "0" * (int(exponent) - 14)
