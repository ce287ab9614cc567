"""What backups hold: a mark is written just before one is made; ``safe`` is what the oldest holds (M-8.3)."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, func, insert, literal, select, update

from jobdesk.cases.ops import Subject
from province import erasing, identity
from province.db import tables as t


def mark(con: Connection, name: str, now_ms: int) -> None:
    """Before the backup: every replica's place. Whatever is acknowledged later may be missing in it."""
    con.execute(insert(t.backup).values(id=name, at_ms=now_ms))
    places = select(literal(name), t.replica.c.id, t.replica.c.acked, literal(now_ms))
    con.execute(insert(t.backup_mark).from_select(["backup", "replica", "acked", "at_ms"], places))
    settle(con)


def drop(con: Connection, name: str, now_ms: int) -> bool:
    """A backup that can no longer be restored: deleted, or it failed. False when there is none."""
    done = con.execute(
        update(t.backup)
        .where(t.backup.c.id == name, t.backup.c.dropped_ms.is_(None))
        .values(dropped_ms=now_ms)
    )
    settle(con)
    return done.rowcount > 0


def restorable(con: Connection) -> list[tuple[str, int]]:
    """(name, when), the oldest first."""
    rows = con.execute(
        select(t.backup.c.id, t.backup.c.at_ms)
        .where(t.backup.c.dropped_ms.is_(None))
        .order_by(t.backup.c.at_ms)
    )
    return [(str(name), int(at)) for name, at in rows]


def settle(con: Connection) -> None:
    """``safe`` of every replica: what the oldest restorable backup holds of it, nothing without one."""
    oldest = restorable(con)[:1]
    held = (
        select(t.backup_mark.c.acked)
        .where(t.backup_mark.c.replica == t.replica.c.id)
        .where(t.backup_mark.c.backup == (oldest[0][0] if oldest else ""))
        .scalar_subquery()
    )
    con.execute(update(t.replica).values(safe=func.coalesce(held, 0)))


def restored(con: Connection, erased: Iterable[str], now_ms: int) -> tuple[str, set[str]]:
    """After a restore: a new epoch, and the register of erased subjects applied again.

    Returns:
        The epoch, and the contents to drop.
    """
    gone: set[str] = set()
    for subject in erased:
        kind = con.execute(select(t.subject.c.kind).where(t.subject.c.id == subject)).scalar_one_or_none()
        gone |= erasing.erase(con, Subject(kind or "case", subject), now_ms)
    return identity.new_epoch(con), gone
