"""对列: every column with what it is taken for, why, and what stands in it; changed in place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QSizePolicy, QWidget

from jobdesk.host import code_lists
from jobdesk.host.strings import text
from jobdesk.services.importing import paper_codes
from jobdesk.services.importing.cells import plain
from jobdesk.services.importing.columns import Guess, Plan
from jobdesk.ui.importing.state import header_place, is_sure
from jobdesk.ui.importing.targets import choices_with, target_label
from jobdesk.ui.kit import (
    Banner,
    Button,
    Chip,
    Choice,
    DropDown,
    ElidedText,
    FilterChip,
    Icon,
    Scroll,
    Text,
    clear,
    column,
    flow,
    frame,
    row,
    rule,
)
from jobdesk.ui.palette import Tone
from jobdesk.ui.signals import TypedSignal, signal

AS_TEXT = "text"
_LETTER, _HEADER, _TARGET = 34, 180, 218


class MatchPage(QWidget):
    """The columns of one sheet at a time.

    Signals:
        target_chosen: (column, target), empty target for 不导入.
        paper_chosen: (column, code list or ``text``; empty: ask again).
        sheet_chosen: number of the sheet to show.
    """

    target_chosen: TypedSignal[tuple[int, str]] = signal()
    paper_chosen: TypedSignal[tuple[int, str]] = signal()
    sheet_chosen: TypedSignal[int] = signal()

    def __init__(self) -> None:
        super().__init__()
        self._tabs = row(gap=8)
        self.doubt = Chip("", "warn")
        self._problem = column(gap=6)
        self._body = column(gap=0)
        self.questions: dict[int, DropDown] = {}
        self.drop_downs: dict[int, DropDown] = {}
        top = row((Text(text("import_ui.match_sentence"), "body", "ink_2", wrap=True), 1), self.doubt, gap=12)
        card = frame(column(_heading(), rule(), self._body, pad=(1, 1, 1, 6), gap=0), "card")
        inner = frame(column(self._problem, card, None, gap=8, pad=(0, 0, 8, 8)))
        self.area = Scroll(inner)
        self.setLayout(column(top, self._tabs, (self.area, 1), gap=8))

    def show_plan(
        self, plans: Sequence[Plan], at: int, samples: Mapping[int, Sequence[str]], problem: str = ""
    ) -> None:
        """The columns of ``plans[at]``.

        Args:
            samples: column → what stands in it, masked.
            problem: what has to be settled before going on.
        """
        kept = self.area.verticalScrollBar().value()
        self._show_tabs(plans, at)
        plan = plans[at]
        clear(self._problem)
        if problem:
            self._problem.addWidget(Banner("problem", problem))
        clear(self._body)
        self.questions, self.drop_downs = {}, {}
        doubtful = sum(1 for guess in plan.guesses if not is_sure(guess))
        self.doubt.setText(text("import_ui.match_doubt", count=doubtful))
        self.doubt.setVisible(doubtful > 0)
        shown = [g for g in plan.guesses if g.column.label or samples.get(g.column.index)]
        for number, guess in enumerate(shown):
            if number:
                self._body.addWidget(rule())
            self._body.addWidget(self._line(plan, guess, samples.get(guess.column.index, ())))
        self.area.verticalScrollBar().setValue(kept)

    def _show_tabs(self, plans: Sequence[Plan], at: int) -> None:
        clear(self._tabs)
        if len(plans) < 2:
            return
        for number, plan in enumerate(plans):
            chip = FilterChip(plan.table.sheet.name, len(plan.table.rows), number == at)
            chip.clicked.connect(partial(self._sheet_pressed, number))
            chip.setToolTip(header_place(plan))
            self._tabs.addWidget(chip)
        self._tabs.addStretch(1)

    def _sheet_pressed(self, number: int, _on: bool = False) -> None:
        self.sheet_chosen.emit(number)

    def _line(self, plan: Plan, guess: Guess, samples: Sequence[str]) -> QFrame:
        column_at = guess.column.index
        sure = is_sure(guess)
        letter = Text(guess.letter, "caption", "ink_2" if sure else "warn", bold=not sure)
        letter.setFixedWidth(_LETTER)
        letter.setAlignment(Qt.AlignmentFlag.AlignCenter)
        header = Text(guess.column.label.replace("/", " / ") or text("import_ui.match_blank"), wrap=True)
        header.setFixedWidth(_HEADER)
        chooser = DropDown(
            choices_with(plan.kind, guess.target),
            guess.target if guess.target and guess.target != "skip" else "",
            nothing=target_label(guess.target),
        )
        chooser.set_name(text("import_ui.match_target") + guess.column.label)
        chooser.setFixedWidth(_TARGET)
        chooser.chosen.connect(lambda target: self.target_chosen.emit((column_at, target)))
        self.drop_downs[column_at] = chooser
        words = ElidedText(
            "　".join(samples) or text("import_ui.match_empty"), "body", "ink" if samples else "ink_3"
        )
        words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        reason = column(*(_reason(plan, guess)), gap=0)
        line = QGridLayout()
        line.setContentsMargins(8, 6, 14, 6)
        line.setHorizontalSpacing(12)
        for at, part in enumerate((letter, header, chooser)):
            line.addWidget(part, 0, at, Qt.AlignmentFlag.AlignVCenter)
        line.addLayout(reason, 0, 3, Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(words, 0, 4)
        line.setColumnStretch(3, 5)
        line.setColumnStretch(4, 6)
        whole = column(line, gap=0)
        if guess.question:
            whole.addWidget(self._question(guess, codes_of(plan, guess)))
        elif guess.paper:
            whole.addWidget(self._answered(guess))
        return frame(whole, "clear" if sure else "raised")

    def _question(self, guess: Guess, codes: Sequence[str]) -> QFrame:
        offers = sorted(code_lists.suggestions_for_circled_codes(), key=lambda t: t.id != guess.suggested)
        options = [
            Choice(
                t.id,
                t.name if not t.note else f"{t.name}（{t.note}）",
                tip="\n".join(f"{e.code} {e.name}" for e in t.entries if not (e.restricted or e.sensitive)),
            )
            for t in offers
        ]
        options.append(Choice(AS_TEXT, text("import_ui.question_text")))
        chooser = DropDown(options, "", nothing=text("import_ui.question_choose"))
        chooser.set_name(text("import_ui.question", column=guess.column.leaf))
        chooser.setMinimumWidth(320)
        chooser.setMaximumWidth(420)
        at = guess.column.index
        chooser.chosen.connect(lambda paper: self.paper_chosen.emit((at, paper)))
        self.questions[at] = chooser
        preview = Text("", "caption", "ink_2", wrap=True)
        occurring = Text(text("import_ui.question_occurring", codes="　".join(codes)), wrap=True)
        suggested = next((t for t in offers if t.id == guess.suggested), None)
        if suggested is not None:
            entries = "　".join(f"{e.code}{e.name}" for e in suggested.entries)
            preview.setText(text("import_ui.question_shows", name=suggested.name, entries=entries))
        words = column(
            Text(text("import_ui.question", column=guess.column.leaf), bold=True, wrap=True),
            Text(text("import_ui.question_more"), "caption", "ink_2", wrap=True),
            occurring,
            row((chooser, 1), None, gap=8),
            preview,
            gap=4,
        )
        preview.setVisible(suggested is not None)
        return frame(
            row(column(Icon("help", "warn", 18), None), (words, 1), gap=10, pad=(54, 8, 16, 10)), "warn_soft"
        )

    def _answered(self, guess: Guess) -> QWidget:
        at = guess.column.index
        if guess.paper == AS_TEXT:
            said = text("import_ui.paper_text")
        else:
            said = text("import_ui.paper_chosen", name=code_lists.table(guess.paper).name)
        change = Button(
            text("import_ui.paper_change"), "link", on_click=lambda: self.paper_chosen.emit((at, ""))
        )
        return frame(row(Chip(said, "accent"), change, None, gap=6, pad=(54, 0, 16, 8)))


def _heading() -> QFrame:
    line = QGridLayout()
    line.setContentsMargins(8, 8, 14, 8)
    line.setHorizontalSpacing(12)
    for at, (name, width) in enumerate(
        (
            ("match_column", _LETTER),
            ("match_header", _HEADER),
            ("match_target", _TARGET),
            ("match_reason", 0),
            ("match_sample", 0),
        )
    ):
        words = Text(text(f"import_ui.{name}"), "caption", "ink_2")
        if width:
            words.setFixedWidth(width)
        else:
            words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        if at == 0:
            words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        line.addWidget(words, 0, at)
    line.setColumnStretch(3, 5)
    line.setColumnStretch(4, 6)
    return frame(line)


def codes_of(plan: Plan, guess: Guess) -> list[str]:
    """The codes that stand in a column, each once: they belong to nobody in particular here."""
    lines, at = plan.table.sheet.rows, guess.column.index
    found: set[int] = set()
    for index in plan.table.rows:
        if len(lines[index]) > at and lines[index][at] != "":
            found.update(paper_codes.codes_in(plain(lines[index][at])) or ())
    return [chr(0x245F + n) if 1 <= n <= 20 else str(n) for n in sorted(found)]


def reason_words(plan: Plan, guess: Guess) -> list[tuple[str, bool]]:
    """The reasons of a guess as sentences, and whether each asks for a look."""
    field = target_label(guess.target)
    layout = plan.layout.title.split(" ")[0] if plan.layout else ""
    reasons = guess.reasons or (() if guess.target else ("none",))
    return [
        (
            text(f"import.reason.{reason}", layout=layout, field=field),
            reason in ("alike", "content", "content_disagrees", "repeated", "none"),
        )
        for reason in reasons
    ]


def _reason(plan: Plan, guess: Guess) -> list[QWidget]:
    parts: list[QWidget] = []
    for words, doubtful in reason_words(plan, guess) if guess.column.label else []:
        tone: Tone = "warn" if doubtful and not is_sure(guess) else "ink_2"
        parts.append(ElidedText(words, "caption", tone))
        parts[-1].setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    if guess.legend:
        chip = Chip(text("import_ui.match_legend"), "ok")
        chip.setToolTip("\n".join(f"{number} {meaning}" for number, meaning in guess.legend.items()))
        parts.append(flow(chip))
    return parts
