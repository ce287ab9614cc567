"""When a process looks for bytes of the erased, of whom there are more every year."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from province.contents import Store, drop_erased
from province.db.engine import Database

_ALL_MS = 86_400_000
_AGAIN_MS = 3_600_000
"""Own figure: an erasure is older than its commit, and a chunk that was under way comes behind it."""


@dataclass(slots=True)
class Sweeps:
    """Of one process: it looks at everybody who was ever erased when it starts, once a day, and when the
    folder is another one, as it is while it is not mounted. In between it looks at those of the last hour.
    """

    _all_ms: int | None = None
    _where: tuple[int, int] | None = None
    _last_ms: int = 0

    def sweep(self, db: Database, store: Store, now_ms: int) -> None:
        """See ``drop_erased``. One that fails is made up for by the next."""
        where = _place(store.folder)
        everybody = self._all_ms is None or abs(now_ms - self._all_ms) > _ALL_MS or where != self._where
        since = 0 if everybody else min(self._last_ms, now_ms) - _AGAIN_MS
        drop_erased(db, store, since_ms=since)
        self._last_ms, self._where = now_ms, where
        if everybody:
            self._all_ms = now_ms


def _place(folder: Path) -> tuple[int, int] | None:
    """What tells a folder from the empty one below it, where a disk is not mounted."""
    try:
        found = folder.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino
