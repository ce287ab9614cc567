"""What the server said that people are shown: verdicts, receipts, notices, and the counts of the pill."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, cast

from jobdesk.protocol.codes import Why
from jobdesk.store import conflict_reads, sync_facts, sync_moves, sync_state
from jobdesk.store.log import Connection
from jobdesk.store.twins_asked import asked_twins

KEEP_MS = 366 * 24 * 3600 * 1000
"""Receipts are kept for a year, by the server's clock."""
MOST_RECEIPTS = 100_000
"""Of a desk that hears no server for years the newest so many (own figure)."""
OF_STATIONS = frozenset({
    "duplicate", "transfer_request", "transfer_accept", "transfer_refuse", "transfer_withdraw",
    "transfer_over", "transfer_apart",
})  # fmt: skip
"""Kinds of notices that a station deals with in 转入转出; no desk above one does."""
_ENDED = ("transfer_refuse", "transfer_withdraw", "transfer_over", "transfer_apart")
_LONG_MS = 90 * 24 * 3600 * 1000
"""See ``of_long_ago`` (own figure): from then on a colleague has read it. Told it is for longer."""
WENT_ALONG = "went_along"
"""Kind of a notice that no server said: see ``went_along``."""
CROSSED = "crossed"
"""Kind of a notice that no server said: a question was decided while a colleague handed it upward."""
RELEASED = "released"
"""Kind of a notice: what was kept apart is listed after all; ``text`` names the action."""
ELSEWHERE = "elsewhere"
"""In ``Notice.more``: it is about what was neither written nor told here; nobody is shown it."""
_OF_THE_ERASED = (
    "(EXISTS (SELECT 1 FROM op WHERE op.action_id = verdict.action) AND NOT EXISTS (SELECT 1 FROM op "
    "WHERE op.action_id = verdict.action AND (op.kind = 'Erased' OR NOT EXISTS "
    "(SELECT 1 FROM erased e WHERE e.subject_id = op.subject_id))))"
)
"""Of ``verdict``: everything it wrote is about people who are erased by now; nobody can do anything about it.
An erasure that is kept apart itself is not among them.
"""

_IN_NO_STREAM = (
    "EXISTS (SELECT 1 FROM op WHERE op.action_id = verdict.action "
    "AND NOT EXISTS (SELECT 1 FROM stream_op s WHERE s.op_id = op.op_id))"
)
"""Of ``verdict``: something it wrote no stream here lists. What is listed in streams of others alone is told
by ``released`` and by an answer to a push.
"""


