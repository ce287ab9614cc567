"""A question whose answer is kept as a draft while it is open: nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QWidget

from jobdesk.cases.clock import local_datetime
from jobdesk.cases.ops import Json
from jobdesk.host.strings import text
from jobdesk.services.drafting import drafts_left
from jobdesk.store.local import Draft
from jobdesk.ui.casefile.ask import Ask
from jobdesk.ui.casefile.keeping import DraftKeeper
from jobdesk.ui.context import Context
from jobdesk.ui.kit import Text


class KeptAsk(Ask):
    """Sent or given up, the draft is forgotten; left, it is there when this is asked again."""

    def __init__(
        self, title: str, sentence: str, fields: Sequence[QWidget], do: str, answer: Callable[[], object]
    ) -> None:
        self._keeper: DraftKeeper | None = None
        self._back = Text("", "caption", "ok")
        self._back.hide()
        super().__init__(title, sentence, [*fields, self._back], do, answer)

    def keep_under(self, ctx: Context, key: str, draft: Callable[[], Mapping[str, Json] | None]) -> None:
        """Keep what ``draft`` gives from now on, and bring back what was left there; nothing for no key."""
        if not key:
            return
        self._keeper = DraftKeeper(ctx, self, key, draft)
        ctx.ask(drafts_left(ctx.desk, key), self, lambda found: self._come_back(key, found))

    def bring_back(self, body: Mapping[str, Json]) -> bool:
        """Show a draft again; False where it cannot stand here, or something was typed since."""
        raise NotImplementedError

    def soon(self) -> None:
        """Something was typed or chosen."""
        if self._keeper is not None:
            self._keeper.soon()

    def keep(self) -> None:
        """At once: the place is left, or the program ends."""
        if self._keeper is not None:
            self._keeper.keep_now()

    def forget(self) -> None:
        """It was answered."""
        if self._keeper is not None:
            self._keeper.drop()
            self._keeper = None

    def put_away(self) -> None:
        """Out of sight for something else: it is as it was left when it is asked again."""
        self.keep()
        self._keeper = None
        super().close_ask()

    def close_ask(self) -> None:
        self.forget()
        super().close_ask()

    def hideEvent(self, event: QHideEvent, /) -> None:
        """Somebody goes elsewhere with the question open."""
        self.keep()
        super().hideEvent(event)

    def _come_back(self, key: str, found: Sequence[Draft]) -> None:
        draft = next((d for d in found if d.key == key), None)
        if draft is None or self._keeper is None or not self.bring_back(draft.body):
            return
        self._keeper.came_back(draft.body)
        self._back.setText(text("casefile.draft_kept", time=f"{local_datetime(draft.saved_ms):%H:%M}"))
        self._back.show()
