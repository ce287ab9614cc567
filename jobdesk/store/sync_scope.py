"""People who are at another station now: told by the folded state, blanked once safe, fetched on return.

So is everything of a stream that left the scope of a desk above it (M-5.6): no erasure there is told to it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from jobdesk.cases.masking import mask_name
from jobdesk.cases.ops import Kind
from jobdesk.protocol.messages import Place
from jobdesk.store import sync_facts
from jobdesk.store.called import head_of
from jobdesk.store.log import Connection
from jobdesk.store.sync_state import own_marks

_HERE = "(SELECT stream FROM stream_state WHERE gone = 0)"
_TOLD = f"op.payload IS NOT NULL AND op.kind <> '{Kind.ERASED.value}'"
"""What leaves with its subject. An erasure says nothing of a person and stays, as everywhere."""
_ROOTS = "r.kind IN ('case', 'household') AND r.record_id = r.subject_id"
_SAID = "json_extract(r.data, '$.station')"
_MEANT = f"""(SELECT r.subject_id AS subject_id, coalesce(h.stream, {_SAID}) AS at
    FROM record_row r LEFT JOIN subject_home h ON h.subject_id = r.subject_id
    WHERE {_ROOTS} AND coalesce(h.stream, {_SAID}, '') <> '')"""
"""Subjects that somebody meant to move, and where they are: what the server told goes before what the
operations say, since a move by a PC that did not know of another one moves nothing."""


_LISTED = f"""(SELECT x.subject_id AS subject_id, t.stream AS stream, t.gone AS gone
    FROM stream_state t JOIN stream_op q ON q.stream = t.num JOIN op x ON x.op_id = q.op_id
    WHERE x.kind = '{Kind.OPENED.value}')"""
"""Subjects and the streams they began in, or came to with all they had. A merge is listed in the other file's
stream too and says nothing of where a subject is.
"""
_NOT_LEFT = f"""NOT IN (SELECT subject_id FROM left_subject UNION SELECT m.subject_id FROM {_MEANT} m
    UNION SELECT value FROM setting WHERE key IN ('fact.station_subject', 'fact.station_id')
    UNION SELECT subject_id FROM {_LISTED} WHERE gone = 0)"""
_BEGAN = f"""SELECT subject_id, min(stream) FROM {_LISTED} WHERE gone = 1 AND subject_id {_NOT_LEFT}
    GROUP BY subject_id"""
"""Subjects that nobody meant to move, of streams that left; this file's own station is never one of them."""
_UNLISTED = f"""SELECT DISTINCT op.subject_id, (SELECT min(stream) FROM stream_state WHERE gone = 1) FROM op
    WHERE op.kind = '{Kind.OPENED.value}' AND op.payload IS NOT NULL
    AND op.replica_id NOT IN (SELECT replica FROM replica_mark WHERE own = 1)
    AND NOT EXISTS (SELECT 1 FROM stream_op p WHERE p.op_id = op.op_id) AND op.subject_id {_NOT_LEFT}"""
"""The same where a stream left that was just being taken in anew: others' work that stands in no stream."""
_WITH_STREAM = "json_valid(l.said) AND json_extract(l.said, '$.with_stream') <> ''"
_BLANK = "EXISTS (SELECT 1 FROM op WHERE op.subject_id = l.subject_id AND op.payload IS NULL)"
_BACK_WITH_STREAM = f"""SELECT l.subject_id, min(b.stream), {_BLANK} FROM left_subject l
    JOIN {_LISTED} b ON b.subject_id = l.subject_id WHERE {_WITH_STREAM} AND b.gone = 0
    AND l.subject_id NOT IN (SELECT m.subject_id FROM {_MEANT} m) GROUP BY l.subject_id"""


def _streams_left(con: Connection) -> bool:
    """Whether this file has a part of a stream that is not in its scope. A desk of a station that is in no
    scope at all has no word of its server yet.
    """
    here, gone = con.execute("SELECT sum(gone = 0), sum(gone = 1) FROM stream_state").fetchone()
    return bool(gone) and (bool(here) or sync_facts.get(con, "role") != "desk")


def _all_is_offered(con: Connection) -> bool:
    """Whether a desk above stations has nothing to offer to a restored server, and no stream is half here."""
    if sync_facts.get(con, "role") == "desk" or sync_facts.get(con, "refill"):
        return False
    return not con.execute("SELECT 1 FROM stream_state WHERE gone = 0 AND loading IS NOT NULL").fetchone()


