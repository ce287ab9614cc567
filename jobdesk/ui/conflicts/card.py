"""One question as a card: the sentence, the versions beside each other, keys 1 2 3 4, the time line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QTextCursor
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QFrame,
    QGridLayout,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from jobdesk.cases import schema
from jobdesk.cases.ops import Json
from jobdesk.ui import theme
from jobdesk.ui.case_words import label
from jobdesk.ui.casefile.editors import Editor, Veiled, make_editor
from jobdesk.ui.casefile.form import problem_text
from jobdesk.ui.conflicts.deeds import Deed
from jobdesk.ui.conflicts.pieces import SentenceLabel, TimeLine, handed_line, version_card
from jobdesk.ui.conflicts.question import QuestionCard
from jobdesk.ui.conflicts.saying import plain, t
from jobdesk.ui.conflicts.sight import Sight
from jobdesk.ui.conflicts.state import third_problem
from jobdesk.ui.conflicts.unsent import Typed
from jobdesk.ui.kit import Button, Icon, KeyCap, Text, TextInput, clear, column, flow, frame, row, rule
from jobdesk.ui.kit.layouts import bring_into_sight
from jobdesk.ui.signals import BareSignal, TypedSignal, bare_signal, signal

_BESIDE = 3
"""More versions than these stand two in a line."""
_NARROW = 700
"""Logical pixels below which three versions do not fit into one line."""
_KEYS_BESIDE = 800
"""Logical pixels below which the keys are told under the buttons."""


def _at_once(_name: str, shown: Callable[[], None]) -> None:
    """Nothing hidden is loaded into the editor of a third value."""
    shown()


def _to_the_end(line: QWidget) -> None:
    """Whoever was typing goes on there."""
    if isinstance(line, QLineEdit):
        line.end(False)
    elif isinstance(line, QPlainTextEdit):
        line.moveCursor(QTextCursor.MoveOperation.End)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a person decided; ``value``: the reason of 报上级核定, the value of 另填, else None."""

    deed: Deed
    value: Json = None


