"""指定经办人: who of this station is to look after somebody who came."""

from __future__ import annotations

from collections.abc import Sequence

from jobdesk.cases.errors import Refused
from jobdesk.services.handing_over import hand_over
from jobdesk.services.staffing import StaffMember
from jobdesk.store.station_file import Changes
from jobdesk.ui.casefile.ask import Ask
from jobdesk.ui.context import Context
from jobdesk.ui.kit import Choice, DropDown, Field
from jobdesk.ui.moves.cards import MoveCard, t
from jobdesk.ui.notices import sentence_of


class HandAsk(Ask):
    """A colleague is chosen, the one who asks first: he is the one who looks at the list. No reason: nobody
    gives the file away.
    """

    def __init__(self, ctx: Context, card: MoveCard, staff: Sequence[StaffMember]) -> None:
        self._ctx, self._card = ctx, card
        self._names = {s.id: s.name for s in staff if s.is_active}
        listed = sorted(self._names, key=lambda i: i != ctx.desk.actor)
        self.to = DropDown([Choice(i, self._names[i]) for i in listed], nothing=t("hand_choose"))
        self.to_field = Field(t("hand_to"), self.to, needed=True, label_width=64)
        self.to_field.setFocusProxy(self.to)
        more = "" if self._names else t("hand_nobody")
        super().__init__(t("hand_title", who=card.name), more, [self.to_field], t("hand_do"), self._answer)

    def _answer(self) -> None:
        chosen = self.to.value()
        if not chosen:
            self.to_field.set_problem(t("hand_nobody_chosen"))
            return
        said = t("handed", who=self._card.name, to=self._names[chosen])
        future = hand_over(self._ctx.desk, self._card.subject, chosen)
        self._ctx.save(future, self, said, self._done, self._failed)

    def _done(self, _changes: Changes) -> None:
        self.close_ask()

    def _failed(self, error: Exception) -> None:
        if isinstance(error, Refused):
            self.say(sentence_of(error))
        else:
            self._ctx.hub.trouble.emit(error)
