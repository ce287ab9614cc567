"""What is typed about a question is a draft of this computer: it is back after a kill."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from jobdesk.services.conflict_board import DRAFT
from jobdesk.services.drafting import find_drafts
from jobdesk.store.local import Draft
from jobdesk.ui.casefile.keeping import DraftKeeper
from jobdesk.ui.casefile.question_draft import Place, body_of, key_of, place_of, typed_of
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
        self._read = False

    def read_first(self, then: Callable[[], object]) -> None:
        """What was left here the last time, once; then go on."""
        if self._read:
            then()
            return

        def found(drafts: list[Draft]) -> None:
            if not self._read:
                self._read = True
                for draft in drafts:
                    self._bring(draft)
            then()

        self._ctx.ask(find_drafts(self._ctx.desk, DRAFT), self._owner, found)

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
        self._read = False  # it may come back with who comes back

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

    def _bring(self, draft: Draft) -> None:
        place = place_of(draft.key)
        self._unsent.bring(place, typed_of(place, draft.body))
        self._keeper(place).came_back(draft.body)
