"""What this file knows of its server and of itself as a device: small values under a name.

They live in the encrypted file and nowhere else; the device key never leaves it.
"""

from __future__ import annotations

import json
from typing import Literal

from jobdesk.store.log import Connection

Key = Literal[
    "server", "device", "device_key", "device_key_new", "role", "station", "epoch", "valid_until_ms",
    "exchange_key", "signing_key", "refill", "next_sync_ms", "failures", "flight", "skew_ms", "last_good_ms",
    "last_try_ms", "last_error", "no_bootstrap", "limits", "told", "on_metered",
    "stations_version", "stations_ms", "station_name",
    "server_ms", "carried_number", "stream_safe", "had", "fetching", "settings_owed", "good_before_ms",
    "stick_folder", "heard",
]  # fmt: skip

WRONG_MS = 5 * 60 * 1000
"""How far this PC's clock may be off for its times to count (own figure)."""


def get(con: Connection, key: Key) -> str:
    """The value; empty where there is none."""
    row = con.execute("SELECT value FROM sync_fact WHERE key = ?", (key,)).fetchone()
    return row[0] if row else ""


def number(con: Connection, key: Key) -> int:
    """The value as a whole number; 0 where there is none."""
    found = get(con, key)
    return int(found) if found else 0


def put(con: Connection, key: Key, value: str | int) -> None:
    """Write one; an empty text removes it."""
    if value == "":
        con.execute("DELETE FROM sync_fact WHERE key = ?", (key,))
        return
    con.execute("INSERT OR REPLACE INTO sync_fact(key, value) VALUES (?,?)", (key, str(value)))


def put_right(now_ms: int, ahead_ms: int, heard_ms: int) -> int:
    """What the time is, by the server where it is known: this PC's clock may be months off.

    Args:
        ahead_ms: how far this clock was ahead when a server last said (fact ``skew_ms``).
        heard_ms: the latest time that a server said; where the clock would lie before it, somebody has set it
            since.
    """
    right = now_ms - ahead_ms
    return right if right >= heard_ms else max(now_ms, heard_ms)


def had(con: Connection, replica: str) -> int:
    """Sequence up to which a server had this life before it lost some of it; 0 where it lost nothing."""
    told = get(con, "had")
    return int(json.loads(told).get(replica, 0)) if told else 0


def put_had(con: Connection, replica: str, seq: int) -> None:
    """Of several losses the furthest counts; 0 forgets it."""
    told = get(con, "had")
    known: dict[str, int] = json.loads(told) if told else {}
    known[replica] = max(known.get(replica, 0), seq)
    if not seq:
        del known[replica]
    put(con, "had", json.dumps(known, sort_keys=True) if known else "")


def stands_above(role: str) -> bool:
    """Of the fact ``role``: a desk that is no station's own, a carrier's too. One not enrolled is no such."""
    return role not in ("", "desk")


def all_facts(con: Connection) -> dict[str, str]:
    """Everything, secrets among it."""
    return dict(con.execute("SELECT key, value FROM sync_fact").fetchall())
