"""Contents that operations name: which the server has, which this file lacks."""

from __future__ import annotations

from jobdesk.store import local
from jobdesk.store.log import Connection


def unsent(con: Connection) -> list[str]:
    """Digests of contents here that the server is not known to have whole."""
    rows = con.execute(
        "SELECT digest FROM blob WHERE digest NOT IN (SELECT digest FROM blob_mark) ORDER BY digest"
    ).fetchall()
    return [r[0] for r in rows]


def sent(con: Connection) -> list[str]:
    """Digests of contents that the server is known to have whole."""
    return [r[0] for r in con.execute("SELECT digest FROM blob_mark ORDER BY digest").fetchall()]


def mark_sent(con: Connection, digest: str) -> None:
    """The server has it whole."""
    con.execute("INSERT OR IGNORE INTO blob_mark(digest) VALUES (?)", (digest,))


def forget_sent(con: Connection) -> None:
    """The server lost something: all of them are asked about again."""
    con.execute("DELETE FROM blob_mark")


def wanted(con: Connection) -> list[str]:
    """Digests that standing records name and that are not here."""
    marks = ",".join("?" * len(local.BYTES_OF))
    rows = con.execute(
        "SELECT DISTINCT json_extract(data, '$.digest') AS d FROM record_row "
        f"WHERE kind IN ({marks}) AND json_extract(data, '$.digest') <> '' "
        "AND json_extract(data, '$.digest') NOT IN (SELECT digest FROM blob) ORDER BY d",
        sorted(local.BYTES_OF),
    ).fetchall()
    return [str(r[0]) for r in rows]


def came(con: Connection, content: bytes) -> None:
    """It came from the server, which has it therefore."""
    mark_sent(con, local.put_blob(con, content))
