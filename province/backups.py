"""What backups hold: a mark is written just before one is made; ``safe`` is what all of them hold (M-8.3)."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count

from sqlalchemy import Connection, func, insert, literal, select, update

from jobdesk.cases.ops import Subject
from province import enrolling, erasing, identity, register, speaking, streams
from province.db import tables as t


def mark(con: Connection, name: str, now_ms: int) -> None:
    """Before the backup: where every replica and every stream stands; later things it may lack.

    Raises:
        ValueError: a name that nobody can name it by, or that one had already; with the way out.
    """
    if not name.strip() or not name.isprintable():
        raise ValueError("备份要有名称，例如日期：province backup 2026-11-21")
    had = {row.id: row.dropped_ms for row in con.execute(select(t.backup.c.id, t.backup.c.dropped_ms))}
    if name in had:
        free = next(one for n in count(2) if (one := f"{name}-{n}") not in had)
        counts = had[name] is None
        first = f"；那次失败了或已删除的，先执行 province backup {name} --dropped" if counts else ""
        raise ValueError(
            f"已经有名称是“{name}”的备份，注销了的名称也不能再用{first}。请换一个名称：province backup "
            f"{free}，备份的文件夹也用这个名称"
        )
    con.execute(insert(t.backup).values(id=name, at_ms=now_ms))
    places = select(literal(name), t.replica.c.id, t.replica.c.acked, literal(now_ms))
    con.execute(insert(t.backup_mark).from_select(["backup", "replica", "acked", "at_ms"], places))
    heads = select(literal(name), t.stream.c.num, t.stream.c.head)
    con.execute(insert(t.backup_head).from_select(["backup", "stream", "head"], heads))
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
    """``safe`` of every replica and stream: what every restorable backup holds, nothing without one.

    Not what the oldest holds: which one that is only a clock says, and a server's may have been put back.
    """
    names = [name for name, _ in restorable(con)]
    held = (
        select(func.min(t.backup_mark.c.acked))
        .where(t.backup_mark.c.replica == t.replica.c.id, t.backup_mark.c.backup.in_(names))
        .having(func.count() == len(names))
        .scalar_subquery()
    )
    con.execute(update(t.replica).values(safe=func.coalesce(held, 0)))
    streams.lock_all(con)
    listed = (
        select(func.min(t.backup_head.c.head))
        .where(t.backup_head.c.stream == t.stream.c.num, t.backup_head.c.backup.in_(names))
        .having(func.count() == len(names))
        .scalar_subquery()
    )
    con.execute(update(t.stream).values(safe=func.coalesce(listed, 0)))


def restored(
    con: Connection, erased: Iterable[str], now_ms: int, revoked: Iterable[str] = ()
) -> tuple[str, set[str]]:
    """After a restore: a new epoch, the register of erased subjects applied again, machines shut out again.
    Codes and links of the time before may have been used since: they end.

    Args:
        erased: lines of the register as ``register.written`` gives them; ids alone are taken too.
        revoked: ids of machines; those that the restored server does not know cannot come in anyway.

    Returns:
        The epoch, and the contents to drop.
    """
    gone: set[str] = set()
    entries = register.read(erased)
    spoken = {one.subject: speaking.spoken_in(con, one.subject) for one in entries}
    for one in entries:
        kind = con.execute(select(t.subject.c.kind).where(t.subject.c.id == one.subject)).scalar_one_or_none()
        gone |= erasing.erase(con, Subject(kind or "case", one.subject), now_ms, one.line)
    heads = streams.lock(con, con.execute(select(t.stream.c.num)).scalars())
    for subject, nums in spoken.items():
        streams.keep(con, heads.values(), register.tell(con, {subject}, heads, now_ms, has=nums))
    for device in revoked:
        enrolling.revoke(con, device, "restored", now_ms)
    for open_ in (t.enrolment_code, t.view_link):
        con.execute(update(open_).where(open_.c.expires_ms > now_ms).values(expires_ms=now_ms - 1))
    return identity.new_epoch(con), gone
