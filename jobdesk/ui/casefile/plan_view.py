"""The layout of 一人一策."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QBoxLayout, QFrame, QStackedWidget, QWidget

from jobdesk.services.case_files import CaseFile
from jobdesk.ui.case_words import Words, label, t
from jobdesk.ui.casefile.page import mark_chip
from jobdesk.ui.casefile.plan_state import PlanState
from jobdesk.ui.casefile.record_state import origin_marks
from jobdesk.ui.kit import (
    Button,
    Choice,
    DropDown,
    EmptyState,
    Icon,
    Scroll,
    Text,
    clear,
    column,
    flow,
    frame,
    row,
)
from jobdesk.ui.kit.chips import BlankChip

_LABEL = 84


class PlanView(QWidget):
    """Everything of one version, top to bottom."""

    def __init__(self, table: QWidget) -> None:
        super().__init__()
        self.agreed = Text("", "caption", "ink_2")
        self.missing = Text("", "caption", "warn", bold=True)
        self.origin = frame(row(gap=4))
        self.printing = Button(t("print.plan"), "link", icon="printer")
        self.versions = DropDown([])
        self.versions.set_name(t("plan_versions"))
        self.agree = Button(t("plan_renew"), "link", icon="plus")
        self.correct = Button(t("correct"), "link")
        self.withdraw = Button(t("withdraw"), "link")
        self.keep_promise = Button(t("promise_kept"), "link", icon="check")
        self.add_measure = Button(t("measure_add"), "link", icon="plus")
        self.add_review = Button(t("review_add"), "link", icon="plus")
        self.first = Button(t("plan_first"), "primary", icon="plus")
        self.old = frame(
            row(Icon("history", "warn"), (Text(t("plan_old"), "caption", wrap=True), 1), pad=(10, 6, 10, 6)),
            "warn_soft",
        )
        self.conflicts = column(gap=6)
        self.facts = column(gap=8)
        self.promise = column(gap=6)
        self.statement = column(gap=6)
        self.measures_count = Text("", "caption", "ink_2")
        self.reviews = column(gap=6)
        self._places = {kind: column(gap=8) for kind in ("plan", "measure", "review")}
        self._table = table
        self._body = self._build(table)
        self._none = QWidget()
        self._none_note = Text("", "caption", "warn", wrap=True)
        empty = EmptyState("plan", t("plan_none"), more=t("plan_none_more"), action=self.first)
        self._none.setLayout(column(self._none_note, empty, gap=0))
        self._stack = QStackedWidget()
        self._stack.addWidget(self._body)
        self._stack.addWidget(self._none)
        self._new_place = self._places["plan"]
        self.scroll_area = Scroll(column(self._new_place, self._stack, None, gap=10, pad=(16, 12, 16, 16)))
        self.setLayout(column(self.scroll_area))

    def _build(self, table: QWidget) -> QWidget:
        body = QWidget()
        acts = flow(self.agree, self.correct, self.withdraw, gap=10)
        promise = _card(t("promise_title"), t("promise_note"), self.promise, self.keep_promise)
        statement = _card(t("statement_title"), t("statement_note"), self.statement, None)
        body.setLayout(
            column(
                row(self.agreed, self.missing, None, self.printing, gap=8),
                row((self.versions, 1)),
                self.origin,
                self.old,
                self.conflicts,
                self.facts,
                promise,
                statement,
                acts,
                row(Text(t("measures"), bold=True), self.measures_count, None, self.add_measure, gap=8),
                self._places["measure"],
                table,
                row(Text(t("reviews"), bold=True), None, self.add_review, gap=8),
                self._places["review"],
                self.reviews,
                gap=10,
            )
        )
        return body

    def place_for(self, kind: str) -> QBoxLayout:
        """Where the form of that kind opens."""
        if kind == "plan" or self._stack.currentWidget() is self._none:
            return self._places["plan"]
        return self._places[kind]

    def rest(self) -> None:
        """Another person."""
        for place in self._places.values():
            clear(place)
        self.scroll_area.verticalScrollBar().setValue(0)

    def bring_into_sight(self, widget: QWidget) -> None:
        """Scroll to a form once it has its place."""
        QTimer.singleShot(0, widget, lambda: self.scroll_area.ensureWidgetVisible(widget, 0, 40))

    def show_measures(self) -> None:
        """Scroll to the table."""
        QTimer.singleShot(0, self, lambda: self.scroll_area.ensureWidgetVisible(self._table, 0, 20))

    def show_none(self, asked: bool) -> None:
        """No plan yet."""
        self._none_note.setText(t("plan_asked") if asked else "")
        self._none_note.setVisible(asked)
        self._stack.setCurrentWidget(self._none)

    def show_plan(self, plan: PlanState, words: Words, file: CaseFile, choices: list[Choice]) -> None:
        """One version."""
        record = plan.held.record
        self._stack.setCurrentWidget(self._body)
        self.agreed.set_text(plan.agreed)
        self.missing.set_text(t("plan_missing", count=plan.missing) if plan.missing else "")
        self.versions.set_options(choices, record.id)
        self.versions.setVisible(len(choices) > 1)
        self.agreed.setVisible(len(choices) < 2)
        origin = self.origin.layout()
        assert origin is not None
        clear(origin)
        for mark in origin_marks(plan.held, file):
            origin.addWidget(mark_chip(mark.words, mark.look))
        self.origin.setVisible(origin.count() > 0)
        self.old.setVisible(not plan.is_current)
        for button in (self.agree, self.add_measure, self.add_review, self.keep_promise):
            button.setVisible(plan.is_current)
        self.keep_promise.setVisible(
            plan.is_current and bool(record.get("promise")) and not record.get("promise_done_on")
        )

        def said(name: str) -> str:
            return words.value("plan", name, record.get(name))

        clear(self.facts)
        self.facts.addWidget(fact(label("plan", "analysis"), said("analysis")))
        self.facts.addWidget(_barriers(plan, said("barrier_text")))
        self.facts.addWidget(
            fact(
                label("plan", "wish"),
                said("wish") or words.value("case", "wish_post", file.state.root.get("wish_post")),
            )
        )
        self.facts.addWidget(fact(label("plan", "goal"), said("goal")))
        self.facts.addWidget(fact(label("plan", "goal_due"), said("goal_due"), plan.goal_late))
        self.facts.addWidget(
            fact(label("case", "wish_pay"), words.value("case", "wish_pay", file.state.root.get("wish_pay")))
        )
        self.facts.addWidget(fact(label("plan", "review_on"), said("review_on")))
        clear(self.promise)
        self.promise.addWidget(fact(t("promise_post"), said("promise")))
        self.promise.addWidget(fact(label("plan", "promise_due"), said("promise_due"), plan.promise_late))
        self.promise.addWidget(fact(label("plan", "promise_owner"), said("promise_owner")))
        self.promise.addWidget(
            fact(label("plan", "promise_done_on"), said("promise_done_on"), blank=t("not_kept"))
        )
        clear(self.statement)
        self.statement.addWidget(fact(t("statement_text"), said("statement")))
        self.statement.addWidget(fact(label("plan", "statement_on"), said("statement_on")))
        self.measures_count.set_text(
            t("measures_count", count=len(plan.measures), done=plan.done) if plan.measures else ""
        )
        self._show_reviews(plan, words)

    def _show_reviews(self, plan: PlanState, words: Words) -> None:
        clear(self.reviews)
        for held in plan.reviews:
            record = held.record
            day = words.value("review", "reviewed_on", record.get("reviewed_on"))
            who = words.value("review", "staff", record.get("staff"))
            following = words.value("review", "next_on", record.get("next_on"))
            head = row(Text(day or t("undated"), bold=True), Text(who, "caption", "ink_2"), None, gap=8)
            if following:
                head.addWidget(Text(t("review_next", day=following), "caption", "ink_2"))
            body = (
                Text(record.text("text"), wrap=True, selectable=True)
                if record.get("text")
                else BlankChip(t("blank"))
            )
            self.reviews.addWidget(frame(column(head, body, gap=4, pad=(14, 10, 14, 10)), "card"))
        if not plan.reviews:
            self.reviews.addWidget(Text(t("none_review"), "caption", "ink_2", wrap=True))


def _card(title: str, remark: str, content: QBoxLayout, act: QWidget | None) -> QFrame:
    head = row(Text(title, bold=True), Text(remark, "caption", "ink_2"), None, gap=8)
    if act is not None:
        head.addWidget(act)
    return frame(column(head, content, gap=8, pad=(14, 10, 14, 12)), "card")


def fact(name: str, value: str, problem: str = "", blank: str = "") -> QWidget:
    """A label with its value; a dashed blank where there is none; the problem beside it."""
    left = _label(name)
    shown: QWidget = Text(value, wrap=True, selectable=True) if value else BlankChip(blank or t("blank"))
    line = row(left, (shown, 1) if value and not problem else shown, gap=8)
    line.setAlignment(left, Qt.AlignmentFlag.AlignTop)
    if problem:
        line.addWidget(Icon("alert", "bad"))
        line.addWidget(Text(problem, "caption", "bad", wrap=True), 1)
    elif not value:
        line.addStretch(1)
    return frame(line)


def _label(name: str) -> Text:
    """At the first line of what stands beside it."""
    made = Text(name, tone="ink_2", wrap=True)
    made.setFixedWidth(_LABEL)
    return made


def _barriers(plan: PlanState, free: str) -> QWidget:
    if not plan.barriers:
        return fact(label("plan", "barriers"), free)
    left = _label(label("plan", "barriers"))
    chips = flow(*(mark_chip(b, "outline") for b in plan.barriers), gap=6)
    parts = [chips, *([Text(free, wrap=True, selectable=True)] if free else [])]
    line = row(left, (column(*parts, gap=4), 1), gap=8)
    line.setAlignment(left, Qt.AlignmentFlag.AlignTop)
    return frame(line)
