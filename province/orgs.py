"""The tree of organisations: added one by one, from a table, or as a sample from the region tables."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, select, update

from province import rehoming, stations, streams
from province.db import tables as t
from province.db.writing import insert_quietly
from province.scope import CHILD_LEVELS

_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")
"""What the protocol allows as the id of a stream, and a cookie as its content."""
_SAMPLE_COUNTY = "220102"
_SAMPLE_STATIONS = 12


@dataclass(frozen=True, slots=True)
class Org:
    """``region`` is a code of GB/T 2260 and below; ``parent`` the id of the one above, empty for the root."""

    id: str
    name: str
    level: str
    parent: str = ""
    region: str = ""


def read(file: Path) -> Iterator[Org]:
    """A CSV in UTF-8 with the columns id, name, level, parent, region; a # begins a remark.

    Raises:
        ValueError: names the line and what is wrong with it.
    """
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = csv.DictReader(line for line in lines if not line.startswith("#"))
        for number, row in enumerate(rows, 2):
            made = Org(*(str(row.get(k) or "").strip() for k in ("id", "name", "level", "parent", "region")))
            if made.level not in CHILD_LEVELS or not made.id or not made.name:
                raise ValueError(f"{file.name}:{number}: id, name and a level of {', '.join(CHILD_LEVELS)}")
            yield made


def add(con: Connection, orgs: Iterable[Org]) -> int:
    """Add them, or take over a new name, parent or region; a station gets its stream. How many are new.

    Raises:
        ValueError: an id that is none; a parent that there is not, or that is not above; a station with a
            stream that is to be something else.
    """
    stations.lock(con)
    new = 0
    changed = False
    moved: list[str] = []
    streamed = set(con.execute(select(t.stream.c.org)).scalars())
    for one in orgs:
        _check(con, one)
        if one.level == "station" and one.id not in streamed:
            streamed.add(one.id)
            streams.new_stream(con, one.id)
            changed = True
        elif one.level != "station" and one.id in streamed:
            raise ValueError(f"{one.id}: a station with a stream stays a station")
        row = {"id": one.id, "name": one.name, "level": one.level, "parent": one.parent or None,
               "region": one.region}  # fmt: skip
        here = con.execute(select(t.org.c.parent).where(t.org.c.id == one.id)).one_or_none()
        if here is None:
            new += 1
            insert_quietly(con, t.org, [row])
        else:
            con.execute(update(t.org).where(t.org.c.id == one.id).values(**row))
            moved += [one.id] if here.parent != row["parent"] else []
    if changed or moved:
        con.execute(update(t.stream).values(scope_version=t.stream.c.scope_version + 1))
    if moved:
        rehoming.follow(con, moved)
    stations.count(con)
    return new


def _check(con: Connection, one: Org) -> None:
    if not _ID.fullmatch(one.id):
        raise ValueError(f"{one.id!r}: an id is of letters, figures, - and _, 64 at most")
    if not one.parent:
        return
    level = con.execute(select(t.org.c.level).where(t.org.c.id == one.parent)).scalar_one_or_none()
    if level is None:
        raise ValueError(f"{one.id}: no organisation {one.parent}")
    if CHILD_LEVELS.index(level) >= CHILD_LEVELS.index(one.level):
        raise ValueError(f"{one.id}: {level} is not above {one.level}")


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
