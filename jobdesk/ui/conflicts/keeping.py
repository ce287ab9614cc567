"""What is typed about a question is a draft of this computer: it is back after a kill, and what was typed
in a file meanwhile is here too.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from PySide6.QtCore import QObject

from jobdesk.services.conflict_board import DRAFT
from jobdesk.services.drafting import drafts_left
from jobdesk.store.local import Draft
from jobdesk.ui.casefile.keeping import DraftKeeper
from jobdesk.ui.casefile.question_draft import Place, Typed, body_of, key_of, place_of, typed_of
from jobdesk.ui.conflicts.unsent import Unsent
from jobdesk.ui.context import Context


class Keeping:
    """Keeps what stands in ``unsent``.

    Args:
        owner: the page; drafts are written as long as it stands.
    """

    def __init__(self, ctx: Context, owner: QObject, unsent: Unsent) -> None:
        self._ctx, self._owner, self._unsent = ctx, owner, unsent
        self._keepers: dict[Place, DraftKeeper] = {}

    def read(self, then: Callable[[Collection[Place]], object]) -> None:
        """What was left here the last time, and what a file has made of it since; then go on with what is
        another now. Behind what is being kept at this moment: the page that was left has just told it.
        """
        self.keep()
        before = self._unsent.all_typed()

        def found(drafts: list[Draft]) -> None:
            then(self._take(before, {place_of(one.key): one for one in drafts}))

        self._ctx.ask(drafts_left(self._ctx.desk, DRAFT), self._owner, found)

    def soon(self, place: Place) -> None:
        """Something was typed about it."""
        self._keeper(place).soon()

    def drop(self, place: Place) -> None:
        """Said, or given up."""
        if place in self._keepers:
            self._keepers.pop(place).drop()

    def let_go(self, place: Place, *, keep: bool) -> None:
        """It is not in sight any more. ``keep``: its draft stays, with the last words, also those that an
        input method had not told of yet; else nothing more is written.
        """
        keeper = self._keeper(place) if keep else self._keepers.get(place)
        self._keepers.pop(place, None)
        if keeper is not None and keep:
            keeper.keep_now()
        if keeper is not None:
            keeper.begin(keeper.key)

    def keep(self) -> None:
        """At once: the page is left, or the program ends."""
        for keeper in self._keepers.values():
            keeper.keep_now()

    def _keeper(self, place: Place) -> DraftKeeper:
        if place not in self._keepers:
            self._keepers[place] = DraftKeeper(
                self._ctx, self._owner, key_of(place), lambda: body_of(place, self._unsent.typed(place))
            )
        return self._keepers[place]

    def _take(self, before: Mapping[Place, Typed], drafts: Mapping[Place, Draft]) -> list[Place]:
        """A file may have written it, changed it or done away with it; what was typed here since stays."""
        changed: list[Place] = []
        now = self._unsent.all_typed()
        for place, draft in drafts.items():
            typed = typed_of(place, draft.body)
            if now.get(place) != before.get(place) or now.get(place) == typed:
                continue
            self._unsent.bring(place, typed)
            self._keeper(place).came_back(draft.body)
            changed.append(place)
        for place, keeper in list(self._keepers.items()):
            if place not in drafts and keeper.stands and now.get(place) == before.get(place):
                self._unsent.forget(place)
                self._keepers.pop(place).begin(keeper.key)
                changed.append(place)
        return changed
