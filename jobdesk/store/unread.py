"""Operations that only a newer program can read, kept as their lines until this one is newer (M-1.4).

They go where operations go: into backups with the file, into the journal as frames of their own (``U``), and
become blank when their subject is erased. Only the header is looked at, as far as it is spelled as ours are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from jobdesk.cases.codec import canonical, parts
from jobdesk.store.log import Connection

FRAME = b"U"
"""What a journal frame of such a line begins with."""


def keep(con: Connection, lines: Iterable[tuple[str, bytes]], erased: Collection[str]) -> list[bytes]:
    """Write lines (operation, line) that are not here; returns the new ones as they are kept."""
    fresh: list[bytes] = []
    for op_id, line in lines:
        kept = blank_line(line) if erased and subject_of(line) in erased else line
        if con.execute("INSERT OR IGNORE INTO unread_op(op_id, line) VALUES (?,?)", (op_id, kept)).rowcount:
            fresh.append(kept)
    return fresh


def lines(con: Connection) -> list[tuple[str, bytes]]:
    """(operation, line) of everything that waits for a newer program."""
    return [(r[0], bytes(r[1])) for r in con.execute("SELECT op_id, line FROM unread_op ORDER BY rowid")]


def erase(con: Connection, subject_ids: Collection[str]) -> int:
    """Blank what is kept of erased subjects; how many lines there were with a payload."""
    gone = [(blank_line(x), i) for i, x in lines(con) if subject_of(x) in subject_ids and blank_line(x) != x]
    con.executemany("UPDATE unread_op SET line = ? WHERE op_id = ?", gone)
    return len(gone)


NAMES_BLOB = "EXISTS (SELECT 1 FROM unread_op u WHERE instr(u.line, blob.digest) > 0)"
"""SQL beside ``blob``: whether such a line names these bytes. No row of a record says so yet."""


def blobs_of(con: Connection, subject_ids: Collection[str]) -> set[str]:
    """Digests of bytes here that lines of these subjects name."""
    query = "SELECT digest FROM blob WHERE instr(?, digest) > 0"
    mine = [line for _, line in lines(con) if subject_of(line) in subject_ids]
    return {digest for line in mine for (digest,) in con.execute(query, (line,)).fetchall()}


def subject_of(line: bytes) -> str:
    """Empty where the header is not as ours are."""
    try:
        _, first, _, _ = parts(line)
        return str(first[11])
    except (ValueError, TypeError, IndexError, KeyError, RecursionError):
        return ""


def blank_line(line: bytes) -> bytes:
    """Its header without salt and payload: chains and digests hold."""
    head, _, _, _ = parts(line)
    return canonical([head, "", None])


# ---------------------------------------------------------------------- journal


def op_id_of(frame: bytes) -> str:
    """Which operation a frame of the journal holds."""
    return str(parts(frame[1:])[1][1])


def not_in_journal(waiting: Collection[tuple[str, bytes]], frames: Iterable[bytes]) -> list[bytes]:
    """Of these lines those that no frame has. They stay in the journal, whatever a backup holds, as long as
    they stay unread.
    """
    have = {op_id_of(f) for f in frames if f[:1] == FRAME} if waiting else set[str]()
    return [line for op_id, line in waiting if op_id not in have]


def frame_now(con: Connection, frame: bytes) -> bytes | None:
    """A frame as it may stand: blank where the line is; None once it was read."""
    row = con.execute("SELECT line FROM unread_op WHERE op_id = ?", (op_id_of(frame),)).fetchone()
    return None if row is None else FRAME + bytes(row[0])
