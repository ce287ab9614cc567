"""The layout of the form of a service."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtWidgets import QFrame, QWidget

from jobdesk.host import code_lists
from jobdesk.host.strings import text
from jobdesk.ui.kit import (
    Button,
    Choice,
    DateInput,
    DropDown,
    Field,
    Icon,
    Scroll,
    Segments,
    Text,
    TextArea,
    TextInput,
    Tick,
    column,
    frame,
    row,
    rule,
)
from jobdesk.ui.serviceform.finder import Finder, Picked
from jobdesk.ui.serviceform.options import SegmentGrid, TypePick
from jobdesk.ui.serviceform.policy_picks import PolicyPicks
from jobdesk.ui.serviceform.state import QUICK
from jobdesk.ui.serviceform.statement import StatementBox
from jobdesk.ui.signals import TypedSignal, signal

LABEL = 72


def _field(name: str, editor: QWidget, **more: object) -> Field:
    return Field(text(f"service.label_{name}"), editor, label_width=LABEL, **more)  # type: ignore[arg-type]


def type_choices() -> list[Choice]:
    """Service types with the letters of their codes as search words."""
    return [
        Choice(e.code, e.name, search=" ".join((e.code, *e.aliases)))
        for e in code_lists.table("service_type").entries
    ]


def coded(table: str, codes: tuple[str, ...]) -> list[Choice]:
    """Choices of a code list in the given order."""
    return [Choice(code, code_lists.table(table).name_of(code)) for code in codes]


class ServiceView(QWidget):
    """All controls of the form; ``form.py`` decides what is in sight.

    Args:
        above: shown over the form in the same page (the brief of the person in 今日).
        spoken: reads a spelling of a day ahead, and of one behind.

    Signals:
        channel_chosen, outcome_chosen: whichever control offers them now.
    """

    channel_chosen: TypedSignal[str] = signal()
    outcome_chosen: TypedSignal[str] = signal()

    def __init__(
        self, above: QWidget | None, ahead: Callable[[str], date | None], behind: Callable[[str], date | None]
    ) -> None:
        super().__init__()
        self.title = Text(text("service.title"), "strong")
        self.heading = Text("", tone="ink_2", wrap=True)
        self.draft_mark = Icon("check", "ok", 14)
        self.draft = Text("", "caption", "ok")
        self.forget = Button(text("service.forget"), "link")
        self.draft_line = frame(row(self.draft_mark, self.draft, self.forget, gap=4))
        self.draft_line.hide()
        self.away = Text("", tone="warn", wrap=True)
        self.away.hide()

        self.kind = TypePick(type_choices(), nothing=text("service.choose_type"))
        self.kind_field = _field("type", self.kind, needed=True)
        self.channel = Segments(coded("channel", tuple(e.code for e in code_lists.table("channel").entries)))
        self.channel.chosen.connect(self.channel_chosen.emit)
        self.channel_holder = column(self.channel, gap=0)
        self.channel_field = Field(text("service.channel"), frame(self.channel_holder), label_width=LABEL)
        self.outcome: Segments = SegmentGrid(["-"])
        self.outcome_holder = column(self.outcome, gap=0)
        self.outcome_field = _field("outcome", frame(self.outcome_holder))
        self.outcome_text = TextInput(placeholder=text("service.outcome_hint"))
        self.outcome_text_field = _field("outcome_text", self.outcome_text)
        self.posts = Picked()
        self.post_finder = Finder(text("service.find_post"))
        self.new_post = Button(text("service.new_post"), "link", icon="plus")
        self.posts_field = _field(
            "vacancies", _several(self.posts, self.post_finder, row(self.new_post, None))
        )
        self.policies = PolicyPicks()
        self.policies_field = _field("policies", self.policies)
        self.content = TextArea(lines=3, most=8, placeholder=text("service.content_hint"))
        self.content_field = Field(text("service.content"), self.content, label_width=LABEL)
        self._next(ahead)
        self.finish = Tick("")
        self.notice = Tick(text("service.notice_given"))
        self.ticks = frame(column(self.finish, self.notice, gap=2, pad=(LABEL + 8, 0, 0, 0)))
        self._details(behind)
        self.declared = StatementBox(behind)
        self.declared.hide()
        self._foot()
        body = column(
            row(self.title, (self.heading, 1), self.draft_line, gap=6),
            self.away,
            self.kind_field,
            self.channel_field,
            self.outcome_field,
            self.outcome_text_field,
            self.posts_field,
            self.policies_field,
            self.content_field,
            self.next_field,
            self.ticks,
            self.day_field,
            self.late_field,
            row(self.more, self.statement, None, gap=12, pad=(LABEL + 4, 0, 0, 0)),
            self.declared,
            self.details,
            None,
            gap=10,
            pad=(18, 12, 18, 14),
        )
        self.body = frame(body)
        self.page = column(*([above] if above is not None else []), self.body, gap=0)
        self.scrolled = Scroll(self.page)
        self.setLayout(column((self.scrolled, 1), self.foot, gap=0))

    def _next(self, ahead: Callable[[str], date | None]) -> None:
        self.next_on: DateInput[date] = DateInput(ahead, date.isoformat, width=128)
        self.quick = {name: Button(text(f"service.quick_{name}"), "link") for name in QUICK}
        self.next_reason = TextInput(placeholder=text("service.next_reason"))
        body = column(row(self.next_on, *self.quick.values(), None, gap=6), self.next_reason, gap=6)
        holder = frame(body)
        holder.setFocusProxy(self.next_on)
        self.next_field = _field("next_contact", holder)
        self.next_on.unclear.connect(self.next_field.set_problem)

    def _details(self, behind: Callable[[str], date | None]) -> None:
        self.day: DateInput[date] = DateInput(behind, date.isoformat, width=128)
        self.day_field = _field("served_on", self.day, needed=True)
        self.late = TextInput(placeholder=text("service.late_hint"))
        self.late_field = _field("late_reason", self.late, needed=True)
        self.more = Button(text("service.more"), "link", icon="chevron-down")
        self.statement = Button(text("service.statement"), "link", icon="note")
        self.place = TextInput()
        self.staff = DropDown([])
        self.companions = TextInput(placeholder=text("service.companions_hint"))
        self.offered = TextInput()
        self.provider = DropDown(
            coded("provider", tuple(e.code for e in code_lists.table("provider").entries)), "own"
        )
        self.people = Picked()
        self.people_finder = Finder(text("service.find_people"))
        self.people_field = Field(
            text("service.people"),
            _several(self.people, self.people_finder),
            label_width=LABEL,
            hint=text("service.people_hint"),
        )
        self.place_field = _field("place", self.place)
        self.offered_field = _field("offered", self.offered)
        self.companions_field = _field("companions", self.companions)
        self.details = frame(
            column(
                rule(),
                _field("staff", self.staff),
                self.companions_field,
                self.place_field,
                self.offered_field,
                _field("provider", self.provider),
                self.people_field,
                gap=10,
            )
        )
        self.details.hide()

    def _foot(self) -> None:
        self.note = Text("", "caption", "ink_2", wrap=True)
        self.save = Button(text("service.save"), "primary")
        self.cancel = Button(text("service.cancel"), "bare")
        self.foot: QFrame = frame(
            column(self.note, row(self.save, self.cancel, None, gap=8), gap=6, pad=(18, 8, 18, 12)), "foot"
        )


def _several(picked: Picked, finder: Finder, *more: object) -> QFrame:
    holder = frame(column(picked, finder, *more, gap=4))  # type: ignore[arg-type]
    holder.setFocusProxy(finder)
    return holder
