"""The panel at the right: what is wrong with the current row, and what the clerk says about it.

The same panel serves the preview and the held rows of an import. Nothing is pre-selected.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QFrame

from jobdesk.host.strings import text
from jobdesk.services.importing.problems import Problem
from jobdesk.services.importing.verdicts import Candidate, Decision, Proposal, Proposals
from jobdesk.ui.importing.panel_pieces import ChoiceCard, Radio, settled_card, source_words, value_card
from jobdesk.ui.importing.state import problem_words, sex_name
from jobdesk.ui.kit import (
    Button,
    ElidedText,
    Field,
    Icon,
    IconButton,
    Scroll,
    Text,
    TextInput,
    clear,
    column,
    frame,
    row,
    rule,
)
from jobdesk.ui.signals import BareSignal, TypedSignal, bare_signal, signal


@dataclass(frozen=True, slots=True)
class Matter:
    """What the panel shows.

    Attributes:
        heading: 第10行 F列 · 身份证号.
        value: the cell, masked; ``lost`` characters at its end are not to be trusted.
        problems: of this cell; ``others`` of the rest of the row, each with its column.
        fate: what happens with a cell that has no problem.
        open: the row is held and can be settled here.
        decided: what was said already; empty while nothing was.
        since: the value was changed here since and could be put back; ``since_row`` cells of the row could.
        taken: the clerk has said to put this value back.
        proposals: None while they are looked up or where they are not asked for (``damaged`` tells).
        sexes: codes by the number and by the sheet, where these disagree.
    """

    heading: str
    value: str = ""
    lost: int = 0
    problems: tuple[Problem, ...] = ()
    others: tuple[tuple[str, Problem], ...] = ()
    fate: str = ""
    open: bool = False
    decided: str = ""
    damaged: bool = False
    wants_number: bool = False
    proposals: Proposals | None = None
    candidates: tuple[Candidate, ...] = ()
    sexes: tuple[str, ...] = ()
    can_blank: bool = True
    key: str = ""
    since: bool = False
    since_row: int = 0
    taken: bool = False


@dataclass(frozen=True, slots=True)
class _Kept:
    """What was chosen and typed, while the same matter is drawn anew."""

    person: str
    number: int
    sex: int
    typed: str
    problem: str


class ProblemPanel(QFrame):
    """One matter at a time.

    Signals:
        decided: what the clerk says; None takes back what was said.
        look: number of the proposal whose whole number is asked for.
        take: ``cell`` or ``row``: put back what was changed here since; ``back``: leave it after all.
        step: -1 for the previous problem, 1 for the next.
    """

    decided: TypedSignal[Decision | None] = signal()
    look: TypedSignal[int] = signal()
    take: TypedSignal[str] = signal()
    step: TypedSignal[int] = signal()
    left: BareSignal = bare_signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("look", "card")
        self.heading = ElidedText("", "strong")
        self.place = Text("", "caption", "ink_2")
        self.up = IconButton(
            "chevron-up", text("import_ui.panel_previous"), on_click=lambda: self.step.emit(-1)
        )
        self.down = IconButton(
            "chevron-down", text("import_ui.panel_next"), on_click=lambda: self.step.emit(1)
        )
        for button in (self.up, self.down):
            button.setFixedSize(26, 26)
        self._body = column(gap=6)
        self.area = Scroll(frame(column(self._body, None)))
        self.adopt = Button(text("import_ui.adopt"), "primary", on_click=self._adopt)
        self.blank = Button(text("import_ui.keep_blank"), on_click=lambda: self._say(blank=True))
        self.later = Button(text("import_ui.later"), on_click=lambda: self._say(later=True))
        self.blank.setToolTip(text("import_ui.keep_blank_tip"))
        self.later.setToolTip(text("import_ui.later_tip"))
        self.drop = Button(text("import_ui.drop"), "link", on_click=lambda: self._say(drop=True))
        self.take_back = Button(
            text("import_ui.take_back_long"), icon="undo", on_click=lambda: self.decided.emit(None)
        )
        buttons = row((self.adopt, 1), (self.blank, 1), (self.later, 1), gap=6)
        self.foot = frame(column(rule(), buttons, row(self.take_back, None, self.drop), gap=6))
        head = row((self.heading, 1), self.place, self.up, self.down, gap=4)
        self.setLayout(column(head, (self.area, 1), self.foot, gap=6, pad=(14, 8, 12, 8)))
        self.matter = Matter("")
        self.numbers = QButtonGroup(self)
        self.people = QButtonGroup(self)
        self.sexes = QButtonGroup(self)
        self.typed: TextInput | None = None
        self._field: Field | None = None
        self._shown: dict[int, Text] = {}
        self.show_nothing()

    # ---- what the screen does

    def show_nothing(self) -> None:
        """No row is chosen."""
        self.show_matter(Matter("", fate=text("import_ui.panel_choose")), 0, 0)

    def show_matter(self, matter: Matter, at: int, count: int) -> None:
        """Show a matter; ``at`` of ``count`` rows that are to be checked (0 for none of them)."""
        same = bool(matter.key) and matter.key == self.matter.key and matter.open == self.matter.open
        kept = self._kept() if same else None
        self.matter = matter
        self.heading.set_text(matter.heading)
        self.place.setText(text("import_ui.panel_place", at=at, count=count) if at else "")
        for button in (self.up, self.down):
            button.setVisible(count > 0)
        self._fill()
        if kept is not None:
            self._restore(kept)
        self._offer()

    def show_number(self, proposal: int, number: str) -> None:
        """The whole number of a proposal, once it was asked for and the look is logged."""
        label = self._shown.get(proposal)
        if label is not None:
            label.setText(f"{number[:6]} {number[6:14]} {number[14:]}")

    def say_wrong_number(self) -> None:
        """What was typed is no number of a person."""
        if self._field is not None:
            self._field.set_problem(text("import_ui.typed_wrong"))

    def take_focus(self) -> None:
        """The first thing that can be chosen."""
        for group in (self.people, self.numbers, self.sexes):
            buttons = group.buttons()
            if buttons:
                buttons[0].setFocus(Qt.FocusReason.ShortcutFocusReason)
                return
        (self.typed or self.blank).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def decision(self) -> Decision | None:
        """What 采用 would say now; None while nothing is chosen."""
        person, number = "", ""
        chosen = _checked(self.people)
        if chosen is not None:
            person = str(chosen.property("person"))
        picked = self.numbers.checkedId()
        typed = self.typed.value().strip().upper() if self.typed is not None else ""
        if typed:
            number = typed
        elif picked >= 0 and self.matter.proposals is not None:
            number = self.matter.proposals.listed[picked].number
        at = self.sexes.checkedId()
        sex = self.matter.sexes[at] if 0 <= at < len(self.matter.sexes) else ""
        return Decision(number=number, person=person, sex=sex) if person or number or sex else None

    # ---- filling

    def _fill(self) -> None:
        clear(self._body)
        for group in (self.numbers, self.people, self.sexes):
            for button in group.buttons():
                group.removeButton(button)
        self.typed, self._field, self._shown = None, None, {}
        matter = self.matter
        if matter.value or matter.problems:
            self._body.addWidget(value_card(matter.value, matter.lost, matter.problems))
        if matter.decided:
            self._body.addWidget(settled_card(matter.decided))
        if matter.fate:
            self._body.addWidget(Text(matter.fate, "body", "ink_2", wrap=True))
        self._offer_to_take(matter)
        if matter.open and not matter.decided:
            self._questions(matter)
        if matter.others:
            self._body.addWidget(rule())
            self._body.addWidget(Text(text("import_ui.panel_other"), "caption", "ink_2"))
            for letter, problem in matter.others:
                line = f"{letter}　{problem_words(problem)}" if letter else problem_words(problem)
                self._body.addWidget(Text(line, "caption", "warn" if problem.holds else "ink_2", wrap=True))

    def _offer_to_take(self, matter: Matter) -> None:
        """此后已改 stays as it is unless somebody wants the value of the sheet."""
        if matter.since:
            words = text("import_ui.take_cell")
            self._body.addWidget(Button(words, icon="undo", on_click=partial(self.take.emit, "cell")))
        if matter.since and matter.since_row > 1:
            words = text("import_ui.take_row", count=matter.since_row)
            self._body.addWidget(Button(words, "link", on_click=partial(self.take.emit, "row")))
        if matter.taken:
            words = text("import_ui.take_back_cell")
            self._body.addWidget(Button(words, "link", on_click=partial(self.take.emit, "back")))

    def _questions(self, matter: Matter) -> None:
        if any(problem.code == "id_damaged" for problem in matter.problems):
            self._body.addWidget(Text(text("import_ui.panel_damaged"), "caption", "ink_2", wrap=True))
        elif matter.sexes:
            self._ask_sex(matter.sexes)
        elif matter.wants_number:
            self._body.addWidget(Text(text("import_ui.panel_number_wrong"), "caption", "ink_2", wrap=True))
        if matter.candidates:
            self._ask_person(matter.candidates)
        if matter.damaged:
            self._propose(matter.proposals)
        if matter.wants_number:
            self.typed = TextInput("", placeholder=text("import_ui.typed_hint"))
            self.typed.setMaxLength(18)
            self.typed.typed.connect(lambda _text: self._offer())
            listed = matter.proposals is not None and matter.proposals.listed
            label = "typed_number" if listed or matter.sexes else "typed_number_only"
            self._field = Field(text(f"import_ui.{label}"), self.typed, where="above")
            self._body.addWidget(self._field)

    def _ask_person(self, candidates: Sequence[Candidate]) -> None:
        self._body.addWidget(Text(text("import_ui.same_person"), bold=True, wrap=True))
        for candidate in candidates:
            by = "、".join(text(f"import_ui.by_{one}") for one in candidate.by)
            words = "same_this_number" if candidate.number_masked else "same_this"
            label = text(f"import_ui.{words}", name=candidate.name, number=candidate.number_masked)
            self._radio(self.people, candidate.case_id, label, text("import_ui.same_by", by=by))
        self._radio(self.people, "new", text("import_ui.same_new"), "")

    def _ask_sex(self, sexes: Sequence[str]) -> None:
        self._body.addWidget(Text(text("import_ui.panel_sex"), "caption", "ink_2", wrap=True))
        for at, (code, by) in enumerate(zip(sexes, ("number", "sheet"), strict=True)):
            radio = Radio()
            label = text(f"import_ui.sex_by_{by}", sex=sex_name(code))
            radio.setAccessibleName(label)
            self.sexes.addButton(radio, at)
            radio.toggled.connect(self._chose)
            line = row(radio, (Text(label, wrap=True), 1), gap=8, pad=(10, 2, 8, 2))
            self._body.addWidget(ChoiceCard(radio, line))

    def _propose(self, proposals: Proposals | None) -> None:
        if proposals is None:
            self._body.addWidget(Text(text("import_ui.proposals_wait"), "caption", "ink_2"))
            return
        if proposals.listed:
            self._body.addWidget(Text(text("import_ui.proposals"), bold=True))
            note = row(
                Icon("check", "ok", 14), Text(text("import_ui.proposals_fit"), "caption", "ok"), None, gap=4
            )
            self._body.addLayout(note)
            look = row(
                Icon("eye", "ink_2", 14),
                Text(text("import_ui.proposals_logged"), "caption", "ink_2"),
                None,
                gap=4,
            )
            self._body.addLayout(look)
        else:
            self._body.addWidget(Text(text("import_ui.proposals_none"), "body", "ink_2", wrap=True))
        for number, proposal in enumerate(proposals.listed):
            self._proposal(number, proposal)
        if proposals.computable:
            words = text("import_ui.proposals_more", count=proposals.computable)
            self._body.addWidget(Text(words, "caption", "ink_2", wrap=True))

    def _proposal(self, number: int, proposal: Proposal) -> None:
        tail = text("import_ui.proposal_tail", tail=proposal.tail)
        radio = Radio()
        radio.setAccessibleName(f"{tail} {source_words(proposal)}")
        self.numbers.addButton(radio, number)
        radio.toggled.connect(self._chose)
        shown = Text(tail, "strong", "accent", selectable=True)
        self._shown[number] = shown
        eye = IconButton(
            "eye", text("import_ui.proposal_show"), tone="accent", on_click=partial(self.look.emit, number)
        )
        words = column(shown, Text(source_words(proposal), "caption", "ink_2", wrap=True), gap=0)
        if proposal.case_id:
            words.addWidget(Text(text("import_ui.proposal_here"), "caption", "accent", wrap=True))
        self._body.addWidget(ChoiceCard(radio, row(radio, (words, 1), eye, gap=8, pad=(10, 6, 6, 6))))

    def _radio(self, group: QButtonGroup, person: str, label: str, note: str) -> None:
        radio = Radio()
        radio.setProperty("person", person)
        radio.setAccessibleName(f"{label} {note}".strip())
        group.addButton(radio)
        radio.toggled.connect(self._chose)
        words = column(Text(label, wrap=True), gap=0)
        if note:
            words.addWidget(Text(note, "caption", "ink_2", wrap=True))
        self._body.addWidget(ChoiceCard(radio, row(radio, (words, 1), gap=8, pad=(10, 6, 8, 6))))

    # ---- saying

    def _offer(self) -> None:
        """Buttons as far as they make sense now."""
        matter = self.matter
        self.foot.setVisible(matter.open)
        undecided = matter.open and not matter.decided
        for button in (self.adopt, self.blank, self.later, self.drop):
            button.setVisible(undecided)
        self.take_back.setVisible(matter.open and bool(matter.decided))
        self.adopt.setVisible(undecided and (matter.wants_number or bool(matter.candidates or matter.sexes)))
        self.blank.setVisible(undecided and matter.can_blank)
        self.adopt.refuse("" if self.decision() is not None else text("import_ui.adopt_first"))

    def _chose(self, _on: bool) -> None:
        self._offer()

    def _adopt(self) -> None:
        decision = self.decision()
        if decision is not None:
            self.decided.emit(decision)

    def _say(self, *, blank: bool = False, later: bool = False, drop: bool = False) -> None:
        chosen = _checked(self.people)
        person = str(chosen.property("person")) if chosen is not None and blank else ""
        self.decided.emit(Decision(blank=blank, later=later, drop=drop, person=person))

    def _kept(self) -> _Kept:
        chosen = _checked(self.people)
        return _Kept(
            str(chosen.property("person")) if chosen is not None else "",
            self.numbers.checkedId(),
            self.sexes.checkedId(),
            self.typed.value() if self.typed is not None else "",
            (self._field.problem or "") if self._field is not None else "",
        )

    def _restore(self, kept: _Kept) -> None:
        for button in self.people.buttons():
            if kept.person and button.property("person") == kept.person:
                button.setChecked(True)
        for group, at in ((self.numbers, kept.number), (self.sexes, kept.sex)):
            button = cast("QAbstractButton | None", group.button(at))
            if button is not None:
                button.setChecked(True)
        if kept.typed and self.typed is not None:
            self.typed.set_value(kept.typed)
        if kept.problem and self._field is not None:
            self._field.set_problem(kept.problem)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.decision() is not None:
            self._adopt()
        else:
            super().keyPressEvent(event)


def _checked(group: QButtonGroup) -> QAbstractButton | None:
    """The chosen one; PySide's stub forgets that there may be none."""
    return cast("QAbstractButton | None", group.checkedButton())
