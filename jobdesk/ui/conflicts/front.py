"""The cards in front: whose they are, which one the keys work on, and what stays when they come anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from jobdesk.ui.conflicts.asking import Chosen
from jobdesk.ui.conflicts.card import QuestionFrame
from jobdesk.ui.conflicts.question import QuestionCard, key_of
from jobdesk.ui.conflicts.saying import Saying
from jobdesk.ui.conflicts.sight import Hands
from jobdesk.ui.conflicts.unsent import Typed
from jobdesk.ui.conflicts.view import PersonView
from jobdesk.ui.kit.layouts import bring_into_sight

NONE = ("", "", "")
ANYBODY = "*"


class Front:
    """Fills the right side of ``place``.

    Args:
        idle: where the cursor may stay although cards come (the list, while somebody walks it).
        chosen: told what a person chose in a card.
        typing: told that something else is typed in a card; given_up: that somebody let go of it.
        typed: what was typed about a question of somebody, and not said.

    Attributes:
        owner: key of whose cards these are; field: the question that the keys work on.
        arriving: somebody has just come here: the next cards take the cursor from wherever it is.
        own: whose cards come next by a move of whoever sits here (``ANYBODY``: they have decided, come here
            or chosen a tab); blank: cards that change now do so by themselves.
    """

    def __init__(
        self, place: QWidget, view: PersonView, idle: QWidget,
        chosen: Callable[[QuestionFrame, Chosen], object], typing: Callable[[QuestionFrame], object],
        given_up: Callable[[QuestionFrame], object],
        typed: Callable[[str, tuple[str, str, str]], Typed],
    ) -> None:  # fmt: skip
        self._place, self._view, self._idle, self._chosen = place, view, idle, chosen
        self._typing, self._given_up, self._typed = typing, given_up, typed
        self._hands = Hands(place, self._tell_held)
        self._interrupted, self._why = False, ""
        self.cards: list[QuestionFrame] = []
        self.owner = ""
        self.field = NONE
        self.arriving = False
        self.own = ""

    def goes_for(self, why: str) -> None:
        """Whose cards are in front go for a reason that those say who come into their place."""
        self._why = why

    def interrupt(self) -> None:
        """What stood over the cards goes away by itself."""
        self._interrupted = True

    def show(
        self, owner: str, cards: Sequence[QuestionCard], saying: Saying, day: date,
        gone: Mapping[tuple[str, str, str], str] | None = None,
    ) -> None:  # fmt: skip
        """What says the same as before stays as it is, with the cursor and what is being typed in it.

        Args:
            gone: cards that only what is typed in them keeps here, and what is said of each.
        """
        takes_focus, same, before = self._takes_focus(), owner == self.owner, self._current()
        old = {key_of(c.card): c for c in self.cards} if same else {}
        left = self._fill(owner, old, cards, saying, day)
        self.owner = owner
        for card in self.cards:
            card.tell_gone((gone or {}).get(key_of(card.card), ""))
        if self.cards:
            at = next((c for c in self.cards if key_of(c.card) == self.field), self.cards[0])
            stays = same and key_of(at.card) == self.field and (at.holds_focus or not takes_focus)
            goes_on = same and before is not None and key_of(before.card) == key_of(at.card)
            self._make_current(at)
            self._look_to_the_keys(owner, at is before)
            if takes_focus and not at.holds_focus:
                if goes_on:
                    at.take_focus()
                else:  # not into words left there another time: keys would be typed into them
                    at.setFocus(Qt.FocusReason.OtherFocusReason)
            if not stays:
                bring_into_sight(at, from_top=True)
                at.look_first()
            if not same:
                self._view.page.verticalScrollBar().setValue(0)
        elif takes_focus:  # else what is typed ahead would go on in the search line of the window
            self._idle.setFocus(Qt.FocusReason.OtherFocusReason)
        for one in left:  # last: while the focus is in one, Qt would carry it out of the cards
            self._view.cards.removeWidget(one)
            one.hide()
            one.deleteLater()

    def _look_to_the_keys(self, owner: str, stays: bool) -> None:
        """Cards that came under the keys by themselves decide nothing until somebody has moved."""
        own, self.own = self.own in (ANYBODY, owner), ""
        swapped, self._interrupted = not stays or self._interrupted, False
        if own:
            self._why = ""
            self._hands.free()
        elif swapped and any(card.buttons for card in self.cards):  # else there is nothing to answer
            self._hands.hold()
        else:
            self._tell_held()

    def _tell_held(self) -> None:
        for card in self.cards:
            card.hold_keys(self._hands.held, self._why)
        if self.cards and not self._hands.held:
            self._why = ""

    def _current(self) -> QuestionFrame | None:
        """The card that the keys work on."""
        return next((c for c in self.cards if key_of(c.card) == self.field), None)

    def again(self) -> None:
        """What was chosen came to nothing: the cards can be answered."""
        for card in self.cards:
            card.look_first()

    def pressed(self, event: QKeyEvent) -> bool:
        """A digit chooses in the card that stands out; whether it was one."""
        current = self._current()
        if not event.text().isdecimal() or current is None or event.modifiers():
            return False
        current.keyPressEvent(event)
        return True

    def _fill(
        self, owner: str, before: dict[tuple[str, str, str], QuestionFrame],
        cards: Sequence[QuestionCard], saying: Saying, day: date,
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
            made.entered.connect(lambda by_keys, c=made: self._entered(c, by_keys))
            made.typing.connect(lambda c=made: self._typing(c))
            made.given_up.connect(lambda c=made: self._given_up(c))
            frames.append(made)
            if old is not None:
                made.take_up(old)
            else:
                made.asking.bring_back(self._typed(owner, key_of(one)))
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

    def _make_current(self, card: QuestionFrame) -> None:
        for one in self.cards:
            one.set_current(one is card)
        self.field = key_of(card.card)

    def _entered(self, card: QuestionFrame, by_keys: bool) -> None:
        """The cursor came into a card. By keys the page follows; one higher than the page stays where it is,
        and Qt shows the part of it that has the cursor.
        """
        self._make_current(card)
        if by_keys and card.height() <= self._view.page.viewport().height():
            bring_into_sight(card)
