"""What 家庭 shows: filters, rows, rates. Pure: no Qt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from jobdesk.cases.due import Bucket
from jobdesk.cases.household_clock import HouseholdClock
from jobdesk.cases.household_rates import HouseholdRate
from jobdesk.services.household_list import HouseholdRow, Households
from jobdesk.ui.casefile.household_words import (
    CLAIM,
    DUTY_KINDS,
    day_words,
    deadline_words,
    kind_words,
    level_words,
    line_words,
    plan_words,
    rung_words,
    state_look,
    state_words,
    t,
    title,
    work_state,
    work_words,
)
from jobdesk.ui.table.cells import Cell, CellTone, Column, Row

FILTERS = ("all", "may_apply", "claim", "running", "overdue", "reverify", "one_job", "hardship")


def columns() -> tuple[Column, ...]:
    """Those of the list; narrow windows drop the last first."""

    def one(key: str, width: int, priority: int, *, stretch: int = 0) -> Column:
        return Column(key, t(f"column_{key}"), width, stretch=stretch, priority=priority, sortable=False)

    return (
        one("name", 110, 0, stretch=1), one("state", 92, 0), one("next", 268, 0, stretch=3),
        one("work", 108, 1), one("rung", 108, 1), one("deadline", 96, 2), one("kind", 104, 3),
        one("community", 110, 4, stretch=1),
    )  # fmt: skip


def next_words(row: HouseholdRow, today: date) -> tuple[str, CellTone]:
    """The most urgent line and its tone: ``bad`` overdue, ``warn`` today."""
    if not row.due:
        return "", "ink_2"
    line = row.due[0]
    tone: CellTone = (
        "bad" if line.bucket is Bucket.OVERDUE else "warn" if line.bucket is Bucket.TODAY else "ink"
    )
    said = line_words(line)
    when = t("by_day", day=day_words(line.due.isoformat(), today))
    return t("next", what=said, when=when), tone


def fits(row: HouseholdRow, wanted: str) -> bool:
    """Whether a household belongs to a filter."""
    facts, clock = row.facts, row.clock
    kinds = {line.kind.value for line in row.due}
    match wanted:
        case "may_apply":
            return "may_apply" in kinds
        case "claim":
            return facts.text("state") in CLAIM
        case "running":
            return clock.runs
        case "overdue":
            return any(line.bucket is Bucket.OVERDUE for line in row.due)
        case "reverify":
            return clock.ended is not None
        case "one_job":
            return bool(clock.cleared_on) and clock.ended is None
        case "hardship":
            return facts.text("kind") in DUTY_KINDS
        case _:
            return True


@dataclass(frozen=True, slots=True)
class Shown:
    """What the list holds now. ``behind``: the rate and the number of it that was opened, None for all."""

    wanted: str = "all"
    words: str = ""
    behind: tuple[str, str] | None = None


def shown(found: Households, by: Shown) -> list[HouseholdRow]:
    only = ids_behind(found, *by.behind) if by.behind else None
    return [
        r for r in found.rows
        if fits(r, by.wanted) and matches(r, by.words) and (only is None or r.id in only)
    ]  # fmt: skip


def matches(row: HouseholdRow, words: str) -> bool:
    """Whether every word stands in names, address or community."""
    parts = [row.facts.text(n) for n in ("head_name", "address", "community", "filing_no")]
    parts += [row.name(m.record.id) for m in row.standing.members]
    whole = " ".join(parts).casefold()
    return all(w in whole for w in words.casefold().split())


def counts(rows: Sequence[HouseholdRow]) -> dict[str, int]:
    return {name: sum(fits(r, name) for r in rows) for name in FILTERS}


def row_of(row: HouseholdRow, today: date) -> Row:
    """A household as cells."""
    said, tone = next_words(row, today)
    deadline, late = deadline_words(row.clock, today)
    rung = row.clock.rung
    cells = {
        "name": Cell(title(row), "strong"),
        "kind": Cell(kind_words(row, in_list=True)) if row.facts.text("kind") else Cell(kind="none"),
        "state": Cell(state_words(row), tone=_TONES[state_look(row)]),
        "next": Cell(said, tone=tone) if said else Cell(_quiet(row), "muted"),
        "work": Cell(work_words(row)),
        "rung": Cell(level_words(rung.level), tip=rung_words(row, today)) if rung else Cell(kind="none"),
        "deadline": (
            Cell(_day_of(row.clock, today), tone=late, tip=deadline) if deadline else Cell(kind="none")
        ),
        "community": Cell(row.facts.text("community")) if row.facts.text("community") else Cell(kind="none"),
    }  # fmt: skip
    return Row(row.id, cells)


_TONES: Mapping[str, CellTone] = {"ok": "ok", "accent": "accent", "plain": "ink_2", "outline": "ink"}


def _day_of(clock: HouseholdClock, today: date) -> str:
    return day_words(clock.deadline.isoformat(), today) if clock.deadline is not None else ""


def _quiet(row: HouseholdRow) -> str:
    return t("quiet_one_job") if row.clock.cleared_on else t("quiet")


def rate_words(rate: HouseholdRate) -> tuple[str, str, str]:
    """Name, number and note of a rate: 已实现1人就业 of all, with the helped."""
    total, done, helped = len(rate.all), len(rate.one_job), len(rate.helped)
    note = t("rate_note", helped=helped, total=total)
    percent = t("percent", number=round(100 * done / total)) if total else t("no_rate")
    return t(f"rate_{rate.sort}", done=done, total=total), percent, note


NUMBERS = ("one_job", "helped", "overdue")
"""Those of a rate that stand in its tile, or beside it: each opens its households."""


def ids_behind(found: Households, sort: str, number: str) -> frozenset[str]:
    """Households behind a number of a rate: ``all`` or one of ``NUMBERS``."""
    rate = next(r for r in found.rates if r.sort == sort)
    return frozenset(getattr(rate, number))


__all__ = [
    "FILTERS",
    "NUMBERS",
    "Shown",
    "columns",
    "counts",
    "fits",
    "ids_behind",
    "level_words",
    "matches",
    "plan_words",
    "rate_words",
    "row_of",
    "shown",
    "t",
    "work_state",
]
