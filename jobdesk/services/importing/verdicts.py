"""What a preview says: verdicts of rows and cells, proposals, what the clerk decides about a row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from jobdesk.cases.ops import Json


class Verdict(StrEnum):
    """What becomes of a row. Every row of a person has exactly one."""

    NEW = "new"
    """A file is opened."""
    CHANGED = "changed"
    """Somebody already here (or in an earlier row of the file) learns something."""
    UNCHANGED = "unchanged"
    HELD = "held"
    """Waits with the import for a person; nothing of it is written."""


class CellState(StrEnum):
    """What becomes of a cell."""

    EMPTY = "empty"
    """Nothing in it: it erases nothing."""
    IGNORED = "ignored"
    """The column is not taken (不导入), or it is read and compared only (serial number, age)."""
    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    CHECK = "check"
    """To be checked: a problem stands beside it. A hint's value goes in all the same, see ``CellView``."""
    WAITING = "waiting"
    """Of a row that is held, or that is not taken: nothing is written and nothing was compared."""
    SINCE = "since"
    """此后已改: the value stood here once and was changed since; it is not put back."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One value of a row against what is here.

    Attributes:
        old: the value here now; None where nothing is known.
        new: the value of the sheet as typed.
        record: id of the record here it was compared with; empty for a new record, and for one that was
            withdrawn here: a value of such a record cannot be taken.
    """

    state: CellState
    old: Json = None
    new: Json = None
    record: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A whole ID number that a second source supports; shown by its tail, whole by a logged click.

    Attributes:
        number: 18 characters. Show it only through ``Preview.reveal`` or ``held.reveal``.
        source: where it stands: ``case`` (a file here), ``household`` (a member's file), ``sheet``
            (another row of this file), ``held`` (a held row of an earlier import).
        by: what agrees besides the name: ``phone``, ``address``, ``household``. The sentence is
            ``import.proposal.<source>_<by>`` filled with ``params``.
        case_id: the file here that has the number, empty otherwise.
    """

    number: str = field(repr=False)
    source: str = ""
    by: str = ""
    params: Mapping[str, str | int] = field(default_factory=dict[str, "str | int"])
    case_id: str = ""

    @property
    def tail(self) -> str:
        """The last three digits: all that is shown before the click."""
        return self.number[-3:]


@dataclass(frozen=True, slots=True)
class Proposals:
    """What can be said about a damaged number. Nothing is pre-selected.

    Attributes:
        listed: those with a second source.
        computable: how many *more* would merely compute (never listed).
    """

    listed: tuple[Proposal, ...] = ()
    computable: int = 0


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody here who may be the person of a row without a number; proposed, never merged unasked.

    Attributes:
        by: what agrees, a subset of ``name birth phone`` in this order.
        number_masked: the ID number here, masked; empty when unknown there too.
    """

    case_id: str
    name: str
    by: tuple[str, ...]
    number_masked: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What the clerk decided about one row. The parts may be combined.

    Attributes:
        number: a whole ID number, adopted from a proposal or typed (采用).
        blank: the row goes in without ID number (保持空白). Other holding problems of the row are taken
            as seen: the values of those cells stay out.
        person: id of the file here that is the same person, or ``new`` for another person.
        sex: code of the sex that goes in where number and sheet disagree; the number stays.
        later: stays held (稍后).
        drop: is not taken at all (不再处理).
    """

    number: str = field(default="", repr=False)
    blank: bool = False
    person: str = ""
    sex: str = ""
    later: bool = False
    drop: bool = False


@dataclass(frozen=True, slots=True)
class Counts:
    """``rows`` are the people; it is the sum of the others."""

    rows: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    held: int = 0

    def to_json(self) -> dict[str, Any]:
        return {
            "rows": self.rows,
            "new": self.new,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "held": self.held,
        }


@dataclass(frozen=True, slots=True)
class ProblemCount:
    """How many rows have a problem of a kind; ``import.kind.<code>`` names it where one exists, else
    ``import.problem.<code>``. Holding kinds come first."""

    code: str
    holds: bool
    rows: int
