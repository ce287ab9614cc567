"""How every act with a household asks: a small form with its question, kept as a draft while it is open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future

from PySide6.QtWidgets import QWidget

from jobdesk.cases.ops import Json
from jobdesk.cases.state import RecordState
from jobdesk.host.strings import text
from jobdesk.services.household_list import HouseholdWhole
from jobdesk.store.station_file import Changes
from jobdesk.ui.context import Context
from jobdesk.ui.households.form import FormAsk, SmallForm

Send = Callable[[dict[str, Json]], Future[Changes]]


class Asking:
    """One place's way of asking.

    Attributes:
        draft: key under which the question that is being opened keeps what is typed.
    """

    def __init__(self, ctx: Context) -> None:
        self.ctx, self.draft = ctx, ""

    def form(
        self, whole: HouseholdWhole, record: RecordState, names: tuple[str, ...],
        needed: frozenset[str] = frozenset(), usual: Mapping[str, Json] | None = None,
        loaded: RecordState | None = None,
    ) -> SmallForm:  # fmt: skip
        """The fields of a record; ``loaded``: the record behind a blank form."""
        staff = [(s.id, s.name) for s in whole.staff if s.is_active]
        return SmallForm(
            self.ctx, record, names, staff, needed=needed, usual=usual, subject=whole.row.id, loaded=loaded
        )

    def ask(
        self, title: str, sentence: str, form: SmallForm, send: Send, said: str,
        above: tuple[QWidget, ...] = (),
    ) -> FormAsk:  # fmt: skip
        """The question with its form; ``above``: what stands over the fields."""
        do = text("casefile.save")
        return FormAsk(self.ctx, title, sentence, form, do, send, said, above=above, draft=self.draft)


def given(values: Mapping[str, Json]) -> dict[str, Json]:
    """What was filled in."""
    return {k: v for k, v in values.items() if v is not None}
