"""两处填写不一致: every version beside its field, with who and when, and the keys that settle it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QWidget

from jobdesk.cases import schema
from jobdesk.cases.ops import Subject
from jobdesk.cases.settling import versions
from jobdesk.cases.state import FieldState, Head, RecordKey
from jobdesk.services.revealing import log_look
from jobdesk.services.telling import settle_version, take_version
from jobdesk.ui.case_words import Words, is_veiled, label, t
from jobdesk.ui.casefile.editors import Editor, make_editor
from jobdesk.ui.context import Context
from jobdesk.ui.kit import Button, Chip, Icon, KeyCap, Text, clear, column, flow, frame, row

_MOST = 8


def _at_once(_name: str, shown: Callable[[], None]) -> None:
    """The versions stand open beside it already."""
    shown()


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
        self._third: QWidget | None = None
        self._editor: Editor | None = None

    def show_conflict(
        self, subject: Subject, record: RecordKey, name: str, held: FieldState, words: Words
    ) -> None:
        """Show the versions of a field as they stand, veiled ones until somebody looks."""
        self._draw(subject, record, name, held, words, revealed=False)

    def _draw(
        self, subject: Subject, record: RecordKey, name: str, held: FieldState, words: Words, *,
        revealed: bool,
    ) -> None:  # fmt: skip
        self._revealed = revealed
        self._subject, self._record, self._name, self._held, self._words = subject, record, name, held, words
        self.setAccessibleName(t("conflict_title", field=label(record[0], name)))
        clear(self._body)
        self.buttons, self._third, self._editor = [], None, None
        critical = schema.is_critical(record[0], name)
        before = "conflict_why_critical" if held.value is not None else "conflict_why_blank"
        why = before if critical else "conflict_why_later"
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

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        typed = event.text()
        if typed.isdecimal() and 1 <= int(typed) <= len(self.buttons) and not event.modifiers():
            self.buttons[int(typed) - 1].click()
            return
        super().keyPressEvent(event)

    def _reveal(self) -> None:
        """Numbers may differ only where they are masked: whoever chooses looks first, and it is logged."""

        def shown(_done: None) -> None:
            self._draw(self._subject, self._record, self._name, self._held, self._words, revealed=True)
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
            keep.set_text(t("conflict_keep_blank"))
            self.buttons.append(keep)
        self.buttons.append(Button(t("conflict_third"), on_click=self._open_third))
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
        self._ctx.save(future, self, self._said())

    def _take(self, head: Head) -> None:
        future = take_version(self._ctx.desk, self._subject, self._record, self._name, head.op_id)
        self._ctx.save(future, self, self._said())

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
        self._third = frame(row((editor, 1), Button(t("conflict_write"), "primary", on_click=self._write)))
        self._body.addWidget(self._third)
        editor.setFocus()

    def _write(self) -> None:
        if self._editor is None or not self._editor.readable:
            return
        value = self._editor.value()
        future = settle_version(self._ctx.desk, self._subject, self._record, self._name, value, self._known())
        self._ctx.save(future, self, self._said())

    def _said(self) -> str:
        return t("conflict_settled", field=label(self._record[0], self._name))
