"""What a table shows: cells, columns, rows. Plain values; the delegate draws them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

CellKind = Literal["text", "strong", "muted", "chips", "blank", "steps", "none"]
CellTone = Literal["ink", "ink_2", "accent", "ok", "warn", "bad"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell.

    Attributes:
        text: what is drawn and copied (chips and steps: only copied and read aloud).
        kind: text, strong (bold), muted, chips, blank (dashed 未填, 待核对), steps (small 1311),
            none (—).
        tone: colour of the text; bad and warn are drawn bold.
        chips: texts of the chips; one that does not fit is counted (+2) and stands in the tooltip.
        blanks: dashed chips behind the chips (未核对).
        steps: (done, owed) per step.
        note, note_tone: smaller words behind the text (逾期, 今天).
        tip: tooltip; the text itself when it had to be shortened.
        ground: soft ground of the whole cell (import preview).
    """

    text: str = ""
    kind: CellKind = "text"
    tone: CellTone = "ink"
    chips: tuple[str, ...] = ()
    blanks: tuple[str, ...] = ()
    steps: tuple[tuple[int, int], ...] = ()
    note: str = ""
    note_tone: CellTone = "ink_2"
    tip: str = ""
    ground: Literal["", "ok", "warn", "bad", "accent"] = ""

    @property
    def plain(self) -> str:
        """The cell as one line of text: for the clipboard and for screen readers."""
        if self.kind == "steps":
            done, owed = sum(d for d, _ in self.steps), sum(o for _, o in self.steps)
            return self.text or f"{done}/{owed}"
        parts = (self.text, *self.chips, *self.blanks) if self.kind == "chips" else (self.text,)
        return " ".join(part for part in (*parts, self.note) if part)


PLACEHOLDER = Cell("…", "muted")


@dataclass(frozen=True, slots=True)
class Column:
    """A column.

    Attributes:
        key: name of the cell in a row.
        title: heading.
        width: logical pixels at least; never measured from the rows.
        stretch: share of the width left over; 0 keeps ``width``.
        priority: narrow windows drop the highest numbers first; 0 never goes.
        right: numbers stand right.
        sortable: the heading can be pressed.
        fixed: the column chooser cannot switch it off.
    """

    key: str
    title: str
    width: int
    stretch: int = 0
    priority: int = 1
    right: bool = False
    sortable: bool = True
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its id and its cells by column key; a missing key is drawn as an empty cell."""

    id: str
    cells: Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Sort:
    """An order somebody asked for by pressing a heading."""

    key: str
    descending: bool = False
