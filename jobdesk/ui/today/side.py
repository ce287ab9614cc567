"""The side of 今日: the person with the form, a postponement, or what else a line asks for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QStackedWidget, QWidget

from jobdesk.cases.due import DueLine
from jobdesk.host.strings import text
from jobdesk.services.board import Board
from jobdesk.ui import shortcuts
from jobdesk.ui.kit import (
    Button,
    DateInput,
    EmptyState,
    Field,
    Scroll,
    Text,
    TextInput,
    column,
    frame,
    row,
)
from jobdesk.ui.serviceform import ServiceForm
from jobdesk.ui.serviceform.state import QUICK, what_of
from jobdesk.ui.signals import BareSignal, TypedSignal, bare_signal, signal
from jobdesk.ui.today.handing import HandOverCard
from jobdesk.ui.today.kinds import answer_of, part_of
from jobdesk.ui.today.words import t


class PutOffCard(QFrame):
    """延期: until when and why; Ctrl+Enter saves, Esc goes back.

    Signals:
        put_off: the day and the reason, both given.
        cancelled: Esc or 取消.
    """

    put_off: TypedSignal[tuple[date, str]] = signal()
    cancelled: BareSignal = bare_signal()

    def __init__(self, ahead: Callable[[str], date | None], quick: Callable[[str], date]) -> None:
        super().__init__()
        self.setProperty("look", "clear")
        self.what = Text("", tone="ink_2", wrap=True)
        self.until: DateInput[date] = DateInput(ahead, date.isoformat, width=128)
        self.reason = TextInput(placeholder=t("put_off_reason_hint"))
        buttons = {n: Button(text(f"service.quick_{n}"), "link") for n in QUICK}
        holder = frame(row(self.until, *buttons.values(), None, gap=6))
        holder.setFocusProxy(self.until)
        self.until_field = Field(t("put_off_until"), holder, label_width=72, needed=True)
        self.reason_field = Field(t("put_off_reason"), self.reason, label_width=72, needed=True)
        self.until.unclear.connect(self.until_field.set_problem)
        for name, button in buttons.items():
            button.clicked.connect(lambda _c=False, n=name: self.until.set_date(quick(n)))
        save = Button(f"{t('put_off_save')}  {shortcuts.SAVE.keys}", "primary", on_click=self.save)
        cancel = Button(f"{text('service.cancel')}  Esc", "bare", on_click=self.cancelled.emit)
        shortcuts.bind(self, shortcuts.SAVE.keys, self.save, window=False)
        self.setLayout(
            column(
                Text(t("put_off_title"), "title"),
                self.what,
                self.until_field,
                self.reason_field,
                row(save, cancel, None),
                None,
                gap=12,
                pad=(18, 16, 18, 16),
            )
        )

    def begin(self, what: str) -> None:
        """Empty for a line."""
        self.what.set_text(what)
        self.until.set_date(None)
        self.reason.set_value("")
        self.until_field.set_problem(None)
        self.reason_field.set_problem(None)
        self.until.setFocus(Qt.FocusReason.OtherFocusReason)

    def save(self) -> None:
        """Check and tell."""
        self.until.read()
        until, reason = self.until.date(), self.reason.value()
        if self.until.readable:
            self.until_field.set_problem(None if until else t("put_off_needs_day"))
        self.reason_field.set_problem(None if reason else t("put_off_needs_reason"))
        if until is not None and reason:
            self.put_off.emit((until, reason))

    def refuse_day(self) -> None:
        """The day has passed."""
        self.until_field.set_problem(t("put_off_needs_day"))

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        else:
            super().keyPressEvent(event)


class OtherCard(QFrame):
    """A line that is not answered by a service: whom it is about, what it is and where to go.

    Args:
        head: who it is; seen only where the line is about a person.

    Signals:
        asked: the button was pressed.
    """

    asked: BareSignal = bare_signal()

    def __init__(self, head: QWidget) -> None:
        super().__init__()
        self.setProperty("look", "clear")
        self.title = Text("", "title")
        self.words = Text("", tone="ink_2", wrap=True)
        self.go = Button("", "primary", on_click=self.asked.emit)
        self.head = head
        what = column(self.title, self.words, row(self.go, None), gap=12, pad=(18, 16, 18, 16))
        self.setLayout(column(Scroll(column(head, what, None, gap=0))))

    def begin(self, title: str, sentence: str, go: str, *, of_person: bool = False) -> None:
        """Show another line; ``of_person``: the head above is filled by the owner."""
        self.head.setVisible(of_person)
        self.title.set_text(title)
        self.words.set_text(sentence)
        self.go.set_text(go)


class Side(QStackedWidget):
    """One of: nothing, the form, a postponement, a handing over, another card."""

    def __init__(
        self, form: ServiceForm, put_off: PutOffCard, hand_over: HandOverCard, head: QWidget
    ) -> None:
        super().__init__()
        self.nothing = EmptyState("today", t("side_empty"))
        self.form, self.put_off, self.hand_over, self.other = form, put_off, hand_over, OtherCard(head)
        for page in (self.nothing, form, put_off, hand_over, self.other):
            self.addWidget(page)

    def show_page(self, page: QWidget) -> None:
        """Bring one into sight."""
        self.setCurrentWidget(page)


def other_words(board: Board, line: DueLine) -> tuple[str, str]:
    """Title and button of a line that is not answered by a service."""
    answer = answer_of(board, line)
    if answer == "file" and part_of(line) == "plan":
        return t("plan_title"), t("plan_go")
    if answer in ("file", "household"):
        return what_of(line), t(f"{answer}_go")
    return t(f"{answer}_title"), t(f"{answer}_go")
