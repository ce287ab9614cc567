"""What was imported before, newest first; and taking one back."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future
from typing import Any, cast

from jobdesk.services.desk import Desk
from jobdesk.services.importing.undo import UndoneImport, undo_import
from jobdesk.store import reads
from jobdesk.store.log import Connection
from jobdesk.ui.importing.start import PastImport
from jobdesk.ui.importing.work import Told

SHOWN = 20
"""Own figure: older ones are found under 设置 · 变更记录."""


def past_imports(desk: Desk) -> Future[list[PastImport]]:
    """The latest imports."""
    return desk.read(_read)


def _read(con: Connection) -> list[PastImport]:
    waiting = {import_id: count for import_id, _values, count in reads.held_imports(con)}
    listed = sorted(reads.records(con, "import"), key=lambda r: r.id, reverse=True)[:SHOWN]
    return [_past(r.id, r.values, waiting.get(r.id, 0)) for r in listed]


def _past(import_id: str, values: Mapping[str, Any], waiting: int) -> PastImport:
    counts = values.get("counts")
    numbers = cast("dict[str, Any]", counts if isinstance(counts, dict) else {})
    state = str(values.get("state") or "applied")
    return PastImport(
        import_id,
        str(values.get("file_name") or ""),
        str(values.get("imported_on") or ""),
        state,
        {str(k): int(v) for k, v in numbers.items() if isinstance(v, int)},
        waiting if state == "applied" else 0,
    )


def undo(desk: Desk, import_id: str, told: Told) -> UndoneImport:
    """整批撤销. Blocks; it is not cancelled half way."""

    def progress(done: int, whole: int) -> None:
        told.done, told.whole = done, whole

    return undo_import(desk, import_id, progress)