class QuestionFrame(QFrame):
    """A question. Keys while it has the focus press its buttons in their order.

    Signals:
        done: what was chosen.
        entered: it got the focus.
        typing: what is typed in it is another now (``typed``); given_up: somebody let go of it.
    """

    done: TypedSignal[Chosen] = signal()
    entered: TypedSignal[object] = signal()
    typing: BareSignal = bare_signal()
    given_up: BareSignal = bare_signal()

    def __init__(
        self, card: QuestionCard, staff: Sequence[tuple[str, str]] = (), on: date | None = None
    ) -> None:
        super().__init__()
        self.card = card
        self._staff, self._on = staff, on
        self.setProperty("look", "card")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(card.title)
        self.setAccessibleDescription(plain(card.sentence))
        self.buttons: list[Button] = []
        self.editor: Editor | None = None
        self._doubted: Json = None
        self._put_by: Typed = {}
        self._held, self._gone_words = False, ""
        self.said = False
        self.reason: TextInput | None = None
        self._send: Button | None = None
        self.sight = Sight(self)
        self._answered = False
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(12)
        self._cards = [version_card(v) for v in card.versions]
        self._columns = 0
        self._more = column(gap=0)
        icon = Icon("split", "accent", 18)
        self.gone = Text("", "body", "warn", wrap=True)
        self._gone_line = frame(row(Icon("flag", "warn"), (self.gone, 1), pad=(10, 6, 10, 6)), "warn_soft")
        self._gone_line.setVisible(False)
        self.held_words = Text(t("keys_held"), "caption", "warn", wrap=True)
        self.held_words.setVisible(False)
        body = column(
            row((column(icon, None, gap=0)), (SentenceLabel(card.sentence), 1), gap=10),
            *([Text(card.note, "caption", "warn", wrap=True)] if card.note else []),
            *([handed_line(card.handed)] if card.handed else []),
            self._grid,
            self.held_words,
            self._acts(card.deeds),
            self._gone_line,
            self._more,
            gap=12, pad=(16, 16, 16, 12),
        )  # fmt: skip
        if card.dots:
            body.addWidget(rule())
            body.addWidget(TimeLine(card.dots))
        self.setLayout(body)
        self._place(2)
        self.set_current(False)

    def _acts(self, deeds: Sequence[Deed]) -> QWidget:
        self._hints: list[QWidget] = []
        parts: list[QWidget] = []
        for number, deed in enumerate(deeds, 1):
            button = Button(deed.words, on_click=lambda d=deed: self._do(d))
            button.setMinimumWidth(108)
            button.setToolTip(t("press") + f" {number}")
            button.installEventFilter(self)
            self.buttons.append(button)
            parts.append(button)
        hints: list[QWidget | None] = [Text(t("press"), "caption", "ink_2")]
        hints += [KeyCap(str(n)) for n in range(1, len(deeds) + 1)]
        hints += [Text(t("then"), "caption", "ink_2"), None]
        self._keys = frame(row(*hints, gap=6))
        self._keys.setVisible(False)
        self._answers = any(d.what == "keep" for d in deeds)
        self._line = row((flow(*parts, gap=8, line_gap=6), 1), self._keys, gap=10)
        return frame(self._line)

    # ---- staying while the rest changes

    def says(self, card: QuestionCard) -> bool:
        """Whether it shows exactly this, asked about the same versions."""
        mine, other = self.card.question, card.question
        known = (mine.difference.known if mine else (), other.difference.known if other else ())
        return card == self.card and known[0] == known[1]

    def take_up(self, before: QuestionFrame) -> None:
        """In the place of what was shown of this question: what is being typed there goes on here."""
        self.bring_back(before.typed(), before.open)

    def bring_back(self, typed: Typed, at: str = "") -> None:
        """What was typed here before; ``at``: what stood open, else what was typed last. The cursor stays."""
        self._put_by = {k: v for k, v in typed.items() if any(d.what == k for d in self.card.deeds)}
        last = at or next(reversed(self._put_by), "")
        deed = next((d for d in self.card.deeds if d.what == last), None)
        if deed is not None:
            self._ask(deed, focus=False)

    def typed(self) -> Typed:
        """What stands typed in it and was not ``said`` yet, blanks left out."""
        if self.said:
            return {}
        found = {k: v for k, v in self._put_by.items() if k != self.open}
        value: Json = self.editor.value() if self.editor else self.reason.value() if self.reason else None
        if value is not None and value != "":
            found[self.open] = value
        return found

    @property
    def open(self) -> str:
        """The deed whose words are asked for: ``report``, ``third`` or nothing."""
        return "third" if self.editor is not None else "report" if self.reason is not None else ""

    @property
    def composing(self) -> bool:
        """An input method shows words in it that no line has yet."""
        now = QApplication.focusWidget()
        return now is not None and self.isAncestorOf(now) and bool(getattr(now, "_composing", False))

    def tell_gone(self, words: str) -> None:
        """It waits no more, but what is typed here stays until it is given up; blank: it waits."""
        self.gone.set_text(words)
        self._gone_line.setVisible(bool(words))
        if words != self._gone_words:
            self._gone_words = words
            for number, button in enumerate(self.buttons, 1):
                button.refuse(words)
                if not words:
                    button.setToolTip(t("press") + f" {number}")

    def hold_keys(self, held: bool) -> None:
        """Its keys decide nothing until somebody has moved, and it says so."""
        self._held = held
        self.held_words.setVisible(held)

    @property
    def holds_focus(self) -> bool:
        """The cursor is in it."""
        now = QApplication.focusWidget()
        return now is not None and (now is self or self.isAncestorOf(now))

    def take_focus(self) -> None:
        """Into the line that is being typed, else onto the card for its keys."""
        (self.editor or self.reason or self).setFocus(Qt.FocusReason.OtherFocusReason)

    def look_first(self) -> None:
        """It stands in front anew: what was pressed before anybody could read it does not count."""
        self._answered = False
        self.sight.begin()

    @property
    def decides(self) -> bool:
        """Its keys and buttons count: somebody has seen it, and no answer of it is on its way."""
        return self.sight.seen and not self._answered

    # ---- what is in front

    def set_current(self, on: bool) -> None:
        """The card that the keys work on: its first button stands out and the keys are told."""
        if self.buttons and self._answers:
            first = self.buttons[0]
            kind = "primary" if on and self.card.deeds[0].what == "keep" else "quiet"
            if first.property("kind") != kind:
                first.setProperty("kind", kind)
                theme.restyle(first)
            self._keys.setVisible(on)

    def resizeEvent(self, event: object, /) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        count, beside = len(self._cards), self.width() >= _KEYS_BESIDE
        self._line.setDirection(
            QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        )
        self._place(3 if count == _BESIDE and self.width() >= _NARROW else 2 if self.width() >= 460 else 1)

    def _place(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        for n, part in enumerate(self._cards):
            self._grid.addWidget(part, n // columns, n % columns)
        for n in range(3):
            self._grid.setColumnStretch(n, 1 if n < columns else 0)

    # ---- choosing

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        typed = event.text()
        if typed.isdecimal() and 1 <= int(typed) <= len(self.buttons) and not event.modifiers():
            if self._held:
                return
            if not event.isAutoRepeat():  # a key that is held down would settle whatever comes
                self.buttons[int(typed) - 1].click()
            return
        if event.key() == Qt.Key.Key_Escape and self._more.count():
            self._give_up()
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._send is not None:
            if not self._held:
                self._send.click()
            return
        super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        if event.type() == QEvent.Type.FocusIn and watched in self.buttons:
            self.entered.emit(self)
        return super().eventFilter(watched, event)

    def focusInEvent(self, event: QFocusEvent, /) -> None:
        self.entered.emit(self)
        super().focusInEvent(event)

    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        super().mousePressEvent(event)

    def _do(self, deed: Deed) -> None:
        if not self.decides:
            return
        if deed.what in ("report", "third"):
            self._ask(deed)
        else:
            self._answer(Chosen(deed))

    def _ask(self, deed: Deed, *, focus: bool = True) -> None:
        if deed.what != self.open:
            self._put_by = self.typed()
            self._close_more()
            if deed.what == "report":
                self._ask_reason(deed)
            else:
                self._ask_third(deed)
        if focus and self.open:
            self.take_focus()
            bring_into_sight(self._more.itemAt(0).widget())

    def _answer(self, chosen: Chosen) -> None:
        """Once: until it was refused or stands in front anew."""
        self._answered = True
        self.done.emit(chosen)

    def _give_up(self) -> None:
        """Esc, 先不: what was typed there is not wanted; what a refusal said goes too."""
        self._put_by.pop(self.open, None)
        self._close_more()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.typing.emit()
        self.given_up.emit()

    def _types(self) -> None:
        self.said = False
        self.typing.emit()

    def _close_more(self) -> None:
        clear(self._more)
        self.editor, self.reason, self._send = None, None, None

    def _ask_reason(self, deed: Deed) -> None:
        self.reason = TextInput(str(self._put_by.get("report") or ""), placeholder=t("report_reason"))
        self.reason.setAccessibleName(t("report_reason"))
        self.reason.typed.connect(lambda _words: self._types())
        self._open_more(self.reason, t("report_send"), lambda: self._send_reason(deed))

    def _send_reason(self, deed: Deed) -> None:
        if self.reason is not None and self.decides:
            self._answer(Chosen(deed, self.reason.value()))

    def _ask_third(self, deed: Deed) -> None:
        question = self.card.question
        if question is None or self._on is None:
            return
        kind, name = question.difference.record[0], question.difference.field
        declared = schema.field(kind, name)
        if declared is None:
            return
        names = dict(self._staff)
        self.editor = make_editor(
            kind, declared, list(self._staff), self._on, blank="", look=_at_once, names=names
        )
        self.editor.set_name(label(kind, name))
        if (before := self._put_by.get("third")) is not None:
            show = self.editor.set_typed if isinstance(self.editor, Veiled) else self.editor.set_value
            show(before)
            _to_the_end(self.editor.inner)
        self.editor.changed.connect(self._types)
        keys = "Ctrl+Enter" if declared.type is schema.FieldType.LONG_TEXT else ""
        self._open_more(self.editor, t("third_write"), lambda: self._write(deed), keys)

    def _write(self, deed: Deed) -> None:
        if self.editor is None or not self.editor.readable or self.card.question is None or self._on is None:
            return
        if not self.decides:
            return
        value: Json = self.editor.value()
        if value is None or value == "":
            blank = next((d.words for d in self.card.deeds if d.what == "keep" and self._keeps_blank()), "")
            self.refuse(t("third_blank_or", keep=blank) if blank else t("third_blank"))
            return
        wrong = third_problem(self.card.question, value, self._on, read=value == self._doubted)
        if wrong is not None:
            self._doubted = value
            self.refuse(problem_text(wrong) if wrong.blocks else t("third_doubt", what=problem_text(wrong)))
            return
        self._answer(Chosen(deed, value))

    def _keeps_blank(self) -> bool:
        """Whether keeping what is shown now is keeping a blank."""
        question = self.card.question
        return question is not None and question.difference.shown in (None, "")

    def _open_more(self, typing: QWidget, words: str, do: Callable[[], object], keys: str = "") -> None:
        """``keys``: what presses the button from within; told where it is not the Enter of every line."""
        self._send = send = Button(words, "primary", on_click=do)
        if keys:
            send.setToolTip(t("third_keys", keys=keys))
            send.setAccessibleDescription(t("third_keys", keys=keys))
        self.problem = Text("", "caption", "bad", wrap=True)
        self.problem.setVisible(False)
        off = Button(t("not_now"), "bare", on_click=self._give_up)
        line = frame(column(
            row((typing, 1), send, *([KeyCap(keys)] if keys else []), off, gap=8),
            self.problem, gap=4, pad=(12, 10, 12, 10),
        ), "soft")  # fmt: skip
        self._more.addWidget(line)

    def refuse(self, words: str) -> None:
        """What stands against it, beside what was typed; in the card where nothing was."""
        self._answered = False
        if not self._more.count():
            self.problem = Text(words, "caption", "bad", wrap=True)
            self._more.addWidget(self.problem)
        self.problem.set_text(words)
        self.problem.setVisible(True)
