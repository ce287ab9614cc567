"""Files that came from another station and are at home here, as their roots say."""

from __future__ import annotations

from dataclasses import dataclass

from jobdesk.store.log import Connection


@dataclass(frozen=True, slots=True)
class Arrival:
    """One file; ``origin``: stream it came from, ``on``: the day the other station moved it."""

    subject: str
    kind: str
    origin: str
    on: str


def arrivals(con: Connection, own: str, since: str) -> list[Arrival]:
    """Those moved to station ``own`` on this day or later, the newest first; who left again is none."""
    rows = con.execute(
        "SELECT r.subject_id, r.kind, json_extract(r.data, '$.moved_from') AS origin, "
        "json_extract(r.data, '$.moved_on') AS came_on FROM record_row r "
        "LEFT JOIN subject_home h ON h.subject_id = r.subject_id "
        "WHERE r.kind IN ('case', 'household') AND r.record_id = r.subject_id AND came_on >= ? "
        "AND json_extract(r.data, '$.station') = ? AND coalesce(h.stream, ?) = ? "
        "AND coalesce(origin, ?) <> ? AND r.subject_id NOT IN (SELECT subject_id FROM left_subject) "
        "ORDER BY came_on DESC, r.kind DESC, r.subject_id",
        (since, own, own, own, own, own),
    )
    return [Arrival(*row) for row in rows]
