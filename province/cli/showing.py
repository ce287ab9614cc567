"""Tables on a terminal: ids, names of stations, times. No person stands in them."""

from __future__ import annotations

import sys

from sqlalchemy import Connection, select

from jobdesk.cases.clock import local_datetime
from jobdesk.protocol.limits import MAX_STREAMS
from province import backups as kept_backups
from province import enrolling, quarantine, viewing
from province.bounding import full
from province.db import tables as t
from province.db.writing import among
from province.scope import under

_MOST = 1000
"""Actions that one list names (own figure)."""


def when(ms: int | None) -> str:
    return "—" if ms is None else f"{local_datetime(ms):%Y-%m-%d %H:%M}"


def why(reason: str) -> str:
    """The reason and the way out, as the view says it."""
    return "；".join(viewing.REASONS.get(reason, (reason, "")))


def too_many_stations(con: Connection) -> None:
    """Machines that were let in before there were more stations than one can take."""
    for org, count in enrolling.too_many_stations(con).items():
        print(
            f"注意：{org} 下属服务站有 {count} 个，该机构的电脑只能看到最早添加的 {MAX_STREAMS} 个；"
            "请用查看页面，或给下级机构的登记码"
        )


def orgs(con: Connection) -> None:
    for row in con.execute(select(t.org).order_by(t.org.c.id)):
        print(f"{row.id}\t{row.level}\t{row.name}\t{row.parent or ''}")


def devices(con: Connection, org: str | None, now_ms: int) -> None:
    """Raises LookupError for an organisation that there is not."""
    query = select(t.device).order_by(t.device.c.org, t.device.c.enrolled_ms)
    if org is not None:
        if not (inside := under(con, org)):
            raise LookupError(org)
        query = query.where(among(con, t.device.c.org, inside))
    found = con.execute(query).all()
    for row in found:
        state = "已撤销" if row.revoked_ms else "已过期" if row.valid_until_ms < now_ms else "有效"
        print(f"{row.id}\t{row.org}\t{row.role}\t{state}\t{when(row.seen_ms)}\t{row.program}")
    if not found:
        print("没有已注册的电脑", file=sys.stderr)


def kept(con: Connection, most: int) -> None:
    found = quarantine.waiting(con, most=_MOST + 1)
    for one in quarantine.newest_first(found[:_MOST]):
        print(f"{one.action}\t{one.device}\t{one.operations}\t{when(one.at_ms)}\t{why(one.reason)}")
    if len(found) > _MOST:
        told = f"只列出 {_MOST} 项，每台电脑先列最新的；一台电脑的全部用 discard --device 电脑编号"
        print(told, file=sys.stderr)
    for device in sorted(full(con, most)):
        print(f"电脑 {device} 未被接收的保存已到上限，处理或丢弃之前不能再上传", file=sys.stderr)


def backups(con: Connection) -> None:
    found = kept_backups.restorable(con)
    for number, (name, at) in enumerate(found):
        print(f"{name}\t{when(at)}\t{'最早可恢复' if number == 0 else ''}")
    if found:
        print(
            f"safe 只算以上 {len(found)} 个备份里都有的内容（时钟可能调过，不只看最早的一个）",
            file=sys.stderr,
        )
    else:
        print("没有登记的备份：safe 为 0，各站保留全部操作")
