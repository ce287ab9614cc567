"""Words to other stations about files that move: kept until they are sent and answered, line or no line.

And what is known for it: the list of stations, where the server says that somebody is at home.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from jobdesk.protocol.codes import Why
from jobdesk.protocol.validity import TOLD_MS
from jobdesk.store import moved, sync_facts
from jobdesk.store.log import Connection
from jobdesk.store.pinyin import spelt_at

HEARD = "heard_ms"
"""In a word's body: the server's clock as last heard when it was said, and then when it came to its end. This
PC's clock may be years wrong (M-2.4).
"""
MOVED = "moved"
"""In a word's body, and with a notice: the moves of its files that were before it, as far as is known.
Further ones came to be since, whatever any clock says.
"""
SAID_IN = "said_in"
"""In a request's body: beginning of the exchange in which the server first heard it, until a pull has brought
what was before it there.
"""


@dataclass(frozen=True, slots=True)
class Ask:
    """One word of this desk; see ``sync_tables.MoveAskRow``. ``body``: ``protocol.messages.TransferAsk``."""

    id: str
    step: str
    actor: str
    body: Mapping[str, Any]
    at_ms: int
    epoch: str = ""
    error: str = ""
    done_ms: int = 0

    @property
    def is_sent(self) -> bool:
        return bool(self.epoch)

    @property
    def heard_ms(self) -> int:
        """By the server's clock; by this PC's own where none was heard, or an older program wrote it."""
        return int(self.body.get(HEARD) or self.done_ms or self.at_ms)

    @property
    def subjects(self) -> tuple[str, ...]:
        first = self.body.get("subject")
        return (first, *self.body.get("more", ())) if first else ()


@dataclass(frozen=True, slots=True)
class KnownStation:
    """A station to choose; ``under``: the offices above it, the nearest last."""

    stream: str
    name: str
    under: str = ""


_COLUMNS = "id, step, actor, body, at_ms, epoch, error, done_ms"


def put_ask(con: Connection, ask: Ask) -> None:
    """Keep one; it goes with the next exchange."""
    heard = sync_facts.number(con, "server_ms")
    body = {**ask.body, HEARD: heard} if heard else ask.body
    if ask.step == "request" and ask.subjects:
        body = {MOVED: known_moves(con, ask.subjects), **body}
    con.execute(
        f"INSERT OR REPLACE INTO move_ask({_COLUMNS}) VALUES (?,?,?,?,?,?,?,?)",
        (ask.id, ask.step, ask.actor, json.dumps(body, ensure_ascii=False), ask.at_ms, ask.epoch, ask.error,
         ask.done_ms),
    )  # fmt: skip


def asks(con: Connection, *, open_only: bool = False) -> list[Ask]:
    """Oldest first: in this order they go."""
    where = "WHERE done_ms = 0 " if open_only else ""
    rows = con.execute(f"SELECT {_COLUMNS} FROM move_ask {where}ORDER BY at_ms, id").fetchall()
    return [_ask(r) for r in rows]


def unsent(con: Connection) -> int:
    """How many nobody has heard yet."""
    (found,) = con.execute("SELECT count(*) FROM move_ask WHERE done_ms = 0 AND epoch = ''").fetchone()
    return int(found)


def ask(con: Connection, ask_id: str) -> Ask | None:
    """One of them."""
    row = con.execute(f"SELECT {_COLUMNS} FROM move_ask WHERE id = ?", (ask_id,)).fetchone()
    return None if row is None else _ask(row)


def _ask(row: tuple[Any, ...]) -> Ask:
    return Ask(row[0], row[1], row[2], cast("dict[str, Any]", json.loads(row[3])), *row[4:])


_AGAIN = "again"
"""In the place of an epoch: it was sent, and may be lost."""


def say_again(con: Connection) -> None:
    """The server may have lost them: every word that still counts goes once more, under its id."""
    con.execute("UPDATE move_ask SET epoch = ? WHERE epoch <> ''", (_AGAIN,))


def was_sent(con: Connection, ask_id: str, epoch: str, subjects: Iterable[str]) -> None:
    """The server has it; which files it is about is known now, and the number is not kept any longer."""
    found = ask(con, ask_id)
    if found is None:
        return
    body = {k: v for k, v in found.body.items() if k != "number"}
    first, *more = [*subjects, ""]
    if first:
        body |= {"subject": first, "more": [m for m in more if m]}
        body.setdefault(MOVED, known_moves(con, subjects))
    con.execute(
        "UPDATE move_ask SET epoch = ?, error = '', body = ? WHERE id = ?",
        (epoch, json.dumps(body, ensure_ascii=False), ask_id),
    )


def was_for(con: Connection, ask_id: str, stream: str) -> None:
    """Which station was asked, where only the server could know."""
    found = ask(con, ask_id)
    if found is not None:
        shown = {**found.body.get("shown", {}), "asked": stream}
        body = json.dumps({**found.body, "shown": shown}, ensure_ascii=False)
        con.execute("UPDATE move_ask SET body = ? WHERE id = ?", (body, ask_id))


def failed(con: Connection, ask_id: str, error: str, at_ms: int) -> None:
    """The server will not take it: it ends with the reason, and without the number."""
    was_sent(con, ask_id, "", ())
    con.execute("UPDATE move_ask SET error = ? WHERE id = ?", (error, ask_id))
    _end(con, ask_id, at_ms)


def is_done(con: Connection, ask_id: str, at_ms: int) -> None:
    """Nothing more follows from it; those that ended so long ago by the server's clock that they are said to
    nobody again go.
    """
    heard = _end(con, ask_id, at_ms)
    if heard:
        ended = f"coalesce(json_extract(body, '$.{HEARD}'), done_ms)"
        con.execute(f"DELETE FROM move_ask WHERE done_ms > 0 AND {ended} < ?", (heard - TOLD_MS,))


def _end(con: Connection, ask_id: str, at_ms: int) -> int:
    """The server's clock as last heard, 0 where it never was."""
    heard = sync_facts.number(con, "server_ms")
    con.execute("UPDATE move_ask SET done_ms = ? WHERE id = ?", (at_ms, ask_id))
    if heard:
        set_heard = f"UPDATE move_ask SET body = json_set(body, '$.{HEARD}', ?) WHERE id = ?"
        con.execute(set_heard, (heard, ask_id))
    return heard


