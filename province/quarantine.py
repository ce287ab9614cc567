"""What was kept apart: shown with its reason, listed after all, discarded, asked again after an upgrade.

The verdict that was told stays (M-4.3); a later listing is told as a notice ``released`` (M-4.10).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, Connection, func, select, update

from jobdesk.protocol.codes import Reason, Verdict
from province import clashing, concerning, fences, linking, notices, speaking, ties
from province.actions import Action
from province.concerning import sender
from province.db import tables as t
from province.db.engine import EVERYTHING, Database
from province.db.writing import among, in_pieces, widened
from province.listing import Listing
from province.reading import Item, item
from province.scope import Caller, StreamRow, streams_of, under
from province.streams import Again

_NEVER = (Reason.UNREADABLE, Reason.BAD_PAYLOAD, Reason.TOO_LARGE, Reason.FOREIGN)
"""What no release can mend: the desk has to say it anew."""
_PIECE = 500
_Key = tuple[str, str]
"""Action and replica: two replicas may use one name, and the one says nothing about the other."""


@dataclass(frozen=True, slots=True)
class Decider:
    """A person who decides: somebody of an organisation, within what is under it; of none, whoever runs the
    server.

    Attributes:
        nums: the streams under it; what is decided stays within them, by the database's guard too.
    """

    org: str = ""
    nums: frozenset[int] = frozenset()

    @property
    def scope(self) -> Iterable[int] | str:
        return sorted(self.nums) if self.org else EVERYTHING

    def theirs(self, con: Connection) -> tuple[ColumnElement[bool], ...]:
        """What is theirs to decide: kept in their sight, and sent by a machine under them."""
        if not self.org:
            return ()
        machines = select(t.device.c.id).where(among(con, t.device.c.org, under(con, self.org)))
        return among(con, t.quarantine.c.home, self.nums), t.quarantine.c.device.in_(machines)

    def instead_of(self, con: Connection, caller: Caller, home: int, to: str | None) -> Caller:
        """The person acting for a device, with everything in his sight.

        Raises:
            LookupError: no such stream there.
        """
        query = _STREAMS.where(among(con, t.stream.c.num, self.nums)) if self.org else _STREAMS
        streams = tuple(StreamRow(int(r.num), r.id, r.name, r.region, r.station_subject)
                        for r in con.execute(query))  # fmt: skip
        if to is not None:
            found = next((s.num for s in streams if s.id == to), None)
            if found is None:
                raise LookupError(to)
            home = found
        return replace(caller, role="province", home=home or None, streams=streams, revoked=False)


OPERATOR = Decider()
_STREAMS = (
    select(t.stream.c.num, t.stream.c.id, t.org.c.name, t.org.c.region, t.stream.c.station_subject)
    .join(t.org, t.org.c.id == t.stream.c.org)
    .order_by(t.stream.c.num)
)


def decider(con: Connection, org: str) -> Decider:
    """Somebody of this organisation."""
    return Decider(org, frozenset(s.num for s in streams_of(con, org)))


@dataclass(frozen=True, slots=True)
class Kept:
    """One action that waits: ids and a reason, nothing of what it says."""

    action: str
    device: str
    home: int
    reason: str
    at_ms: int
    operations: int


def waiting(
    con: Connection, nums: Collection[int] | None = None, most: int = 1000, action: str | None = None
) -> list[Kept]:
    """Of these streams, or of all: the newest of each machine, then the next of each. What a stolen one
    leaves hides nobody else's.

    Args:
        action: of this alone.
    """
    q = t.quarantine.c
    which, newest = (q.action, q.device, q.home, q.reason), func.max(q.at_ms).desc()
    place = func.row_number().over(partition_by=q.device, order_by=(newest, q.action))
    query = select(*which, func.max(q.at_ms), func.count()).where(q.settled_ms.is_(None))
    query = query.group_by(*which).order_by(place, newest).limit(most)
    if nums is not None:
        query = query.where(among(con, q.home, nums))
    if action is not None:
        query = query.where(q.action == action)
    return [Kept(a, d, int(h), r, int(at), int(n)) for a, d, h, r, at, n in con.execute(query)]


def newest_first(found: Iterable[Kept]) -> list[Kept]:
    return sorted(found, key=lambda kept: (-kept.at_ms, kept.action))


def release(
    db: Database, action: str, secret: bytes, now_ms: int, to: str | None = None, by: Decider = OPERATOR,
    came: Callable[[Collection[str]], object] | None = None,
) -> Reason | None:  # fmt: skip
    """List an action by a person's decision, wherever its subjects are in his sight; None when it is listed.

    Args:
        to: stream of subjects that nobody knows; else where the device's station is.
        came: told of subjects that began or moved with it; without it all is asked again that they concern.

    Raises:
        LookupError: nothing of this id waits that is his to decide, or there is no such stream in his sight.
    """
    with db.reading(by.scope) as con:
        named = _keys(con, t.quarantine.c.action == action, *by.theirs(con))
    if not named:
        raise LookupError(action)
    told = [try_again(db, key, secret, now_ms, to, by) for key in named]
    new = set[str]().union(*(subjects for _, subjects in told))
    if came is None:
        ask_came(db, new, secret, now_ms)
    else:
        came(new)
    return next((r for r, _ in told if r is not None), None)


def ask_again(db: Database, secret: bytes, now_ms: int) -> dict[str, int]:
    """After an upgrade: what a newer program had written, judged as a push would be. Counts by outcome."""
    told: dict[str, int] = {}
    wanted: set[str] = set()
    with db.reading(EVERYTHING) as con:
        newer = _keys(con, t.quarantine.c.reason == Reason.NEWER_SCHEMA.value)
    for key in newer:
        try:
            reason, came = try_again(db, key, secret, now_ms)
        except LookupError:  # settled meanwhile: by a person or an erasure before it
            continue
        outcome = "accepted" if reason is None else reason.value
        told[outcome] = told.get(outcome, 0) + 1
        wanted |= came
    ask_came(db, wanted, secret, now_ms)
    return told


def ask_came(db: Database, subjects: Collection[str], secret: bytes, now_ms: int) -> int:
    """After subjects began here or moved: what others wrote before the server knew (again) that they are in
    their sight. Judged as a push would be, to the end; how many actions were listed. For whoever runs the
    server; behind pushes it is ``afterwards``.
    """
    listed, wanted = 0, set[str](subjects)
    while wanted:
        with db.reading(EVERYTHING) as con:
            kept = concerning.about(con, wanted)
            pieces = in_pieces(kept, _PIECE)
            worth = [one for some in pieces for one, _ in concerning.worth_asking(con, some)]
        wanted = set[str]()
        for one in worth:
            with suppress(LookupError):  # an erasure before it on this list settles it too
                reason, came = try_again(db, one.key, secret, now_ms)
                if reason is None:
                    listed += 1
                    wanted |= came  # it may have moved somebody on
    return listed


def discard(con: Connection, action: str, now_ms: int, by: Decider = OPERATOR) -> int:
    """A person has seen it and wants none of it: the lines go, hashes stay for the chain."""
    return _discard(con, now_ms, t.quarantine.c.action == action, *by.theirs(con))


def discard_of(con: Connection, device: str, now_ms: int) -> int:
    """How many operations went: a stolen or broken machine can leave thousands."""
    return _discard(con, now_ms, t.quarantine.c.device == device)


def _discard(con: Connection, now_ms: int, *which: ColumnElement[bool]) -> int:
    q = t.quarantine.c
    here = (*which, q.settled_ms.is_(None))
    whose = set(con.execute(select(q.subject).distinct().where(*here)).scalars())
    fences.hold(con, alone=whose, space=fences.WORDS)  # or keys stayed of what somebody else keeps just now
    gone = update(t.quarantine).where(*here).values(settled_ms=now_ms, line=b"").returning(q.subject, q.op_id)
    rows = con.execute(gone).all()
    with widened(con):
        ties.settled(con, [(row.subject, row.op_id) for row in rows])
    return len(rows)


def _keys(con: Connection, *where: ColumnElement[bool]) -> list[_Key]:
    return [one.key for one in concerning.waiting(con, *where)]


def try_again(
    db: Database, key: _Key, secret: bytes, now_ms: int, to: str | None = None, by: Decider | None = None
) -> tuple[Reason | None, set[str]]:
    """Why it stays apart, and the subjects that began or moved with it. By nobody: judged as a push.

    It locks rows that wait, then streams; a push that lists one of them does so the other way round.
    """
    return clashing.begun_anew(lambda: _try_again(db, key, secret, now_ms, to, by))


def _try_again(
    db: Database, key: _Key, secret: bytes, now_ms: int, to: str | None, by: Decider | None
) -> tuple[Reason | None, set[str]]:
    also, fenced = frozenset[int](), frozenset[str]()
    while True:
        try:
            with db.writing(EVERYTHING if by is None else by.scope) as con:
                return _list(con, key, secret, now_ms, to, also, fenced, by)
        except Again as more:
            also, fenced = more.nums, fenced | more.apart


def _list(
    con: Connection, key: _Key, secret: bytes, now_ms: int, to: str | None, also: frozenset[int],
    fenced: frozenset[str], by: Decider | None,
) -> tuple[Reason | None, set[str]]:  # fmt: skip
    action, replica = key
    where = (t.quarantine.c.action == action, t.quarantine.c.replica == replica)
    waits = select(t.quarantine).where(*where, t.quarantine.c.settled_ms.is_(None))
    waits = waits.order_by(t.quarantine.c.replica_seq)
    seen = con.execute(waits).all()
    ops = [op for row in seen if (op := speaking.read(bytes(row.line))) is not None]
    # before the rows: whoever erases holds these fences when he comes to what waits
    speaking.hold(con, ops, apart={op.subject.id for op in ops} | fenced)
    rows = con.execute(waits.with_for_update()).all()
    if not rows:
        raise LookupError(action)
    if not {row.replica_seq for row in seen}.issuperset(row.replica_seq for row in rows):
        raise Again(also, fenced)  # more of it came
    items = [item(bytes(row.line)) for row in rows]
    bad = next((i.reason for i in items if i.reason is not None), None)
    if bad is not None or Reason(rows[0].reason) in _NEVER:
        return bad or Reason(rows[0].reason), set()
    caller = sender(con, rows[0].device)
    if by is not None:
        caller = by.instead_of(con, caller, int(rows[0].home), to)
    if caller.revoked:  # whatever it was kept for: no upgrade and no move lists it now, a person may
        con.execute(update(t.quarantine).where(*where).values(reason=Reason.REVOKED.value))
        return Reason.REVOKED, set()
    made = Action(action, items)
    others = by is None and _org_of(con, replica) != caller.org
    listing = Listing(con, caller, now_ms, secret, told_where=to is not None, others=others)
    if not listing.there(made):  # others may have brought it, in another life of its file
        if not linking.fits(con, replica, items):
            if by is None:
                return Reason(rows[0].reason), set()  # the other end of a fork is listed
            made.items = linking.alone(items)
        listing.take([made], also)
    if made.verdict is Verdict.QUARANTINED:
        con.execute(update(t.quarantine).where(*where).values(reason=str(made.reason)))
        return made.reason, set()
    con.execute(update(t.quarantine).where(*where).values(settled_ms=now_ms, line=b""))
    with widened(con):
        ties.settled(con, [(row.subject, row.op_id) for row in rows])
    # asked anew: while this waited for its streams, stations may have come under other offices
    heard = _hears(sender(con, rows[0].device), int(rows[0].home), by)
    notices.tell(con, heard, "released", f"released-{_short(made.items)}", action, now_ms)
    return None, listing.came


def _org_of(con: Connection, replica: str) -> str:
    """Whose replica it is, empty where nobody knows."""
    query = select(t.device.c.org).join(t.replica, t.replica.c.device == t.device.c.id)
    return con.execute(query.where(t.replica.c.id == replica)).scalar_one_or_none() or ""


def _hears(caller: Caller, home: int, by: Decider | None) -> int:
    """Where its writer is told: where it was kept; where that stream left his sight, in one that he hears and
    whoever decides may write to.
    """
    if home in caller.nums or (by is not None and by.org and caller.place not in by.nums):
        return home
    return caller.place


def _short(items: list[Item]) -> str:
    return items[0].op_id[-48:]
