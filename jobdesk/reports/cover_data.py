"""The numbers of the cover, each counted on its own."""

from __future__ import annotations

from dataclasses import dataclass

Count = tuple[str, int]
"""A heading and its number."""


@dataclass(frozen=True, slots=True)
class OnBooks:
    """在册 and its movements in the period.

    Attributes:
        returned: leavings that were followed by a return within the period: the person has one sheet.
    """

    opening: int
    new: int
    resumed: int
    moved_in: int
    ended: int
    moved_out: int
    closing: int
    women: int
    returned: int = 0


@dataclass(frozen=True, slots=True)
class CategoryCount:
    """People of one main category: recognised by the county, in progress, from a ledger only."""

    name: str
    recognised: int
    in_progress: int
    ledger: int


@dataclass(frozen=True, slots=True)
class FollowUps:
    due: int
    on_time: int
    late: int
    missed: int


@dataclass(frozen=True, slots=True)
class SheetCounts:
    """How many sheets there are, and why the person signs or not."""

    sheets: int
    to_sign: int
    phone_only: int
    no_service: int


@dataclass(frozen=True, slots=True)
class StepCount:
    """People of the circle by how far one step was offered; ``attended`` is a part of full and partial."""

    name: str
    required: int
    full: int
    partial: int
    none: int
    attended: int


@dataclass(frozen=True, slots=True)
class StepTotals:
    """One template's circle. Two templates are never added."""

    note: str
    steps: tuple[StepCount, ...]
    all_full: int
    part: int
    none: int
    outside: int
    people: int


@dataclass(frozen=True, slots=True)
class Cover:
    """Numbers of the cover, each counted on its own; ``totals.checks`` holds them against each other.

    Attributes:
        categories: everybody on the books with a main category, once.
        others: everybody else on the books, by circle.
        households: further facts that are not people (零就业家庭（户）); outside the sums.
        attempts: unanswered calls and mass messages.
        services_note, on_books_note: late entries and services for people not on the books, said on paper.
        sheets: None on the totals of a week, a campaign or a quarter, which have no sheets.
    """

    on_books: OnBooks
    categories: tuple[CategoryCount, ...]
    others: tuple[Count, ...]
    households: tuple[Count, ...]
    by_type: tuple[Count, ...]
    by_channel: tuple[Count, ...]
    attempts: int
    follow_ups: FollowUps
    sheets: SheetCounts | None
    steps: tuple[StepTotals, ...]
    placements: tuple[Count, ...]
    placement_note: str = ""
    services_note: str = ""
    on_books_note: str = ""
