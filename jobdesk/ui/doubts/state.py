"""What the list of 待核对 shows. Pure: no Qt."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from jobdesk.cases.basis import Basis
from jobdesk.cases.oddities import Oddity
from jobdesk.host.strings import text
from jobdesk.services.doubts import Doubts
from jobdesk.ui.kit.basis import Way
from jobdesk.ui.ledger.state import day_text
from jobdesk.ui.table import Cell, Column, Row

TABS = {
    "case": "overview", "registration": "job", "employment": "job", "placement": "job",
    "subsidy": "subsidy", "public_post": "subsidy", "member": "household",
}  # fmt: skip
"""Record kind → the tab of the file where it stands."""

_DAYS = frozenset({"recognised"})
"""Parameters of a problem that are days."""


def columns() -> tuple[Column, ...]:
    """Columns of the list."""

    def c(key: str, width: int, priority: int, stretch: int = 0) -> Column:
        return Column(key, text(f"doubts.column.{key}"), width, stretch, priority, sortable=False)

    return (
        c("name", 110, 0), c("record", 110, 3), c("what", 280, 1, 3), c("state", 110, 2),
        c("reason", 220, 4, 2), c("day", 92, 5),
    )  # fmt: skip


def id_of(one: Oddity) -> str:
    """The id of its row."""
    return "/".join((one.case_id, *one.record, one.problem.code))


def row_of(one: Oddity, found: Doubts, today: date) -> Row:
    """One odd fact. No number and no category stands on it."""
    item = found.items.get(one.case_id)
    params = {n: day_text(str(v), today) if n in _DAYS else v for n, v in one.problem.params}
    sentence = text(f"problem.{one.problem.code}", **params)
    state = Cell(text("doubts.stands"), "muted") if one.reason else Cell(text("doubts.waits"), tone="warn")
    return Row(
        id_of(one),
        {
            "name": Cell(item.name if item and item.name else text("doubts.nameless"), "strong"),
            "record": Cell(text(f"record.{one.record[0]}"), "muted"),
            "what": Cell(sentence, tip=sentence),
            "state": state,
            "reason": Cell(one.reason, tip=one.reason) if one.reason else Cell(kind="none"),
            "day": Cell(day_text(one.said_on, today)) if one.said_on else Cell(kind="none"),
        },
    )


def ways(
    one: Oddity, basis: Basis, go: Callable[[str, str, str, str], object]
) -> tuple[tuple[str, Way], ...]:
    """Where each of the two is corrected: a record, a field of the file, a household."""

    def to(kind: str, record: str) -> Way:
        if kind == "household":
            return lambda: go("households", record, "", "")
        return lambda: go("ledger", one.case_id, TABS.get(kind, "recognition"), record)

    fields = [(text(f"field.case.{name}"), to("case", name)) for name, _day in basis.dates]
    return (*fields, *((text(f"record.{s.kind}"), to(s.kind, s.id)) for s in basis.counted))


def beside(found: Doubts) -> str:
    """What else waits to be checked, in one line; empty when nothing does."""
    parts = [text("doubts.held", file=name, rows=rows) for _id, name, rows in found.held]
    if found.conflicts:
        parts.append(text("doubts.conflicts", count=found.conflicts))
    return text("doubts.join").join(parts)
