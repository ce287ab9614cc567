"""What an erasure takes out of the journal: payloads that the log has no longer, bytes that nobody names."""

from __future__ import annotations

from jobdesk.cases.codec import decode, encode
from jobdesk.cases.erasing import without_payload
from jobdesk.store import local, unread
from jobdesk.store.log import Connection

OWES = "journal_erase"
"""Fact of the file: the journal still has to give up what the log gave up."""


def without_erased(con: Connection, frame: bytes) -> bytes | None:
    """A journal frame as it may stand: blank where the log is blank, gone where its bytes are gone."""
    if frame[:1] == b"B":
        digest = local.digest(frame[1:])
        return frame if con.execute("SELECT 1 FROM blob WHERE digest = ?", (digest,)).fetchone() else None
    if frame[:1] == unread.FRAME:
        return unread.frame_now(con, frame)
    op = decode(frame[1:])
    if op.payload is None:
        return frame
    row = con.execute("SELECT payload IS NULL FROM op WHERE op_id = ?", (op.op_id,)).fetchone()
    return b"O" + encode(without_payload(op)) if row is not None and row[0] else frame


def journal_owes(con: Connection) -> bool:
    """Whether the journal still holds what was erased."""
    return local.facts(con).get(OWES) == "1"


def journal_is_clean(con: Connection) -> None:
    """It gave everything up."""
    con.execute("DELETE FROM setting WHERE key = ?", (local.FACTS + OWES,))
