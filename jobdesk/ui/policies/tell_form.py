"""How somebody was told of policies: channel, day, words; for one person or for many."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from jobdesk.host import code_lists
from jobdesk.services.policy_telling import CHANNELS, Telling
from jobdesk.ui.kit import Choice, DateInput, Field, Segments, Text, TextInput, column
from jobdesk.ui.kit.layouts import frame
from jobdesk.ui.policies.words import t
from jobdesk.ui.serviceform.state import parse_day

LABEL = 72


class TellFields:
    """The fields; ``telling`` checks them and answers None with the problem beside its field."""

    def __init__(self, today: Callable[[], date], *, many: bool = False) -> None:
        table = code_lists.table("channel")
        self._today = today
        self.channel = Segments([Choice(c, table.name_of(c)) for c in CHANNELS], "station")
        self.on: DateInput[date] = DateInput(
            lambda typed: parse_day(typed, today(), ahead=False), date.isoformat, width=140
        )
        self.on.set_date(today())
        self.event = TextInput(placeholder=t("event_hint"))
        self.note = TextInput(placeholder=t("note_hint"))
        self._channel = Field(t("channel"), self.channel, needed=True, label_width=LABEL)
        self._on = Field(t("told_on"), self.on, needed=True, label_width=LABEL)
        self._event = Field(t("event"), self.event, label_width=LABEL, hint=t("event_more"))
        self._note = Field(t("note"), self.note, label_width=LABEL)
        fields = [self._channel, self._on, *([self._event] if many else []), self._note]
        self.message = Text("", "caption", "bad", wrap=True)
        self.message.hide()
        self.widget = frame(column(*fields, self.message, gap=8))

    def telling(self, codes: Mapping[str, Sequence[str]]) -> Telling | None:
        """What was typed, or None when something is missing."""
        self.on.read()
        told = self.on.date()
        channel = self.channel.value() or ""
        self._channel.set_problem(None if channel else t("channel_needed"))
        late = told is not None and told > self._today()
        if self.on.readable:
            self._on.set_problem(t("day_ahead") if late else None if told else t("day_needed"))
        mass = bool(self.event.value()) and channel in ("phone", "online")
        self._event.set_problem(t("mass") if mass else None)
        if not channel or told is None or late or mass:
            return None
        return Telling(codes, channel, told.isoformat(), self.note.value(), self.event.value())
