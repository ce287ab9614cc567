"""A short question on the page itself, never a dialog: a reason, a choice, and the two buttons."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import Qt
from PySide6.QtWidgets import QFrame, QStackedWidget, QWidget
from shiboken6 import isValid

from jobdesk.cases.ops import Subject
from jobdesk.cases.state import RecordKey
from jobdesk.cases.undoing import Kept
from jobdesk.host.strings import text
from jobdesk.services.drafting import find_drafts
from jobdesk.services.undoing import Undone, withdraw_record
from jobdesk.store.local import Draft
from jobdesk.ui import shortcuts
from jobdesk.ui.case_words import Words, label, record_name, t
from jobdesk.ui.casefile.keeping import DraftKeeper
from jobdesk.ui.context import Context
from jobdesk.ui.kit import Button, Field, Text, TextInput, column, row
from jobdesk.ui.kit.layouts import bring_into_sight
from jobdesk.ui.signals import BareSignal, bare_signal

REASON = "reason"


class Ask(QFrame):
    """A question with fields above two buttons; Esc gives up, Ctrl+Enter answers, and Enter in the reason.

    Args:
        fields: what is asked besides, shown between sentence and buttons.
        answer: called on 确定; the strip stays until ``close_ask``.

    Signals:
        closed: the strip goes away.
    """

    closed: BareSignal = bare_signal()

    def __init__(
        self, title: str, sentence: str, fields: Sequence[QWidget], do: str, answer: Callable[[], object],
        *, danger: bool = False,
    ) -> None:  # fmt: skip
        super().__init__()
        self.setProperty("look", "warn_soft" if danger else "accent_soft")
        self.message = Text("", "caption", "bad", wrap=True)
        self.message.hide()
        self.button = Button(do, "danger" if danger else "primary", on_click=answer)
        self.setLayout(
            column(
                Text(title, bold=True, wrap=True),
                *([Text(sentence, "caption", "ink_2", wrap=True)] if sentence else []),
                *fields,
                self.message,
                row(self.button, Button(t("cancel"), "bare", on_click=self.close_ask), None),
                gap=8, pad=(14, 10, 14, 10),
            )
        )  # fmt: skip
        shortcuts.bind(self, shortcuts.SAVE.keys, self.button.click, window=False)
        shortcuts.bind(self, "Esc", self.close_ask, window=False)
        for line in self.findChildren(TextInput, REASON):
            line.returnPressed.connect(self.button.click)
        self._first = fields[0] if fields else None
        self._before: QWidget | None = None
        QTimer.singleShot(0, self, self._appear)

    def _appear(self) -> None:
        """Whole in sight, also under a card at the lower edge; the cursor in its first field."""
        self._before = self.window().focusWidget()
        bring_into_sight(self)
        (self._first or self.button).setFocus(Qt.FocusReason.OtherFocusReason)

    def say(self, sentence: str) -> None:
        """A problem under the fields."""
        self.message.setText(sentence)
        self.message.setVisible(bool(sentence))

    def close_ask(self) -> None:
        """Take the question away; the cursor goes back to where it was asked, or stays on the page."""
        before, held = self._before, self.focusWidget() is self.window().focusWidget()
        if held:
            page = _page_of(self)
            back = before if before is not None and isValid(before) and page.isAncestorOf(before) else page
            back.setFocus(Qt.FocusReason.OtherFocusReason)
        self.hide()
        self.closed.emit()
        self.deleteLater()


def _page_of(widget: QWidget) -> QWidget:
    """The place of the window that it is on. Beside it is the search line of the header, in which the next
    key would look for somebody else: the person asked about was found by it.
    """
    page, at = widget.window(), widget
    while (above := at.parentWidget()) is not None and not at.isWindow():
        if isinstance(above, QStackedWidget):
            page = at
        at = above
    return page


def reason_field(name: str = "") -> tuple[TextInput, Field]:
    """A line for a reason."""
    line = TextInput()
    line.setObjectName(REASON)
    field = Field(name or t("reason"), line, needed=True, label_width=64)
    field.setFocusProxy(line)
    return line, field


class WithdrawAsk(Ask):
    """撤回 with a reason; work of others is named first and taken back only when it is meant.

    Args:
        withdraw: (reason, work of others too) → the future of what was taken back.
        said: toast.
        gone: called when it is done.
        draft: key under which the reason is kept until it is answered or given up.
    """

    def __init__(
        self, ctx: Context, title: str, words: Words,
        withdraw: Callable[[str, bool], Future[Undone]], said: str,
        gone: Callable[[], object] | None = None, sentence: str = "", draft: str = "",
    ) -> None:  # fmt: skip
        self._ctx, self._words, self._withdraw, self._said, self._gone = ctx, words, withdraw, said, gone
        self._others = False
        self._line, field = reason_field()
        self._kept: KeptLine | None = None
        self._field = field
        super().__init__(
            title, sentence or t("withdraw_more"), [field], t("withdraw"), self._answer, danger=True
        )
        self._kept = KeptLine(ctx, self, draft, self._line) if draft else None

    def close_ask(self) -> None:
        """Done or given up: what was typed is forgotten."""
        if self._kept is not None:
            self._kept.drop()
            self._kept = None
        super().close_ask()

    def set_reason(self, reason: str) -> None:
        self._line.set_value(reason)

    def _answer(self) -> None:
        reason = self._line.value()
        self._field.set_problem(None if reason else t("reason_needed"))
        if not reason:
            return
        future = self._withdraw(reason, self._others)
        self._ctx.ask(future, self, self._done)

    def _done(self, result: Undone) -> None:
        if result.changes.subjects:
            self._ctx.announce(result.changes, self._said)
            if self._gone is not None:
                self._gone()
            self.close_ask()
            return
        self.say("\n".join([t("withdraw_refused"), *kept_lines(result.kept, self._words)]))
        if not any(k.record[0] in ("member", "walk_in", "held_row") for k in result.kept):
            self._others = True
            self.button.set_text(t("withdraw_anyway"))


def kept_lines(kept: Sequence[Kept], words: Words) -> list[str]:
    """Who wrote what, one line each, the same line once."""
    found: dict[str, None] = {}
    for one in kept:
        params: Mapping[str, str] = {"who": words.who(one.by), "at": words.moment(one.at)}
        if one.field:
            found.setdefault(text("history.kept", field=label(one.record[0], one.field), **params))
        else:
            found.setdefault(text("history.kept_record", what=record_name(one.record[0]), **params))
    return list(found)[:6]


class KeptLine(DraftKeeper):
    """The draft of a question with one line: kept as it is typed, back when the question is asked again."""

    def __init__(self, ctx: Context, owner: QObject, key: str, line: TextInput) -> None:
        super().__init__(ctx, owner, key, lambda: {"line": line.value()} if line.value() else None)
        self._line, self._over = line, False
        line.typed.connect(lambda _words: self.soon())
        line.left.connect(self.keep_now)
        owner.installEventFilter(self)
        ctx.ask(find_drafts(ctx.desk, key), self, self._found)

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        """Somebody goes elsewhere: what was typed is there when the question is asked again."""
        if event.type() == QEvent.Type.Hide:
            self.keep_now()
        return super().eventFilter(watched, event)

    def keep_now(self) -> None:
        """Nothing is kept any more once the question was answered, though its line loses the focus then."""
        if not self._over:
            super().keep_now()

    def drop(self) -> None:
        self._over = True
        super().drop()

    def _found(self, drafts: Sequence[Draft]) -> None:
        draft = next((d for d in drafts if d.key == self.key), None)
        said = draft.body.get("line") if draft is not None else None
        if draft is not None and isinstance(said, str) and not self._line.value():
            self._line.set_value(said)
            self.came_back(draft.body)


def ask_to_withdraw(
    ctx: Context, words: Words, case_id: str, records: Sequence[RecordKey], what: str
) -> WithdrawAsk:
    """撤回 of child records of one person that belong together; ``what`` names them in the sentences."""
    return WithdrawAsk(
        ctx,
        t("withdraw_title", what=what),
        words,
        lambda reason, others: withdraw_record(
            ctx.desk, Subject("case", case_id), records, reason, work_of_others=others
        ),
        t("withdrawn_record", what=what),
        draft=withdraw_draft(case_id, records[0][1]),
    )


def withdraw_draft(subject_id: str, record_id: str) -> str:
    """Key of the draft of why a record is taken back."""
    return f"asks/{subject_id}/withdraw/{record_id}"
