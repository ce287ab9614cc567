"""Who asks and what they may see: from the device and the tree of organisations, for handler and database."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import CTE, Connection, bindparam, select

from jobdesk.protocol.limits import MAX_STREAMS
from province.db import tables as t

CHILD_LEVELS = ("province", "prefecture", "county", "township", "station")


@dataclass(frozen=True, slots=True)
class StreamRow:
    """A stream in scope."""

    num: int
    id: str
    name: str
    region: str
    station_subject: str | None


@dataclass(frozen=True, slots=True)
class Caller:
    """One signed request.

    Attributes:
        home: number of the stream new subjects go to; None for desks above a station.
        replica: the life of the file that speaks; empty for pulls.
        revoked: what is pushed goes to the quarantine.
    """

    device: str
    org: str
    role: str
    home: int | None
    streams: tuple[StreamRow, ...]
    replica: str = ""
    revoked: bool = False

    @property
    def nums(self) -> tuple[int, ...]:
        return tuple(s.num for s in self.streams)

    @property
    def place(self) -> int:
        """Where what belongs to no subject is kept in sight: the own station, else the first one below. 0, in
        sight of whoever runs the server, where there is none.
        """
        return self.home or next(iter(self.nums), 0)

    @property
    def at_station(self) -> bool:
        """A station's own desk. Papers and restricted facts of people are for these only, until there are
        roles that say who above them may look.
        """
        return self.role == "desk"

    @property
    def may_write(self) -> frozenset[int]:
        """Everybody writes where they see; a carrier, whatever it were given, nowhere."""
        return frozenset() if self.role == "carrier" else frozenset(self.nums)


def _below() -> CTE:
    """An organisation (``org``) and everything under it, by the index of parents."""
    tree = select(t.org.c.id).where(t.org.c.id == bindparam("org")).cte("below", recursive=True)
    return tree.union(select(t.org.c.id).join(tree, t.org.c.parent == tree.c.id))


_TREE = _below()
_UNDER = select(_TREE.c.id)
_ROWS = select(t.stream.c.num, t.stream.c.id, t.org.c.name, t.org.c.region, t.stream.c.station_subject).join(
    t.org, t.org.c.id == t.stream.c.org
)
_STREAMS = _ROWS.join(_TREE, _TREE.c.id == t.stream.c.org).order_by(t.stream.c.num)
_OWN = _ROWS.where(t.stream.c.org == bindparam("org")).order_by(t.stream.c.num)
"""Made once: every request asks one of them. A station's desk, as nearly all are, asks for no tree: how large
one is PostgreSQL cannot know, and thinks of all stations that there are.
"""


def under(con: Connection, org_id: str) -> set[str]:
    """An organisation and everything under it."""
    return set(con.execute(_UNDER, {"org": org_id}).scalars())


def streams_of(con: Connection, org_id: str, role: str = "") -> tuple[StreamRow, ...]:
    """The streams of an organisation: its own for a station, all below it for the others."""
    rows = con.execute(_OWN if role == "desk" else _STREAMS, {"org": org_id})
    return tuple(StreamRow(int(r.num), r.id, r.name, r.region, r.station_subject) for r in rows)


def caller_for(con: Connection, device: str, org: str, role: str, *, revoked: bool) -> Caller:
    """A device with its scope as it is now. A carrier has none: it carries what it cannot read (section 12),
    and the database shows nothing to whom no stream is. Of more streams than a pull can name these are the
    first, always the same: stations are added under an organisation whose machines were let in before.
    """
    found = () if role == "carrier" else streams_of(con, org, role)[:MAX_STREAMS]
    home = next((s.num for s in found if s.id == org), None) if role == "desk" else None
    return Caller(device, org, role, home, found, revoked=revoked)
