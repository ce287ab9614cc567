"""Taking many people out of the search index at once.

``secure-delete`` rewrites the list of every word of a person at once: with 20,000 people in the index
that is milliseconds each. A whole import is taken out by tombstones instead, and the index is written
anew at the end, which leaves nothing of them either.
"""

from __future__ import annotations

from jobdesk.store.log import Connection


def loosen(con: Connection) -> None:
    """Deletions of this transaction leave tombstones; ``tighten`` belongs into the same transaction."""
    con.execute("INSERT INTO search(search, rank) VALUES('secure-delete', 0)")


def tighten(con: Connection) -> None:
    """Deletions take effect at once again."""
    con.execute("INSERT INTO search(search, rank) VALUES('secure-delete', 1)")


def tidy(con: Connection) -> None:
    """Write the index anew: what tombstones hid is gone."""
    con.execute("INSERT INTO search(search) VALUES('optimize')")
