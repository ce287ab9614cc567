"""Operations of a journal or of another backup of this station into a restored file.

A journal tells an operation again when its place in a chain changed: the later form holds, save where the
province has listed the one that is here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from jobdesk.cases.codec import op_hash
from jobdesk.cases.erasing import erased_subjects
from jobdesk.cases.ops import Op
from jobdesk.cases.restricting import is_withheld
from jobdesk.store import blanking, rechaining
from jobdesk.store.log import Connection, ops_named
from jobdesk.store.station_file import Writing
from jobdesk.store.taking_in import insert_and_fold


def replay_in(w: Writing, ops: Sequence[Op], now_ms: int) -> list[Op]:
    """Take in what is not here; returns those whose place another operation has, for ``append_apart``."""
    latest = {op.op_id: op for op in ops}
    erased = blanking.register(w.con) | {s.id for s in erased_subjects(ops)}
    here = ops_named(w.con, latest)
    new: list[Op] = []
    apart: list[Op] = []
    places = _places(w.con, latest.values())
    for op_id, op in latest.items():
        place = (op.replica_id, op.replica_seq)
        if op_id in here:
            if op_hash(here[op_id]) != op_hash(op) and not _listed(w.con, op_id) and place not in places:
                touched = rechaining.set_header(w, [blanking.kept(op, erased)])
                w.refold(touched | {here[op_id].subject})
                places[place] = op_id
        elif places.setdefault(place, op_id) == op_id:
            new.append(blanking.kept(op, erased))
        else:
            apart.append(op)
    w.refold(insert_and_fold(w, new))
    blanking.erase(w, erased_subjects(ops) | blanking.speaks_of(new, erased), now_ms)
    return apart


def append_apart(w: Writing, ops: Sequence[Op]) -> None:
    """Those that are still not here, at the end of the present life. Mere headers that a desk above was told
    are not ours to write again (M-9.7).
    """
    here = ops_named(w.con, [op.op_id for op in ops])
    erased = blanking.register(w.con)
    for op in {op.op_id: op for op in ops}.values():
        if op.op_id not in here and not is_withheld(op):
            w.refold([rechaining.append_again(w, blanking.kept(op, erased)).subject])


def _places(con: Connection, ops: Iterable[Op]) -> dict[tuple[str, int], str]:
    found: dict[tuple[str, int], str] = {}
    for op in ops:
        row = con.execute(
            "SELECT op_id FROM op WHERE replica_id = ? AND replica_seq = ?", (op.replica_id, op.replica_seq)
        ).fetchone()
        if row is not None:
            found[op.replica_id, op.replica_seq] = row[0]
    return found


def _listed(con: Connection, op_id: str) -> bool:
    return con.execute("SELECT 1 FROM stream_op WHERE op_id = ?", (op_id,)).fetchone() is not None
