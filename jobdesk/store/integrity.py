"""What SQLite and SQLCipher can say about the health of an open file, as named results."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from jobdesk.cases.errors import Trouble
from jobdesk.store.cipher import Connection, translated

_SHOWN = 20
"""How many findings of one check are kept."""


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check.

    Attributes:
        name: ``pages``, ``structure`` or ``references``.
        detail: what was found, in SQLite's words (page numbers and table names, no values); empty when ok.
    """

    name: str
    ok: bool
    detail: str = ""


def check_pages(connection: Connection, path: Path) -> Finding:
    """Every page's authentication code (of the main file; the write-ahead log is checked as it is read)."""
    return _ask(connection, path, "pages", "PRAGMA cipher_integrity_check", "")


def check_structure(connection: Connection, path: Path) -> Finding:
    """B-trees, free list, NOT NULL and CHECK (quick_check: without comparing indexes to their tables)."""
    return _ask(connection, path, "structure", "PRAGMA quick_check", "ok")


def check_references(connection: Connection, path: Path) -> Finding:
    """Rows whose foreign key points nowhere."""
    return _ask(connection, path, "references", "PRAGMA foreign_key_check", "")


def check_file(connection: Connection, path: Path) -> list[Finding]:
    """All three, in this order."""
    return [check(connection, path) for check in (check_pages, check_structure, check_references)]


def _ask(connection: Connection, path: Path, name: str, question: str, fine: str) -> Finding:
    try:
        with translated(path):
            rows: list[tuple[object, ...]] = connection.execute(question).fetchmany(_SHOWN)
    except Trouble as trouble:
        return Finding(name, False, trouble.code)
    told = [" ".join(str(v) for v in row) for row in rows]
    bad = [line for line in told if line != fine]
    return Finding(name, not bad, "; ".join(bad))
