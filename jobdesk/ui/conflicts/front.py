"""The cards in front: whose they are, which one the keys work on, and what stays when they come anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from jobdesk.ui.conflicts.card import Chosen, QuestionFrame
from jobdesk.ui.conflicts.question import QuestionCard, key_of
from jobdesk.ui.conflicts.saying import Saying
from jobdesk.ui.conflicts.view import PersonView
from jobdesk.ui.kit.layouts import bring_into_sight

NONE = ("", "", "")


class Front:
    """Fills the right side of ``place``.

    Args:
        idle: where the cursor may stay although cards come (the list, while somebody walks it).
        chosen: told what a person chose in a card.

    Attributes:
        owner: key of whose cards these are; field: the question that the keys work on.
        arriving: somebody has just come here: the next cards take the cursor from wherever it is.
    """

    def __init__(
        self, place: QWidget, view: PersonView, idle: QWidget,
        chosen: Callable[[QuestionFrame, Chosen], object],
    ) -> None:  # fmt: skip
        self._place, self._view, self._idle, self._chosen = place, view, idle, chosen
        self.cards: list[QuestionFrame] = []
        self.owner = ""
        self.field = NONE
        self.arriving = False

    def show(self, owner: str, cards: Sequence[QuestionCard], saying: Saying, day: date) -> None:
        """What says the same as before stays as it is, with the cursor and what is being typed in it."""
        takes_focus, same = self._takes_focus(), owner == self.owner
        gone = self._fill({key_of(c.card): c for c in self.cards} if same else {}, cards, saying, day)
        self.owner = owner
        if self.cards:
            at = next((c for c in self.cards if key_of(c.card) == self.field), self.cards[0])
            stays = same and key_of(at.card) == self.field and (at.holds_focus or not takes_focus)
            self._make_current(at)
            if takes_focus and not at.holds_focus:
                at.take_focus()
            if not stays:
                bring_into_sight(at, from_top=True)
                at.look_first()
            if not same:
                self._view.page.verticalScrollBar().setValue(0)
        elif takes_focus:  # else what is typed ahead would go on in the search line of the window
            self._idle.setFocus(Qt.FocusReason.OtherFocusReason)
        for one in gone:  # last: while the focus is in one, Qt would carry it out of the cards
            self._view.cards.removeWidget(one)
            one.hide()
            one.deleteLater()

    def again(self) -> None:
        """What was chosen came to nothing: the cards can be answered."""
        for card in self.cards:
            card.look_first()

    def pressed(self, event: QKeyEvent) -> bool:
        """A digit chooses in the card that stands out; whether it was one."""
        current = next((c for c in self.cards if key_of(c.card) == self.field), None)
        if not event.text().isdecimal() or current is None or event.modifiers():
            return False
        current.keyPressEvent(event)
        return True

    def _fill(
        self, before: dict[tuple[str, str, str], QuestionFrame], cards: Sequence[QuestionCard],
        saying: Saying, day: date,
    ) -> list[QuestionFrame]:  # fmt: skip
        """Put the frames in their order; those that are of no more use."""
        staff = [(k, v) for k, v in saying.names.staff.items() if v]
        frames: list[QuestionFrame] = []
        for one in cards:
            old = before.get(key_of(one))
            if old is not None and old.says(one):
                old.card = one
                frames.append(old)
                continue
            made = QuestionFrame(one, staff, day)
            made.done.connect(lambda chosen, c=made: self._chosen(c, chosen))
            made.entered.connect(self._entered)
            frames.append(made)
            if old is not None:
                made.take_up(old)
        gone, self.cards = [c for c in self.cards if c not in frames], frames
        for number, frame in enumerate(frames):
            if self._view.cards.indexOf(frame) != number:
                self._view.cards.insertWidget(number, frame)
            frame.show()
        return gone

    def _takes_focus(self) -> bool:
        """The keys are for the cards, unless somebody walks the list or types somewhere else meanwhile."""
        arriving, self.arriving = self.arriving, False
        now = QApplication.focusWidget()
        if not self._place.isVisible() or now is self._idle:
            return False
        return arriving or now is None or self._place.isAncestorOf(now) or not isinstance(now, QLineEdit)

    def _make_current(self, card: object) -> None:
        for one in self.cards:
            one.set_current(one is card)
        if isinstance(card, QuestionFrame):
            self.field = key_of(card.card)

    def _entered(self, card: object) -> None:
        """The cursor came into a card; one higher than the page stays where it is under the hand, and Qt
        shows the part of it that has the cursor.
        """
        self._make_current(card)
        if isinstance(card, QuestionFrame) and card.height() <= self._view.page.viewport().height():
            bring_into_sight(card)
