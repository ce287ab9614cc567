"""In place of a household that moved to another station: where it is, and what was typed about it here."""

from __future__ import annotations

from collections.abc import Callable

from jobdesk.host.strings import text
from jobdesk.services.household.naming import called
from jobdesk.services.household_list import HouseholdGone, load_gone
from jobdesk.ui.case_words import Words
from jobdesk.ui.casefile.gone_page import GonePage
from jobdesk.ui.casefile.revealing import Looks
from jobdesk.ui.casefile.unsaved import unsaved
from jobdesk.ui.casefile.unsaved_card import UnsavedCard
from jobdesk.ui.context import Context
from jobdesk.ui.kit import EmptyState


class HouseholdGonePage(GonePage):
    """As of a person's file that is elsewhere.

    Args:
        close: what the cross does.
    """

    def __init__(self, ctx: Context, close: Callable[[], object]) -> None:
        self._ctx, self._at, self._masked = ctx, "", False
        self._looks = Looks(ctx, ctx.hub)
        card = UnsavedCard(ctx, self._looks)
        super().__init__(EmptyState("home", ""), close, card)
        card.changed.connect(lambda: self._load(self._at, lambda _moved: None))

    def show_for(self, household_id: str, masked: bool, then: Callable[[bool], object]) -> None:
        """Say what became of it; ``then`` hears whether it moved away at all."""
        self._at, self._masked = household_id, masked
        self._looks.begin(household_id)
        self._load(household_id, then)

    def _load(self, household_id: str, then: Callable[[bool], object]) -> None:
        def loaded(found: HouseholdGone | None) -> None:
            if household_id != self._at:
                return
            if found is not None:
                self._fill(found)
            then(found is not None)

        self._ctx.ask(load_gone(self._ctx.desk, household_id), self, loaded)

    def _fill(self, found: HouseholdGone) -> None:
        stub = found.away.stub
        words = Words(self._ctx.desk.today, {s.id: s.name for s in found.staff})
        day = text("moves.left_on", day=words.day(stub.moved_on)) if stub.moved_on else ""
        more = text("households.gone_more")
        told = f"{day}{text('moves.join')}{more}" if day else more
        self.say(called(stub.name), text("moves.gone", station=found.away.station), told)
        self.unsaved.show_unsaved(unsaved(found.drafts, found.state, words), masked=self._masked)
