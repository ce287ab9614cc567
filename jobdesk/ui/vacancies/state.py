"""What 岗位 shows: filters, rows, the words of a post. Pure: no Qt."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from jobdesk.cases.partial_date import PartialDate
from jobdesk.host.strings import text
from jobdesk.services.vacancies import Vacancy
from jobdesk.ui.table.cells import Cell, Column, Row

FILTERS = ("current", "ending", "expired", "all")
ENDING_DAYS = 7
"""Own figure (自定): a post whose last day is so near is marked."""
FIELDS = (
    "unit", "post", "pay", "place", "headcount", "requirement", "contact", "source", "checked_on",
    "valid_until", "note",
)  # fmt: skip


def t(key: str, /, **params: object) -> str:
    """A sentence of this screen."""
    return text(f"vacancies.{key}", **params)


def columns() -> tuple[Column, ...]:
    """Those of the list; narrow windows drop the last first."""

    def one(key: str, width: int, priority: int, *, stretch: int = 0) -> Column:
        title = t(f"label_{key}")
        return Column(key, title, width, stretch=stretch, priority=priority, sortable=False)

    return (
        one("unit", 170, 0, stretch=3), one("post", 110, 0, stretch=2), one("pay", 100, 1, stretch=1),
        one("valid_until", 160, 1), one("checked_on", 104, 2), one("place", 110, 3, stretch=2),
        one("headcount", 60, 4), one("source", 100, 5, stretch=1),
    )  # fmt: skip


def standing(post: Vacancy, today: date) -> str:
    """``current``, ``ending`` or ``expired``."""
    if not post.is_current:
        return "expired"
    partial = PartialDate.parse(post.valid_until) if post.valid_until else None
    if partial is not None and partial.last <= today + timedelta(days=ENDING_DAYS):
        return "ending"
    return "current"


def shown(posts: Sequence[Vacancy], wanted: str, words: str, today: date) -> list[Vacancy]:
    """Posts of a filter in which every word stands. What is about to end is still current."""
    found: list[Vacancy] = []
    for post in posts:
        now = standing(post, today)
        fits = wanted == "all" or now == wanted or (wanted == "current" and now == "ending")
        if fits and matches(post, words):
            found.append(post)
    return found


def matches(post: Vacancy, words: str) -> bool:
    """Whether every word stands somewhere in the post."""
    whole = " ".join((post.unit, post.post, post.pay, post.place, post.requirement, post.source)).casefold()
    return all(w in whole for w in words.casefold().split())


def counts(posts: Sequence[Vacancy], today: date) -> dict[str, int]:
    """Filter → posts."""
    return {name: len(shown(posts, name, "", today)) for name in FILTERS}


def row_of(post: Vacancy, today: date) -> Row:
    """A post as cells; an expired one is marked and quiet."""
    now = standing(post, today)
    faded = now == "expired"
    cells: dict[str, Cell] = {
        "unit": Cell(post.unit, "muted" if faded else "strong"),
        "post": Cell(post.post, "muted" if faded else "text"),
    }
    for name in ("pay", "place", "source", "checked_on"):
        value = str(getattr(post, name))
        cells[name] = Cell(value, "muted" if faded else "text") if value else Cell(kind="none")
    cells["headcount"] = Cell(str(post.headcount)) if post.headcount else Cell(kind="none")
    if not post.valid_until:
        cells["valid_until"] = Cell(t("no_end"), "muted")
    elif faded:
        cells["valid_until"] = Cell(post.valid_until, tone="bad", note=t("expired"), note_tone="bad")
    elif now == "ending":
        cells["valid_until"] = Cell(post.valid_until, note=t("ending"), note_tone="warn")
    else:
        cells["valid_until"] = Cell(post.valid_until)
    if not post.checked_on:
        cells["checked_on"] = Cell(t("unchecked"), "blank")
    return Row(post.id, cells)
