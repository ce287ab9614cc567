"""What a card asks to be typed below its buttons: the reason of 报上级核定, the value of 另填."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from jobdesk.cases.ops import Json
from jobdesk.ui.casefile.cursor import composes
from jobdesk.ui.casefile.editors import Editor, bring_typed, to_the_end
from jobdesk.ui.casefile.problems import ThirdCheck
from jobdesk.ui.casefile.third_editor import SendButton, keys_of, third_editor
from jobdesk.ui.conflicts.deeds import Deed
from jobdesk.ui.conflicts.question import QuestionCard
from jobdesk.ui.conflicts.saying import t
from jobdesk.ui.conflicts.unsent import Typed
from jobdesk.ui.kit import Button, KeyCap, Text, TextInput, clear, column, frame, row
from jobdesk.ui.kit.layouts import bring_into_sight
from jobdesk.ui.signals import BareSignal, TypedSignal, bare_signal, signal


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a person decided; ``value``: the reason of 报上级核定, the value of 另填, else None."""

    deed: Deed
    value: Json = None


class Asking(QWidget):
    """One line at a time, empty until something is asked; beside it what stands against what was typed.

    Args:
        staff: id and name of those whom a field that names a clerk may name.
        on: today; None where nothing is asked (a card of what was decided).
        decides: whether an answer counts at this moment.

    Attributes:
        said: what stands in it went, and is nobody's draft any longer.

    Signals:
        answered: what was typed, checked.
        typing: what is typed in it is another now (``typed``); given_up: somebody let go of it.
    """

    answered: TypedSignal[Chosen] = signal()
    typing: BareSignal = bare_signal()
    given_up: BareSignal = bare_signal()

    def __init__(
        self, card: QuestionCard, staff: Sequence[tuple[str, str]], on: date | None,
        decides: Callable[[], bool],
    ) -> None:  # fmt: skip
        super().__init__()
        self._card, self._staff, self._on, self._decides = card, staff, on, decides
        self._put_by: Typed = {}
        self._check = ThirdCheck()
        self._send: SendButton | None = None
        self._against = ""
        self.said = False
        self.editor: Editor | None = None
        self.reason: TextInput | None = None
        self.problem = Text("", "caption", "bad", wrap=True)
        self._line = column(gap=0)
        self.setLayout(self._line)
        self.setVisible(False)

    # ---- what is typed

    @property
    def open(self) -> str:
        """The deed whose words are asked for: ``report``, ``third`` or nothing."""
        return "third" if self.editor is not None else "report" if self.reason is not None else ""

    @property
    def shows(self) -> bool:
        """Something stands in it: a line to type in, or a refusal."""
        return bool(self._line.count())

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
    def composing(self) -> bool:
        """An input method shows words in it that no line has yet."""
        return composes(self)

    def bring_back(self, typed: Typed, at: str = "") -> None:
        """What was typed here before; ``at``: what stood open, else what was typed last. The cursor stays."""
        self._put_by = {k: v for k, v in typed.items() if any(d.what == k for d in self._card.deeds)}
        last = at or next(reversed(self._put_by), "")
        deed = next((d for d in self._card.deeds if d.what == last), None)
        if deed is not None:
            self._open_for(deed)

    def begin_with(self, typed: Typed) -> None:
        """This and nothing else: it was typed elsewhere since."""
        self._close()
        self.said = False
        self.bring_back(typed)

    def take_focus(self) -> bool:
        """Into the line that is being typed, if there is one."""
        line = self.editor or self.reason
        if line is not None:
            line.setFocus(Qt.FocusReason.OtherFocusReason)
        return line is not None

    # ---- asking

    def ask(self, deed: Deed) -> None:
        """What this deed needs, with the cursor in it; what stood typed for another one is kept."""
        self._open_for(deed)
        if self.take_focus():
            bring_into_sight(self._line.itemAt(0).widget())

    def _open_for(self, deed: Deed) -> None:
        if deed.what == self.open:
            return
        self._put_by = self.typed()
        self._close()
        if deed.what == "report":
            self._ask_reason(deed)
        else:
            self._ask_third(deed)

    def send(self) -> None:
        """Enter: as its button."""
        if self._send is not None:
            self._send.click()

    def give_up(self) -> None:
        """Esc, 先不: what was typed there is not wanted; what a refusal said goes too."""
        self._put_by.pop(self.open, None)
        self._close()
        self.typing.emit()
        self.given_up.emit()

    def stand_against(self, words: str) -> None:
        """Why nothing typed here can be sent any longer; blank: it can."""
        self._against = words
        if self._send is not None:
            self._send.stand_against(words)

    def refuse(self, words: str) -> None:
        """What stands against it, beside what was typed; alone where nothing was."""
        if not self.shows:
            self._show(self._new_problem())
        self.problem.set_text(words)
        self.problem.setVisible(True)

    def _types(self) -> None:
        self.said = False
        self.typing.emit()

    def _close(self) -> None:
        clear(self._line)
        self.editor, self.reason, self._send = None, None, None
        self.setVisible(False)

    def _ask_reason(self, deed: Deed) -> None:
        self.reason = TextInput(str(self._put_by.get("report") or ""), placeholder=t("report_reason"))
        self.reason.setAccessibleName(t("report_reason"))
        self.reason.typed.connect(lambda _words: self._types())
        self._open_line(self.reason, t("report_send"), lambda: self._send_reason(deed))

    def _send_reason(self, deed: Deed) -> None:
        if self.reason is not None and self._decides():
            self.answered.emit(Chosen(deed, self.reason.value()))

    def _ask_third(self, deed: Deed) -> None:
        question = self._card.question
        if question is None or self._on is None:
            return
        kind, name = question.difference.record[0], question.difference.field
        self.editor = third_editor(kind, name, dict(self._staff), self._on)
        if self.editor is None:
            return
        if (before := self._put_by.get("third")) is not None:
            bring_typed(self.editor, before)
            to_the_end(self.editor)
        self.editor.changed.connect(self._types)
        self._open_line(self.editor, t("third_write"), lambda: self._write(deed), keys_of(kind, name))

    def _write(self, deed: Deed) -> None:
        question = self._card.question
        if self.editor is None or not self.editor.readable or question is None or self._on is None:
            return
        if not self._decides():
            return
        value: Json = self.editor.value()
        keep = next((d.words for d in self._card.deeds if d.what == "keep" and self._keeps_blank()), "")
        field = question.difference.field
        if wrong := self._check.against(question.about, field, value, self._on, keep):
            self.refuse(wrong)
            return
        self.answered.emit(Chosen(deed, value))

    def _keeps_blank(self) -> bool:
        """Whether keeping what is shown now is keeping a blank."""
        question = self._card.question
        return question is not None and question.difference.shown in (None, "")

    def _open_line(self, typing: QWidget, words: str, do: Callable[[], object], keys: str = "") -> None:
        """``keys``: what presses the button from within; told where it is not the Enter of every line."""
        self._send = SendButton(words, do, keys, self._against)
        off = Button(t("not_now"), "bare", on_click=self.give_up)
        self._show(frame(column(
            row((typing, 1), self._send, *([KeyCap(keys)] if keys else []), off, gap=8),
            self._new_problem(), gap=4, pad=(12, 10, 12, 10),
        ), "soft"))  # fmt: skip

    def _new_problem(self) -> Text:
        self.problem = Text("", "caption", "bad", wrap=True)
        self.problem.setVisible(False)
        return self.problem

    def _show(self, line: QWidget) -> None:
        self._line.addWidget(line)
        self.setVisible(True)
