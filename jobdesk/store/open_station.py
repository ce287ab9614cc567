"""An open station: the file with its places, key, lock and journal, until it is closed."""

from __future__ import annotations

from dataclasses import dataclass, field

from jobdesk.cases.errors import Trouble
from jobdesk.host.paths import StationPaths
from jobdesk.store.holder import Held
from jobdesk.store.journal import Journal
from jobdesk.store.station_file import StationFile


@dataclass(slots=True)
class OpenStation:
    """An open station: the file, its places, and what is to be told about the opening.

    Attributes:
        notes: trouble met on the way that did not keep the file from opening.
        renewed: operations that came back beyond the backup, when this start followed a restore.
        renewed_newer: how many of them newer backups had; the journal gave the rest.
    """

    file: StationFile
    paths: StationPaths
    key: bytes = field(repr=False)
    held: Held | None = None
    journal: Journal | None = None
    notes: list[Trouble] = field(default_factory=list[Trouble])
    renewed: int | None = None
    renewed_newer: int = 0

    @property
    def renewed_journal(self) -> int:
        """Operations that only the journal had."""
        return (self.renewed or 0) - self.renewed_newer

    def close(self) -> None:
        """Finish what was begun, close the file, give it free. Idempotent."""
        self.file.close()
        if self.journal is not None:
            self.journal.close()
        if self.held is not None:
            self.held.release()
