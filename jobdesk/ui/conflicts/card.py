"""One question as a card: the sentence, the versions beside each other, keys 1 2 3 4, the time line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QBoxLayout, QFrame, QGridLayout, QWidget

from jobdesk.ui import theme
from jobdesk.ui.conflicts.asking import Asking, Chosen
from jobdesk.ui.conflicts.deeds import Deed
from jobdesk.ui.conflicts.pieces import SentenceLabel, TimeLine, handed_line, version_card
from jobdesk.ui.conflicts.question import QuestionCard, settled_since
from jobdesk.ui.conflicts.saying import plain, t
from jobdesk.ui.conflicts.sight import Sight
from jobdesk.ui.kit import Button, Icon, KeyCap, Text, column, flow, frame, row, rule
from jobdesk.ui.signals import BareSignal, TypedSignal, bare_signal, signal

_BESIDE = 3
"""More versions than these stand two in a line."""
_NARROW = 700
"""Logical pixels below which three versions do not fit into one line."""
_KEYS_BESIDE = 800
"""Logical pixels below which the keys are told under the buttons."""
_BY_KEYS = (
    Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason,
    Qt.FocusReason.OtherFocusReason,
)  # fmt: skip
"""How the cursor comes where nobody points: the mouse, a window that is in front again and a menu that closed
leave the page as it stands, for something is under the hand.
"""


class QuestionFrame(QFrame):
    """A question. Keys while it has the focus press its buttons in their order.

    Attributes:
        asking: what is typed below the buttons.

    Signals:
        done: what was chosen.
        entered: it got the focus; whether by keys, so that the page may scroll to it.
        typing: what is typed in it is another now; given_up: somebody let go of it.
    """

    done: TypedSignal[Chosen] = signal()
    entered: TypedSignal[bool] = signal()
    typing: BareSignal = bare_signal()
    given_up: BareSignal = bare_signal()

    def __init__(
        self, card: QuestionCard, staff: Sequence[tuple[str, str]] = (), on: date | None = None
    ) -> None:
        super().__init__()
        self.card = card
        self.setProperty("look", "card")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(card.title)
        self.setAccessibleDescription(plain(card.sentence))
        self.buttons: list[Button] = []
        self._held, self._current = False, False
        self.sight = Sight(self)
        self._answered = False
        self.asking = Asking(card, staff, on, lambda: self.decides)
        self.asking.answered.connect(self._answer)
        self.asking.typing.connect(lambda: self.typing.emit())
        self.asking.given_up.connect(self._given_up)
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(12)
        self._cards = [version_card(v) for v in card.versions]
        self._sentence = SentenceLabel(card.sentence)
        self._dots = TimeLine(card.dots) if card.dots else None
        self._columns = 0
        icon = Icon("split", "accent", 18)
        self.gone = Text("", "body", "warn", wrap=True)
        self._gone_line = frame(row(Icon("flag", "warn"), (self.gone, 1), pad=(10, 6, 10, 6)), "warn_soft")
        self._gone_line.setVisible(False)
        self.held_words = Text(t("keys_held"), "caption", "warn", wrap=True)
        self.held_words.setVisible(False)
        body = column(
            row((column(icon, None, gap=0)), (self._sentence, 1), gap=10),
            *([Text(card.note, "caption", "warn", wrap=True)] if card.note else []),
            *([handed_line(card.handed)] if card.handed else []),
            self._grid,
            self.held_words,
            self._acts(card.deeds),
            self._gone_line,
            self.asking,
            gap=12, pad=(16, 16, 16, 12),
        )  # fmt: skip
        if self._dots is not None:
            body.addWidget(rule())
            body.addWidget(self._dots)
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
        self.asking.bring_back(before.asking.typed(), before.asking.open)

    def tell_gone(self, words: str) -> None:
        """It waits no more, but what is typed here stays until it is given up; blank: it waits."""
        if words == self.gone.text():
            return
        self.gone.set_text(words)
        self._gone_line.setVisible(bool(words))
        self._say(settled_since(self.card) if words else self.card)
        self.asking.stand_against(words)
        for number, button in enumerate(self.buttons, 1):
            button.refuse(words)
            if not words:
                button.setToolTip(t("press") + f" {number}")
        self.set_current(self._current)

    def _say(self, card: QuestionCard) -> None:
        """What it says of the versions; whatever is being typed in it stays as it is."""
        self._sentence.set_sentence(card.sentence)
        self.setAccessibleDescription(plain(card.sentence))
        for at, version in enumerate(card.versions):
            old, made = self._cards[at], version_card(version)
            self._grid.replaceWidget(old, made)
            old.hide()
            old.deleteLater()
            self._cards[at] = made
        if self._dots is not None:
            self._dots.set_dots(card.dots)

    def hold_keys(self, held: bool, why: str = "") -> None:
        """Its keys decide nothing until somebody has moved, and it says so, after ``why`` it came here."""
        self._held = held
        self.held_words.set_text(why + t("keys_held"))
        self.held_words.setVisible(held and bool(self.buttons))

    @property
    def holds_focus(self) -> bool:
        """The cursor is in it."""
        now = QApplication.focusWidget()
        return now is not None and (now is self or self.isAncestorOf(now))

    def take_focus(self) -> None:
        """Into the line that is being typed, else onto the card for its keys."""
        if not self.asking.take_focus():
            self.setFocus(Qt.FocusReason.OtherFocusReason)

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
        self._current = on
        if self.buttons and self._answers:
            first, on = self.buttons[0], on and not self.gone.text()
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
        if event.key() == Qt.Key.Key_Escape and self.asking.shows:
            self.asking.give_up()
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.asking.open:
            if not self._held:
                self.asking.send()
            return
        super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        if watched in self.buttons:
            if isinstance(event, QFocusEvent) and event.gotFocus():
                if event.reason() != Qt.FocusReason.MouseFocusReason:
                    self._entered(event)
            elif event.type() == QEvent.Type.MouseButtonRelease and not self._current:
                # not with the press: what it changes may move the button away from under it
                self.entered.emit(False)
        return super().eventFilter(watched, event)

    def focusInEvent(self, event: QFocusEvent, /) -> None:
        self._entered(event)
        super().focusInEvent(event)

    def _entered(self, event: QFocusEvent) -> None:
        self.entered.emit(event.reason() in _BY_KEYS)

    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        super().mousePressEvent(event)

    def _do(self, deed: Deed) -> None:
        if not self.decides:
            return
        if deed.what in ("report", "third"):
            self.asking.ask(deed)
        else:
            self._answer(Chosen(deed))

    def _answer(self, chosen: Chosen) -> None:
        """Once: until it was refused or stands in front anew."""
        self._answered = True
        self.done.emit(chosen)

    def _given_up(self) -> None:
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.given_up.emit()

    def refuse(self, words: str) -> None:
        """What stands against it, beside what was typed; in the card where nothing was."""
        self._answered = False
        self.asking.refuse(words)