def note_who_left(con: Connection, at_ms: int) -> list[str]:
    """Subjects that are at home in none of our streams any more; returns those that are new."""
    streams_left = _streams_left(con)
    known = "1" if streams_left else f"EXISTS {_HERE}"  # in no scope at all there may be no word yet
    rows = con.execute(
        f"SELECT m.subject_id, m.at FROM {_MEANT} m WHERE m.at NOT IN {_HERE} AND {known} "
        "AND m.subject_id NOT IN (SELECT subject_id FROM left_subject)"
    ).fetchall()
    for subject_id, stream in rows:
        con.execute(
            "INSERT OR IGNORE INTO left_subject(subject_id, stream, at_ms, blanked_ms, said) "
            "VALUES (?,?,?,0,?)",
            (subject_id, stream, at_ms, json.dumps(_stub(con, subject_id), ensure_ascii=False)),
        )
    con.execute(
        "UPDATE left_subject SET stream = (SELECT stream FROM subject_home h WHERE h.subject_id = "
        "left_subject.subject_id) WHERE EXISTS (SELECT 1 FROM subject_home h "
        "WHERE h.subject_id = left_subject.subject_id AND h.stream <> left_subject.stream "
        f"AND h.stream NOT IN {_HERE})"
    )
    with_stream = _note_streams_left(con, at_ms) if streams_left else []
    return [*(r[0] for r in rows), *with_stream]


def _note_streams_left(con: Connection, at_ms: int) -> list[str]:
    """Everything of a stream that left, without a stub; who had moved before and stands in no stream of ours
    now goes the same way, and the stub loses its name: nothing could blank it any more (M-6.10).
    """
    rows = con.execute(_BEGAN).fetchall()
    if not rows and _all_is_offered(con):
        rows = con.execute(_UNLISTED).fetchall()
    con.executemany(
        "INSERT INTO left_subject(subject_id, stream, at_ms, blanked_ms, said) VALUES (?,?,?,?,?)",
        [(subject_id, stream, at_ms, at_ms, json.dumps({"with_stream": "1"})) for subject_id, stream in rows],
    )
    if _all_is_offered(con):
        _forget_names(con)
    return [r[0] for r in rows]


def _forget_names(con: Connection) -> None:
    con.execute(
        "UPDATE left_subject SET said = json_set(json_remove(said, '$.name'), '$.with_stream', '1') "
        "WHERE json_valid(said) AND json_extract(said, '$.with_stream') IS NULL "
        "AND NOT EXISTS (SELECT 1 FROM op JOIN stream_op p "
        "ON p.op_id = op.op_id JOIN stream_state s ON s.num = p.stream "
        "WHERE op.subject_id = left_subject.subject_id AND s.gone = 0)"
    )


def _stub(con: Connection, subject_id: str) -> dict[str, str]:
    """What stays here of who left: enough to say where to, too little to know a person by."""
    row = con.execute(
        "SELECT subject_kind, data FROM record_row WHERE subject_id = ? AND record_id = ?",
        (subject_id, subject_id),
    ).fetchone()
    if row is None:
        return {}
    data = json.loads(row[1])
    name = head_of(con, subject_id) if row[0] == "household" else str(data.get("name") or "")
    said = {"kind": row[0], "name": mask_name(name), "opened_on": str(data.get("opened_on") or ""),
            "moved_on": str(data.get("moved_on") or "")}  # fmt: skip
    return {k: v for k, v in said.items() if v}


def anybody_moved(con: Connection) -> bool:
    """Whether there is anything to note or to let go."""
    row = con.execute(
        "SELECT EXISTS (SELECT 1 FROM left_subject WHERE blanked_ms = 0) OR EXISTS "
        f"(SELECT 1 FROM {_MEANT} m WHERE m.at NOT IN {_HERE} "
        "AND m.subject_id NOT IN (SELECT subject_id FROM left_subject)) OR EXISTS "
        "(SELECT 1 FROM left_subject l JOIN op ON op.subject_id = l.subject_id "
        f"WHERE l.blanked_ms > 0 AND {_TOLD})"
    ).fetchone()
    if row[0] or not _streams_left(con):
        return bool(row[0])
    queries = [_BEGAN, _UNLISTED] if _all_is_offered(con) else [_BEGAN]
    return any(con.execute(f"{query} LIMIT 1").fetchone() for query in queries)


