"""Whose computer a life of a station file is, from what it wrote: only what is known for certain is said.

That operations of a life are missing here tells nothing: a desk above stations writes elsewhere too, but the
first saves of a station's own computer may be kept apart on the server, and come late or never.
"""

from __future__ import annotations

import json
from enum import StrEnum
from functools import cached_property

from jobdesk.store import conflict_reads, moved, sync_facts
from jobdesk.store.log import Connection


class Whose(StrEnum):
    """Where the computer stands."""

    UNKNOWN = "unknown"
    STATION = "station"
    """At a station in scope."""
    ELSEWHERE = "elsewhere"
    """At a station that somebody came from."""
    ABOVE = "above"
    """Over the stations."""


_NAMING = f"instr(payload, CAST('{moved.CLERKS}' AS BLOB)) > 0"
_DECIDED = (
    "SELECT replica_id, actor, payload FROM op WHERE kind = 'ConflictSettled' AND payload IS NOT NULL "
    f"AND {_NAMING}"
)
_WROTE = (
    f"SELECT actor, CASE WHEN kind <> 'Transferred' AND {_NAMING} THEN payload END FROM op "
    "WHERE replica_id = ? ORDER BY replica_seq {way} LIMIT {most}"
)
_BEGAN = """SELECT op_id, kind, subject_id, json_extract(payload, '$.record'),
    json_extract(payload, '$.set.moved_from') FROM op
    WHERE replica_id = ? AND (kind = 'Transferred' OR (kind = 'Opened'
    AND json_extract(payload, '$.record') IN ('case', 'household', 'escalation'))) LIMIT 20"""
"""Only a station's computer begins or moves a file, or hands a question upward."""
_MOVES = """SELECT json_extract(payload, '$.set.moved_from'), json_extract(payload, '$.set.station') FROM op
    WHERE subject_id = ? AND kind = 'Transferred'"""
_LISTED = """SELECT s.stream FROM stream_op p JOIN stream_state s ON s.num = p.stream WHERE p.op_id = ?
    ORDER BY p.seq"""
_MOST = 200
"""Own figure: operations of a life looked through for a clerk who is known, or a name of an office."""


class Evidence:
    """What this file holds of it, read once.

    Attributes:
        mine: stream of this desk's own organisation.
    """

    def __init__(self, con: Connection) -> None:
        self._con = con
        self.mine = sync_facts.get(con, "station")

    def of(self, replica: str) -> tuple[Whose, str]:
        """Whose it is, and of a station in scope the stream (empty while that is not listed)."""
        if replica in self._deciding:
            return Whose.ABOVE, ""
        ends = self._wrote(replica, "ASC", 1) + self._wrote(replica, "DESC", 1)
        return (
            self._by_word(ends) or self._by_word(self._wrote(replica, "ASC", _MOST))
            or self._by_setup(replica) or self._by_beginning(replica)
            or self._by_clerks([actor for actor, _ in ends])
        )  # fmt: skip

    def _by_word(self, wrote: list[tuple[str, bytes | None]]) -> tuple[Whose, str] | None:
        """By who is known to work at a station, or signed with the name of an office above."""
        for actor, body in wrote:
            if actor in self._staff:
                return Whose.STATION, self._staff[actor]
            if body is not None and moved.is_signed(json.loads(body), actor):
                return Whose.ABOVE, ""
        return None

    def _wrote(self, replica: str, way: str, most: int) -> list[tuple[str, bytes | None]]:
        """Authors, and of what names clerks the body."""
        rows = self._con.execute(_WROTE.format(way=way, most=most), (replica,)).fetchall()
        return list(dict.fromkeys((r[0], r[1]) for r in rows))

    @cached_property
    def _deciding(self) -> frozenset[str]:
        """Lives that decided with the name of their office, however late: only those above sign so."""
        rows = self._con.execute(_DECIDED).fetchall()
        return frozenset(replica for replica, actor, body in rows if moved.is_signed(json.loads(body), actor))

    @cached_property
    def _staff(self) -> dict[str, str]:
        """Clerks of the stations in scope: whoever signs what a computer writes works there."""
        rows = self._con.execute(
            "SELECT record_id, subject_id FROM record_row WHERE kind = 'staff'"
        ).fetchall()
        streams = conflict_reads.streams_of(self._con, {subject for _, subject in rows})
        return {staff: streams.get(subject, "") for staff, subject in rows}

    @cached_property
    def _in_scope(self) -> frozenset[str]:
        return frozenset(r[0] for r in self._con.execute("SELECT stream FROM stream_state").fetchall())

    @cached_property
    def _clerks(self) -> dict[str, set[str]]:
        """Clerks whom moves of files name, and the stations these moves went from."""
        found: dict[str, set[str]] = {}
        rows = self._con.execute(
            "SELECT payload, json_extract(payload, '$.set.moved_from') FROM op WHERE kind = 'Transferred' "
            "AND payload IS NOT NULL"
        )
        for payload, origin in rows.fetchall():
            for clerk in moved.clerks_of(json.loads(payload)):
                found.setdefault(clerk, set()).add(origin if isinstance(origin, str) else "")
        return found

    def _by_setup(self, replica: str) -> tuple[Whose, str] | None:
        """What a file is made with stands in the stream of its station alone."""
        row = self._con.execute(
            "SELECT op_id, subject_kind FROM op WHERE replica_id = ? AND replica_seq = 1", (replica,)
        ).fetchone()
        listed = self._listed(row[0]) if row and row[1] == "station" else []
        return self._at(listed[0]) if listed else None

    def _by_beginning(self, replica: str) -> tuple[Whose, str] | None:
        for op_id, kind, subject, record, origin in self._con.execute(_BEGAN, (replica,)).fetchall():
            if kind == "Transferred":
                at = {origin}
            elif moves := self._con.execute(_MOVES, (subject,)).fetchall():
                at = {m[0] for m in moves} - {m[1] for m in moves} if record != "escalation" else set[str]()
            else:
                at = set(self._listed(op_id))
            if len(at) == 1 and (stream := at.pop()) and isinstance(stream, str):
                return self._at(stream)
        return None

    def _by_clerks(self, actors: list[str]) -> tuple[Whose, str]:
        for actor in actors:
            at = self._clerks.get(actor, set[str]())
            if len(at) == 1 and (stream := next(iter(at))):
                return self._at(stream)
        return Whose.UNKNOWN, ""

    def _listed(self, op_id: str) -> list[str]:
        return [r[0] for r in self._con.execute(_LISTED, (op_id,)).fetchall()]

    def _at(self, stream: str) -> tuple[Whose, str]:
        if stream == self.mine or stream in self._in_scope:
            return Whose.STATION, stream
        return Whose.ELSEWHERE, ""
