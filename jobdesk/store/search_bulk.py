"""Bringing many people into the search index, and taking many out of it, at once.

While an import runs, words are gathered in large pieces that are merged once at the end.

``secure-delete`` rewrites the list of every word of a person at once: with 20,000 people in the index
that is milliseconds each. A whole import is taken out by tombstones instead, and the index is written
anew at the end, which leaves nothing of them either.
"""

from __future__ import annotations

from jobdesk.store.log import Connection

_USUAL_PIECE = 1 << 20
"""Bytes of new words kept in memory before they are written: what FTS5 does of itself."""
_LARGE_PIECE = 16 << 20
_MERGED_AT_THE_END = 2000
"""Own figure: pages of the index written by the merge at the end of an import, some 8 MB."""


def loosen(con: Connection) -> None:
    """Deletions of this transaction leave tombstones; ``tighten`` belongs into the same transaction."""
    con.execute("INSERT INTO search(search, rank) VALUES('secure-delete', 0)")


def tighten(con: Connection) -> None:
    """Deletions take effect at once again."""
    con.execute("INSERT INTO search(search, rank) VALUES('secure-delete', 1)")


def begin_filling(con: Connection) -> None:
    """Pieces of the index are not merged while they come in; stays so until ``end_filling``."""
    con.execute("INSERT INTO search(search, rank) VALUES('automerge', 0)")
    con.execute("INSERT INTO search(search, rank) VALUES('hashsize', ?)", (_LARGE_PIECE,))


def end_filling(con: Connection) -> None:
    """Merge what came in, and merge as usual from now on."""
    con.execute("INSERT INTO search(search, rank) VALUES('automerge', 4)")
    con.execute("INSERT INTO search(search, rank) VALUES('hashsize', ?)", (_USUAL_PIECE,))
    con.execute("INSERT INTO search(search, rank) VALUES('merge', ?)", (_MERGED_AT_THE_END,))


def tidy(con: Connection) -> None:
    """Write the index anew: what tombstones hid is gone."""
    con.execute("INSERT INTO search(search) VALUES('optimize')")