@dataclass(frozen=True, slots=True)
class Apart:
    """An action that the server keeps apart.

    Attributes:
        reason: a ``protocol.codes.Reason``.
        seen_ms: when a person looked at it, 0 before.
    """

    action: str
    replica: str
    reason: str
    at_ms: int
    seen_ms: int


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the server wants a person to know; ``kind`` as in ``protocol.messages.Notice``."""

    id: str
    kind: str
    subjects: tuple[str, ...]
    text: str
    at_ms: int
    seen_ms: int
    sender: str | None = None
    to: str | None = None
    answers: str | None = None
    more: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """``target``, ``into`` and ``facts``, where it says them; ``decision`` of what crossed; ``moved`` of what
    is about a move (``sync_moves.MOVED``).
    """


@dataclass(frozen=True, slots=True)
class Counts:
    """What the pill in the header needs.

    Attributes:
        enrolled: whether this file knows a server at all.
        waiting: operations the server does not have.
        apart: actions kept apart that nobody has looked at.
        conflicts: questions of 两处填写不一致 that wait for somebody at this desk: handed upward they wait
            for the desk above, and there only these count.
        notices: not yet dealt with; a double that was asked about waits as that request (``twins_asked``).
        last_good_ms: end of the last exchange that came through, also by the file that a restore replaced, by
            the server's clock where this one was wrong; 0 before the first.
        last_error: code of what kept the last one from it; empty when it came through.
        loading: streams whose bootstrap is under way.
        above: this desk stands over stations.
        asks: words to other stations that were not sent.
        stands_apart: all that the server keeps apart, also what was looked at.
        skew_ms, server_ms: see ``sync_facts.put_right``.
    """

    enrolled: bool
    waiting: int
    apart: int
    conflicts: int
    notices: int
    last_good_ms: int
    last_try_ms: int
    last_error: str
    next_sync_ms: int
    loading: int
    above: bool = False
    asks: int = 0
    stands_apart: int = 0
    skew_ms: int = 0
    server_ms: int = 0

    @property
    def is_first_to_come(self) -> bool:
        """Enrolled, and what the station has is not here yet: nobody may take an empty list for the whole."""
        return self.enrolled and bool(self.loading or not self.last_good_ms)


def counts(con: Connection) -> Counts:
    """As the file stands now."""
    facts = sync_facts.all_facts(con)
    stands_apart, apart = con.execute(_COUNT_APART).fetchone()
    (notices,) = con.execute("SELECT count(*) FROM notice WHERE seen_ms = 0").fetchone()
    notices -= len(asked_twins(con))
    (loading,) = con.execute(
        "SELECT count(*) FROM stream_state WHERE loading IS NOT NULL AND gone = 0"
    ).fetchone()
    asked = conflict_reads.count(con)
    conflicts = asked.above if facts.get("role") in ("county", "province") else asked.here
    return Counts(
        "device" in facts, sync_state.waiting(con), apart, conflicts, notices,
        max(int(facts.get(k, 0)) for k in ("last_good_ms", "good_before_ms")),
        int(facts.get("last_try_ms", 0)), facts.get("last_error", ""),
        int(facts.get("next_sync_ms", 0)), loading, sync_facts.stands_above(facts.get("role", "")),
        sync_moves.unsent(con), stands_apart,
        *(int(facts.get(k, 0)) for k in ("skew_ms", "server_ms")),
    )  # fmt: skip


# ---------------------------------------------------------------------- verdicts


def put_apart(con: Connection, action: str, replica: str, reason: str, at_ms: int) -> None:
    """The server keeps an action apart; told once, however often it says so, and anew when a restored one
    gives another reason.
    """
    con.execute(
        "INSERT INTO verdict(action, replica, verdict, reason, at_ms, seen_ms) "
        "VALUES (?, ?, 'quarantined', ?, ?, 0) ON CONFLICT(action) DO UPDATE SET "
        "reason = excluded.reason, at_ms = excluded.at_ms, seen_ms = 0 WHERE reason <> excluded.reason",
        (action, replica, reason, at_ms),
    )


def listed_after_all(con: Connection, actions: Iterable[str]) -> None:
    """Actions that the server says are listed are apart no longer."""
    con.executemany("DELETE FROM verdict WHERE action = ?", [(a,) for a in actions])


def came_back(con: Connection, actions: Iterable[str]) -> None:
    """The same of actions that came back in a stream, all that stands here of them: a witness may have
    brought a part (M-4.9) while the rest waits for a person.
    """
    con.executemany(f"DELETE FROM verdict WHERE action = ? AND NOT {_IN_NO_STREAM}", [(a,) for a in actions])


def listed_in(con: Connection, num: int) -> None:
    """The same of a stream that came whole: whatever it lists."""
    con.execute(
        "DELETE FROM verdict WHERE action IN (SELECT o.action_id FROM verdict v "
        "JOIN op o ON o.action_id = v.action JOIN stream_op s ON s.op_id = o.op_id WHERE s.stream = ?) "
        f"AND NOT {_IN_NO_STREAM}",
        (num,),
    )


def listed_by_now(con: Connection) -> None:
    """The same of all that the streams list whole: a server says of a save what it said the first time, also
    when a person has listed it since (M-4.3). Streams in which both sides agree: one that this file sees no
    more, or has in part, may list what a restored server has no more.
    """
    con.execute(
        "DELETE FROM verdict WHERE EXISTS (SELECT 1 FROM op WHERE op.action_id = verdict.action) "
        "AND NOT EXISTS (SELECT 1 FROM op WHERE op.action_id = verdict.action AND NOT EXISTS ("
        "SELECT 1 FROM stream_op l JOIN stream_state s ON s.num = l.stream WHERE l.op_id = op.op_id "
        "AND s.gone = 0 AND s.loading IS NULL AND s.seq >= s.head AND s.agreed_ms > 0))"
    )


def first_apart(con: Connection, replica: str, behind: int) -> int | None:
    """The first place of a chain behind this one that the server was said to keep apart."""
    (first,) = con.execute(
        "SELECT min(o.replica_seq) FROM verdict v JOIN op o ON o.action_id = v.action "
        "WHERE o.replica_id = ? AND o.replica_seq > ?",
        (replica, behind),
    ).fetchone()
    return first


def apart(con: Connection) -> list[Apart]:
    """All of them but those of the erased, newest first."""
    rows = con.execute(
        "SELECT action, replica, reason, at_ms, seen_ms FROM verdict "
        f"WHERE NOT {_OF_THE_ERASED} ORDER BY at_ms DESC, action"
    ).fetchall()
    return [Apart(*r) for r in rows]


_COUNT_APART = f"SELECT count(*), coalesce(sum(seen_ms = 0), 0) FROM verdict WHERE NOT {_OF_THE_ERASED}"


def mark_seen(con: Connection, action: str, at_ms: int) -> None:
    """A person has looked at it."""
    con.execute("UPDATE verdict SET seen_ms = ? WHERE action = ?", (at_ms, action))


# ---------------------------------------------------------------------- receipts


def put_receipt(con: Connection, at_ms: int, body: Mapping[str, object]) -> None:
    """Keep one; those older than a year go, once a server has said which day it is: this PC's clock may be
    years wrong, and so may be the times of receipts (M-2.4).
    """
    con.execute(
        "INSERT INTO receipt(at_ms, body) VALUES (?, ?)",
        (at_ms, json.dumps(body, ensure_ascii=False, sort_keys=True)),
    )
    server_ms = body.get("server_ms", 0)
    if isinstance(server_ms, int) and server_ms:
        con.execute("DELETE FROM receipt WHERE id <= ?", (_last_before(con, server_ms - KEEP_MS),))
    con.execute("DELETE FROM receipt WHERE id <= (SELECT max(id) FROM receipt) - ?", (MOST_RECEIPTS,))


def _last_before(con: Connection, limit_ms: int) -> int:
    """The last receipt with a server's word that it is older; what came before it is too. 0: none."""
    rows = con.execute("SELECT id, json_extract(body, '$.server_ms') FROM receipt ORDER BY id")
    last = 0
    for number, server_ms in rows:
        if server_ms and server_ms >= limit_ms:
            break
        last = number if server_ms else last
    rows.close()
    return last


