"""A third value that is being typed in a file: the same draft as on 两处填写不一致, found at both places."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from jobdesk.cases.ops import Json
from jobdesk.services.drafting import drafts_left
from jobdesk.store.local import Draft
from jobdesk.ui.casefile.keeping import DraftKeeper
from jobdesk.ui.casefile.question_draft import Place, Typed, body_of, key_of, typed_of
from jobdesk.ui.context import Context


class ThirdKept:
    """Of one question after another; a reason of 报上级核定 that was typed about it elsewhere stays in it.

    Args:
        typed: what stands in the box now; None for nothing.
        bring: called with what was left there, once for each question that something was left about.

    Attributes:
        said: what still stands in the box is nobody's draft any longer.
    """

    def __init__(
        self, ctx: Context, owner: QObject, typed: Callable[[], Json], bring: Callable[[Json], object]
    ) -> None:
        self._ctx, self._owner, self._typed, self._bring = ctx, owner, typed, bring
        self._place: Place | None = None
        self._rest: Typed = {}
        self._keeper: DraftKeeper | None = None
        self.said = False

    def begin(self, place: Place) -> None:
        """About this question from now on; what was typed about the one before is kept."""
        if self._keeper is None:
            self._keeper = DraftKeeper(self._ctx, self._owner, key_of(place), self._body)
        else:
            self._keeper.keep_now()
            self._keeper.begin(key_of(place))
        self._place, self._rest, self.said = place, {}, False
        self._ctx.ask(
            drafts_left(self._ctx.desk, key_of(place)), self._owner, lambda d: self._found(place, d)
        )

    def rest(self) -> None:
        """About no question any more; what was typed is kept."""
        if self._keeper is not None:
            self._keeper.keep_now()
            self._keeper.begin(self._keeper.key)
        self._place, self._rest, self.said = None, {}, False

    def soon(self) -> None:
        """Something was typed."""
        self.said = False
        if self._keeper is not None:
            self._keeper.soon()

    def keep(self) -> None:
        """At once: the line or the page is left."""
        if self._keeper is not None:
            self._keeper.keep_now()

    def drop(self) -> None:
        """Said."""
        if self._keeper is not None:
            self._rest, self.said = {}, True
            self._keeper.drop()

    def _found(self, place: Place, drafts: list[Draft]) -> None:
        draft = next((d for d in drafts if d.key == key_of(place)), None)
        if draft is None or place != self._place or self._keeper is None:
            return
        typed = typed_of(place, draft.body)
        third = typed.pop("third", None)
        self._rest = typed
        self._keeper.came_back(draft.body)
        if third is not None and self._typed() is None:
            self._bring(third)

    def _body(self) -> dict[str, Json] | None:
        if self._place is None or self.said:
            return None
        value = self._typed()
        third: Typed = {} if value is None or value == "" else {"third": value}
        return body_of(self._place, {**self._rest, **third})
