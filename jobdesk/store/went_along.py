"""What this PC wrote without a line of somebody who had moved away by then: it went to the station that
has the file (M-6.3). Whoever wrote it looks for it here in vain, and is told where it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from jobdesk.cases.ops import Op
from jobdesk.store import sync_moves, sync_scope, sync_told
from jobdesk.store.log import OP_COLUMNS, Connection, op_of
from jobdesk.store.sync_told import WENT_ALONG, Notice

_OWN = (
    f"SELECT {', '.join(f'op.{c.strip()}' for c in OP_COLUMNS.split(','))} FROM left_subject l "
    "JOIN op ON op.subject_id = l.subject_id "
    "JOIN replica_mark m ON m.replica = op.replica_id AND m.own = 1 AND op.replica_seq <= m.acked "
    "WHERE l.at_ms >= ? AND l.blanked_ms = 0 AND op.payload IS NOT NULL "
    "AND op.kind NOT IN ('Transferred', 'Erased') "
    "AND NOT EXISTS (SELECT 1 FROM stream_op s WHERE s.op_id = op.op_id) "
    "AND coalesce((SELECT t.replica_id FROM op t LEFT JOIN stream_op p ON p.op_id = t.op_id "
    "WHERE t.subject_id = l.subject_id AND t.kind = 'Transferred' "
    "ORDER BY coalesce(p.seq, 1 << 62) DESC, t.ms DESC, t.counter DESC LIMIT 1), '') "
    "NOT IN (SELECT replica FROM replica_mark WHERE own = 1) "
    "AND NOT EXISTS (SELECT 1 FROM verdict v WHERE v.action = op.action_id) ORDER BY op.position"
)
"""Of those whose leaving is news, moved by another PC this time (by the stream: a clock may be wrong): what
the server has and no stream of ours lists.
"""


def tell(con: Connection, since_ms: int, now_ms: int, sent_anew: Collection[str] = ()) -> int:
    """Notices, one for each file; how many. Before payloads go.

    Args:
        since_ms: beginning of the exchange that brought the news.
        sent_anew: operations that a restored server was given anew: they went there long ago.
    """
    late: dict[str, list[Op]] = {}
    for row in con.execute(_OWN, (since_ms,)).fetchall():
        op = op_of(row)
        if op.op_id not in sent_anew:
            late.setdefault(op.subject.id, []).append(op)
    told = 0
    for subject_id, ops in late.items():
        stub = sync_scope.is_away(con, subject_id)
        if stub is None or stub.with_stream:
            continue
        more = {
            "name": stub.name, "kind": stub.kind, "on": stub.moved_on, "records": _records(ops),
            "station": sync_moves.station_name(con, stub.stream),
            "fields": _fields(ops),
        }  # fmt: skip
        told += sync_told.put_notice(
            con, Notice(f"{WENT_ALONG}-{ops[-1].op_id}", WENT_ALONG, (subject_id,), "", now_ms, 0, more=more)
        )
    return told


def _fields(ops: list[Op]) -> list[str]:
    """Names of the fields of the file itself that were written, each once."""
    found: dict[str, None] = {}
    for op in ops:
        body = op.payload or {}
        if body.get("id") == op.subject.id and op.kind.value != "Opened":
            for part in ("set", "add", "drop"):
                values = body.get(part)
                found |= dict.fromkeys(values if isinstance(values, dict) else ())
    return list(found)


def _records(ops: list[Op]) -> dict[str, int]:
    """How many records of each kind were written beneath it."""
    seen = {(str(b.get("record")), str(b.get("id"))) for op in ops if (b := op.payload or {}).get("id")}
    own = ops[0].subject.id
    return dict(Counter(kind for kind, record in seen if record != own))