def who_came_back(con: Connection) -> list[tuple[str, str, bool]]:
    """(subject, stream, whether payloads of it left this file) of those who are ours again. The operations
    say that: where something came late the subject counts as not blanked until that is gone too. Of whom
    nothing is left to read the server's word alone says where they are: their station may have come here.
    """
    rows = con.execute(
        f"SELECT m.subject_id, m.at, l.blanked_ms OR {_BLANK} FROM left_subject l JOIN {_MEANT} m "
        f"ON m.subject_id = l.subject_id WHERE m.at IN {_HERE} UNION "
        "SELECT l.subject_id, h.stream, 1 FROM left_subject l JOIN subject_home h "
        f"ON h.subject_id = l.subject_id WHERE h.stream IN {_HERE} AND l.blanked_ms > 0 AND NOT EXISTS "
        f"(SELECT 1 FROM record_row r WHERE {_ROOTS} AND r.subject_id = l.subject_id) ORDER BY 1"
    ).fetchall()
    if con.execute(f"SELECT 1 FROM left_subject l WHERE {_WITH_STREAM} LIMIT 1").fetchone():
        rows += con.execute(_BACK_WITH_STREAM).fetchall()
    return [(r[0], r[1], bool(r[2])) for r in rows]


def is_whole(con: Connection, subject_id: str) -> bool:
    """Whether nothing blank is left of it that the server does not have (any more): what a server lost with
    a restore is whole with somebody else, who offers it. What of ours the server keeps apart it has.
    """
    row = con.execute(
        "SELECT EXISTS (SELECT 1 FROM op WHERE subject_id = ? AND payload IS NULL "
        "AND action_id NOT IN (SELECT action FROM verdict) "
        "AND NOT EXISTS (SELECT 1 FROM stream_op s WHERE s.op_id = op.op_id))",
        (subject_id,),
    ).fetchone()
    return not row[0]


def fetched_to(con: Connection, subject_id: str, stream: str) -> tuple[Place | None, str]:
    """How far it has come again: the place it is fetched at, and the mark; None before its first page."""
    told = sync_facts.get(con, "fetching")
    if not told:
        return None, ""
    whom, where, at, mark = cast(list[str], json.loads(told))
    return (Place.model_validate_json(at), mark) if (whom, where) == (subject_id, stream) else (None, "")


def has_fetched(con: Connection, subject_id: str, stream: str, to: tuple[Place, str] | None) -> None:
    """Keep it with the page: one at a time, ``None`` at its end."""
    if to is None:
        sync_facts.put(con, "fetching", "")
        return
    at, mark = to
    sync_facts.put(con, "fetching", json.dumps([subject_id, stream, at.model_dump_json(), mark]))


def late_payloads(con: Connection) -> None:
    """What came of somebody whose payloads had left already goes as they did."""
    con.execute(
        "UPDATE left_subject SET blanked_ms = 0 WHERE blanked_ms > 0 AND EXISTS (SELECT 1 FROM op "
        f"WHERE op.subject_id = left_subject.subject_id AND {_TOLD})"
    )


def is_back(con: Connection, subject_id: str) -> None:
    """Its operations are here whole again."""
    con.execute("DELETE FROM left_subject WHERE subject_id = ?", (subject_id,))


def stream_safe(con: Connection) -> dict[str, int]:
    """Stream → up to which place a backup of the server holds it, as far as told (M-8.3)."""
    return json.loads(sync_facts.get(con, "stream_safe") or "{}")


def is_safe(con: Connection, told: Mapping[str, int]) -> None:
    """Keep what pages told. It grows only: a backup that is left is never older than one that was."""
    known = stream_safe(con)
    grown = {stream: seq for stream, seq in told.items() if seq > known.get(stream, 0)}
    if grown:
        sync_facts.put(con, "stream_safe", json.dumps({**known, **grown}, sort_keys=True))


_STAYS = """SELECT EXISTS (SELECT 1 FROM op WHERE op.subject_id = ? AND op.payload IS NOT NULL
    AND op.replica_id NOT IN (SELECT replica FROM replica_mark WHERE own = 1)
    AND NOT EXISTS (SELECT 1 FROM stream_op p JOIN stream_state s ON s.num = p.stream
        LEFT JOIN json_each(?) j ON j.key = s.stream
        WHERE p.op_id = op.op_id AND (s.gone = 1 OR p.seq <= coalesce(j.value, 0))))
    OR EXISTS (SELECT 1 FROM op JOIN blob b ON instr(op.payload, b.digest)
        WHERE op.subject_id = ? AND b.digest NOT IN (SELECT digest FROM blob_mark))"""
"""What keeps the payloads of a subject here: others' work that is not safe, bytes that the server has not."""


