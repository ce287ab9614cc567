"""The period: a month back or on, or a popover with months, weeks, quarters and any days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QWidget

from jobdesk.cases.date_spelling import read_date
from jobdesk.cases.errors import BadInput
from jobdesk.host.strings import text
from jobdesk.ui.kit import (
    Button,
    DateInput,
    Field,
    IconButton,
    Popover,
    Text,
    TextInput,
    column,
    flow,
    row,
    rule,
)
from jobdesk.ui.month.state import Asked, beside, offers, stretches, t, this_month
from jobdesk.ui.palette import tokens
from jobdesk.ui.signals import TypedSignal, signal

ROOM = 120
"""Logical pixels for the words between the arrows."""


class PeriodBar(QFrame):
    """‹ 2026 年 11 月 ›. Alt+← and Alt+→ go by months.

    Signals:
        chosen: other days were asked for.
    """

    chosen: TypedSignal[Asked] = signal()

    def __init__(self, today: Callable[[], date]) -> None:
        super().__init__()
        self._today = today
        self.asked = this_month(today())
        self.setProperty("look", "search")
        self.setFixedHeight(tokens().shape.control + 4)
        self.back = IconButton(
            "chevron-left", t("month_before"), keys="Alt+Left", on_click=lambda: self._step(-1)
        )
        self.on = IconButton(
            "chevron-right", t("month_after"), keys="Alt+Right", on_click=lambda: self._step(1)
        )
        self.label = Button("", "bare", icon="calendar", on_click=self._open)
        self.label.setToolTip(t("choose_period"))
        self.setLayout(row(self.back, (self.label, 1), self.on, gap=2, pad=(3, 0, 3, 0)))
        self.show_asked(self.asked)

    def show_asked(self, asked: Asked) -> None:
        """Show which days are asked for, without a signal."""
        self.asked = asked
        title = asked.span(self._today()).title
        metrics = self.label.fontMetrics()
        self.label.set_text(metrics.elidedText(short_title(asked, title), Qt.TextElideMode.ElideRight, ROOM))
        self.label.setAccessibleName(title)
        self.label.setToolTip(title)
        self.on.setEnabled(beside(asked, 1, self._today()) is not None)

    def choose(self, asked: Asked) -> None:
        """As if a person had chosen it."""
        self.show_asked(asked)
        self.chosen.emit(asked)

    def _step(self, months: int) -> None:
        found = beside(self.asked, months, self._today())
        if found is not None:
            self.choose(found)

    def _open(self) -> None:
        page = _Choices(self._today(), self._picked)
        self.popover = Popover(self, column(page), 390)
        page.closing = self.popover.close
        self.popover.open_by(self)

    def _picked(self, asked: Asked) -> None:
        self.popover.close()
        self.choose(asked)


class _Choices(QWidget):
    def __init__(self, today: date, picked: Callable[[Asked], object]) -> None:
        super().__init__()
        self._today, self._picked = today, picked
        self.closing: Callable[[], object] = lambda: None
        months = [self._button(words, asked) for words, asked in offers(today)]
        others = [self._button(words, asked) for words, asked in stretches(today)]
        self.since: DateInput[date] = DateInput(_day, date.isoformat, width=160)
        self.until: DateInput[date] = DateInput(_day, date.isoformat, width=160)
        for box, words in ((self.since, t("first_day")), (self.until, t("last_day"))):
            box.setPlaceholderText(words)
            box.setAccessibleName(words)
        self.name = TextInput(placeholder=t("campaign_example"))
        self.field = Field(t("campaign"), self.name, where="above")
        self.problem = Text("", "caption", "bad", wrap=True)
        self.problem.hide()
        take = Button(t("take_days"), "primary", on_click=self._take)
        self.setLayout(
            column(
                Text(t("by_month"), "caption", "ink_2"), flow(*months),
                rule(), Text(t("other_days"), "caption", "ink_2"), flow(*others),
                rule(), Text(t("any_days"), "caption", "ink_2"),
                row(self.since, Text("—", "caption", "ink_2"), self.until, None),
                self.field, self.problem, row(None, take),
                gap=8, pad=(14, 12, 14, 12),
            )
        )  # fmt: skip

    def _button(self, words: str, asked: Asked) -> Button:
        return Button(words, "quiet", on_click=lambda: self._picked(asked))

    def _take(self) -> None:
        self.since.read()
        self.until.read()
        since, until = self.since.date(), self.until.date()
        if since is None or until is None:
            self._say(t("days_needed"))
            return
        asked = Asked("", since, until, self.name.value().strip())
        try:
            asked.span(self._today)
        except BadInput as wrong:
            self._say(text(f"error.{wrong.code}", **wrong.params))
            return
        self._picked(asked)

    def _say(self, words: str) -> None:
        self.problem.setText(words)
        self.problem.show()


def short_title(asked: Asked, title: str) -> str:
    """What fits between the arrows: the month, the campaign, or the days without their year."""
    if asked.since is None or asked.until is None:
        return title
    return asked.title or t("short_days", since=f"{asked.since:%m-%d}", until=f"{asked.until:%m-%d}")


def _day(typed: str) -> date | None:
    """A whole day in any of the usual spellings."""
    reading = read_date(typed)
    if reading.ranged or reading.problem or reading.start is None:
        return None
    return reading.start.exact
