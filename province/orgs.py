"""The tree of organisations: added one by one, from a table, or as a sample from the region tables."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, select, update

from province import levels, rehoming, stations, streams
from province.db import tables as t
from province.db.writing import insert_quietly
from province.scope import CHILD_LEVELS

_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")
"""What the protocol allows as the id of a stream, and a cookie as its content."""
_LONGEST = 200
"""Of a name (own figure): it is told with every pull."""
_SAMPLE_COUNTY = "220102"
_SAMPLE_STATIONS = 12


@dataclass(frozen=True, slots=True)
class Org:
    """``region`` is a code of GB/T 2260 and below; ``parent`` the id of the one above, empty for the topmost.
    What is None was not given: it stays as it is.

    Attributes:
        at: where it was read, for who is to mend it.
    """

    id: str
    name: str
    level: str
    parent: str | None = ""
    region: str | None = ""
    at: str = ""


def add(con: Connection, orgs: Iterable[Org]) -> int:
    """Add them, or take over a new name, parent or region; a station gets its stream. How many are new.

    Raises:
        ValueError: an id that is none; a parent that there is not, or that is not above; none where others
            are above; another level than what is below or at work there allows. It says where it was read.
    """
    stations.lock(con)
    new = 0
    changed = False
    tops: list[Org] = []
    streamed = set(con.execute(select(t.stream.c.org)).scalars())
    for one in orgs:
        try:
            _named_well(one)
            here = con.execute(select(t.org).where(t.org.c.id == one.id)).one_or_none()
            parent = one.parent if one.parent is not None or here is None else here.parent
            region = one.region if one.region is not None or here is None else here.region
            _is_above(con, parent or "", one)
            if here is not None and here.level != one.level:
                levels.change(con, one.id, here.level, one.level)
                streamed.discard(one.id)
                changed = True
        except ValueError as bad:
            raise _at(one, bad) from bad
        if not parent and (here is None or one.parent is not None or here.level != one.level):
            tops.append(one)
        row = {"id": one.id, "name": one.name, "level": one.level, "parent": parent or None,
               "region": region or ""}  # fmt: skip
        if one.level == "station" and one.id not in streamed:
            streamed.add(one.id)
            streams.new_stream(con, one.id)
            changed = True
        if here is None:
            new += 1
            insert_quietly(con, t.org, [row])
        else:
            con.execute(update(t.org).where(t.org.c.id == one.id).values(**row))
            changed = changed or here.parent != row["parent"]
    for one in tops:  # once all are there: the one above may have come behind it
        _is_top(con, one)
    if changed:
        streams.lock_all(con)
        con.execute(update(t.stream).values(scope_version=t.stream.c.scope_version + 1))
        rehoming.follow(con)
    stations.count(con)
    return new


def _named_well(one: Org) -> None:
    if not _ID.fullmatch(one.id):
        raise ValueError(f"编号“{one.id[:80]}”不能用：只能是字母、数字、- 和 _，最多 64 个")
    if not one.name.strip():
        raise ValueError(f"{one.id}：没有名称")
    for said in (one.name, one.region or ""):
        if len(said) > _LONGEST or any(c < " " or c == "\x7f" for c in said):
            raise ValueError(f"{one.id}：名称或区划有换行等控制字符，或超过 {_LONGEST} 个字")


def _is_above(con: Connection, parent: str, one: Org) -> None:
    if not parent:
        return
    level = None
    if _ID.fullmatch(parent):
        level = con.execute(select(t.org.c.level).where(t.org.c.id == parent)).scalar_one_or_none()
    if level is None:
        raise ValueError(f"{one.id}：没有上级机构 {parent[:80]}；上级要先添加，在文件里写在下级之前")
    if CHILD_LEVELS.index(level) >= CHILD_LEVELS.index(one.level):
        raise ValueError(f"{one.id}：上级 {parent} 是 {level}，不在 {one.level} 之上")


def _is_top(con: Connection, one: Org) -> None:
    """Who is under nothing is in nobody's sight above: nothing comes there by a cell that was left empty."""
    above = t.org.c.level.in_(CHILD_LEVELS[: CHILD_LEVELS.index(one.level)])
    found = con.execute(select(t.org.c.id, t.org.c.level).where(above).order_by(t.org.c.id).limit(1)).first()
    if found is not None:
        told = (
            f"{one.id}：没有写上级机构，而已经有 {found.id}（{found.level}）；{one.level} 不在任何上级之下，"
            "上级就都看不到它。请写明上级的编号：文件里的 parent 列，命令的 --parent"
        )
        raise _at(one, told)


def _at(one: Org, bad: object) -> ValueError:
    return ValueError(f"{one.at}：{bad}" if one.at else str(bad))


def usual_role(con: Connection, org: str) -> str:
    """A station's machines are desks; those above see what is under them.

    Raises:
        LookupError: no such organisation.
    """
    level = con.execute(select(t.org.c.level).where(t.org.c.id == org)).scalar_one_or_none()
    if level is None:
        raise LookupError(org)
    return {"station": "desk", "province": "province"}.get(level, "county")


def sample(regions: Path) -> list[Org]:
    """Province, one county and its townships as they are; the stations under them are invented."""
    found = [Org("22", "吉林省（示例）", "province", "", "22")]
    for row in _table(regions / "counties.csv"):
        if row["code"] == _SAMPLE_COUNTY:
            found.append(Org(row["city_code"], row["city"], "prefecture", "22", row["city_code"]))
            found.append(Org(row["code"], row["name"], "county", row["city_code"], row["code"]))
    towns = [r for r in _table(regions / "streets.csv") if r["county_code"] == _SAMPLE_COUNTY]
    for row in towns[:_SAMPLE_STATIONS]:
        found.append(Org(row["code"], row["name"], "township", _SAMPLE_COUNTY, row["code"]))
        station = f"{row['name']}就业服务站（示例）"
        found.append(Org(f"{row['code']}001", station, "station", row["code"], row["code"]))
    return found


def _table(file: Path) -> Iterator[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(line for line in lines if not line.startswith("#"))
