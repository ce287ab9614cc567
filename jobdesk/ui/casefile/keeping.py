"""Nothing typed is lost: a draft soon after each change, on every change of focus, and on leaving."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, QTimer

from jobdesk.cases.ops import Json
from jobdesk.services.drafting import drop_draft, keep_draft
from jobdesk.ui.context import Context

log = logging.getLogger(__name__)
PAUSE_MS = 2000
"""Own figure: a draft is written at most this long after a change."""


class DraftKeeper(QObject):
    """Keeps one form's draft.

    Args:
        body: the draft as the form stands; None when there is nothing to keep.

    Attributes:
        stands: this draft was written, or found written.
    """

    def __init__(
        self, ctx: Context, owner: QObject, key: str, body: Callable[[], Mapping[str, Json] | None]
    ) -> None:
        super().__init__(owner)
        self._ctx, self._key, self._body = ctx, key, body
        self._kept: Mapping[str, Json] | None = None
        self.stands = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self.keep_now)

    @property
    def key(self) -> str:
        return self._key

    def begin(self, key: str) -> None:
        """Another form's draft from now on; nothing is written or dropped."""
        self._timer.stop()
        self._key, self._kept, self.stands = key, None, False

    def came_back(self, body: Mapping[str, Json]) -> None:
        """This draft stands in the file already."""
        self._kept, self.stands = body, True

    def soon(self) -> None:
        """Something was typed."""
        if not self._timer.isActive():
            self._timer.start()

    def keep_now(self) -> None:
        """Write the draft if it is not written yet; take it away when nothing is left of it."""
        self._timer.stop()
        body = self._body()
        if body is None:
            if self._kept is not None:
                self.drop()
        elif body != self._kept:
            self._kept = body
            try:
                future = keep_draft(self._ctx.desk, self._key, body)
            except RuntimeError:  # the station was closed before its window: the last draft was kept then
                log.info("a draft came after the station was closed")
                return
            self._ctx.ask(future, self, lambda _done, key=self._key: self._written(key))

    def drop(self) -> None:
        """The form was saved or thrown away."""
        self._timer.stop()
        self._kept, self.stands = None, False
        self._ctx.ask(drop_draft(self._ctx.desk, self._key), self, lambda _done: None)

    def _written(self, key: str) -> None:
        self.stands = self.stands or (key == self._key and self._kept is not None)
