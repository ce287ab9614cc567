"""One exchange of a file at a time: two would push the same and read one another's cursors."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager, suppress

from jobdesk.cases.errors import Refused, Trouble
from jobdesk.store import sync_facts
from jobdesk.store.station_file import StationFile, Writing


@contextmanager
def one_exchange(file: StationFile) -> Generator[None]:
    """Told in the file with the word of this opening; one process has the file (``holder``), so that the word
    of another opening is what a killed one left.

    Raises:
        Refused: ``sync_running``.
    """

    def take(w: Writing) -> None:
        if sync_facts.get(w.con, "flight") == file.opening:
            raise Refused("sync_running")
        sync_facts.put(w.con, "flight", file.opening)

    file.write(take).result()
    try:
        yield
    finally:
        with suppress(Trouble):
            file.write(lambda w: sync_facts.put(w.con, "flight", "")).result()
