"""1311 in boxes: one box a step, a tick box for each time it is due, both numbers, the days behind them."""

from __future__ import annotations

from collections.abc import Sequence

from jobdesk.host.strings import text
from jobdesk.reports.fonts import HEI, HEI_BOLD, SONG, width
from jobdesk.reports.grid import NOTE, Geometry, Row
from jobdesk.reports.lines import shorten
from jobdesk.reports.month_data import Step, StepRound
from jobdesk.reports.page import FAINT, MM, Paper

MARGIN = 2.4 * MM
TICK = 2.9 * MM
MOST_EVENTS = 6
"""Days listed in a box; the rest is counted (own figure)."""


MOST_BOXES = 4
MOST_TICKS = 5
"""A step due more often has its numbers only."""


def step_rows(steps: StepRound) -> list[Row]:
    """Strips with the steps of a round side by side, four to a strip."""
    return [_strip(steps.steps[k : k + MOST_BOXES]) for k in range(0, len(steps.steps), MOST_BOXES)]


def _strip(steps: Sequence[Step]) -> Row:
    most = max([1, *[_lines(s) for s in steps]])
    tall = (19.2 + 3.8 * (most - 1)) * MM
    count = max(len(steps), 1)

    def paint(paper: Paper, geo: Geometry, y: float, height: float) -> None:
        wide = (geo.inner - (count + 1) * MARGIN) / count
        for place, step in enumerate(steps):
            x = geo.left + MARGIN + place * (wide + MARGIN)
            _box(paper, step, x, y - MARGIN, wide, height - 2 * MARGIN)

    return Row(paint=paint, least=tall + 2 * MARGIN)


def _lines(step: Step) -> int:
    return min(len(step.events), MOST_EVENTS) + (len(step.events) > MOST_EVENTS)


def _box(paper: Paper, step: Step, x: float, top: float, wide: float, tall: float) -> None:
    paper.box(x, top - tall, wide, tall)
    paper.line(x, top - 6.6 * MM, x + wide, top - 6.6 * MM)
    due = step.required if step.required <= MOST_TICKS else 0
    ticks = due * (TICK + MM)
    name_room = wide - 4 * MM - ticks
    size = 9.5 if width(step.name, HEI_BOLD, 9.5) <= name_room else 8
    paper.text(x + 2 * MM, top - 4.5 * MM, shorten(step.name, HEI_BOLD, size, name_room), HEI_BOLD, size)
    for k in range(due):
        paper.tick(x + wide - MM - ticks + k * (TICK + MM), top - 4.75 * MM, TICK, k < step.offered)
    base = top - 12.6 * MM
    number = str(step.offered)
    paper.text(x + 2 * MM, base, number, HEI_BOLD, 15)
    at = x + 2 * MM + width(number, HEI_BOLD, 15) + 1
    of = text("paper.sheet.step_required", required=step.required)
    paper.text(at, base, of, SONG, 9)
    attended = text("paper.sheet.step_attended", count=step.attended)
    paper.text(at + width(of, SONG, 9) + 2 * MM, base, attended, SONG, NOTE, gray=FAINT)
    state = "done" if step.offered >= step.required else "part" if step.offered else "open"
    paper.text(x + wide - 2 * MM, base, text(f"paper.sheet.step_{state}"), SONG, 9, "r")
    _events(paper, step, x, top - 17.2 * MM, wide)


def _events(paper: Paper, step: Step, x: float, base: float, wide: float) -> None:
    if not step.events:
        paper.text(x + 2 * MM, base, text("paper.sheet.step_no_event"), SONG, NOTE, gray=FAINT)
        return
    indent = width("00-00", HEI, NOTE) + 1.6 * MM
    room = wide - 3.5 * MM - indent
    for day, what in step.events[:MOST_EVENTS]:
        paper.text(x + 2 * MM, base, day, HEI, NOTE)
        paper.text(x + 2 * MM + indent, base, shorten(what, HEI, NOTE, room), HEI, NOTE)
        base -= 3.8 * MM
    more = len(step.events) - MOST_EVENTS
    if more > 0:
        paper.text(x + 2 * MM, base, text("paper.sheet.step_more", count=more), SONG, NOTE, gray=FAINT)
