"""两处填写不一致: every version beside its field, with who and when, and the keys that settle it."""

from __future__ import annotations

from concurrent.futures import Future

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QWidget

from jobdesk.cases.errors import JobdeskError, Refused
from jobdesk.cases.ops import Json, Subject
from jobdesk.cases.state import FieldState, Head, RecordState
from jobdesk.services.conflict_log import Decisions, decisions_about
from jobdesk.services.revealing import log_look
from jobdesk.services.telling import settle_version, take_version
from jobdesk.store.station_file import Changes
from jobdesk.ui import theme
from jobdesk.ui.case_words import Words, label, t
from jobdesk.ui.casefile.conflict_gone import gone_words, said_by
from jobdesk.ui.casefile.conflict_versions import Asked, Versions
from jobdesk.ui.casefile.cursor import held_still, holds_cursor
from jobdesk.ui.casefile.third_line import ThirdLine
from jobdesk.ui.context import Context
from jobdesk.ui.kit import Button, column
from jobdesk.ui.kit.layouts import bring_into_sight
from jobdesk.ui.notices import sentence_of

LOOK_MS = 400
"""How long versions stand before keys and buttons decide, here and on the page of all questions: below that
nobody has read them (own figure).
"""
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class ConflictBox(QFrame):
    """The versions of one field. Keys while it has the focus: 1 keeps what is shown, 2 … take another
    version in its order, the last number opens a third value to be written. Where a blank is shown, the
    versions come first.

    Whoever is typing in it loses nothing to an exchange: where the field is in question no more, it stays and
    says who has settled it, until that is given up.

    Args:
        home: where the cursor goes when it stands in here and this goes: something that no key types into.
    """

    def __init__(self, ctx: Context, home: QWidget | None = None) -> None:
        super().__init__()
        self.setProperty("look", "question")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._ctx, self._home = ctx, home
        self.versions = Versions()
        self.versions.kept.connect(self._keep)
        self.versions.took.connect(self._take)
        self.versions.wrote.connect(self._ask_third)
        self.versions.looked.connect(self._reveal)
        self.versions.all.connect(lambda: self._ctx.go("conflicts", self._subject.id))
        self.third = ThirdLine(ctx, lambda: self._decides)
        self.third.sent.connect(self._write)
        self.third.given_up.connect(self._given_up)
        self.setLayout(column(self.versions, self.third, gap=8, pad=(12, 10, 12, 10)))
        self._key: tuple[Subject, str, str, str] | None = None
        self._revealed = self._left = self._moves = False
        self.gone = ""
        """What became of the question while somebody was typing here; empty while it is one."""
        self._now: FieldState | None = None
        """The field as it stands since."""
        self._answer = ""
        """``sent`` while an answer of this box is on its way, ``said`` once it is written."""
        self._late: tuple[RecordState, Words] | None = None
        """What came in between, while an answer was on its way."""
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(LOOK_MS)

    @property
    def asks(self) -> bool:
        """It is about a question, or about one that was."""
        return self._key is not None

    @property
    def _decides(self) -> bool:
        return not self._answer and not self.gone and not self._pause.isActive()

    # ---- what is asked

    def show_conflict(self, subject: Subject, about: RecordState, name: str, words: Words) -> None:
        """Show the versions of a field as they stand, veiled ones until somebody looks. What is being typed
        here stays.
        """
        key = (subject, about.kind, about.id, name)
        same = key == self._key
        if not same:  # the keys were for another question
            self._send_cursor_home()
        self._key = key
        self._about, self._words = about, words
        self.third.begin(subject, about, name, words)
        if same and not self.gone and about.fields[name] == self._held:
            return
        if same:
            self._pause.start()
        self.gone, self._now, self._answer, self._late = "", None, "", None
        self._subject, self._name = subject, name
        self._record, self._held = (about.kind, about.id), about.fields[name]
        self._draw(revealed=same and self._revealed)

    def over(self, subject: Subject, about: RecordState, name: str, words: Words) -> bool:
        """The field is in question no more: this goes, unless something is typed in it that was not said.

        Returns:
            whether it stays.
        """
        if self._key is None:
            return False
        if self._key != (subject, about.kind, about.id, name):
            self.go()
        elif self._answer == "sent":  # perhaps it is this answer that came before the word of it
            self._late = about, words
        elif self._answer or not self.third.is_typed:
            self.go()
        else:
            self._tell_gone(about, words)
        return self.asks

    def go(self) -> None:
        """About nothing any more; the cursor stays on the page."""
        self._send_cursor_home()
        self.third.rest()
        self._key, self._now, self._late = None, None, None
        self.gone = self._answer = ""
        self.hide()

    def _send_cursor_home(self) -> None:
        home = self._home or self.parentWidget()
        if home is not None and holds_cursor(self):
            home.setFocus(Qt.FocusReason.OtherFocusReason)
            if not home.isAncestorOf(self):  # what is settled now is in sight
                QTimer.singleShot(0, home, lambda: bring_into_sight(home))

    def _tell_gone(self, about: RecordState, words: Words) -> None:
        first, now = not self.gone, about.fields.get(self._name)
        self._about, self._words = about, words
        if not first and now == self._now:
            return
        self._now = now
        self.gone = self.gone or gone_words()
        self._draw(revealed=self._revealed)
        key = self._key

        def told(found: Decisions) -> None:
            if not self.gone or key != self._key:
                return
            said = said_by(found, self._record, self._name, self._held, self._words, self._ctx.desk.actor)
            if said:
                self.gone = said
                self._draw(revealed=self._revealed)

        self._ctx.ask(decisions_about(self._ctx.desk, self._subject.id), self, told)

    # ---- coming and going

    def hideEvent(self, event: QHideEvent, /) -> None:
        super().hideEvent(event)
        if not self._moves:
            self.third.keep()
        self._left = self._left or not (event.spontaneous() or self._moves)

    def showEvent(self, event: QShowEvent, /) -> None:
        """Numbers are hidden again for whoever comes back."""
        if self._left and self._revealed and self.asks:
            self._draw(revealed=False)
        self._left = False
        super().showEvent(event)

    def lift(self) -> None:
        """Out of the layout it stands in, to be laid out again at once: nobody left it."""
        self._moves = True
        self.setParent(None)
        self._moves = False

    def _draw(self, *, revealed: bool) -> None:
        """All but the third value, which nobody takes from under the hands."""
        self._revealed = revealed
        if holds_cursor(self.versions):
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        asked = Asked(
            self._record[0], self._name, self._held, self._words, revealed, self.gone, self._now
        )  # fmt: skip
        self.setAccessibleName(asked.title)
        with held_still():
            self.versions.show_asked(asked)
        self.third.keeps_blank = t("conflict_keep_blank") if asked.keeps_blank else ""
        self.third.stand_against(self.gone)
        for part in self.versions.findChildren(Button):
            part.installEventFilter(self)
        self._ring()

    @property
    def buttons(self) -> list[Button]:
        """In the order of their keys."""
        return self.versions.buttons

    # ---- keys

    def _ring(self) -> None:
        """The frame, and which keys answer, while they do."""
        on = holds_cursor(self) and not holds_cursor(self.third) and not self.gone
        look = "question_on" if on else "question"
        self.versions.say_keys(answer=on)
        if self.property("look") != look:
            self.setProperty("look", look)
            theme.restyle(self)

    def focusInEvent(self, event: QFocusEvent, /) -> None:
        super().focusInEvent(event)
        self._ring()

    def focusOutEvent(self, event: QFocusEvent, /) -> None:
        super().focusOutEvent(event)
        self._ring()

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self._ring()
        return super().eventFilter(watched, event)

    def event(self, event: QEvent, /) -> bool:
        """While something is typed here, Esc and Ctrl+Enter are for that, not for the form around it."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            enter = event.key() in _ENTER and event.modifiers() & Qt.KeyboardModifier.ControlModifier
            if self.third.editor is not None and (event.key() == Qt.Key.Key_Escape or enter):
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        typed, types = event.text(), holds_cursor(self.third)
        if typed.isdecimal() and 1 <= int(typed) <= len(self.buttons) and not event.modifiers() and not types:
            if not event.isAutoRepeat():  # a key that is held down would settle whatever comes
                self.buttons[int(typed) - 1].click()
            return
        if event.key() == Qt.Key.Key_Escape and self.third.editor is not None:
            self.third.give_up()
            return
        if event.key() in _ENTER and self.third.editor is not None:
            self.third.send()
            return
        super().keyPressEvent(event)

    def _reveal(self) -> None:
        """Numbers may differ only where they are masked: whoever chooses looks first, and it is logged."""

        key = self._key

        def shown(_done: None) -> None:
            if key != self._key:
                return
            self._draw(revealed=True)
            if not holds_cursor(self.third):
                self.setFocus(Qt.FocusReason.OtherFocusReason)

        looked = log_look(self._ctx.desk, "reveal", subject_id=self._subject.id, field=self._name,
                          reason=t("reveal_occasion"))  # fmt: skip
        self._ctx.ask(looked, self, shown)

    # ---- answering

    def _known(self) -> list[str]:
        return [h.op_id for h in (*self._held.heads, *self._held.proposals)]

    def _keep(self) -> None:
        if self._decides:
            self._settle(self._held.value)

    def _take(self, head: Head) -> None:
        if self._decides:
            self._save(take_version(self._ctx.desk, self._subject, self._record, self._name, head.op_id))

    def _ask_third(self) -> None:
        if self._decides:
            self.third.ask()

    def _write(self, value: object) -> None:
        self._settle(value)  # type: ignore[arg-type]

    def _settle(self, value: Json) -> None:
        known, desk = self._known(), self._ctx.desk
        self._save(settle_version(desk, self._subject, self._record, self._name, value, known))

    def _given_up(self) -> None:
        """Where only the words had kept it, it goes with them."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        if self.gone:
            self.go()

    def _save(self, future: Future[Changes]) -> None:
        self._answer = "sent"
        said = t("conflict_settled", field=label(self._record[0], self._name))
        key, place = self._key, self.third.place

        def saved(changes: Changes) -> None:
            if not changes.subjects:  # somebody had settled it: what is typed here was not written
                failed(Refused("conflict_gone"))
                return
            if key == self._key:
                self._answer = "said"
            self.third.drop(place)

        def failed(error: Exception) -> None:
            late, self._late = self._late, None
            if key == self._key:
                self._answer = ""
                if late is not None:
                    self.over(self._subject, late[0], self._name, late[1])
            if key == self._key and self.third.editor is not None and isinstance(error, JobdeskError):
                self.third.refuse(sentence_of(error))
            else:
                self._ctx.hub.trouble.emit(error)

        self._ctx.save(future, self, said, saved, failed)
