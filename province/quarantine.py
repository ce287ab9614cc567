"""What was kept apart: shown with its reason, listed after all, discarded, asked again after an upgrade.

The verdict that was told stays (M-4.3); a later listing is told as a notice ``released`` (M-4.10).
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace

from sqlalchemy import Connection, func, select, update

from jobdesk.protocol.codes import Reason, Verdict
from province import notices
from province.db import tables as t
from province.db.engine import EVERYTHING, Database
from province.db.writing import among
from province.listing import Action, Listing
from province.reading import Item, item
from province.scope import Caller, StreamRow, caller_for
from province.streams import Again

_NEVER = (Reason.UNREADABLE, Reason.BAD_PAYLOAD, Reason.TOO_LARGE, Reason.FOREIGN)
"""What no release can mend: the desk has to say it anew."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One action that waits: ids and a reason, nothing of what it says."""

    action: str
    device: str
    home: int
    reason: str
    at_ms: int
    operations: int


def waiting(con: Connection, nums: Iterable[int] | None = None, most: int = 1000) -> list[Kept]:
    """The newest first; of these streams, or of all."""
    query = (
        select(
            t.quarantine.c.action, t.quarantine.c.device, t.quarantine.c.home, t.quarantine.c.reason,
            func.max(t.quarantine.c.at_ms), func.count(),
        )
        .where(t.quarantine.c.settled_ms.is_(None))
        .group_by(t.quarantine.c.action, t.quarantine.c.device, t.quarantine.c.home, t.quarantine.c.reason)
        .order_by(func.max(t.quarantine.c.at_ms).desc())
        .limit(most)
    )  # fmt: skip
    if nums is not None:
        query = query.where(t.quarantine.c.home.in_(list(nums)))
    return [Kept(a, d, int(h), r, int(at), int(n)) for a, d, h, r, at, n in con.execute(query)]


def release(db: Database, action: str, secret: bytes, now_ms: int, to: str | None = None) -> Reason | None:
    """List an action by a person's decision, wherever its subjects are; None when it is listed.

    Args:
        to: stream of subjects that nobody knows; else where the device's station is.

    Raises:
        LookupError: nothing of this id waits, or there is no such stream.
    """
    return _try_again(db, action, secret, now_ms, to, everywhere=True)


def ask_again(db: Database, secret: bytes, now_ms: int) -> dict[str, int]:
    """After an upgrade: what a newer program had written, judged as a push would be. Counts by outcome."""
    told: dict[str, int] = {}
    with db.reading(EVERYTHING) as con:
        newer = list(
            con.execute(
                select(t.quarantine.c.action)
                .distinct()
                .where(t.quarantine.c.reason == Reason.NEWER_SCHEMA.value)
                .where(t.quarantine.c.settled_ms.is_(None))
            ).scalars()
        )
    for action in newer:
        try:
            reason = _try_again(db, action, secret, now_ms, None, everywhere=False)
        except LookupError:  # settled meanwhile: by a person or an erasure before it
            continue
        outcome = "accepted" if reason is None else reason.value
        told[outcome] = told.get(outcome, 0) + 1
    return told


def ask_moved(db: Database, subjects: Iterable[str], secret: bytes, now_ms: int) -> int:
    """After a move: what the new station wrote before the server knew (again) that the subject is there.
    Judged as a push would be; how many actions were listed.
    """
    wanted = sorted(subjects)
    if not wanted:
        return 0
    with db.reading(EVERYTHING) as con:
        kept = list(
            con.execute(
                select(t.quarantine.c.action)
                .distinct()
                .where(t.quarantine.c.reason == Reason.OUT_OF_SCOPE.value)
                .where(t.quarantine.c.settled_ms.is_(None))
                .where(among(con, t.quarantine.c.subject, wanted))
            ).scalars()
        )
    listed = 0
    for action in kept:
        with suppress(LookupError):  # an erasure before it on this list settles it too
            listed += _try_again(db, action, secret, now_ms, None, everywhere=False) is None
    return listed


def discard(con: Connection, action: str, now_ms: int) -> int:
    """A person has seen it and wants none of it: the lines go, hashes stay for the chain."""
    done = con.execute(
        update(t.quarantine)
        .where(t.quarantine.c.action == action, t.quarantine.c.settled_ms.is_(None))
        .values(settled_ms=now_ms, line=b"")
    )
    return done.rowcount


def _try_again(
    db: Database, action: str, secret: bytes, now_ms: int, to: str | None, *, everywhere: bool
) -> Reason | None:
    also: frozenset[int] = frozenset()
    while True:
        try:
            with db.writing(EVERYTHING) as con:
                return _list(con, action, secret, now_ms, to, also, everywhere)
        except Again as more:
            also = more.nums


def _list(
    con: Connection, action: str, secret: bytes, now_ms: int, to: str | None, also: frozenset[int],
    everywhere: bool,
) -> Reason | None:  # fmt: skip
    rows = con.execute(
        select(t.quarantine)
        .where(t.quarantine.c.action == action, t.quarantine.c.settled_ms.is_(None))
        .order_by(t.quarantine.c.replica_seq)
        .with_for_update()
    ).all()
    if not rows:
        raise LookupError(action)
    items = [item(bytes(row.line)) for row in rows]
    bad = next((i.reason for i in items if i.reason is not None), None)
    if bad is not None or Reason(rows[0].reason) in _NEVER:
        return bad or Reason(rows[0].reason)
    caller = _caller(con, rows[0].device, int(rows[0].home), to, everywhere)
    if caller.revoked and not everywhere:
        return Reason.REVOKED
    made = Action(action, items)
    Listing(con, caller, now_ms, secret).take([made], also)
    where = t.quarantine.c.action == action
    if made.verdict is Verdict.QUARANTINED:
        con.execute(update(t.quarantine).where(where).values(reason=str(made.reason)))
        return made.reason
    con.execute(update(t.quarantine).where(where).values(settled_ms=now_ms, line=b""))
    notices.tell(con, int(rows[0].home), "released", f"released-{_short(items)}", action, now_ms)
    return None


def _short(items: list[Item]) -> str:
    return items[0].op_id[-48:]


def _caller(con: Connection, device: str, home: int, to: str | None, everywhere: bool) -> Caller:
    """The device itself, or a person of the province acting for it: with every stream in sight."""
    row = con.execute(select(t.device).where(t.device.c.id == device)).one_or_none()
    org, role = (row.org, row.role) if row is not None else ("", "desk")
    caller = caller_for(con, device, org, role, revoked=row is not None and row.revoked_ms is not None)
    if not everywhere:
        return caller
    if to is not None:
        found = con.execute(select(t.stream.c.num).where(t.stream.c.id == to)).scalar_one_or_none()
        if found is None:
            raise LookupError(to)
        home = int(found)
    every = con.execute(
        select(t.stream.c.num, t.stream.c.id, t.org.c.name, t.org.c.region, t.stream.c.station_subject)
        .join(t.org, t.org.c.id == t.stream.c.org)
        .order_by(t.stream.c.num)
    )
    streams = tuple(StreamRow(int(r.num), r.id, r.name, r.region, r.station_subject) for r in every)
    return replace(caller, role="province", home=home or None, streams=streams, revoked=False)
