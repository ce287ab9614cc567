"""Contents that operations name: which the server has, which this file lacks."""

from __future__ import annotations

from jobdesk.store import local, sync_facts
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


def kept_here(con: Connection) -> list[str]:
    """Kinds of records whose bytes belong on this PC: above the stations a person's papers do not (M-9.4)."""
    above = sync_facts.stands_above(sync_facts.get(con, "role"))
    return sorted(local.BYTES_OF - {"attachment"} if above else local.BYTES_OF)


def wanted(con: Connection) -> list[str]:
    """Digests that standing records name, that belong here and are not here."""
    kinds = kept_here(con)
    marks = ",".join("?" * len(kinds))
    rows = con.execute(
        "SELECT DISTINCT json_extract(data, '$.digest') AS d FROM record_row "
        f"WHERE kind IN ({marks}) AND json_extract(data, '$.digest') <> '' "
        "AND json_extract(data, '$.digest') NOT IN (SELECT digest FROM blob) ORDER BY d",
        kinds,
    ).fetchall()
    return [str(r[0]) for r in rows]


def came(con: Connection, content: bytes) -> None:
    """It came from the server, which has it therefore."""
    mark_sent(con, local.put_blob(con, content))
