"""How somebody was told of policies: channel, day, words; for one person or for many."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QWidget

from jobdesk.host import code_lists
from jobdesk.host.strings import text
from jobdesk.services.policy_telling import CHANNELS, Telling
from jobdesk.ui import shortcuts
from jobdesk.ui.kit import Button, Choice, DateInput, Field, Segments, Text, TextInput, column, row
from jobdesk.ui.kit.layouts import bring_into_sight, frame
from jobdesk.ui.policies.words import t
from jobdesk.ui.serviceform.state import parse_day
from jobdesk.ui.signals import BareSignal, bare_signal

LABEL = 72


class TellAsk(QFrame):
    """The fields with their two buttons, on the page itself; Esc gives up, Ctrl+Enter answers.

    Args:
        more: a sentence under the title, and what else is asked.
        answer: called with how they were told; the strip stays until ``close_ask``.

    Signals:
        closed: the strip goes away.
    """

    closed: BareSignal = bare_signal()

    def __init__(
        self, title: str, more: str, today: Callable[[], date], answer: Callable[[Told], object], *,
        many: bool = False, also: Sequence[QWidget] = (),
    ) -> None:  # fmt: skip
        super().__init__()
        self.setProperty("look", "accent_soft")
        self.fields = TellFields(today, many=many)
        self._answer = answer
        self._placed = False
        self.button = Button(t("ask_do"), "primary", on_click=self._try)
        self.setLayout(
            column(
                Text(title, bold=True, wrap=True), Text(more, "caption", "ink_2", wrap=True),
                self.fields.widget, *also,
                row(self.button, Button(text("casefile.cancel"), "bare", on_click=self.close_ask), None),
                gap=8, pad=(14, 10, 14, 10),
            )
        )  # fmt: skip
        shortcuts.bind(self, shortcuts.SAVE.keys, self.button.click, window=False)
        shortcuts.bind(self, "Esc", self.close_ask, window=False)
        QTimer.singleShot(0, self, self._appear)

    def say(self, sentence: str) -> None:
        """A problem under the fields; the button works again."""
        self.fields.message.set_text(sentence)
        self.fields.message.show()
        self.button.setEnabled(True)

    def close_ask(self) -> None:
        """Take the question away."""
        self.hide()
        self.closed.emit()
        self.deleteLater()

    def _appear(self) -> None:
        """Whole in sight; its place is known only once the page around it was laid out."""
        if not self._placed:
            self._placed = True
            QTimer.singleShot(0, self, self._appear)
            return
        bring_into_sight(self)
        self.fields.channel.setFocus(Qt.FocusReason.OtherFocusReason)

    def _try(self) -> None:
        told = self.fields.told()
        if told is not None:
            self.button.setEnabled(False)
            self._answer(told)


@dataclass(frozen=True, slots=True)
class Told:
    """How people were told (see ``Telling``)."""

    channel: str
    on: str
    note: str
    event: str

    def of(self, codes: Mapping[str, Sequence[str]]) -> Telling:
        """Whom and of what."""
        return Telling(codes, self.channel, self.on, self.note, self.event)


class TellFields:
    """The fields; ``told`` checks them and answers None with the problem beside its field."""

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
        self._event = Field(t("event"), self.event, label_width=LABEL)
        self._note = Field(t("note"), self.note, label_width=LABEL)
        fields = [self._channel, self._on, *([self._event] if many else []), self._note]
        self.message = Text("", "caption", "bad", wrap=True)
        self.message.hide()
        self.widget = frame(column(*fields, self.message, gap=8))

    def told(self) -> Told | None:
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
        return Told(channel, told.isoformat(), self.note.value(), self.event.value())
