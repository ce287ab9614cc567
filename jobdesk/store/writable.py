"""What may be written at this desk at all, whichever verb asks: held against every action before it is kept.

The server would keep the one apart and list the other blank; whoever typed it is told at once instead.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from jobdesk.cases.errors import Refused
from jobdesk.cases.ops import RULES, NewOp, Shape
from jobdesk.store import sync_facts
from jobdesk.store.log import Connection
from jobdesk.store.many import in_parts

_OF_A_STATION = (
    "SELECT 1 FROM op o WHERE o.subject_id = ? AND ("
    "EXISTS (SELECT 1 FROM stream_op p WHERE p.op_id = o.op_id) OR "
    "o.replica_id NOT IN (SELECT replica FROM replica_mark WHERE own = 1)) LIMIT 1"
)
"""Listed, or somebody else's: a stream that is taken in again lists nothing yet, and a restored server may
have lost what this desk gives it back.
"""


def check(con: Connection, new: Collection[NewOp], *, fresh: bool = False) -> None:
    """Held against the file as it stands. A desk's own name and people are written at every desk.

    Args:
        fresh: these subjects have no operations yet.

    Raises:
        Refused: ``subject_erased``; ``only_stations`` for what no stream below this desk has.
    """
    if not fresh:
        about = {op.subject.id for op in new if RULES[op.kind].shape is not Shape.ERASE}
        if erased(con, about | set(_named(new))):
            raise Refused("subject_erased")
    if sync_facts.stands_above(sync_facts.get(con, "role")):  # new files begin at stations
        for subject_id in {op.subject.id for op in new if op.subject.kind != "station"}:
            if con.execute(_OF_A_STATION, (subject_id,)).fetchone() is None:
                raise Refused("only_stations")


def erased(con: Connection, subject_ids: Iterable[str]) -> bool:
    """Whether one of them is known here to be erased."""
    for marks, part in in_parts(sorted(subject_ids)):
        query = (
            f"SELECT 1 FROM erased WHERE subject_id IN ({marks}) UNION ALL "
            f"SELECT 1 FROM op WHERE subject_id IN ({marks}) AND kind = 'Erased' LIMIT 1"
        )
        if con.execute(query, (*part, *part)).fetchone() is not None:
            return True
    return False


def _named(new: Iterable[NewOp]) -> Iterable[str]:
    """People whom records of others would name: a household's member, the file of a line."""
    for op in new:
        values = (op.payload or {}).get("set")
        case = values.get("case") if isinstance(values, dict) else None
        if isinstance(case, str) and case:
            yield case
