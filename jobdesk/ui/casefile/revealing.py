"""Looks behind the mask: each is written into the access log before anything is shown."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from jobdesk.services.revealing import log_look
from jobdesk.ui.case_words import t
from jobdesk.ui.context import Context


class Looks(QObject):
    """What was revealed in the file shown now. Everything is hidden again when the person is left."""

    def __init__(self, ctx: Context, owner: QObject) -> None:
        super().__init__(owner)
        self._ctx = ctx
        self._case = ""
        self._seen: set[str] = set()

    def begin(self, case_id: str) -> None:
        """Another file, or the same one anew: nothing is revealed."""
        self._case = case_id
        self._seen.clear()

    def is_seen(self, name: str) -> bool:
        """Whether a field was revealed since ``begin``."""
        return name in self._seen

    def ask(self, name: str, shown: Callable[[], None]) -> None:
        """Log a look at a field, then call ``shown``, unless another file is shown by then."""
        case = self._case

        def logged(_done: None) -> None:
            if case == self._case:
                self._seen.add(name)
                shown()

        self._ctx.ask(
            log_look(self._ctx.desk, "reveal", subject_id=case, field=name, reason=t("reveal_occasion")),
            self,
            logged,
        )
