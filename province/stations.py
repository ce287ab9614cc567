"""The list of stations, for a desk to choose one from: names of offices, under what they are, no people."""

from __future__ import annotations

from hashlib import sha256

from sqlalchemy import Connection, select

from jobdesk.protocol.messages import Station, StationsAsk, StationsHead
from province.db import tables as t

_PAGE = 2000
"""Lines of one page (own figure): some 200 KB before it is deflated."""


def page(con: Connection, ask: StationsAsk) -> tuple[StationsHead, list[bytes]]:
    """One page by id; no lines where the desk has this version already."""
    rows = con.execute(
        select(t.stream.c.id, t.org.c.id, t.org.c.name, t.org.c.parent)
        .join(t.org, t.org.c.id == t.stream.c.org)
        .order_by(t.stream.c.id)
    ).all()
    above = _offices(con)
    stations = [Station(stream=s, name=name, under=_under(parent, above)) for s, _org, name, parent in rows]
    lines = [s.model_dump_json(exclude_defaults=True).encode() for s in stations]
    version = sha256(b"\n".join(lines)).hexdigest()[:32]
    if ask.known == version and not ask.after:
        return StationsHead(version=version, count=0), []
    behind = [line for s, line in zip(stations, lines, strict=True) if s.stream > ask.after]
    return StationsHead(version=version, count=len(behind[:_PAGE]), more=len(behind) > _PAGE), behind[:_PAGE]


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
