"""What may be written at this desk at all, whichever verb asks: held against every action before it is kept.

The server would keep the one apart and list the other blank; whoever typed it is told at once instead.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from jobdesk.cases.errors import Refused
from jobdesk.cases.ops import RULES, NewOp, Shape
from jobdesk.store import sync_facts, sync_moves, sync_scope
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
        Refused: ``subject_erased``; ``household_moved``, see ``not_away``; ``only_stations`` for what no
            stream below this desk has.
    """
    if not fresh:
        not_away(con, [op.subject.id for op in new if op.subject.kind == "household"])
        about = {op.subject.id for op in new if RULES[op.kind].shape is not Shape.ERASE}
        if erased(con, about | set(_named(new))):
            raise Refused("subject_erased")
    if sync_facts.stands_above(sync_facts.get(con, "role")):  # new files begin at stations
        for subject_id in {op.subject.id for op in new if op.subject.kind != "station"}:
            if con.execute(_OF_A_STATION, (subject_id,)).fetchone() is None:
                raise Refused("only_stations")


def not_away(con: Connection, subject_ids: Iterable[str]) -> None:
    """A household that moved away is worked on by the station it went to; of a person late work follows.

    Every action is held against this. A verb asks before its own questions where those would hide the answer:
    of a household that is blank here they would say that nothing can be done now, or do nothing.

    Raises:
        Refused: ``household_moved``: a write would stand in another station's file, unnoticed here.
    """
    for subject_id in dict.fromkeys(subject_ids):
        if (stub := sync_scope.is_away(con, subject_id)) is not None and stub.kind == "household":
            raise Refused("household_moved", station=sync_moves.station_name(con, stub.stream))


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