def receipts(con: Connection, limit: int = 200) -> list[tuple[int, dict[str, Any]]]:
    """(when, body), newest first."""
    rows = con.execute("SELECT at_ms, body FROM receipt ORDER BY id DESC LIMIT ?", (limit,)).fetchall()
    return [(r[0], cast("dict[str, Any]", json.loads(r[1]))) for r in rows]


# ---------------------------------------------------------------------- notices


def put_notice(con: Connection, notice: Notice) -> bool:
    """Keep one; False when it is here already, or is nothing to anybody at this PC. Whose file a
    ``duplicate`` names may have moved on since, and whether more of its number wait is told anew; what was
    ``released`` is apart no longer, though it may be listed in streams of others alone.
    """
    concerns = notice.kind != RELEASED or _is_known_apart(con, notice.text)
    if notice.kind == RELEASED:
        listed_after_all(con, [notice.text])
    if not concerns:  # every PC of the stream hears it: kept, as it is told for weeks, and shown to nobody
        notice = replace(notice, seen_ms=max(notice.at_ms, 1), more={**notice.more, ELSEWHERE: True})
    if notice.kind == "duplicate":
        con.execute("UPDATE notice SET sender = ? WHERE id = ? AND sender IS NOT ?",
                    (notice.sender, notice.id, notice.sender))  # fmt: skip
        _now_says(con, notice)
    done = con.execute(
        "INSERT OR IGNORE INTO notice"
        "(id, kind, subjects, text, sender, to_stream, answers, at_ms, seen_ms, more) "
        "VALUES (?,?,?,?,?,?,?,?,?,?)",
        (notice.id, notice.kind, json.dumps(list(notice.subjects)), notice.text, notice.sender, notice.to,
         notice.answers, notice.at_ms, notice.seen_ms,
         json.dumps(notice.more, ensure_ascii=False) if notice.more else ""),
    )  # fmt: skip
    fresh = done.rowcount > 0
    if fresh and not notice.seen_ms and notice.kind == "transfer_accept":
        _keep_moves(con, notice)  # before the operations of the same answer are taken in
    return fresh and concerns


def of_long_ago(con: Connection, notice: Notice, server_ms: int) -> Notice:
    """What ended a talk months ago that this file never heard of is nobody's to read at this PC: it came to
    the station later, or slept all the while, and a server tells it for as long as a PC may sleep (M-6.6).
    """
    is_old = notice.kind in _ENDED and notice.at_ms < server_ms - _LONG_MS
    if notice.seen_ms or not is_old or not notice.answers or is_known(con, notice.id):
        return notice
    return notice if _is_known_talk(con, notice) else replace(notice, seen_ms=server_ms)


def _is_known_talk(con: Connection, notice: Notice) -> bool:
    """Whether this file heard of what a word ends. ``transfer_apart`` names the double as it was told to its
    sender; the station of the other file knows the same pair by another id.
    """
    if notices_about(con, notice.answers) or sync_moves.ask(con, str(notice.answers)) is not None:
        return True
    orders = [json.dumps(list(pair)) for pair in (notice.subjects, notice.subjects[::-1])]
    return notice.kind == "transfer_apart" and bool(
        _read(con, "kind = 'duplicate' AND subjects IN (?, ?)", tuple(orders))
    )


