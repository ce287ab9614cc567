"""What a ledger's foot and its filter 缺项 count, for the people a query shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from jobdesk.store.ledger import LedgerQuery, category_clause, conditions
from jobdesk.store.log import Connection
from jobdesk.store.projection import SEP


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of one query.

    Attributes:
        people: those shown; ``lacking`` of them miss something, ``overdue`` have a next contact in the past.
        missing: code of what is missing → people, as if 缺项 were not filtered.
    """

    people: int = 0
    lacking: int = 0
    overdue: int = 0
    missing: Mapping[str, int] = field(default_factory=dict[str, int])


def tally(con: Connection, query: LedgerQuery, day: date) -> Tally:
    """One pass over the people of a query."""
    where, params = conditions(replace(query, missing=""))
    category, more = category_clause(query.category)
    rows = con.execute(
        "SELECT missing, count(*), sum(next_contact <> '' AND next_contact < ? AND help_state = 'open') "
        f"FROM case_row WHERE {' AND '.join([*where, *category])} GROUP BY missing",
        [day.isoformat(), *params, *more],
    ).fetchall()
    counted: dict[str, int] = {}
    people = lacking = overdue = 0
    for codes, count, late in rows:
        listed = [c for c in codes.split(SEP) if c]
        for code in listed:
            counted[code] = counted.get(code, 0) + count
        if query.missing and not (listed if query.missing == "any" else query.missing in listed):
            continue
        people += count
        lacking += count if listed else 0
        overdue += late or 0
    return Tally(people, lacking, overdue, counted)


def people_here(con: Connection) -> bool:
    """Whether anybody was registered at all."""
    return con.execute("SELECT 1 FROM case_row LIMIT 1").fetchone() is not None
