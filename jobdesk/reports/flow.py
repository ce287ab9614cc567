"""Which rows stand on which page.

A band never ends a page and takes its table head and first row with it; the last row of a table never
begins a page alone; heads are repeated after a break, marked （续）. A very tall row is cut between its
lines, at the end of a page only. What stands below a letter (signatures) never stands without some of its
words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jobdesk.host.strings import text
from jobdesk.reports.grid import Rhythm, Row, Section, band

Placed = list[tuple[Row, float]]
_CUT_FROM = 14
"""Rows of fewer lines are never cut."""
_LEAST_LINES = 4
"""Lines that stay together on either side of a cut."""


@dataclass(slots=True)
class _Page:
    rhythm: Rhythm
    first: float
    following: float
    done: list[Placed]
    rows: Placed
    left: float

    def put(self, rows: Sequence[Row]) -> None:
        for row in rows:
            height = row.height(self.rhythm)
            self.rows.append((row, height))
            self.left -= height

    def turn(self) -> None:
        if self.rows:
            self.done.append(self.rows)
        self.rows, self.left = [], self.following

    def need(self, rows: Sequence[Row]) -> float:
        return sum(r.height(self.rhythm) for r in rows)


def paginate(sections: Sequence[Section], rhythm: Rhythm, first: float, following: float) -> list[Placed]:
    """Rows with their heights, page by page; ``first`` and ``following`` are the room on a page."""
    page = _Page(rhythm, first, following, [], [], first)
    for place, section in enumerate(sections):
        after = sections[place + 1] if place + 1 < len(sections) else None
        tail = page.need(_rows(after)) if after and after.joined else 0.0
        if tail and not any(row.margin for row in section.rows):
            whole = page.need(_rows(section))
            if whole <= page.left < whole + tail <= following:
                page.turn()
            tail = 0.0
        _flow(page, section, tail)
    page.turn()
    return page.done


def _rows(section: Section) -> list[Row]:
    return [*_start(section), *section.rows, *section.after]


def _start(section: Section, continued: str = "") -> list[Row]:
    lead = [band(section.title, section.note, continued)] if section.title else []
    return [*lead, *([section.head] if section.head else [])]


def _flow(page: _Page, section: Section, tail: float) -> None:
    """``tail``: what follows a letter and never stands without some of its words."""
    whole = page.need(_rows(section))
    if whole + tail <= page.left:
        page.put(_rows(section))
        return
    if section.keep and whole <= page.following:
        page.turn()
        page.put(_rows(section))
        return
    start, again = _start(section), _start(section, text("paper.continued"))
    rest = [*section.rows, *section.after]
    opened = False
    fresh = not page.rows
    while rest:
        lead = [] if opened else start
        take = _together(rest)
        need = page.need(lead) + page.need(take)
        parted = bool(tail) and len(rest) == 1 and need <= page.left < need + tail
        ending = _ending(take[0]) if parted else None
        if ending:
            page.put([*lead, ending[0]])
            rest[0], opened = ending[1], True
        elif need <= page.left and (fresh or not parted):
            page.put([*lead, *take])
            del rest[: len(take)]
            opened, fresh = True, False
            continue
        pieces = None if parted else _cut(take[0], page.left - page.need(lead), page.rhythm)
        if pieces:
            page.put([*lead, pieces[0]])
            rest[0] = pieces[1]
            opened = True
        elif fresh and not parted:
            page.put([*lead, take[0]])
            del rest[0]
            opened, fresh = True, False
            continue
        page.turn()
        fresh = True
        if opened:
            page.put(again)


def _together(rest: Sequence[Row]) -> list[Row]:
    """The next rows that may not be parted: the last two of a table go together."""
    if len(rest) == 2 and rest[0].most_lines() < _CUT_FROM and rest[1].most_lines() < _CUT_FROM:
        return list(rest)
    return [rest[0]]


def _ending(row: Row) -> tuple[Row, Row] | None:
    """A letter in two, so that its last lines stand above what follows it."""
    total = row.most_lines()
    if total < 2 * _LEAST_LINES:
        return None
    return row.cut(total - _LEAST_LINES, "")


def _cut(row: Row, room: float, rhythm: Rhythm) -> tuple[Row, Row] | None:
    """The row in two, the first as tall as the room allows; None where it should not be cut there."""
    total = row.most_lines()
    if row.paint or total < _CUT_FROM:
        return None
    fit = total
    while fit >= _LEAST_LINES:
        fit = min(fit - 1, total - _LEAST_LINES)
        first, second = row.cut(fit, text("paper.continued")) if fit >= _LEAST_LINES else (None, None)
        if first and second and first.height(rhythm) <= room:
            return first, second
    return None