def drop_unsent(con: Connection, ask_id: str) -> bool:
    """Take one back that nobody has heard yet."""
    return con.execute("DELETE FROM move_ask WHERE id = ? AND epoch = ''", (ask_id,)).rowcount > 0


def forget(con: Connection, subject_ids: Iterable[str], at_ms: int) -> None:
    """Of the erased nothing is left in these words but that they were said, and a request is over: no server
    moves anybody by it.
    """
    about = "EXISTS (SELECT 1 FROM json_tree(move_ask.body) WHERE atom = ?)"
    said = "'$.text', '$.number', '$.facts', '$.shown.masked', '$.shown.name', '$.shown.people'"
    for one in subject_ids:
        con.execute(f"UPDATE move_ask SET body = json_remove(body, {said}) WHERE {about}", (one,))
        is_open = f"SELECT id FROM move_ask WHERE step = 'request' AND done_ms = 0 AND {about}"
        for (ask_id,) in con.execute(is_open, (one,)).fetchall():
            con.execute("UPDATE move_ask SET error = ? WHERE id = ?", (Why.ERASED, ask_id))
            _end(con, ask_id, at_ms)


def first_heard(con: Connection, ask_id: str, began_ms: int) -> None:
    """The server has heard it in this exchange, and not before: its files are where the request says."""
    set_said = f"UPDATE move_ask SET body = json_set(body, '$.{SAID_IN}', ?) WHERE id = ?"
    con.execute(set_said, (began_ms, ask_id))