def left_and_safe(con: Connection) -> list[str]:
    """Those at another station all of whose operations are safe: ours as pushes told, others' as pages of a
    stream that lists them did. Of a stream that left our scope no page tells any more. Bytes that they name
    the server has: an operation that it keeps apart may be in a backup long before it takes them. What is
    blank already keeps nothing: a server that went back may have less of it than when it went.
    """
    rows = con.execute(
        "SELECT subject_id FROM left_subject WHERE blanked_ms = 0 "
        f"AND subject_id NOT IN (SELECT m.subject_id FROM {_MEANT} m WHERE m.at IN {_HERE}) "
        f"AND subject_id NOT IN (SELECT l.subject_id FROM left_subject l WHERE {_WITH_STREAM})"
    ).fetchall()
    safe = {m.replica: m.safe for m in own_marks(con)}
    streams = sync_facts.get(con, "stream_safe") or "{}"
    found: list[str] = []
    for (subject_id,) in rows:
        if con.execute(_STAYS, (subject_id, streams, subject_id)).fetchone()[0]:
            continue
        mine = con.execute(
            "SELECT replica_id, max(replica_seq) FROM op WHERE subject_id = ? AND payload IS NOT NULL "
            "GROUP BY replica_id",
            (subject_id,),
        ).fetchall()
        if all(seq <= safe.get(replica, seq) for replica, seq in mine):
            found.append(subject_id)
    return found


_UNSAFE = """(op.replica_id IN (SELECT replica FROM replica_mark WHERE own = 1 AND op.replica_seq > safe)
    OR EXISTS (SELECT 1 FROM blob b WHERE b.digest NOT IN (SELECT digest FROM blob_mark)
        AND instr(op.payload, b.digest)))"""


def left_with_stream(con: Connection, most: int) -> list[tuple[str, list[str]]]:
    """(subject, operations whose payloads may go) of streams that left, at most so many subjects. What others
    wrote goes at once: from outside the scope none of it is listed (M-4.9). Ours stays until it is safe, and
    until the server has the bytes that it names.
    """
    if not con.execute(f"SELECT 1 FROM left_subject l WHERE {_WITH_STREAM} LIMIT 1").fetchone():
        return []
    rows = con.execute(
        f"SELECT l.subject_id, op.op_id FROM left_subject l JOIN op ON op.subject_id = l.subject_id "
        f"WHERE {_WITH_STREAM} AND {_TOLD} AND NOT {_UNSAFE} AND l.subject_id NOT IN "
        f"(SELECT subject_id FROM ({_BACK_WITH_STREAM})) AND l.subject_id NOT IN "
        f"(SELECT m.subject_id FROM {_MEANT} m WHERE m.at IN {_HERE}) ORDER BY 1"
    ).fetchall()
    found: dict[str, list[str]] = {}
    for subject_id, op_id in rows:
        if subject_id not in found and len(found) == most:
            break
        found.setdefault(subject_id, []).append(op_id)
    return list(found.items())


def who_left(con: Connection) -> dict[str, tuple[str, int]]:
    """Subject → (stream it is at, since when it is known here)."""
    rows = con.execute("SELECT subject_id, stream, at_ms FROM left_subject").fetchall()
    return {r[0]: (r[1], r[2]) for r in rows}


@dataclass(frozen=True, slots=True)
class Stub:
    """What stays of somebody who is at another station.

    Attributes:
        kind: ``case`` or ``household``. name: the surname and stars.
        opened_on, moved_on: ISO days, may be empty.
        blanked: the payloads are gone from this file.
        with_stream: not empty where the whole stream left the scope: nothing else is kept then.
    """

    id: str
    stream: str
    at_ms: int
    blanked: bool
    kind: str = "case"
    name: str = ""
    opened_on: str = ""
    moved_on: str = ""
    with_stream: str = ""


def stubs(con: Connection) -> list[Stub]:
    """The newest first."""
    return [_stub_of(*row) for row in con.execute(f"{_STUBS} ORDER BY at_ms DESC, subject_id").fetchall()]


def is_away(con: Connection, subject_id: str) -> Stub | None:
    """Its stub where it is at another station; None for whoever is here."""
    row = con.execute(f"{_STUBS} WHERE subject_id = ?", (subject_id,)).fetchone()
    return _stub_of(*row) if row else None


_STUBS = "SELECT subject_id, stream, at_ms, blanked_ms, said FROM left_subject"


def _stub_of(subject_id: str, stream: str, at_ms: int, blanked_ms: int, said: str) -> Stub:
    more = cast("dict[str, str]", json.loads(said) if said else {})
    return Stub(subject_id, stream, at_ms, bool(blanked_ms), **more)
