"""Two files of one person: which one points to which, now and earlier."""

from __future__ import annotations

import json
from collections.abc import Collection

from jobdesk.cases.ops import Kind
from jobdesk.store.log import Connection

_CHUNK = 500
_PAIRS = "SELECT case_id, merged_into FROM case_row WHERE merged_into > ''"


def pairs(con: Connection, into: Collection[str] | None = None) -> dict[str, str]:
    """File that was merged away → the one it points to: all of them, or those that point to one of these."""
    return dict(con.execute(_PAIRS).fetchall()) if into is None else _asked(con, "merged_into", into)


def kept_for(con: Connection, case_ids: Collection[str]) -> dict[str, str]:
    """Of these the files that were merged away → the one they point to."""
    return _asked(con, "case_id", case_ids)


def ever_kept_for(con: Connection, case_ids: Collection[str]) -> set[str]:
    """Files to which one of these points or once pointed: what stands there changes with it."""
    found: set[str] = set()
    for case_id in case_ids:
        rows = con.execute(
            "SELECT payload FROM op WHERE subject_id = ? AND kind = ? AND payload IS NOT NULL",
            (case_id, Kind.MERGED.value),
        )
        for (payload,) in rows.fetchall():
            target = json.loads(payload).get("set", {}).get("merged_into")
            if isinstance(target, str):
                found.add(target)
    return found | set(kept_for(con, case_ids).values())


def _asked(con: Connection, column: str, ids: Collection[str]) -> dict[str, str]:
    wanted, found = list(ids), dict[str, str]()
    for start in range(0, len(wanted), _CHUNK):
        part = wanted[start : start + _CHUNK]
        found.update(con.execute(f"{_PAIRS} AND {column} IN ({','.join('?' * len(part))})", part).fetchall())
    return found
