"""Every import the station has made: file, counts, rows left, what state it is in."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import cast

from jobdesk.services.desk import Desk
from jobdesk.store import reads
from jobdesk.store.log import Connection


@dataclass(frozen=True, slots=True)
class ImportLine:
    """One import.

    Attributes:
        day: ISO day.
        state: ``applying``, ``applied`` or ``undone``.
        counts: rows, new, changed, unchanged, held.
        waiting: held rows that still wait for somebody.
    """

    import_id: str
    day: str
    file_name: str
    state: str
    waiting: int
    counts: Mapping[str, int] = field(default_factory=dict[str, int])


def imports_of(desk: Desk) -> Future[list[ImportLine]]:
    """Newest first."""
    return desk.read(_imports)


def _imports(con: Connection) -> list[ImportLine]:
    waiting = {import_id: rows for import_id, _, rows in reads.held_imports(con)}
    found: list[ImportLine] = []
    for record in reads.records(con, "import"):
        raw = record.values.get("counts")
        counts = cast("dict[str, object]", raw) if isinstance(raw, dict) else {}
        numbers = {k: v for k, v in counts.items() if isinstance(v, int)}
        found.append(
            ImportLine(
                record.subject_id, record.text("imported_on"), record.text("file_name"),
                record.text("state"), waiting.get(record.subject_id, 0), numbers,
            )
        )  # fmt: skip
    return found[::-1]