def all_before_is_known(con: Connection, began_ms: int) -> None:
    """This exchange has brought what the server had: of the requests that it said, moves that are here by now
    were before them, also of who went and came back while this PC had no line.
    """
    for one in asks(con, open_only=True):
        if one.body.get(SAID_IN) == began_ms:
            body = {k: v for k, v in one.body.items() if k != SAID_IN}
            body[MOVED] = known_moves(con, one.subjects)
            said = json.dumps(body, ensure_ascii=False)
            con.execute("UPDATE move_ask SET body = ? WHERE id = ?", (said, one.id))


def known_moves(con: Connection, subjects: Iterable[str]) -> list[str]:
    """Ids of every move of these subjects that this file knows of, for ``MOVED``."""
    return sorted(move.op_id for move in moved.moves_of(con, subjects))


# ---------------------------------------------------------------------- homes


def put_homes(con: Connection, homes: Iterable[tuple[str, str]]) -> None:
    """(subject, stream) as the server tells."""
    con.executemany("INSERT OR REPLACE INTO subject_home(subject_id, stream) VALUES (?,?)", list(homes))


def home_of(con: Connection, subject_id: str) -> str:
    """The stream a subject is at home in as last told; empty where nobody meant to move it."""
    row = con.execute("SELECT stream FROM subject_home WHERE subject_id = ?", (subject_id,)).fetchone()
    return row[0] if row else ""


# ---------------------------------------------------------------------- stations


def put_stations(con: Connection, stations: Iterable[KnownStation]) -> None:
    """The list anew."""
    con.execute("DELETE FROM station_known")
    con.executemany(
        "INSERT OR REPLACE INTO station_known(stream, name, under) VALUES (?,?,?)",
        [(s.stream, s.name, s.under) for s in stations],
    )


def stations(con: Connection, words: str = "", *, limit: int = 200) -> list[KnownStation]:
    """Those whose name and place hold every word, or are spelt so where it is of letters: by place and name,
    first those whose own name begins with such a spelling.
    """
    where, params = ["1"], list[object]()
    spelt = [word for word in words.split() if word.isascii() and word.isalpha()]
    for word in (w for w in words.split() if w not in spelt):
        where.append("instr(under || ' ' || name || ' ' || stream, ?) > 0")
        params.append(word)
    rows = con.execute(
        f"SELECT stream, name, under FROM station_known WHERE {' AND '.join(where)} "
        "ORDER BY under, name, stream LIMIT ?",
        (*params, -1 if spelt else limit),
    )
    found = (KnownStation(*r) for r in rows)
    if not spelt:
        return list(found)
    ranked = [(max(_far(word, s) for word in spelt), s) for s in found]
    return [s for far, s in sorted(ranked, key=lambda one: one[0]) if far < _NOWHERE][:limit]


_NOWHERE = 2


def _far(letters: str, station: KnownStation) -> int:
    """How near a spelling is: the name begins so, it stands somewhere in name or place, nowhere."""
    name = spelt_at(letters, station.name)
    if name == 0:
        return 0
    return 1 if name > 0 or spelt_at(letters, station.under) >= 0 else _NOWHERE


def station_name(con: Connection, stream: str) -> str:
    """Of one; its id where nobody told a name."""
    return station_names(con, [stream]).get(stream, stream)


def station_names(con: Connection, streams: Iterable[str]) -> dict[str, str]:
    """Names by stream: of the list, else as the scope told them."""
    wanted = sorted(set(streams))
    marks = ",".join("?" * len(wanted))
    found: dict[str, str] = {}
    for table in ("stream_state", "station_known"):
        rows = con.execute(f"SELECT stream, name FROM {table} WHERE stream IN ({marks})", wanted).fetchall()
        found.update({stream: name for stream, name in rows if name})
    return found
