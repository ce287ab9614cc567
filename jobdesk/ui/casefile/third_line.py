"""另填 in a file: the line in which a third value is typed, in place of the versions of a question."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame

from jobdesk.cases.ops import Json, Subject
from jobdesk.cases.state import RecordState
from jobdesk.host.strings import text
from jobdesk.services.drafting import drop_draft
from jobdesk.ui.case_words import Words, t
from jobdesk.ui.casefile.cursor import composes, holds_cursor
from jobdesk.ui.casefile.editors import Editor, bring_typed, to_the_end
from jobdesk.ui.casefile.problems import ThirdCheck
from jobdesk.ui.casefile.question_draft import Place, key_of
from jobdesk.ui.casefile.third_editor import SendButton, keys_of, third_editor
from jobdesk.ui.casefile.third_kept import ThirdKept
from jobdesk.ui.context import Context
from jobdesk.ui.kit import Button, KeyCap, Text, clear, column, row
from jobdesk.ui.kit.layouts import bring_into_sight
from jobdesk.ui.signals import BareSignal, TypedSignal, bare_signal, signal


class ThirdLine(QFrame):
    """Closed until somebody asks for it, or left something typed here. What is typed is a draft.

    Args:
        decides: whether an answer counts at this moment.

    Attributes:
        place: which question it is about.
        keeps_blank: what the button says that keeps a blank; empty where a value is kept.

    Signals:
        sent: a value, checked.
        given_up: somebody let go of what was typed.
    """

    sent: TypedSignal[object] = signal()
    given_up: BareSignal = bare_signal()

    def __init__(self, ctx: Context, decides: Callable[[], bool]) -> None:
        super().__init__()
        self.setProperty("look", "clear")
        self._ctx, self._decides = ctx, decides
        self.place: Place | None = None
        self._about = RecordState("", "", {})
        self._words = Words(ctx.desk.today)
        self._check = ThirdCheck()
        self._against = ""
        self.keeps_blank = ""
        self.editor: Editor | None = None
        self._send: SendButton | None = None
        self.problem = Text("", "caption", "bad", wrap=True)
        self._kept = ThirdKept(ctx, self, self._value, self.bring)
        self._line = column(gap=6)
        self.setLayout(self._line)
        self.hide()

    # ---- about what

    def begin(self, subject: Subject, about: RecordState, name: str, words: Words) -> None:
        """This question from now on. What is typed stays where it is the same one as before, else it is kept
        and what was left about this one comes back.
        """
        place = (subject.id, about.kind, about.id, name)
        same = place == self.place
        self._about, self._words = about, words
        if not same:
            self._kept.begin(place)
            self.place = place
            self.close_line()

    def rest(self) -> None:
        """About no question any more; what is typed is kept."""
        self._kept.rest()
        self.place = None
        self.close_line()

    # ---- what is typed

    @property
    def is_typed(self) -> bool:
        """Something stands in it, or is being composed, that was not said."""
        if self.editor is None or self._kept.said:
            return False
        return composes(self) or self._value() not in (None, "", [])

    def keep(self) -> None:
        """At once: the page is left."""
        self._kept.keep()

    def drop(self, place: Place | None) -> None:
        """What was typed about this question is said: it is nobody's draft any longer."""
        if place == self.place:
            self._kept.drop()
        elif place is not None:
            self._ctx.ask(drop_draft(self._ctx.desk, key_of(place)), self, lambda _done: None)

    def bring(self, typed: Json) -> None:
        """What was being typed when this was left; the cursor stays where it is."""
        self._open()
        if self.editor is not None:
            bring_typed(self.editor, typed)
            to_the_end(self.editor)

    def _value(self) -> Json:
        return self.editor.value() if self.editor is not None else None

    # ---- asking

    def ask(self) -> None:
        """Open, with the cursor in it."""
        self._open()
        if self.editor is not None:
            self.editor.setFocus(Qt.FocusReason.OtherFocusReason)
            bring_into_sight(self)

    def give_up(self) -> None:
        """Esc, 先不: what was typed is not wanted."""
        self.close_line()
        self._kept.keep()  # what is left of the draft: nothing, or a reason that was typed elsewhere
        self.given_up.emit()

    def close_line(self) -> None:
        around, held = self.parentWidget(), holds_cursor(self)
        # before the line is left, which keeps what stands in it: it may be about another person by now
        self.editor, self._send, self._check = None, None, ThirdCheck()
        if around is not None and held:  # else the cursor would fall into the window's search line
            around.setFocus(Qt.FocusReason.OtherFocusReason)
        clear(self._line)
        self.hide()

    def _open(self) -> None:
        if self.editor is not None or self.place is None:
            return
        kind, name = self.place[1], self.place[3]
        editor = third_editor(kind, name, self._words.staff, self._ctx.desk.today)
        if editor is None:
            return
        editor.changed.connect(self._kept.soon)
        editor.left.connect(self._kept.keep)
        self.editor = editor
        self.problem = Text("", "caption", "bad", wrap=True)
        self.problem.setVisible(False)
        keys = keys_of(kind, name)
        self._send = SendButton(t("conflict_write"), self.write, keys, self._against)
        off = Button(text("conflicts.not_now"), "bare", on_click=self.give_up)
        if keys:
            self._line.addWidget(editor)
            self._line.addLayout(row(self._send, KeyCap(keys), off, None))
        else:
            self._line.addLayout(row((editor, 1), self._send, off))
        self._line.addWidget(self.problem)
        self.show()

    # ---- saying it

    def stand_against(self, words: str) -> None:
        """Why nothing typed here can be written any longer; blank: it can."""
        self._against = words
        if self._send is not None:
            self._send.stand_against(words)

    def send(self) -> None:
        """Enter: as its button."""
        if self._send is not None:
            self._send.click()

    def write(self) -> None:
        """Send what stands in it, unless something stands against it."""
        if self.editor is None or not self.editor.readable or self.place is None or not self._decides():
            return
        value = self._value()
        today, keep = self._ctx.desk.today, self.keeps_blank
        if wrong := self._check.against(self._about, self.place[3], value, today, keep):
            self.refuse(wrong)
            return
        self.problem.setVisible(False)
        self.sent.emit(value)

    def refuse(self, words: str) -> None:
        """Beside what was typed, which stays."""
        self.problem.set_text(words)
        self.problem.setVisible(True)
