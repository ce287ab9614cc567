"""The folder a restore takes the journal from: looked at when it is named, nothing being closed yet."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from jobdesk.cases.errors import JobdeskError
from jobdesk.services.first_start import JournalSeen, look_at_journal
from jobdesk.ui.context import Context
from jobdesk.ui.kit import ElidedText
from jobdesk.ui.notices import words_of
from jobdesk.ui.settings.beside import Beside
from jobdesk.ui.settings.state import t


class JournalChoice:
    """The line with the folder, and what was found in it.

    Args:
        settled: called whenever ``wrong`` has changed.

    Attributes:
        chosen: the folder somebody named; None for the station's own.
        wrong: why nothing can be restored with it, or that it is being looked at; else empty.
    """

    def __init__(self, ctx: Context, settled: Callable[[], object]) -> None:
        self.line, self.told = ElidedText(""), Beside()
        self.chosen: Path | None = None
        self.wrong = ""
        self._ctx, self._settled = ctx, settled
        self._looks = 0

    def take(self, folder: Path | None) -> None:
        """Look there; the station's own may be missing, the restore then does without."""
        self._looks += 1
        look, own = self._looks, self._ctx.station.paths.journal
        self.chosen, place = folder, folder or own
        self.line.set_text(str(place))
        self.wrong = t("restore_journal_looking") if folder is not None else ""
        self.told.quiet()
        self._settled()
        station_id = self._ctx.station.file.station_id

        def seen(found: JournalSeen) -> None:
            if look == self._looks:
                self.wrong = ""
                if folder is not None and not found.has_ours:
                    self.told.say("trouble", t("restore_journal_empty"))
                self._settled()

        def failed(error: Exception) -> None:
            if look != self._looks:
                return
            if folder is None:
                if not isinstance(error, JobdeskError):
                    self.told.fail(error)  # ours: the folder may well be there
                self.told.say("trouble", t("restore_journal_away"))
                return
            self.wrong = words_of(error).sentence if isinstance(error, JobdeskError) else t("proof_bad")
            self._settled()
            self.told.fail(error)

        future = self._ctx.station.file.work.aside(lambda: look_at_journal(place, station_id))
        self._ctx.ask(future, self.told, seen, failed)
