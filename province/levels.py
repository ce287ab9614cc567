"""An organisation that was written with a wrong level gets the right one, as long as nothing hangs on it."""

from __future__ import annotations

from sqlalchemy import Connection, func, or_, select, update

from province import streams
from province.db import tables as t
from province.scope import CHILD_LEVELS

_NEW_ID = "级别确实要变的，请用新的编号另建机构"


def change(con: Connection, org: str, old: str, new: str) -> None:
    """Whatever stands in the way is refused; the stream of a station where nobody ever was is taken back, and
    what an open code would let in is let in no more. The transaction sees all streams.

    Raises:
        ValueError: what is in the way, and the way out.
    """
    _fits_below(con, org, old, new)
    if "station" in (old, new):
        _no_more_codes(con, org)
    if old == "station":
        _take_back(con, org, new)
    elif new == "station":
        _no_machines(con, org, new)


def _no_more_codes(con: Connection, org: str) -> None:
    """Before anything else that waits: whoever enrols holds the row of his code and then wants that of the
    stream, and once he is done his machine is there to be seen.
    """
    code = t.enrolment_code.c
    con.execute(
        update(t.enrolment_code)
        .where(code.org == org, code.role != "carrier", code.used_ms.is_(None))
        .values(expires_ms=0)
    )


def _fits_below(con: Connection, org: str, old: str, new: str) -> None:
    rows = con.execute(select(t.org.c.id, t.org.c.level).where(t.org.c.parent == org).order_by(t.org.c.id))
    below = [row.id for row in rows if CHILD_LEVELS.index(row.level) <= CHILD_LEVELS.index(new)]
    if below:
        raise ValueError(
            f"{org} 是 {old}，下面有 {len(below)} 个机构（如 {below[0]}），不能改为 {new}；"
            f"级别写错的请改正，否则先把它们改到别的上级之下。{_NEW_ID}"
        )


def _no_machines(con: Connection, org: str, new: str) -> None:
    d = t.device.c
    machines = select(func.count()).where(d.org == org, d.role != "carrier", d.revoked_ms.is_(None))
    if count := con.execute(machines).scalar_one():
        raise ValueError(
            f"{org} 有 {count} 台电脑，不能改为 {new}；级别写错的请改正，否则先用 devices {org} 查看、"
            f"用 revoke 撤销登记。{_NEW_ID}"
        )


def _take_back(con: Connection, org: str, new: str) -> None:
    num = con.execute(select(t.stream.c.num).where(t.stream.c.org == org)).scalar_one_or_none()
    if num is None:
        return
    streams.lock(con, [num])
    if _used(con, org, int(num)):
        raise ValueError(
            f"{org} 是服务站，已经有电脑登记过或者有数据，不能改为 {new}；级别写错的请改正。{_NEW_ID}"
        )
    # nothing is deleted on this server: a name that nobody can ask for
    con.execute(update(t.stream).where(t.stream.c.num == num).values(id=f"~{num}", org=f"~{num}"))


def _used(con: Connection, org: str, num: int) -> bool:
    s, d, n, m = t.stream.c, t.device.c, t.notice.c, t.moved.c
    asked = (
        select(s.num).where(s.num == num, or_(s.head > 0, s.station_subject.is_not(None))),
        select(d.id).where(d.org == org, d.role != "carrier"),
        select(t.subject.c.id).where(t.subject.c.home == num),
        select(t.quarantine.c.action).where(t.quarantine.c.home == num),
        select(n.id).where(or_(n.home == num, n.sender == org)),
        select(m.subject).where(or_(m.stream == num, m.home == num)),
    )
    return any(con.execute(query.limit(1)).first() is not None for query in asked)
