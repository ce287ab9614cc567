"""Files that this desk wrote for a stick: what each holds, and whether its answer was read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from jobdesk.store import sync_facts, sync_state
from jobdesk.store.log import Connection

KEEP = 1000
"""The newest files that a desk knows of (own figure): years of them. Never by the day, for a clock that was
years off for an hour would have it forget what it has read (M-2.4).
"""
_COLUMNS = (
    "exchange, number, name, made_ms, size, ops, contents, left_over, upto, epoch, state, read_ms, came, more"
)
WRITING, OUT, READ = "writing", "out", "read"


@dataclass(frozen=True, slots=True)
class CarriedFile:
    """One of them; see ``sync_tables.CarriedFileRow``.

    Attributes:
        overtaken: everything it holds reached the server by another way since.
    """

    exchange: str
    number: int
    name: str
    made_ms: int
    size: int = 0
    ops: int = 0
    contents: int = 0
    left_over: int = 0
    upto: Mapping[str, int] = field(default_factory=dict[str, int])
    epoch: str = ""
    state: str = WRITING
    read_ms: int = 0
    came: int = 0
    more: bool = False
    overtaken: bool = False


def next_number(con: Connection) -> int:
    """Counts this desk's files; a number is never given twice."""
    number = sync_facts.number(con, "carried_number") + 1
    sync_facts.put(con, "carried_number", number)
    return number


def put(con: Connection, found: CarriedFile) -> None:
    """Write or replace one; those long before it go."""
    con.execute(
        f"INSERT OR REPLACE INTO carried_file({_COLUMNS}) VALUES ({','.join('?' * 14)})",
        (found.exchange, found.number, found.name, found.made_ms, found.size, found.ops, found.contents,
         found.left_over, json.dumps(dict(found.upto)), found.epoch, found.state, found.read_ms, found.came,
         int(found.more)),
    )  # fmt: skip
    con.execute("DELETE FROM carried_file WHERE number <= ?", (found.number - KEEP,))


def is_written(con: Connection, exchange: str, name: str) -> None:
    """It is on the stick, under this name, and was read back."""
    con.execute(
        "UPDATE carried_file SET state = ?, name = ? WHERE exchange = ? AND state = ?",
        (OUT, name, exchange, WRITING),
    )


def find(con: Connection, exchange: str) -> CarriedFile | None:
    """None for a file of a later life of this station file: it was restored since."""
    row = con.execute(f"SELECT {_COLUMNS} FROM carried_file WHERE exchange = ?", (exchange,)).fetchone()
    return None if row is None else _file(con, row)


def files(con: Connection, limit: int = 100) -> list[CarriedFile]:
    """The newest ones first."""
    rows = con.execute(
        f"SELECT {_COLUMNS} FROM carried_file ORDER BY number DESC, exchange LIMIT ?", (limit,)
    ).fetchall()
    return [_file(con, r) for r in rows]


def _file(con: Connection, row: tuple[Any, ...]) -> CarriedFile:
    upto = cast("dict[str, int]", json.loads(row[8]))
    exchange, number, name, made_ms, size, ops, contents, over, _, epoch, state, read_ms, came, more = row
    return CarriedFile(
        exchange, number, name, made_ms, size, ops, contents, over, upto, epoch, state, read_ms, came,
        bool(more), _overtaken(con, row, upto),
    )  # fmt: skip


def _overtaken(con: Connection, row: tuple[Any, ...], upto: Mapping[str, int]) -> bool:
    if row[10] == READ or sync_facts.number(con, "last_good_ms") <= row[3]:
        return False
    return all(sync_state.mark(con, replica).acked >= seq for replica, seq in upto.items())
