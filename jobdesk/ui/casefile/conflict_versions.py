"""The versions of a field that is in question, as they are read, with the buttons that choose one."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import QFrame, QWidget

from jobdesk.cases import schema
from jobdesk.cases.settling import versions
from jobdesk.cases.state import FieldState, Head
from jobdesk.host.strings import text
from jobdesk.ui.case_words import Words, alike_words, is_veiled, label, look_alike, t
from jobdesk.ui.kit import Button, Chip, Icon, KeyCap, Text, clear, column, flow, frame, row
from jobdesk.ui.signals import BareSignal, TypedSignal, bare_signal, signal

_MOST = 8


@dataclass(frozen=True, slots=True)
class Asked:
    """What is shown.

    Attributes:
        held: the field while it was in question.
        gone: what became of the question; empty while it is one. now: the field as it stands since.
        revealed: numbers in full; the look was logged.
    """

    kind: str
    field: str
    held: FieldState
    words: Words
    revealed: bool = False
    gone: str = ""
    now: FieldState | None = None

    @property
    def title(self) -> str:
        return t("conflict_title", field=label(self.kind, self.field))

    @property
    def keeps_blank(self) -> bool:
        """What is shown now is nothing, and stays nothing where nobody chooses."""
        return schema.is_critical(self.kind, self.field) and self.held.value is None

    @property
    def choices(self) -> tuple[Head, ...]:
        """What a person chooses from."""
        return versions(self.held)[:_MOST]

    @property
    def current(self) -> Head | None:
        """What stands in the field since it was settled."""
        return next(iter(self.now.heads), None) if self.gone and self.now else None

    @property
    def seen(self) -> tuple[Head, ...]:
        """What is read: the choices; once it is settled what stands since, then what else there was."""
        now = self.current
        return self.choices if now is None else (now, *(h for h in self.choices if h.value != now.value))

    def is_shown(self, head: Head) -> bool:
        """Whether the field shows this one."""
        return head is self.current if self.gone else self.was_shown(head)

    def was_shown(self, head: Head) -> bool:
        """Whether it did while it was in question."""
        return head.value == self.held.value and head in self.held.heads


class Versions(QFrame):
    """Drawn anew with whatever changed.

    Attributes:
        buttons: in the order of their keys.

    Signals:
        kept, wrote: what is shown stays; a third value is to be typed. took: this version is to be it.
        looked: somebody wants to see whole numbers. all: somebody wants the page of all questions.
    """

    kept: BareSignal = bare_signal()
    took: TypedSignal[Head] = signal()
    wrote: BareSignal = bare_signal()
    looked: BareSignal = bare_signal()
    all: BareSignal = bare_signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("look", "clear")
        self.buttons: list[Button] = []
        self.keys, self._press = frame(row()), Text()
        self._body = column(gap=8)
        self.setLayout(self._body)

    def show_asked(self, asked: Asked) -> None:
        """As it stands."""
        clear(self._body)
        name = label(asked.kind, asked.field)
        mark = [Chip(text("conflicts.gone_mark"), "warn")] if asked.gone else []
        self._body.addLayout(
            row(
                Icon("split", "warn"), (Text(asked.title, bold=True, wrap=True), 1), *mark,
                Button(t("conflict_all"), "link", on_click=self.all.emit),
            )
        )  # fmt: skip
        if not asked.gone:
            self._body.addWidget(Text(t(_why(asked)), "caption", "ink_2", wrap=True))
        veiled = not asked.revealed and any(is_veiled(asked.kind, asked.field, h.value) for h in asked.seen)
        values = (asked.held.value, *(h.value for h in asked.seen))
        alike = look_alike(
            asked.kind, asked.field, values, lambda v: asked.words.value(asked.kind, asked.field, v)
        )
        if veiled and not asked.gone and alike:
            self._body.addWidget(Text(alike_words(asked.kind, asked.field), "caption", "warn", wrap=True))
        for head in asked.seen:
            self._body.addWidget(_version(asked, head))
        if veiled:
            eye = Button(t("reveal_field", field=name), "link", icon="eye", on_click=self.looked.emit)
            self._body.addWidget(flow(eye))
        self._add_buttons(asked)
        if asked.gone:
            words = Text(asked.gone, "caption", "warn", wrap=True)
            self._body.addWidget(frame(row(Icon("flag", "warn"), (words, 1), pad=(10, 6, 10, 6)), "card"))

    def _add_buttons(self, asked: Asked) -> None:
        keep = Button(t("conflict_keep"), on_click=self.kept.emit)
        took = [
            Button(t("conflict_take", who=asked.words.who(h.actor)), on_click=lambda h=h: self.took.emit(h))
            for h in asked.choices if not asked.was_shown(h)
        ]  # fmt: skip
        if asked.keeps_blank:  # as on the page of all questions: a blank is not the first answer
            keep.set_text(t("conflict_keep_blank"))
        answers = [*took, keep] if asked.keeps_blank else [keep, *took]
        self.buttons = [*answers, Button(t("conflict_third"), on_click=self.wrote.emit)]
        for number, button in enumerate(self.buttons, 1):
            button.setToolTip(t("conflict_key", key=number))
            if asked.gone:
                button.refuse(asked.gone)
        self._body.addWidget(flow(*self.buttons, gap=8, line_gap=6))
        caps = [KeyCap(str(n)) for n in range(1, len(self.buttons) + 1)]
        self._press = Text("", "caption", "ink_2")
        self.keys = frame(
            row(self._press, *caps, Text(t("conflict_then"), "caption", "ink_2"), None, gap=4)
        )  # fmt: skip
        self._body.addWidget(self.keys)
        self.keys.setVisible(not asked.gone)
        self.say_keys(answer=False)

    def say_keys(self, *, answer: bool) -> None:
        """Which keys choose: now, or once the cursor is here. The line stands either way: nothing under the
        box moves as the cursor comes and goes.
        """
        self._press.set_text(t("conflict_press" if answer else "conflict_press_first"))


def _why(asked: Asked) -> str:
    if not schema.is_critical(asked.kind, asked.field):
        return "conflict_why_later"
    return "conflict_why_critical" if asked.held.value is not None else "conflict_why_blank"


def _version(asked: Asked, head: Head) -> QWidget:
    shown, words = asked.is_shown(head), asked.words
    said = t("nothing")
    if head.value is not None:
        said = words.value(asked.kind, asked.field, head.value, revealed=asked.revealed)
    who = t("conflict_by", who=words.who(head.actor), when=words.moment(head.stamp.ms))
    chip = Chip(t("conflict_shown"), "solid") if shown else Chip(t("conflict_other"), "plain")
    if head in asked.held.proposals:
        chip = Chip(t("conflict_move"), "warn")
    told = column(Text(said, "strong", bold=True, wrap=True), Text(who, "caption", "ink_2", wrap=True), gap=2)
    return frame(row((told, 1), chip, pad=(10, 6, 10, 6)), "card_on" if shown else "card")
