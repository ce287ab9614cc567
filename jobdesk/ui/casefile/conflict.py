"""两处填写不一致: every version beside its field, with who and when, and the keys that settle it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QFrame, QWidget
from shiboken6 import isValid

from jobdesk.cases import schema
from jobdesk.cases.ops import Json, Subject
from jobdesk.cases.settling import versions
from jobdesk.cases.state import Head, RecordState
from jobdesk.host.strings import text
from jobdesk.services.revealing import log_look
from jobdesk.services.telling import settle_version, take_version
from jobdesk.store.station_file import Changes
from jobdesk.ui.case_words import Words, is_veiled, label, t
from jobdesk.ui.casefile.editors import Editor, bring_typed, make_editor, to_the_end
from jobdesk.ui.casefile.problems import problem_text, third_problem
from jobdesk.ui.casefile.third_kept import ThirdKept
from jobdesk.ui.context import Context
from jobdesk.ui.kit import Button, Chip, Icon, KeyCap, Text, clear, column, flow, frame, row

_MOST = 8


def _at_once(_name: str, shown: Callable[[], None]) -> None:
    """The versions stand open beside it already."""
    shown()


def _has_focus(editor: Editor) -> bool:
    now = QApplication.focusWidget()
    return now is not None and editor.isAncestorOf(now)


class ConflictBox(QFrame):
    """The versions of one field. Keys while it has the focus: 1 keeps what is shown, 2 … take another
    version in its order, the last number opens a third value to be written. Where a blank is shown, the
    versions come first.
    """

    def __init__(self, ctx: Context) -> None:
        super().__init__()
        self.setProperty("look", "warn_soft")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._ctx = ctx
        self._body = column(gap=8, pad=(12, 10, 12, 10))
        self.setLayout(self._body)
        self.buttons: list[Button] = []
        self._key: tuple[Subject, str, str, str] | None = None
        self._revealed = self._left = self._moves = False
        self._cursor: QWidget | None = None
        """Where the cursor stood in it while it is laid out elsewhere."""
        self._third: QWidget | None = None
        self._editor: Editor | None = None
        self._doubted: Json = None
        self._keeps_blank = ""
        """What the button says that keeps a blank; empty where a value is kept."""
        self._kept = ThirdKept(ctx, self, self._typing, self._bring)

    def show_conflict(self, subject: Subject, about: RecordState, name: str, words: Words) -> None:
        """Show the versions of a field as they stand, veiled ones until somebody looks. What is being typed
        here stays.
        """
        key = (subject, about.kind, about.id, name)
        same, self._key = key == self._key, key
        if same and about.fields[name] == self._held:
            self._about, self._words = about, words
            return
        before = self._editor if same else None
        if not same:
            self._kept.begin((subject.id, about.kind, about.id, name))
        self._subject, self._about, self._name, self._words = subject, about, name, words
        self._record, self._held = (about.kind, about.id), about.fields[name]
        self._draw(revealed=same and self._revealed, before=before)

    def hideEvent(self, event: QHideEvent, /) -> None:
        super().hideEvent(event)
        if not self._moves:
            self._kept.keep()
        self._left = self._left or not (event.spontaneous() or self._moves)

    def showEvent(self, event: QShowEvent, /) -> None:
        """Numbers are hidden again for whoever comes back."""
        if self._left and self._revealed:
            self._draw(revealed=False, before=self._editor)
        self._left = False
        super().showEvent(event)
        cursor, self._cursor = self._cursor, None
        if cursor is not None and isValid(cursor):
            cursor.setFocus(Qt.FocusReason.OtherFocusReason)

    def lift(self, cursor: QWidget | None) -> None:
        """Out of the layout it stands in, to be laid out again at once: nobody left it.

        Args:
            cursor: what had the focus before anything was lifted; it is given back if it stands in here.
        """
        if cursor is not None and (cursor is self or self.isAncestorOf(cursor)):
            self._cursor = cursor
        elif self.isVisible():  # else it is lifted a second time, and still to be shown after the first
            self._cursor = None
        self._moves = True
        self.setParent(None)
        self._moves = False

    def _draw(self, *, revealed: bool, before: Editor | None) -> None:
        """``before``: where a third value is being typed; it stays open, with what stands in it."""
        self._revealed = revealed
        typed = before.value() if before is not None else None
        now = QApplication.focusWidget()
        here, there = now is not None and self.isAncestorOf(now), before is not None and _has_focus(before)
        subject, record, name, held = self._subject, self._record, self._name, self._held
        self.setAccessibleName(t("conflict_title", field=label(record[0], name)))
        clear(self._body)
        self.buttons, self._third, self._editor, self._doubted = [], None, None, None
        self._keeps_blank = ""
        critical = schema.is_critical(record[0], name)
        first = "conflict_why_critical" if held.value is not None else "conflict_why_blank"
        why = first if critical else "conflict_why_later"
        self._body.addLayout(
            row(
                Icon("split", "warn"),
                (Text(t("conflict_title", field=label(record[0], name)), bold=True, wrap=True), 1),
                Button(t("conflict_all"), "link", on_click=lambda: self._ctx.go("conflicts", subject.id)),
            )
        )
        self._body.addWidget(Text(t(why), "caption", "ink_2", wrap=True))
        found = versions(held)[:_MOST]
        for head in found:
            self._body.addWidget(self._version(head))
        if not revealed and any(is_veiled(record[0], name, h.value) for h in found):
            eye = Button(t("reveal_field", field=label(record[0], name)), "link", icon="eye",
                         on_click=self._reveal)  # fmt: skip
            self._body.addWidget(flow(eye))
        self._add_buttons(found, critical)
        if before is not None:
            self._bring(typed)
        if here:
            (self._editor if there and self._editor is not None else self).setFocus(
                Qt.FocusReason.OtherFocusReason
            )

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        typed = event.text()
        if typed.isdecimal() and 1 <= int(typed) <= len(self.buttons) and not event.modifiers():
            self.buttons[int(typed) - 1].click()
            return
        super().keyPressEvent(event)

    def _reveal(self) -> None:
        """Numbers may differ only where they are masked: whoever chooses looks first, and it is logged."""

        def shown(_done: None) -> None:
            self._draw(revealed=True, before=self._editor)
            self.setFocus(Qt.FocusReason.OtherFocusReason)

        looked = log_look(self._ctx.desk, "reveal", subject_id=self._subject.id, field=self._name,
                          reason=t("reveal_occasion"))  # fmt: skip
        self._ctx.ask(looked, self, shown)

    def _version(self, head: Head) -> QWidget:
        shown = head.value == self._held.value and head in self._held.heads
        said = self._say(head)
        who = t("conflict_by", who=self._words.who(head.actor), when=self._words.moment(head.stamp.ms))
        chip = Chip(t("conflict_shown"), "solid") if shown else Chip(t("conflict_other"), "plain")
        if head in self._held.proposals:
            chip = Chip(t("conflict_move"), "warn")
        words = column(
            Text(said, "strong", bold=True, wrap=True), Text(who, "caption", "ink_2", wrap=True), gap=2
        )
        return frame(row((words, 1), chip, pad=(10, 6, 10, 6)), "card_on" if shown else "card")

    def _say(self, head: Head) -> str:
        if head.value is None:
            return t("nothing")
        return self._words.value(self._record[0], self._name, head.value, revealed=self._revealed)

    def _add_buttons(self, found: tuple[Head, ...], critical: bool) -> None:
        keep = Button(t("conflict_keep"), "quiet", on_click=self._keep)
        blank = critical and self._held.value is None
        if not blank:
            self.buttons.append(keep)
        for head in found:
            if head.value == self._held.value and head in self._held.heads:
                continue
            who = self._words.who(head.actor)
            taking = t("conflict_take", who=who)
            self.buttons.append(Button(taking, on_click=lambda h=head: self._take(h)))
        if blank:  # as on the page of all questions: a blank is not the first answer
            self._keeps_blank = t("conflict_keep_blank")
            keep.set_text(self._keeps_blank)
            self.buttons.append(keep)
        self.buttons.append(Button(t("conflict_third"), on_click=self._ask_third))
        for number, button in enumerate(self.buttons, 1):
            button.setToolTip(t("conflict_key", key=number))
        self._body.addWidget(flow(*self.buttons, gap=8, line_gap=6))
        caps = [KeyCap(str(n)) for n in range(1, len(self.buttons) + 1)]
        self._body.addLayout(
            row(Text(t("conflict_press"), "caption", "ink_2"), *caps,
                Text(t("conflict_then"), "caption", "ink_2"), None, gap=4)
        )  # fmt: skip

    def _known(self) -> list[str]:
        return [h.op_id for h in (*self._held.heads, *self._held.proposals)]

    def _keep(self) -> None:
        future = settle_version(
            self._ctx.desk, self._subject, self._record, self._name, self._held.value, self._known()
        )
        self._save(future)

    def _take(self, head: Head) -> None:
        future = take_version(self._ctx.desk, self._subject, self._record, self._name, head.op_id)
        self._save(future)

    def _open_third(self) -> None:
        if self._third is not None:
            return
        declared = schema.field(self._record[0], self._name)
        if declared is None:
            return
        staff = list(self._words.staff.items())
        editor = make_editor(
            self._record[0], declared, staff, self._ctx.desk.today, blank="", look=_at_once,
            names=self._words.staff,
        )  # fmt: skip
        editor.set_name(label(self._record[0], self._name))
        self._editor = editor
        editor.changed.connect(self._kept.soon)
        editor.left.connect(self._kept.keep)
        self.problem = Text("", "caption", "bad", wrap=True)
        self.problem.setVisible(False)
        write = Button(t("conflict_write"), "primary", on_click=self._write)
        self._third = frame(column(row((editor, 1), write), self.problem, gap=4))
        self._body.addWidget(self._third)

    def _typing(self) -> Json:
        return self._editor.value() if self._editor is not None else None

    def _bring(self, typed: Json) -> None:
        """What was being typed when this was left; the cursor stays where it is."""
        self._open_third()
        if self._editor is not None:
            bring_typed(self._editor, typed)
            to_the_end(self._editor)

    def _ask_third(self) -> None:
        self._open_third()
        if self._editor is not None:
            self._editor.setFocus()

    def _write(self) -> None:
        if self._editor is None or not self._editor.readable:
            return
        value = self._editor.value()
        if value is None or value == "":
            keep, blank = self._keeps_blank, text("conflicts.third_blank")
            self._refuse(text("conflicts.third_blank_or", keep=keep) if keep else blank)
            return
        today = self._ctx.desk.today
        wrong = third_problem(self._about, self._name, value, today, read=value == self._doubted)
        if wrong is not None:
            self._doubted = value
            said = problem_text(wrong)
            self._refuse(said if wrong.blocks else text("conflicts.third_doubt", what=said))
            return
        future = settle_version(self._ctx.desk, self._subject, self._record, self._name, value, self._known())
        self._save(future)

    def _refuse(self, words: str) -> None:
        """Beside what was typed, which stays."""
        self.problem.set_text(words)
        self.problem.setVisible(True)

    def _save(self, future: Future[Changes]) -> None:
        said = t("conflict_settled", field=label(self._record[0], self._name))
        self._ctx.save(future, self, said, lambda _changes: self._kept.drop())
