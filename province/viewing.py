"""What a county and the province see of their stations: who synced when, what waits, what was kept apart.

Ids, names of stations and times; never anything of a client. People come in by a one-time link that whoever
runs the server hands out; a signed cookie holds for a working day.
"""

from __future__ import annotations

import hmac
import secrets
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256

from sqlalchemy import Connection, func, insert, select, update

from province import quarantine
from province.bounding import MOST_APART, full
from province.db import tables as t
from province.db.writing import among
from province.identity import Identity
from province.scope import under

LINK_MS = 15 * 60 * 1000
COOKIE_MS = 12 * 3600 * 1000
SILENT_MS = 7 * 24 * 3600 * 1000
SKEWED_MS = 5 * 60 * 1000
MOST_KEPT = 200
"""Actions kept apart that one page names (own figure)."""

REASONS: dict[str, tuple[str, str]] = {
    "unreadable": ("服务器读不懂这条记录", "不能列入；请该站按程序“未被接收”里的说明重填"),
    "too_large": ("内容过大", "不能列入；请该站按“未被接收”里的说明分开重填"),
    "newer_schema": ("服务器版本较旧", "服务器升级后自动重新处理"),
    "bad_payload": ("内容与校验不符", "不能列入；请该站检查电脑的磁盘，按“未被接收”里的说明重填"),
    "out_of_scope": ("对象不在该站范围内", "核实后列入，或者丢弃"),
    "foreign": ("记录编号已被其他电脑使用", "该电脑的数据可能被复制，请该站联系技术人员"),
    "split_action": ("一次保存的内容过多或涉及多个站点", "不能列入；请该站按“未被接收”里的说明分批重填"),
    "revoked": ("电脑的登记已被撤销", "核实内容后列入，或者丢弃"),
    "erased": ("对象已删除个人信息", "不需要处理"),
}
"""Reason → what it means and the way out, in the words of the desk (``sync.reason``): the two talk of it by
telephone.
"""
CHOICES: dict[str, tuple[str, ...]] = {
    "out_of_scope": ("release", "discard"), "revoked": ("release", "discard"), "erased": ("discard",),
    "unreadable": ("discard",), "too_large": ("discard",), "bad_payload": ("discard",),
    "foreign": ("discard",), "split_action": ("discard",),
}  # fmt: skip
"""Reason → what somebody above the station may do about it; nothing where the next upgrade does it."""
ASK_ABOVE = "电脑不在下属单位，请联系服务器管理人员"


@dataclass(frozen=True, slots=True)
class StationLine:
    """One station.

    Attributes:
        devices: machines that may sync; waiting and clocks are theirs.
        seen_ms: last push of any of its machines, also of one that was shut out since; None: never.
        waiting: operations its machines still had to send then.
        skew_ms: the largest deviation of a clock.
        kept: operations kept apart; full: machines that send nothing of that kind any more until somebody has
            decided (M-3.4).
    """

    stream: str
    name: str
    operations: int
    devices: int
    seen_ms: int | None
    waiting: int
    skew_ms: int
    kept: int
    full: int = 0


