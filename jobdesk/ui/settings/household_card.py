"""By when a helped household has one job: no number is Jilin's own, so a station may choose (待确认)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from jobdesk.cases.household_clock import DEADLINE, QUARTER_END
from jobdesk.cases.ops import Json
from jobdesk.cases.rules.pack import PackSet
from jobdesk.host.strings import text
from jobdesk.services.settings import HOUSEHOLD_DEADLINE
from jobdesk.ui.kit import Card, Chip, Choice, DropDown, Field, Text, column, row
from jobdesk.ui.settings.state import t

BY_PACK = "pack"


class HouseholdCard(Card):
    """One choice, saved at once."""

    def __init__(self, save: Callable[[str, Json, str], None]) -> None:
        self.choice = DropDown([Choice(BY_PACK, t("deadline_by_pack"))], BY_PACK)
        self.said = Text("", "caption", "ink_2", wrap=True)
        body = column(
            Field(t("deadline"), self.choice, label_width=100),
            row(Chip(text("app.unconfirmed"), "warn"), (self.said, 1), gap=10),
            gap=8,
        )
        super().__init__(body, title=t("deadline_title"), note=t("deadline_note"))
        self.choice.chosen.connect(
            lambda wanted: save(HOUSEHOLD_DEADLINE, None if wanted == BY_PACK else wanted, t("rules_saved"))
        )

    def show_choice(self, packs: PackSet, today: date, chosen: str) -> None:
        """What the packs offer, and what is chosen; a choice that no pack knows any more is the pack's."""
        entry = packs.on(DEADLINE, today)
        listed = entry.data.get("choices") if entry is not None else None
        names = [str(n) for n in listed] if isinstance(listed, tuple) else []
        options = [Choice(BY_PACK, t("deadline_by_pack"))]
        for name in names:
            figure = packs.figure(f"{DEADLINE}.{name}", today)
            if name == QUARTER_END:
                options.append(Choice(name, t("deadline_quarter_end")))
            elif figure is not None:
                options.append(Choice(name, figure.sentence))
        known = {o.value for o in options}
        self.choice.set_options(options, chosen if chosen in known else BY_PACK)
        self.said.set_text(entry.sentence if entry is not None else "")
