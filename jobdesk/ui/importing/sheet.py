"""The sheet as the preview draws it: columns, header cells, rows of marked cells. Pure values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Mark(StrEnum):
    """What will happen to a row or a cell. Shown by a sign and a word as well as by colour."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    CHECK = "check"
    SINCE = "since"
    """此后已改: the sheet says what was imported before, somebody has changed it here since."""
    NONE = "none"
    """Nothing is taken from here."""


@dataclass(frozen=True, slots=True)
class GridColumn:
    """A column of the sheet.

    Attributes:
        width: logical pixels.
        taken: something is imported from it.
        tip: what it is taken for.
    """

    letter: str
    width: int
    taken: bool = True
    tip: str = ""


@dataclass(frozen=True, slots=True)
class HeaderCell:
    """A cell of the header, merged or not; rows count from the first header row, both ends included."""

    top: int
    left: int
    bottom: int
    right: int
    text: str


@dataclass(frozen=True, slots=True)
class GridCell:
    """One cell, ready to draw.

    Attributes:
        before: what is known here now, for a change (old → new); already masked.
        lost: how many characters at the end are not to be trusted (drawn apart).
        hint: something is said about the cell that holds nothing back.
        concealed: the text stands for a fact that is not shown here.
    """

    text: str = ""
    mark: Mark = Mark.SAME
    before: str = ""
    lost: int = 0
    hint: bool = False
    concealed: bool = False
    tip: str = ""


EMPTY = GridCell()


@dataclass(slots=True)
class GridRow:
    """One row of the sheet; cells are made when they come into sight.

    Attributes:
        number: as Excel numbers it.
        make: column → cell, for every column of the grid.
    """

    number: int
    mark: Mark
    make: Callable[[int], GridCell]
    hidden: bool = False
    tip: str = ""
    _made: dict[int, GridCell] = field(default_factory=dict[int, GridCell])

    def cell(self, column: int) -> GridCell:
        """A cell, made at the first question."""
        found = self._made.get(column)
        if found is None:
            found = self._made[column] = self.make(column)
        return found


@dataclass(frozen=True, slots=True)
class Spot:
    """A cell: place in the shown list (from 0) and column (from 0)."""

    row: int
    column: int


@dataclass(frozen=True, slots=True)
class Grid:
    """Everything the grid draws.

    Attributes:
        header_rows: numbers of the header's rows, as Excel numbers them.
        frozen: so many columns at the left stay in sight.
        keys: one key per shown row; ``row`` makes it when it comes into sight.
    """

    columns: tuple[GridColumn, ...]
    header: tuple[HeaderCell, ...]
    header_rows: tuple[int, ...]
    frozen: int
    keys: Sequence[int]
    row: Callable[[int], GridRow]


NOTHING = Grid((), (), (), 0, (), lambda _: GridRow(0, Mark.NONE, lambda _column: EMPTY))

NARROWEST, WIDEST, SAMPLE = 46, 220, 60
_WIDE = 0x2E80


def text_width(text: str) -> int:
    """Roughly how wide a text is in body type: 14 px a Chinese character, 8 px another."""
    return sum(14 if ord(char) >= _WIDE else 8 for char in text)


def column_width(label: str, texts: Sequence[str]) -> int:
    """Wide enough for the longest of the texts; the label may go over two lines."""
    longest = max((text_width(one) for one in texts), default=0)
    return max(NARROWEST, min(WIDEST, max(longest + 22, text_width(label) * 6 // 7 // 2 + 20)))