@dataclass(frozen=True, slots=True)
class KeptLine:
    """One action that was kept apart: of which station, why, and the way out in words.

    Attributes:
        stream: the station's id; names may be the same.
        choices: of ``release`` and ``discard`` those that whoever looks may choose.
        machine: which one of its office's it is, in the order they were enrolled, from 1; 0 where it stands
            elsewhere. enrolled_ms: when; office: its name, where that is not the station.
    """

    station: str
    action: str
    device: str
    at_ms: int
    operations: int
    reason: str
    means: str
    way_out: str
    choices: tuple[str, ...] = ()
    stream: str = ""
    machine: int = 0
    enrolled_ms: int = 0
    office: str = ""


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything one page shows.

    Attributes:
        full: every machine at the bound, also those above the stations.
    """

    org: str
    name: str
    now_ms: int
    stations: list[StationLine]
    kept: list[KeptLine]
    more_kept: bool = False
    full: tuple[str, ...] = ()


def link(con: Connection, org: str, now_ms: int) -> str:
    """The token of a one-time link; only its hash is kept.

    Raises:
        LookupError: no such organisation.
    """
    if con.execute(select(t.org.c.id).where(t.org.c.id == org)).scalar_one_or_none() is None:
        raise LookupError(org)
    token = secrets.token_urlsafe(24)
    con.execute(insert(t.view_link).values(hash=_hash(token), org=org, expires_ms=now_ms + LINK_MS))
    return token


def enter(con: Connection, token: str, me: Identity, now_ms: int) -> str | None:
    """A cookie for a link that is used now; None when it was used, is too old, or is none."""
    row = con.execute(
        select(t.view_link).where(t.view_link.c.hash == _hash(token)).with_for_update()
    ).one_or_none()
    if row is None or row.used_ms is not None or now_ms > row.expires_ms:
        return None
    con.execute(update(t.view_link).where(t.view_link.c.hash == row.hash).values(used_ms=now_ms))
    said = f"{row.org}.{now_ms + COOKIE_MS:x}"
    return f"{said}.{_seal(me, said)}"


def who(cookie: str, me: Identity, now_ms: int) -> str | None:
    """The organisation a cookie stands for."""
    said, _, seal = cookie.rpartition(".")
    org, _, until = said.rpartition(".")
    if not org or not hmac.compare_digest(seal.encode(), _seal(me, said).encode()):
        return None
    return org if now_ms <= int(until, 16) else None


def overview(
    con: Connection, org: str, now_ms: int, most_apart: int = MOST_APART, action: str | None = None
) -> Overview:
    """Of an organisation and everything under it; the silent stations first.

    Args:
        action: of what was kept apart this alone, however much came since.
    """
    inside = under(con, org)
    name = con.execute(select(t.org.c.name).where(t.org.c.id == org)).scalar_one()
    may = t.device.c.revoked_ms.is_(None)
    rows = con.execute(
        select(
            t.stream.c.num, t.stream.c.id, t.org.c.name, t.stream.c.head,
            func.count(t.device.c.id).filter(may),
            func.max(t.device.c.seen_ms), func.coalesce(func.sum(t.device.c.waiting).filter(may), 0),
            func.coalesce(func.max(func.abs(t.device.c.skew_ms)).filter(may), 0),
        )
        .join(t.org, t.org.c.id == t.stream.c.org)
        .join(t.device, t.device.c.org == t.org.c.id, isouter=True)
        .where(among(con, t.stream.c.org, inside))
        .group_by(t.stream.c.num, t.stream.c.id, t.org.c.name, t.stream.c.head)
    ).all()  # fmt: skip
    nums = [int(r.num) for r in rows]
    counted = (
        select(t.quarantine.c.home, func.count())
        .where(among(con, t.quarantine.c.home, nums), t.quarantine.c.settled_ms.is_(None))
        .group_by(t.quarantine.c.home)
    )
    kept = {int(home): int(count) for home, count in con.execute(counted)}
    machines = _machines(con, inside)
    at_the_bound = sorted(full(con, most_apart) & machines.keys())
    full_at = Counter(machines[device].org for device in at_the_bound)  # a stream has the id of its station
    lines = [
        StationLine(i, n, int(head), int(devices), None if seen is None else int(seen), int(waiting),
                    int(skew), kept.get(int(num), 0), full_at[i])
        for num, i, n, head, devices, seen, waiting, skew in rows
    ]  # fmt: skip
    lines.sort(key=lambda s: (s.seen_ms or 0, s.stream))
    names = {int(r.num): (str(r.id), str(r[2])) for r in rows}
    waits = quarantine.waiting(con, nums, MOST_KEPT + 1, action)
    kept_lines = [_told(k, names, machines) for k in quarantine.newest_first(waits[:MOST_KEPT])]
    return Overview(org, name, now_ms, lines, kept_lines, len(waits) > MOST_KEPT, tuple(at_the_bound))


@dataclass(frozen=True, slots=True)
class _Machine:
    org: str
    name: str
    number: int
    enrolled_ms: int


def _machines(con: Connection, inside: Collection[str]) -> dict[str, _Machine]:
    """By id; numbered within each office, those that were shut out since too: a number stays."""
    query = (
        select(t.device.c.id, t.device.c.org, t.org.c.name, t.device.c.enrolled_ms)
        .join(t.org, t.org.c.id == t.device.c.org)
        .where(among(con, t.device.c.org, inside))
        .order_by(t.device.c.enrolled_ms, t.device.c.id)
    )
    found: dict[str, _Machine] = {}
    count = Counter[str]()
    for row in con.execute(query):
        count[row.org] += 1
        found[row.id] = _Machine(row.org, row.name, count[row.org], int(row.enrolled_ms))
    return found


def _told(
    kept: quarantine.Kept, names: Mapping[int, tuple[str, str]], theirs: Mapping[str, _Machine]
) -> KeptLine:
    means, way = REASONS.get(kept.reason, (kept.reason, ""))
    choices, machine = CHOICES.get(kept.reason, ()), theirs.get(kept.device)
    if choices and machine is None:
        way, choices = ASK_ABOVE, ()
    stream, name = names.get(kept.home, ("", ""))
    line = KeptLine(
        name, kept.action, kept.device, kept.at_ms, kept.operations, kept.reason, means, way, choices, stream
    )
    if machine is None:
        return line
    office = machine.name if machine.org != stream else ""
    return replace(line, machine=machine.number, enrolled_ms=machine.enrolled_ms, office=office)


def mark(cookie: str, action: str, me: Identity) -> str:
    """What a form about this action carries back, so that no other page can send one for this person."""
    return _seal(me, f"{cookie}\n{action}")


def _hash(token: str) -> bytes:
    return sha256(b"jobdesk-view\n" + token.encode("utf-8", "replace")).digest()


def _seal(me: Identity, said: str) -> str:
    message = b"jobdesk-view-1\n" + said.encode("utf-8", "replace")
    return hmac.new(me.nonce_secret, message, sha256).hexdigest()