def _now_says(con: Connection, notice: Notice) -> None:
    """Of a ``duplicate`` that was told before: ``why`` as it is by now; whatever else is kept of it stays."""
    row = con.execute("SELECT more FROM notice WHERE id = ?", (notice.id,)).fetchone()
    kept = cast("dict[str, Any]", json.loads(row[0])) if row and row[0] else {}
    if row and kept.get("why") != notice.more.get("why"):
        said = {k: v for k, v in {**kept, "why": notice.more.get("why")}.items() if v}
        text = json.dumps(said, ensure_ascii=False) if said else ""
        con.execute("UPDATE notice SET more = ? WHERE id = ?", (text, notice.id))


def _is_known_apart(con: Connection, action: str) -> bool:
    """Whether this PC was told that an action is apart, or a life of this file wrote it."""
    (known,) = con.execute(
        "SELECT EXISTS (SELECT 1 FROM verdict WHERE action = ?1) OR EXISTS (SELECT 1 FROM op "
        "JOIN replica_mark m ON m.replica = op.replica_id AND m.own = 1 WHERE op.action_id = ?1)",
        (action,),
    ).fetchone()
    return bool(known)


def all_before_is_known(con: Connection, notice: Notice) -> Notice:
    """A request that waits here, once a pull has brought what the server had: it tells none that is over, so
    that every move which is here by now was before it. The moves are kept with it, the first time.
    """
    waits = notice.kind == "transfer_request" and not notice.seen_ms
    if not waits or sync_moves.MOVED in notice.more:
        return notice
    return replace(notice, more=_keep_moves(con, notice))


def _keep_moves(con: Connection, notice: Notice) -> dict[str, Any]:
    """Column ``more`` with what its files have been through; returns it."""
    more = {**notice.more, sync_moves.MOVED: sync_moves.known_moves(con, notice.subjects)}
    con.execute("UPDATE notice SET more = ? WHERE id = ?", (json.dumps(more, ensure_ascii=False), notice.id))
    return more


def notices(con: Connection, *, unseen_only: bool = False, kind: str = "") -> list[Notice]:
    """Newest first; ``kind``: of this one only."""
    return _read(con, "(kind = ? OR ? = '')" + (" AND seen_ms = 0" if unseen_only else ""), (kind, kind))


def notices_about(con: Connection, notice_id: str | None) -> list[Notice]:
    """The word of this id, this station's own copy of it, and what answers it; no other is read."""
    return _read(con, "id IN (?, ?) OR answers IS ?", (notice_id, f"own-{notice_id}", notice_id))


def is_known(con: Connection, notice_id: str) -> bool:
    """Whether it was told before."""
    return con.execute("SELECT 1 FROM notice WHERE id = ?", (notice_id,)).fetchone() is not None


def _read(con: Connection, where: str, values: tuple[str | None, ...]) -> list[Notice]:
    rows = con.execute(
        "SELECT id, kind, subjects, text, at_ms, seen_ms, sender, to_stream, answers, more "
        f"FROM notice WHERE {where} ORDER BY at_ms DESC, id",
        values,
    ).fetchall()
    return [
        Notice(
            r[0],
            r[1],
            tuple(json.loads(r[2])),
            r[3],
            r[4],
            r[5],
            r[6],
            r[7],
            r[8],
            json.loads(r[9]) if r[9] else {},
        )
        for r in rows
    ]


def notice_seen(con: Connection, notice_id: str, at_ms: int) -> None:
    """A person has dealt with it."""
    con.execute("UPDATE notice SET seen_ms = ? WHERE id = ?", (at_ms, notice_id))


def forget(con: Connection, subject_ids: Iterable[str], at_ms: int) -> None:
    """Of the erased what notices and one's own words said goes, and nobody is asked about them any longer, as
    on the server.
    """
    ids = list(subject_ids)
    con.executemany(
        "UPDATE notice SET text = '', more = '', seen_ms = CASE seen_ms WHEN 0 THEN ? ELSE seen_ms END "
        "WHERE EXISTS (SELECT 1 FROM json_each(notice.subjects) WHERE value = ?) "
        "AND nullif(more, '') ->> '$.why' IS NOT ?",  # the word of it itself
        [(at_ms, i, Why.ERASED) for i in ids],
    )
    sync_moves.forget(con, ids, at_ms)
