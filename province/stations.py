"""The list of stations, for a desk to choose one from: names of offices, under what they are, no people.

Every machine asks once a day whether it is another one, so that costs one small question. Its version is
counted where the list changes (``orgs.add``, ``migrate``); the list is read once a process and version.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from hashlib import sha256
from threading import Lock

from sqlalchemy import Connection, select, update

from jobdesk.protocol.bodies import write_lines
from jobdesk.protocol.messages import Station, StationsAsk, StationsHead
from province.db import tables as t
from province.db.writing import insert_quietly

_PAGE = 2000
"""Lines of one page (own figure): some 200 KB before it is deflated."""
_KEY = "stations"
"""Row of ``server`` with the version; empty, or no such row, where nobody counted it."""
_VERSION = select(t.server.c.value).where(t.server.c.key == _KEY)


@dataclass(frozen=True, slots=True)
class _List:
    """All of it; ``bodies`` of the pages that were asked for, by the index of their first line."""

    version: str
    ids: list[str]
    lines: list[bytes]
    bodies: dict[int, bytes] = field(default_factory=dict[int, bytes])


@dataclass(slots=True)
class Kept:
    """What a process may keep of it between two requests, and forget at any time."""

    last: _List = field(default_factory=lambda: _List("", [], []))
    reading: Lock = field(default_factory=Lock)
    """Of many who ask for a new list at once one reads it."""


def body(con: Connection, ask: StationsAsk, kept: Kept) -> bytes:
    """One page by id; no lines where the desk has this version already."""
    version = con.execute(_VERSION).scalar_one_or_none() or ""
    if version and _has(ask, version):
        return write_lines(StationsHead(version=version, count=0), [])
    found = _found(con, version, kept)
    if _has(ask, found.version):
        return write_lines(StationsHead(version=found.version, count=0), [])
    start = bisect_right(found.ids, ask.after)
    made = found.bodies.get(start)
    if made is None:
        lines = found.lines[start : start + _PAGE]
        more = len(found.lines) > start + _PAGE
        made = write_lines(StationsHead(version=found.version, count=len(lines), more=more), lines)
        if start % _PAGE == 0:  # where every desk asks; not where somebody may
            found.bodies[start] = made
    return made


def lock(con: Connection) -> None:
    """Before the list changes: two changes at once would each count without the other's."""
    insert_quietly(con, t.server, [{"key": _KEY, "value": ""}])
    con.execute(_VERSION.with_for_update())


def count(con: Connection) -> None:
    """After it changed, in the same transaction. Without a station there is nothing to count."""
    if con.execute(select(t.stream.c.num).limit(1)).one_or_none() is None:
        return
    lock(con)
    con.execute(update(t.server).where(t.server.c.key == _KEY).values(value=_read(con).version))


def _has(ask: StationsAsk, version: str) -> bool:
    return ask.known == version and not ask.after


def _found(con: Connection, version: str, kept: Kept) -> _List:
    """Of this version; read anew every time where none was counted."""
    if version and kept.last.version == version:
        return kept.last
    with kept.reading:
        if not version or kept.last.version != version:
            read = _read(con)
            kept.last = _List(version or read.version, read.ids, read.lines)
        return kept.last


def _read(con: Connection) -> _List:
    query = select(t.stream.c.id, t.org.c.name, t.org.c.parent)
    rows = con.execute(query.join(t.org, t.org.c.id == t.stream.c.org)).all()
    above = _offices(con)
    stations = [Station(stream=s, name=name, under=_under(parent, above)) for s, name, parent in rows]
    stations.sort(key=lambda s: s.stream)  # not the database, which may go by a country's letters
    lines = [s.model_dump_json(exclude_defaults=True).encode() for s in stations]
    return _List(sha256(b"\n".join(lines)).hexdigest()[:32], [s.stream for s in stations], lines)


def _offices(con: Connection) -> dict[str, tuple[str, str | None, str]]:
    rows = con.execute(
        select(t.org.c.id, t.org.c.name, t.org.c.parent, t.org.c.level).where(t.org.c.level != "station")
    )
    return {i: (name, parent, level) for i, name, parent, level in rows}


def _under(org: str | None, above: dict[str, tuple[str, str | None, str]]) -> str:
    names: list[str] = []
    while org in above and len(names) < 6:
        name, org, level = above[org]
        if level != "province":
            names.insert(0, name)
    return " ".join(names)
