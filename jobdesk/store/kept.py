"""What the rules of a day work out of every file in care, kept in its line: the next contact and the tier.

The log alone cannot tell them: they follow from the facts, the packs, the settings and the day. ``services``
works them out and writes them here; a line that is written anew is marked ``judged`` = 0, and so are those
of a household's members when the household changes.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping

from jobdesk.cases.state import SubjectState
from jobdesk.store import local
from jobdesk.store.log import Connection

COLUMNS = ("next_on", "tier_on", "judged")
_FACT = "kept_for"
_OPEN = "help_state = 'open' AND merged_into = ''"

Dates = Mapping[str, tuple[str, str]]
"""Case id → (next contact as an ISO day or empty, tier or empty)."""


def basis(con: Connection) -> str:
    """For which day and rules the lines were judged; empty when they are to be judged anew."""
    row = con.execute("SELECT value FROM setting WHERE key = ?", (local.FACTS + _FACT,)).fetchone()
    return row[0] if row else ""


def set_basis(con: Connection, value: str) -> None:
    """Say for which day and rules every judged line stands."""
    local.set_fact(con, _FACT, value)


def unjudged(con: Connection, limit: int) -> list[str]:
    """Some files in care whose line was written since it was judged."""
    rows = con.execute(f"SELECT case_id FROM case_row WHERE judged = 0 LIMIT {int(limit)}")
    return [r[0] for r in rows.fetchall()]


def kept(con: Connection) -> Dates:
    """What stands in the judged lines of files in care."""
    sql = f"SELECT case_id, next_on, tier_on FROM case_row WHERE judged = 1 AND {_OPEN}"
    return {i: (day, tier) for i, day, tier in con.execute(sql).fetchall()}


def take_all_as_judged(con: Connection) -> None:
    """Before everybody is judged: a line written from now on is told from those by its mark."""
    con.execute("UPDATE case_row SET judged = 1 WHERE judged = 0")


def keep(con: Connection, dates: Dates, *, judged: bool) -> None:
    """Write these into lines that are (``judged``) or are not yet judged; the others were written since."""
    con.executemany(
        "UPDATE case_row SET next_on = ?, tier_on = ?, judged = 1 WHERE case_id = ? AND judged = ?",
        [(day, tier, i, int(judged)) for i, (day, tier) in dates.items()],
    )


def settle(con: Connection, case_ids: Iterable[str]) -> None:
    """These need no judging: nobody is in care there, or somebody else has the file."""
    con.executemany("UPDATE case_row SET judged = 1 WHERE case_id = ?", [(i,) for i in case_ids])


def doubt(con: Connection, case_ids: Collection[str]) -> None:
    """These are to be judged anew."""
    if case_ids:
        con.execute(
            f"UPDATE case_row SET judged = 0 WHERE {_OPEN} AND case_id IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted(case_ids)),),
        )


def doubt_members(con: Connection, household: SubjectState) -> None:
    """Whose household changes, and who was a member before this change."""
    before = con.execute(
        "SELECT json_extract(data, '$.case') FROM record_row WHERE subject_id = ? AND kind = 'member'",
        (household.subject.id,),
    ).fetchall()
    named = {r[0] for r in before} | {r.text("case") for r in household.of("member")}
    doubt(con, {i for i in named if isinstance(i, str) and i})
