"""What belongs to this PC and is not an operation: facts of the file, settings, drafts, the access log."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, cast

from jobdesk.cases.ops import Json, Op
from jobdesk.store.log import Connection

FACTS = "fact."
"""Prefix of the file's own facts among the settings: station_id, replica_id, device_id, created_ms …"""
LAST_DAY = "day.last"
"""Setting of this PC: the last day that was believed, ISO."""


def facts(con: Connection) -> dict[str, str]:
    """The file's own facts, without their prefix."""
    rows = con.execute("SELECT key, value FROM setting WHERE key LIKE 'fact.%'").fetchall()
    return {k.removeprefix(FACTS): v for k, v in rows}


def set_fact(con: Connection, key: str, value: str) -> None:
    """Write one of the file's own facts."""
    con.execute("INSERT OR REPLACE INTO setting(key, value) VALUES (?,?)", (FACTS + key, value))


def settings(con: Connection) -> dict[str, str]:
    """Settings of this PC."""
    return dict(con.execute("SELECT key, value FROM setting WHERE key NOT LIKE 'fact.%'").fetchall())


def set_setting(con: Connection, key: str, value: str) -> None:
    """Write one setting of this PC."""
    con.execute("INSERT OR REPLACE INTO setting(key, value) VALUES (?,?)", (key, value))


@dataclass(frozen=True, slots=True)
class Draft:
    """A form as it was left.

    Attributes:
        key: names the form and its subject, e.g. ``service/<case>`` or ``register``.
        body: the typed values, with the bases the form was loaded with.
    """

    key: str
    actor: str
    saved_ms: int
    body: Mapping[str, Json]


def save_draft(con: Connection, draft: Draft) -> None:
    """Keep what is being typed."""
    con.execute(
        "INSERT OR REPLACE INTO draft(key, actor, saved_ms, body) VALUES (?,?,?,?)",
        (draft.key, draft.actor, draft.saved_ms, json.dumps(dict(draft.body), ensure_ascii=False)),
    )


def drop_draft(con: Connection, key: str) -> None:
    """The form was saved or thrown away."""
    con.execute("DELETE FROM draft WHERE key = ?", (key,))


def drafts(con: Connection, prefix: str = "") -> list[Draft]:
    """Drafts whose key begins with ``prefix``, newest first."""
    rows = con.execute(
        "SELECT key, actor, saved_ms, body FROM draft WHERE substr(key, 1, ?) = ? ORDER BY saved_ms DESC",
        (len(prefix), prefix),
    ).fetchall()
    return [Draft(k, a, ms, json.loads(b)) for k, a, ms, b in rows]


@dataclass(frozen=True, slots=True)
class Access:
    """One line of the access log: who saw or took out masked values, and why."""

    at_ms: int
    actor: str
    what: str
    subject_id: str
    field: str
    count: int
    reason: str


def log_access(con: Connection, entry: Access) -> None:
    """Write down a look, an export or an unmasked print, before it happens."""
    con.execute(
        "INSERT INTO access_log(at_ms, actor, what, subject_id, field, count, reason) VALUES (?,?,?,?,?,?,?)",
        (entry.at_ms, entry.actor, entry.what, entry.subject_id, entry.field, entry.count, entry.reason),
    )


def accesses(con: Connection, limit: int = 200) -> list[Access]:
    """The newest lines of the access log."""
    rows = con.execute(
        "SELECT at_ms, actor, what, subject_id, field, count, reason FROM access_log "
        "ORDER BY position DESC LIMIT ?",
        (limit,),
    ).fetchall()
    return [Access(*row) for row in rows]


def digest(content: bytes) -> str:
    """The name under which an attachment's bytes are kept."""
    return sha256(content).hexdigest()


def put_blob(con: Connection, content: bytes) -> str:
    """Keep the bytes of an attachment once; returns their digest."""
    name = digest(content)
    con.execute(
        "INSERT OR IGNORE INTO blob(digest, size, content) VALUES (?,?,?)", (name, len(content), content)
    )
    return name


def blob(con: Connection, digest: str) -> bytes | None:
    """The bytes of an attachment; None when they are not on this PC."""
    row = con.execute("SELECT content FROM blob WHERE digest = ?", (digest,)).fetchone()
    return row[0] if row else None


BYTES_OF = frozenset({"attachment", "assignment", "rule_pack"})
"""Record kinds whose ``digest`` names bytes that are kept in the file."""


def brings_bytes(op: Op) -> bool:
    """Whether an operation opens a record with bytes of its own, which go wherever it goes."""
    record = op.payload.get("record") if op.payload is not None else None
    return isinstance(record, str) and record in BYTES_OF and digest_of(op) is not None


def digest_of(op: Op) -> str | None:
    """The digest an attachment's operation names; None for other operations."""
    values = cast("dict[str, Any]", (op.payload or {}).get("set") or {})
    named = values.get("digest")
    return named if isinstance(named, str) else None


def blob_frame(con: Connection, op: Op) -> list[bytes]:
    """The journal frame of the bytes an attachment names (none when they are not here)."""
    named = digest_of(op)
    content = blob(con, named) if named else None
    return [] if content is None else [b"B" + content]
